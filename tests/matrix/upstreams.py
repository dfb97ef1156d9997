"""The upstreams: the routes of the matrix's directory.

One of Anthropic's models has three, so that what it seals can be seen to travel with it.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import yaml

from changeover.directory.model import Dialect, Protocol
from changeover.wiring.scenarios import SHIPPED, read_scenario

SERVICE = "matrix"


class Upstream(msgspec.Struct, frozen=True, kw_only=True):
    """A route; `pinned` is the name of the model's version at the host.

    Where `named`, clients may write that name too and come to this route: it is the first
    of its model.
    """

    name: str
    model: str
    host: str
    protocol: Protocol
    pinned: str
    dialect: Dialect | None = None
    account: str = "matrix"
    named: bool = True

    @property
    def route(self) -> str:
        return f"{self.model}@{self.host}"


_SERVERS: tuple[tuple[Dialect, str, str], ...] = (
    ("mistral", "mistral", "mistral-large-2411"),
    ("vllm", "vllm-server", "open-v"),
    ("llama-cpp", "llama-server", "open-l"),
    ("ollama", "ollama-server", "open-o"),
)
UPSTREAMS: Mapping[str, Upstream] = {
    upstream.name: upstream
    for upstream in (
        Upstream(
            name="chat",
            model="openai/gpt-4o",
            host="openai",
            protocol="openai-chat",
            pinned="gpt-4o-2024-11-20",
        ),
        Upstream(
            name="chat-5",
            model="openai/gpt-5.2",
            host="openai",
            protocol="openai-chat",
            pinned="gpt-5.2-2025-12-11",
        ),
        Upstream(
            name="responses",
            model="openai/gpt-5.1",
            host="openai",
            protocol="openai-responses",
            pinned="gpt-5.1-2025-11-13",
        ),
        Upstream(
            name="messages",
            model="anthropic/claude-sonnet-4-6",
            host="anthropic",
            protocol="anthropic-messages",
            pinned="claude-sonnet-4-6",
        ),
        Upstream(
            name="gemini",
            model="google/gemini-3-pro",
            host="google",
            protocol="gemini-generate",
            pinned="gemini-3-pro-preview",
        ),
        Upstream(
            name="converse",
            model="anthropic/claude-sonnet-4-6",
            host="aws",
            protocol="bedrock-converse",
            pinned="us.anthropic.claude-sonnet-4-6",
            named=False,
        ),
        Upstream(
            name="vertex",
            model="anthropic/claude-sonnet-4-6",
            host="google",
            protocol="anthropic-messages",
            dialect="vertex",
            pinned="claude-sonnet-4-6",
            named=False,
        ),
        Upstream(
            name="bedrock",
            model="anthropic/claude-opus-4-6",
            host="aws",
            protocol="anthropic-messages",
            dialect="bedrock",
            pinned="us.anthropic.claude-opus-4-6-v1",
        ),
        Upstream(
            name="azure",
            model="openai/gpt-4o",
            host="microsoft",
            protocol="openai-chat",
            dialect="azure",
            pinned="gpt-4o",
            named=False,
        ),
        *(
            Upstream(
                name=dialect,
                model=f"house/{dialect}",
                host=host,
                protocol="openai-chat",
                dialect=dialect,
                pinned=pinned,
            )
            for dialect, host, pinned in _SERVERS
        ),
    )
}
"""By the name that tables and test ids have."""

TITLES: Mapping[str, str] = {
    "chat": "Chat Completions",
    "chat-5": "the same, a model that reasons",
    "responses": "Responses",
    "messages": "Messages",
    "gemini": "generateContent",
    "converse": "Converse",
    "bedrock": "Messages on Bedrock",
    "vertex": "Messages on Vertex AI",
    "azure": "Azure OpenAI",
    "mistral": "Mistral",
    "vllm": "vLLM",
    "llama-cpp": "llama.cpp",
    "ollama": "Ollama",
}
SERVERS = ("azure", "mistral", "vllm", "llama-cpp", "ollama")
"""Those that speak Chat Completions, each in its own way."""
AS_MESSAGES = ("bedrock", "vertex")
"""Those that carry what Messages carries."""


def names_by_host(upstreams: Mapping[str, Upstream] = UPSTREAMS) -> dict[str, tuple[str, ...]]:
    """The names by which each host knows its models, the demonstration's among them."""
    names: dict[str, tuple[str, ...]] = {}
    shipped = read_scenario(SHIPPED).directory.routes.values()
    served = [(route.host, route.upstream_model) for route in shipped]
    served += [(upstream.host, upstream.pinned) for upstream in upstreams.values()]
    for host, name in served:
        names[host] = (*names.get(host, ()), name)
    return names


def dialects_by_host(upstreams: Mapping[str, Upstream] = UPSTREAMS) -> dict[str, str]:
    """How each host speaks Chat Completions, where it does so in a dialect."""
    chats = [each for each in upstreams.values() if each.protocol == "openai-chat"]
    return {each.host: each.dialect for each in chats if each.dialect is not None}


def write_directory(folder: Path, upstreams: Mapping[str, Upstream] = UPSTREAMS) -> None:
    """The demonstration's directory with the upstreams and a service that may call them all."""
    for path in (SHIPPED / "directory").glob("*.yaml"):
        shutil.copy(path, folder)
    given = yaml.safe_load((folder / "models.yaml").read_text())["vendors"]
    hosts = {each.host for each in upstreams.values()} - set(given)
    _add(
        folder / "models.yaml",
        vendors={host: {"name": host} for host in sorted(hosts)},
        models={each.model: _model(each, upstreams.values()) for each in upstreams.values()},
        routes={each.route: _route(each) for each in upstreams.values()},
    )
    _add(
        folder / "services.yaml",
        services={
            SERVICE: {
                "name": "Matrix",
                "party": "health",
                "network": "unclassified",
                "slots": {"chat": "staff-assistance"},
                "created": "2025-10-01",
                "when_barred": "refuse",
                "owner": "Tests",
            }
        },
    )


def _add(path: Path, **more: dict[str, object]) -> None:
    given = yaml.safe_load(path.read_text())
    for section, entries in more.items():
        given[section] |= entries
    path.write_text(yaml.safe_dump(given, allow_unicode=True))


def _model(upstream: Upstream, upstreams: Iterable[Upstream]) -> dict[str, object]:
    names = [each.pinned for each in upstreams if each.model == upstream.model]
    return {
        "name": upstream.model,
        "aliases": list(dict.fromkeys(names)),
        "capabilities": {"context": 200_000, "modalities": ["text", "image"]},
    }


def _route(upstream: Upstream) -> dict[str, object]:
    route: dict[str, object] = {
        "protocol": upstream.protocol,
        "upstream_model": upstream.pinned,
        "account": upstream.account,
    }
    return route | ({} if upstream.dialect is None else {"dialect": upstream.dialect})
