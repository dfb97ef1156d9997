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
        (b'{"max_tokens": 90, "max_completion_tokens": 70}', Longest(90)),
        (b'{"max_tokens": 9, "generationConfig": {"maxOutputTokens": 12}}', Longest(12)),
        (b'{"max_tokens": "many", "n": 3}', Longest(None, 3)),
        (b'{"max_tokens": {"a": [1e999]}, "n": 3}', Longest(None, 3)),
        (b'{"generationConfig": [], "n": 3, "max_tokens": 5.0}', Longest(5, 3)),
        (b'{"generationConfig": {"seed": 1e999, "candidateCount": 2}}', Longest(None, 2)),
        (b'{"generationConfig": {"maxOutputTokens": "8", "candidateCount": "2"}}', Longest(8, 2)),
        (b'{"generation_config": {"max_output_tokens": 8, "candidate_count": 2}}', Longest(8, 2)),
        (b'{"n": true, "max_tokens": false}', Longest()),
        (b'{"n": 100000000000000000000}', Longest(None, 10**20)),
        (b"\xff\x00 a file", Longest()),
        (b"[]", Longest()),
        (b"", Longest()),
    ],
)
def test_every_protocol_says_how_long_an_answer_may_be(body, longest):
    assert longest_answer(body) == longest


FORM = "multipart/form-data; boundary=b"


def field(name, value):
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        (field("prompt", "A cat."), 1),
        (field("n", "4") + field("prompt", "A cat."), 4),
        (field("n", "1") + field("n", "7"), 7),
        (field("n", "many"), 1),
    ],
)
def test_a_form_says_how_many_pictures_are_drawn(fields, answers):
    body = (fields + "--b--\r\n").encode()
    assert longest_answer(body, FORM) == Longest(None, answers)
    assert longest_answer(b"no form", FORM) == Longest()
