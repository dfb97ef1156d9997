"""Certificates that are trusted for vendors: the system's, and an organisation's own."""

import ssl

from changeover.basics.errors import InvalidInputError


def trusting(path: str) -> ssl.SSLContext:
    """The system's roots and those in a file; `InvalidInputError`."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:
        raise InvalidInputError(
            f"{path!r} holds no certificates that can be read",
            do="Name a file of certificates in PEM.",
        ) from error
    return context
