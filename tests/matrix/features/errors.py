"""Vendors that refuse, fail or break off."""

from tests.matrix.features.feature import Feature, asking
from tests.matrix.features.hearing import breaks, fails

FAILURES = [
    Feature(
        name="unknown-model",
        title="A model that nobody serves",
        group="Errors",
        request=asking(),
        hears=fails(404, words="no-such-model"),
        unknown=True,
    ),
    Feature(
        name="rate-limited",
        title="The vendor's rate limit",
        group="Errors",
        request=asking(),
        hears=fails(429),
        fault="status=429",
    ),
    Feature(
        name="overloaded",
        title="The vendor is overloaded",
        group="Errors",
        request=asking(),
        hears=fails(503, 529),
        fault="status=503",
    ),
    Feature(
        name="refused-by-vendor",
        title="The vendor refuses the request",
        group="Errors",
        request=asking(),
        hears=fails(400),
        fault="status=400",
    ),
    Feature(
        name="garbage",
        title="The vendor answers what is no answer",
        group="Errors",
        request=asking(),
        hears=fails(502),
        fault="garbage",
    ),
    Feature(
        name="closed",
        title="The vendor breaks off in mid-stream",
        group="Errors",
        request=asking(),
        hears=breaks,
        fault="close-mid-stream",
        modes=("streamed",),
    ),
    Feature(
        name="garbage-in-stream",
        title="The vendor's stream turns into garbage",
        group="Errors",
        request=asking(),
        hears=breaks,
        fault="garbage-mid-stream",
        modes=("streamed",),
    ),
]
