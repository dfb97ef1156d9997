"""Whether a model on Bedrock takes a Converse request as it is written.

Sources: those of `families.py` and `thinking.py`, which say what each model takes, and
those of `sending.py` and `writing.py`, which say what Converse itself refuses.

A program that is served by another model than it was written for, or that gives back what
other vendors said, cannot know all of it. Such a request does not pass through: the codec
says it as it is taken, and tells what is lost. A model of no known name takes everything.
"""

from collections.abc import Sequence

from changeover.wire.as_written import settings_in
from changeover.wire.bedrock_converse.additional import PLACE
from changeover.wire.bedrock_converse.as_written import AsWritten
from changeover.wire.bedrock_converse.families import Family, Known, known
from changeover.wire.bedrock_converse.outline import Said, calls_in, going_on, is_plain, outlined
from changeover.wire.bedrock_converse.writing import FITTING_ID
from changeover.wire.claude import Generation
from changeover.wire.passing import Fields, holds, inner, is_given, text_of
from changeover.wire.tool_names import FITTING

_CLAUDES = frozenset({"thinking", "reasoning_config", "output_config", "tool_choice"})
_NOVAS = frozenset({"reasoningConfig", "inferenceConfig"})
_OPENAIS = frozenset({"reasoning_effort"})
_OTHERS: dict[Family, frozenset[str]] = {
    "claude": _NOVAS | _OPENAIS,
    "nova": _CLAUDES | _OPENAIS | {"top_k"},
    "openai": _CLAUDES | _NOVAS | {"top_k"},
    "mistral": _CLAUDES | _NOVAS | _OPENAIS,
}
"""The fields of a model's own that are those of another family."""
_FORCED = frozenset({"any", "tool"})
_POINT = b'"cachePoint"'
_SPEAKERS = ("user", "assistant")


def takes(model: str, given: Fields) -> bool:
    """Whether the model of that name takes these fields."""
    about = known(model)
    own = inner(given.get(PLACE)) or {}
    if not _OTHERS.get(about.family, frozenset()).isdisjoint(own):
        return False
    if not (_takes_points(about, given) and _takes_settings(about, given, own)):
        return False
    said = outlined(given)
    return (
        said is None
        or is_plain(said)
        or _takes_talk(
            about, said, tools=is_given(given.get("toolConfig")), thinking=_thinking(own)
        )
    )


def takes_as_written(model: str, asked: AsWritten) -> bool:
    """The same of a request as it was written, which holds no points, and no fields of its own."""
    about, said = known(model), asked.messages
    if about.claude is not None and not _takes_as_written(about.claude, asked):
        return False
    return is_plain(said) or _takes_talk(about, said, tools=asked.toolConfig is not None)


def _takes_as_written(takes: Generation, asked: AsWritten) -> bool:
    inference = {}
    if asked.inferenceConfig is not None:
        inference = settings_in(asked.inferenceConfig, ("temperature", "topP"))
    config = asked.toolConfig
    choice = {} if config is None else inner(config.toolChoice) or {}
    return _takes_sampling(takes, inference, {}) and (takes.forced or _FORCED.isdisjoint(choice))


def _takes_points(about: Known, given: Fields) -> bool:
    """Whether it takes the marks for its cache where they stand."""
    if about.family in {"claude", "other"}:
        return True
    among_tools = holds(bytes(given.get("toolConfig", b"")), _POINT)
    places = () if about.caches else ("messages", "system")
    return not among_tools and not any(holds(bytes(given.get(p, b"")), _POINT) for p in places)


def _takes_settings(about: Known, given: Fields, own: Fields) -> bool:
    if about.family == "other":
        return True
    effort = text_of((inner(given.get("outputConfig")) or {}).get("effort"))
    if about.claude is None:
        return not effort
    inference = inner(given.get("inferenceConfig")) or {}
    return (
        _takes_effort(about.claude, effort)
        and _takes_effort(
            about.claude, text_of((inner(own.get("output_config")) or {}).get("effort"))
        )
        and _takes_thinking(about.claude, _thinking(own))
        and _takes_sampling(about.claude, inference, own)
        and (about.claude.forced or not _forces(given, own))
    )


def _takes_effort(takes: Generation, effort: str) -> bool:
    return not effort or effort in takes.efforts


def _takes_thinking(takes: Generation, kind: str) -> bool:
    match kind:
        case "enabled":
            return takes.budget
        case "adaptive":
            return takes.adaptive
        case "disabled" | "between_tools":
            return takes.off == kind
        case _:
            return True


def _takes_sampling(takes: Generation, inference: Fields, own: Fields) -> bool:
    """Claude takes one of two settings, and its newest generations take none."""
    temperature, top_p = (is_given(inference.get(name)) for name in ("temperature", "topP"))
    if temperature and top_p:
        return False
    return takes.sampling or not (temperature or top_p or is_given(own.get("top_k")))


def _forces(given: Fields, own: Fields) -> bool:
    """Whether a tool must be called."""
    choice = inner((inner(given.get("toolConfig")) or {}).get("toolChoice")) or {}
    return not _FORCED.isdisjoint(choice) or _kind(own, "tool_choice") in _FORCED


def _thinking(own: Fields) -> str:
    """How Claude is asked to reason, by either name; empty where nothing is said."""
    return _kind(own, "thinking") or _kind(own, "reasoning_config")


def _kind(own: Fields, name: str) -> str:
    return text_of((inner(own.get(name)) or {}).get("type"))


def _takes_talk(about: Known, said: Sequence[Said], *, tools: bool, thinking: str = "") -> bool:
    """Whether it takes the conversation, and goes on with it."""
    if not said:
        return True
    calls = list(calls_in(said))
    return (
        (not calls or tools)
        and all(FITTING_ID.fullmatch(call.toolUseId or "") for call in calls)
        and all(FITTING.fullmatch(call.name) for call in calls if call.name is not None)
        and _alternates(said)
        and all(map(_speaks, said))
        and (about.continues or said[-1].role != "assistant")
        and (about.claude is None or _goes_on(about.claude, said, thinking))
    )


def _alternates(said: Sequence[Said]) -> bool:
    """Whether the user begins, and sides take turns."""
    roles = [message.role for message in said if message.role in _SPEAKERS]
    return all(role == _SPEAKERS[at % 2] for at, role in enumerate(roles))


def _speaks(message: Said) -> bool:
    """Whether a message says something, without blank words and with more than reasoning."""
    blocks = [block for block in message.content if block.cachePoint is None]
    if not blocks or any(block.text is not None and not block.text.strip() for block in blocks):
        return False
    return message.role != "assistant" or blocks[-1].reasoningContent is None


def _goes_on(takes: Generation, said: Sequence[Said], thinking: str) -> bool:
    """Whether a loop of tools has reasoning where Claude wants it, and none where it does not.

    With a budget the loop begins with reasoning; where Claude does not reason it holds none.
    """
    loop = going_on(said)
    if thinking == "enabled":
        return not loop or loop[0].reasoningContent is not None
    silent = thinking in {"disabled", "between_tools"} or (not thinking and takes.silent)
    return not silent or all(block.reasoningContent is None for block in loop)
