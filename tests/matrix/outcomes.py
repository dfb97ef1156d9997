"""What is declared to become of each feature between a client and an upstream.

A request is read in the client's protocol and written in the upstream's. What the first
does with a field follows from that protocol's field table (`reads.py`); what the second can
say is declared by hand (`writes/`). Where both are one, the request goes on as it is.
"""

from collections.abc import Mapping

from tests.matrix.cells import CLIENTS
from tests.matrix.outcome import READ, Outcome, reported
from tests.matrix.reads import READS
from tests.matrix.upstreams import UPSTREAMS
from tests.matrix.writes import WRITES

_PASSING = {
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "gemini-generate",
    "bedrock-converse",
}


_APART: Mapping[str, frozenset[str]] = {
    "chat": frozenset({"verbosity", "effort"}),
    "chat-5": frozenset({"stop"}),
    "gemini": frozenset({"result", "results", "result-image", "result-error"}),
    "messages": frozenset({"prefill", "temperature", "top-p", "top-k"}),
    "converse": frozenset({"prefill"}),
}
"""What is not as it would be without Changeover, though both sides speak one protocol.

What the model is known to refuse is left out and told. Gemini wants signatures of calls that
it did not make, and gets the words that stand for them. Anthropic's newest version knows no
sampling, and Changeover speaks an older one.
"""


def passes(client: str, upstream: str, feature: str) -> bool:
    """Whether a request goes on as it was written: one protocol, spoken as its own vendor does.

    Calls' ids that the vendor would refuse are written anew all the same.
    """
    there = UPSTREAMS[upstream]
    alike = CLIENTS[client].protocol == there.protocol and there.dialect is None
    apart = feature == "foreign-ids" or feature in _APART.get(upstream, ())
    return alike and there.protocol in _PASSING and not apart


def expected(client: str, upstream: str, feature: str) -> Outcome:
    """What is declared to become of a feature between a client and an upstream.

    What is refused or lost at the client's door does not get as far as the upstream.
    """
    read = READS[client].get(feature, READ)
    write = WRITES[upstream][feature]
    if read.kind == "refused":
        return read
    if read.kind == "reported" and feature not in READ_IN_PART:
        return read
    if read.kind == "reported":
        return reported(*read.fields, *write.fields, receives=write.receives)
    return write


SEALS_UNASKED = frozenset({"gemini"})
"""Upstreams that seal an answer's words though nobody asked for reasoning.

A program that did not ask may get the seal or not, as its protocol has it; if not, it is
told. In a stream that is too late for the header.
"""


TOLD_OF_ANSWERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("messages", "cites"): ("citations",),
    ("converse", "cites"): ("citations",),
}
"""What of an answer a client's protocol has no place for: which words a source is of."""


READ_IN_PART = frozenset({"system-later"})
"""Features that are told as changed at the client's door and reach the vendor all the same."""
