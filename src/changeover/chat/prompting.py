"""What people do with prompts: read, keep, share, change, remove, bring back."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.ids import new_id
from changeover.chat.ports import ChatStore, ChatWork, Offload
from changeover.chat.prompts import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST,
    Prompt,
    PromptLibrary,
    StoredPrompt,
    may_change,
    may_share,
)
from changeover.directory.model import Directory
from changeover.directory.rules import ancestors
from changeover.identity.people import Account
from changeover.orders.in_force import Rules

T = TypeVar("T")


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """What a prompt is to be; `shared` has everybody in one's party use it."""

    name: str
    text: str
    shared: bool = False


class Prompting:
    """Keeps people's prompts, and their parties'."""

    def __init__(self, store: ChatStore, rules: Rules, clock: Clock, offload: Offload) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock
        self._offload = offload

    async def all(self, account: Account) -> PromptLibrary:
        """What the account may use."""
        directory = self._rules.current.directory
        parties = ancestors(directory, account.party)

        def reading() -> list[StoredPrompt]:
            with self._store.reading() as work:
                return work.prompts.usable(account.id, parties)

        found = await self._offload(reading)
        party = directory.parties.get(account.party)
        return PromptLibrary(
            prompts=tuple(_shown(account, one, directory) for one in found),
            may_share_in=party.name if party is not None and may_share(account) else None,
        )

    async def add(self, account: Account, wording: Wording) -> Prompt:
        """A new prompt; `InvalidInputError`, `NotAuthorisedError`, `ConflictError`."""

        def add(work: ChatWork) -> StoredPrompt:
            own = [one for one in work.prompts.usable(account.id, ()) if one.account == account.id]
            if len(own) >= MOST:
                raise ConflictError(
                    f"You have {MOST} prompts, which is as many as there can be.",
                    means="The prompt was not kept.",
                    do="Remove one that you no longer need.",
                )
            return _worded(account, new_id("prompt"), account.id, wording)

        return await self._put(account, add)

    async def change(self, account: Account, prompt: str, wording: Wording) -> Prompt:
        """Words it anew, or shares it; raises as `add` does, and `NotFoundError`."""

        def change(work: ChatWork) -> StoredPrompt:
            standing = _changeable(work, account, prompt, removed=False)
            return _worded(account, prompt, standing.account, wording)

        return await self._put(account, change)

    async def remove(self, account: Account, prompt: str) -> None:
        """Takes it away, from all who used it; `NotFoundError`."""
        now = self._clock.now()

        def remove(work: ChatWork) -> None:
            _changeable(work, account, prompt, removed=False)
            work.prompts.remove(prompt, now)

        await self._write(remove)

    async def bring_back(self, account: Account, prompt: str) -> Prompt:
        """Undoes a removal; `NotFoundError`."""

        def bring_back(work: ChatWork) -> StoredPrompt:
            gone = _changeable(work, account, prompt, removed=True)
            work.prompts.remove(prompt, None)
            return gone

        back = await self._write(bring_back)
        return _shown(account, back, self._rules.current.directory)

    async def _put(self, account: Account, made: Callable[[ChatWork], StoredPrompt]) -> Prompt:
        now = self._clock.now()

        def put(work: ChatWork) -> StoredPrompt:
            kept = made(work)
            work.prompts.put(kept, now)
            return kept

        kept = await self._write(put)
        return _shown(account, kept, self._rules.current.directory)

    async def _write(self, change: Callable[[ChatWork], T]) -> T:
        def writing() -> T:
            with self._store.begin(alone=True) as work:
                return change(work)

        return await self._offload(writing)


def _worded(account: Account, prompt: str, owner: str, wording: Wording) -> StoredPrompt:
    name, text = " ".join(wording.name.split()), wording.text.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInputError(
            f"A prompt's name has 1 to {LONGEST_NAME} characters, and this one has {len(name)}."
        )
    if not 0 < len(text) <= LONGEST_TEXT:
        raise InvalidInputError(
            f"A prompt has 1 to {LONGEST_TEXT} characters, and this one has {len(text)}."
        )
    if wording.shared and not may_share(account):
        raise NotAuthorisedError(
            "You may not share prompts in your party.",
            means="Nothing was changed.",
            do="Keep it for yourself, or ask an officer or an administrator of your party.",
        )
    party = account.party if wording.shared else None
    # What is no longer shared is kept by who took it back.
    owner = account.id if party is None else owner
    return StoredPrompt(id=prompt, account=owner, party=party, name=name, text=text)


def _changeable(work: ChatWork, account: Account, prompt: str, *, removed: bool) -> StoredPrompt:
    found = work.prompts.get(prompt, removed=removed)
    if found is None or not may_change(account, found):
        raise NotFoundError(f"There is no prompt {prompt} that you may change.")
    return found


def _shown(account: Account, prompt: StoredPrompt, directory: Directory) -> Prompt:
    party = directory.parties.get(prompt.party or "")
    return Prompt(
        id=prompt.id,
        name=prompt.name,
        text=prompt.text,
        shared_in=None if party is None else party.name,
        may_change=may_change(account, prompt),
    )
