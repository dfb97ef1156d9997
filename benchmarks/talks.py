"""Conversations of any length, as the files that an export writes and an import takes."""

from datetime import UTC, datetime, timedelta
from typing import Any

_BEGAN = datetime(2026, 2, 1, 9, tzinfo=UTC)
_WORDS = "The harbour office keeps a log of each boat, its berth, and the hour of the tide."


def long_talk(turns: int) -> dict[str, Any]:
    """A talk of so many turns, each of some 400 characters, answers with a list."""
    return {
        "format": "changeover-conversation",
        "version": 1,
        "notice": {"en": "Machines wrote the answers.", "fr": "Des machines ont écrit cela."},
        "exported": _BEGAN.isoformat(),
        "id": "conv-long",
        "title": f"A talk of {turns} turns",
        "service": "statechat",
        "created": _BEGAN.isoformat(),
        "changed": (_BEGAN + timedelta(minutes=turns)).isoformat(),
        "head": f"turn-{turns}",
        "turns": [_turn(number) for number in range(1, turns + 1)],
        "seams": [],
    }


def _turn(number: int) -> dict[str, Any]:
    asks = number % 2 == 1
    question = f"Question {number}. {_WORDS} What does line {number} say? " + _WORDS * 2
    listed = f"1. **Berth {number}**\n2. `tide {number}`"
    answer = f"Answer {number}. {_WORDS}\n\n{listed}\n\n{_WORDS} {_WORDS}"
    return {
        "id": f"turn-{number}",
        "parent": None if number == 1 else f"turn-{number - 1}",
        "role": "user" if asks else "assistant",
        "created": (_BEGAN + timedelta(minutes=number)).isoformat(),
        "state": "complete",
        "text": question if asks else answer,
        "served": None,
        "problem": None,
        "fresh": False,
        "instructed": False,
        "origin": None,
    }
