"""What a generateContent request asks beside what every vendor is asked."""

from collections.abc import Mapping
from typing import Any

from changeover.standin.asked import Asked


class GeminiAsked(Asked, frozen=True, kw_only=True):
    """A request that passed Google's checks.

    `thinks` says that thoughts are thought and counted, `shows` that they are told.
    `chances` are the others to tell beside each token. `form` is the JSON schema that an
    answer in JSON is to fit, and empty where any object does; None asks for words.
    """

    thinks: bool = False
    shows: bool = False
    chances: int | None = None
    form: Mapping[str, Any] | None = None
