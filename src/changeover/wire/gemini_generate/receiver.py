"""Who a request is written to: a model under its vendor's name, at which of Google's two services.

* The generation stands in the name (`gemini-2.5-pro`, `gemini-3-flash-preview`). A name
  that tells none (`gemini-flash-latest`, a tuned model's) is taken for the newest.
* From the third generation on, how long to think is a level and no longer a count of
  tokens, and a tool's result may hold pictures and documents (Google's pages "Gemini
  thinking" and "Function calling"). Before 2.5, models do not think.
* Vertex AI takes the same requests without ids of calls, and lets a file in a tool's result
  be named by its address (reference of `FunctionCall`, `FunctionResponse` and
  `FunctionResponsePart`; vercel/ai#15664).
"""

import re

import msgspec

_GENERATION = re.compile(r"gemini-(\d+(?:\.\d+)?)")
_FIRST_THAT_THINKS = 2.5
_FIRST_WITH_LEVELS = 3.0


class Receiver(msgspec.Struct, frozen=True):
    """A model, and whether it is reached at Vertex AI."""

    model: str = ""
    vertex: bool = False

    @property
    def thinks(self) -> bool:
        return self._generation >= _FIRST_THAT_THINKS

    @property
    def takes_levels(self) -> bool:
        return self._generation >= _FIRST_WITH_LEVELS

    @property
    def takes_media_in_results(self) -> bool:
        return self._generation >= _FIRST_WITH_LEVELS

    @property
    def _generation(self) -> float:
        found = _GENERATION.search(self.model)
        return float(found[1]) if found else float("inf")
