"""What the vendor's own log says beside the ledger: the same calls, each once.

Caller and vendor name a call by its mark. A mark is one caller's, who sends one call
after the other, so that the calls of a mark at a host stand in one order in both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.replicas.cluster import microseconds
from tests.replicas.load import Outcome
from tests.replicas.vendor import Received

_LATE = 100_000
Entry = Mapping[str, Any]


def check_agreement(
    received: Iterable[Received], calls: Sequence[Entry], *, marked: str = ""
) -> Counter[str]:
    """Raises where the two differ; how many calls had which result.

    Where others called too, only the marks that begin with `marked` are compared.
    """
    check_sequences(calls)
    received = [each for each in received if each.mark.startswith(marked)]
    calls = [call for call in calls if call["asked"].startswith(marked)]
    arrived: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in received:
        arrived[each.mark, each.host].append(each.at)
    entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for call in calls:
        if call["result"] != "refused":
            entries[call["asked"], call["host"]].append(call)
    for place in arrived.keys() | entries.keys():
        _match(place, sorted(arrived[place]), sorted(entries[place], key=lambda c: c["at"]))
    return Counter(call["result"] for call in calls)


def check_sequences(calls: Iterable[Entry]) -> None:
    """Each start's calls are numbered from 1 without gaps, and stand there once."""
    by_start: dict[str, list[int]] = defaultdict(list)
    for call in calls:
        by_start[call["start"]].append(call["seq"])
    for start, numbers in by_start.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), start


def check_heard(outcomes: Iterable[Outcome], calls: Iterable[Entry]) -> int:
    """Whatever callers were answered is in the ledger, once; how many answers that were.

    A process that is killed when it has just answered may not have written that it did.
    """
    results: dict[str, list[str]] = defaultdict(list)
    for call in calls:
        results[call["call"]].append(call["result"])
    count = 0
    for outcome in outcomes:
        if outcome.status == 200 and outcome.call and outcome.whole and not outcome.said:
            count += 1
            found = [r for r in results[outcome.call] if r in {"answered", "unknown"}]
            assert len(found) == 1, outcome
    return count


def _match(place: tuple[str, str], arrived: list[int], entries: list[Entry]) -> None:
    """Gives each arrival its entry, in their order."""
    waiting = list(arrived)
    for number, entry in enumerate(entries):
        began, unknown = microseconds(entry["at"]), entry["result"] == "unknown"
        assert not waiting or waiting[0] >= began, (place, "reached the vendor unrecorded")
        nexts = microseconds(entries[number + 1]["at"]) if number + 1 < len(entries) else None
        ended = nexts if unknown else microseconds(entry["ended"]) + _LATE
        if waiting and (ended is None or waiting[0] < ended):
            waiting.pop(0)
        else:
            assert entry["result"] != "answered", (place, entry)
    assert not waiting, (place, "reached the vendor unrecorded")
