"""Glossaries that translations keep to: `/glossaries`."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from changeover.identity.people import Account, Role
from changeover.orders.papers import Kept
from changeover.translation.glossaries import Glossaries, Glossary
from changeover.translation.glossary_file import MOST_BYTES, RowFault
from changeover.translation.languages import TranslationLanguage, languages
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.drafts import writer_of

PEOPLE: Sequence[Role] = ("staff", "administrator")


class ProposeGlossary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A glossary's name, and its CSV file (base64 in JSON)."""

    name: str
    content: Annotated[bytes, msgspec.Meta(max_length=MOST_BYTES)]


class SeenVersion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version that stood when it was decided."""

    seen: int


class GlossaryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A glossary as somebody sees it."""

    id: str
    seen: int
    glossary: Glossary
    may_approve: bool
    may_remove: bool


class GlossaryShelf(msgspec.Struct, frozen=True, kw_only=True):
    """The glossaries that one sees, and the languages that there are."""

    glossaries: tuple[GlossaryLine, ...]
    languages: tuple[TranslationLanguage, ...]


class ProposedGlossary(msgspec.Struct, frozen=True, kw_only=True):
    """A glossary that was taken, or everything that is wrong with the file."""

    line: GlossaryLine | None
    faults: tuple[RowFault, ...]


def operations(glossaries: Glossaries) -> list[Operation | Stream]:
    """Seeing, proposing, approving and removing glossaries."""
    desk = _Desk(glossaries)
    people, all_, one = tuple(PEOPLE), "/glossaries", "/glossaries/{id}"
    return [
        Operation("GET", all_, None, GlossaryShelf, people, desk.all, "Glossaries one sees."),
        Operation(
            "POST", all_, ProposeGlossary, ProposedGlossary, people, desk.propose, "Propose one."
        ),
        Operation(
            "POST", one + "/approval", SeenVersion, GlossaryLine, ("administrator",),
            desk.approve, "Have it used.",
        ),
        Operation("POST", one + "/removal", SeenVersion, Done, people, desk.remove, "Remove it."),
        Operation(
            "POST", one + "/return", Done, GlossaryLine, people, desk.bring_back,
            "Bring a removed one back, as a proposal.",
        ),
    ]  # fmt: skip


class _Desk:
    def __init__(self, glossaries: Glossaries) -> None:
        self._glossaries = glossaries

    def all(self, caller: Caller, _: None, __: Params) -> GlossaryShelf:
        found = self._glossaries.visible(caller.account)
        lines = tuple(self._line(caller.account, kept) for kept in found)
        return GlossaryShelf(glossaries=lines, languages=languages())

    def propose(self, caller: Caller, body: ProposeGlossary, _: Params) -> ProposedGlossary:
        account = caller.account
        proposed = self._glossaries.propose(account, body.name, body.content, writer_of(caller))
        line = None if proposed.kept is None else self._line(account, proposed.kept)
        return ProposedGlossary(line=line, faults=proposed.faults)

    def approve(self, caller: Caller, body: SeenVersion, params: Params) -> GlossaryLine:
        account = caller.account
        by = writer_of(caller)
        kept = self._glossaries.approve(account, params["id"], by, seen=body.seen)
        return self._line(account, kept)

    def remove(self, caller: Caller, body: SeenVersion, params: Params) -> Done:
        account = caller.account
        self._glossaries.remove(account, params["id"], writer_of(caller), seen=body.seen)
        return Done()

    def bring_back(self, caller: Caller, _: Done, params: Params) -> GlossaryLine:
        kept = self._glossaries.bring_back(caller.account, params["id"], writer_of(caller))
        return self._line(caller.account, kept)

    def _line(self, account: Account, kept: Kept[Glossary]) -> GlossaryLine:
        glossary = kept.value
        assert glossary is not None  # what was removed is told to nobody
        approves = self._glossaries.may_approve(account, glossary)
        own = glossary.state == "proposed" and glossary.proposed_by == account.name
        return GlossaryLine(
            id=kept.id,
            seen=kept.version,
            glossary=glossary,
            may_approve=approves and glossary.state == "proposed",
            may_remove=approves or own,
        )
