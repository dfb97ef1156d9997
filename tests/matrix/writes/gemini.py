"""What is written in generateContent, to Google."""

from collections.abc import Mapping
from typing import Any

from tests.matrix.features.feature import FACT, PICTURE, PICTURE_URL, SCHEMA, WORDS
from tests.matrix.outcome import Outcome, carried, converted, reported


def user(*parts: Any) -> Any:
    return {"contents": [{"role": "user", "parts": list(parts)}]}


_DATA_URL = f"data:image/png;base64,{PICTURE}"
_STOP = ["counts"]
_FUNCTION = {"name": "weather", "description": "The weather now.", "parameters": SCHEMA}

GEMINI: Mapping[str, Outcome] = {
    "text": carried({"contents": [{"role": "user"}]}),
    "parts": carried(user({"text": FACT})),
    "history": carried({"contents": [{"role": "model", "parts": [{"text": "Noted."}]}]}),
    "system": carried({"systemInstruction": {"parts": [{"text": "Be brief."}]}}),
    "system-later": converted({"systemInstruction": {"parts": [{"text": "Be brief."}]}}),
    "declined": reported("refusal", receives={"contents": [{"role": "model"}]}),
    "prefill": reported("messages"),
    "pinned": carried({}),
    "image": carried(user({"inlineData": {"mimeType": "image/png", "data": PICTURE}})),
    "image-url": carried(user({"fileData": {"fileUri": PICTURE_URL}})),
    "image-detail": reported("detail", receives=user({"inlineData": {"data": PICTURE}})),
    "pdf": carried(user({"inlineData": {"mimeType": "application/pdf", "displayName": "log…"}})),
    "pdf-url": carried(user({"fileData": {"mimeType": "application/pdf"}})),
    "text-file": converted(user({"inlineData": {"mimeType": "text/plain", "displayName": "log…"}})),
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
    "result": carried(user({"functionResponse": {"id": "call_1", "name": "weather"}})),
    "results": carried(user({"functionResponse": {"id": "call_2"}})),
    "result-image": carried(
        user({"functionResponse": {"parts": [{"inlineData": {"data": PICTURE}}]}})
    ),
    "result-error": carried(user({"functionResponse": {"response": {"error": WORDS}}})),
    "foreign-ids": carried(user({"functionResponse": {"name": "weather"}})),
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
