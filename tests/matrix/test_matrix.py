"""Every client against every upstream, feature by feature, streamed and not.

`make test` runs the cells that `cells.chosen` picks, `make matrix` (`--all-cells`)
every one. In each, a program with an official SDK calls through the real gateway, a
strict stand-in answers, and the outcome must be the one declared in `outcomes.py`: who
reports must name the fields and no others, who refuses must name the field, and where the
feature reaches the vendor, it must stand in what the vendor received.

Where both sides speak one protocol, the same program calls the vendor directly too, and
there must be no difference: in what the vendor received, or in what the program heard.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from changeover.standin.settings import read_fault
from tests.matrix.cells import Cell, cells, chosen
from tests.matrix.features import FEATURES
from tests.matrix.features.feature import Feature
from tests.matrix.heard import Heard
from tests.matrix.outcome import Outcome
from tests.matrix.outcomes import SEALS_UNASKED, TOLD_OF_ANSWERS, expected, passes
from tests.matrix.patterns import fits
from tests.matrix.programs.program import Program
from tests.matrix.refusals import REFUSALS, Refusal
from tests.matrix.upstreams import UPSTREAMS, Upstream
from tests.matrix.vendors import Sent, Vendors
from tests.matrix.writes.servers import NOT_ANSWERED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
NOWHERE = "no-such-model"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cell" in metafunc.fixturenames:
        every = bool(metafunc.config.getoption("--all-cells", default=False))
        picked = cells() if every else chosen(cells())
        metafunc.parametrize("cell", picked, ids=[cell.id for cell in picked])


@pytest.fixture(autouse=True)
def sound(matrix_vendors: Vendors) -> Iterator[None]:
    yield
    matrix_vendors.faults.clear()


def test_a_cell(
    cell: Cell,
    programs: Mapping[str, Program],
    direct: Mapping[str, Program],
    matrix_vendors: Vendors,
):
    feature, upstream = FEATURES[cell.feature], UPSTREAMS[cell.upstream]
    outcome = expected(cell.client, cell.upstream, cell.feature)
    earlier = len(matrix_vendors.sent)
    heard = ask(cell, programs[cell.client], model_of(feature, upstream), matrix_vendors)
    sent = matrix_vendors.sent[earlier:]
    if feature.unknown:
        feature.hears(heard)
        assert sent == []
    elif outcome.kind == "refused":
        is_refused(heard, outcome)
        assert sent == []
    elif passes(cell.client, cell.upstream, cell.feature):
        is_passed(cell, heard, sent, direct[cell.client], matrix_vendors)
    else:
        is_written(cell, heard, sent)


def is_passed(
    cell: Cell, heard: Heard, sent: Sequence[Sent], direct: Program, vendors: Vendors
) -> None:
    """The vendor gets what the SDK would have sent it, and the program what it would have heard."""
    feature, upstream = FEATURES[cell.feature], UPSTREAMS[cell.upstream]
    assert [each.host for each in sent] == [upstream.host], heard.message or heard
    if feature.fault:
        feature.hears(heard)
        return
    earlier = len(vendors.sent)
    beside = ask(cell, direct, upstream.pinned, vendors)
    (alone,) = vendors.sent[earlier:]
    assert without_changed(sent[0].given) == without_changed(alone.given)
    assert (heard.status, heard.broke) == (beside.status, beside.broke), heard.message
    assert set(heard.losses) <= set(expected(cell.client, cell.upstream, cell.feature).fields)
    for name in ("text", "refusal", "reasoning", "calls", "stop", "stop_sequence", "chances"):
        assert getattr(heard, name) == getattr(beside, name), name
    assert len(heard.seals) == len(beside.seals)
    assert heard.counts == beside.counts
    # Converse does not name the model in its answer.
    named = "" if cell.client == "converse" else upstream.model
    assert heard.status != 200 or heard.model == named


def without_changed(given: Any) -> Any:
    """A request without what Changeover sets in it: the model, and that nothing is stored."""
    return {name: value for name, value in given.items() if name not in {"model", "store"}}


def is_written(cell: Cell, heard: Heard, sent: Sequence[Sent]) -> None:
    """The vendor gets the feature in its own protocol, as it is declared, and answers."""
    outcome = expected(cell.client, cell.upstream, cell.feature)
    assert [each.host for each in sent] == [UPSTREAMS[cell.upstream].host], heard.message or heard
    assert fits(outcome.receives, sent[0].given), f"{outcome.receives} is not in {sent[0].body!r}"
    if cell.feature in NOT_ANSWERED.get(cell.upstream, ()):
        assert heard.status == 400, "the stand-in answers this now: take it from NOT_ANSWERED"
        return
    is_told(cell, heard, outcome, FEATURES[cell.feature])


def model_of(feature: Feature, upstream: Upstream) -> str:
    """The name that the client writes as the model."""
    if feature.unknown:
        return NOWHERE
    return upstream.pinned if feature.pinned and upstream.named else upstream.route


def ask(cell: Cell, program: Program, model: str, vendors: Vendors) -> Heard:
    feature, upstream = FEATURES[cell.feature], UPSTREAMS[cell.upstream]
    if feature.fault:
        vendors.faults[upstream.host] = read_fault(feature.fault)
    arguments = program.write(feature.request) | feature.given.get(cell.client, {})
    return program.ask(model, arguments, stream=cell.mode == "streamed")


def is_refused(heard: Heard, outcome: Outcome) -> None:
    assert heard.status == 400, f"{outcome.fields[0]} was not refused"
    assert outcome.fields[0] in heard.message, heard.message


def untold(cell: Cell, heard: Heard, feature: Feature) -> set[str]:
    """What of an answer its client is not given; in a stream it is too late for the header."""
    if cell.mode == "streamed":
        return set()
    asked = feature.request.thinking is not None
    sealed = cell.upstream in SEALS_UNASKED and heard.text and not heard.calls
    left = {"reasoning"} if sealed and not heard.seals and not asked else set()
    return {*left, *TOLD_OF_ANSWERS.get((cell.client, cell.feature), ())}


def is_told(cell: Cell, heard: Heard, outcome: Outcome, feature: Feature) -> None:
    """The answer says who gave it and what was lost, and holds what it must."""
    upstream = UPSTREAMS[cell.upstream]
    if feature.fault:
        feature.hears(heard)
        return
    assert (heard.status, heard.broke) == (200, False), heard.message
    assert heard.headers["changeover-route"] == upstream.route
    # Converse does not name the model in its answer.
    assert heard.model in {upstream.model, ""}
    assert set(heard.losses) == {*outcome.fields, *untold(cell, heard, feature)}
    if outcome.kind == "reported":
        assert heard.text or heard.calls, "what is reported is answered all the same"
    else:
        feature.hears(heard)


@pytest.mark.parametrize(
    "refusal", REFUSALS, ids=[f"{each.client}-{each.field}" for each in REFUSALS]
)
@pytest.mark.parametrize("mode", ["whole", "streamed"])
def test_what_no_other_vendor_could_do_is_refused_by_name(
    refusal: Refusal, mode: str, programs: Mapping[str, Program], matrix_vendors: Vendors
):
    program = programs[refusal.client]
    arguments = program.write(FEATURES["text"].request)
    if refusal.client == "gemini":
        config = arguments["config"].model_copy(update=dict(refusal.given))
        arguments = {**arguments, "config": config}
    else:
        arguments = {**arguments, **refusal.given}
    earlier = len(matrix_vendors.sent)
    elsewhere = UPSTREAMS["chat" if refusal.client == "converse" else "converse"]
    heard = program.ask(elsewhere.route, arguments, stream=mode == "streamed")
    assert heard.status == 400
    assert refusal.field in heard.message
    assert len(matrix_vendors.sent) == earlier
