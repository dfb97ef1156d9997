"""JSON in and out of the product's own endpoints, and errors in one shape.

An error is `{"error": {"code", "what", "means", "do", "problems"?}}`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from changeover.basics.errors import (
    ChangeoverError,
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.yaml_source import SourceError
from changeover.chat.problems import TooLongError
from changeover.identity.sessions import (
    SignedOutError,
    SignInRefusedError,
    TooManyAttemptsError,
)

T = TypeVar("T")

_STATUS: Mapping[type[ChangeoverError], int] = {
    InvalidInputError: 400,
    SignedOutError: 401,
    SignInRefusedError: 401,
    NotAuthorisedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    TooManyAttemptsError: 429,
}


def json_response(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """`value` as JSON: structs by their fields, instants as ISO 8601."""
    return Response(
        msgspec.json.encode(value), status, headers=headers, media_type="application/json"
    )


def error_response(error: ChangeoverError, status: int | None = None) -> Response:
    """A product error, with the status that fits its kind if none is given."""
    if status is None:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    told: dict[str, Any] = {
        "code": error.code,
        "what": error.what,
        "means": error.means,
        "do": error.do,
    }
    if isinstance(error, SourceError):
        told["problems"] = error.problems
    if isinstance(error, TooLongError):
        told["words"] = error.problem.words
    headers = None
    if isinstance(error, TooManyAttemptsError):
        headers = {"retry-after": str(error.after)}
    return json_response({"error": told}, status, headers)


async def read_json(request: Request, of: type[T]) -> T:
    """The request's body as `of`; `InvalidInputError` names what is wrong and where."""
    body = await request.body()
    try:
        return msgspec.json.decode(body or b"{}", type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(
            f"The request cannot be read: {error}.", means="Nothing was done."
        ) from error
