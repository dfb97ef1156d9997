"""How words are chosen."""

from tests.matrix.features.feature import Feature, sampled
from tests.matrix.features.hearing import answers, has_chances

SAMPLING = [
    Feature(
        name="temperature",
        title="Temperature",
        group="Sampling",
        request=sampled(temperature=0.5),
        hears=answers,
    ),
    Feature(
        name="hot",
        title="A temperature above 1",
        group="Sampling",
        request=sampled(temperature=1.5),
        hears=answers,
    ),
    Feature(
        name="top-p", title="top_p", group="Sampling", request=sampled(top_p=0.5), hears=answers
    ),
    Feature(name="top-k", title="top_k", group="Sampling", request=sampled(top_k=5), hears=answers),
    Feature(name="seed", title="Seed", group="Sampling", request=sampled(seed=7), hears=answers),
    Feature(
        name="penalties",
        title="Penalties for repetition",
        group="Sampling",
        request=sampled(frequency_penalty=0.5, presence_penalty=0.25),
        hears=answers,
    ),
    Feature(
        name="chances",
        title="Probabilities of tokens",
        group="Sampling",
        request=sampled(chances=2),
        hears=has_chances,
    ),
]
