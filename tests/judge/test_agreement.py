"""The engine gives the answers of the judge. `make fuzz` asks many more questions."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.judge.agreement import disagreement, in_words
from tests.judge.worlds import draw_case

# A seed cannot be made smaller in a way that means anything: the record itself is shrunk.
without_shrinking = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(
    max_examples=800,
    deadline=None,
    phases=without_shrinking,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 2**40))
def test_judge_and_engine_agree(seed: int):
    found = disagreement(draw_case(seed))
    if found is not None:
        pytest.fail(
            f"Judge and engine disagree; to ask again: python -m tests.judge --cases 8 "
            f"--seed {seed}\n{in_words(found)}"
        )
