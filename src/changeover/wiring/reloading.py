"""Reading the settings again in a running server, when SIGHUP asks for it.

1. All of them are read and checked first. Where one cannot be used, nothing changes and
   each fault is told.
2. A setting that can be changed while calls are on their way is; the next call goes by it.
   Where one part of the server cannot take it, the parts that did go back to what stood.
3. A setting that cannot is told by name: it takes effect at the next start. Until then
   everything goes by what it was at this start, also where it decides on another's change.
4. One reading goes on at a time. What nobody foresaw is told too.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.wiring.known_settings import BY_NAME, SETTINGS
from changeover.wiring.other_variables import VENDORS
from changeover.wiring.settings import Settings, SettingsError

# Every command reads which settings are read again, and only a server loads what goes by them.
if TYPE_CHECKING:
    from changeover.gateway.health import Health
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
        self._reading = threading.Lock()

    def listen(self, fixed: Collection[str]) -> None:
        """Reloads at SIGHUP; `fixed` are variables that the command line gave, which win."""
        self._fixed = frozenset(fixed)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._begin)

    def _begin(self) -> None:
        going = asyncio.get_running_loop().run_in_executor(None, self.reload)
        going.add_done_callback(self._ended)

    def _ended(self, going: asyncio.Future[None]) -> None:
        if not going.cancelled() and (error := going.exception()) is not None:
            self._say(
                f"The settings were not read again: {type(error).__name__}: {error}. "
                "They stay as they were."
            )

    def reload(self) -> None:
        """Brings the server up to its settings, and says what came of it."""
        with self._reading:
            self._reload()

    def _reload(self) -> None:
        try:
            now = self._read().checked().environment
        except ChangeoverError as error:
            for line in told(error):
                self._say(line)
            self._say("The settings stay as they were.")
            return
        names = {*AGAIN, *(setting.variable for setting in SETTINGS)}
        differing = {name for name in names if now.get(name, "") != self._standing.get(name, "")}
        changed = differing - self._fixed
        taken = changed & AGAIN
        # What waits, and what the command line gave, is as it stands; so is what was not given.
        kept = {name: self._standing.get(name, "") for name in differing - taken}
        going_by = {name: text for name, text in {**now, **kept}.items() if text}
        try:
            self._take(going_by, taken)
        except ChangeoverError as error:
            self._say(f"{error} The settings stay as they were.")
            return
        self._standing = going_by
        self._say(f"Settings read again; changed: {', '.join(sorted(taken)) or 'none'}.")
        if later := sorted(changed - AGAIN):
            self._say(f"Changed too, and in effect from the next start: {', '.join(later)}.")

    def _take(self, going_by: Mapping[str, str], taken: set[str]) -> None:
        """Has each taker of what changed take it: all of them, or none whatever is raised."""
        with ExitStack() as undoing:
            for variables, take in self._takers.items():
                if taken & {*variables}:
                    # The one that fails may have begun: it goes back too.
                    undoing.callback(self._put_back, variables, take)
                    take(going_by)
            undoing.pop_all()

    def _put_back(self, variables: tuple[str, ...], take: Take) -> None:
        try:
            take(self._standing)
        except ChangeoverError as error:
            names = ", ".join(variables)
            self._say(f"Start the server again: it could not go back to its {names}. {error}")


class Running(msgspec.Struct, frozen=True):
    """The parts of a running server that go by settings."""

    installation: "Installation"
    endpoints: "Endpoints"
    upstream: "HttpUpstream"
    health: "Health"
    postman: "Postman"


def takers(running: Running) -> dict[tuple[str, ...], Take]:
    """Who takes a change of which variables."""
    from changeover.basics.clock import SystemClock  # noqa: PLC0415 - see above
    from changeover.upstream.discovery import find_vendors  # noqa: PLC0415
    from changeover.wiring.credentials import in_environment  # noqa: PLC0415
    from changeover.wiring.egress import declared  # noqa: PLC0415
    from changeover.wiring.patience import HEALTH_VARIABLES, health_terms, timeouts  # noqa: PLC0415
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
        HEALTH_VARIABLES: lambda environment: running.health.take(health_terms(environment)),
        VARIABLES: messages,
    }
