"""What of an answer's sources a client's protocol has no place for.

A codec writes of a citation what its protocol can say. What is left is told here, so that
the answer's losses name it:

* Chat Completions and Responses name sources by their address alone, and neither the words
  that stand there nor where in a document they do. Of a source without one Responses tells
  the name, Chat Completions nothing.
* Messages and Converse tell what stands where in a source, and not which words of the
  answer's text it is for. Messages names a source by its address or by its place in a
  document that was sent.
* generateContent tells addresses, words and pages, and no other place in a document.

The sources are named in each codec, where it writes citations.
"""

from changeover.conversation.model import Citation, Loss
from changeover.directory.model import Protocol

_UNNAMED = Loss(field="citations", why="A source without an address cannot be named.")
_DETAILS = Loss(field="citations", why="What stands where in a source cannot be told.")
_PLACE = Loss(field="citations", why="Which words of the answer a source is for cannot be told.")


def untold(citation: Citation, client: Protocol) -> Loss | None:
    """What of a citation clients of the protocol are not told."""
    match client:
        case "openai-chat" | "openai-responses":
            return _of_address(citation)
        case "anthropic-messages":
            placed = citation.document is not None and citation.unit is not None
            return _placed(citation) if placed or citation.url else _UNNAMED
        case "bedrock-converse":
            return _placed(citation)
        case "gemini-generate":
            return _DETAILS if citation.unit in {"character", "block"} else None


def _of_address(citation: Citation) -> Loss | None:
    if not citation.url:
        return _UNNAMED
    return _DETAILS if citation.quote or citation.unit is not None else None


def _placed(citation: Citation) -> Loss | None:
    return None if citation.start is None and citation.end is None else _PLACE
