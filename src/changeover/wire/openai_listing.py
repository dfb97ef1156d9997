"""OpenAI's list of models."""

from collections.abc import Iterable

import msgspec

from changeover.directory.model import Model


def encode_models(models: Iterable[Model]) -> bytes:
    """The `list` object; the directory knows no release dates, so `created` is 0."""
    data = [
        {
            "id": model.id,
            "object": "model",
            "created": 0,
            "owned_by": model.maker,
            "shutdown_date": model.retires and model.retires.date().isoformat(),
        }
        for model in models
    ]
    return msgspec.json.encode({"object": "list", "data": data})
