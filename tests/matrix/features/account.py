"""For whom it is asked, the cache, and the counts."""

from changeover.conversation.model import CacheMark, Text
from tests.matrix.features.feature import FACT, Feature, asking, said
from tests.matrix.features.hearing import answers, counts

ACCOUNT = [
    Feature(
        name="user",
        title="For whom it is asked",
        group="Account and cache",
        request=asking(user="user-7"),
        hears=answers,
    ),
    Feature(
        name="metadata",
        title="The client's own records",
        group="Account and cache",
        request=asking(metadata={"case": "seven"}),
        hears=answers,
    ),
    Feature(
        name="cache",
        title="Marks for the prompt cache",
        group="Account and cache",
        request=asking(
            said(Text(text=FACT, cache=CacheMark()), "Who counts the boats?"),
            system=(Text(text="Be brief.", cache=CacheMark(ttl="1h")),),
        ),
        hears=answers,
    ),
    Feature(
        name="cache-key",
        title="A name for what requests have in common",
        group="Account and cache",
        request=asking(cache_key="harbour"),
        hears=answers,
    ),
    Feature(
        name="usage",
        title="Tokens counted",
        group="Account and cache",
        request=asking(),
        hears=counts,
    ),
]
