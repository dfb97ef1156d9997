"""Point 2: programs that are not restarted get what their service is set to get."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import anthropic
import httpx2
import msgspec
import openai
import pytest

from tests.end_to_end.programs import ERRORS, WAYS, Error, Heard, programs, response_of, told
from tests.end_to_end.running import CLAUDE, GPT, ROOT, Server
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CLAUDE_ROUTE = "anthropic/claude-sonnet-4-5@anthropic"
GPT_ROUTE = "openai/gpt-4.1@openai"
SERVICES = ("treasury-code", "fannie-documents", "defence-analysis")
Answers = Mapping[tuple[str, str], Heard | Error]


class Story(msgspec.Struct):
    """What programs heard before and after the orders of late February and early March.

    Keys are (service, way of calling); `after_call` is how many calls the vendors
    had received when the orders came.
    """

    server: Server
    vendors: Vendors
    before: Answers
    after: Answers
    after_call: int


@pytest.fixture(scope="module")
def story(server: Server, vendors: Vendors) -> Story:
    keys = {service: server.key(service) for service in SERVICES}
    running = {
        (service, way): program
        for service, key in keys.items()
        for way, program in programs(server.claude(key), server.gpt(key)).items()
    }

    def hear() -> Answers:
        heard: dict[tuple[str, str], Heard | Error] = {}
        for place, program in running.items():
            try:
                heard[place] = program(CLAUDE)
            except ERRORS as error:
                heard[place] = error
        return heard

    before, after_call = hear(), len(vendors.calls)
    server.run("scenario", "play", "--until", "2026-03-03")
    return Story(server, vendors, before, hear(), after_call)


def heard(answers: Answers, service: str, way: str) -> Heard:
    answer = answers[service, way]
    assert isinstance(answer, Heard)
    return answer


def refused(answers: Answers, service: str, way: str) -> Error:
    answer = answers[service, way]
    assert isinstance(answer, ERRORS)
    return answer


@pytest.mark.parametrize("way", WAYS)
def test_before_the_orders_claude_answers(story: Story, way: str):
    for service, host in (
        ("treasury-code", "anthropic"),
        ("fannie-documents", "aws"),
        ("defence-analysis", "anthropic"),
    ):
        answer = heard(story.before, service, way)
        assert answer.headers["changeover-route"] == f"anthropic/claude-sonnet-4-5@{host}"
        assert answer.headers["changeover-decision"] == "allow"
        assert answer.headers["changeover-requested-model"] == CLAUDE
        assert answer.headers["changeover-stand-in"] == "true"
        assert "changeover-notice" not in answer.headers
        assert "changeover-replaced" not in answer.headers
        assert answer.model == "anthropic/claude-sonnet-4-5"
        assert "Stand-in for" in answer.text


@pytest.mark.parametrize("way", WAYS)
def test_after_them_a_service_that_replaces_is_answered_by_the_replacement(story: Story, way: str):
    answer = heard(story.after, "treasury-code", way)
    assert answer.headers["changeover-route"] == GPT_ROUTE
    assert answer.headers["changeover-replaced"] == CLAUDE_ROUTE
    assert answer.headers["changeover-instruments"] == "treasury-order"
    assert answer.headers["changeover-requested-model"] == CLAUDE
    assert answer.headers["changeover-stand-in"] == "true"
    assert answer.model == "openai/gpt-4.1"
    assert answer.text.startswith("Stand-in for OpenAI")


@pytest.mark.parametrize("way", WAYS)
def test_after_them_a_service_that_refuses_gets_451_in_its_own_error_shape(story: Story, way: str):
    error = refused(story.after, "fannie-documents", way)
    assert error.status_code == 451
    said = told(error)
    assert "housing-order" in said
    assert "Director of the Federal Housing Finance Agency" in said
    assert "since 2 March 2026, 11:10" in said
    assert re.search(r"Use \S+@\S+, .* instead\.$", said)
    assert error.response.headers["changeover-instruments"] == "housing-order"
    assert error.response.headers["changeover-decision"] == "refuse"


@pytest.mark.parametrize("way", [WAYS[0], WAYS[3]])
def test_the_refusal_links_to_who_blocks_and_to_the_order(story: Story, way: str):
    error = refused(story.after, "fannie-documents", way)
    found = re.findall(r'<([^>]+)>; rel="([a-z-]+)"', error.response.headers["link"])
    links = {relation: address for address, relation in found}
    assert links == {
        "blocked-by": story.server.url,
        "describedby": f"{story.server.url}orders/housing-order",
    }
    page = httpx2.get(links["describedby"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert httpx2.get(links["blocked-by"]).status_code == 200
    order = story.server.get("/api/orders/housing-order")
    assert order.json()["summary"]["issuer"] == "housing-director"


def test_the_error_types_are_those_of_a_refusal(story: Story):
    claude = refused(story.after, "fannie-documents", WAYS[0])
    gpt = refused(story.after, "fannie-documents", WAYS[3])
    assert isinstance(claude, anthropic.APIStatusError)
    assert isinstance(gpt, openai.APIStatusError)
    body = claude.body
    assert isinstance(body, dict)
    assert body["error"]["type"] == "permission_error"
    assert (gpt.code, gpt.type) == ("barred_by_order", "request_forbidden")


@pytest.mark.parametrize("way", WAYS)
def test_a_service_that_winds_down_is_told_until_when(story: Story, way: str):
    answer = heard(story.after, "defence-analysis", way)
    assert answer.headers["changeover-decision"] == "notice"
    assert answer.headers["changeover-route"] == CLAUDE_ROUTE
    assert "27 August 2026" in answer.headers["changeover-notice"]
    # The President's order is of 16:00 in Washington, and so is the end of its six months.
    assert answer.headers["changeover-deadline"] == "2026-08-27T20:00:00Z"
    assert answer.headers["sunset"] == "Thu, 27 Aug 2026 20:00:00 GMT"
    assert answer.headers["changeover-instruments"] == "president-order"
    assert answer.text.startswith("Stand-in for Anthropic")


def test_nothing_reached_the_barred_vendor_after_the_order(story: Story):
    """The vendors' own log against the ledger: the same calls, and no other."""
    received = [(call.host, call.model) for call in story.vendors.calls]
    answers = [*story.before.values(), *story.after.values()]
    recorded = story.server.calls_when(len(answers))
    sent = [call for call in recorded if call["result"] != "refused"]
    upstream = {
        "anthropic/claude-sonnet-4-5@anthropic": "claude-sonnet-4-5-20250929",
        "anthropic/claude-sonnet-4-5@aws": "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "openai/gpt-4.1@openai": "gpt-4.1-2025-04-14",
    }
    assert [(call["host"], upstream[call["route"]]) for call in sent] == received
    late = [call for call in sent[story.after_call :] if call["maker"] == "anthropic"]
    assert {call["service"] for call in late} == {"defence-analysis"}
    assert len(late) == len([c for c in received[story.after_call :] if "claude" in c[1]])
    assert {call["result"] for call in sent} == {"answered"}
    assert len(recorded) - len(sent) == len([a for a in answers if isinstance(a, ERRORS)])
    assert story.server.ask("ledger", "verify")["ok"] is True


@pytest.fixture
def fresh(tmp_path: Path, vendors: Vendors) -> Iterator[Server]:
    with Server(tmp_path, "--stand-in-url", vendors.url) as running:
        yield running


def test_a_new_use_is_refused_while_old_ones_wind_down(fresh: Server):
    fresh.run("scenario", "play", "--until", "2026-03-01T12:00")
    new, old = fresh.key("treasury-new"), fresh.key("treasury-code")
    for program in programs(fresh.claude(new), fresh.gpt(new)).values():
        with pytest.raises(ERRORS) as got:
            program(CLAUDE)
        assert response_of(got.value).status_code == 451
        assert "new use" in told(got.value)
        assert response_of(got.value).headers["changeover-instruments"] == "president-order"
    for program in programs(fresh.claude(old), fresh.gpt(old)).values():
        assert "27 August 2026" in program(CLAUDE).headers["changeover-notice"]


def test_what_a_network_does_not_admit_is_403_and_no_order(fresh: Server):
    key = fresh.key("defence-analysis")
    for way, program in programs(fresh.claude(key), fresh.gpt(key)).items():
        with pytest.raises((anthropic.PermissionDeniedError, openai.PermissionDeniedError)) as got:
            program(GPT)
        assert response_of(got.value).status_code == 403, way
        assert "classified" in told(got.value)
        assert "link" not in response_of(got.value).headers
        assert "changeover-instruments" not in response_of(got.value).headers


def test_a_service_is_switched_between_replacing_and_refusing_while_it_runs(
    fresh: Server, tmp_path: Path
):
    fresh.run("scenario", "play", "--until", "2026-03-03")
    key = fresh.key("treasury-code")
    running = programs(fresh.claude(key), fresh.gpt(key))
    for program in running.values():
        assert program(CLAUDE).headers["changeover-route"] == GPT_ROUTE

    directory = tmp_path / "directory"
    shutil.copytree(ROOT / "scenarios" / "statechat" / "directory", directory)
    services = directory / "services.yaml"
    written = services.read_text()
    head, treasury = written.split("  treasury-code:\n", 1)
    services.write_text(
        f"{head}  treasury-code:\n"
        + treasury.replace("when_barred: replace", "when_barred: refuse", 1)
    )
    changed = fresh.ask("apply", str(directory))
    assert [(c["kind"], c["id"]) for c in changed["changes"]] == [("service", "treasury-code")]
    for program in running.values():
        with pytest.raises(ERRORS) as got:
            program(CLAUDE)
        assert response_of(got.value).status_code == 451
        assert f"Use {GPT_ROUTE}" in told(got.value)

    services.write_text(written)
    fresh.run("apply", str(directory))
    for program in running.values():
        assert program(CLAUDE).headers["changeover-route"] == GPT_ROUTE
