"""Letters by SMTP (RFC 5321), as text and HTML in both languages (RFC 2046).

The connection is encrypted unless the server stands on this machine or the setting says
`tls=none`: by STARTTLS (RFC 3207), or from its beginning with `smtps:` (RFC 8314).
"""

import html
import smtplib
import ssl
from contextlib import ExitStack
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.identity.secret import Secret
from changeover.messages.model import Answered, Leaving
from changeover.messages.writing import in_order

_SECONDS = 30
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_REFUSED = range(500, 600)


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail is handed over. `sender` is the address that it comes from."""

    host: str
    port: int
    tls: Literal["starttls", "from-the-start", "none"]
    sender: str
    user: str | None = None
    password: Secret | None = None


def read_server(url: str, sender: str, password: Secret | None) -> MailServer:
    """The server of `smtp://USER@HOST:PORT?tls=none` or `smtps://…`; `InvalidInputError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _no_server() from None
    asked = parse_qs(parts.query).get("tls", [""])[0]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or asked not in {"", "none"}:
        raise _no_server()
    if parts.password is not None:
        raise InvalidInputError(
            "CHANGEOVER_SMTP_URL holds a password.",
            means="Addresses are logged by many programs; nothing was started.",
            do="Put it into CHANGEOVER_SMTP_PASSWORD.",
        )
    if "@" not in sender:
        raise InvalidInputError(
            "CHANGEOVER_MAIL_FROM must be the address that mail comes from.",
            means="No mail can be sent.",
            do="Set it, for example to changeover@example.gov.",
        )
    tls: Literal["starttls", "from-the-start", "none"] = "starttls"
    if parts.scheme == "smtps":
        tls = "from-the-start"
    elif asked == "none" or parts.hostname in _LOCAL:
        tls = "none"
    return MailServer(
        host=parts.hostname,
        port=port or {"smtps": 465}.get(parts.scheme, 587),
        tls=tls,
        sender=sender,
        user=None if parts.username is None else unquote(parts.username),
        password=password,
    )


def _no_server() -> InvalidInputError:
    return InvalidInputError(
        "CHANGEOVER_SMTP_URL is not the address of a mail server.",
        means="No mail can be sent.",
        do="Write it as smtp://USER@HOST:587 or smtps://USER@HOST.",
    )


class Mail:
    """Implements `messages.ports.Way`."""

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._context = context or ssl.create_default_context()

    def send(self, leaving: Leaving) -> Answered:
        try:
            written = written_letter(leaving, self._server.sender)
        except ValueError as error:
            return Answered("failed", f"The address cannot be written: {error}.")
        try:
            with self._connected() as connection:
                connection.send_message(written)
        except (OSError, smtplib.SMTPException) as error:
            return _failed(error)
        return Answered("sent", "250 taken over by the mail server")

    def _connected(self) -> smtplib.SMTP:
        """A connection that is greeted, encrypted as asked, and logged in on."""
        server = self._server
        if server.tls == "from-the-start":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_SECONDS, context=self._context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        with ExitStack() as stack:
            stack.callback(connection.close)
            if server.tls == "starttls":
                connection.starttls(context=self._context)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password.reveal())
            stack.pop_all()
        return connection


def written_letter(leaving: Leaving, sender: str) -> EmailMessage:
    """The letter as mail; `ValueError` where an address or a subject cannot be a header."""
    letter = leaving.letter
    said = list(in_order(letter))
    written = EmailMessage(policy=SMTP)
    written["From"] = sender
    written["To"] = str(Address(letter.contact.name, addr_spec=leaving.delivery.to))
    written["Subject"] = said[0][1]
    written["Message-ID"] = f"<{leaving.delivery.id}@{sender.rpartition('@')[2]}>"
    written["Auto-Submitted"] = "auto-generated"
    rule = "\n\n" + "-" * 8 + "\n\n"
    written.set_content(rule.join(text for _, _, text in said))
    written.add_alternative("<hr>".join(map(_as_html, said)), subtype="html")
    return written


def _as_html(said: tuple[str, str, str]) -> str:
    language, subject, text = said
    paragraphs = (
        "<p>" + "<br>".join(map(html.escape, paragraph.split("\n"))) + "</p>"
        for paragraph in text.split("\n\n")
    )
    heading = f"<h1>{html.escape(subject)}</h1>"
    return f'<div lang="{language}">{heading}{"".join(paragraphs)}</div>'


def _failed(error: OSError | smtplib.SMTPException) -> Answered:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _refused(*next(iter(error.recipients.values())))
        case smtplib.SMTPResponseException():
            return _refused(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():
            return Answered("failed", "The mail server offers no encryption.", again=True)
        case ssl.SSLError():
            return Answered("failed", f"No encrypted connection: {error.reason}.", again=True)
        case _:
            return Answered("failed", f"The mail server was not reached: {error}.", again=True)


def _refused(code: int, said: bytes | str) -> Answered:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Answered("failed", f"{code} {words}"[:500], again=code not in _REFUSED)
