"""ChatGPT's export: its tree, its kinds of content, and what is left behind."""

from typing import Any

import msgspec
import pytest

from changeover.chat.imports.found import FoundConversation, Unread
from changeover.chat.imports.reading import read
from tests.chat.imports.files import CAPITALS, chatgpt, encoded, message


def found(entry: object) -> FoundConversation:
    one = read(msgspec.Raw(encoded(entry)))
    assert isinstance(one, FoundConversation), one
    return one


def left(one: FoundConversation) -> dict[str, int]:
    return {each.what: each.count for each in one.not_carried}


def only(said: Any, **fields: Any) -> FoundConversation:
    """A conversation of a question and one more message."""
    nodes = (("u", None, message("user", "Well?")), ("x", "u", said))
    return found(chatgpt(*nodes, **fields))


def test_branches_roles_times_and_models_come_over():
    one = found(CAPITALS)
    assert (one.source, one.id, one.title, one.head) == ("chatgpt", "c0ffee", "Capitals", "a2")
    assert [(t.id, t.parent, t.role, t.text, t.model) for t in one.turns] == [
        ("u1", None, "user", "What is the capital of France?", None),
        ("a1", "u1", "assistant", "Paris.", "gpt-4o"),
        ("u2", "a1", "user", "And of Spain?", None),
        ("a2", "u2", "assistant", "Madrid.", "gpt-4o"),
        ("a2b", "u2", "assistant", "It is Madrid.", "gpt-4o"),
    ]
    assert str(one.turns[1].said) == "2024-02-01 00:00:10.500000+00:00"
    assert left(one) == {}


def test_metadata_may_be_missing_and_the_conversation_names_the_model():
    answer = message("assistant", "Yes.")
    del answer["metadata"], answer["recipient"], answer["weight"]
    assert only(answer, default_model_slug="gpt-5").turns[1].model == "gpt-5"


@pytest.mark.parametrize(
    ("content", "text", "behind"),
    [
        (
            {
                "content_type": "multimodal_text",
                "parts": [
                    {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"},
                    "Look",
                    {"content_type": "audio_transcription", "text": "Spoken"},
                    {"content_type": "audio_asset_pointer"},
                    {"content_type": "of_next_year"},
                ],
            },
            "Look\n\nSpoken",
            {"image": 1, "audio": 1, "other": 1},
        ),
        (
            {"content_type": "code", "language": "python", "text": "print('`')"},
            "```python\nprint('`')\n```",
            {},
        ),
        (
            {"content_type": "code", "language": "unknown", "text": "a ``` b"},
            "````\na ``` b\n````",
            {},
        ),
        (
            {"content_type": "text", "parts": ["So \ue200cite\ue202turn0search1\ue201 it is."]},
            "So  it is.",
            {"citation": 1},
        ),
        ({"content_type": "of_next_year", "text": "Still words"}, "Still words", {}),
        ({"content_type": "text", "parts": None}, None, {}),
        ({"content_type": "thoughts", "thoughts": [{"content": "Hm"}]}, None, {"reasoning": 1}),
        ({"content_type": "reasoning_recap", "content": "8s"}, None, {"reasoning": 1}),
        ({"content_type": "user_editable_context"}, None, {"instructions": 1}),
        ({"content_type": "tether_quote", "text": "Quoted"}, None, {"tool": 1}),
    ],
)
def test_each_kind_of_content_is_carried_or_counted(content, text, behind):
    one = only(message("assistant", content=content))
    assert [turn.text for turn in one.turns[1:]] == ([] if text is None else [text])
    assert left(one) == behind


def test_a_picture_without_a_word_is_a_turn_that_says_so():
    content = {
        "content_type": "multimodal_text",
        "parts": [{"content_type": "image_asset_pointer"}],
    }
    one = only(message("user", content=content))
    assert one.turns[1].text == ""
    assert [each.what for each in one.turns[1].not_carried] == ["image"]


def test_what_follows_a_tool_follows_the_answer_before_it():
    one = found(
        chatgpt(
            ("u", None, message("user", "Count")),
            ("call", "u", message("assistant", "1+1", recipient="python")),
            ("tool", "call", message("tool", "2")),
            ("a", "tool", message("assistant", "Two.")),
            gizmo_id="g-1",
            plugin_ids=["p"],
        )
    )
    assert [(turn.id, turn.parent) for turn in one.turns] == [("u", None), ("a", "u")]
    assert one.head == "a"
    assert left(one) == {"assistant": 2, "tool": 2}


def test_hidden_messages_attachments_and_broken_answers():
    hidden = message("user", "About me", metadata={"is_visually_hidden_from_conversation": True})
    files = [{"mime_type": "application/pdf"}, {"mime_type": "image/png"}]
    one = found(
        chatgpt(
            ("h", None, hidden),
            ("u", "h", message("user", "Read it", metadata={"attachments": files})),
            ("a", "u", message("assistant", "It s", status="in_progress")),
        )
    )
    assert left(one) == {"instructions": 1, "file": 1}
    assert one.turns[1].state == "interrupted"
    assert one.turns[1].problem is not None


@pytest.mark.parametrize("where", [None, "gone", 3])
def test_what_hangs_nowhere_begins_a_branch(where):
    entry = chatgpt(("u", "lost", message("user", "Alone", at="soon")), current_node=where)
    if where == 3:
        assert isinstance(read(msgspec.Raw(encoded(entry))), Unread)
        return
    (turn,) = found(entry).turns
    assert (turn.parent, turn.said) == (None, None)


@pytest.mark.parametrize(
    "entry",
    [
        chatgpt(("a", "b", message("user", "A")), ("b", "a", message("assistant", "B"))),
        chatgpt(("a", "b", message("user", "A")), ("b", "c", None), ("c", "b", None)),
        chatgpt(("a", None, None)),
        chatgpt(),
        {"mapping": []},
        {"mapping": {"a": {"message": {"author": 1}}}},
        {"id": "g-p-1", "title": "A folder"},
        ["no entry"],
        3,
        "words",
        None,
    ],
)
def test_what_is_no_conversation_says_why(entry):
    one = read(msgspec.Raw(encoded(entry)))
    assert isinstance(one, Unread)
    assert one.why


def test_a_conversation_has_at_most_so_many_messages():
    nodes = [(f"n{i}", f"n{i - 1}" if i else None, None) for i in range(20_001)]
    one = read(msgspec.Raw(encoded(chatgpt(*nodes))))
    assert isinstance(one, Unread)
    assert "20000" in one.why


def test_a_long_way_through_messages_that_are_not_kept_is_walked_once():
    nodes: list[tuple[str, str | None, Any]] = [("n0", None, None)]
    nodes += [(f"n{i}", f"n{i - 1}", None) for i in range(1, 9_000)]
    nodes += [(f"t{i}", f"n{i}", message("user", "Hi")) for i in range(9_000)]
    assert len(found(chatgpt(*nodes)).turns) == 9_000
