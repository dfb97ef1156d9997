"""What Converse calls the kinds of images and documents, and what it takes as a name.

Source: the service model `bedrock-runtime`, shapes `ImageFormat`, `DocumentFormat` and
`DocumentBlock`. A name holds letters and figures of ASCII, single spaces, hyphens,
parentheses and square brackets (underscores are taken too), at most 200, and no two
documents of a request have the same. A file's name has a dot at least, so it is fitted:
the ending that says its format goes, what else is not taken becomes a hyphen, and a
number keeps two apart. The same names in the same order give the same, so that a
prompt cache still finds what it knows.
"""

import re

_IMAGES = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}
_ALSO = {"image/jpg": "jpeg"}
_OF_IMAGE = {format_: media for media, format_ in _IMAGES.items()}
_OF_DOCUMENT = {format_: media for media, format_ in _DOCUMENTS.items()}
_NOT_TAKEN = re.compile(r"[^A-Za-z0-9 ()\[\]_-]+")
_SPACES = re.compile(r"\s+")
_MOST = 200
_UNNAMED = "document"


def image_format(media_type: str) -> str | None:
    return (_IMAGES | _ALSO).get(_bare(media_type))


def document_format(media_type: str) -> str | None:
    return _DOCUMENTS.get(_bare(media_type))


def media_of_image(format_: str) -> str | None:
    return _OF_IMAGE.get(format_)


def media_of_document(format_: str) -> str | None:
    return _OF_DOCUMENT.get(format_)


def _bare(media_type: str) -> str:
    """The type without its parameters (`; charset=utf-8`)."""
    return media_type.partition(";")[0].strip().lower()


class DocumentNames:
    """The names of one request's documents, in the order in which they stand."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def fitted(self, name: str, format_: str) -> str:
        """The name to write for a document of a format."""
        fitting = wished = fitted_name(name, format_) or _UNNAMED
        number = 1
        while fitting in self._used:
            number += 1
            ending = f" ({number})"
            fitting = wished[: _MOST - len(ending)].rstrip() + ending
        self._used.add(fitting)
        return fitting


def fitted_name(name: str, format_: str) -> str:
    """What is left of a name, empty where nothing is."""
    bare = name.removesuffix(f".{format_}")
    spaced = _SPACES.sub(" ", bare)
    return _NOT_TAKEN.sub("-", spaced).strip(" -")[:_MOST].rstrip()
