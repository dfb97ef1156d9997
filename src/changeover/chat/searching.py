"""Searching one's own conversations, a page of what is found at a time."""

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.chat.finding import FoundPlace, shown, terms_of
from changeover.chat.ports import ChatStore, Offload
from changeover.identity.people import Account

LONGEST_QUERY = 500
PAGE = 20


class FoundPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what is found, best first; `total` counts all, `more` says that others follow."""

    found: tuple[FoundPlace, ...]
    total: int
    more: bool


class Searching:
    """Searches people's own conversations."""

    def __init__(self, store: ChatStore, offload: Offload) -> None:
        self._store = store
        self._offload = offload

    async def search(self, account: Account, query: str, skip: int) -> FoundPage:
        """What comes after the first `skip`; `InvalidInputError` for a query that is too long."""
        if len(query) > LONGEST_QUERY:
            raise InvalidInputError(
                f"A search has at most {LONGEST_QUERY} characters, and this one has {len(query)}.",
                means="Nothing was searched for.",
                do="Give fewer words.",
            )
        terms = terms_of(query)
        if not terms:
            return FoundPage(found=(), total=0, more=False)

        def reading() -> FoundPage:
            with self._store.reading() as work:
                total = work.search.count(account.id, terms)
                hits = work.search.hits(account.id, terms, skip, PAGE)
            found = tuple(shown(hit, terms) for hit in hits)
            return FoundPage(found=found, total=total, more=skip + len(found) < total)

        return await self._offload(reading)
