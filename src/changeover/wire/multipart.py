"""One field of a multipart form (RFC 7578), read and written anew; all else stays as it is.

A body is parts between lines of the boundary that its type names; each part has headers, an
empty line and its content. The part of a field says so in `Content-Disposition`.
"""

import re

from changeover.wire.errors import ProtocolError

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:[^\r\n]*?[;\s]name=(?:"([^"\r\n]*)"|([^\s;"]+))',
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 1_000


class Form:
    """A form's body in its parts; `ProtocolError` where it is none."""

    def __init__(self, body: bytes, content_type: str) -> None:
        found = _BOUNDARY.search(content_type)
        if found is None:
            raise _no_form("The type of the body names no boundary.")
        self._line = b"\r\n--" + (found[1] or found[2]).encode("latin-1", errors="replace")
        self._parts = (b"\r\n" + body).split(self._line)
        if len(self._parts) < 2 or not self._parts[-1].startswith(b"--"):
            raise _no_form("The body does not end with its boundary.")

    def field(self, name: str) -> str | None:
        """The text of a field; None where the form has none."""
        return next(iter(self.texts(name)), None)

    def texts(self, name: str) -> list[str]:
        """The text of each field of a name, in the form's order."""
        contents = [self._parts[at].partition(b"\r\n\r\n")[2] for at in self._places(name)]
        try:
            return [content[:_LONGEST].decode() for content in contents]
        except UnicodeDecodeError as error:
            raise ProtocolError(
                f"The field {name} is no text.", field=name, do="Send it as UTF-8."
            ) from error

    def with_field(self, name: str, value: str) -> bytes:
        """The body with the field's text in place of what it was, or with the field added."""
        parts = list(self._parts)
        at = next(iter(self._places(name)), None)
        if at is None:
            head = f'\r\nContent-Disposition: form-data; name="{name}"'.encode()
            parts.insert(1, head + b"\r\n\r\n" + value.encode())
        else:
            head = parts[at].partition(b"\r\n\r\n")[0]
            parts[at] = head + b"\r\n\r\n" + value.encode()
        return self._line.join(parts).removeprefix(b"\r\n")

    def _places(self, name: str) -> list[int]:
        places = []
        for at, part in enumerate(self._parts[1:-1], start=1):
            found = _NAME.search(part.partition(b"\r\n\r\n")[0])
            if found is not None and (found[1] or found[2]) == name.encode():
                places.append(at)
        return places


def _no_form(what: str) -> ProtocolError:
    return ProtocolError(what, field=None, do="Send multipart/form-data as your SDK does.")
