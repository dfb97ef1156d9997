"""How far imports have got, for whoever waits for one."""

import msgspec

_MOST = 1_000


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that were looked at, of all; both 0 where nothing is known of it here."""

    done: int = 0
    total: int = 0


class Following:
    """Kept in memory of this process, by tickets that those who wait have chosen."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], ImportProgress] = {}

    def of(self, account: str, ticket: str) -> ImportProgress:
        return self._told.get((account, ticket), ImportProgress())

    def tell(self, account: str, ticket: str, done: int, total: int) -> None:
        name = (account, ticket)
        if ticket and (name in self._told or len(self._told) < _MOST):
            self._told[name] = ImportProgress(done=done, total=total)

    def end(self, account: str, ticket: str) -> None:
        self._told.pop((account, ticket), None)
