"""What a vendor says of how much more it takes: headers of every response.

Sources: OpenAI's guide "Rate limits", Anthropic's reference "Rate limits". The figures are
the same always; who is refused for too many calls is told to come again in a second.
"""

from datetime import UTC, datetime

AGAIN = {429: "1", 503: "1", 529: "1"}
_MINUTE = 60


def openai_allowance() -> dict[str, str]:
    """OpenAI's: how long until all are there again."""
    return {
        "x-ratelimit-limit-requests": "10000",
        "x-ratelimit-remaining-requests": "9999",
        "x-ratelimit-reset-requests": "6ms",
        "x-ratelimit-limit-tokens": "2000000",
        "x-ratelimit-remaining-tokens": "1999000",
        "x-ratelimit-reset-tokens": "30ms",
    }


def anthropic_allowance(now: int) -> dict[str, str]:
    """Anthropic's: when all are there again; `now` counts seconds since 1970."""
    reset = datetime.fromtimestamp(now + _MINUTE, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    figures = {"requests": (4000, 3999), "tokens": (500_000, 499_000)}
    return {
        f"anthropic-ratelimit-{of}-{what}": text
        for of, (limit, remaining) in figures.items()
        for what, text in (
            ("limit", str(limit)),
            ("remaining", str(remaining)),
            ("reset", reset),
        )
    }
