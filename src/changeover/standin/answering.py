"""What is answered to a request that passed its protocol's checks: words, or calls of tools."""

from changeover.standin import tokens
from changeover.standin.asked import Answered, Asked
from changeover.standin.calling import calls
from changeover.standin.voices import voice_of


def answered(host: str, asked: Asked) -> Answered:
    """The answer; slow, so not for the event loop."""
    # numpy would slow the start
    from changeover.standin.answers import answer, calling  # noqa: PLC0415

    voice = voice_of(host, asked.model)
    if called := calls(asked):
        said = calling(asked.conversation, voice, called)
        written = " ".join(call.arguments for call in called)
        return Answered(
            text=said,
            stop="tool-use",
            stop_sequence=None,
            calls=called,
            input_tokens=sum(tokens.count(part.text) for part in asked.conversation),
            output_tokens=tokens.count(said) + tokens.count(written),
        )
    said = answer(asked.conversation, voice, asked.model)
    cut = tokens.cut(said, asked.max_tokens, asked.stops)
    return Answered(
        text=cut.text,
        stop=cut.stop,
        stop_sequence=cut.stop_sequence,
        input_tokens=sum(tokens.count(part.text) for part in asked.conversation),
        output_tokens=tokens.count(cut.text),
    )
