"""What a vendor tells beside an answer: sources, probabilities, why it ended, and errors."""

import json
from typing import Any

import pytest

from changeover.conversation.events import ChancesSeen, fold
from changeover.conversation.model import Citation, Reply, Text, TokenChance, ToolCall
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.gemini_generate.codec import GeminiGenerate

WIRE = GeminiGenerate()
CONTEXT = ReplyContext(id="reply-1", model="shown", created=0)
WORDS = "Déjà vu is old. So is Rome."


def candidate(*parts: dict[str, Any], **beside: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)}
    return {"candidates": [{"content": content, **beside}], "responseId": "r"}


def whole(*parts: dict[str, Any], **beside: Any) -> Reply:
    answer = candidate(*parts, **{"finishReason": "STOP", **beside})
    return fold(WIRE.decode_reply(json.dumps(answer).encode()))


def streamed(*pieces: dict[str, Any]) -> Reply:
    decoder = WIRE.stream_decoder()
    data = b"".join(b"data: %b\r\n\r\n" % json.dumps(each).encode() for each in pieces)
    return fold([*decoder.feed(data), *decoder.close()])


def grounding(first: int, last: int, text: str = "", **segment: Any) -> dict[str, Any]:
    place = {"startIndex": first, "endIndex": last, "text": text, **segment}
    return {
        "webSearchQueries": ["old"],
        "groundingChunks": [
            {"web": {"uri": "https://example.org/a", "title": "A"}},
            {"retrievedContext": {"title": "Memo", "text": "Rome is old.", "pageNumber": 3}},
        ],
        "groundingSupports": [
            {"segment": place, "groundingChunkIndices": [0], "confidenceScores": [0.9]}
        ],
    }


WEB = Citation(url="https://example.org/a", title="A")
MEMO = Citation(title="Memo", quote="Rome is old.", unit="page", first=3, last=4)


def at(start: int, end: int) -> Citation:
    return Citation(url=WEB.url, title=WEB.title, start=start, end=end)


@pytest.mark.parametrize(
    ("place", "cited"),
    [
        # "Déjà" has six bytes and four letters.
        ((0, 10, "Déjà vu "), at(0, 8)),
        ((17, 29, "So is Rome."), at(16, 27)),
        ((0, 10), at(0, 8)),
        ((90, 95, "So is Rome."), at(16, 27)),
        ((90, 95, "Nowhere"), WEB),
    ],
)
def test_a_source_is_placed_by_bytes_and_by_its_words(place: Any, cited: Citation):
    reply = whole({"text": WORDS}, groundingMetadata=grounding(*place))
    assert reply.parts == (Text(text=WORDS, citations=(cited, MEMO)),)
    assert reply.losses == ()


def test_a_source_told_at_a_streams_end_is_of_what_was_said():
    reply = streamed(
        candidate({"text": "Déjà vu is old."}),
        candidate({"text": " So is Rome."}),
        candidate(
            {"text": "", "thoughtSignature": "QQ=="},
            groundingMetadata=grounding(18, 29, "So is Rome."),
            finishReason="STOP",
        ),
    )
    assert reply.parts[0] == Text(text=WORDS, citations=(at(16, 27), MEMO))


def test_a_source_is_of_the_part_that_it_names():
    call = {"functionCall": {"name": "f"}}
    metadata = grounding(0, 5, "So is", partIndex=2)
    reply = whole({"text": "Hm."}, call, {"text": "So is Rome."}, groundingMetadata=metadata)
    first, _, second = reply.parts
    assert first == Text(text="Hm.", citations=(MEMO,))
    assert second == Text(text="So is Rome.", citations=(at(0, 5),))


@pytest.mark.parametrize("name", ["citations", "citationSources"])
def test_what_an_answer_quotes_at_length_is_a_citation(name: str):
    metadata = {name: [{"startIndex": 7, "endIndex": 9, "uri": "https://example.org/q"}]}
    reply = whole({"text": WORDS}, citationMetadata=metadata)
    assert reply.parts[0] == Text(
        text=WORDS, citations=(Citation(url="https://example.org/q", start=5, end=7),)
    )


def test_a_form_of_sources_that_is_not_known_costs_no_answer():
    reply = whole(
        {"text": "Hi"},
        groundingMetadata={"groundingChunks": "new"},
        logprobsResult={"topCandidates": 1},
    )
    assert reply.parts == (Text(text="Hi"),)
    assert [loss.field for loss in reply.losses] == ["groundingMetadata", "logprobsResult"]


def token(text: str, chance: float) -> dict[str, Any]:
    return {"token": text, "logProbability": chance, "tokenId": 7}


def test_probabilities_are_dealt_out_to_the_texts_that_they_are_of():
    result = {
        "chosenCandidates": [token("Hel", -0.1), token("lo", -0.2), token("Go", -0.3)],
        "topCandidates": [{"candidates": [token("Hel", -0.1), token("Hal", -2.5)]}, {}, {}],
    }
    call = {"functionCall": {"name": "f"}}
    reply = whole({"text": "Hello"}, call, {"text": "Go"}, logprobsResult=result)
    others = (TokenChance(token="Hel", logprob=-0.1), TokenChance(token="Hal", logprob=-2.5))
    assert reply.parts[0] == Text(
        text="Hello",
        chances=(
            TokenChance(token="Hel", logprob=-0.1, others=others),
            TokenChance(token="lo", logprob=-0.2),
        ),
    )
    assert reply.parts[2] == Text(text="Go", chances=(TokenChance(token="Go", logprob=-0.3),))


def test_probabilities_before_words_wait_for_them():
    from changeover.conversation.events import Finished, Started, TextDelta, TextEnded, TextStarted

    chance = TokenChance(token="Hi", logprob=-0.5)
    encoder, decoder = WIRE.stream_encoder(CONTEXT), WIRE.stream_decoder()
    events = (
        Started(id="a", model="b"),
        TextStarted(),
        ChancesSeen(chances=(chance,)),
        TextDelta(text="Hi"),
        TextEnded(),
        Finished(stop="end"),
    )
    read = decoder.feed(b"".join(encoder.encode(event) for event in events))
    assert fold([*read, *decoder.close()]).parts == (Text(text="Hi", chances=(chance,)),)


@pytest.mark.parametrize(
    ("finish", "means"),
    [
        ("MALFORMED_FUNCTION_CALL", "cannot be read"),
        ("UNEXPECTED_TOOL_CALL", "none was offered"),
        ("TOO_MANY_TOOL_CALLS", "again and again"),
        ("NO_IMAGE", "no picture"),
        ("NEW", "cannot be carried"),
    ],
)
def test_an_answer_that_failed_says_how(finish: str, means: str):
    with pytest.raises(VendorProtocolError, match=finish) as caught:
        whole({"text": "Hi"}, finishReason=finish, finishMessage="Malformed: f(")
    assert means in caught.value.means
    assert caught.value.means.endswith("Malformed: f(")


def test_a_call_that_cannot_be_written_takes_its_seal_with_it():
    from changeover.conversation.model import Reasoning, Sealed

    seal = Reasoning(sealed=Sealed(form="wrapped", value="co1", on="next"))
    call = ToolCall(id="1", name="f", arguments="{")
    reply = Reply(id="a", model="b", parts=(seal, call), stop="tool-use")
    (given,) = json.loads(WIRE.encode_reply(reply, CONTEXT))["candidates"]
    assert given["content"]["parts"] == [{"text": ""}]
    assert given["finishReason"] == "MALFORMED_FUNCTION_CALL"


def test_an_error_tells_when_to_try_again_and_what_is_wrong():
    details = [
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"},
        {"@type": "type.googleapis.com/google.rpc.Help"},
    ]
    error = {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}
    failed = WIRE.decode_error(429, json.dumps({"error": {**error, "details": details}}).encode())
    assert (failed.kind, failed.message) == (
        "RESOURCE_EXHAUSTED",
        "Slow down. Please retry in 34s.",
    )
    said = {**error, "message": "Please retry in 34.1s.", "details": details}
    assert WIRE.decode_error(429, json.dumps([{"error": said}]).encode()).message == said["message"]
    violation = {"field": "contents[0]", "description": "contents[0] is empty."}
    request = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    vague = {"message": "Request contains an invalid argument.", "details": [request]}
    assert WIRE.decode_error(400, json.dumps({"error": vague}).encode()).message == (
        "Request contains an invalid argument. contents[0] is empty."
    )
