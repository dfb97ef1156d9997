"""The features of the matrix, in the order in which its tables show them."""

from collections.abc import Mapping

from tests.matrix.features.account import ACCOUNT
from tests.matrix.features.answer import OUTPUT
from tests.matrix.features.answering import ANSWERING
from tests.matrix.features.conversation import TEXT
from tests.matrix.features.errors import FAILURES
from tests.matrix.features.feature import Feature
from tests.matrix.features.media import MEDIA
from tests.matrix.features.reasoning import REASONING
from tests.matrix.features.sampling import SAMPLING
from tests.matrix.features.tools import TOOLS

FEATURES: Mapping[str, Feature] = {
    feature.name: feature
    for feature in (
        *TEXT,
        *MEDIA,
        *TOOLS,
        *OUTPUT,
        *SAMPLING,
        *REASONING,
        *ACCOUNT,
        *ANSWERING,
        *FAILURES,
    )
}
