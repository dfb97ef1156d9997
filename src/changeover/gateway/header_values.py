"""What a header's value may hold: visible ASCII and spaces (RFC 9110 §5.5)."""

_LONGEST = 1_000


def ascii_value(text: str) -> str:
    """The text with every other character as `?`, at most 1,000 characters of it."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)[:_LONGEST]
