"""Vendors that answer garbage, hang, break off, refuse or redirect: what the caller gets."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anthropic
import openai
import pytest

from changeover.standin.settings import read_fault
from tests.end_to_end.programs import (
    ANTHROPIC,
    ERRORS,
    OPENAI,
    WAYS,
    Ask,
    programs,
    response_of,
    told,
)
from tests.end_to_end.running import CLAUDE, MESSAGES, Server
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CLAUDES = ("anthropic", "aws", "google")
ONE_ROUTE = f"{CLAUDE}@anthropic"
STREAMED = ("anthropic, events", "anthropic, helper", "openai, chunks", "openai, helper")
WHOLE = ("anthropic, whole", "openai, whole")
Calls = Callable[[int], list[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with Vendors(delay_ms=3, hang_seconds=20) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    options = ("--stand-in-url", vendors.url, "--patience", "0.4")
    with Server(folder, *options, CHANGEOVER_BREAKER="0", CHANGEOVER_RETRIES="0") as running:
        # The stand-ins' first answer takes longer than the patience: it loads their library.
        ask = programs_of(running, "statechat")["openai, whole"]
        for _ in range(3):
            try:
                ask("gpt-4.1")
            except ERRORS:
                continue
        running.calls_when(len(vendors.calls))
        yield running


@pytest.fixture(scope="module")
def strict(server: Server) -> Mapping[str, Ask]:
    """Programs of a service that takes no replacement."""
    return programs_of(server, "health-assistant")


@pytest.fixture(scope="module")
def replaceable(server: Server) -> Mapping[str, Ask]:
    """Programs of a service whose binding names GPT-4.1 after Claude."""
    return programs_of(server, "treasury-code")


def programs_of(server: Server, service: str) -> Mapping[str, Ask]:
    key = server.key(service)
    return programs(server.claude(key), server.gpt(key))


@pytest.fixture(autouse=True)
def sound(vendors: Vendors) -> Iterator[None]:
    yield
    vendors.faults.clear()


@pytest.fixture
def calls(server: Server) -> Calls:
    """What the ledger says of the so many attempts made since the test began."""
    earlier = len(server.ledger_calls())
    return lambda count: server.calls_when(earlier + count)[earlier:]


# status, the anthropic error, the openai error, words of the message
AT_ONCE: Mapping[str, tuple[int, type[Exception], type[Exception], str]] = {
    "garbage": (
        502,
        anthropic.InternalServerError,
        openai.InternalServerError,
        "gave no usable answer",
    ),
    "redirect": (502, anthropic.InternalServerError, openai.InternalServerError, "redirect"),
    "status=500": (500, anthropic.InternalServerError, openai.InternalServerError, "HTTP 500"),
    "status=529": (529, anthropic.APIStatusError, openai.InternalServerError, "HTTP 529"),
    "status=429": (429, anthropic.RateLimitError, openai.RateLimitError, "HTTP 429"),
    "status=400": (400, anthropic.BadRequestError, openai.BadRequestError, "HTTP 400"),
    "status=401": (
        502,
        anthropic.InternalServerError,
        openai.InternalServerError,
        "this installation's own credentials",
    ),
}


@pytest.mark.parametrize("fault", AT_ONCE)
def test_a_failure_at_once_is_an_error_in_the_callers_protocol(
    fault: str, strict: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    vendors.faults["anthropic"] = read_fault(fault)
    status, of_anthropic, of_openai, words = AT_ONCE[fault]
    for way, ask in strict.items():
        with pytest.raises(of_anthropic if way in ANTHROPIC else of_openai) as got:
            ask(ONE_ROUTE)
        error = got.value
        assert isinstance(error, ERRORS)
        overloaded = status == 529 and way not in ANTHROPIC
        assert error.status_code == (503 if overloaded else status), way
        assert words in told(error), way
        assert "anthropic" in told(error)
    recorded = calls(len(WAYS))
    assert [(c["host"], c["result"]) for c in recorded] == [("anthropic", "failed")] * len(WAYS)
    if number := re.fullmatch(r"status=(\d+)", fault):
        assert {c["status"] for c in recorded} == {int(number[1])}
    assert all(c["error"] for c in recorded)


def test_a_vendor_that_hangs_is_given_up(strict: Mapping[str, Ask], vendors: Vendors, calls: Calls):
    vendors.faults["anthropic"] = read_fault("hang")
    for way in ("anthropic, helper", "openai, chunks", "anthropic, whole"):
        with pytest.raises(ERRORS) as got:
            strict[way](ONE_ROUTE)
        assert response_of(got.value).status_code == 502
        assert "in time" in told(got.value)
    assert {(c["result"], c["error"]) for c in calls(3)} == {("failed", "UpstreamError")}


@pytest.mark.parametrize("fault", ["close-mid-stream", "garbage-mid-stream", "hang-mid-stream"])
def test_a_stream_that_breaks_off_ends_with_an_error_in_the_callers_protocol(
    fault: str, server: Server, vendors: Vendors, calls: Calls
):
    vendors.faults["anthropic"] = read_fault(fault)
    key = server.key("health-assistant")
    claude, gpt = server.claude(key), server.gpt(key)

    words: list[str] = []
    raised: list[Exception] = []
    events = claude.messages.create(model=ONE_ROUTE, max_tokens=200, messages=MESSAGES, stream=True)
    with pytest.raises(anthropic.APIError) as of_events:
        words.extend(event.type for event in events)
    raised.append(of_events.value)
    assert "content_block_delta" in words
    with (
        pytest.raises(anthropic.APIError) as of_helper,
        claude.messages.stream(model=ONE_ROUTE, max_tokens=200, messages=MESSAGES) as stream,
    ):
        stream.get_final_message()
    raised.append(of_helper.value)

    words.clear()
    with pytest.raises(openai.APIError) as of_chunks:
        words += [
            chunk.choices[0].delta.content or ""
            for chunk in gpt.chat.completions.create(
                model=ONE_ROUTE, messages=MESSAGES, stream=True
            )
        ]
    raised.append(of_chunks.value)
    with (
        pytest.raises(openai.APIError) as of_helper_too,
        gpt.chat.completions.stream(model=ONE_ROUTE, messages=MESSAGES) as chat,
    ):
        chat.get_final_completion()
    raised.append(of_helper_too.value)

    for error in raised:
        assert not isinstance(error, (anthropic.APIConnectionError, openai.APIConnectionError))
        assert "anthropic" in str(error) or "vendor" in str(error).lower()
    recorded = calls(4)
    assert [c["result"] for c in recorded] == ["failed"] * 4
    assert {c["status"] for c in recorded} == {200}
    assert {c["served_model"] for c in recorded} == {"claude-sonnet-4-5-20250929"}


@pytest.mark.parametrize("fault", ["close-mid-stream", "garbage-mid-stream", "hang-mid-stream"])
def test_a_whole_answer_that_breaks_off_is_502(
    fault: str, strict: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    vendors.faults["anthropic"] = read_fault(fault)
    for way in WHOLE:
        with pytest.raises(ERRORS) as got:
            strict[way](ONE_ROUTE)
        assert response_of(got.value).status_code == 502
    assert [c["result"] for c in calls(2)] == ["failed"] * 2


@pytest.mark.parametrize("fault", ["garbage", "redirect", "status=529", "status=429", "status=401"])
def test_the_next_route_of_the_model_answers(
    fault: str, strict: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    vendors.faults["anthropic"] = read_fault(fault)
    for way, ask in strict.items():
        heard = ask(CLAUDE)
        assert heard.headers["changeover-route"] == "anthropic/claude-sonnet-4-5@aws", way
    recorded = [(c["host"], c["result"], c["call"]) for c in calls(2 * len(WAYS))]
    for failed, answered in zip(recorded[::2], recorded[1::2], strict=True):
        assert failed == ("anthropic", "failed", failed[2])
        assert answered == ("aws", "answered", failed[2])


def test_the_binding_names_who_answers_when_no_route_of_the_model_does(
    replaceable: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    for host in CLAUDES:
        vendors.faults[host] = read_fault("status=529")
    for way, ask in replaceable.items():
        assert ask(CLAUDE).headers["changeover-route"] == "openai/gpt-4.1@openai", way
    recorded = calls(4 * len(WAYS))
    assert [c["host"] for c in recorded] == [*CLAUDES, "openai"] * len(WAYS)
    # A fallback sends its own model's name.
    received = vendors.calls[-1]
    assert (received.host, received.model) == ("openai", "gpt-4.1-2025-04-14")


def test_what_the_request_is_at_fault_for_is_not_tried_elsewhere(
    replaceable: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    vendors.faults["anthropic"] = read_fault("status=400")
    for ask in replaceable.values():
        with pytest.raises(ERRORS) as got:
            ask(CLAUDE)
        assert response_of(got.value).status_code == 400
    assert {c["host"] for c in calls(len(WAYS))} == {"anthropic"}


def test_a_service_that_takes_no_replacement_gets_none(
    strict: Mapping[str, Ask], vendors: Vendors, calls: Calls
):
    for host in CLAUDES:
        vendors.faults[host] = read_fault("status=529")
    for way, ask in strict.items():
        with pytest.raises(ERRORS) as got:
            ask(CLAUDE)
        assert response_of(got.value).status_code == (529 if way in ANTHROPIC else 503)
    assert [c["host"] for c in calls(3 * len(WAYS))] == [*CLAUDES] * len(WAYS)


def test_every_way_of_calling_is_covered():
    assert {*STREAMED, *WHOLE} == {*ANTHROPIC, *OPENAI}
