"""The upstreams: each a route of the matrix's directory to a model of its own.

A model has one route here, so that its name and its pinned version's lead there too.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
import yaml

from changeover.directory.model import Dialect, Protocol
from changeover.wiring.scenarios import SHIPPED, read_scenario

SERVICE = "matrix"


class Upstream(msgspec.Struct, frozen=True, kw_only=True):
    """A route, and the path below its host's address at which it is called.

    `pinned` is the name of the model's version at the host, which clients may write too.
    """

    name: str
    model: str
    host: str
    protocol: Protocol
    pinned: str
    dialect: Dialect | None = None
    account: str = "matrix"

    @property
    def route(self) -> str:
        return f"{self.model}@{self.host}"


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
    )
}
"""By the name that tables and test ids have."""

TITLES: Mapping[str, str] = {
    "chat": "Chat Completions",
    "chat-5": "Chat Completions, a model that reasons",
    "responses": "Responses",
    "messages": "Messages",
    "gemini": "generateContent",
}


def names_by_host(upstreams: Mapping[str, Upstream] = UPSTREAMS) -> dict[str, tuple[str, ...]]:
    """The names by which each host knows its models, the demonstration's among them."""
    names: dict[str, tuple[str, ...]] = {}
    shipped = read_scenario(SHIPPED).directory.routes.values()
    served = [(route.host, route.upstream_model) for route in shipped]
    served += [(upstream.host, upstream.pinned) for upstream in upstreams.values()]
    for host, name in served:
        names[host] = (*names.get(host, ()), name)
    return names


def write_directory(folder: Path, upstreams: Mapping[str, Upstream] = UPSTREAMS) -> None:
    """The demonstration's directory with the upstreams and a service that may call them all."""
    for path in (SHIPPED / "directory").glob("*.yaml"):
        shutil.copy(path, folder)
    _add(
        folder / "models.yaml",
        models={each.model: _model(each) for each in upstreams.values()},
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


def _model(upstream: Upstream) -> dict[str, object]:
    return {
        "name": upstream.model,
        "aliases": [upstream.pinned],
        "capabilities": {"context": 200_000, "modalities": ["text", "image"]},
    }


def _route(upstream: Upstream) -> dict[str, object]:
    route: dict[str, object] = {
        "protocol": upstream.protocol,
        "upstream_model": upstream.pinned,
        "account": upstream.account,
    }
    return route | ({} if upstream.dialect is None else {"dialect": upstream.dialect})
