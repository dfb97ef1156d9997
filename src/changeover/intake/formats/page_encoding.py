"""The encoding of a web page: by its byte-order mark, else as it declares, else UTF-8."""

import codecs
import re

from changeover.intake.decoding import UnreadableDocumentError, decode

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_PRESCAN = 1024
_KNOWN = re.compile(
    r"(?:iso-8859-(?:[2-8]|1[0-6])|windows-(?:874|125\d)|cp125\d|koi8-[ru]|gbk|gb2312|gb18030|"
    r"big5|euc-jp|iso-2022-jp|shift_jis|euc-kr|mac-?(?:roman|intosh))"
)
"""Encodings of the Encoding Standard: what else Python calls an encoding is none of a page."""
_AS_WINDOWS_1252 = frozenset({"iso-8859-1", "latin1", "ascii", "us-ascii"})


def decoded_page(content: bytes, name: str) -> str:
    """The page's markup; `UnreadableDocumentError` where its bytes are not what it declares.

    A page that says in ASCII letters that it is UTF-16 is not (HTML Standard, 13.2.3.2).
    """
    head = content[:_PRESCAN]
    declared = _DECLARED.search(head) or _CHARSET.search(head)
    if declared is None or content.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return decode(content, name)
    label = declared[1].decode("ascii").lower()
    label = "windows-1252" if label in _AS_WINDOWS_1252 else label
    if label not in {"utf-8", "utf8"} and not _KNOWN.fullmatch(label):
        return decode(content, name)
    try:
        return content.decode(label)
    except LookupError:
        return decode(content, name)
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(
            name,
            f"{name} says that it is {label}, and is not: byte {error.start} has no place there.",
            do="Save it as UTF-8.",
        ) from error
