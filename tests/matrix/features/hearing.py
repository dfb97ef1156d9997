"""What a program must have heard, feature by feature."""

import json
from collections.abc import Callable
from typing import Any

from tests.matrix.features.feature import WORDS
from tests.matrix.heard import Heard


def answers(heard: Heard) -> None:
    assert "boats" in heard.text
    assert heard.stop == "end"


def answered(heard: Heard) -> None:
    assert heard.text
    assert heard.stop == "end"


def quotes_the_result(heard: Heard) -> None:
    assert WORDS in heard.text
    assert heard.stop == "end"


def calls(*expected: tuple[str, Any]) -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.calls == expected
        assert heard.stop == "tool-use"
        assert len(set(heard.call_ids)) == len(expected)

    return check


def is_cut(heard: Heard) -> None:
    assert heard.stop == "length"
    assert 0 < len(heard.text) < 80


def stops_before(words: str) -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.text
        assert words not in heard.text
        assert heard.stop in {"end", "stop-sequence"}

    return check


def counts(heard: Heard) -> None:
    answers(heard)
    assert heard.counts.input
    assert heard.counts.output


def is_json(heard: Heard) -> None:
    assert isinstance(json.loads(heard.text), dict)


def has_chances(heard: Heard) -> None:
    answers(heard)
    assert heard.chances
    assert all(chance <= 0 for chance in heard.chances)


def thinks(heard: Heard) -> None:
    answers(heard)
    assert heard.reasoning
    assert heard.counts.output


def fails(*statuses: int, words: str = "") -> Callable[[Heard], None]:
    def check(heard: Heard) -> None:
        assert heard.status in statuses
        assert words in heard.message

    return check


def breaks(heard: Heard) -> None:
    """What came at once with the fault, before anything was passed on, is an error at once."""
    assert heard.broke or heard.status == 502
    assert heard.message


def never(heard: Heard) -> None:
    raise AssertionError(f"this is refused at every client, and was answered: {heard}")


def is_declined(heard: Heard) -> None:
    """As a refusal where the client's protocol knows one, else as withheld or as words."""
    assert heard.stop in {"refusal", "filtered", "end"}
    assert heard.refusal or heard.text or heard.stop == "filtered"


def is_withheld(heard: Heard) -> None:
    assert heard.stop in {"filtered", "refusal"}


def cites(heard: Heard) -> None:
    assert heard.text
    assert heard.citations or "citations" in " ".join(heard.losses)
