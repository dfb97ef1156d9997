"""How the model chooses its words, and how many: the limits and the sampling of a request.

* `max_tokens` is required. Where a client of another protocol gives none,
  `DEFAULT_MAX_TOKENS` is sent, and with reasoning what that may want, and reported.
* The vendor refuses stop sequences of white space only; they are left out, and
  reported where that changes what was asked.
* `temperature` reaches to 1 here and to 2 elsewhere: what is above is lowered
  to 1 and reported. Models since Claude 4.1 refuse it together with `top_p`;
  the vendor advises to set only one, so `top_p` is then left out and reported.
* A model that reasons takes no `temperature` but 1, no `top_k`, and no `top_p` below 0.95;
  newer models take none of them at all (`generations.py`). They are left out and reported.
"""

from collections.abc import Iterable
from typing import Any

from changeover.conversation.model import Loss, Sampling
from changeover.wire.anthropic_messages.thinking import Plan
from changeover.wire.claude import Generation

DEFAULT_MAX_TOKENS = 4096
"""The most that every Claude model in service can answer; larger ones may say more if asked."""

_LEAST_TOP_P = 0.95


def most_tokens(sampling: Sampling, planned: Plan, losses: list[Loss]) -> int:
    """The limit of the answer, which the protocol demands."""
    if sampling.max_tokens is not None:
        return sampling.max_tokens
    most = DEFAULT_MAX_TOKENS + planned.room
    losses.append(Loss(field="max_tokens", why=f"Messages needs a limit; {most} is sent."))
    return most


def write_sampling(
    sampling: Sampling, planned: Plan, takes: Generation, losses: list[Loss]
) -> dict[str, Any]:
    """The fields that say how words are chosen, and where they end."""
    fields = _chance(sampling, losses)
    if not takes.sampling:
        fields = _without(fields, fields, "This model takes no sampling.", losses)
    elif planned.reasons:
        usual = {"temperature": fields.get("temperature") in {None, 1.0}, "top_k": False}
        usual["top_p"] = fields.get("top_p", 1.0) >= _LEAST_TOP_P
        unusual = [name for name in fields if not usual[name]]
        fields = _without(fields, unusual, "A model that reasons takes no such value.", losses)
    if not sampling.stop:
        return fields
    stop = [sequence for sequence in sampling.stop if sequence.strip()]
    if stop:
        fields["stop_sequences"] = stop
    if len(stop) < len(sampling.stop):
        why = "Messages takes no stop sequence of white space only."
        losses.append(Loss(field="stop", why=why))
    return fields


def _chance(sampling: Sampling, losses: list[Loss]) -> dict[str, Any]:
    """How words are chosen, in what this protocol has for it."""
    fields: dict[str, Any] = {}
    if sampling.temperature is not None:
        fields["temperature"] = min(sampling.temperature, 1.0)
        if sampling.temperature > 1:
            losses.append(Loss(field="temperature", why="Messages takes at most 1; 1 is sent."))
    if sampling.top_p is not None and sampling.temperature is None:
        fields["top_p"] = sampling.top_p
    elif sampling.top_p is not None:
        why = "Messages takes temperature or top_p; temperature is sent."
        losses.append(Loss(field="top_p", why=why))
    if sampling.top_k is not None:
        fields["top_k"] = sampling.top_k
    return fields


def _without(
    fields: dict[str, Any], names: Iterable[str], why: str, losses: list[Loss]
) -> dict[str, Any]:
    gone = set(names)
    losses += [Loss(field=name, why=why) for name in sorted(gone)]
    return {name: value for name, value in fields.items() if name not in gone}
