"""Every client, every upstream, every feature: what is carried, converted, reported or refused."""

import pytest

pytest.register_assert_rewrite("tests.matrix.features.hearing", "tests.matrix.conversing")
