"""Plain text and Markdown, as they are."""

from changeover.basics.progress import Progress
from changeover.intake.decoding import decode
from changeover.intake.formats.model import DocumentText


def plain_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text; `UnreadableDocumentError` where it is none."""
    text = decode(content, name)
    progress(1, 1)
    markdown = name.lower().endswith((".md", ".markdown"))
    return DocumentText(text=text, form="markdown" if markdown else "text")
