"""Finding the directory's names in a text.

Every name and alias is a run of tokens (`words.py`), compared without accents
and case, but for this: an alias written with a capital needs one in the text
(*State* is a department, *state* a word), and one all in capitals needs them
all. One common noun, such as *le président* or *gouvernement*, stands for the
office or party only where the text has an article before it and names no other
body after it (*le président de la banque*). The longest alias wins.

A party is also known by its domain, the part of its name after the word for
its rank (*defence* in *Department of Defence*), but only next to a word for a
person: *defence officials*, *un responsable de la défense*.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from changeover.directory.model import Directory
from changeover.intake.words import Token, fold, tokenise

Kind = Literal["party", "issuer", "network", "vendor", "product", "model", "service"]

_ARTICLES = frozenset(
    ["the", "le", "la", "l", "les", "du", "au", "des", "aux", "this", "our", "its", "notre", "ce"]
)
_OF = frozenset(["of", "de", "d", "du", "des"])
_RANKS = frozenset(
    [
        "department",
        "ministry",
        "agency",
        "office",
        "bureau",
        "departement",
        "ministere",
        "agence",
        "administration",
    ]
)
_LINKS = frozenset(
    [
        "of",
        "the",
        "for",
        "de",
        "la",
        "d",
        "du",
        "des",
        "l",
        "le",
        "us",
        "federal",
        "americain",
        "federale",
    ]
)
_OFFICES = frozenset({"president", "secretary", "director", "minister", "administrator"})
_PEOPLE = frozenset(
    [
        "official",
        "officials",
        "spokesperson",
        "spokesman",
        "spokeswoman",
        "executive",
        "executives",
        "employee",
        "employees",
        "source",
        "sources",
        "lawyer",
        "lawyers",
        "staff",
        "fonctionnaire",
        "fonctionnaires",
        "responsable",
        "responsables",
        "porte",
        "parole",
        "employe",
        "employes",
        "cadre",
        "cadres",
        "representant",
        "representants",
        "representative",
        "representatives",
    ]
)


class Ref(msgspec.Struct, frozen=True, order=True):
    """An entry of the directory. A product's id is its vendor's."""

    kind: Kind
    id: str


class Mention(msgspec.Struct, frozen=True):
    """A name found, from token `first` up to token `last` (exclusive), and what it may mean."""

    first: int
    last: int
    refs: tuple[Ref, ...]

    def get(self, *kinds: Kind) -> str | None:
        """The id that it has as one of these kinds, the first given first."""
        return next((ref.id for kind in kinds for ref in self.refs if ref.kind == kind), None)


class _Alias(msgspec.Struct, frozen=True):
    tokens: tuple[str, ...]
    shape: Literal["any", "capital", "capitals"]
    article: bool
    domain: bool
    ref: Ref


class Names:
    """An index of every name in a directory."""

    def __init__(self, directory: Directory) -> None:
        self._by_first: dict[str, list[_Alias]] = {}
        for alias in _aliases(directory):
            self._by_first.setdefault(alias.tokens[0], []).append(alias)
        for aliases in self._by_first.values():
            aliases.sort(key=lambda alias: (-len(alias.tokens), alias.ref))

    def find(self, tokens: list[Token]) -> list[Mention]:
        """The mentions among `tokens`, in order, never overlapping."""
        found: list[Mention] = []
        position = 0
        while position < len(tokens):
            mention = self._at(tokens, position)
            if mention is None:
                position += 1
            else:
                found.append(mention)
                position = mention.last
        return found

    def _at(self, tokens: list[Token], position: int) -> Mention | None:
        hits = [
            alias
            for alias in self._by_first.get(tokens[position].folded, ())
            if _matches(alias, tokens, position)
        ]
        if not hits:
            return None
        longest = len(hits[0].tokens)
        refs = {hit.ref: None for hit in hits if len(hit.tokens) == longest}
        return Mention(position, position + longest, tuple(refs))


def _matches(alias: _Alias, tokens: list[Token], position: int) -> bool:
    end = position + len(alias.tokens)
    run = tokens[position:end]
    if tuple(token.folded for token in run) != alias.tokens:
        return False
    if alias.shape == "capital" and not run[0].capital:
        return False
    if alias.shape == "capitals" and not run[0].text.isupper():
        return False
    after = tokens[end].folded if end < len(tokens) else ""
    if alias.article:
        before = tokens[position - 1].folded if position else ""
        return before in _ARTICLES and not (after in _OF and _names_body(tokens, end + 1))
    return not alias.domain or _beside_person(tokens, position, after)


def _names_body(tokens: list[Token], position: int) -> bool:
    following = tokens[position] if position < len(tokens) else None
    return following is not None and (following.capital or following.folded in _ARTICLES)


def _beside_person(tokens: list[Token], position: int, after: str) -> bool:
    if after in _PEOPLE:
        return True
    before = [token.folded for token in tokens[max(0, position - 4) : position]]
    while before and before[-1] in _LINKS:
        before.pop()
    return bool(before) and before[-1] in _PEOPLE


def _aliases(directory: Directory) -> Iterator[_Alias]:
    for ref, text in _texts(directory):
        words = tokenise(text)
        article = bool(words) and words[0].folded in _ARTICLES and len(words) > 1
        if article:
            words = words[1:]
        if not words:
            continue
        tokens = tuple(word.folded for word in words)
        common = len(words) == 1 and ref.kind in {"party", "issuer"} and not words[0].capital
        alone = len(words) == 1 and (article or common)
        if alone or (ref.kind == "issuer" and words[0].folded in _OFFICES and len(words) == 1):
            yield _Alias(tokens, "any", article=True, domain=False, ref=ref)
        else:
            yield _Alias(tokens, _shape(words), article=False, domain=False, ref=ref)
        if ref.kind == "party" and (domain := _domain(words)):
            folded = tuple(word.folded for word in domain)
            yield _Alias(folded, "any", article=False, domain=True, ref=ref)


def _texts(directory: Directory) -> Iterator[tuple[Ref, str]]:
    named: list[tuple[Kind, str, tuple[str, ...]]] = [
        *(("party", p.id, (p.name.en, p.name.fr, *p.aliases)) for p in directory.parties.values()),
        *(("issuer", i.id, (i.name.en, i.name.fr, *i.aliases)) for i in directory.issuers.values()),
        *(("network", n.id, (n.name.en, n.name.fr)) for n in directory.networks.values()),
        *(("vendor", v.id, (v.name.en, v.name.fr, *v.aliases)) for v in directory.vendors.values()),
        *(("product", v.id, v.products) for v in directory.vendors.values()),
        *(
            ("model", m.id, (m.name, m.id.rpartition("/")[2], *m.aliases))
            for m in directory.models.values()
        ),
        *(("service", s.id, (s.name.en, s.name.fr)) for s in directory.services.values()),
    ]
    for kind, identifier, texts in named:
        for text in dict.fromkeys(texts):
            yield Ref(kind, identifier), text


def _shape(words: list[Token]) -> Literal["any", "capital", "capitals"]:
    first = words[0].text
    if len(words) == 1 and len(first) > 1 and first.isupper():
        return "capitals"
    return "capital" if first[0].isupper() and len(words) == 1 else "any"


def _domain(words: list[Token]) -> list[Token]:
    rest = [word for word in words if word.folded not in _RANKS]
    if len(rest) == len(words):
        return []
    while rest and rest[0].folded in _LINKS:
        rest = rest[1:]
    while rest and rest[-1].folded in _LINKS:
        rest = rest[:-1]
    return rest if rest and fold(rest[0].text) not in _PEOPLE else []
