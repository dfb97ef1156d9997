"""The running server: other hosts, faults, pacing, the log, start and stop."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from changeover.basics.clock import FixedClock, monotonic
from changeover.basics.errors import InvalidInputError
from changeover.basics.instants import microseconds
from changeover.standin.calls import key_digest
from changeover.standin.server import StandInError, StandInServer
from changeover.standin.settings import Fault, read_fault

from .conftest import CLAUDE, GPT, INSTANT, make_settings

HELLO: list[Any] = [{"role": "user", "content": "Hello."}]
CHAT: dict[str, Any] = {"model": GPT, "messages": HELLO}
MESSAGE: dict[str, Any] = {"model": CLAUDE, "max_tokens": 100, "messages": HELLO}
BEARER = {"authorization": "Bearer sk-1"}
CLAUDE_HEADERS = {"x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01"}


def openai_at(server: StandInServer, host: str = "openai") -> Any:
    return openai.AsyncOpenAI(base_url=f"{server.url}/{host}/v1", api_key="sk-1", max_retries=0)


def anthropic_at(server: StandInServer, host: str = "anthropic") -> Any:
    return anthropic.AsyncAnthropic(
        base_url=f"{server.url}/{host}", api_key="sk-ant-1", max_retries=0
    )


@pytest.mark.parametrize(
    ("host", "model", "vendor"),
    [
        ("aws", "anthropic.claude-sonnet-4-5", "Anthropic"),
        ("google", "gemini-2.5-pro", "Google"),
        ("microsoft", GPT, "OpenAI"),
        ("mistral", "mistral-large", "Mistral AI"),
        ("house", "open", "the house model"),
    ],
)
async def test_other_hosts_speak_both_protocols(server, host, model, vendor):
    async with openai_at(server, host) as client:
        chat = await client.chat.completions.create(model=model, messages=HELLO)
        assert (await client.models.list()).data[0].object == "model"
    async with anthropic_at(server, host) as client:
        message = await client.messages.create(model=model, max_tokens=100, messages=HELLO)
        assert (await client.models.list()).data[0].type == "model"
    assert f"Stand-in for {vendor}." in chat.choices[0].message.content
    assert message.content[0].text == chat.choices[0].message.content


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (529, anthropic.OverloadedError, "overloaded_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
    ],
)
async def test_a_status_comes_with_anthropics_error(server, status, error, kind):
    async with anthropic_at(server) as client:
        with pytest.raises(error) as caught:
            await client.messages.create(
                **MESSAGE, extra_headers={"x-standin-fault": f"status={status}"}
            )
    assert caught.value.status_code == status
    assert caught.value.body["error"]["type"] == kind


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, openai.RateLimitError, "requests"),
        (503, openai.InternalServerError, "server_error"),
        (401, openai.AuthenticationError, "invalid_request_error"),
    ],
)
async def test_a_status_comes_with_openais_error(server, status, error, kind):
    async with openai_at(server) as client:
        with pytest.raises(error) as caught:
            await client.chat.completions.create(
                **CHAT, extra_headers={"x-standin-fault": f"status={status}"}
            )
    assert caught.value.status_code == status
    assert caught.value.type == kind


async def post(
    server: StandInServer, fault: str, *, stream: bool, patience: float = 5.0
) -> tuple[int, bytes, Exception | None]:
    """Status and bytes that arrived, and the transport's error if one ended them."""
    url = f"{server.url}/openai/v1/chat/completions"
    arrived = b""
    async with httpx2.AsyncClient(timeout=patience) as client:
        body = {**CHAT, "stream": stream}
        headers = {**BEARER, "x-standin-fault": fault}
        async with client.stream("POST", url, json=body, headers=headers) as response:
            try:
                async for part in response.aiter_raw():
                    arrived += part
            except httpx2.TransportError as error:
                return response.status_code, arrived, error
    return response.status_code, arrived, None


@pytest.mark.parametrize("stream", [True, False])
async def test_a_garbage_body(server, stream):
    status, arrived, error = await post(server, "garbage", stream=stream)
    assert (status, error) == (200, None)
    with pytest.raises(ValueError):
        json.loads(arrived.decode("latin-1"))


@pytest.mark.parametrize("stream", [True, False])
async def test_a_connection_closed_mid_stream(server, stream):
    status, arrived, error = await post(server, "close", stream=stream)
    assert status == 200
    assert arrived
    assert b"[DONE]" not in arrived
    assert isinstance(error, httpx2.RemoteProtocolError)


@pytest.mark.parametrize("stream", [True, False])
async def test_garbage_mid_stream(server, stream):
    status, arrived, error = await post(server, "garbage-mid-stream", stream=stream)
    assert (status, error) == (200, None)
    assert b"not what was asked for" in arrived
    assert arrived.startswith(b"data: {" if stream else b"{")
    assert b"[DONE]" not in arrived


@pytest.mark.parametrize("stream", [True, False])
async def test_a_hang_mid_stream(server, stream):
    status, arrived, error = await post(server, "hang-mid-stream", stream=stream, patience=0.4)
    assert status == 200
    assert arrived
    assert isinstance(error, httpx2.ReadTimeout)


async def test_a_hang_before_the_head(server):
    with pytest.raises(httpx2.ReadTimeout):
        await post(server, "hang", stream=False, patience=0.4)


async def test_a_hang_is_bounded():
    async with StandInServer(make_settings(hang_seconds=0.1)) as server:
        status, arrived, error = await post(server, "hang", stream=True)
        assert (status, error) == (500, None)
        assert json.loads(arrived)["error"]["type"] == "server_error"
        status, arrived, error = await post(server, "hang-mid-stream", stream=True)
        assert status == 200
        assert isinstance(error, httpx2.RemoteProtocolError)


@pytest.mark.parametrize("fault", ["hang", "hang-mid-stream"])
async def test_stopping_ends_hangs(fault):
    async with StandInServer(make_settings(hang_seconds=60)) as server:
        hanging = asyncio.create_task(post(server, fault, stream=True, patience=20))
        await asyncio.sleep(0.3)
        assert len(server.calls) == 1
        start = monotonic()
    assert monotonic() - start < 3
    await asyncio.gather(hanging, return_exceptions=True)


async def test_a_redirect(server):
    status, arrived, _ = await post(server, "redirect", stream=False)
    assert (status, arrived) == (307, b"")


async def test_a_fault_may_be_set_for_a_host():
    faults = {"anthropic": Fault(kind="status", status=529)}
    async with StandInServer(make_settings(faults=faults, header_faults=False)) as server:
        async with anthropic_at(server) as client:
            with pytest.raises(anthropic.OverloadedError):
                await client.messages.create(**MESSAGE)
        async with openai_at(server) as client:
            fine = await client.chat.completions.create(
                **CHAT, extra_headers={"x-standin-fault": "garbage"}
            )
    assert fine.choices[0].finish_reason == "stop"


async def test_a_misspelt_fault_is_refused(server):
    status, arrived, _ = await post(server, "hung", stream=False)
    assert status == 400
    assert "'hung' is not a fault" in json.loads(arrived)["error"]["message"]


@pytest.mark.parametrize("text", ["", "status", "status=200", "status=x", "garbage=500", "hung"])
def test_what_is_no_fault(text):
    with pytest.raises(InvalidInputError):
        read_fault(text)


def test_faults_are_read():
    assert read_fault(" hang ") == Fault(kind="hang")
    assert read_fault("close") == Fault(kind="close-mid-stream")
    assert read_fault("status=529") == Fault(kind="status", status=529)


async def test_streams_are_paced():
    async with StandInServer(make_settings(delay_ms=20)) as server, openai_at(server) as client:
        await client.chat.completions.create(**CHAT)
        start = monotonic()
        stream = await client.chat.completions.create(**CHAT, max_tokens=6, stream=True)
        chunks = [chunk async for chunk in stream]
    assert monotonic() - start >= 0.02 * len(chunks)


async def test_every_call_is_recorded_and_no_key(tmp_path):
    log = tmp_path / "calls.jsonl"
    settings = make_settings(log=log)
    async with (
        StandInServer(settings, clock=FixedClock(INSTANT)) as server,
        httpx2.AsyncClient(base_url=server.url) as client,
    ):
        await client.post("/openai/v1/chat/completions", json=CHAT, headers=BEARER)
        body = {**MESSAGE, "stream": True}
        await client.post("/anthropic/v1/messages", json=body, headers=CLAUDE_HEADERS)
        await client.post("/aws/v1/messages", content=b"{", headers={})
        await client.get("/google/v1/models", headers=BEARER)
        await client.post("/house/v1/embeddings", json={"model": "open"}, headers=BEARER)
        await client.post("/acme/v1/messages", json=MESSAGE, headers=CLAUDE_HEADERS)
    seen = [(call.host, call.method, call.path, call.model, call.stream) for call in server.calls]
    assert seen == [
        ("openai", "POST", "/v1/chat/completions", GPT, False),
        ("anthropic", "POST", "/v1/messages", CLAUDE, True),
        ("aws", "POST", "/v1/messages", "", False),
        ("google", "GET", "/v1/models", "", False),
        ("house", "POST", "/v1/embeddings", "open", False),
    ]
    assert {call.time for call in server.calls} == {microseconds(INSTANT)}
    keys = [call.key for call in server.calls]
    assert keys == [key_digest(key) for key in ("sk-1", "sk-ant-1", "", "sk-1", "sk-1")]
    written = log.read_text()
    assert "sk-1" not in written
    assert [json.loads(line)["path"] for line in written.splitlines()] == [s[2] for s in seen]


async def test_answers_say_who_serves(server):
    async with httpx2.AsyncClient(base_url=server.url) as client:
        response = await client.post("/openai/v1/chat/completions", json=CHAT, headers=BEARER)
    assert response.headers.get_list("server") == ["stand-in"]


async def test_embedding_leaves_signals_alone():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with StandInServer(make_settings()):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_a_taken_port_is_a_clear_error(server):
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(StandInError) as caught:
        async with StandInServer(make_settings(), port=port):
            pass
    assert str(port) in caught.value.what
    assert caught.value.do


async def test_many_answers_at_once(server):
    async with openai_at(server) as client:
        replies: list[Any] = await asyncio.gather(
            *(
                client.chat.completions.create(
                    model=GPT,
                    messages=[
                        {"role": "user", "content": f"Room {n} holds the archive {n}."},
                        {"role": "user", "content": f"Which room holds the archive {n}?"},
                    ],
                )
                for n in range(20)
            )
        )
    for n, reply in enumerate(replies):
        assert f"Room {n} holds the archive {n}." in reply.choices[0].message.content


def test_the_blocking_form_serves_until_told_to_stop():
    script = (
        "from changeover.standin.server import run_standin\n"
        "from changeover.standin.settings import StandInSettings\n"
        "run_standin(StandInSettings(models={'house': ('open',)}),\n"
        "            announce=lambda url: print(url, flush=True))\n"
        "print('stopped')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        response = httpx2.get(f"{url}/house/v1/models", headers=BEARER)
        assert response.json()["data"][0]["id"] == "open"
        process.send_signal(signal.SIGINT)
        # Not communicate(): it reads behind what readline() has put by.
        with process.stdout:
            rest = process.stdout.read()
        process.wait(timeout=10)
    finally:
        process.kill()
    assert "stopped" in rest
