"""The officers' acts and questions as an API.

The command line is its client: over a local socket that only the installation's
own account can open, or in process while no server runs. It is not served on
the network.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.calendars import read_instant
from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.source import load
from changeover.intake.office import IntakeOffice
from changeover.intake.usecases import Found, Overrides
from changeover.orders.as_of import as_of
from changeover.orders.beside import with_strictest
from changeover.orders.decision import Person
from changeover.orders.drawing_up import Finding
from changeover.orders.query import Question, answer
from changeover.orders.ruleset import Ruleset
from changeover.orders.scenario import Player
from changeover.orders.source import load_instruments
from changeover.orders.unmatched import unmatched
from changeover.orders.usecases import Office
from changeover.web.acted import acted
from changeover.web.desk_routes import get_route, post_route
from changeover.web.json import error_response
from changeover.web.orders import instrument_line


class DeskParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk works with; `player` is None outside a demonstration."""

    office: Office
    intake: IntakeOffice
    clock: Clock
    player: Player | None


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the desk's requests."""


class Ask(_Body, frozen=True, kw_only=True):
    """A question to `decide`; instants are dates or times, local where no offset is given.

    `attributes` are what is known of the person on whose behalf the call is made.
    """

    service: str
    model: str
    slot: str | None = None
    at: str | None = None
    known_at: str | None = None
    readings: dict[str, str] = {}
    attributes: dict[str, Literal["yes", "no"]] = {}

    @property
    def person(self) -> Person | None:
        """The person; None where nothing is known of one."""
        if not self.attributes:
            return None
        return Person(
            yes=frozenset(name for name, value in self.attributes.items() if value == "yes"),
            no=frozenset(name for name, value in self.attributes.items() if value == "no"),
        )


class File(_Body, frozen=True, kw_only=True):
    """A file by name; `content` is its bytes (base64 in JSON)."""

    name: str
    content: bytes

    def read(self) -> tuple[str, str]:
        """The name and the text; `InvalidInputError` when it is not UTF-8."""
        try:
            return self.name, self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidInputError(
                f"{self.name} is not UTF-8 text: byte {error.start} cannot be read.",
                means="Nothing was done.",
                do="Save it as UTF-8.",
            ) from error


class Apply(_Body, frozen=True, kw_only=True):
    """A directory's files, who applies it, and whether only to show the difference."""

    files: tuple[File, ...]
    by: str
    dry_run: bool = False


class IssueDraft(_Body, frozen=True, kw_only=True):
    """A draft to issue, with what the draft leaves open."""

    draft: str
    by: str
    confirmed_by: str | None = None
    overrides: Overrides = Overrides()


class IssueFile(_Body, frozen=True, kw_only=True):
    """An instrument's YAML file to issue."""

    file: File
    by: str
    confirmed_by: str | None = None


class RescindOrder(_Body, frozen=True, kw_only=True):
    """A rescission: by whom, confirmed by whom, and the text that it rests on."""

    by: str
    confirmed_by: str | None = None
    source: File | None = None


class FindOrder(_Body, frozen=True, kw_only=True):
    """A finding on a derived order: by which issuer (the order's own, if none), on what text."""

    result: Literal["stands", "falls"]
    by: str
    issuer: str | None = None
    confirmed_by: str | None = None
    source: File | None = None


class ReleaseRoute(_Body, frozen=True, kw_only=True):
    """The release of a held route for a service."""

    service: str
    route: str
    by: str


class Until(_Body, frozen=True, kw_only=True):
    """Where the scenario clock is to go."""

    until: str


class TakeIn(_Body, frozen=True, kw_only=True):
    """Documents to read; where they were found, and on whose account, if that is known."""

    files: tuple[File, ...]
    address: str = ""
    account: str | None = None
    ticket: str = ""


def desk_app(parts: DeskParts, more: Iterable[Route] = ()) -> Starlette:
    """The desk as an ASGI application, with `more` routes than its own."""
    desk = Desk(parts)
    return Starlette(
        routes=[
            post_route("/decide", Ask, desk.decide),
            get_route("/orders", desk.orders),
            get_route("/orders/{id}", desk.order),
            post_route("/orders", IssueDraft, desk.issue_draft),
            post_route("/orders/files", IssueFile, desk.issue_file),
            post_route("/orders/{id}/rescission", RescindOrder, desk.rescind),
            post_route("/orders/{id}/finding", FindOrder, desk.find),
            post_route("/releases", ReleaseRoute, desk.release),
            post_route("/directory", Apply, desk.apply),
            post_route("/scenario", Until, desk.play),
            post_route("/intake", TakeIn, desk.take_in),
            get_route("/intake/progress", desk.progress),
            get_route("/drafts", desk.drafts),
            *more,
            get_route("/claims", desk.claims),
        ],
        exception_handlers={HTTPException: _no_such_operation},
    )


async def _no_such_operation(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = f"The desk has no operation {request.method} {request.url.path}."
    do = "Check the name that was given, and that the command is of the server's version."
    return error_response(NotFoundError(what, do=do), error.status_code)


class Desk:
    """Each method answers one operation with a value that becomes JSON."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    @property
    def _ruleset(self) -> Ruleset:
        return self._parts.office.rules.current

    def _instant(self, text: str | None) -> datetime | None:
        return None if text is None else read_instant(text, ZoneInfo(self._ruleset.directory.zone))

    def decide(self, _: Request, ask: Ask) -> Any:
        known_at = self._instant(ask.known_at)
        question = Question(
            service=ask.service,
            model=ask.model,
            slot=ask.slot,
            at=self._instant(ask.at),
            known_at=known_at,
            readings=ask.readings,
            person=ask.person,
        )
        now, office = self._parts.clock.now(), self._parts.office
        ruleset = office.ruleset(known_at=known_at, readings=ask.readings)
        return with_strictest(answer(ruleset, question, now), ruleset, question, now)

    def orders(self, request: Request) -> Any:
        if not self._parts.office.rules.ready:
            return []
        at = self._instant(request.query_params.get("at")) or self._parts.clock.now()
        known_at = self._instant(request.query_params.get("known_at"))
        return as_of(self._parts.office.ruleset(known_at=known_at), at)

    def order(self, request: Request) -> Any:
        issued = self._parts.office.instrument(request.path_params["id"])
        line = instrument_line(self._ruleset, issued, self._parts.clock.now())
        return {"summary": line, "issued": issued}

    def issue_draft(self, _: Request, body: IssueDraft) -> Any:
        issued = self._parts.intake.issue(
            body.draft, body.overrides, by=body.by, confirmed_by=body.confirmed_by
        )
        return acted(self._parts.office, issued)

    def issue_file(self, _: Request, body: IssueFile) -> Any:
        ruleset = self._ruleset
        found = load_instruments(
            [body.file.read()],
            ruleset.directory,
            on_record=ruleset.issued,
            issuing=self._parts.clock.now(),
        )
        if len(found) != 1:
            raise InvalidInputError(
                f"{body.file.name} holds {len(found)} instruments.",
                means="Nothing was issued. Instruments are issued one at a time.",
                do="Put one instrument into a file of its own.",
            )
        issued = self._parts.office.issue(
            found[0].instrument, by=body.by, confirmed_by=body.confirmed_by
        )
        warnings = tuple(unmatched(ruleset.directory, issued.instrument))
        return acted(self._parts.office, issued, warnings=warnings)

    def rescind(self, request: Request, body: RescindOrder) -> Any:
        name, by, confirmed_by = request.path_params["id"], body.by, body.confirmed_by
        office, intake = self._parts.office, self._parts.intake
        if body.source is None:
            issued = office.rescind(name, by=by, confirmed_by=confirmed_by, source=None)
        else:
            source = body.source.name, body.source.content
            issued = intake.rescind(name, source, by=by, confirmed_by=confirmed_by)
        return acted(office, issued)

    def find(self, request: Request, body: FindOrder) -> Any:
        by, confirmed_by = body.by, body.confirmed_by
        name = request.path_params["id"]
        finding = Finding(instrument=name, result=body.result, issuer=body.issuer)
        office, intake = self._parts.office, self._parts.intake
        if body.source is None:
            issued = office.find(finding, by=by, confirmed_by=confirmed_by, source=None)
        else:
            source = body.source.name, body.source.content
            issued = intake.find(finding, source, by=by, confirmed_by=confirmed_by)
        return acted(office, issued)

    def release(self, _: Request, body: ReleaseRoute) -> Any:
        return self._parts.office.release(body.service, body.route, by=body.by)

    def apply(self, _: Request, body: Apply) -> Any:
        directory = load([file.read() for file in body.files])
        changes = self._parts.office.apply(directory, body.by, dry_run=body.dry_run)
        return {"changes": changes, "applied": bool(changes) and not body.dry_run}

    def play(self, _: Request, body: Until) -> Any:
        if self._parts.player is None:
            raise ConflictError(
                "This is no demonstration, so it has no scenario clock.",
                means="A production database runs on the machine's clock.",
                do="Start a demonstration with `changeover up --demo` in another data folder.",
            )
        until = self._instant(body.until)
        if until is None:
            raise NotFoundError("No instant was given.")
        played = self._parts.player.play(until)
        titles: dict[str, Bilingual] = {
            name: self._ruleset.issued[name].instrument.title for name in played.issued
        }
        return {
            "since": played.since,
            "until": played.until,
            "zone": self._ruleset.directory.zone,
            "issued": [{"id": name, "title": title} for name, title in titles.items()],
        }

    def take_in(self, _: Request, body: TakeIn) -> Any:
        where = Found(address=body.address, account=body.account)
        files = [(file.name, file.content) for file in body.files]
        return self._parts.intake.take_in(files, where, body.ticket)

    def progress(self, request: Request) -> Any:
        return self._parts.intake.progress.of(request.query_params.get("ticket", ""))

    def drafts(self, _: Request) -> Any:
        return self._parts.intake.drafts()

    def claims(self, _: Request) -> Any:
        return self._parts.intake.claims()
