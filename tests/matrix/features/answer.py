"""The form and length of the answer."""

from changeover.conversation.model import OutputForm
from tests.matrix.features.feature import QUESTION, SCHEMA, Feature, asking, said, sampled
from tests.matrix.features.hearing import answers, is_cut, is_json, stops_before

OUTPUT = [
    Feature(
        name="json",
        title="Any JSON object",
        group="The answer's form",
        request=asking(said(f"{QUESTION} Answer in JSON."), output=OutputForm()),
        hears=is_json,
    ),
    Feature(
        name="json-schema",
        title="JSON that fits a schema",
        group="The answer's form",
        request=asking(output=OutputForm(schema=SCHEMA, name="place", strict=True)),
        hears=is_json,
    ),
    Feature(
        name="limit",
        title="A limit of tokens",
        group="The answer's form",
        request=sampled(max_tokens=16),
        hears=is_cut,
    ),
    Feature(
        name="stop",
        title="Stop sequences",
        group="The answer's form",
        request=sampled(stop=("counts",)),
        hears=stops_before("counts"),
    ),
    Feature(
        name="many-stops",
        title="Six stop sequences",
        group="The answer's form",
        request=sampled(stop=("counts", "b1", "b2", "b3", "b4", "b5")),
        hears=stops_before("counts"),
    ),
    Feature(
        name="verbosity",
        title="How much to say",
        group="The answer's form",
        request=asking(verbosity="low"),
        hears=answers,
    ),
]
