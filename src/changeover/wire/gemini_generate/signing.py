"""Parts with the signatures of thoughts on those that they belong to.

A signature goes onto the last part (`self`), onto the text before it (`previous`), or
onto the call that comes next (`next`). Where there is no such neighbour it stands on an
empty text, as the vendor itself writes it at the end of a stream.
"""

from typing import Any

from changeover.wire.gemini_generate.seals import Place

WirePart = dict[str, Any]


def alone(signature: str) -> WirePart:
    """The part that bears nothing but a signature."""
    return {"text": "", "thoughtSignature": signature}


def is_plain_text(part: WirePart) -> bool:
    return "text" in part and "thought" not in part and "thoughtSignature" not in part


class SignedParts:
    """The parts of one content, in their order."""

    def __init__(self) -> None:
        self.parts: list[WirePart] = []
        self._for_a_call = ""

    def add(self, part: WirePart) -> None:
        if self._for_a_call and "functionCall" in part:
            part = {**part, "thoughtSignature": self._for_a_call}
            self._for_a_call = ""
        self._let_stand()
        self.parts.append(part)

    def sign(self, signature: str, on: Place) -> None:
        last = self.parts[-1] if self.parts else {}
        if on == "self" or (on == "previous" and not self._for_a_call and is_plain_text(last)):
            last["thoughtSignature"] = signature
            return
        self._let_stand()
        if on == "next":
            self._for_a_call = signature
        else:
            self.parts.append(alone(signature))

    def drop_next(self) -> None:
        """The call that the signature was for is not written."""
        self._for_a_call = ""

    def whole(self) -> list[WirePart]:
        self._let_stand()
        return self.parts

    def _let_stand(self) -> None:
        if self._for_a_call:
            self.parts.append(alone(self._for_a_call))
            self._for_a_call = ""
