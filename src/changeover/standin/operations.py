"""The vendors' endpoints beside chat, each with its work and the protocol whose errors it has."""

from typing import Literal

from changeover.standin.beside import Work
from changeover.standin.counting import count_contents, count_messages, count_responses
from changeover.standin.gemini_embeddings import embed_contents
from changeover.standin.openai_embeddings import embeddings
from changeover.standin.openai_media import changing, drawing, speech, transcription

# Paths below /v1, posted to.
BESIDE: tuple[tuple[str, Literal["chat", "responses", "messages"], Work], ...] = (
    ("/embeddings", "chat", embeddings),
    ("/audio/speech", "chat", speech),
    ("/audio/transcriptions", "chat", transcription),
    ("/audio/translations", "chat", transcription),
    ("/images/generations", "chat", drawing),
    ("/images/edits", "chat", changing),
    ("/responses/input_tokens", "responses", count_responses),
    ("/messages/count_tokens", "messages", count_messages),
)
# Google's methods of a model.
OF_MODELS: dict[str, Work] = {
    "countTokens": count_contents,
    "embedContent": embed_contents,
    "batchEmbedContents": embed_contents,
}
