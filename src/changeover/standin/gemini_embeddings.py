"""Gemini's embeddings: what is taken and refused, and the answer.

Written from the vendor's reference (embeddings), the types of its official SDK and from
error bodies that callers reported. The vendor counts for its second generation of embedding
models and not for the first, `gemini-embedding-001`. A stand-in's embedding models
have "embed" in their names and 3,072 dimensions.
"""

from typing import Any

import msgspec

from changeover.standin import tokens
from changeover.standin.asked import RefusalError, is_integer
from changeover.standin.beside import Sent, Task
from changeover.standin.vectors import unit_vector

WHOLE = 3072
_INVALID = "INVALID_ARGUMENT"
_FIRST = "gemini-embedding-001"
_MOST_REQUESTS = 100
_FIELDS = {"model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig"}
_TASKS = {
    "TASK_TYPE_UNSPECIFIED", "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY",
    "CLASSIFICATION", "CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
}  # fmt: skip


def embed_contents(sent: Sent) -> Task:
    """POST /v1beta/models/{model}:embedContent and :batchEmbedContents."""
    given = _object(sent.payload)
    alone = sent.method == "embedContent"
    if alone:
        requests = [given]
    else:
        requests = given.get("requests", [])
        if set(given) - {"requests"}:
            raise _invalid(_unknown_name(min(set(given) - {"requests"})))
        if not isinstance(requests, list) or not requests:
            raise _invalid("* BatchEmbedContentsRequest.requests: value is required")
        if len(requests) > _MOST_REQUESTS:
            most = f"at most {_MOST_REQUESTS} requests can be in one batch"
            raise _invalid(f"* BatchEmbedContentsRequest.requests: {most}")
    texts = [_checked(each, sent.model, at, alone=alone) for at, each in enumerate(requests)]
    if "embed" not in sent.model:
        raise RefusalError(
            404,
            "NOT_FOUND",
            f"models/{sent.model} is not found for API version v1beta, or is not supported for "
            "embedContent. Call ListModels to see the list of available models and their "
            "supported methods.",
        )
    return Task(
        model=sent.model, pieces=lambda: [_answer(sent.model, requests, texts, alone=alone)]
    )


def _checked(request: Any, model: str, at: int, *, alone: bool) -> str:
    """The words to embed; `RefusalError` in the vendor's words."""
    where = "EmbedContentRequest" if alone else f"BatchEmbedContentsRequest.requests[{at}]"
    if not isinstance(request, dict):
        raise _invalid(f"Invalid value at 'requests[{at}]'")
    for name in request:
        if name not in _FIELDS:
            raise _invalid(_unknown_name(name))
    named = request.get("model", None if not alone else f"models/{model}")
    if named != f"models/{model}":
        raise _invalid(f"* {where}.model: model must be the same as the batch's")
    if request.get("taskType", "TASK_TYPE_UNSPECIFIED") not in _TASKS:
        raise _invalid(f"Invalid value at 'task_type', \"{request['taskType']}\"")
    dimensions = request.get("outputDimensionality", WHOLE)
    if not is_integer(dimensions) or not 1 <= dimensions <= WHOLE:
        raise _invalid(f"* {where}.output_dimensionality: must be between 1 and {WHOLE}")
    content = request.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    if not isinstance(parts, list) or not parts:
        raise _invalid(f"* {where}.content: contents is not specified")
    return "\n".join(str(part.get("text", msgspec.json.encode(part))) for part in parts)


def _answer(model: str, requests: list[Any], texts: list[str], *, alone: bool) -> bytes:
    vectors = [
        {"values": unit_vector(model, words, each.get("outputDimensionality", WHOLE), WHOLE)}
        for each, words in zip(requests, texts, strict=True)
    ]
    answer: dict[str, Any] = {"embedding": vectors[0]} if alone else {"embeddings": vectors}
    if model != _FIRST:
        counted = sum(map(tokens.count, texts))
        answer["usageMetadata"] = {"promptTokenCount": counted, "totalTokenCount": counted}
    return msgspec.json.encode(answer)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid("Invalid JSON payload received.") from error
    if not isinstance(given, dict):
        raise _invalid("Invalid JSON payload received.")
    return given


def _unknown_name(name: str) -> str:
    return f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, _INVALID, message)
