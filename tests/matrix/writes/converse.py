"""What is written in Converse, to Bedrock."""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import FACT, PDF, PICTURE, SCHEMA, WORDS
from tests.matrix.outcome import Outcome, carried, converted, reported


def user(*blocks: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(blocks)}]}


def _tool_spec(**given: Any) -> Any:
    return {"toolConfig": {"tools": [{"toolSpec": given}]}}


def _inference(**given: Any) -> Any:
    return {"inferenceConfig": given}


def _additional(**given: Any) -> Any:
    return {"additionalModelRequestFields": given}


_POINT = {"cachePoint": {"type": "default"}}
_IMAGE_BLOCK = {"image": {"format": "png", "source": {"bytes": PICTURE}}}

CONVERSE: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}], "inferenceConfig": {"maxTokens": 400}}),
    "parts": carried(user({"text": FACT})),
    "history": carried({"messages": [{"role": "assistant", "content": [{"text": "Noted."}]}]}),
    "system": carried({"system": [{"text": "Be brief."}]}),
    "system-later": converted({"system": [{"text": "Be brief."}]}),
    "declined": reported("refusal", receives={"messages": [{"role": "assistant"}]}),
    "prefill": reported("messages"),
    "pinned": carried({}),
    "image": carried(user(_IMAGE_BLOCK)),
    "image-url": reported("url"),
    "image-detail": reported("detail", receives=user(_IMAGE_BLOCK)),
    "pdf": carried(user({"document": {"format": "pdf", "source": {"bytes": PDF}}})),
    "pdf-url": reported("url"),
    "text-file": carried(user({"document": {"format": "txt"}})),
    "tool": carried(_tool_spec(name="weather", inputSchema={"json": SCHEMA})),
    "tool-without-arguments": carried(_tool_spec(name="clock")),
    "tools-at-once": carried(_tool_spec(name="weather")),
    "one-at-a-time": carried(_additional(tool_choice={"disable_parallel_tool_use": True})),
    "tool-named": carried({"toolConfig": {"toolChoice": {"tool": {"name": "clock"}}}}),
    "tool-required": carried({"toolConfig": {"toolChoice": {"any": {}}}}),
    "tool-none": carried(_additional(tool_choice={"type": "none"})),
    "tool-strict": carried(_tool_spec(strict=True)),
    "result": carried(user({"toolResult": {"toolUseId": "call_1"}})),
    "results": carried(user({"toolResult": {"toolUseId": "call_2"}})),
    "result-image": carried(user({"toolResult": {"content": [_IMAGE_BLOCK]}})),
    "result-error": carried(user({"toolResult": {"status": "error"}})),
    "foreign-ids": converted(user({"toolResult": {"content": [{"text": WORDS}]}})),
    "json": reported("response_format"),
    "json-schema": carried({"outputConfig": {"textFormat": {"type": "json_schema"}}}),
    "limit": carried(_inference(maxTokens=16)),
    "stop": carried(_inference(stopSequences=["counts"])),
    "many-stops": carried(_inference(stopSequences=["counts", "b5"])),
    "verbosity": reported("verbosity"),
    "temperature": carried(_inference(temperature=0.5)),
    "hot": reported("temperature", receives=_inference(temperature=1.0)),
    "top-p": carried(_inference(topP=0.5)),
    "top-k": carried(_additional(top_k=5)),
    "seed": reported("seed"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": reported("logprobs"),
    "effort": carried({"outputConfig": {"effort": "high"}}),
    "budget": carried(_additional(thinking={"type": "enabled", "budget_tokens": 2048})),
    "shown": carried(_additional(thinking={"type": "adaptive"})),
    "user": reported("user"),
    "metadata": carried({"requestMetadata": {"case": "seven"}}),
    "cache": carried({"system": [_POINT], "messages": [{"content": [_POINT]}]}),
    "cache-key": reported("prompt_cache_key"),
}
