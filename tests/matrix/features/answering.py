"""What an answer may be beside words: declined, withheld, and with its sources.

The stand-ins give such an answer when a person's words ask for it.
"""

from tests.matrix.features.feature import QUESTION, Feature, asking, said
from tests.matrix.features.hearing import cites, is_declined, is_withheld

_OPENAIS = frozenset({"chat", "chat-5", "responses", "azure"})
PAGE = "https://example.org/log"

ANSWERING = [
    Feature(
        name="declines",
        title="The model declines",
        group="Answers",
        request=asking(said(f"{QUESTION} Please decline to answer.")),
        hears=is_declined,
        upstreams=_OPENAIS,
    ),
    Feature(
        name="withheld",
        title="The vendor's filter ends the answer",
        group="Answers",
        request=asking(said(f"{QUESTION} Then withhold it. End with SAFETY.")),
        hears=is_withheld,
        upstreams=frozenset({"chat", "chat-5", "azure", "gemini"}),
    ),
    Feature(
        name="cites",
        title="Sources by address",
        group="Answers",
        request=asking(said(f"{QUESTION} Cite {PAGE}")),
        hears=cites,
        upstreams=_OPENAIS | {"gemini"},
    ),
]
