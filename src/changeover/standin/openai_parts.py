"""The content of a Chat Completions message, as OpenAI takes and refuses it.

Written from the vendor's reference ("Images", "File inputs", "Prompt caching") and error bodies
that callers reported. Pictures and files stand in a person's message, refusals in the model's.
A file comes as bytes; an id is of a file that the stand-in never got.
"""

import re
from base64 import b64decode
from typing import Any

from changeover.standin.asked import RefusalError
from changeover.standin.openai_checks import invalid, json_object, one_of, text, unknown, wrong_type

_PARTS = ("text", "image_url", "input_audio", "refusal", "audio", "file")
_FILE = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,(.+)", re.DOTALL)


def read_content(path: str, position: int, content: Any, role: str, *, marks: bool) -> str:
    """The words of a message; `marks` says whether the model takes marks for its cache."""
    name = f"{path}.content"
    if content is None:
        message = "Invalid value for 'content': expected a string, got null."
        raise invalid(message, f"messages.[{position}].content", None)
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(name, "one of a string or array of objects", content)
    if not content:
        message = (
            f"Invalid '{name}': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise invalid(message, name, "empty_array")
    words = [_part(f"{name}[{at}]", part, role, marks=marks) for at, part in enumerate(content)]
    return "\n\n".join(word for word in words if word)


def _part(path: str, part: Any, role: str, *, marks: bool) -> str:
    json_object(path, part)
    if part.get("type") is None:
        message = f"Missing required parameter: '{path}.type'."
        raise invalid(message, f"{path}.type", "missing_required_parameter")
    one_of(*_PARTS)(f"{path}.type", part["type"])
    _check_mark(path, part.get("prompt_cache_breakpoint"), taken=marks)
    match part["type"]:
        case "image_url" if role == "user":
            _image(f"{path}.image_url", part.get("image_url"))
            return ""
        case "file" if role == "user":
            return _file(f"{path}.file", part.get("file"))
        case "refusal" if role == "assistant":
            text(f"{path}.refusal", part.get("refusal"))
            return str(part["refusal"])
        case "text":
            return _text(path, part)
        case kind:
            message = f"Invalid content type. {kind} is only supported by certain models."
            raise invalid(message, f"{path}.type", None)


def _text(path: str, part: dict[str, Any]) -> str:
    if part.get("text") is None:
        message = f"Missing required parameter: '{path}.text'."
        raise invalid(message, f"{path}.text", "missing_required_parameter")
    text(f"{path}.text", part["text"])
    for name in part:
        if name not in {"type", "text", "prompt_cache_breakpoint"}:
            raise unknown(f"{path}.{name}")
    return str(part["text"])


def _check_mark(path: str, mark: Any, *, taken: bool) -> None:
    if mark is None:
        return
    name = f"{path}.prompt_cache_breakpoint"
    if not taken:
        raise invalid("prompt_cache_breakpoint is not supported on this model", name, None)
    json_object(name, mark)
    one_of("explicit")(f"{name}.mode", mark.get("mode"))
    one_of("30m", "12h")(f"{name}.ttl", mark.get("ttl", "30m"))


def _file(path: str, file: Any) -> str:
    """The words of a file that has any."""
    json_object(path, file)
    if file.get("file_id") is not None:
        message = f"Files with IDs ['{file['file_id']}'] were not found."
        raise RefusalError(404, "invalid_request_error", message, param=f"{path}.file_id")
    for name in ("file_data", "filename"):
        if file.get(name) is None:
            message = f"Missing required parameter: '{path}.{name}'."
            raise invalid(message, f"{path}.{name}", "missing_required_parameter")
        text(f"{path}.{name}", file[name])
    found = _FILE.fullmatch(file["file_data"])
    if found is None:
        message = (
            f"Invalid '{path}.file_data'. Expected a base64-encoded data URL with a valid MIME "
            "type (e.g. 'data:application/pdf;base64,aW1nIGJ5dGVzIGhlcmU=')."
        )
        raise invalid(message, f"{path}.file_data", "invalid_value")
    return _decoded(found[2]) if found[1].startswith("text/") else ""


def _decoded(octets: str) -> str:
    try:
        return b64decode(octets, validate=True).decode(errors="replace")
    except ValueError:
        return ""


def _image(path: str, image: Any) -> None:
    json_object(path, image)
    if image.get("url") is None:
        message = f"Missing required parameter: '{path}.url'."
        raise invalid(message, f"{path}.url", "missing_required_parameter")
    text(f"{path}.url", image["url"])
    if not re.match(r"https?://|data:image/(?:png|jpeg|gif|webp);base64,.", image["url"]):
        message = "Invalid MIME type. Only image types are supported."
        raise invalid(message, f"{path}.url", "invalid_image_format")
    if image.get("detail") is not None:
        one_of("low", "high", "auto", "original")(f"{path}.detail", image["detail"])
