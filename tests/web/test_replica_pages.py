"""Replicas as officers see them, on one process and on several."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from changeover.orders.enforcement import Enforcement, Renewal, Renewed, Replica
from changeover.orders.enforcing import Enforcer
from changeover.web.replicas import ReplicaParts, operations
from changeover.wiring.installation import open_installation
from tests.web.administration import CLAUDE, administered
from tests.web.serving import Site

NOW = 1_800_000_000_000_000
SECOND = 1_000_000
SERVING = Replica(
    start="start_1",
    host="one",
    pid=7,
    address="http://one/",
    version="1.0",
    began=NOW - 60 * SECOND,
    renewed=NOW - 2 * SECOND,
    lease_until=NOW + 8 * SECOND,
    revision=5,
    skew=-3400,
    state="serving",
)


class Known:
    """Implements `orders.ports.Replicas` over a list."""

    def __init__(self, *replicas: Replica) -> None:
        self._replicas = replicas

    def revision(self) -> int:
        return 5

    def renew(self, renewal: Renewal) -> Renewed:
        raise AssertionError("a page renews no lease")

    def leave(self, start: str) -> None:
        raise AssertionError("a page ends no lease")

    def all(self) -> tuple[int, Sequence[Replica]]:
        return NOW, self._replicas


async def test_one_process_says_that_it_is_alone_and_when_its_acts_were_in_force(tmp_path: Path):
    with administered(tmp_path) as office:
        frozen = office.hold()
        office.installation.office.release("statechat", CLAUDE, by="Ana")
        async with await office.site.signed_in("ada", "officer") as officer:
            page = (await officer.get("/api/replicas")).json()
    assert (page["alone"], page["replicas"], page["read"]) == (True, [], None)
    acts = [(act["kind"], act["key"]) for act in page["acts"]]
    assert acts[0] == ("release", f"statechat/{CLAUDE}")
    assert ("instrument", frozen) in acts
    assert {(act["took_ms"], len(act["replicas"])) for act in page["acts"]} == {(0, 0)}


async def test_each_replica_tells_its_lease_what_it_has_loaded_and_its_clock(tmp_path: Path):
    def like(start: str, **changed: object) -> Replica:
        return msgspec.structs.replace(SERVING, start=start, **changed)

    known = Known(
        like("start_0", state="gone", began=NOW - 90 * SECOND),
        SERVING,
        like("start_2", revision=4, began=NOW - 50 * SECOND),
        like("start_3", lease_until=NOW - SECOND, began=NOW - 95 * SECOND),
        like("start_4", lease_until=NOW - SECOND, renewed=NOW - 90_000 * SECOND),
    )
    with open_installation(tmp_path / "data", demo=True) as installation:
        enforcer = Enforcer(installation.works, known, installation.clock, longest=1)
        parts = ReplicaParts(
            replicas=known,
            enforcer=enforcer,
            office=installation.office,
            clock=installation.clock,
            version="1.0",
            demonstration=True,
        )
        site = Site(*operations(parts))
        async with await site.signed_in("ada", "administrator") as browser:
            page = (await browser.get("/api/replicas")).json()
    assert page["alone"] is False
    # Those that serve first, then those that left or lapsed within the day.
    assert [(one["start"], one["lease_ms"], one["current"]) for one in page["replicas"]] == [
        ("start_1", 8000, True),
        ("start_2", 8000, False),
        ("start_3", 0, True),
        ("start_0", 0, True),
    ]
    assert page["replicas"][0]["skew_ms"] == -3


def test_an_act_that_is_on_its_way_is_not_told_to_be_in_force(tmp_path: Path):
    with open_installation(tmp_path / "data", demo=True) as installation:
        with installation.works.begin() as work:
            work.enact("instrument", ["order-1"], installation.clock.now())
        behind = Known(msgspec.structs.replace(SERVING, revision=0))
        enforcer = Enforcer(installation.works, behind, installation.clock, longest=1)
        newest: Enforcement = enforcer.recent(1)[0]
        assert (newest.key, newest.settled) == ("order-1", None)
        alone = Enforcer(installation.works, None, installation.clock, longest=1)
        assert alone.recent(1)[0].settled == newest.committed
