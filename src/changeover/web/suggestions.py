"""Asking a model what else a document holds: through the gateway and its decisions, like any call.

The service whose slot `chat` is asked is named by the operator. Where none is, or where an
order bars its model and nothing may answer in its place, the officer is told so.
"""

import asyncio
from contextlib import aclosing
from typing import Protocol

import msgspec

from changeover.basics.errors import ConflictError
from changeover.conversation.events import Event, Failed, TextDelta
from changeover.conversation.model import ChatRequest, Sampling, Text, Turn
from changeover.gateway.conversing import Asking, ModelAnswer
from changeover.gateway.refusal import Refusal
from changeover.intake.formats.model import DocumentText
from changeover.intake.office import IntakeOffice
from changeover.intake.ports import Unread
from changeover.intake.suggesting import question, suggested
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.prepared import OFFICERS

SLOT = "chat"
_TOKENS = 4_000
_PATIENCE = 120.0


class Models(Protocol):
    """A way to ask models on behalf of people."""

    async def ask(self, asking: Asking) -> ModelAnswer: ...


class SuggestionParts(msgspec.Struct, frozen=True, kw_only=True):
    """What suggestions need; `service` is the one that is asked, None where none is bound."""

    intake: IntakeOffice
    models: Models
    service: str | None


class SuggestedDrafts(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the route that answered, how many new drafts, what was left out."""

    by: str
    drafts: int
    notes: tuple[str, ...]


class NoAnswerError(ConflictError):
    """The model was not asked, or did not answer."""

    code = "no_model_answer"


def operations(parts: SuggestionParts) -> list[Operation | Stream]:
    """`/desk/documents/{id}/suggestions`."""
    desk = _Suggestions(parts)
    path = "/desk/documents/{id}/suggestions"
    summary = "Ask the model that is bound to intake what else a document holds."
    return [Operation("POST", path, None, SuggestedDrafts, OFFICERS, desk.ask, summary)]


class _Suggestions:
    def __init__(self, parts: SuggestionParts) -> None:
        self._parts = parts

    async def ask(self, caller: Caller, _: None, params: Params) -> SuggestedDrafts:
        parts, sha256 = self._parts, params["id"]
        if parts.service is None:
            raise NoAnswerError(
                "No model is bound to intake.",
                means="Documents are read by rules alone.",
                do="Set CHANGEOVER_INTAKE_SERVICE to a service of the directory with a slot chat.",
            )
        directory = parts.intake.directory
        if parts.service not in directory.services:
            raise NoAnswerError(
                f"The service {parts.service!r}, which intake asks, is not in the directory.",
                means="The model was not asked.",
                do="Correct CHANGEOVER_INTAKE_SERVICE, or add the service.",
            )
        text = await asyncio.to_thread(self._text, sha256)
        asking = Asking(
            service=parts.service,
            slot=SLOT,
            account=caller.account.id,
            request=_request(question(text.text, directory)),
        )
        by, answer = await _answer(parts.models, asking)
        found = suggested(answer, text, sha256, directory, by=by)
        new = await asyncio.to_thread(parts.intake.keep_suggested, sha256, found.drafts)
        return SuggestedDrafts(by=by, drafts=new, notes=found.notes)

    def _text(self, sha256: str) -> DocumentText:
        reading = self._parts.intake.reading(self._parts.intake.document(sha256))
        if isinstance(reading, Unread):
            raise NoAnswerError(reading.what, means="The model was not asked.", do=reading.do)
        return reading.text


def _request(text: str) -> ChatRequest:
    return ChatRequest(
        model="default",
        system=(),
        turns=(Turn(role="user", parts=(Text(text=text),)),),
        sampling=Sampling(max_tokens=_TOKENS),
        stream=True,
    )


async def _answer(models: Models, asking: Asking) -> tuple[str, str]:
    """The route that answered, and its words."""
    words: list[str] = []
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await models.ask(asking)
            try:
                async with aclosing(answer.events()) as events:
                    async for event in events:
                        words += _words(event)
            finally:
                await answer.aclose()
    except Refusal as refusal:
        raise NoAnswerError(
            f"No model answers: {refusal.message}", means="Nothing was read."
        ) from refusal
    except TimeoutError as error:
        raise NoAnswerError(
            "The model did not answer in time.", means="Nothing was read.", do="Try again."
        ) from error
    return answer.served.route.id, "".join(words)


def _words(event: Event) -> list[str]:
    """`NoAnswerError` where the answer breaks off."""
    if isinstance(event, Failed):
        raise NoAnswerError(
            f"The answer broke off: {event.message}", means="Nothing was read.", do="Try again."
        )
    return [event.text] if isinstance(event, TextDelta) else []
