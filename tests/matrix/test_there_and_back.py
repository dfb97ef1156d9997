"""Conversations that go to another vendor and back, and to a third: nothing is rejected or lost.

An application holds the history, with each SDK, and its route changes between calls, also
in the middle of a loop of tools. The stand-ins are as strict as their vendors. What a vendor
sealed comes back to it byte for byte inside its scope, and is sent nowhere else.
"""

from collections.abc import Iterator, Mapping
from itertools import cycle, permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changeover.conversation.model import Thinking
from tests.matrix.cells import CLIENTS
from tests.matrix.conversing import Conversation, Hop, Step
from tests.matrix.programs.program import Program
from tests.matrix.seals import minted, misplaced, wrapped_only
from tests.matrix.upstreams import UPSTREAMS
from tests.matrix.vendors import Vendors
from tests.matrix.writes.servers import NOT_ANSWERED

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
each_client = pytest.mark.parametrize("client", CLIENTS)
SHOWN = Thinking(effort="medium", show="auto")
THINKING: Mapping[str, Thinking] = dict.fromkeys(CLIENTS, SHOWN) | {
    "chat": Thinking(effort="medium")
}
"""How each client asks for reasoning."""

VENDORS = [name for name in UPSTREAMS if "effort" not in NOT_ANSWERED.get(name, ())]
"""All but the servers whose stand-ins do not reason."""

ALL_ORDERS = [(*pair, pair[0], third) for *pair, third in permutations(VENDORS, 3)]
_ROUND = VENDORS * 2
ORDERS = [
    (name, _ROUND[at + far], name, _ROUND[at + far + 1])
    for at, name in enumerate(VENDORS)
    for far in (1, 3)
]
"""There, back and on: every vendor with two others, and with `--all-cells` every three."""

SEALING = {"messages", "responses", "gemini", "converse", "bedrock", "vertex"}
"""Vendors whose answers hold sealed parts, so that there is something to bring back."""

hops = st.builds(Hop, st.sampled_from([UPSTREAMS[name] for name in VENDORS]), st.booleans())
steps = st.lists(
    st.sampled_from(list[Step](["fact", "question", "image", "tools"])), min_size=2, max_size=5
)


def through(order: tuple[str, ...], *, stream: bool) -> Iterator[Hop]:
    return cycle([Hop(UPSTREAMS[name], stream) for name in order])


def sound(conversation: Conversation) -> None:
    assert [call.sent.status for call in conversation.calls] == [200] * len(conversation.heard)
    assert misplaced(conversation.calls) == []
    shown = [seal for heard in conversation.heard for seal in heard.seals]
    assert wrapped_only(shown, conversation.calls) == {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "order" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all-cells", default=False)
        metafunc.parametrize("order", ALL_ORDERS if every else ORDERS, ids="-".join)


@each_client
def test_a_loop_of_tools_goes_there_and_back_and_on(
    client: str, order: tuple[str, ...], programs: Mapping[str, Program], matrix_vendors: Vendors
):
    conversation = Conversation(programs[client], matrix_vendors, THINKING[client])
    route = through(order, stream=len(order[0]) % 2 == 0)
    conversation.begin(next(route))
    heard = conversation.take("tools", route)
    assert [call for each in conversation.heard for call in each.calls] == [
        ("weather", {"city": "Paris"}),
        ("weather", {"city": "Rome"}),
        ("clock", {}),
    ]
    assert "noon" in heard.text
    assert [call.upstream.name for call in conversation.calls] == list(order)
    sealing = [call for call in conversation.calls if minted(call.sent.answer)]
    assert {call.upstream.name for call in sealing} == SEALING & set(order)
    sound(conversation)


@each_client
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_long_conversations_go_anywhere(
    client: str,
    programs: Mapping[str, Program],
    matrix_vendors: Vendors,
    data: st.DataObject,
):
    conversation = Conversation(programs[client], matrix_vendors, THINKING[client])
    drawn = iter(lambda: data.draw(hops), None)
    conversation.begin(next(drawn))
    for step in data.draw(steps):
        heard = conversation.take(step, drawn)
        assert heard.text
        assert "noon" in heard.text or step != "tools"
        # All that was said stands before each vendor, whoever was asked before it.
        assert b"due on 27 August" in conversation.calls[-1].sent.body
    sound(conversation)
