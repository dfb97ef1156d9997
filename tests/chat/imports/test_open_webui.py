"""Open WebUI's export, of today and older."""

import msgspec
import pytest

from changeover.chat.imports.found import FoundConversation
from changeover.chat.imports.reading import read
from tests.chat.imports.files import RIVERS, encoded, webui, webui_message


def found(entry: object) -> FoundConversation:
    one = read(msgspec.Raw(encoded(entry)))
    assert isinstance(one, FoundConversation), one
    return one


def test_branches_times_and_models_come_over():
    one = found(RIVERS)
    assert (one.source, one.id, one.title, one.head) == ("open-webui", "6f9619ff", "Rivers", "333")
    assert [(t.parent, t.role, t.text, t.model) for t in one.turns] == [
        (None, "user", "Longest river?", None),
        ("1", "assistant", "The Nile.", "Llama 3"),
        ("1", "assistant", "The Amazon, say some.", "Llama 3"),
    ]
    assert str(one.turns[0].said) == "2025-01-27 17:46:41+00:00"
    assert str(one.created) == "2025-01-27 17:46:40+00:00"


@pytest.mark.parametrize("shape", ["chat", "bare"])
def test_older_lists_of_messages_follow_each_other(shape: str):
    said = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello", "timestamp": 1_700_000_000},
    ]
    chat = {"title": "Old", "models": ["mistral"], "messages": said}
    one = found({"id": "1", "title": "Old", "chat": chat} if shape == "chat" else chat)
    assert [(t.parent, t.text, t.model) for t in one.turns] == [
        (None, "Hi", None),
        ("0", "Hello", "mistral"),
    ]


def test_what_is_folded_away_attached_or_not_words_is_counted():
    answer = (
        '<details type="reasoning" done="true">\n<summary>Thought</summary>\nHm\n</details>\n'
        'It is so.\n<details type="tool_calls" done="true" id="x">\n</details>\n'
    )
    parts = [
        {"type": "text", "text": "See"},
        {"type": "image_url", "image_url": {"url": "data:"}},
        {"type": "input_audio"},
        {"type": "odd"},
    ]
    one = found(
        webui(
            webui_message("s", None, "system", "Be kind"),
            webui_message("u", "s", "user", parts, files=[{"type": "image"}, {"type": "file"}]),
            webui_message("a", "u", "assistant", answer, sources=[{}, {}]),
            webui_message("b", "u", "assistant", "", error={"content": "boom"}),
            webui_message("c", "u", "assistant", "Half", done=False),
            params={"system": "Be brief"},
        )
    )
    texts = {turn.id: (turn.text, turn.state) for turn in one.turns}
    assert texts == {
        "u": ("See", "complete"),
        "a": ("It is so.", "complete"),
        "b": ("", "failed"),
        "c": ("Half", "interrupted"),
    }
    assert {each.what: each.count for each in one.not_carried} == {
        "image": 2,
        "audio": 1,
        "other": 1,
        "file": 1,
        "instructions": 2,
        "reasoning": 1,
        "tool": 1,
        "citation": 2,
    }


def test_an_unending_fold_is_read_in_bounded_time():
    text = '<details type="reasoning">' * 20_000
    one = found(
        webui(webui_message("u", None, "user", "?"), webui_message("a", "u", "assistant", text))
    )
    assert one.turns[1].text == text
