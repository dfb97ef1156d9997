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


def api(
    installation: Installation,
    streams: Streams,
    public_url: str,
    more: Iterable[Operation | Stream] = (),
) -> list[Route]:
    """The routes of every operation: sessions, orders, `more`, and the document of them all."""
    cookie = SessionCookie(secure=public_url.startswith("https:"))
    table = [
        *session_operations(_session_parts(installation, cookie)),
        *area_operations(installation),
        *notices.operations(installation.notices, Announcer(installation.office.rules)),
        *more,
    ]
    doors = Doors(
        sessions=installation.sessions, cookie=cookie, streams=streams, public_url=public_url
    )
    return api_routes(doors, with_document(table, version=__version__, cookie=cookie))


def _session_parts(installation: Installation, cookie: SessionCookie) -> SessionParts:
    offered = installation.demo_accounts
    return SessionParts(
        sessions=installation.sessions,
        office=installation.office,
        cookie=cookie,
        password=None if offered is None else offered.password,
        offered=tuple(
            OfferedAccount(
                login=account.login,
                name=account.name,
                party=account.party,
                roles=account.roles,
            )
            for account in (() if offered is None else offered.accounts)
        ),
    )
