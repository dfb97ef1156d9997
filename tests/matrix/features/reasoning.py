"""How much to reason, and what of it to show."""

import msgspec

from changeover.conversation.model import Thinking
from tests.matrix.features.feature import LIMIT, Feature, asking
from tests.matrix.features.hearing import answers, thinks

REASONING = [
    Feature(
        name="effort",
        title="How much to reason, in words",
        group="Reasoning",
        request=asking(thinking=Thinking(effort="high")),
        hears=answers,
    ),
    Feature(
        name="budget",
        title="How much to reason, in tokens",
        group="Reasoning",
        request=asking(
            thinking=Thinking(budget=2048), sampling=msgspec.structs.replace(LIMIT, max_tokens=4096)
        ),
        hears=answers,
    ),
    Feature(
        name="shown",
        title="Reasoning shown",
        group="Reasoning",
        request=asking(thinking=Thinking(effort="medium", show="auto")),
        hears=thinks,
    ),
]
