"""What `changeover up` finds to send to, without being configured.

It looks in the environment for vendors' credentials under the names that the
vendors' own SDKs read, and on this machine for servers of the OpenAI protocol.
Rules:

* No vendor is called: a credential is taken as it stands, because a call to a
  vendor needs a decision first.
* A local server counts only if `GET /v1/models` answers within the patience
  with the list that OpenAI's reference describes; whatever else listens on a
  well-known port is left alone, and said so.
* Which server it is, and so its dialect, is told by whom it says its models are owned by
  (llama.cpp `llamacpp`, vLLM `vllm`, Ollama `library`), else by the port that it has.
* One local server serves the host `house`: the named one, else the first in
  the order below that holds a model.
* Whatever was found and is not used is said, with what to do.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Literal

import aiohttp
import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Dialect
from changeover.upstream.clouds import find_clouds
from changeover.upstream.endpoint import Endpoint, read_credential
from changeover.upstream.known_hosts import KNOWN_HOSTS, KnownHost, endpoint_at

LOCAL_HOST = "house"
LOCAL_URL_VARIABLE = "CHANGEOVER_LOCAL_MODEL_URL"
PATIENCE = 0.3
_LARGEST_LISTING = 1024 * 1024


class LocalServer(msgspec.Struct, frozen=True):
    """A server that may run on this machine: what it is called, where it listens, how it speaks."""

    name: str
    base_url: str
    dialect: Dialect | None = None


# llama.cpp's own port, 8080, is ours: beside us it has to take the next one.
LOCAL_SERVERS: tuple[LocalServer, ...] = (
    LocalServer("Ollama", "http://127.0.0.1:11434", "ollama"),
    LocalServer("LM Studio", "http://127.0.0.1:1234", "llama-cpp"),
    LocalServer("llama.cpp", "http://127.0.0.1:8081", "llama-cpp"),
    LocalServer("vLLM", "http://127.0.0.1:8000", "vllm"),
)
_OWNERS: Mapping[str, Dialect] = {"llamacpp": "llama-cpp", "vllm": "vllm", "library": "ollama"}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint to use, and where it was found.

    One that was asked lists its models, and may show in which dialect it speaks.
    """

    endpoint: Endpoint
    source: str
    models: tuple[str, ...] = ()
    dialect: Dialect | None = None


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """All that is to be used, and what to tell the operator: one sentence or two a line."""

    found: tuple[Found, ...]
    words: tuple[str, ...]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(each.endpoint for each in self.found)


async def discover(
    environment: Mapping[str, str],
    local_servers: Sequence[LocalServer] = LOCAL_SERVERS,
    patience: float = PATIENCE,
) -> Findings:
    """Looks in `environment` and at the local servers, which get `patience` seconds each.

    Never raises for what it finds: what cannot be used is said in the words.
    """
    vendors = find_vendors(environment)
    local = await _find_local(environment, local_servers, patience)
    found = vendors.found + local.found
    words = vendors.words + local.words
    if not found:
        words += ("No vendor credential and no local model server found.",)
    return Findings(found=found, words=words)


def find_vendors(environment: Mapping[str, str]) -> Findings:
    """What the environment alone tells."""
    found: list[Found] = []
    words: list[str] = []
    for known in KNOWN_HOSTS:
        try:
            at_host = _find_vendor(known, environment)
        except InvalidInputError as error:
            words.append(f"{error} It is passed over.")
            continue
        if at_host:
            found += at_host
            moved = environment.get(known.base_variable, "").strip()
            words.append(_words_for_vendor(at_host, known.base_variable if moved else ""))
        elif environment.get(known.base_variable, "").strip():
            words.append(
                f"{known.base_variable} is set but {known.credential_variables[0]} is not: "
                f"nothing is sent to the host {known.host}."
            )
    clouds, lacking = find_clouds(environment)
    for cloud in clouds:
        at_host = [Found(endpoint=each, source=cloud.source) for each in cloud.endpoints]
        found += at_host
        words.append(_words_for_vendor(at_host, cloud.moved))
    words += lacking
    return Findings(found=tuple(found), words=tuple(words))


def _find_vendor(known: KnownHost, environment: Mapping[str, str]) -> list[Found]:
    """The host's endpoints, one for each protocol; none without a credential."""
    variable = next(
        (name for name in known.credential_variables if environment.get(name, "").strip()), None
    )
    if variable is None:
        return []
    base_url = environment.get(known.base_variable, "").strip() or known.base_url
    credential = read_credential(environment[variable], variable)
    return [
        Found(endpoint=endpoint_at(known.host, protocol, base_url, credential), source=variable)
        for protocol in known.protocols
    ]


def _words_for_vendor(found: Sequence[Found], moved: str) -> str:
    """What to say of a host; `moved` is the variable that names another address, if one does."""
    urls = " and ".join(dict.fromkeys(each.endpoint.url for each in found))
    words = f"{found[0].source} found: the host {found[0].endpoint.host} is reached at {urls}"
    if moved:
        return f"{words}, as {moved} says; whoever answers there counts as that host."
    return f"{words}."


class _ListedModel(msgspec.Struct, frozen=True):
    id: str
    owned_by: Any = None


class _Listing(msgspec.Struct, frozen=True):
    """OpenAI's list of models, as far as it is read; a server without any may write null."""

    data: tuple[_ListedModel, ...] | None
    object: Literal["list"] = "list"


async def _find_local(
    environment: Mapping[str, str], servers: Sequence[LocalServer], patience: float
) -> Findings:
    named = environment.get(LOCAL_URL_VARIABLE, "").strip()
    if named:
        base_url = named.rstrip("/").removesuffix("/v1")
        servers = [LocalServer(LOCAL_URL_VARIABLE, base_url)]
    try:
        endpoints = [
            Endpoint(host=LOCAL_HOST, protocol="openai-chat", base_url=server.base_url)
            for server in servers
        ]
    except InvalidInputError as error:
        return Findings(found=(), words=(f"{LOCAL_URL_VARIABLE}: {error}",))
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    ) as session:
        answers = await asyncio.gather(
            *(_models_at(session, server.base_url, patience) for server in servers)
        )
    return _choose(list(zip(servers, endpoints, answers, strict=True)), named=bool(named))


class _Silence(Enum):
    """Why a place has no models to list."""

    ABSENT = "nothing accepts connections there"
    FOREIGN = "what listens there is no model server, or is too slow to tell"


class _Listed(msgspec.Struct, frozen=True):
    """The models of a server that answered, and its dialect where it shows."""

    models: tuple[str, ...]
    dialect: Dialect | None = None


_Answer = _Listed | _Silence


async def _models_at(session: aiohttp.ClientSession, base_url: str, patience: float) -> _Answer:
    """The models that a server lists."""
    try:
        async with (
            asyncio.timeout(patience),
            session.get(base_url + "/v1/models", allow_redirects=False) as response,
        ):
            body = await _read(response.content)
    except aiohttp.ClientConnectorError:
        return _Silence.ABSENT
    except (aiohttp.ClientError, OSError):
        return _Silence.FOREIGN
    if response.status != 200:
        return _Silence.FOREIGN
    try:
        listing = msgspec.json.decode(body, type=_Listing)
    except msgspec.MsgspecError:
        return _Silence.FOREIGN
    models = [model for model in listing.data or () if model.id]
    owners = [model.owned_by for model in models if isinstance(model.owned_by, str)]
    dialects = (_OWNERS[owner] for owner in owners if owner in _OWNERS)
    return _Listed(tuple(model.id for model in models), next(dialects, None))


async def _read(content: aiohttp.StreamReader) -> bytes:
    """The body, or its beginning where it is larger than any list: then it is no JSON."""
    body = b""
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > _LARGEST_LISTING:
            break
    return body


def _choose(asked: Sequence[tuple[LocalServer, Endpoint, _Answer]], *, named: bool) -> Findings:
    found: list[Found] = []
    words: list[str] = []
    for server, endpoint, answer in asked:
        at = f"{server.name} at {server.base_url}"
        match answer:
            case _Silence.ABSENT:
                if named:
                    words.append(f"Nothing answers for {at}: it is not used.")
            case _Silence.FOREIGN:
                words.append(
                    f"What listens for {at} does not list models as a model server does: "
                    "it is not used."
                )
            case _Listed(models=()):
                words.append(f"{at} holds no model: it is not used.")
            case _ if found:
                words.append(
                    f"{at} answers too and is not used; set {LOCAL_URL_VARIABLE}="
                    f"{server.base_url} to use it instead."
                )
            case _Listed(models=models, dialect=dialect):
                spoken = dialect or server.dialect
                found.append(Found(endpoint=endpoint, source=at, models=models, dialect=spoken))
                words.append(
                    f"{at} answers: the host {LOCAL_HOST} is reached there, with "
                    f"{_enumerated(models)}."
                )
    return Findings(found=tuple(found), words=tuple(words))


def _enumerated(models: tuple[str, ...]) -> str:
    most = 5
    shown = ", ".join(models[:most])
    return shown if len(models) <= most else f"{shown} and {len(models) - most} more"
