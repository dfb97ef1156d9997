"""File names of titles: what every system takes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.chat.exports.names import file_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is a demarche?", "What is a demarche-.md"),
        ("a/b\\c:d|e", "a-b-c-d-e.md"),
        ("../../etc/passwd", "-..-etc-passwd.md"),
        ("CON", "CON_.md"),
        ("com1.txt", "com1.txt_.md"),
        ("", "conversation.md"),
        (" ... ", "conversation.md"),
        ("line\nbreak\x00and\x1btabs\t", "line break and tabs.md"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.md"),
        ("Côté e\u0301tat", "Côté état.md"),
        ("外交" * 80, "外交" * 30 + ".md"),
    ],
)
def test_a_title_becomes_a_name(title: str, name: str):
    assert file_name(title, "md") == name


@given(st.text(max_size=200))
def test_any_title_becomes_a_name_that_every_system_takes(title: str):
    name = file_name(title, "json")
    stem = name.removesuffix(".json")
    assert name.endswith(".json")
    assert stem == stem.strip(" .")
    assert stem
    assert len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*%')
    assert all(not unicodedata.category(one).startswith("C") for one in name)
