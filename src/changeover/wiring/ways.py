"""The ways out for messages that an installation's settings open."""

import asyncio
from collections.abc import Mapping

import structlog

from changeover.basics.clock import Clock, SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.delivery.mail import Mail, read_server
from changeover.delivery.outbox import Outbox
from changeover.delivery.webhook import Webhook
from changeover.identity.secret import Secret
from changeover.messages.model import Channel
from changeover.messages.ports import Way
from changeover.messages.sending import Postman
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import is_on

SMTP_URL = "CHANGEOVER_SMTP_URL"
SMTP_PASSWORD = "CHANGEOVER_SMTP_PASSWORD"  # noqa: S105 - a variable's name
MAIL_FROM = "CHANGEOVER_MAIL_FROM"
WEBHOOK_SECRET = "CHANGEOVER_WEBHOOK_SECRET"  # noqa: S105 - as above
WEBHOOK_INSIDE = "CHANGEOVER_WEBHOOK_INSIDE"
VARIABLES = (SMTP_URL, SMTP_PASSWORD, MAIL_FROM, WEBHOOK_SECRET, WEBHOOK_INSIDE)
_EVERY_SECONDS = 2.0
_log = structlog.stdlib.get_logger()


def ways(environment: Mapping[str, str], machine: Clock, *, demo: bool) -> dict[Channel, Way]:
    """The ways that are set up; `InvalidInputError` where a setting cannot be one.

    In a demonstration nothing leaves by a way that is not set up.
    """
    found: dict[Channel, Way] = {"mail": Outbox(), "webhook": Outbox()} if demo else {}
    if url := environment.get(SMTP_URL):
        password = environment.get(SMTP_PASSWORD)
        sender = environment.get(MAIL_FROM, "")
        found["mail"] = Mail(read_server(url, sender, Secret(password) if password else None))
    if secret := environment.get(WEBHOOK_SECRET):
        inside = is_on(environment.get(WEBHOOK_INSIDE, ""))
        found["webhook"] = Webhook(Secret(secret), machine, inside=inside)
    return found


def postman_of(installation: Installation, environment: Mapping[str, str]) -> Postman:
    """Who sends an installation's messages by the ways that its settings open."""
    machine = SystemClock()
    opened = ways(environment, machine, demo=installation.demonstration)
    return Postman(installation.works, opened, machine)


async def post(postman: Postman) -> None:
    """Sends what is due until it is cancelled; a try that has begun is ended first.

    A round that fails in a way that nobody foresaw is logged, and the next one begins: what
    it had claimed waits for its time, and all else goes on.
    """
    while True:
        going = asyncio.ensure_future(asyncio.to_thread(postman.round))
        await asyncio.wait({going})
        match going.exception():
            case None:
                pass
            case ChangeoverError() as error:
                _log.warning("messages_not_sent", why=error.code)
            case error:
                _log.error("messages_not_sent", why=type(error).__name__, exc_info=error)
        await asyncio.sleep(_EVERY_SECONDS)
