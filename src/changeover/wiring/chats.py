"""The chat over an installation and its way to models."""

from changeover.chat.choices import Endpoints
from changeover.chat.generation import Generations
from changeover.chat.generation import Parts as GenerationParts
from changeover.chat.log import EventLog
from changeover.chat.titles import Titling
from changeover.chat.usecases import Chats, Parts
from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.wiring.installation import Installation

SERVICE = "statechat"
"""The service that people chat with."""


def chats(installation: Installation, serving: Serving, endpoints: Endpoints) -> Chats:
    """The chat; it must run (`Chats.running`) while it is served."""
    rules, clock = installation.office.rules, installation.clock
    log, models = EventLog(installation.database, clock), Conversing(serving)
    generations = Generations(
        GenerationParts(
            log=log,
            models=models,
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            demonstration=installation.demonstration,
        )
    )
    return Chats(
        Parts(
            log=log,
            generations=generations,
            titling=Titling(log, models),
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            service=SERVICE,
        )
    )
