"""Reading the settings again in a running server, when SIGHUP asks for it.

1. All of them are read and checked first. Where one cannot be used, nothing changes and
   each fault is told.
2. A setting that can be changed while calls are on their way is; the next call goes by it.
3. A setting that cannot is told by name: it takes effect at the next start.
"""

import asyncio
import signal
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.wiring.known_settings import BY_NAME, SETTINGS, VENDORS
from changeover.wiring.settings import Settings, SettingsError

# Every command reads which settings are read again, and only a server loads what goes by them.
if TYPE_CHECKING:
    from changeover.messages.sending import Postman
    from changeover.upstream.http import HttpUpstream
    from changeover.wiring.endpoints import Endpoints
    from changeover.wiring.installation import Installation

Take = Callable[[Mapping[str, str]], None]
"""Takes what the settings now say, as an environment."""
AGAIN = frozenset({setting.variable for setting in SETTINGS if setting.again} | {*VENDORS})
"""The variables whose change takes effect without a restart."""


def told(error: ChangeoverError) -> list[str]:
    """The error's words, a line for each fault."""
    faults = error.faults if isinstance(error, SettingsError) else ()
    return [str(error), *(f"  {fault}" for fault in faults)]


class Reloading:
    """The settings that a running server goes by.

    `takers` says who takes a change of which variables.
    """

    def __init__(
        self,
        read: Callable[[], Settings],
        standing: Mapping[str, str],
        takers: Mapping[tuple[str, ...], Take],
        say: Callable[[str], None],
    ) -> None:
        self._read = read
        self._standing = dict(standing)
        self._takers = takers
        self._say = say
        self._fixed: frozenset[str] = frozenset()

    def listen(self, fixed: Collection[str]) -> None:
        """Reloads at SIGHUP; `fixed` are variables that the command line gave, which win."""
        self._fixed = frozenset(fixed)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, loop.run_in_executor, None, self.reload)

    def reload(self) -> None:
        """Brings the server up to its settings, and says what came of it."""
        try:
            now = self._read().checked().environment
        except ChangeoverError as error:
            for line in told(error):
                self._say(line)
            self._say("The settings stay as they were.")
            return
        names = {*AGAIN, *(setting.variable for setting in SETTINGS)} - self._fixed
        changed = {name for name in names if now.get(name, "") != self._standing.get(name, "")}
        taken = changed & AGAIN
        try:
            for variables, take in self._takers.items():
                if taken & {*variables}:
                    take(now)
        except ChangeoverError as error:
            self._say(f"{error} The settings stay as they were.")
            return
        self._standing |= {name: now.get(name, "") for name in taken}
        self._say(f"Settings read again; changed: {', '.join(sorted(taken)) or 'none'}.")
        if later := sorted(changed - AGAIN):
            self._say(f"Changed too, and in effect from the next start: {', '.join(later)}.")


class Running(msgspec.Struct, frozen=True):
    """The parts of a running server that go by settings."""

    installation: "Installation"
    endpoints: "Endpoints"
    upstream: "HttpUpstream"
    postman: "Postman"


def takers(running: Running) -> dict[tuple[str, ...], Take]:
    """Who takes a change of which variables."""
    from changeover.basics.clock import SystemClock  # noqa: PLC0415 - see above
    from changeover.upstream.discovery import find_vendors  # noqa: PLC0415
    from changeover.wiring.credentials import in_environment  # noqa: PLC0415
    from changeover.wiring.egress import declared  # noqa: PLC0415
    from changeover.wiring.patience import timeouts  # noqa: PLC0415
    from changeover.wiring.ways import VARIABLES, ways  # noqa: PLC0415

    waiting = BY_NAME["patience"]

    def inside(environment: Mapping[str, str]) -> None:
        running.installation.addresses.declare(declared(environment))
        running.upstream.declare(declared(environment))
        running.endpoints.reload()

    def vendors(environment: Mapping[str, str]) -> None:
        running.installation.addresses.declare(declared(environment))
        running.upstream.declare(declared(environment))
        running.installation.credential_parts.environment[:] = in_environment(environment)
        running.endpoints.take(find_vendors(environment))

    def patience(environment: Mapping[str, str]) -> None:
        running.upstream.wait(
            timeouts(float(environment.get(waiting.variable) or str(waiting.default)))
        )

    def messages(environment: Mapping[str, str]) -> None:
        demo = running.installation.demonstration
        running.postman.take(ways(environment, SystemClock(), demo=demo))

    return {
        VENDORS: vendors,
        (BY_NAME["inside"].variable,): inside,
        (waiting.variable,): patience,
        VARIABLES: messages,
    }
