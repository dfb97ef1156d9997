"""Prompts: texts that people keep to begin messages with.

A text may have places to fill in, each a name in double braces: "Summarise {{document}} in
{{language}}". The page asks for them when the prompt is used; here they are text like any other.

A prompt is its owner's, or shared in a party: with all who are in it and in its parts. As many see
a shared one, those change it who answer for something in that very party: its officers and
administrators. A removed prompt stays in the store, so that removing it can be undone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.text import Bilingual
from changeover.identity.people import Account, Role

LONGEST_NAME = 80
LONGEST_TEXT = 8000
MOST = 500
SHARING: frozenset[Role] = frozenset({"officer", "administrator"})


class StoredPrompt(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt as kept; `party` is the one that it is shared in, None where it is not."""

    id: str
    account: str
    party: str | None
    name: str
    text: str


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt as a person sees it; `shared_in` names the party that it is shared in."""

    id: str
    name: str
    text: str
    shared_in: Bilingual | None
    may_change: bool


class PromptLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """The prompts that a person may use, and the party that they may share some in, if any."""

    prompts: tuple[Prompt, ...]
    may_share_in: Bilingual | None


class Prompts(Protocol):
    """Prompts that people keep."""

    def usable(self, account: str, parties: Collection[str]) -> list[StoredPrompt]:
        """Those that stand: the account's own, and what is shared in one of the parties."""
        ...

    def get(self, prompt: str, *, removed: bool) -> StoredPrompt | None:
        """The prompt, if it stands; with `removed`, if it was removed."""
        ...

    def put(self, prompt: StoredPrompt, at: datetime) -> None:
        """Keeps it, instead of what stands under its id."""
        ...

    def remove(self, prompt: str, at: datetime | None) -> None:
        """Removes it; None brings it back."""
        ...


def may_share(account: Account) -> bool:
    """Whether an account may share prompts in its party."""
    return not SHARING.isdisjoint(account.roles)


def may_change(account: Account, prompt: StoredPrompt) -> bool:
    """Whether an account may change and remove a prompt."""
    if prompt.party is None:
        return prompt.account == account.id
    return prompt.party == account.party and may_share(account)
