"""What people do with their folders: make, rename, remove, bring back."""

from collections.abc import Callable
from typing import TypeVar

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.ids import new_id
from changeover.chat.folders import LONGEST, MOST, Folder, named
from changeover.chat.ports import ChatStore, ChatWork, Offload
from changeover.identity.people import Account

T = TypeVar("T")


class Filing:
    """Keeps people's own folders. Two of one person's never have the same name, whatever its case.

    That is looked at where the change is made, so these units of work are alone.
    """

    def __init__(self, store: ChatStore, clock: Clock, offload: Offload) -> None:
        self._store = store
        self._clock = clock
        self._offload = offload

    async def make(self, account: Account, name: str) -> Folder:
        """A new folder; `InvalidInputError` for a name that is none, `ConflictError`."""
        made = Folder(id=new_id("folder"), name=_name(name))
        now = self._clock.now()

        def make(work: ChatWork) -> Folder:
            standing = work.folders.of(account.id)
            if len(standing) >= MOST:
                raise ConflictError(
                    f"You have {MOST} folders, which is as many as there can be.",
                    means="The folder was not made.",
                    do="Remove one that you no longer need.",
                )
            _free(standing, made)
            work.folders.add(account.id, made, now)
            return made

        return await self._write(make)

    async def rename(self, account: Account, folder: str, name: str) -> Folder:
        """Gives it another name; raises as `make` does, and `NotFoundError`."""
        wanted = Folder(id=folder, name=_name(name))

        def rename(work: ChatWork) -> Folder:
            standing = work.folders.of(account.id)
            named(standing, folder)
            _free(standing, wanted)
            work.folders.rename(folder, wanted.name)
            return wanted

        return await self._write(rename)

    async def remove(self, account: Account, folder: str) -> None:
        """Takes a folder away; its conversations stay, in no folder. `NotFoundError`."""
        now = self._clock.now()

        def remove(work: ChatWork) -> None:
            named(work.folders.of(account.id), folder)
            work.folders.remove(folder, now)

        await self._write(remove)

    async def bring_back(self, account: Account, folder: str) -> Folder:
        """Undoes a removal: the folder, and in it what was not put elsewhere since.

        `ConflictError` when another folder has its name by now, `NotFoundError`.
        """

        def bring_back(work: ChatWork) -> Folder:
            standing = work.folders.of(account.id)
            gone = work.folders.removed(account.id, folder)
            if gone is None:
                return named(standing, folder)
            _free(standing, gone)
            work.folders.remove(folder, None)
            return gone

        return await self._write(bring_back)

    async def _write(self, change: Callable[[ChatWork], T]) -> T:
        def writing() -> T:
            with self._store.begin(alone=True) as work:
                return change(work)

        return await self._offload(writing)


def _name(text: str) -> str:
    wanted = " ".join(text.split())
    if not 0 < len(wanted) <= LONGEST:
        raise InvalidInputError(
            f"A folder's name has 1 to {LONGEST} characters, and this one has {len(wanted)}."
        )
    return wanted


def _free(standing: list[Folder], wanted: Folder) -> None:
    name = wanted.name.casefold()
    if any(one.name.casefold() == name for one in standing if one.id != wanted.id):
        raise ConflictError(
            f"You have a folder “{wanted.name}” already.", do="Choose another name."
        )
