"""What is declared to become of each feature: at the client's door, and for each upstream.

* carried: the vendor gets it as it was said,
* converted: the vendor gets it in another form, with the same meaning,
* reported: the vendor does not get it, or gets less; the reply names the fields,
* refused: the request is answered 400 and names the field; no vendor gets anything.

A request is read in the client's protocol and written in the upstream's. What the first
does with a field follows from that protocol's field table (`READS`); what the second can
say is declared here by hand, with what the vendor must then have received (`WRITES`).
Nothing of this is taken down from a run.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from changeover.wire.anthropic_messages import fields as messages
from changeover.wire.bedrock_converse import fields as converse
from changeover.wire.fields import Table
from changeover.wire.gemini_generate import fields as gemini
from changeover.wire.openai_chat import fields as chat
from changeover.wire.openai_responses import fields as responses
from tests.matrix.cells import CLIENTS
from tests.matrix.features import FACT, PDF, PICTURE, PICTURE_URL, SCHEMA, WORDS
from tests.matrix.upstreams import UPSTREAMS

Kind = Literal["carried", "converted", "reported", "refused"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a feature. `fields` are those named, `receives` a pattern of the body."""

    kind: Kind
    fields: tuple[str, ...] = ()
    receives: Any = {}


def carried(receives: Any) -> Outcome:
    return Outcome(kind="carried", receives=receives)


def converted(receives: Any) -> Outcome:
    return Outcome(kind="converted", receives=receives)


def reported(*fields: str, receives: Any = None) -> Outcome:
    return Outcome(kind="reported", fields=fields, receives=receives or {})


def refused(field: str) -> Outcome:
    return Outcome(kind="refused", fields=(field,))


READ = carried({})


def table(given: Table, *names: str, place: str = "") -> Outcome:
    """What a protocol's own field table says of the fields `names`, which stand at `place`."""
    lost: list[str] = []
    for name in names:
        kind = given[name].kind if name in given else "reported"
        written = f"{place}.{name}" if place else name
        if kind == "refused":
            return refused(written)
        if kind == "reported":
            lost.append(written)
    return reported(*lost) if lost else READ


def part_of(given: Table, name: str, place: str) -> Outcome:
    """Refused where the table of parts does not know the kind of part `name`."""
    return READ if name in given else refused(place)


def _both(first: Outcome, second: Outcome) -> Outcome:
    """Two parts of one feature: refused where either is, else all that is lost."""
    for each in (first, second):
        if each.kind == "refused":
            return each
    lost = (*first.fields, *second.fields)
    return reported(*lost) if lost else READ


_GENERATION = "generationConfig"
_THINKING = "generationConfig.thinkingConfig"

READS: Mapping[str, Mapping[str, Outcome]] = {
    "chat": {
        "system-later": reported("messages[2].role"),
        "pdf": part_of(chat.PART, "file", "'file'"),
        "json": table(chat.FIELDS, "response_format"),
        "json-schema": table(chat.FIELDS, "response_format"),
        "verbosity": table(chat.FIELDS, "verbosity"),
        "seed": table(chat.FIELDS, "seed"),
        "penalties": table(chat.FIELDS, "frequency_penalty", "presence_penalty"),
        "chances": table(chat.FIELDS, "logprobs", "top_logprobs"),
        "effort": table(chat.FIELDS, "reasoning_effort"),
        "user": table(chat.FIELDS, "user"),
        "metadata": table(chat.FIELDS, "metadata"),
        "cache-key": table(chat.FIELDS, "prompt_cache_key"),
    },
    "responses": {
        "system-later": reported("input[2].role"),
        "pdf": part_of(responses.PART, "file_data", "'input_file'"),
        "pdf-url": part_of(responses.PART, "file_data", "'input_file'"),
        "json": table(responses.TEXT, "format", place="text"),
        "json-schema": table(responses.TEXT, "format", place="text"),
        "verbosity": table(responses.TEXT, "verbosity", place="text"),
        "chances": table(responses.FIELDS, "top_logprobs", "include"),
        "effort": _both(
            table(responses.REASONING, "effort", place="reasoning"),
            table(responses.FIELDS, "include"),
        ),
        "shown": _both(
            table(responses.REASONING, "effort", "summary", place="reasoning"),
            table(responses.FIELDS, "include"),
        ),
        "user": table(responses.FIELDS, "user"),
        "metadata": table(responses.FIELDS, "metadata"),
        "cache-key": table(responses.FIELDS, "prompt_cache_key"),
    },
    "messages": {
        "system-later": reported("messages[2].role"),
        "json-schema": table(messages.OUTPUT_CONFIG, "format", place="output_config"),
        "effort": table(messages.OUTPUT_CONFIG, "effort", place="output_config"),
        "budget": table(messages.FIELDS, "thinking"),
        "shown": _both(
            table(messages.FIELDS, "thinking"),
            table(messages.OUTPUT_CONFIG, "effort", place="output_config"),
        ),
        "user": table(messages.METADATA, "user_id", place="metadata"),
        "cache": _both(
            table(messages.PART, "cache_control", place="system[0]"),
            table(messages.PART, "cache_control", place="messages[0].content[0]"),
        ),
    },
    "gemini": {
        "result-image": table(
            gemini.RESULT, "parts", place="contents[2].parts[0].functionResponse"
        ),
        "json": table(gemini.GENERATION, "responseMimeType", place=_GENERATION),
        "json-schema": table(
            gemini.GENERATION, "responseMimeType", "responseJsonSchema", place=_GENERATION
        ),
        "seed": table(gemini.GENERATION, "seed", place=_GENERATION),
        "penalties": table(
            gemini.GENERATION, "frequencyPenalty", "presencePenalty", place=_GENERATION
        ),
        "chances": table(gemini.GENERATION, "responseLogprobs", "logprobs", place=_GENERATION),
        "effort": table(gemini.THINKING, "thinkingLevel", place=_THINKING),
        "budget": table(gemini.THINKING, "thinkingBudget", place=_THINKING),
        "shown": table(gemini.THINKING, "includeThoughts", "thinkingLevel", place=_THINKING),
        "metadata": table(gemini.FIELDS, "labels"),
    },
    "converse": {
        "metadata": table(converse.FIELDS, "requestMetadata"),
        "effort": table(converse.OUTPUT, "effort", place="outputConfig"),
        "budget": table(converse.ADDITIONAL, "thinking", place="additionalModelRequestFields"),
        "shown": _both(
            table(converse.ADDITIONAL, "thinking", place="additionalModelRequestFields"),
            table(converse.OUTPUT, "effort", place="outputConfig"),
        ),
        "json-schema": table(converse.OUTPUT, "textFormat", place="outputConfig"),
        "cache": table(converse.BLOCK, "cachePoint", place="system[1]"),
    },
}
"""By client and feature; a feature that is not there is read as it was written."""


def _chat_user(*parts: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(parts)}]}


def _responses_user(*parts: Any) -> Any:
    return {"input": [{"role": "user", "content": list(parts)}]}


def _messages_user(*parts: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(parts)}]}


def _gemini_user(*parts: Any) -> Any:
    return {"contents": [{"role": "user", "parts": list(parts)}]}


_DATA_URL = f"data:image/png;base64,{PICTURE}"
_STOP = ["counts"]
_STATUS_PASSED = {"unknown-model", "garbage", "closed", "garbage-in-stream"}
_FUNCTION = {"name": "weather", "description": "The weather now.", "parameters": SCHEMA}

_CHAT: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}]}),
    "parts": carried(_chat_user({"type": "text", "text": FACT})),
    "history": carried({"messages": [{"role": "assistant", "content": "Noted."}]}),
    "system": carried({"messages": [{"role": "system", "content": "Be brief."}]}),
    "system-later": converted({"messages": [{"role": "system", "content": "Be brief."}]}),
    "declined": carried(
        {"messages": [{"content": [{"type": "refusal", "refusal": "I cannot say."}]}]}
    ),
    "prefill": reported("messages"),
    "pinned": carried({"model": "gpt-4o-2024-11-20"}),
    "image": carried(_chat_user({"image_url": {"url": _DATA_URL}})),
    "image-url": carried(_chat_user({"image_url": {"url": PICTURE_URL}})),
    "image-detail": carried(_chat_user({"image_url": {"detail": "low"}})),
    "pdf": carried(_chat_user({"type": "file"})),
    "pdf-url": refused("file"),
    "text-file": converted(_chat_user({"type": "file"})),
    "tool": carried({"tools": [{"function": _FUNCTION}]}),
    "tool-without-arguments": carried({"tools": [{"function": {"name": "clock"}}]}),
    "tools-at-once": carried({"tools": [{"function": _FUNCTION}]}),
    "one-at-a-time": carried({"parallel_tool_calls": False}),
    "tool-named": carried({"tool_choice": {"function": {"name": "clock"}}}),
    "tool-required": carried({"tool_choice": "required"}),
    "tool-none": carried({"tool_choice": "none"}),
    "tool-strict": carried({"tools": [{"function": {"strict": True}}]}),
    "result": carried({"messages": [{"role": "tool", "tool_call_id": "call_1", "content": WORDS}]}),
    "results": carried({"messages": [{"role": "tool", "tool_call_id": "call_2"}]}),
    "result-image": reported("tool_result", receives=_chat_user({"image_url": {"url": _DATA_URL}})),
    "result-error": reported("is_error", receives={"messages": [{"role": "tool"}]}),
    "foreign-ids": converted({"messages": [{"role": "tool", "content": WORDS}]}),
    "json": carried({"response_format": {"type": "json_object"}}),
    "json-schema": carried({"response_format": {"json_schema": {"schema": SCHEMA}}}),
    "limit": carried({"max_completion_tokens": 16}),
    "stop": carried({"stop": _STOP}),
    "many-stops": reported("stop_sequences", receives={"stop": ["counts", "b3"]}),
    "verbosity": reported("verbosity"),
    "temperature": carried({"temperature": 0.5}),
    "hot": carried({"temperature": 1.5}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": reported("top_k"),
    "seed": carried({"seed": 7}),
    "penalties": carried({"frequency_penalty": 0.5, "presence_penalty": 0.25}),
    "chances": carried({"logprobs": True, "top_logprobs": 2}),
    "effort": reported("reasoning_effort"),
    "budget": reported("reasoning_budget", "reasoning_effort"),
    "shown": reported("reasoning_effort", "reasoning_summary"),
    "user": converted({"safety_identifier": "user-7"}),
    "metadata": reported("metadata"),
    "cache": reported("cache"),
    "cache-key": carried({"prompt_cache_key": "harbour"}),
}

_CHAT_5: Mapping[str, Outcome] = {
    **_CHAT,
    "pinned": carried({"model": "gpt-5.2-2025-12-11"}),
    "stop": reported("stop_sequences"),
    "many-stops": reported("stop_sequences"),
    "verbosity": carried({"verbosity": "low"}),
    "effort": carried({"reasoning_effort": "high"}),
    "budget": reported("reasoning_budget", receives={"reasoning_effort": "low"}),
    "shown": reported("reasoning_summary", receives={"reasoning_effort": "medium"}),
    "temperature": reported("temperature"),
    "hot": reported("temperature"),
    "top-p": reported("top_p"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": reported("logprobs"),
}
"""A model that reasons takes an effort, and then no sampling."""

_RESPONSES: Mapping[str, Outcome] = {
    "text": carried({"input": [{"role": "user"}], "store": False}),
    "parts": carried(_responses_user({"type": "input_text", "text": FACT})),
    "history": carried({"input": [{"role": "assistant"}]}),
    "system": carried({"instructions": "Be brief."}),
    "system-later": converted({"instructions": "Be brief."}),
    "declined": carried(
        {"input": [{"content": [{"type": "refusal", "refusal": "I cannot say."}]}]}
    ),
    "prefill": reported("messages"),
    "pinned": carried({"model": "gpt-5.1-2025-11-13"}),
    "image": carried(_responses_user({"type": "input_image", "image_url": _DATA_URL})),
    "image-url": carried(_responses_user({"type": "input_image", "image_url": PICTURE_URL})),
    "image-detail": carried(_responses_user({"type": "input_image", "detail": "low"})),
    "pdf": carried(_responses_user({"type": "input_file", "filename": "log…"})),
    "pdf-url": carried(_responses_user({"type": "input_file"})),
    "text-file": converted(_responses_user({"type": "input_file"})),
    "tool": carried({"tools": [_FUNCTION]}),
    "tool-without-arguments": carried({"tools": [{"name": "clock"}]}),
    "tools-at-once": carried({"tools": [_FUNCTION]}),
    "one-at-a-time": carried({"parallel_tool_calls": False}),
    "tool-named": carried({"tool_choice": {"type": "function", "name": "clock"}}),
    "tool-required": carried({"tool_choice": "required"}),
    "tool-none": carried({"tool_choice": "none"}),
    "tool-strict": carried({"tools": [{"strict": True}]}),
    "result": carried(
        {"input": [{"type": "function_call_output", "call_id": "call_1", "output": WORDS}]}
    ),
    "results": carried({"input": [{"type": "function_call_output", "call_id": "call_2"}]}),
    "result-image": carried(
        {"input": [{"output": [{"type": "input_image", "image_url": _DATA_URL}]}]}
    ),
    "result-error": reported("is_error", receives={"input": [{"type": "function_call_output"}]}),
    "foreign-ids": converted({"input": [{"type": "function_call_output", "output": WORDS}]}),
    "json": carried({"text": {"format": {"type": "json_object"}}}),
    "json-schema": carried({"text": {"format": {"schema": SCHEMA}}}),
    "limit": carried({"max_output_tokens": 16}),
    "stop": reported("stop"),
    "many-stops": reported("stop"),
    "verbosity": carried({"text": {"verbosity": "low"}}),
    "temperature": carried({"temperature": 0.5}),
    "hot": carried({"temperature": 1.5}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": reported("top_k"),
    "seed": reported("seed"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": carried({"top_logprobs": 2}),
    "effort": carried({"reasoning": {"effort": "high"}}),
    "budget": reported("thinking.budget", receives={"reasoning": {"effort": "low"}}),
    "shown": carried({"reasoning": {"effort": "medium", "summary": "auto"}}),
    "user": converted({"safety_identifier": "user-7"}),
    "metadata": carried({"metadata": {"case": "seven"}}),
    "cache": reported("cache"),
    "cache-key": carried({"prompt_cache_key": "harbour"}),
}

_MESSAGES: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}], "max_tokens": 400}),
    "parts": carried(_messages_user({"type": "text", "text": FACT})),
    "history": carried({"messages": [{"role": "assistant"}]}),
    "system": carried({"system": "Be brief."}),
    "system-later": converted({"system": "Be brief."}),
    "declined": reported("refusal", receives={"messages": [{"role": "assistant"}]}),
    "prefill": reported("messages"),
    "pinned": carried({"model": "claude-sonnet-4-6"}),
    "image": carried(_messages_user({"source": {"type": "base64", "data": PICTURE}})),
    "image-url": carried(_messages_user({"source": {"type": "url", "url": PICTURE_URL}})),
    "image-detail": reported("detail", receives=_messages_user({"source": {"data": PICTURE}})),
    "pdf": carried(_messages_user({"type": "document", "title": "log…"})),
    "pdf-url": carried(_messages_user({"type": "document", "source": {"type": "url"}})),
    "text-file": carried(_messages_user({"type": "document", "source": {"data": FACT}})),
    "tool": carried({"tools": [{"name": "weather", "input_schema": SCHEMA}]}),
    "tool-without-arguments": carried(
        {"tools": [{"name": "clock", "input_schema": {"type": "object"}}]}
    ),
    "tools-at-once": carried({"tools": [{"name": "weather"}]}),
    "one-at-a-time": carried({"tool_choice": {"disable_parallel_tool_use": True}}),
    "tool-named": carried({"tool_choice": {"type": "tool", "name": "clock"}}),
    "tool-required": carried({"tool_choice": {"type": "any"}}),
    "tool-none": carried({"tool_choice": {"type": "none"}}),
    "tool-strict": carried({"tools": [{"strict": True}]}),
    "result": carried(_messages_user({"type": "tool_result", "tool_use_id": "call_1"})),
    "results": carried(_messages_user({"type": "tool_result", "tool_use_id": "call_2"})),
    "result-image": carried(_messages_user({"content": [{"source": {"data": PICTURE}}]})),
    "result-error": carried(_messages_user({"type": "tool_result", "is_error": True})),
    "foreign-ids": converted(_messages_user({"type": "tool_result"})),
    "json": reported("response_format"),
    "json-schema": carried({"output_config": {"format": {"schema": SCHEMA}}}),
    "limit": carried({"max_tokens": 16}),
    "stop": carried({"stop_sequences": _STOP}),
    "many-stops": carried({"stop_sequences": ["counts", "b5"]}),
    "verbosity": reported("verbosity"),
    "temperature": carried({"temperature": 0.5}),
    "hot": reported("temperature", receives={"temperature": 1.0}),
    "top-p": carried({"top_p": 0.5}),
    "top-k": carried({"top_k": 5}),
    "seed": reported("seed"),
    "penalties": reported("frequency_penalty", "presence_penalty"),
    "chances": reported("logprobs"),
    "effort": carried({"output_config": {"effort": "high"}}),
    "budget": carried({"thinking": {"type": "enabled", "budget_tokens": 2048}}),
    "shown": carried({"thinking": {"type": "adaptive"}}),
    "user": carried({"metadata": {"user_id": "user-7"}}),
    "metadata": reported("metadata"),
    "cache": carried(_messages_user({"cache_control": {"type": "ephemeral"}})),
    "cache-key": reported("prompt_cache_key"),
}

_GEMINI: Mapping[str, Outcome] = {
    "text": carried({"contents": [{"role": "user"}]}),
    "parts": carried(_gemini_user({"text": FACT})),
    "history": carried({"contents": [{"role": "model", "parts": [{"text": "Noted."}]}]}),
    "system": carried({"systemInstruction": {"parts": [{"text": "Be brief."}]}}),
    "system-later": converted({"systemInstruction": {"parts": [{"text": "Be brief."}]}}),
    "declined": reported("refusal", receives={"contents": [{"role": "model"}]}),
    "prefill": reported("messages"),
    "pinned": carried({}),
    "image": carried(_gemini_user({"inlineData": {"mimeType": "image/png", "data": PICTURE}})),
    "image-url": carried(_gemini_user({"fileData": {"fileUri": PICTURE_URL}})),
    "image-detail": reported("detail", receives=_gemini_user({"inlineData": {"data": PICTURE}})),
    "pdf": carried(
        _gemini_user({"inlineData": {"mimeType": "application/pdf", "displayName": "log…"}})
    ),
    "pdf-url": carried(_gemini_user({"fileData": {"mimeType": "application/pdf"}})),
    "text-file": converted(
        _gemini_user({"inlineData": {"mimeType": "text/plain", "displayName": "log…"}})
    ),
    "tool": carried(
        {"tools": [{"functionDeclarations": [{"name": "weather", "parametersJsonSchema": SCHEMA}]}]}
    ),
    "tool-without-arguments": carried({"tools": [{"functionDeclarations": [{"name": "clock"}]}]}),
    "tools-at-once": carried({"tools": [{"functionDeclarations": [{"name": "weather"}]}]}),
    "one-at-a-time": reported("parallel_tool_calls"),
    "tool-named": carried(
        {
            "toolConfig": {
                "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["clock"]}
            }
        }
    ),
    "tool-required": carried({"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}),
    "tool-none": carried({"toolConfig": {"functionCallingConfig": {"mode": "NONE"}}}),
    "tool-strict": reported("tools.strict"),
    "result": carried(_gemini_user({"functionResponse": {"id": "call_1", "name": "weather"}})),
    "results": carried(_gemini_user({"functionResponse": {"id": "call_2"}})),
    "result-image": carried(
        _gemini_user({"functionResponse": {"parts": [{"inlineData": {"data": PICTURE}}]}})
    ),
    "result-error": carried(_gemini_user({"functionResponse": {"response": {"error": WORDS}}})),
    "foreign-ids": carried(_gemini_user({"functionResponse": {"name": "weather"}})),
    "json": carried({"generationConfig": {"responseMimeType": "application/json"}}),
    "json-schema": carried({"generationConfig": {"responseJsonSchema": {"type": "object"}}}),
    "limit": carried({"generationConfig": {"maxOutputTokens": 16}}),
    "stop": carried({"generationConfig": {"stopSequences": _STOP}}),
    "many-stops": reported(
        "stop", receives={"generationConfig": {"stopSequences": ["counts", "b4"]}}
    ),
    "verbosity": reported("verbosity"),
    "temperature": carried({"generationConfig": {"temperature": 0.5}}),
    "hot": carried({"generationConfig": {"temperature": 1.5}}),
    "top-p": carried({"generationConfig": {"topP": 0.5}}),
    "top-k": carried({"generationConfig": {"topK": 5}}),
    "seed": carried({"generationConfig": {"seed": 7}}),
    "penalties": carried({"generationConfig": {"frequencyPenalty": 0.5, "presencePenalty": 0.25}}),
    "chances": carried({"generationConfig": {"responseLogprobs": True, "logprobs": 2}}),
    "effort": carried({"generationConfig": {"thinkingConfig": {"thinkingLevel": "HIGH"}}}),
    "budget": carried({"generationConfig": {"thinkingConfig": {"thinkingBudget": 2048}}}),
    "shown": carried({"generationConfig": {"thinkingConfig": {"includeThoughts": True}}}),
    "user": reported("user"),
    "metadata": carried({"labels": {"case": "seven"}}),
    "cache": reported("cache_control"),
    "cache-key": reported("prompt_cache_key"),
}


def _converse_user(*blocks: Any) -> Any:
    return {"messages": [{"role": "user", "content": list(blocks)}]}


def _tool_spec(**given: Any) -> Any:
    return {"toolConfig": {"tools": [{"toolSpec": given}]}}


def _inference(**given: Any) -> Any:
    return {"inferenceConfig": given}


def _additional(**given: Any) -> Any:
    return {"additionalModelRequestFields": given}


_POINT = {"cachePoint": {"type": "default"}}
_IMAGE_BLOCK = {"image": {"format": "png", "source": {"bytes": PICTURE}}}

_CONVERSE: Mapping[str, Outcome] = {
    "text": carried({"messages": [{"role": "user"}], "inferenceConfig": {"maxTokens": 400}}),
    "parts": carried(_converse_user({"text": FACT})),
    "history": carried({"messages": [{"role": "assistant", "content": [{"text": "Noted."}]}]}),
    "system": carried({"system": [{"text": "Be brief."}]}),
    "system-later": converted({"system": [{"text": "Be brief."}]}),
    "declined": reported("refusal", receives={"messages": [{"role": "assistant"}]}),
    "prefill": reported("messages"),
    "pinned": carried({}),
    "image": carried(_converse_user(_IMAGE_BLOCK)),
    "image-url": reported("url"),
    "image-detail": reported("detail", receives=_converse_user(_IMAGE_BLOCK)),
    "pdf": carried(_converse_user({"document": {"format": "pdf", "source": {"bytes": PDF}}})),
    "pdf-url": reported("url"),
    "text-file": carried(_converse_user({"document": {"format": "txt"}})),
    "tool": carried(_tool_spec(name="weather", inputSchema={"json": SCHEMA})),
    "tool-without-arguments": carried(_tool_spec(name="clock")),
    "tools-at-once": carried(_tool_spec(name="weather")),
    "one-at-a-time": carried(_additional(tool_choice={"disable_parallel_tool_use": True})),
    "tool-named": carried({"toolConfig": {"toolChoice": {"tool": {"name": "clock"}}}}),
    "tool-required": carried({"toolConfig": {"toolChoice": {"any": {}}}}),
    "tool-none": carried(_additional(tool_choice={"type": "none"})),
    "tool-strict": carried(_tool_spec(strict=True)),
    "result": carried(_converse_user({"toolResult": {"toolUseId": "call_1"}})),
    "results": carried(_converse_user({"toolResult": {"toolUseId": "call_2"}})),
    "result-image": carried(_converse_user({"toolResult": {"content": [_IMAGE_BLOCK]}})),
    "result-error": carried(_converse_user({"toolResult": {"status": "error"}})),
    "foreign-ids": converted(_converse_user({"toolResult": {"content": [{"text": WORDS}]}})),
    "json": reported("response_format"),
    "json-schema": carried({"outputConfig": {"textFormat": {"type": "json_schema"}}}),
    "limit": carried(_inference(maxTokens=16)),
    "stop": carried(_inference(stopSequences=_STOP)),
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

_HOSTED = {**_MESSAGES, "text": carried({"messages": [{"role": "user"}]}), "pinned": carried({})}
"""Messages in a cloud's own request: the model stands in the address."""

_AZURE = {**_CHAT, "pinned": carried({}), "user": carried({"user": "user-7"})}

_ALIKE = {
    "usage": carried({}),
    "rate-limited": carried({}),
    "overloaded": carried({}),
    "refused-by-vendor": carried({}),
    "garbage": carried({}),
    "closed": carried({}),
    "garbage-in-stream": carried({}),
    "unknown-model": carried({}),
}
"""What does not depend on the upstream's protocol."""

WRITES: Mapping[str, Mapping[str, Outcome]] = {
    "chat": {**_CHAT, **_ALIKE},
    "chat-5": {**_CHAT_5, **_ALIKE},
    "responses": {**_RESPONSES, **_ALIKE},
    "messages": {**_MESSAGES, **_ALIKE},
    "gemini": {**_GEMINI, **_ALIKE},
    "converse": {**_CONVERSE, **_ALIKE},
    "bedrock": {**_HOSTED, **_ALIKE},
    "vertex": {**_HOSTED, **_ALIKE},
    "azure": {**_AZURE, **_ALIKE},
}
"""By upstream and feature; every feature has an entry."""


_PASSING = {"openai-chat", "openai-responses", "anthropic-messages", "gemini-generate"}


_APART: Mapping[str, frozenset[str]] = {
    "gemini": frozenset({"result", "results", "result-image", "result-error"}),
    "messages": frozenset({"temperature", "top-p", "top-k", "prefill"}),
    "chat": frozenset({"effort", "budget", "shown", "verbosity"}),
    "chat-5": frozenset({"stop", "many-stops"}),
}
"""What is not as it would be without Changeover, though both sides speak one protocol.

Gemini wants signatures of calls that it did not make, and gets the words that stand for
them. Anthropic's newest version knows no sampling, and Changeover speaks an older one. What
a model is known to refuse is translated, so that it is left out and told.
"""


def passes(client: str, upstream: str, feature: str) -> bool:
    """Whether a request goes on as it was written: one protocol, spoken as its own vendor does.

    Calls' ids that the vendor would refuse are written anew all the same.
    """
    there = UPSTREAMS[upstream]
    alike = CLIENTS[client].protocol == there.protocol and there.dialect is None
    apart = feature == "foreign-ids" or feature in _APART.get(upstream, ())
    return alike and there.protocol in _PASSING and not apart


def expected(client: str, upstream: str, feature: str) -> Outcome:
    """What is declared to become of a feature between a client and an upstream.

    What is refused or lost at the client's door does not get as far as the upstream.
    """
    read = READS[client].get(feature, READ)
    write = WRITES[upstream][feature]
    if read.kind == "refused":
        return read
    if read.kind == "reported" and feature not in READ_IN_PART:
        return read
    if read.kind == "reported":
        return reported(*read.fields, *write.fields, receives=write.receives)
    return write


SEALS_UNASKED = frozenset({"gemini"})
"""Upstreams that seal an answer's words though nobody asked for reasoning.

A program that did not ask may get the seal or not, as its protocol has it; if not, it is
told. In a stream that is too late for the header.
"""


READ_IN_PART = frozenset({"system-later"})
"""Features that are told as changed at the client's door and reach the vendor all the same."""
