"""The chat over an installation and its way to models."""

from changeover.chat.choices import Endpoints
from changeover.chat.generation import Generations
from changeover.chat.generation import Parts as GenerationParts
from changeover.chat.log import EventLog
from changeover.chat.titles import Titling
from changeover.chat.usecases import Chats, Parts
from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.storage.signals import Signals
from changeover.wiring.installation import Installation

SERVICE = "statechat"
"""The service that people chat with."""


def chats(
    installation: Installation,
    serving: Serving,
    endpoints: Endpoints,
    start: str,
    signals: Signals | None,
) -> Chats:
    """The chat; it must run (`Chats.running`) while it is served.

    It hears other processes by `signals`, which must not have been started.
    """
    rules, clock = installation.office.rules, installation.clock
    log, models = EventLog(installation.database, clock, start=start), Conversing(serving)
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
    talking = Chats(
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
    if signals is not None:
        signals.subscribe("chat", talking.heard)
    return talking
