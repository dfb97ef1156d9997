"""Personal instructions: what a person tells the assistant once, for every conversation.

They go to the model before the conversation, to whichever vendor's model answers, and to no
other service. An answer keeps whether they went along; what they said then is not kept, as
they are the person's to change and to take away.
"""

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError
from changeover.chat.ports import ChatStore, Offload
from changeover.identity.people import Account

LONGEST = 4000


class PersonalInstructions(msgspec.Struct, frozen=True, kw_only=True):
    """A person's instructions; no text where there are none."""

    text: str


class Instructing:
    """Reads and changes people's own instructions."""

    def __init__(self, store: ChatStore, clock: Clock, offload: Offload) -> None:
        self._store = store
        self._clock = clock
        self._offload = offload

    async def read(self, account: Account) -> PersonalInstructions:
        """The account's instructions."""

        def reading() -> str:
            with self._store.reading() as work:
                return work.instructions.of(account.id)

        return PersonalInstructions(text=await self._offload(reading))

    async def change(self, account: Account, text: str) -> PersonalInstructions:
        """Replaces them; `InvalidInputError` for a text of more than `LONGEST` characters."""
        wanted = text.strip()
        if len(wanted) > LONGEST:
            raise InvalidInputError(
                f"Instructions have at most {LONGEST} characters, and these have {len(wanted)}.",
                means="They were not saved.",
                do="Shorten them.",
            )
        now = self._clock.now()

        def changing() -> None:
            with self._store.begin(alone=False) as work:
                work.instructions.put(account.id, wanted, now)

        await self._offload(changing)
        return PersonalInstructions(text=wanted)
