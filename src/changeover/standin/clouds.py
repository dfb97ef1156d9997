"""Where clouds answer the protocols of others, below a stand-in's host.

* Bedrock: `/model/MODEL/converse`, `converse-stream`, `invoke` and `invoke-with-response-stream`.
* Vertex AI: `/v1/projects/P/locations/L/publishers/anthropic/models/MODEL:rawPredict`.
* Azure: OpenAI's paths below `/openai`, with the key in `api-key`.
"""

from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request

from changeover.basics.clock import Clock
from changeover.standin.amazon import Amazon, Arrival
from changeover.standin.anthropic_hosted import BedrockInvoke, VertexPredict
from changeover.standin.asked import Dialect
from changeover.standin.azure_chat import AzureChat, azure_key
from changeover.standin.bedrock_converse import BedrockConverse
from changeover.standin.google_tokens import Tokens
from changeover.standin.hosted_counting import BedrockCount, VertexCount
from changeover.standin.openai_responses import OpenAIResponses


class Clouds(msgspec.Struct, frozen=True, kw_only=True):
    """What the clouds know of those who call them; `clock` is the machine's own."""

    access_keys: Mapping[str, str]
    tokens: Tokens
    clock: Clock


Make = Callable[[Request, Clouds], Dialect]


class AzureResponses(OpenAIResponses):
    """Responses on Azure. A value without state."""

    def key(self, headers: Mapping[str, str]) -> str:
        return azure_key(headers)


def _on_bedrock(kind: type[BedrockConverse | BedrockInvoke], *, stream: bool) -> Make:
    def make(request: Request, clouds: Clouds) -> Dialect:
        arrival = Arrival(
            method=request.method,
            path=request.scope["raw_path"].decode("ascii", errors="replace"),
            query=request.url.query,
            at=clouds.clock.now(),
            access_keys=clouds.access_keys,
        )
        return kind(request.path_params["model"], arrival, stream=stream)

    return make


def _counting_on_vertex(_request: Request, clouds: Clouds) -> Dialect:
    return VertexCount("count-tokens", "rawPredict", clouds.tokens)


def _on_vertex(request: Request, clouds: Clouds) -> Dialect:
    path = request.path_params
    return VertexPredict(path["model"], path["method"], clouds.tokens)


ON_AZURE: Mapping[str, Dialect] = {"chat": AzureChat(), "responses": AzureResponses()}
"""OpenAI's protocols there."""

HOSTED: Mapping[str, Make] = {
    "/model/{model:path}/converse": _on_bedrock(BedrockConverse, stream=False),
    "/model/{model:path}/converse-stream": _on_bedrock(BedrockConverse, stream=True),
    "/model/{model:path}/invoke": _on_bedrock(BedrockInvoke, stream=False),
    "/model/{model:path}/invoke-with-response-stream": _on_bedrock(BedrockInvoke, stream=True),
    "/model/{model:path}/count-tokens": _on_bedrock(BedrockCount, stream=False),
    "/v1/projects/{project}/locations/{location}/publishers/anthropic/models/"
    "count-tokens:rawPredict": _counting_on_vertex,
    "/v1/projects/{project}/locations/{location}/publishers/anthropic/models/"
    "{model:path}:{method}": _on_vertex,
    "/openai/v1/chat/completions": lambda _request, _clouds: ON_AZURE["chat"],
    "/openai/v1/responses": lambda _request, _clouds: ON_AZURE["responses"],
}
"""How to read what comes to each path below a host."""

ADDRESSED = (Amazon, VertexPredict)
"""The dialects whose address names the model, and whether a stream is wanted."""
