import pytest

from changeover.wire.longest import Longest, longest_answer


@pytest.mark.parametrize(
    ("body", "longest"),
    [
        (b'{"model": "m", "max_tokens": 50}', Longest(50)),
        (b'{"max_completion_tokens": 70, "max_tokens": 50, "n": 3}', Longest(70, 3)),
        (b'{"max_output_tokens": 9, "stream": true}', Longest(9)),
        (b'{"generationConfig": {"maxOutputTokens": 8, "candidateCount": 2}}', Longest(8, 2)),
        (b'{"inferenceConfig": {"maxTokens": 7}}', Longest(7)),
        (b'{"max_tokens": null, "n": null}', Longest()),
        (b'{"max_tokens": -1}', Longest()),
        (b'{"max_tokens": "many"}', Longest()),
        (b"\xff\x00 a file", Longest()),
        (b"[]", Longest()),
        (b"", Longest()),
    ],
)
def test_every_protocol_says_how_long_an_answer_may_be(body, longest):
    assert longest_answer(body) == longest
