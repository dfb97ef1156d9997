"""What is to be embedded, and the vectors, canonically.

A vector of one model means nothing to another: an index holds those of one model
alone. So no other model ever takes the place of the one that was asked to embed.
"""

import msgspec

from changeover.conversation.model import File, Image, Text

Embeddable = Text | Image | File


class _Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the values."""


class EmbeddingInput(_Value, frozen=True, kw_only=True):
    """One thing that becomes one vector: its parts, or else the numbers of its tokens.

    `task` is what the vector is for, in the vendor's word, and `title` that of the document
    which the parts are of.
    """

    parts: tuple[Embeddable, ...] = ()
    tokens: tuple[int, ...] = ()
    task: str | None = None
    title: str | None = None


class EmbeddingRequest(_Value, frozen=True, kw_only=True):
    """What a client wants embedded. `model` is the name as the client wrote it.

    `packed` asks for the numbers as bytes in base64 where the protocol has that, and
    `alone` says that it asked for one vector in the form that holds one.
    """

    model: str
    inputs: tuple[EmbeddingInput, ...]
    dimensions: int | None = None
    packed: bool = False
    alone: bool = False
    user: str | None = None


class Embeddings(_Value, frozen=True, kw_only=True):
    """The vectors, in the order of the inputs. `input_tokens` is None where nobody counted."""

    vectors: tuple[tuple[float, ...], ...]
    model: str = ""
    input_tokens: int | None = None
