"""A client's names for its own records, as `labels`.

Google's page "Add metadata labels to API calls": up to 64 labels; keys begin with a
small letter, keys and values hold small letters, digits, `_` and `-`, 63 at most.
"""

import re

from changeover.conversation.model import Loss

_MOST = 64
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_VALUE = re.compile(r"[a-z0-9_-]{0,63}")


def written_labels(metadata: dict[str, str], losses: list[Loss]) -> dict[str, str]:
    """The labels that the vendor takes; the others are told."""
    if not metadata:
        return {}
    fitting = [
        (key, value)
        for key, value in metadata.items()
        if _KEY.fullmatch(key) and _VALUE.fullmatch(value)
    ]
    if len(fitting) < len(metadata) or len(fitting) > _MOST:
        why = f"Gemini takes {_MOST} labels of small letters, digits, _ and -, 63 characters each."
        losses.append(Loss(field="metadata", why=why))
    return dict(fitting[:_MOST])
