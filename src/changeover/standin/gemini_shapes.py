"""The messages of generateContent and their fields, as the vendor's reference has them.

A field's shape is the name of a scalar type, another message, a list of some shape, or
an enumeration with its members. A schema is read apart (`gemini_schemas.py`). What Vertex AI
has otherwise: it knows no ids of calls, and files of results may be named by address.
"""

import re
from collections.abc import Callable
from typing import Any

from changeover.standin.asked import is_number

_CATEGORY = "type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory"
_MODE = "type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode"
_CATEGORIES = tuple(
    f"HARM_CATEGORY_{name}"
    for name in (
        "UNSPECIFIED",
        "HARASSMENT",
        "HATE_SPEECH",
        "SEXUALLY_EXPLICIT",
        "DANGEROUS_CONTENT",
        "CIVIC_INTEGRITY",
    )
)

Message = dict[str, "Shape"]
Shape = str | Message | tuple[str, "Shape"] | tuple[str, str, tuple[str, ...]]


def _list_of(shape: "Shape") -> "Shape":
    return ("list", shape)


_BLOB: Message = {
    "mimeType": "TYPE_STRING",
    "data": "TYPE_BYTES",
    "displayName": "TYPE_STRING",
}
_FILE: Message = {
    "mimeType": "TYPE_STRING",
    "fileUri": "TYPE_STRING",
    "displayName": "TYPE_STRING",
}
_CALL: Message = {"id": "TYPE_STRING", "name": "TYPE_STRING", "args": "object"}
_RESULT: Message = {
    "id": "TYPE_STRING",
    "name": "TYPE_STRING",
    "response": "object",
    "willContinue": "TYPE_BOOL",
    "scheduling": "TYPE_STRING",
    "parts": _list_of({"inlineData": _BLOB}),
}
_PART: Message = {
    "text": "TYPE_STRING",
    "thought": "TYPE_BOOL",
    "thoughtSignature": "TYPE_BYTES",
    "inlineData": _BLOB,
    "fileData": _FILE,
    "functionCall": _CALL,
    "functionResponse": _RESULT,
    "executableCode": "object",
    "codeExecutionResult": "object",
    "videoMetadata": "object",
}
_CONTENT: Message = {"parts": _list_of(_PART), "role": "TYPE_STRING"}
_GENERATION: Message = {
    "temperature": "TYPE_FLOAT",
    "topP": "TYPE_FLOAT",
    "topK": "TYPE_INT32",
    "candidateCount": "TYPE_INT32",
    "maxOutputTokens": "TYPE_INT32",
    "stopSequences": _list_of("TYPE_STRING"),
    "presencePenalty": "TYPE_FLOAT",
    "frequencyPenalty": "TYPE_FLOAT",
    "seed": "TYPE_INT32",
    "responseLogprobs": "TYPE_BOOL",
    "logprobs": "TYPE_INT32",
    "responseMimeType": "TYPE_STRING",
    "responseSchema": "object",
    "responseJsonSchema": "object",
    "responseModalities": _list_of("TYPE_STRING"),
    "mediaResolution": "TYPE_STRING",
    "speechConfig": "object",
    "imageConfig": "object",
    "enableEnhancedCivicAnswers": "TYPE_BOOL",
    "thinkingConfig": {
        "includeThoughts": "TYPE_BOOL",
        "thinkingBudget": "TYPE_INT32",
        "thinkingLevel": "TYPE_STRING",
    },
}
REQUEST: Message = {
    "model": "TYPE_STRING",
    "contents": _list_of(_CONTENT),
    "systemInstruction": _CONTENT,
    "generationConfig": _GENERATION,
    "safetySettings": _list_of(
        {"category": ("enum", _CATEGORY, _CATEGORIES), "threshold": "TYPE_STRING"}
    ),
    "tools": _list_of(
        {
            "functionDeclarations": _list_of(
                {
                    "name": "TYPE_STRING",
                    "description": "TYPE_STRING",
                    "parameters": "object",
                    "parametersJsonSchema": "object",
                    "response": "object",
                    "responseJsonSchema": "object",
                    "behavior": "TYPE_STRING",
                }
            ),
            "googleSearch": "object",
            "codeExecution": "object",
            "urlContext": "object",
        }
    ),
    "toolConfig": {
        "functionCallingConfig": {
            "mode": ("enum", _MODE, ("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED")),
            "allowedFunctionNames": _list_of("TYPE_STRING"),
        },
        "retrievalConfig": "object",
    },
    "cachedContent": "TYPE_STRING",
    "labels": "object",
    "serviceTier": "TYPE_STRING",
    "store": "TYPE_BOOL",
}
SCALARS: dict[str, Callable[[Any], bool]] = {
    "TYPE_STRING": lambda value: isinstance(value, str),
    "TYPE_BYTES": lambda value: (
        isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/_-]*=*", value) is not None
    ),
    "TYPE_BOOL": lambda value: isinstance(value, bool),
    "TYPE_FLOAT": is_number,
    "TYPE_INT32": lambda value: is_number(value) and value == int(value) and abs(value) < 2**31,
    "object": lambda value: isinstance(value, dict),
}


def _vertex_part() -> Message:
    call, result = dict(_CALL), dict(_RESULT)
    del call["id"], result["id"]
    result["parts"] = _list_of({"inlineData": _BLOB, "fileData": _FILE})
    return {**_PART, "functionCall": call, "functionResponse": result}


_VERTEX_CONTENT: Message = {**_CONTENT, "parts": _list_of(_vertex_part())}
VERTEX_REQUEST: Message = {
    **REQUEST,
    "contents": _list_of(_VERTEX_CONTENT),
    "systemInstruction": _VERTEX_CONTENT,
}
