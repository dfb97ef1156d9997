"""What a server of this protocol takes and says beyond what all of them do.

Chat Completions is one vendor's protocol that many servers speak, each with fields of its own,
others left out, and its own idea of a conversation's form. A `Profile` declares what a server
does; the codec reads it and knows no server by name. What a profile does not take is left out
with a reported loss, or refused where the answer would not be one to the question.

Alike everywhere, and so in no profile: instructions are one `system` message before all others
(every server takes it there, few take `developer`).
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from changeover.conversation.model import Effort, StopReason
from changeover.wire.tool_names import FITTING

Setting = Literal[
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "stop",
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "chances",
    "effort",
    "budget",
    "verbosity",
    "user",
    "metadata",
    "cache_key",
    "parallel_calls",
]
Finish = StopReason | Literal["failed"]

EFFORTS: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """Models of one server, known by their names, that take less than the server does.

    `lacks` are settings that they refuse; those of `lacks_reasoning` only while the model
    reasons. `efforts` are the efforts that they know. With `silent_tools` they take functions
    only together with the effort `none`. `plain` models take no reasoning in their history.
    """

    names: re.Pattern[str]
    lacks: frozenset[Setting] = frozenset()
    lacks_reasoning: frozenset[Setting] = frozenset()
    efforts: tuple[Effort, ...] = EFFORTS
    silent_tools: bool = False
    plain: bool = False


ANY_MODEL = Family(names=re.compile(""))


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One server.

    * `fields`: the settings that it takes, by its own names for them. Probabilities of tokens
      are asked with `logprobs`, and how many others with the name given here.
    * `counts`: a stream has counts only where they are asked for; else they come unasked.
    * `least_others`: how many other tokens must be asked for to get any probabilities.
    * `families`: its models that take less, by name; the first that fits counts.
    * `choices`: how it writes each choice among tools; a `named` one that it cannot write is
      `required` with that tool alone. Where it writes no choice, only `auto` is kept.
    * `needs_parameters`: every tool must have a schema.
    * `strict_schemas`: it refuses a strict schema that leaves a key optional or open.
    * `says_json`: it wants the word JSON in the conversation where any object is asked for.
    * `call_id`: the ids of calls that it takes, and `call_id_digits` how its own look: a
      replacement has so many digits after `call_id_prefix`.
    * `object_arguments`: a call's arguments in the history must be a JSON object.
    * `images`: by address and as bytes, or as bytes alone.
    * `files`: as parts with `file_data`, as `document_url`, or not at all.
    * `result_images`: a tool's result may hold pictures.
    * `refusals`: an earlier refusal is a part of its own; else it is said as text.
    * `thoughts`: in which form reasoning stands in the history: a field of that name, a chunk
      of the content, or not at all.
    * `prefill`: how it is told to continue the last turn: `prefix` in the message, `continue`
      in the request, or `always`, since it does so unasked; None where it cannot.
    * `echoes`: which of its answers say again what they continue.
    * `bridged`: a user's message may not follow a tool's result; one of the model's stands between.
    * `needs_words`: a message of the model without words and calls is none.
    * `alternates`: neighbouring messages of one side are said in one.
    * `marks`: the models that take marks for the prompt cache; None for none.
    * `finishes`: reasons for stopping that it has besides the protocol's.
    """

    fields: Mapping[Setting, str]
    counts: bool = True
    least_others: int = 0
    families: tuple[Family, ...] = ()
    choices: frozenset[str] = frozenset({"auto", "none", "required", "named"})
    required: str = "required"
    needs_parameters: bool = False
    strict_schemas: bool = False
    says_json: bool = False
    tool_name: re.Pattern[str] = FITTING
    call_id: re.Pattern[str] = re.compile(r".{1,40}", re.DOTALL)
    call_id_prefix: str = "call_"
    call_id_digits: int = 24
    object_arguments: bool = False
    max_stops: int | None = None
    images: Literal["any", "bytes"] = "any"
    files: Literal["file", "document", "none"] = "none"
    result_images: bool = False
    refusals: bool = False
    thoughts: Literal["reasoning_content", "reasoning", "chunk", "none"] = "none"
    prefill: Literal["prefix", "continue", "always"] | None = None
    echoes: Literal["never", "whole", "always"] = "never"
    bridged: bool = False
    needs_words: bool = False
    alternates: bool = False
    marks: re.Pattern[str] | None = None
    finishes: Mapping[str, Finish] = {}

    def family(self, model: str) -> Family:
        """What the model of this name takes."""
        return next((one for one in self.families if one.names.match(model)), ANY_MODEL)
