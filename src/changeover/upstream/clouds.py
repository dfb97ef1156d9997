"""Clouds that host others' models, as their own tools find them in the environment.

A cloud needs more than a credential: an address of the organisation's own, a region or a
project. The variables are those of Azure's, Amazon's and Anthropic's SDKs. What is set in
part is said, with what is missing.

* Azure: `AZURE_OPENAI_API_KEY`, and `AZURE_OPENAI_ENDPOINT` (the resource's address).
* Bedrock: `AWS_BEARER_TOKEN_BEDROCK`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (and
  `AWS_SESSION_TOKEN`), and `AWS_REGION`.
* Vertex AI: `ANTHROPIC_VERTEX_PROJECT_ID`, `CLOUD_ML_REGION`, and
  `GOOGLE_APPLICATION_CREDENTIALS`, which is the path of a service account's key.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Dialect, Protocol
from changeover.upstream.endpoint import Endpoint, read_credential
from changeover.upstream.known_hosts import endpoint_at

_LARGEST_KEY = 64 * 1024
_GOOGLE = {
    "global": "https://aiplatform.googleapis.com/v1",
    "us": "https://aiplatform.us.rep.googleapis.com/v1",
    "eu": "https://aiplatform.eu.rep.googleapis.com/v1",
}


class Cloud(msgspec.Struct, frozen=True, kw_only=True):
    """A cloud that was found: the variable that holds its credential, and its endpoints.

    `moved` is the variable that names another address than the cloud's own, if it is set.
    """

    source: str
    endpoints: tuple[Endpoint, ...]
    moved: str = ""


class _Set:
    """The variables that are set; a blank one is not."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __getitem__(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def first(self, *names: str) -> str:
        """The first of the variables that is set, by name; empty where none is."""
        return next((name for name in names if self[name]), "")


def find_clouds(environment: Mapping[str, str]) -> tuple[list[Cloud], list[str]]:
    """The clouds that are set up, and what to say of those that are set up in part."""
    given = _Set(environment)
    found: list[Cloud] = []
    words: list[str] = []
    for find in (_azure, _bedrock, _vertex):
        try:
            cloud = find(given)
        except InvalidInputError as error:
            words.append(f"{error} It is passed over.")
            continue
        if isinstance(cloud, Cloud):
            found.append(cloud)
        elif cloud:
            words.append(cloud)
    return found, words


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """A cloud as a host, the protocols it answers, and how."""

    host: str
    protocols: tuple[Protocol, ...]
    dialect: Dialect


_AZURE = _Place(host="microsoft", protocols=("openai-chat", "openai-responses"), dialect="azure")
_BEDROCK = _Place(
    host="aws", protocols=("bedrock-converse", "anthropic-messages"), dialect="bedrock"
)
_VERTEX = _Place(host="google", protocols=("anthropic-messages",), dialect="vertex")


def _azure(given: _Set) -> Cloud | str:
    source, base = "AZURE_OPENAI_API_KEY", given["AZURE_OPENAI_ENDPOINT"].rstrip("/")
    if not given[source]:
        return _lacking("AZURE_OPENAI_ENDPOINT", source, "microsoft") if base else ""
    if not base:
        return _lacking(source, "AZURE_OPENAI_ENDPOINT", "microsoft")
    address = f"{base.removesuffix('/openai/v1').removesuffix('/openai')}/openai/v1"
    return _cloud(_AZURE, address, (source, given[source]))


def _bedrock(given: _Set) -> Cloud | str:
    source = given.first("AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID")
    moved = given.first("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
    if not source:
        return ""
    credential = given[source]
    if source == "AWS_ACCESS_KEY_ID":
        if not given["AWS_SECRET_ACCESS_KEY"]:
            return _lacking(source, "AWS_SECRET_ACCESS_KEY", "aws")
        parts = (credential, given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
        credential = ":".join(filter(None, parts))
    region = given[given.first("AWS_REGION", "AWS_DEFAULT_REGION")]
    if not region and not moved:
        return _lacking(source, "AWS_REGION", "aws")
    address = given[moved] or f"https://bedrock-runtime.{region}.amazonaws.com"
    return _cloud(_BEDROCK, address, (source, credential), moved)


def _vertex(given: _Set) -> Cloud | str:
    project, location = given["ANTHROPIC_VERTEX_PROJECT_ID"], given["CLOUD_ML_REGION"]
    source, moved = "GOOGLE_APPLICATION_CREDENTIALS", given.first("ANTHROPIC_VERTEX_BASE_URL")
    if not project:
        return ""
    for name in ("CLOUD_ML_REGION", source):
        if not given[name]:
            return _lacking("ANTHROPIC_VERTEX_PROJECT_ID", name, "google")
    own = _GOOGLE.get(location, f"https://{location}-aiplatform.googleapis.com/v1")
    address = f"{(given[moved] or own).rstrip('/')}/projects/{project}/locations/{location}"
    return _cloud(_VERTEX, address, (source, _key(given[source])), moved)


def _key(path: str) -> str:
    """The key in a file."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(_LARGEST_KEY)
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            f"GOOGLE_APPLICATION_CREDENTIALS names a file that cannot be read: {path}.",
            do="Name the JSON file of a service account's key.",
        ) from error


def _cloud(place: _Place, address: str, credential: tuple[str, str], moved: str = "") -> Cloud:
    source, text = credential
    secret = read_credential(text, source)
    endpoints = tuple(
        endpoint_at(place.host, protocol, address, secret, place.dialect)
        for protocol in place.protocols
    )
    return Cloud(source=source, endpoints=endpoints, moved=moved)


def _lacking(named: str, missing: str, host: str) -> str:
    return f"{named} is set but {missing} is not: nothing is sent to the host {host}."
