"""What Google's models can do by their generation, which their names tell.

Written from the vendor's pages "Gemini thinking" and "Thought signatures". Models
before 2.5 do not think; those of 2.5 take a budget of tokens, later ones a level. From
the third generation on a call bears an id and the signature of the thought behind it.
"""

import re

_NUMBER = re.compile(r"gemini-(\d+(?:\.\d+)?)")
_BUDGETS = {"pro": (128, 32_768), "lite": (512, 24_576), "": (1, 24_576)}


def generation(model: str) -> float:
    """The generation; models of other makers that Google hosts are of the second here."""
    found = _NUMBER.search(model)
    return float(found[1]) if found else 2.0


def thinks(model: str) -> bool:
    return generation(model) >= 2.5


def signs_calls(model: str) -> bool:
    """Whether each step's first call bears a signature, and has to bear it when it returns."""
    return generation(model) >= 3


def is_pro(model: str) -> bool:
    return "pro" in model


def budgets(model: str) -> tuple[int, int]:
    """The least and the most tokens of thoughts that a budget may be."""
    return next(span for kind, span in _BUDGETS.items() if kind in model)
