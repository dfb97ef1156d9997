"""What Bedrock's Converse takes and refuses beside the messages: tools, limits, form, metadata.

Written from the service model `bedrock-runtime` and error bodies that callers reported.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.amazon import invalid
from changeover.standin.asked import is_integer, is_number

Object = dict[str, Any]

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_METADATA = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}")
_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def member(path: str, block: Any, known: frozenset[str]) -> tuple[str, Any]:
    """The one field of a union."""
    if not isinstance(block, dict) or len(block) != 1 or next(iter(block)) not in known:
        raise invalid(
            f"The value at {path} must have exactly one of the following keys set: "
            f"{', '.join(sorted(known))}."
        )
    return next(iter(block.items()))


def check_name(path: str, value: Any) -> None:
    if not isinstance(value, str) or not _TOOL_NAME.fullmatch(value):
        raise invalid(
            f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy "
            "regular expression pattern: [a-zA-Z0-9_-]+ and have length less than or equal to 64"
        )


def check_point(path: str, value: Any) -> None:
    sound = isinstance(value, dict) and set(value) <= {"type", "ttl"}
    if not sound or value.get("type") != "default" or value.get("ttl", "5m") not in {"5m", "1h"}:
        raise invalid(f"The format of the value at {path} is invalid.")


def check_system(path: str, block: Any) -> None:
    kind, value = member(path, block, frozenset({"text", "cachePoint", "guardContent"}))
    if kind == "text" and (not isinstance(value, str) or not value.strip()):
        raise invalid(
            f"The text field in the SystemContentBlock object at {path} is blank. Add text to the "
            "text field, and try again."
        )


def check_inference(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        path = f"inferenceConfig.{name}"
        match name:
            case "maxTokens":
                if not is_integer(value) or value < 1:
                    raise invalid(f"The value at {path} must be at least 1.")
            case "temperature" | "topP":
                if not is_number(value) or not 0 <= value <= 1:
                    raise invalid(f"The value at {path} must be between 0 and 1.")
            case "stopSequences":
                if not isinstance(value, list) or not all(isinstance(s, str) and s for s in value):
                    raise invalid(f"The value at {path} must be a list of text.")
            case _:
                raise invalid(f"#: extraneous key [{path}] is not permitted")


def tool_names(config: Any) -> list[str] | None:
    """The names of the tools; None where there is no configuration of any."""
    if config is None:
        return None
    if not isinstance(config, dict) or not config.get("tools"):
        raise invalid("The value at toolConfig.tools must have at least 1 item.")
    names: list[str] = []
    for at, tool in enumerate(config["tools"]):
        path = f"toolConfig.tools.{at}"
        kind, spec = member(path, tool, frozenset({"toolSpec", "systemTool", "cachePoint"}))
        if kind == "cachePoint":
            check_point(f"{path}.cachePoint", spec)
            continue
        check_name(f"{path}.{kind}.name", spec.get("name"))
        if spec["name"] in names:
            raise invalid(f"The tool {spec['name']} is defined more than once.")
        if spec.get("description") == "":
            raise invalid(f"The value at {path}.toolSpec.description must have at least 1 letter.")
        schema = (spec.get("inputSchema") or {}).get("json")
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise invalid(
                f"The value at {path}.toolSpec.inputSchema.json.type must be one of the "
                "following: object."
            )
        names.append(spec["name"])
    _check_choice(config.get("toolChoice"), names)
    return names


def _check_choice(choice: Any, names: Sequence[str]) -> None:
    if choice is None:
        return
    kind, value = member("toolConfig.toolChoice", choice, frozenset({"auto", "any", "tool"}))
    if kind == "tool" and value.get("name") not in names:
        raise invalid("The toolChoice names a tool that is not in toolConfig.tools.")


def check_choices(given: Object) -> None:
    own = given.get("additionalModelRequestFields") or {}
    if "tool_choice" not in own:
        return
    if "toolChoice" in (given.get("toolConfig") or {}):
        raise invalid(
            "The additional field tool_choice conflicts with an existing field. Remove the "
            "additional field and try again."
        )
    if "toolConfig" not in given:
        raise invalid("tool_choice.type: Field required")


def check_output(given: Mapping[str, Any]) -> None:
    if not set(given) <= {"textFormat", "effort"}:
        raise invalid("#: extraneous key in [outputConfig] is not permitted")
    if given.get("effort", "low") not in _EFFORTS:
        listed = ", ".join(_EFFORTS)
        raise invalid(f"The value at outputConfig.effort must be one of the following: {listed}.")
    if "textFormat" not in given:
        return
    form = given["textFormat"]
    inner = (form.get("structure") or {}).get("jsonSchema") or {}
    try:
        schema = msgspec.json.decode(inner.get("schema", ""))
    except (msgspec.DecodeError, TypeError):
        schema = None
    if form.get("type") != "json_schema" or not isinstance(schema, dict):
        raise invalid("The value at outputConfig.textFormat is not a JSON schema.")


def check_metadata(given: Mapping[str, Any]) -> None:
    most = 16
    if len(given) > most:
        raise invalid(f"The value at requestMetadata must have at most {most} entries.")
    for name, value in given.items():
        texts = (name, value)
        if not all(isinstance(one, str) and _METADATA.fullmatch(one) for one in texts) or not name:
            raise invalid("The value at requestMetadata failed to satisfy constraint.")
