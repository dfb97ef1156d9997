"""What the vendors sealed, found in what they answered and in what they were sent.

Each stand-in keeps its seals in the field of its vendor's protocol. They are looked for
as text, so that nothing of the gateway's reading is used to judge it.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tests.matrix.upstreams import Upstream
from tests.matrix.vendors import Sent

_SEAL = re.compile(
    rb'"(?:signature|encrypted_content|thoughtSignature|redactedContent)": ?"([^"]+)"'
    rb'|"type": ?"redacted_thinking", ?"data": ?"([^"]+)"'
)
_FRAMED = re.compile(rb'\{"bytes": ?"([A-Za-z0-9+/=]+)"')
"""A frame of Bedrock's InvokeModel, whose event stands in it in base64."""

_PLACEHOLDERS = frozenset(
    {b"skip_thought_signature_validator", b"context_engineering_is_the_way_to_go"}
)
_SHORT = 16


class Call(msgspec.Struct, frozen=True):
    """A request with its answer, and the upstream that it was for."""

    upstream: Upstream
    sent: Sent


def minted(answer: bytes) -> tuple[bytes, ...]:
    """The sealed values in a vendor's answer, in their order."""
    framed = [base64.b64decode(match[1]) for match in _FRAMED.finditer(answer)]
    found = (match[1] or match[2] for match in _SEAL.finditer(b"".join([answer, *framed])))
    return tuple(dict.fromkeys(each for each in found if each not in _PLACEHOLDERS))


def scope(upstream: Upstream) -> str:
    """How far what an upstream seals may travel: OpenAI's in its account, others' in their model."""
    if upstream.protocol == "openai-responses":
        return f"{upstream.host}/{upstream.account}"
    return upstream.model


def misplaced(calls: Sequence[Call]) -> list[str]:
    """Each seal that was sent where it does not belong, and each that did not come back."""
    wrong: list[str] = []
    seen: dict[bytes, Upstream] = {}
    for number, call in enumerate(calls):
        for seal, minter in seen.items():
            inside = scope(minter) == scope(call.upstream)
            if inside and call.upstream.protocol == minter.protocol and seal not in call.sent.body:
                wrong.append(f"call {number} to {call.upstream.name} lacks {_short(seal)}")
            if not inside and seal in call.sent.body:
                wrong.append(
                    f"call {number} to {call.upstream.name} has {minter.name}'s {_short(seal)}"
                )
        seen |= dict.fromkeys(minted(call.sent.answer), call.upstream)
    return wrong


def wrapped_only(heard: Iterable[str], calls: Sequence[Call]) -> Mapping[str, str]:
    """The vendors' own seals among those that a program was shown: there must be none."""
    own = {seal.decode(): call.upstream.name for call in calls for seal in minted(call.sent.answer)}
    return {seal: own[seal] for seal in heard if seal in own}


def _short(seal: bytes) -> str:
    return f"the seal {seal[:_SHORT].decode()}…"
