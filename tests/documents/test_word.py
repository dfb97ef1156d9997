"""New Word documents."""

import io

import docx
import pytest
from docx.oxml.ns import qn

from changeover.documents.word import new_document


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("fr", "fr-FR")])
def test_a_document_says_whose_it_is_and_in_which_language(language, tag):
    out = io.BytesIO()
    new_document("Orders", language).save(out)
    read = docx.Document(io.BytesIO(out.getvalue()))
    properties = read.core_properties
    assert (properties.title, properties.author, properties.language) == (
        "Orders", "Changeover", tag,
    )  # fmt: skip
    told = read.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert told.get(qn("w:val")) == tag


def test_a_long_title_is_cut_to_what_word_holds():
    assert new_document("a" * 300, "en").core_properties.title == "a" * 255
