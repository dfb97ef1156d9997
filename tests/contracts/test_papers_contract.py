from datetime import UTC, datetime

from changeover.orders.papers import Paper
from tests.contracts.conftest import Ports

AT = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)


def _paper(paper: str, version: int, body: bytes | None = b"{}", kind: str = "draft") -> Paper:
    return Paper(kind=kind, id=paper, version=version, at=AT, by="ana", account="a-1", body=body)


def test_versions_follow_one_another_and_none_is_skipped_or_written_over(ports: Ports):
    first, second = _paper("one", 1), _paper("one", 2, b'{"a":1}')
    assert ports.papers.add(first)
    assert not ports.papers.add(_paper("one", 1, b"[]"))
    assert not ports.papers.add(_paper("one", 3))
    assert not ports.papers.add(_paper("two", 2))
    assert ports.papers.add(second)
    assert ports.papers.versions("draft", "one") == [first, second]
    assert ports.papers.versions("draft", "two") == []


def test_the_newest_of_each_of_a_kind_by_first_writing_removed_ones_too(ports: Ports):
    for paper in (
        _paper("b", 1),
        _paper("a", 1),
        _paper("b", 2, None),
        _paper("other", 1, kind="exit"),
    ):
        assert ports.papers.add(paper)
    assert ports.papers.newest("draft") == [_paper("b", 2, None), _paper("a", 1)]
    assert ports.papers.newest("exit") == [_paper("other", 1, kind="exit")]
    assert ports.papers.newest("message") == []
