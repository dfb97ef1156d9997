"""What only the meaning of a setting's text can tell: each raises for one that cannot be used.

What only a library can check is imported when it is checked: each command reads this module.
"""

from pathlib import Path
from urllib.parse import urlsplit

from changeover.basics.errors import InvalidInputError


def is_address(text: str) -> bool:
    """Whether a text is the address of a server."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def check_database(text: str) -> None:
    """The URL of a database."""
    try:
        parts = urlsplit(text)
        named = parts.scheme in {"postgresql", "postgresql+psycopg"} and len(parts.path) > 1
        named = named or parts.scheme == "sqlite"
    except ValueError:
        named = False
    if not named:
        # Its text is not repeated: it may hold a password.
        raise InvalidInputError(
            "It names no database.", do="Write postgresql://USER:PASSWORD@HOST/NAME."
        )


def check_secret(text: str) -> None:
    """Secrets that seal."""
    from changeover.identity.sealing import Seal  # noqa: PLC0415
    from changeover.identity.secret import Secret  # noqa: PLC0415

    Seal([Secret(each.strip()) for each in text.split(",")])


def check_keys(text: str) -> None:
    """Keys of ledgers."""
    from changeover.ledger.checkpoint import NoteError, VerifierKey  # noqa: PLC0415

    for key in text.split():
        try:
            VerifierKey.parse(key)
        except NoteError as error:
            raise InvalidInputError(
                error.what,
                do="Copy it from `changeover orders bundle list` at its maker.",
            ) from error


def read_witness(text: str) -> tuple[str, str]:
    """The key and the address in `KEY@https://HOST/`; `InvalidInputError`."""
    key, at, url = text.partition("@http")
    if not at or not is_address(f"http{url}"):
        raise InvalidInputError(
            f"{text!r} names no witness", do="Write its key, @ and its address: KEY@https://HOST/."
        )
    return key, f"http{url}"


def check_witnesses(text: str) -> None:
    """Witnesses, each with its key."""
    from changeover.ledger.checkpoint import NoteError  # noqa: PLC0415
    from changeover.ledger.cosignatures import WitnessKey  # noqa: PLC0415

    for word in text.split():
        key, _ = read_witness(word)
        try:
            WitnessKey.parse(key)
        except NoteError as error:
            raise InvalidInputError(
                error.what, do="Ask the witness's operator for its key (`changeover witness key`)."
            ) from error


def check_addresses(text: str) -> None:
    """Addresses of servers."""
    for word in text.split():
        if not is_address(word):
            raise InvalidInputError(
                f"{word!r} is not the address of a server", do="Write it like https://HOST/."
            )


def check_name(text: str) -> None:
    """A ledger's name: witnesses want that of a place without a scheme (C2SP tlog-checkpoint)."""
    from changeover.ledger.checkpoint import check_name  # noqa: PLC0415

    if "://" in text:
        raise InvalidInputError(
            f"{text!r} names a ledger with a scheme", do="Write it like example.org/changeover."
        )
    check_name(text)


def check_prices(text: str) -> None:
    """A file of prices."""
    from changeover.metering.price_file import read_prices  # noqa: PLC0415

    try:
        read_prices(text, Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{text!r} cannot be read", do="Check its path and who may read it."
        ) from error


def check_inside(text: str) -> None:
    """Names and networks."""
    from changeover.upstream.inside import Inside  # noqa: PLC0415

    Inside.parse(text)


def check_roots(text: str) -> None:
    """A file of certificates."""
    from changeover.upstream.roots import trusting  # noqa: PLC0415

    trusting(text)


def check_groups(text: str) -> None:
    """A file of groups."""
    from changeover.identity.groups import read_groups  # noqa: PLC0415

    try:
        read_groups(text, Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{text!r} cannot be read", do="Check its path and who may read it."
        ) from error


def check_issuer(text: str) -> None:
    """Without TLS whoever is on the way could sign in as anybody: on this machine alone."""
    parts = urlsplit(text)
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise InvalidInputError(
            f"{text!r} is no issuer over https", do="Write it like https://login.example.gov/."
        )
    if not parts.hostname or parts.query or parts.fragment:
        raise InvalidInputError(
            f"{text!r} is no address of an issuer",
            do="Copy `issuer` from its /.well-known/openid-configuration.",
        )
