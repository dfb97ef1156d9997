"""Chat Completions requests, as a server takes them.

Each setting goes under the server's own name for it (`profile.py`); one that the server or the
model does not take is left out and reported.

* A streamed request always asks for the counts: they are metered whether the client wants to
  see them or not.
* A budget of tokens for reasoning becomes an effort where the server knows no budget. An effort
  that the model does not know becomes the nearest one that it does.
* A last assistant turn that is to be continued is marked as the server wants it. One that is
  not, but that the server would continue or refuse, is reported.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Effort, Loss, Text, Thinking, words_of
from changeover.wire.openai_chat.output_form import SAY_JSON, write_format
from changeover.wire.openai_chat.parts import lifetime
from changeover.wire.openai_chat.profile import EFFORTS, Family, Profile, Setting
from changeover.wire.openai_chat.tools import ToolsWriter
from changeover.wire.openai_chat.writing import MessageWriter, takes_marks
from changeover.wire.openai_responses.caching import short_name
from changeover.wire.openai_responses.output_form import lacks_word, says_word

_NAMES: Mapping[Setting, str] = {
    "chances": "logprobs",
    "stop": "stop_sequences",
    "effort": "reasoning_effort",
    "budget": "reasoning_budget",
    "cache_key": "prompt_cache_key",
    "parallel_calls": "parallel_tool_calls",
}
"""How losses call settings that have another name in most protocols."""

PREFILL_LOSS = Loss(
    field="messages", why="The server answers after a last assistant turn instead of continuing it."
)
CONTINUED_LOSS = Loss(
    field="messages", why="The server continues a last assistant turn instead of answering it."
)
SHOW_LOSS = Loss(
    field="reasoning_summary", why="Whether reasoning is shown is left to the server here."
)
BUDGET_LOSS = Loss(
    field="reasoning_budget", why="The server takes no budget; an effort is sent in its place."
)
EFFORT_LOSS = Loss(
    field="reasoning_effort",
    why="The model does not know this effort; the nearest that it knows is sent.",
)
SILENT_LOSS = Loss(
    field="reasoning_effort",
    why="With tools this model takes no effort but none in this protocol; it does not reason.",
)
JSON_LOSS = Loss(
    field="response_format",
    why="The vendor wants the word JSON in the conversation; an instruction with it is added.",
)
_encode = msgspec.json.Encoder().encode
_LONGEST: Mapping[Setting, int] = {"user": 128, "cache_key": 64}
_LOW, _MEDIUM = 4_096, 16_384


class Server(msgspec.Struct, frozen=True):
    """Who a request goes to, as far as its model's name tells: alike for all its requests.

    `marks` says that the model takes marks for the prompt cache. `unchanged` are the settings
    that it takes as they are whatever else is asked, by its names for them.
    """

    profile: Profile
    family: Family
    marks: bool
    unchanged: Mapping[Setting, str]


def server_of(profile: Profile, model: str) -> Server:
    """The server of the model of this name."""
    family = profile.family(model)
    changed = family.lacks | family.lacks_reasoning | _LONGEST.keys() | {"chances", "stop"}
    unchanged = {
        setting: name for setting, name in profile.fields.items() if setting not in changed
    }
    return Server(profile, family, takes_marks(profile, model), unchanged)


def encode_request(
    request: ChatRequest, upstream_model: str, server: Server
) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as the server takes it, and what of it is lost."""
    profile = server.profile
    losses: dict[Loss, None] = {}
    if request.output is not None:
        request = _with_json_said(request, profile, losses)
    writer = MessageWriter(profile, server.family, marks=server.marks)
    body: dict[str, Any] = {
        "model": upstream_model,
        "messages": writer.messages(request.system, request.turns),
    }
    _Settings(server, losses).write(request, body)
    if request.tools:
        body |= ToolsWriter(profile, writer.name, losses).fields(request)
    if request.output is not None:
        body["response_format"] = write_format(
            request.output, losses, strict_schemas=profile.strict_schemas
        )
    if (cache := request.cache) is not None and writer.marks:
        body["prompt_cache_options"] = {"mode": "implicit", **lifetime(cache, losses)}
    if request.stream:
        body["stream"] = True
        if profile.counts:
            body["stream_options"] = {"include_usage": True}
    _end(request, profile, body, losses)
    return _encode(body), (*writer.losses, *losses)


class _Settings:
    """The settings as the server and the model take them."""

    def __init__(self, server: Server, losses: dict[Loss, None]) -> None:
        self._profile = server.profile
        self._family = server.family
        self._unchanged = server.unchanged
        self._losses = losses

    def write(self, request: ChatRequest, body: dict[str, Any]) -> None:
        effort, budget = self._thinking(request)
        asked = _asked(request)
        if effort is not None:
            asked["effort"] = effort
        if budget is not None:
            asked["budget"] = budget
        for setting, value in asked.items():
            if (name := self._unchanged.get(setting)) is not None:
                body[name] = value
            else:
                body |= self._fitted(setting, value, reasons=effort != "none")

    def _fitted(self, setting: Setting, value: Any, *, reasons: bool) -> dict[str, Any]:
        """A setting that not every model takes, or not in every form."""
        name = self._profile.fields.get(setting)
        lacks = self._family.lacks
        if (
            name is None
            or setting in lacks
            or (reasons and setting in self._family.lacks_reasoning)
        ):
            self._lose(setting)
            return {}
        if setting == "chances":
            return {"logprobs": True, name: max(value, self._profile.least_others)}
        if setting == "stop":
            return {name: self._stops(value)}
        longest = _LONGEST.get(setting)
        return {name: value if longest is None else short_name(value, longest)}

    def _lose(self, setting: Setting) -> None:
        why = "The model's server takes no such setting; it is left out."
        self._losses[Loss(field=_NAMES.get(setting, setting), why=why)] = None

    def _stops(self, stops: list[str]) -> list[str]:
        most = self._profile.max_stops
        if most is not None and len(stops) > most:
            why = f"The server takes {most} sequences; the first {most} are sent."
            self._losses[Loss(field="stop_sequences", why=why)] = None
        return stops[:most]

    def _thinking(self, request: ChatRequest) -> tuple[Effort | None, int | None]:
        """The effort and the budget to send."""
        if request.thinking is None and not self._family.silent_tools:
            return None, None
        thinking = request.thinking or Thinking()
        if thinking.show not in {None, "none"}:
            self._losses[SHOW_LOSS] = None
        effort, budget = thinking.effort, thinking.budget
        if budget is not None and "budget" not in self._profile.fields:
            self._losses[BUDGET_LOSS] = None
            effort, budget = effort or _effort_of(budget), None
        if "effort" not in self._profile.fields or "effort" in self._family.lacks:
            return effort, budget
        if self._family.silent_tools and request.tools:
            if effort not in {None, "none"}:
                self._losses[SILENT_LOSS] = None
            return "none", budget
        if effort is not None and effort not in self._family.efforts:
            self._losses[EFFORT_LOSS] = None
            effort = nearest(effort, self._family.efforts)
        return effort, budget


def _asked(request: ChatRequest) -> dict[Setting, Any]:
    """The settings that are asked for: those of the sampling have the names that it has here."""
    asked: dict[Setting, Any] = msgspec.to_builtins(request.sampling)  # without what is not set
    if request.verbosity is not None:
        asked["verbosity"] = request.verbosity
    if request.user is not None:
        asked["user"] = request.user
    if request.metadata:
        asked["metadata"] = request.metadata
    if request.cache_key is not None:
        asked["cache_key"] = request.cache_key
    if request.parallel_calls is not None and request.tools:
        asked["parallel_calls"] = request.parallel_calls
    return asked


def _effort_of(budget: int) -> Effort:
    if budget == 0:
        return "none"
    if budget <= _LOW:
        return "low"
    return "medium" if budget <= _MEDIUM else "high"


def nearest(effort: Effort, known: tuple[Effort, ...]) -> Effort:
    """The known effort nearest to the one asked for, the greater of two."""
    at = EFFORTS.index(effort)
    return min(reversed(known), key=lambda one: abs(EFFORTS.index(one) - at))


def _with_json_said(
    request: ChatRequest, profile: Profile, losses: dict[Loss, None]
) -> ChatRequest:
    """The request with JSON named in it, where the vendor wants that for any object."""
    if not (profile.says_json and lacks_word(request)) or says_word(words_of(request.system)):
        return request
    losses[JSON_LOSS] = None
    return msgspec.structs.replace(request, system=(*request.system, Text(text=SAY_JSON)))


def _end(
    request: ChatRequest, profile: Profile, body: dict[str, Any], losses: dict[Loss, None]
) -> None:
    """Marks the last turn as one to continue, or reports that it is taken otherwise."""
    last = body["messages"][-1] if body["messages"] else {"role": ""}
    if last["role"] != "assistant" or "tool_calls" in last:
        return
    match profile.prefill:
        case None if request.prefill:
            losses[PREFILL_LOSS] = None
        case "prefix":
            last["prefix"] = True
        case "continue" if request.prefill:
            body |= {"continue_final_message": True, "add_generation_prompt": False}
    if profile.prefill in {"prefix", "always"} and not request.prefill:
        losses[CONTINUED_LOSS] = None
