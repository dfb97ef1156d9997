"""The HTTP status that a client gets for a vendor's.

SDKs choose an exception by the status, and what to do about it: whether to try again, say.
Most statuses mean the same to all. Those that do not stand in one table, with sources:

* 529 is Anthropic's word for overloaded; the others say 503.
* 451 says here that an order demands the refusal (RFC 7725). A vendor that says so speaks
  of its own law, and to the client that is the vendor's refusal: 403.
* 424 is Bedrock's for a model that failed, which its own SDK knows, and 520 to 527 are those
  of a proxy before the vendor (Cloudflare). To whoever asks here, the vendor gave no usable
  answer: 502.
* 422 is the word of FastAPI's servers (vLLM, Mistral) for a malformed request, which
  Anthropic's and Google's SDKs know as 400.
* Below 400 there is nothing to tell: a vendor that redirects gave no answer.
"""

from collections.abc import Mapping

from changeover.directory.model import Protocol

_OVERLOADED = 529
_OPENAI: frozenset[Protocol] = frozenset({"openai-chat", "openai-responses"})
_FOR_ALL: Mapping[int, int] = {424: 502, 451: 403, **dict.fromkeys(range(520, 528), 502)}


def client_status(vendor: int, client: Protocol) -> int:
    """What a client of a protocol gets where a vendor answered with an error status."""
    if vendor < 400:
        return 502
    if vendor == _OVERLOADED:
        return vendor if client == "anthropic-messages" else 503
    if vendor == 422:
        return vendor if client in _OPENAI else 400
    if vendor == 424 and client == "bedrock-converse":
        return vendor
    return _FOR_ALL.get(vendor, vendor)
