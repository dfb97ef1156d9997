"""Time stamps of checkpoints by an authority: RFC 3161.

An authority that is nobody's here signs that a digest was shown to it at a time. So whoever
trusts its root knows that a checkpoint, and every entry below it, was there by then, and was
not made later and given an earlier date. What is stamped is the SHA-256 of the checkpoint's
note, the ledger's signature included. The whole answer is kept, with its certificates, so
that it is verified offline and long after the authority is gone.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from changeover.basics.errors import InvalidInputError

QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"


class TimeStampError(InvalidInputError):
    """An authority's answer that is no time stamp of what it was asked for."""

    code = "time_stamp"


def query(note: bytes) -> bytes:
    """What an authority is asked for a note's time stamp."""
    builder = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def stamped_at(reply: bytes, note: bytes) -> datetime:
    """The time that an answer tells for the note; its signature is not looked at.

    Raises `TimeStampError` when it is no time stamp, or of something else.
    """
    response = _read(reply)
    imprint = response.tst_info.message_imprint
    if imprint.message != hashlib.sha256(note).digest():
        raise TimeStampError("The time stamp is of something else than this checkpoint.")
    return response.tst_info.gen_time.astimezone(UTC)


def verify_stamp(reply: bytes, note: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """The time that an authority below one of the roots gives the note.

    Its certificates must have been good at that time. Raises `TimeStampError` otherwise.
    """
    at = stamped_at(reply, note)
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(_read(reply), note)
    except (VerificationError, ValueError) as error:
        raise TimeStampError(
            "The time stamp is not signed by an authority below the root that is named."
        ) from error
    return at


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates in a file of PEM; `InvalidInputError` where there are none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise InvalidInputError(
            "The file holds no certificates that can be read.",
            do="Name a file of certificates in PEM, as the authority publishes them.",
        ) from error


def _read(reply: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(reply)
        _ = response.tst_info
    except ValueError as error:
        raise TimeStampError(f"The answer is no time stamp: {error}.") from error
    return response
