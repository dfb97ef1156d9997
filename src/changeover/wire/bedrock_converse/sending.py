"""Converse requests, written to Bedrock.

Source: the service model `bedrock-runtime`, shape `ConverseRequest`, and what Bedrock
refuses (`ValidationException`) in the reports of its users.

* Sides alternate and the user begins: turns of one side that follow one another are one
  message, and a conversation that the assistant begins gets a user's word before it.
* A last turn of the assistant is continued by the model (prefill). A request from
  another protocol that ends so meant an answer after it; it is sent all the same,
  without the white space at its end that is refused, and reported. A Claude that
  does not continue gets a user's word after it, which is reported too.
* `temperature` and `topP` reach to 1; what is above is lowered and reported. Claude since
  4.1 refuses the one together with the other; `topP` is then left out and reported. Newer
  ones refuse all settings of how to choose words, and to be made to call a tool.
* A stop sequence of white space only is refused; it is left out. Claude tells which one
  it met, if it is asked to, and it is.
* `requestMetadata` takes 16 entries of a narrow alphabet; others are left out, reported.
"""

import re
from typing import Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Loss,
    OutputForm,
    Reasoning,
    Role,
    Sampling,
    Turn,
)
from changeover.wire.bedrock_converse.families import Known, known
from changeover.wire.bedrock_converse.thinking import begun, write_thinking
from changeover.wire.bedrock_converse.tools import write_tools
from changeover.wire.bedrock_converse.writing import Block, BlockWriter, trimmed
from changeover.wire.silence import tells_of_silence

_MOST_METADATA = 16
_METADATA = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}")
_UNSAID = (
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "logprobs",
    "verbosity",
    "user",
    "prompt_cache_key",
)
_NOTHING = (None,) * len(_UNSAID)
STOP_PATHS = ["/stop_sequence"]
BEGINNING = "(The conversation begins with the assistant.)"
GO_ON = "Go on."

ALONE_LOSS = Loss(
    field="messages", why="Converse needs a turn; the instructions are sent as the user's."
)
EMPTY_LOSS = Loss(field="messages", why="Converse takes no turn without words.")
FIRST_LOSS = Loss(field="messages", why="Converse begins with the user; a word is put before.")
RECALLED_LOSS = Loss(
    field="reasoning", why="Claude takes none back in a loop of tools where it does not reason."
)
AFTER_LOSS = Loss(
    field="messages", why="This model does not continue its own turn; a word is put after it."
)
LAST_LOSS = Loss(
    field="messages", why="Converse continues a last assistant turn instead of answering it."
)


def encode_request(request: ChatRequest, upstream_model: str) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as Bedrock takes it, and what of it Converse cannot say."""
    model = known(upstream_model)
    losses: list[Loss] = []
    writer = BlockWriter(model)
    thinking = write_thinking(request, model, losses)
    if not thinking.recalls:
        request = _without_reasoning(request, losses)
    body = _said(request, writer, model, losses)
    tools = write_tools(request, model, losses)
    own = {**thinking.additional, **tools.additional}
    sampling = _taken(thinking.sampling, model, losses)
    if inference := _inference(sampling, model, losses):
        body["inferenceConfig"] = inference
    own |= _top_k(sampling, model, losses)
    if tools.config is not None:
        body["toolConfig"] = tools.config
    if own:
        body["additionalModelRequestFields"] = own
    if model.family == "claude" and "stopSequences" in body.get("inferenceConfig", {}):
        body["additionalModelResponseFieldPaths"] = STOP_PATHS
    if output := _output(request.output, thinking.effort, losses):
        body["outputConfig"] = output
    if metadata := _metadata(request.metadata, losses):
        body["requestMetadata"] = metadata
    losses += _unsayable(request)
    return msgspec.json.encode(body), (*writer.losses, *losses)


def _without_reasoning(request: ChatRequest, losses: list[Loss]) -> ChatRequest:
    """The request without the reasoning of a loop of tools that goes on."""
    begin = begun(request.turns)
    turns = [
        turn
        if at < begin
        else Turn(
            role=turn.role,
            parts=tuple(part for part in turn.parts if not isinstance(part, Reasoning)),
        )
        for at, turn in enumerate(request.turns)
    ]
    if tuple(turns) != request.turns:
        losses.append(RECALLED_LOSS)
    return msgspec.structs.replace(request, turns=tuple(turns))


def _said(
    request: ChatRequest, writer: BlockWriter, model: Known, losses: list[Loss]
) -> dict[str, Any]:
    """The instructions and the messages."""
    system = writer.system(request.system)
    messages = _messages(request, writer, losses)
    if not messages and system:
        losses.append(ALONE_LOSS)
        messages, system = [_message("user", system)], []
    elif messages and messages[0]["role"] == "assistant":
        losses.append(FIRST_LOSS)
        messages.insert(0, _message("user", [{"text": BEGINNING}]))
    if messages and messages[-1]["role"] == "assistant":
        messages = _ended(messages, request, model, losses)
    if request.cache is not None and messages:
        last = next((m for m in reversed(messages) if m["role"] == "user"), messages[-1])
        if "cachePoint" not in last["content"][-1]:
            last["content"] += writer.mark(request.cache)
    return {"messages": messages} | ({"system": system} if system else {})


def _ended(
    messages: list[dict[str, Any]], request: ChatRequest, model: Known, losses: list[Loss]
) -> list[dict[str, Any]]:
    """The messages, whose last one is the assistant's, as the model takes their end."""
    *before, last = messages
    if not model.continues:
        losses.append(AFTER_LOSS)
        return [*messages, _message("user", [{"text": GO_ON}])]
    if request.prefill:
        return messages
    losses.append(LAST_LOSS)
    return [*before, _message("assistant", trimmed(last["content"]))]


def _messages(
    request: ChatRequest, writer: BlockWriter, losses: list[Loss]
) -> list[dict[str, Any]]:
    """One message for the turns of one side that follow one another."""
    messages: list[dict[str, Any]] = []
    written: list[Turn] = []
    for turn in request.turns:
        content = writer.message(turn.parts, turn.role)
        written.append(turn if content else Turn(role=turn.role, parts=()))
        if not content:
            continue
        if messages and messages[-1]["role"] == turn.role:
            messages[-1]["content"] += content
        else:
            messages.append(_message(turn.role, content))
    if tells_of_silence(written):
        losses.append(EMPTY_LOSS)
    return messages


def _message(role: Role, content: list[Block]) -> dict[str, Any]:
    return {"role": role, "content": content}


def _taken(sampling: Sampling, model: Known, losses: list[Loss]) -> Sampling:
    """The settings that the model takes."""
    if model.samples:
        return sampling
    why = "This model takes no setting of how to choose words."
    names = ("temperature", "top_p", "top_k")
    losses += [Loss(field=name, why=why) for name in names if getattr(sampling, name) is not None]
    return msgspec.structs.replace(sampling, temperature=None, top_p=None, top_k=None)


def _inference(sampling: Sampling, model: Known, losses: list[Loss]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if sampling.max_tokens is not None:
        fields["maxTokens"] = max(sampling.max_tokens, 1)
        if sampling.max_tokens < 1:
            losses.append(Loss(field="max_tokens", why="Converse takes at least 1; 1 is sent."))
    if sampling.temperature is not None:
        fields["temperature"] = min(sampling.temperature, 1.0)
        if sampling.temperature > 1:
            losses.append(Loss(field="temperature", why="Converse takes at most 1; 1 is sent."))
    if sampling.top_p is not None:
        if model.family == "claude" and sampling.temperature is not None:
            why = "Claude takes temperature or top_p; temperature is sent."
            losses.append(Loss(field="top_p", why=why))
        else:
            fields["topP"] = sampling.top_p
    if not sampling.stop:
        return fields
    stop = [sequence for sequence in sampling.stop if sequence.strip()]
    if stop:
        fields["stopSequences"] = stop
    if len(stop) < len(sampling.stop):
        why = "Converse takes no stop sequence of white space only."
        losses.append(Loss(field="stop", why=why))
    return fields


def _top_k(sampling: Sampling, model: Known, losses: list[Loss]) -> dict[str, Any]:
    if sampling.top_k is None:
        return {}
    match model.family:
        case "claude" | "mistral":
            return {"top_k": sampling.top_k}
        case "nova":
            return {"inferenceConfig": {"topK": sampling.top_k}}
        case _:
            losses.append(Loss(field="top_k", why="This model takes no top_k here."))
            return {}


def _output(output: OutputForm | None, effort: str | None, losses: list[Loss]) -> dict[str, Any]:
    written: dict[str, Any] = {} if effort is None else {"effort": effort}
    if output is None:
        return written
    if output.schema is None:
        why = "Converse takes a schema for JSON, or nothing; nothing is sent."
        losses.append(Loss(field="response_format", why=why))
        return written
    if output.strict is False:
        why = "Converse always holds the answer to its schema."
        losses.append(Loss(field="strict", why=why))
    schema: dict[str, Any] = {"schema": msgspec.json.encode(output.schema).decode()}
    if output.name:
        schema["name"] = output.name
    if output.description:
        schema["description"] = output.description
    written["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": schema}}
    return written


def _metadata(metadata: dict[str, str], losses: list[Loss]) -> dict[str, str]:
    if not metadata:
        return {}
    fitting = {
        name: value
        for name, value in metadata.items()
        if name and _METADATA.fullmatch(name) and _METADATA.fullmatch(value)
    }
    kept = dict(list(fitting.items())[:_MOST_METADATA])
    if len(kept) < len(metadata):
        why = f"Converse takes {_MOST_METADATA} short entries of plain letters; others are left."
        losses.append(Loss(field="metadata", why=why))
    return kept


def _unsayable(request: ChatRequest) -> list[Loss]:
    """What Converse has no word for, where the request says it."""
    sampling = request.sampling
    unsaid = (
        sampling.seed,
        sampling.frequency_penalty,
        sampling.presence_penalty,
        sampling.chances,
        request.verbosity,
        request.user,
        request.cache_key,
    )
    if unsaid == _NOTHING:
        return []
    why = "Converse has no field for it."
    said = zip(_UNSAID, unsaid, strict=True)
    return [Loss(field=name, why=why) for name, value in said if value is not None]
