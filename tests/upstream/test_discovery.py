import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from changeover.upstream.discovery import (
    LOCAL_SERVERS,
    Findings,
    LocalServer,
    discover,
    find_vendors,
)

KEY = "sk-hidden-0123"
NOWHERE = "http://127.0.0.1:1"
LISTING = {"object": "list", "data": [{"id": "llama3.2", "object": "model"}, {"id": "qwen3"}]}


async def _at(*base_urls: str, patience: float = 0.3, **environment: str) -> Findings:
    servers = [LocalServer(f"Server {number}", url) for number, url in enumerate(base_urls, 1)]
    return await discover(environment, servers, patience)


def _answers(value: Any) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        if (request.method, request.path) != ("GET", "/v1/models"):
            raise web.HTTPNotFound
        return value() if callable(value) else web.json_response(value)

    return handler


@pytest.mark.parametrize(
    ("environment", "host", "protocol", "url"),
    [
        (
            {"ANTHROPIC_API_KEY": KEY},
            "anthropic", "anthropic-messages", "https://api.anthropic.com/v1/messages",
        ),
        (
            {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/"},
            "anthropic", "anthropic-messages", "http://127.0.0.1:9/v1/messages",
        ),
        (
            {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/v1"},
            "anthropic", "anthropic-messages", "http://127.0.0.1:9/v1/messages",
        ),
        (
            {"OPENAI_API_KEY": KEY},
            "openai", "openai-chat", "https://api.openai.com/v1/chat/completions",
        ),
        (
            {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1/"},
            "openai", "openai-chat", "http://127.0.0.1:9/v1/chat/completions",
        ),
        (
            {"MISTRAL_API_KEY": KEY},
            "mistral", "openai-chat", "https://api.mistral.ai/v1/chat/completions",
        ),
        (
            {"GEMINI_API_KEY": KEY},
            "google", "openai-chat",
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        ),
        (
            {"GEMINI_API_KEY": "sk-other", "GOOGLE_API_KEY": KEY},
            "google", "openai-chat",
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        ),
        (
            {"GEMINI_API_KEY": KEY},
            "google", "gemini-generate",
            "https://generativelanguage.googleapis.com/v1beta/models",
        ),
        (
            {"GOOGLE_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9/"},
            "google", "gemini-generate", "http://127.0.0.1:9/v1beta/models",
        ),
    ],
)  # fmt: skip
def test_a_vendors_credential_makes_an_endpoint(environment, host, protocol, url):
    findings = find_vendors(environment)
    (endpoint,) = [each for each in findings.endpoints if each.protocol == protocol]
    assert (endpoint.host, endpoint.url) == (host, url)
    assert endpoint.credential is not None
    assert endpoint.credential.reveal() == KEY
    assert not endpoint.stand_in
    (words,) = [each for each in findings.words if url in each]
    assert f"the host {host} is reached at " in words
    assert ("whoever answers there" in words) is any("_BASE_URL" in name for name in environment)
    assert KEY not in f"{findings!r}"


def test_openais_credential_reaches_both_of_its_protocols():
    findings = find_vendors({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    assert [(each.protocol, each.url) for each in findings.endpoints] == [
        ("openai-chat", "http://127.0.0.1:9/v1/chat/completions"),
        ("openai-responses", "http://127.0.0.1:9/v1/responses"),
    ]
    (words,) = findings.words
    assert "/v1/chat/completions and http://127.0.0.1:9/v1/responses" in words


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"OPENAI_API_KEY": "sk hidden"}, "OPENAI_API_KEY is empty or holds"),
        ({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "nowhere"}, "not the address of a server"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9"}, "OPENAI_API_KEY is not"),
    ],
)
def test_what_cannot_be_used_is_said(environment, says):
    findings = find_vendors(environment)
    assert findings.found == ()
    (words,) = findings.words
    assert says in words
    assert "hidden" not in words


def test_an_empty_variable_counts_as_unset():
    environment = {"OPENAI_API_KEY": " ", "OPENAI_BASE_URL": "", "AZURE_OPENAI_API_KEY": ""}
    assert find_vendors(environment).words == ()


async def test_a_local_server_is_found_with_its_models(serving):
    base_url = await serving(_answers(LISTING))
    findings = await _at(NOWHERE, base_url)
    (found,) = findings.found
    assert (found.endpoint.host, found.endpoint.base_url) == ("house", base_url)
    assert found.endpoint.credential is None
    assert found.models == ("llama3.2", "qwen3")
    assert findings.words == (
        f"Server 2 at {base_url} answers: the host house is reached there, with llama3.2, qwen3.",
    )


async def test_many_models_are_not_all_named(serving):
    listing = {"data": [{"id": f"m{number}"} for number in range(8)]}
    (words,) = (await _at(await serving(_answers(listing)))).words
    assert words.endswith("with m0, m1, m2, m3, m4 and 3 more.")


@pytest.mark.parametrize(
    "garbage",
    [
        {"models": []},
        {"object": "error", "data": []},
        {"data": ["llama3.2"]},
        {"data": [{"id": 7}]},
        [],
        lambda: web.Response(text="<html>It works!</html>"),
        lambda: web.Response(text=""),
        lambda: web.json_response(LISTING, status=401),
        lambda: web.Response(status=302, headers={"Location": "/v1/models?again"}),
        lambda: web.json_response({**LISTING, "more": "x" * 2_000_000}),
    ],
)
async def test_a_server_that_answers_garbage_is_none(serving, garbage):
    findings = await _at(await serving(_answers(garbage)))
    assert findings.found == ()
    assert "does not list models" in findings.words[0]


@pytest.mark.parametrize(
    ("owner", "dialect"),
    [
        ("llamacpp", "llama-cpp"),
        ("vllm", "vllm"),
        ("library", "ollama"),
        ("someone", None),
        (7, None),
    ],
)
async def test_a_servers_dialect_is_told_by_who_owns_its_models(serving, owner, dialect):
    listing = {"object": "list", "data": [{"id": "open"}, {"id": "other", "owned_by": owner}]}
    findings = await _at(await serving(_answers(listing)))
    assert [one.dialect for one in findings.found] == [dialect]


async def test_else_its_dialect_is_that_of_the_server_whose_port_it_has(serving):
    at = await serving(_answers(LISTING))
    findings = await discover({}, [LocalServer("Ollama", at, "ollama")])
    assert [one.dialect for one in findings.found] == ["ollama"]


@pytest.mark.parametrize("listing", [{"object": "list", "data": None}, {"data": []}])
async def test_a_server_without_models_is_not_used(serving, listing):
    findings = await _at(await serving(_answers(listing)))
    assert findings.found == ()
    assert "holds no model" in findings.words[0]


async def test_bytes_that_are_not_http_are_no_server(talking):
    async def talk(reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await writer.drain()

    findings = await _at(await talking(talk))
    assert findings.found == ()
    assert "does not list models" in findings.words[0]


async def test_servers_are_asked_side_by_side_and_not_waited_for(talking, serving):
    async def hang(reader, writer):
        await reader.read()

    hanging = [await talking(hang) for _ in range(4)]
    began = time.monotonic()
    findings = await _at(*hanging, await serving(_answers(LISTING)), patience=0.3)
    assert time.monotonic() - began < 0.9
    assert len(findings.found) == 1
    assert len(findings.words) == 5


async def test_a_slow_drip_is_not_waited_for(talking):
    async def drip(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    began = time.monotonic()
    findings = await _at(await talking(drip), patience=0.2)
    assert time.monotonic() - began < 0.8
    assert findings.found == ()


async def test_the_first_server_that_holds_a_model_is_used(serving):
    empty = await serving(_answers({"data": []}))
    first, second = [await serving(_answers(LISTING)) for _ in range(2)]
    findings = await _at(empty, first, second)
    (endpoint,) = findings.endpoints
    assert endpoint.base_url == first
    assert f"set CHANGEOVER_LOCAL_MODEL_URL={second}" in findings.words[2]


async def test_a_named_server_is_the_only_one_asked(serving):
    base_url = await serving(_answers(LISTING))
    findings = await _at(NOWHERE, CHANGEOVER_LOCAL_MODEL_URL=base_url + "/v1/")
    (found,) = findings.found
    assert found.endpoint.url == base_url + "/v1/chat/completions"
    assert found.source == f"CHANGEOVER_LOCAL_MODEL_URL at {base_url}"


@pytest.mark.parametrize(
    ("named", "says"),
    [
        (NOWHERE, "Nothing answers for CHANGEOVER_LOCAL_MODEL_URL"),
        ("localhost:9000", "not the address of a server"),
    ],
)
async def test_a_named_server_that_cannot_be_used_is_said(serving, named, says):
    findings = await _at(await serving(_answers(LISTING)), CHANGEOVER_LOCAL_MODEL_URL=named)
    assert findings.found == ()
    assert says in findings.words[0]


async def test_finding_nothing_is_said():
    findings = await _at(NOWHERE)
    assert findings.endpoints == ()
    assert findings.words == ("No vendor credential and no local model server found.",)


async def test_vendors_come_before_local_servers(serving):
    base_url = await serving(_answers(LISTING))
    findings = await _at(base_url, OPENAI_API_KEY=KEY)
    assert [endpoint.host for endpoint in findings.endpoints] == ["openai", "openai", "house"]


def test_only_this_machine_is_asked_unbidden():
    assert {server.base_url.rpartition(":")[0] for server in LOCAL_SERVERS} == {"http://127.0.0.1"}
