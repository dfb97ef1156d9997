"""What a person's words make an answer of Google's be: its end, and its sources.

The vendor ends answers for many reasons and cites sources as it sees fit. The stand-in
does so when it is asked to: "End with RECITATION." gives that finish reason, "Block
this for SAFETY." blocks the prompt for that reason, and "Cite https://example.org" ties
what it says to that page ("Recite https://example.org": as something quoted at length).
"""

import re
from collections.abc import Sequence

from changeover.standin.asked import Said

FINISHES = (
    "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "IMAGE_SAFETY",
    "IMAGE_OTHER", "NO_IMAGE", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE",
)  # fmt: skip
_END = re.compile(rf"\bEnd with ({'|'.join(FINISHES)})\b")
_BLOCK = re.compile(r"\bBlock this for (SAFETY|OTHER|BLOCKLIST|PROHIBITED_CONTENT|IMAGE_SAFETY)\b")
_CITE = re.compile(r"\bCite (https://[^\s\"”»]+[^\s\"”».,;:!?])")
_RECITE = re.compile(r"\bRecite (https://[^\s\"”»]+[^\s\"”».,;:!?])")


class Wishes:
    """What the last message of a person asks for in these words."""

    def __init__(self, conversation: Sequence[Said]) -> None:
        words = next((said.text for said in reversed(conversation) if said.role == "user"), "")
        self.finish = _first(_END, words)
        self.block = _first(_BLOCK, words)
        self.cited = tuple(_CITE.findall(words))
        self.recited = tuple(_RECITE.findall(words))


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1] if found else ""
