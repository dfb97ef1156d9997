"""The API's table of operations over an installation, and its routes."""

from collections.abc import Iterable

from starlette.routing import Route

from changeover import __version__
from changeover.web import notices
from changeover.web.announcing import Announcer
from changeover.web.api import Doors, Operation, Stream, api_routes
from changeover.web.cookies import SessionCookie
from changeover.web.events import Streams
from changeover.web.openapi import with_document
from changeover.web.session import OfferedAccount, SessionParts
from changeover.web.session import operations as session_operations
from changeover.wiring.areas import area_operations
from changeover.wiring.installation import Installation
from changeover.wiring.sign_on import addresses, open_sign_on, passwords_open, provisioning


def api(
    installation: Installation,
    streams: Streams,
    public_url: str,
    more: Iterable[Operation | Stream] = (),
) -> list[Route]:
    """The routes of every operation: sessions, orders, `more`, and the document of them all."""
    cookie = SessionCookie(secure=public_url.startswith("https:"))
    sign_on, offered = open_sign_on(installation, public_url), installation.demo_accounts
    parts = SessionParts(
        sessions=installation.sessions,
        office=installation.office,
        cookie=cookie,
        sign_on=sign_on,
        passwords=passwords_open(installation.environment),
        offered=_offered(installation),
        password=None if offered is None else offered.password,
    )
    table = [
        *session_operations(parts),
        *area_operations(installation),
        *notices.operations(installation.notices, Announcer(installation.office.rules)),
        *more,
    ]
    doors = Doors(
        sessions=installation.sessions, cookie=cookie, streams=streams, public_url=public_url
    )
    return [
        *api_routes(doors, with_document(table, version=__version__, cookie=cookie)),
        *provisioning(installation, public_url),
        *(() if sign_on is None else addresses(installation, sign_on, cookie)),
    ]


def _offered(installation: Installation) -> tuple[OfferedAccount, ...]:
    """The accounts that a demonstration's sign-in page offers."""
    offered = installation.demo_accounts
    return tuple(
        OfferedAccount(
            login=account.login, name=account.name, party=account.party, roles=account.roles
        )
        for account in (() if offered is None else offered.accounts)
    )
