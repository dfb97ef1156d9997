import re

from hypothesis import given
from hypothesis import strategies as st

from changeover.wire.anthropic_messages.content import FITTING_ID
from changeover.wire.call_ids import CallIds
from changeover.wire.openai_chat.profiles import OPENAI
from tests.strategies import call_ids

SHORT = re.compile(r"[a-z0-9_]{1,30}")


def test_an_id_that_fits_stays_and_another_becomes_one_that_does():
    ids = CallIds(SHORT)
    assert ids.of_call("call_1") == "call_1"
    changed = ids.of_call("fc_1|rs_2")
    assert SHORT.fullmatch(changed)
    assert ids.of_result("fc_1|rs_2") == changed
    assert CallIds(SHORT).of_call("fc_1|rs_2") == changed


def test_an_id_used_again_is_another_call_and_its_result_answers_the_last_before_it():
    ids = CallIds(SHORT)
    first = ids.of_call("call_0")
    assert ids.of_result("call_0") == first == "call_0"
    second = ids.of_call("call_0")
    assert ids.of_result("call_0") == second != first


def test_a_result_without_a_call_keeps_what_fits():
    assert CallIds(SHORT).of_result("call_1") == "call_1"
    assert SHORT.fullmatch(CallIds(SHORT).of_result("a b"))


@given(st.lists(call_ids, max_size=20), st.sampled_from([FITTING_ID, OPENAI.call_id]))
def test_all_ids_fit_and_no_two_calls_share_one(calls, fitting):
    ids = CallIds(fitting)
    written = [ids.of_call(call) for call in calls]
    assert all(fitting.fullmatch(one) for one in written)
    assert len(set(written)) == len(written)
