"""What callers send wrongly, answered in their own protocol; nothing of it reaches a vendor."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anthropic
import httpx2
import msgspec
import openai
import pytest

from tests.end_to_end.programs import programs, response_of, told
from tests.end_to_end.running import CLAUDE, GPT, MESSAGES, Server
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MESSAGES_PATH, CHAT_PATH = "/v1/messages", "/v1/chat/completions"
PATHS = (MESSAGES_PATH, CHAT_PATH)
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("treasury-code")


@pytest.fixture(autouse=True)
def nothing_is_sent(vendors: Vendors) -> Iterator[None]:
    earlier = len(vendors.calls)
    yield
    assert len(vendors.calls) == earlier


def error_of(response: httpx2.Response, path: str) -> Mapping[str, Any]:
    """The error in a response, which has its protocol's shape."""
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert body["request_id"] == response.headers["changeover-call"]
    if path.startswith(MESSAGES_PATH):
        assert body["type"] == "error"
        code = body["error"]["details"]["error_code"]
    else:
        assert set(body["error"]) == {"message", "type", "param", "code"}
        code = body["error"]["code"]
    return {"code": code, "type": body["error"]["type"], "message": body["error"]["message"]}


def body_with(**fields: Any) -> bytes:
    return json.dumps({"model": CLAUDE, "max_tokens": 5, "messages": MESSAGES, **fields}).encode()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"model": ', "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"model": "claude-sonnet-4-5", "max_tokens": 5}', "messages"),
        (body_with(model=7), "model"),
        (body_with(messages=[]), "messages"),
        (body_with(temperature="warm"), "temperature"),
        (body_with(messages=[{"role": "judge", "content": "x"}]), "role"),
        (body_with(tools=[{"name": "look_up", "input_schema": "none"}]), "tools"),
        (
            body_with(messages=[{"role": "user", "content": [{"type": "hologram", "source": {}}]}]),
            "hologram",
        ),
    ],
    ids=[
        "cut off",
        "empty",
        "no text",
        "deep",
        "a list",
        "no messages",
        "a number for a model",
        "empty messages",
        "a word for a number",
        "an unknown role",
        "tools",
        "a hologram",
    ],
)
def test_what_cannot_be_read_is_400_and_says_where(
    server: Server, key: str, path: str, body: bytes, words: str
):
    # What must be translated is read here; a vendor of the same protocol would read it itself.
    if path == MESSAGES_PATH:
        body = body.replace(CLAUDE.encode(), GPT.encode())
    response = server.post(path, key, body)
    assert response.status_code == 400
    error = error_of(response, path)
    assert words in error["message"]
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize("path", PATHS)
def test_an_oversized_body_is_413(server: Server, key: str, path: str):
    greatest = 10 * MEGABYTE
    declared = server.post(path, key, b" " * (greatest + 1))
    pieces = (b" " * MEGABYTE for _ in range(11))
    headers = {"authorization": f"Bearer {key}"}
    undeclared = httpx2.post(server.url.rstrip("/") + path, content=pieces, headers=headers)
    for response in (declared, undeclared):
        assert response.status_code == 413
        assert str(greatest) in error_of(response, path)["message"]
    assert server.post(path, key, b" " * greatest).status_code == 400


def test_a_wrong_key_is_an_authentication_error_of_each_sdk(server: Server, key: str):
    wrong = {
        "malformed_key": "sk-ant-api03-of-a-vendor",
        "unknown_key": key[:-1] + ("0" if key[-1] != "0" else "1"),
    }
    for code, presented in wrong.items():
        claude, gpt = server.claude(presented), server.gpt(presented)
        for ask in programs(claude, gpt).values():
            with pytest.raises((anthropic.AuthenticationError, openai.AuthenticationError)) as got:
                ask(CLAUDE)
            assert presented not in str(got.value)
            assert code in response_of(got.value).text
        with pytest.raises(anthropic.AuthenticationError):
            claude.models.list()
        with pytest.raises(openai.AuthenticationError):
            gpt.models.list()


@pytest.mark.parametrize("path", [*PATHS, "/v1/models"])
def test_no_key_is_401(server: Server, path: str):
    method = "GET" if path == "/v1/models" else "POST"
    response = httpx2.request(method, server.url.rstrip("/") + path, content=b"{}")
    assert response.status_code == 401
    assert error_of(response, path)["code"] == "missing_key"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gpt-9000", "There is no model 'gpt-9000'"),
        ("claude-sonet-4-5", "claude-sonnet-4-5"),
        (f"{CLAUDE}@mistral", "'mistral' does not serve"),
    ],
)
def test_an_unknown_model_is_not_found_in_each_sdk(server: Server, key: str, name: str, words: str):
    for ask in programs(server.claude(key), server.gpt(key)).values():
        with pytest.raises((anthropic.NotFoundError, openai.NotFoundError)) as got:
            ask(name)
        assert words in told(got.value)
        assert "/v1/models" in told(got.value)


def test_a_model_that_does_not_chat_is_400(server: Server, key: str):
    for ask in programs(server.claude(key), server.gpt(key)).values():
        with pytest.raises((anthropic.BadRequestError, openai.BadRequestError)) as got:
            ask("text-embedding-3-small")
        assert "embedding" in told(got.value)


def test_features_that_are_not_carried_are_refused_by_name_in_each_sdk(server: Server, key: str):
    claude, gpt = server.claude(key), server.gpt(key)
    sound: Any = [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]
    custom: Any = [{"type": "custom", "custom": {"name": "look_up"}}]
    refusals: list[tuple[str, Callable[[], object]]] = [
        (
            "web_search_20250305",
            lambda: claude.messages.create(
                model=GPT,
                max_tokens=5,
                messages=MESSAGES,
                tools=[{"type": "web_search_20250305", "name": "web_search"}],
            ),
        ),
        (
            "tools[0].custom",
            lambda: gpt.chat.completions.create(model=CLAUDE, messages=MESSAGES, tools=custom),
        ),
        ("input_audio", lambda: gpt.chat.completions.create(model=CLAUDE, messages=sound)),
        ("'n'", lambda: gpt.chat.completions.create(model=CLAUDE, messages=MESSAGES, n=2)),
    ]
    for words, send in refusals:
        with pytest.raises((anthropic.BadRequestError, openai.BadRequestError)) as got:
            send()
        assert words.strip("'") in told(got.value)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", MESSAGES_PATH, 405),
        ("PUT", CHAT_PATH, 405),
        ("DELETE", "/v1/models", 405),
        ("GET", "/v1/messages/count_tokens", 405),
        ("GET", "/v1/embeddings", 405),
        ("GET", "/v1/responses", 405),
        ("POST", "/v1/messages/nothing", 404),
        ("GET", "/v1/", 404),
    ],
)
def test_a_wrong_path_or_method_is_answered_in_the_protocol(
    server: Server, method: str, path: str, status: int
):
    response = httpx2.request(method, server.url.rstrip("/") + path)
    assert response.status_code == status
    assert "/v1/chat/completions" in error_of(response, path)["message"]
    assert ("allow" in response.headers) == (status == 405)


def test_a_wrong_path_elsewhere_is_json_too(server: Server):
    for path in ("/api/nothing", "/nothing", "/api/orders/nothing"):
        response = server.get(path)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "not_found"
    assert httpx2.post(f"{server.url}api/status").status_code == 405


def test_a_key_that_was_revoked_is_refused_at_once(server: Server):
    made = server.ask("keys", "create", "treasury-code", "--label", "to be revoked")
    claude, gpt = server.claude(made["key"]), server.gpt(made["key"])
    assert claude.models.list().data
    listed = {line["prefix"]: line for line in server.ask("keys", "list")}
    assert listed[made["prefix"]]["revoked"] is None
    assert made["key"] not in server.run("keys", "list")
    revoked = server.ask("keys", "revoke", f"co_{made['prefix']}_…")
    assert revoked["revoked"] is not None
    for ask in programs(claude, gpt).values():
        with pytest.raises((anthropic.AuthenticationError, openai.AuthenticationError)) as got:
            ask(CLAUDE)
        assert "was revoked" in told(got.value)
    assert "revoked" in server.run("keys", "list", "--service", "treasury-code")


def test_an_expired_key_is_refused(server: Server):
    made = server.ask("keys", "create", "treasury-code", "--expires", "2026-02-26T09:00:00.000001")
    still = server.ask("keys", "create", "treasury-code", "--expires", "2026-02-27")
    assert server.gpt(still["key"]).models.list().data
    server.run("scenario", "play", "--until", "2026-02-26T10:00")
    for presented, refused in ((made["key"], True), (still["key"], False)):
        gpt = server.gpt(presented)
        if not refused:
            assert gpt.models.list().data
            continue
        with pytest.raises(openai.AuthenticationError) as got:
            gpt.models.list()
        assert "expired at 2026-02-26T14:00:00" in told(got.value)
        with pytest.raises(anthropic.AuthenticationError):
            server.claude(presented).models.list()


class _Listed(msgspec.Struct, frozen=True):
    ids: frozenset[str]


@pytest.mark.parametrize("service", ["treasury-code", "defence-analysis"])
def test_models_lists_what_the_service_may_use(server: Server, service: str):
    mine = server.key(service)
    listings = [
        _Listed(frozenset(model.id for model in server.claude(mine).models.list())),
        _Listed(frozenset(model.id for model in server.gpt(mine).models.list())),
    ]
    expected = {"anthropic/claude-sonnet-4-5"}
    assert listings[0] == listings[1]
    if service == "defence-analysis":
        # On a network that denies by default, only what was admitted.
        assert listings[0].ids == expected
    else:
        assert listings[0].ids > expected | {"openai/gpt-4.1", "mistral/mistral-large"}
