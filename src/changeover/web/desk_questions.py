"""The desk's questions about what orders touch, what lies ahead, and what awaits a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.calendars import read_instant
from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError, ConflictError, InvalidInputError
from changeover.basics.text import LANGUAGES
from changeover.intake.office import IntakeOffice
from changeover.orders.ahead import Concerned, Date, ahead
from changeover.orders.awaiting import awaiting
from changeover.orders.model import Instrument, Issued
from changeover.orders.ports import ServiceConversations, ServiceKeys
from changeover.orders.preview import Comparison
from changeover.orders.reach import count, reach
from changeover.orders.reach_with import reach_with
from changeover.orders.source import load_instruments
from changeover.orders.usecases import Office
from changeover.web.calendar import calendar_of
from changeover.web.desk import File
from changeover.web.desk_routes import get_route, post_route
from changeover.web.json import error_response


class QuestionParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the questions are answered from."""

    office: Office
    intake: IntakeOffice
    clock: Clock
    keys: ServiceKeys
    conversations: ServiceConversations


class Added(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order that is not issued yet: a draft by its id, or a YAML file; one of the two."""

    draft: str | None = None
    file: File | None = None


class AskReach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a name would touch if these orders were issued, in this order."""

    name: str
    with_: tuple[Added, ...] = msgspec.field(name="with")
    at: str | None = None


def question_routes(parts: QuestionParts) -> list[Route]:
    """`/reach`, `/awaiting`, `/dates` and `/calendar`."""
    questions = _Questions(parts)
    return [
        get_route("/reach/{name:path}", questions.reach),
        post_route("/reach", AskReach, questions.reach_with),
        get_route("/awaiting", questions.awaiting),
        get_route("/dates", questions.dates),
        Route("/calendar", questions.calendar, methods=["GET"]),
    ]


class _Questions:
    def __init__(self, parts: QuestionParts) -> None:
        self._parts = parts

    def _instant(self, text: str | None) -> datetime:
        """The instant named; now, where none is."""
        if text is None:
            return self._parts.clock.now()
        return read_instant(text, ZoneInfo(self._parts.office.rules.current.directory.zone))

    def reach(self, request: Request) -> Any:
        parts = self._parts
        at = self._instant(request.query_params.get("at"))
        found = reach(parts.office.rules.current, request.path_params["name"], at)
        return count(found, parts.keys, parts.conversations)

    def reach_with(self, _: Request, body: AskReach) -> Any:
        parts = self._parts
        at = self._instant(body.at)
        comparison = Comparison(
            parts.office.rules.current, self._added(body.with_), parts.clock.now()
        )
        found = reach_with(comparison, body.name, at)
        touched = count(found.touched, parts.keys, parts.conversations)
        return msgspec.structs.replace(found, touched=touched)

    def _added(self, given: Iterable[Added]) -> list[Instrument]:
        """The orders in their order; a file may refer to those before it and on record."""
        ruleset, now = self._parts.office.rules.current, self._parts.clock.now()
        added: dict[str, Instrument] = {}
        for each in given:
            if each.file is not None and each.draft is None:
                before = {
                    name: Issued(instrument=instrument, recorded=now, entered_by="")
                    for name, instrument in added.items()
                }
                entries = load_instruments(
                    [each.file.read()],
                    ruleset.directory,
                    on_record={**ruleset.issued, **before},
                    issuing=now,
                )
                found = [entry.instrument for entry in entries]
            elif each.draft is not None and each.file is None:
                found = [self._parts.intake.drawn_up(each.draft)]
            else:
                raise InvalidInputError("Say which order to add: a draft's id, or its file.")
            for instrument in found:
                _check_new(instrument, {*ruleset.issued, *added})
                added[instrument.id] = instrument
        if not added:
            raise InvalidInputError(
                "No order was given to add.", do="Give a draft or a file with --with."
            )
        return list(added.values())

    def awaiting(self, _: Request) -> Any:
        parts = self._parts
        return awaiting(parts.office.rules.current, parts.clock.now())

    def dates(self, request: Request) -> tuple[Date, ...]:
        asked = request.query_params
        concerned = Concerned(party=asked.get("party"), service=asked.get("service"))
        return ahead(self._parts.office.rules.current, self._parts.clock.now(), concerned)

    async def calendar(self, request: Request) -> Response:
        try:
            content = await run_in_threadpool(self._calendar, request)
        except ChangeoverError as error:
            return error_response(error)
        return Response(content, media_type="text/calendar; charset=utf-8")

    def _calendar(self, request: Request) -> bytes:
        language = request.query_params.get("lang", "en")
        if language not in LANGUAGES:
            raise InvalidInputError(f"{language!r} is no language here.", do="Ask for en or fr.")
        return calendar_of(self._parts.office.rules.current, self.dates(request), language)


def _check_new(instrument: Instrument, known: set[str]) -> None:
    if instrument.id in known:
        raise ConflictError(
            f"{instrument.id} is on record already, or was given twice.",
            means="What it reaches is counted as it is; nothing would be added.",
            do="Give another id, or ask without it.",
        )
