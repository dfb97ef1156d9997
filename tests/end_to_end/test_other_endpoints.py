"""What else the SDKs call: single models, sound and pictures, and what is refused by name."""

import base64
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from google import genai
from google.genai import errors, types

from changeover.wiring.scenarios import SHIPPED
from tests.end_to_end.running import CLAUDE, GPT, MESSAGES, Server
from tests.end_to_end.vendors import Vendors

MORE = {"openai": ("tts-pinned", "hears-pinned", "draws-pinned")}
DIRECTORY = """\
models:
  openai/speaks: {name: Speaks, kind: audio, aliases: [speaks], capabilities: {context: 2000}}
  openai/hears: {name: Hears, kind: audio, aliases: [hears], capabilities: {context: 2000}}
  openai/draws: {name: Draws, kind: image, aliases: [draws], capabilities: {context: 2000}}
routes:
  openai/speaks@openai: {protocol: openai-chat, upstream_model: tts-pinned}
  openai/hears@openai: {protocol: openai-chat, upstream_model: hears-pinned}
  openai/draws@openai: {protocol: openai-chat, upstream_model: draws-pinned}
"""
PINNED = "claude-sonnet-4-5-20250929"


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with Vendors(more=MORE) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("other")
    directory = folder / "directory"
    shutil.copytree(Path(SHIPPED) / "directory", directory)
    (directory / "media.yaml").write_text(DIRECTORY)
    with Server(folder, "--stand-in-url", vendors.url) as running:
        running.run("apply", str(directory))
        yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("treasury-code")


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


def test_each_sdk_gets_a_single_model(server: Server, key: str, google: genai.Client):
    claude = server.claude(key).models.retrieve(CLAUDE)
    assert (claude.id, claude.type) == ("anthropic/claude-sonnet-4-5", "model")
    gpt = server.gpt(key).models.retrieve(GPT)
    assert (gpt.id, gpt.owned_by) == ("openai/gpt-4.1", "openai")
    gemini = google.models.get(model="gemini-2.5-pro")
    assert gemini.name == "models/google/gemini-2.5-pro"
    assert gemini.supported_actions == [
        "generateContent",
        "streamGenerateContent",
        "countTokens",
    ]
    with pytest.raises(openai.NotFoundError, match=r"gpt-9000.*GET /v1/models lists"):
        server.gpt(key).models.retrieve("gpt-9000")
    with pytest.raises(errors.ClientError, match="gemini-9"):
        google.models.get(model="gemini-9")


def test_a_pinned_version_is_served_and_told(server: Server, vendors: Vendors, key: str):
    raw = server.claude(key).messages.with_raw_response.create(
        model=PINNED, max_tokens=50, messages=MESSAGES
    )
    assert raw.headers["changeover-requested-model"] == PINNED
    assert raw.headers["changeover-served-model"] == PINNED
    assert vendors.calls[-1].model == PINNED
    told = server.call_of(raw.headers["changeover-call"])
    assert (told["asked"], told["served_model"]) == (PINNED, PINNED)
    assert told["operation"] == "chat"


def test_speech_is_streamed_as_the_vendor_gives_it(server: Server, key: str):
    gpt = server.gpt(key)
    create = gpt.audio.speech.with_streaming_response.create
    with create(model="tts-pinned", voice="alloy", input="Boats", response_format="wav") as spoken:
        assert spoken.headers["content-type"] == "audio/wav"
        assert spoken.headers["changeover-route"] == "openai/speaks@openai"
        call = spoken.headers["changeover-call"]
        sound = b"".join(spoken.iter_bytes())
    assert sound.startswith(b"RIFF")
    assert len(sound) == 44 + 2_400
    told = server.call_of(call)
    assert (told["operation"], told["result"]) == ("speak", "answered")


def test_sound_is_heard_with_the_models_name_alone_changed(
    server: Server, vendors: Vendors, key: str
):
    gpt = server.gpt(key)
    sound = io.BytesIO(b"RIFF" + bytes(range(256)) * 8)
    raw = gpt.audio.transcriptions.with_raw_response.create(
        model="hears", file=("boats.wav", sound), language="en"
    )
    assert raw.parse().text == "Stand-in: 2052 bytes were heard."
    told = server.call_of(raw.headers["changeover-call"])
    assert (told["operation"], told["input_tokens"]) == ("transcribe", 3)
    heard = gpt.audio.translations.create(model="hears", file=("boats.wav", b"RIFF"))
    assert heard.text == "Stand-in: 4 bytes were heard."
    plain: Any = gpt.audio.transcriptions.create(
        model="hears", file=("boats.wav", b"RIFF"), response_format="text"
    )
    assert plain.startswith("Stand-in: 4 bytes")


def test_pictures_are_drawn_and_changed(server: Server, key: str):
    gpt = server.gpt(key)
    raw = gpt.images.with_raw_response.generate(model="draws", prompt="A lighthouse", n=2)
    drawn = raw.parse()
    assert drawn.data
    assert len(drawn.data) == 2
    assert base64.b64decode(drawn.data[0].b64_json or "").startswith(b"\x89PNG")
    told = server.call_of(raw.headers["changeover-call"])
    assert (told["operation"], told["output_tokens"]) == ("draw", 544)
    changed = gpt.images.edit(model="draws", image=("a.png", b"\x89PNG"), prompt="A boat")
    assert changed.data


def test_sound_and_pictures_of_a_chat_model_and_unknown_fields(server: Server, key: str):
    gpt = server.gpt(key)
    with pytest.raises(openai.BadRequestError, match="does not draw"):
        gpt.images.generate(model=CLAUDE, prompt="x")
    with pytest.raises(openai.BadRequestError, match="does not chat"):
        gpt.chat.completions.create(model="draws", messages=MESSAGES)
    with pytest.raises(openai.BadRequestError, match="Unknown parameter"):
        gpt.images.generate(model="draws", prompt="x", extra_body={"depth": 3})


REFUSED: dict[str, Callable[[openai.OpenAI], object]] = {
    "Files that a vendor keeps": lambda gpt: gpt.files.create(file=b"x", purpose="user_data"),
    "Batches": lambda gpt: gpt.batches.list(),
    "Tuning of models": lambda gpt: gpt.fine_tuning.jobs.list(),
    "Stores that a vendor searches": lambda gpt: gpt.vector_stores.create(),
    "Conversations that a vendor holds": lambda gpt: gpt.conversations.create(),
    "Checks that one vendor makes": lambda gpt: gpt.moderations.create(input="x"),
    "The older call for completions": lambda gpt: gpt.completions.create(model=GPT, prompt="x"),
    "Evaluations that a vendor runs": lambda gpt: gpt.evals.list(),
    "Compaction": lambda gpt: gpt.responses.compact(model=GPT),
    "Films": lambda gpt: gpt.videos.list(),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_served_is_refused_by_name_and_not_retried(server: Server, key: str, what: str):
    with pytest.raises(openai.APIStatusError) as got:
        REFUSED[what](server.gpt(key).with_options(max_retries=3))
    assert (got.value.status_code, got.value.code) == (501, "not_carried")
    assert f"{what} cannot be had here." in got.value.message
    assert got.value.response.headers["x-should-retry"] == "false"


def test_an_answer_that_nobody_stored_is_not_found(server: Server, key: str):
    with pytest.raises(openai.NotFoundError, match="Nothing is stored"):
        server.gpt(key).responses.retrieve("resp_1")
    with pytest.raises(openai.NotFoundError, match="Nothing is stored"):
        server.gpt(key).chat.completions.retrieve("chatcmpl-1")


def test_anthropics_and_googles_sdks_hear_it_in_their_own_shapes(
    server: Server, key: str, google: genai.Client
):
    claude = server.claude(key)
    with pytest.raises(anthropic.APIStatusError) as got:
        claude.messages.batches.create(requests=[])
    error = got.value.response.json()
    assert (got.value.status_code, error["type"]) == (501, "error")
    assert error["error"]["details"]["error_code"] == "not_carried"
    assert "one by one" in error["error"]["message"]
    with pytest.raises(anthropic.APIStatusError, match="Files that a vendor keeps"):
        claude.files.list()
    for call in (
        google.caches.list,
        google.files.list,
        google.batches.list,
        lambda: google.files.upload(file=io.BytesIO(b"x"), config={"mime_type": "text/plain"}),
    ):
        with pytest.raises(errors.APIError) as told:
            list(call())
        assert (told.value.code, told.value.status) == (501, "UNIMPLEMENTED")
        assert "cannot be had here" in str(told.value.message)
    for method in ("predict", "predictLongRunning", "batchGenerateContent"):
        response = server.post(f"/v1beta/models/gemini-2.5-pro:{method}", key, b"{}")
        assert response.status_code == 501
        assert response.json()["error"]["status"] == "UNIMPLEMENTED"
