"""Which models Bedrock's names mean, where the models' own settings differ.

Source: Amazon's guide to Bedrock, "Inference request parameters and response fields for
foundation models"; what each Claude takes is in `wire/claude.py`. A name is a model's
(`anthropic.claude-sonnet-4-5-20250929-v1:0`), a profile's (`us.` before it) or an ARN that
ends in one of them. The ARN of an application's own profile, or of a model that was
imported, tells nothing: it gets what Converse itself takes, and no more.
"""

from functools import lru_cache
from typing import Literal

import msgspec

from changeover.wire.claude import Generation, generation_of

Family = Literal["claude", "nova", "openai", "mistral", "other"]

_STEMS: tuple[tuple[str, Family], ...] = (
    ("claude", "claude"),
    ("amazon.nova", "nova"),
    ("openai.", "openai"),
    ("mistral.", "mistral"),
)


class Known(msgspec.Struct, frozen=True):
    """What a model's name tells of it; `claude` is what one of Claude's takes."""

    family: Family
    claude: Generation | None = None

    @property
    def caches(self) -> bool:
        """Whether it takes cache points in what is said."""
        return self.family in {"claude", "nova"}

    @property
    def samples(self) -> bool:
        """Whether it takes settings of how to choose words."""
        return self.claude is None or self.claude.sampling

    @property
    def continues(self) -> bool:
        """Whether it goes on with a last turn of the assistant's."""
        return self.claude is None or self.claude.prefill


@lru_cache(maxsize=512)
def known(model: str) -> Known:
    """What the name of a model tells."""
    lower = model.lower()
    families: list[Family] = [family for stem, family in _STEMS if stem in lower]
    family = families[0] if families else "other"
    return Known(family, generation_of(model) if family == "claude" else None)
