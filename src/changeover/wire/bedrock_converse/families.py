"""Which models Bedrock's names mean, where the models' own settings differ.

Source: Amazon's guide to Bedrock, "Inference request parameters and response fields for
foundation models", and Anthropic's page "Thinking" on what each Claude takes. A name is
a model's (`anthropic.claude-sonnet-4-5-20250929-v1:0`), a profile's (`us.` before it) or
an ARN that ends in one of them. The ARN of an application's own profile, or of a model
that was imported, tells nothing: it gets what Converse itself takes, and no more.
"""

import re
from typing import Literal

import msgspec

Family = Literal["claude", "nova", "openai", "mistral", "other"]

_STEMS: tuple[tuple[str, Family], ...] = (
    ("claude", "claude"),
    ("amazon.nova", "nova"),
    ("openai.", "openai"),
    ("mistral.", "mistral"),
)
_VERSION = re.compile(r"claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)")
_NEWEST = (99, 0)


class Known(msgspec.Struct, frozen=True):
    """What a model's name tells of it; `version` is Claude's, the newest where it is unknown."""

    family: Family
    version: tuple[int, int] = _NEWEST

    @property
    def reasons(self) -> bool:
        """Whether it is a Claude that can be asked to reason."""
        return self.family == "claude" and self.version >= (3, 7)

    @property
    def adapts(self) -> bool:
        """Whether it is a Claude that decides by itself how much to reason, if asked."""
        return self.family == "claude" and self.version >= (4, 6)

    @property
    def budgets(self) -> bool:
        """Whether it is a Claude that takes a budget of tokens for reasoning."""
        return self.reasons and self.version < (4, 7)

    @property
    def usually(self) -> bool:
        """Whether it is a Claude that reasons where it is not asked to."""
        return self.family == "claude" and self.version >= (5, 0)

    @property
    def caches(self) -> bool:
        """Whether it takes cache points in what is said."""
        return self.family in {"claude", "nova"}


def known(model: str) -> Known:
    """What the name of a model tells."""
    lower = model.lower()
    families: list[Family] = [family for stem, family in _STEMS if stem in lower]
    family = families[0] if families else "other"
    found = _VERSION.search(lower)
    if family != "claude" or found is None:
        return Known(family)
    return Known(family, (int(found[1]), int(found[2] or 0)))
