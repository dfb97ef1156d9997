"""Who speaks: the head and the signature of a text in its issuer's own voice.

A memo names its sender in a field (*From:*). An order, a judgement or a letter begins
with a letterhead: short lines without a verb that name a body (*TREASURY BOARD*, *Le
Premier ministre*), where a report begins with a headline or with news. Whose office
it is stands among these lines, or in the signature (*The Director*), or follows from the
body where that has one office only. An agreement names who acts for whom.
"""

from collections.abc import Iterator
from itertools import pairwise

from changeover.directory.model import Directory
from changeover.intake.discourse import Discourse
from changeover.intake.items import Item
from changeover.intake.lexicon import Op
from changeover.intake.sentences import Sentence
from changeover.intake.words import fold, tokenise

Row = tuple[Sentence, list[Item]]

_FROM_FIELDS = frozenset(
    {"from", "by order of", "issued by", "signed", "de", "de la part de", "par ordre du",
     "par ordre de", "émetteur", "signé"}
)  # fmt: skip
_TO_FIELDS = frozenset({"to", "memorandum for", "à", "a", "destinataire", "destinataires"})
_PERFORMATIVES = frozenset({"hereby", "shall", "arrête", "décide"})
_FIRST_PERSON = frozenset({"I", "We", "Je", "Nous"})
_TO = frozenset({"to", "for", "à", "a", "aux", "au", "attn", "attention", "dear"})
_AGREEMENTS = frozenset(
    {"amendment", "agreement", "contract", "avenant", "contrat", "convention", "marche"}
)
_SMALL = frozenset(
    {"of", "the", "for", "and", "in", "de", "du", "des", "d", "l", "la", "le", "les", "et", "a",
     "au", "aux", "en"}
)  # fmt: skip
"""Words that a title writes small."""
_MARKS = frozenset("#*_=-—–")
_TOP, _BOTTOM = 8, 3
"""Sentences from the top, and from the end, in which a line may name who speaks."""
_SHORT = 14
"""Words that a line of a letterhead has at most."""


def read_head(rows: list[Row], text: str, discourse: Discourse) -> None:
    """Notes in the discourse whose own voice the text is in, if it is, and whom it addresses."""
    _read_fields(rows, discourse)
    if not _is_told(rows):
        words = {item.text.lower() for _, items in rows for item in items}
        discourse.formal = discourse.formal or bool(words & _PERFORMATIVES)
        _read_signed_line(rows, text, discourse)
    if discourse.issuer is None:
        _read_first_person(rows, discourse)
    if discourse.issuer is None:
        _read_letterhead(rows, text, discourse)
    if not discourse.addressed:
        _read_addressee(rows, text, discourse)


def _read_fields(rows: list[Row], discourse: Discourse) -> None:
    """The issuer and the addressed parties that labelled lines name."""
    for sentence, items in rows:
        if sentence.kind != "field":
            continue
        names = [item.name for item in items if item.name]
        if sentence.label in _FROM_FIELDS and discourse.issuer is None:
            found = next((i for n in names if (i := n.get("issuer", "party"))), None)
            if found in discourse.directory.parties:
                found = discourse.office_of(found or "")
            discourse.issuer = found
            discourse.formal = discourse.formal or found is not None
        elif sentence.label in _TO_FIELDS:
            discourse.addressed += tuple(p for n in names if (p := n.get("party")))


def _is_told(rows: list[Row]) -> bool:
    """Whether somebody is said to have said something."""
    return any(
        item.has(Op.SPEECH, Op.REPORT) and not item.capital for _, items in rows for item in items
    )


def _read_signed_line(rows: list[Row], text: str, discourse: Discourse) -> None:
    """*The Secretary of the Treasury. 2 March 2026.*: a line at the top that names who speaks.

    The name is followed by a mark, a date or nothing: *Whitehall drops X* is a headline.
    """
    for _, items in rows[:_TOP]:
        line = _first_line(items, text)
        opening = [i for i in line if not i.has(Op.DETERMINER) and i.text not in "#*_"]
        if discourse.issuer is not None or not opening or opening[0].name is None:
            continue
        if any(item.verb for item in line):
            continue
        follows = opening[1] if len(opening) > 1 else None
        if follows is None or follows.time is not None or not follows.text[0].isalnum():
            names = [item.name for item in opening if item.name]
            offices = [i for n in names if (i := n.get("issuer"))]
            party = names[0].get("party")
            issuer = offices[0] if offices else discourse.office_of(party or "")
            if issuer in discourse.directory.issuers and discourse.dated is not None:
                above = _named(rows, text)[0][:1] if _is_letterhead(rows, text) else []
                _take(discourse, _own(discourse.directory, issuer or "", *above), party)


def _read_letterhead(rows: list[Row], text: str, discourse: Discourse) -> None:
    """The body that the first lines name, and its office."""
    if not rows or not (_is_letterhead(rows, text) or _is_agreement(rows, text)):
        return
    parties, offices = _named(rows, text)
    party = parties[0] if parties else None
    directory = discourse.directory
    issuer = (
        next((_own(directory, office, party) for office in offices), None)
        or _by_title(rows, text, directory, party)
        or discourse.office_of(party or "")
        or _only_office(directory, party)
    )
    if issuer in directory.issuers:
        _take(discourse, issuer, party)


def _read_first_person(rows: list[Row], discourse: Discourse) -> None:
    """*I, the Secretary of the Department of Home Affairs, … make the following Direction*."""
    for _, items in rows[: _TOP * 2]:
        for first, following in pairwise(items[:4]):
            if first.text not in _FIRST_PERSON or not following.comma:
                continue
            named = [item.name for item in items[:10] if item.name]
            office = next((i for n in named if (i := n.get("issuer"))), None)
            if office in discourse.directory.issuers:
                _take(discourse, office, None)
                return


def _read_addressee(rows: list[Row], text: str, discourse: Discourse) -> None:
    """The body that a letter is to: *à Madame la ministre des Armées*."""
    lines = [line for _, items in rows[:_TOP] for line in _lines(items, text) if line]
    for line, following in pairwise([*lines, []]):
        if line[0].text.lower() not in _TO or not _is_plain(line):
            continue
        # The name may stand on the line below the word.
        for item in [*line, *(following if len(line) == 1 else [])]:
            party = item.name and (
                item.name.get("party") or discourse.party_of(item.name.get("issuer"))
            )
            if party:
                discourse.addressed = (party,)
                return


def _take(discourse: Discourse, issuer: str | None, party: str | None) -> None:
    discourse.issuer = issuer
    discourse.party = party or discourse.party_of(issuer)
    discourse.formal = True


def _is_letterhead(rows: list[Row], text: str) -> bool:
    """Whether the text begins with a short line that names a body and says nothing of it."""
    line = _first_line(rows[0][1], text)
    named = any(item.name and item.name.get("issuer", "party") for item in line)
    titled = all(i.name or i.capital or fold(i.text) in _SMALL for i in line if i.text[0].isalpha())
    return named and titled and not any(_is_vendor(item) for item in line) and _is_plain(line)


def _is_vendor(item: Item) -> bool:
    return item.name is not None and item.name.get("vendor", "product", "model") is not None


def _is_agreement(rows: list[Row], text: str) -> bool:
    """Whether the text begins as an agreement does: *AMENDMENT NO. 4*, *AVENANT N° 3*."""
    line = _first_line(rows[0][1], text)
    return _is_plain(line) and any(fold(item.text) in _AGREEMENTS for item in line)


def _is_plain(line: list[Item]) -> bool:
    words = [item for item in line if item.text[0].isalnum()]
    return 0 < len(words) <= _SHORT and not (
        line[-1].text in ".?!" or any(i.verb and not i.text.isupper() for i in line)
    )


def _named(rows: list[Row], text: str) -> tuple[list[str], list[str]]:
    """The bodies and offices that the head and, after it, the signature name, in order."""
    parties: list[str] = []
    offices: list[str] = []
    agreement = _is_agreement(rows, text)
    for place, (_, items) in enumerate([*rows[:_TOP], *rows[-_BOTTOM:]]):
        for line in _lines(items, text):
            if not line or line[0].text.lower() in _TO:
                break  # Whom a letter is to stands below the line that says so.
            if not _is_plain(line) and not (agreement and place < _TOP // 2):
                continue
            names = [item.name for item in line if item.name]
            parties += [p for n in names if (p := n.get("party"))]
            offices += [i for n in names if (i := n.get("issuer"))]
    return parties, offices


def _only_office(directory: Directory, party: str | None) -> str | None:
    """The office of a body that has one."""
    offices = [office.id for office in directory.issuers.values() if office.party == party]
    return offices[0] if party is not None and len(offices) == 1 else None


def _own(directory: Directory, office: str, party: str | None = None) -> str:
    """The office, or the like-named one of the body in whose letterhead it stands.

    *Council of State* is Geneva's below *Canton of Geneva*.
    """
    if party is None or directory.issuers[office].party == party:
        return office
    given = {fold(name) for name in _names(directory, office)}
    for other in directory.issuers.values():
        if other.party == party and any(
            fold(name).startswith(tuple(given)) for name in _names(directory, other.id)
        ):
            return other.id
    return office


def _by_title(rows: list[Row], text: str, directory: Directory, party: str | None) -> str | None:
    """The body's office whose title a line gives alone: *The Director*, *Le directeur général*."""
    if party is None:
        return None
    offices = [i for i in directory.issuers.values() if i.party == party or party in i.binds]
    for _, items in [*rows[:_TOP], *rows[-_BOTTOM:]]:
        for line in _lines(items, text):
            words = [fold(i.text) for i in line if i.text[0].isalnum()]
            title = words[1:] if words[:1] in (["the"], ["le"], ["la"]) else []
            for office in offices if title else ():
                if any(
                    [fold(token.text) for token in tokenise(name)][:1] == title[:1]
                    for name in _names(directory, office.id)
                ):
                    return office.id
    return None


def _names(directory: Directory, office: str) -> tuple[str, ...]:
    entry = directory.issuers[office]
    return (entry.name.en, entry.name.fr, *entry.aliases)


def _first_line(items: list[Item], text: str) -> list[Item]:
    """The items of a sentence that stand on its first line."""
    return next(_lines(items, text), [])


def _lines(items: list[Item], text: str) -> Iterator[list[Item]]:
    """The items of a sentence, line by line, without what only decorates."""
    line: list[Item] = []
    for item in items:
        if line and "\n" in text[line[-1].end : item.start]:
            yield line
            line = []
        if not set(item.text) <= _MARKS:
            line.append(item)
    if line:
        yield line
