"""A new Word document (ECMA-376), by whom it was written and in which language.

The language stands in its properties and on its text, so that a screen reader
speaks it and a spelling checker knows its words.
"""

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from changeover.basics.text import Language

_LANGUAGES = {"en": "en-GB", "fr": "fr-FR"}
_LONGEST_TITLE = 255
"""Characters that its properties hold (python-docx refuses more)."""


def new_document(title: str, language: Language) -> Document:
    """An empty document with these properties; the title must hold no control characters."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = title[:_LONGEST_TITLE], "Changeover"
    properties.language = _LANGUAGES[language]
    told = OxmlElement("w:lang")
    told.set(qn("w:val"), _LANGUAGES[language])
    document.styles["Normal"].element.get_or_add_rPr().append(told)
    return document
