"""OpenAI's endpoints for sound and pictures: what is taken and refused, and the answers.

Written from the vendor's reference (create speech, create transcription, create translation,
create image, create image edit) and the types of its official SDK. A stand-in speaks a tone
per word as raw samples or a WAV file, hears how many bytes it was sent, and draws one
square of a colour that the words give.
"""

import base64
import email.parser
import email.policy
import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from changeover.standin import tokens
from changeover.standin.asked import RefusalError
from changeover.standin.beside import Sent, Task
from changeover.standin.openai_checks import (
    Check,
    flag,
    integer,
    missing,
    number,
    one_of,
    read_object,
    text,
    unknown,
)

_RATE = 24_000
_PIECE = 4_096
_SPEECH: dict[str, Check] = {
    "model": text,
    "input": text,
    "voice": text,
    "instructions": text,
    "response_format": one_of("mp3", "opus", "aac", "flac", "wav", "pcm"),
    "speed": number(0.25, 4),
    "stream_format": one_of("sse", "audio"),
}
_TYPES = {"pcm": "audio/pcm", "wav": "audio/wav", "mp3": "audio/mpeg"}
_DRAWING: dict[str, Check] = {
    "model": text,
    "prompt": text,
    "n": integer(1, 10),
    "size": text,
    "quality": text,
    "background": text,
    "moderation": text,
    "output_format": one_of("png", "webp", "jpeg"),
    "output_compression": integer(0, 100),
    "partial_images": integer(0, 3),
    "response_format": one_of("url", "b64_json"),
    "stream": flag,
    "style": text,
    "user": text,
}
_HEARD = {
    "file", "model", "chunking_strategy", "include[]", "language", "prompt", "response_format",
    "stream", "temperature", "timestamp_granularities[]",
}  # fmt: skip
_CHANGED = {"image", "image[]", "mask", "input_fidelity", *_DRAWING}


def speech(sent: Sent) -> Task:
    """POST /v1/audio/speech."""
    given = _checked(sent.payload, _SPEECH, ("model", "input", "voice"))
    form = given.get("response_format", "mp3")
    spoken = _tones(given["input"])
    said = spoken if form == "pcm" else _wav(spoken)
    pieces = [said[at : at + _PIECE] for at in range(0, len(said), _PIECE)]
    kind = _TYPES.get(form, "application/octet-stream")
    return Task(model=given["model"], pieces=lambda: pieces, media_type=kind)


def transcription(sent: Sent) -> Task:
    """POST /v1/audio/transcriptions and /v1/audio/translations."""
    fields = _form(sent)
    for name in ("file", "model"):
        if name not in fields:
            raise missing(name)
    for name in fields:
        if name not in _HEARD:
            raise unknown(name)
    size = len(fields["file"])
    heard = f"Stand-in: {size} bytes were heard."
    if fields.get("response_format") == b"text":
        plain = [f"{heard}\n".encode()]
        return Task(model=_model(fields), pieces=lambda: plain, media_type="text/plain")
    usage = {
        "type": "tokens",
        "input_tokens": size // 1_000 + 1,
        "output_tokens": tokens.count(heard),
        "total_tokens": size // 1_000 + 1 + tokens.count(heard),
    }
    answer = msgspec.json.encode({"text": heard, "usage": usage})
    return Task(model=_model(fields), pieces=lambda: [answer])


def drawing(sent: Sent) -> Task:
    """POST /v1/images/generations."""
    given = _checked(sent.payload, _DRAWING, ("prompt",))
    return _drawn(given.get("model", "dall-e-2"), given["prompt"], given.get("n", 1))


def changing(sent: Sent) -> Task:
    """POST /v1/images/edits."""
    fields = _form(sent)
    if not fields.keys() & {"image", "image[]"}:
        raise missing("image")
    if "prompt" not in fields:
        raise missing("prompt")
    for name in fields:
        if name not in _CHANGED:
            raise unknown(name)
    return _drawn(_model(fields), fields["prompt"].decode(), 1)


def _drawn(model: str, prompt: str, count: int) -> Task:
    data = [
        {"b64_json": base64.b64encode(_square(f"{prompt} {at}")).decode()} for at in range(count)
    ]
    usage = {
        "input_tokens": tokens.count(prompt),
        "output_tokens": 272 * count,
        "total_tokens": tokens.count(prompt) + 272 * count,
        "input_tokens_details": {"text_tokens": tokens.count(prompt), "image_tokens": 0},
    }
    answer = msgspec.json.encode({"created": 0, "data": data, "usage": usage})
    return Task(model=model, pieces=lambda: [answer])


def _checked(payload: bytes, checks: dict[str, Check], wanted: tuple[str, ...]) -> dict[str, Any]:
    given = read_object(payload)
    for name in wanted:
        if name not in given:
            raise missing(name)
    for name, value in given.items():
        if name not in checks:
            raise unknown(name)
        checks[name](name, value)
    return given


def _form(sent: Sent) -> dict[str, bytes]:
    """The fields of a multipart form; of a name given twice, the last."""
    kind = sent.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        message = "Invalid Content-Type header. Expected multipart/form-data."
        raise RefusalError(400, "invalid_request_error", message)
    head = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n"
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    fields: dict[str, bytes] = {}
    for part in parser.parsebytes(head + sent.payload).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content
    return fields


def _model(fields: dict[str, bytes]) -> str:
    return fields.get("model", b"dall-e-2").decode(errors="replace")


def _tones(words: str) -> bytes:
    """A square wave for each word, a twentieth of a second long, 16 bits a sample."""
    return b"".join(_tone(word) for word in words.split())


def _tone(word: str) -> bytes:
    half = 20 + len(word)
    samples = (8_000 if at // half % 2 else -8_000 for at in range(_RATE // 20))
    return b"".join(_sample(samples))


def _sample(samples: Iterator[int]) -> Iterator[bytes]:
    for each in samples:
        yield struct.pack("<h", each)


def _wav(samples: bytes) -> bytes:
    head = struct.pack("<IHHIIHH", 16, 1, 1, _RATE, _RATE * 2, 2, 16)
    sizes = (36 + len(samples), len(samples))
    return b"".join(
        (
            b"RIFF", struct.pack("<I", sizes[0]), b"WAVEfmt ", head,
            b"data", struct.pack("<I", sizes[1]), samples,
        )
    )  # fmt: skip


def _square(words: str) -> bytes:
    """A PNG of one pixel, in a colour that the words' digest gives."""
    colour = hashlib.blake2b(words.encode(), digest_size=3).digest()

    def block(kind: bytes, data: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sum_

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + colour)
    return (
        b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + block(b"IDAT", pixels) + block(b"IEND", b"")
    )
