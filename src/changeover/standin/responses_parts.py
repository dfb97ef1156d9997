"""The parts of a message or an output in a Responses input, as OpenAI takes and refuses them.

What a message may hold depends on whose it is: `output_text` and refusals are the model's
words, `input_text` everybody else's, images and files a person's and tools'.
"""

import re
from base64 import b64decode
from typing import Any

from changeover.standin.asked import RefusalError
from changeover.standin.openai_checks import (
    array,
    invalid,
    json_object,
    missing,
    one_of,
    text,
    unknown,
    wrong_type,
)

_PARTS = {
    "assistant": ("output_text", "refusal"),
    "user": ("input_text", "input_image", "input_file"),
}
_TEXTS = {"input_text": "text", "output_text": "text", "refusal": "refusal"}
_FIELDS = {
    "input_text": {"type", "text", "prompt_cache_breakpoint"},
    "output_text": {"type", "text", "annotations", "logprobs"},
    "refusal": {"type", "refusal"},
    "input_image": {"type", "image_url", "file_id", "detail", "prompt_cache_breakpoint"},
    "input_file": {
        "type",
        "file_data",
        "file_id",
        "file_url",
        "filename",
        "detail",
        "prompt_cache_breakpoint",
    },
}
_IMAGE = re.compile(r"https?://|data:image/(?:png|jpeg|gif|webp);base64,.")
_FILE = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,(.+)", re.DOTALL)


def read_content(name: str, role: str, content: Any, *, marks: bool) -> str:
    """The words of a content; `marks` says whether the model takes marks for its cache."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(name, "one of a string or array of objects", content)
    array(name, content)
    words = [_part(f"{name}[{at}]", role, part, marks=marks) for at, part in enumerate(content)]
    return "\n\n".join(word for word in words if word)


def _part(path: str, role: str, part: Any, *, marks: bool) -> str:
    json_object(path, part)
    kind = part.get("type")
    if kind is None:
        raise missing(f"{path}.type")
    allowed = _PARTS["assistant" if role == "assistant" else "user"]
    if kind not in allowed:
        listed = ", ".join(f"'{name}'" for name in allowed[:-1])
        message = f"Invalid value: '{kind}'. Supported values are: {listed} and '{allowed[-1]}'."
        raise invalid(message, path, "invalid_value")
    for name in part:
        if name not in _FIELDS[kind]:
            raise unknown(f"{path}.{name}")
    _check_mark(path, part.get("prompt_cache_breakpoint"), taken=marks)
    match kind:
        case "input_image":
            _check_image(path, part)
            return ""
        case "input_file":
            return _file(path, part)
        case _:
            name = _TEXTS[kind]
            if part.get(name) is None:
                raise missing(f"{path}.{name}")
            text(f"{path}.{name}", part[name])
            return str(part[name])


def _check_mark(path: str, mark: Any, *, taken: bool) -> None:
    if mark is None:
        return
    name = f"{path}.prompt_cache_breakpoint"
    if not taken:
        raise invalid("prompt_cache_breakpoint is not supported on this model", name, None)
    json_object(name, mark)
    one_of("explicit")(f"{name}.mode", mark.get("mode"))
    one_of("30m", "12h")(f"{name}.ttl", mark.get("ttl", "30m"))


def _check_image(path: str, part: dict[str, Any]) -> None:
    _check_no_file(path, part)
    if part.get("image_url") is None:
        raise missing(f"{path}.image_url")
    text(f"{path}.image_url", part["image_url"])
    if not _IMAGE.match(part["image_url"]):
        message = "Invalid MIME type. Only image types are supported."
        raise invalid(message, f"{path}.image_url", "invalid_image_format")
    one_of("low", "high", "auto", "original")(f"{path}.detail", part.get("detail", "auto"))


def _file(path: str, part: dict[str, Any]) -> str:
    """The words of a file that has any."""
    _check_no_file(path, part)
    one_of("auto", "low", "high")(f"{path}.detail", part.get("detail", "auto"))
    given = [name for name in ("file_data", "file_url") if part.get(name) is not None]
    if len(given) != 1:
        message = "Exactly one of 'file_data', 'file_id' or 'file_url' must be given."
        raise invalid(message, path, "invalid_value")
    text(f"{path}.{given[0]}", part[given[0]])
    if given == ["file_url"]:
        if not part["file_url"].startswith(("https://", "http://")):
            message = f"Expected a valid URL, but got a value like '{part['file_url'][:20]}'."
            raise invalid(
                f"Invalid '{path}.file_url'. {message}", f"{path}.file_url", "invalid_value"
            )
        return ""
    if part.get("filename") is None:
        raise missing(f"{path}.filename")
    found = _FILE.fullmatch(part["file_data"])
    if found is None:
        message = (
            f"Invalid '{path}.file_data'. Expected a base64-encoded data URL with a valid MIME "
            "type (e.g. 'data:application/pdf;base64,aW1nIGJ5dGVzIGhlcmU=')."
        )
        raise invalid(message, f"{path}.file_data", "invalid_value")
    return _decoded(found[2]) if found[1].startswith("text/") else ""


def _check_no_file(path: str, part: dict[str, Any]) -> None:
    if part.get("file_id") is not None:
        raise RefusalError(
            404, "invalid_request_error", f"Files with IDs ['{part['file_id']}'] were not found.",
            param=f"{path}.file_id",
        )  # fmt: skip


def _decoded(octets: str) -> str:
    try:
        return b64decode(octets, validate=True).decode(errors="replace")
    except ValueError:
        return ""
