"""What is said, and in which place."""

from changeover.conversation.model import Text
from tests.matrix.features.feature import FACT, QUESTION, Feature, asking, said
from tests.matrix.features.hearing import answered, answers

TEXT = [
    Feature(
        name="text",
        title="Text",
        group="Conversation",
        request=asking(),
        hears=answers,
    ),
    Feature(
        name="parts",
        title="Several parts in one turn",
        group="Conversation",
        request=asking(said(FACT, "Who counts the boats?")),
        hears=answers,
    ),
    Feature(
        name="history",
        title="Earlier turns",
        group="Conversation",
        request=asking(said(FACT), said("Noted.", role="assistant"), said("Who counts the boats?")),
        hears=answers,
    ),
    Feature(
        name="system",
        title="Instructions",
        group="Conversation",
        request=asking(system=(Text(text="Be brief."),)),
        hears=answers,
    ),
    Feature(
        name="system-later",
        title="Instructions after the first turn",
        group="Conversation",
        request=asking(),
        given={
            "chat": {
                "messages": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "developer", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
            "responses": {
                "input": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "developer", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
            "messages": {
                "messages": [
                    {"role": "user", "content": FACT},
                    {"role": "assistant", "content": "Noted."},
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Who counts the boats?"},
                ]
            },
        },
        hears=answers,
    ),
    Feature(
        name="declined",
        title="An earlier answer that declined",
        group="Conversation",
        request=asking(
            said(FACT),
            said(Text(text="I cannot say.", refusal=True), role="assistant"),
            said("Who counts the boats?"),
        ),
        hears=answers,
    ),
    Feature(
        name="prefill",
        title="An answer begun by the client",
        group="Conversation",
        request=asking(
            said(QUESTION), said("The one who counts is", role="assistant"), prefill=True
        ),
        hears=answered,
    ),
    Feature(
        name="pinned",
        title="A pinned version of a model",
        group="Conversation",
        request=asking(),
        hears=answers,
        pinned=True,
    ),
]
