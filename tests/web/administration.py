"""An installation of the demonstration, its pages' operations, and people at browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from changeover.orders.drawing_up import Freeze
from changeover.orders.model import Source
from changeover.web.api import Operation, Stream
from changeover.wiring.administration import administration
from changeover.wiring.installation import Installation, open_installation
from tests.orders.demonstrations import at
from tests.web.serving import Site

CLAUDE = "anthropic/claude-sonnet-4-5@anthropic"


class Everywhere:
    """Endpoints for every host but Amazon; a stand-in answers for Anthropic."""

    def reaches(self, host: str, protocol: str) -> bool:
        return host != "aws"

    def stands_in(self, host: str) -> bool:
        return host == "anthropic"


class Administration:
    """`site` serves the operations over `installation`."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.table: list[Operation | Stream] = administration(installation, Everywhere())
        self.site = Site(*self.table)

    def hold(self) -> str:
        """Bars Anthropic to the State department and rescinds that; gives the order's id."""
        office, player = self.installation.office, self.installation.player
        assert player is not None
        freeze = Freeze(name="anthropic", issuer="state-secretary", parties=("state",), by="Ana")
        frozen = office.freeze(freeze, by="Ana").instrument.id
        # What is rescinded in the instant that it began has refused nothing.
        player.play(at("2026-02-26T12:00"))
        now = self.installation.clock.now()
        source = Source(address="https://state.example/end", captured=now, sha256="0" * 64)
        office.rescind(frozen, by="Ana", confirmed_by="Ben", source=source)
        return frozen


@contextmanager
def administered(folder: Path) -> Iterator[Administration]:
    with open_installation(folder / "data", demo=True) as installation:
        yield Administration(installation)
