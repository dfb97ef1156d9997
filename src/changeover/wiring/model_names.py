"""The names that hosts know models by: those of the directory, and that of a local server.

With a local server's name comes the dialect in which it speaks.
"""

from collections.abc import Callable, Iterable

from changeover.directory.model import Dialect, Directory
from changeover.upstream.discovery import Findings

_LOCAL_HOST = "house"

Say = Callable[[str], None]


def names_by_host(directory: Directory, without: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that each host of the directory knows its models by."""
    left_out = set(without)
    names: dict[str, tuple[str, ...]] = {}
    for route in directory.routes.values():
        if route.host not in left_out:
            names[route.host] = (*names.get(route.host, ()), route.upstream_model)
    return names


def dialects_by_host(directory: Directory) -> dict[str, str]:
    """How hosts speak Chat Completions, where not as its own vendor does."""
    return {
        route.host: route.dialect
        for route in directory.routes.values()
        if route.protocol == "openai-chat" and route.dialect is not None
    }


def local_names(found: Findings, directory: Directory | None, say: Say) -> dict[str, str]:
    """The model that a local server has, under the host that stands for it.

    The route to that host has the lineage of a model of the house's own. A model
    whose name is another vendor's would be called under a false lineage, so it is
    passed over: it needs a route of its own in the directory.
    """
    names: dict[str, str] = {}
    for each in (one for one in found.found if one.endpoint.host == _LOCAL_HOST):
        own = [name for name in each.models if not _of_a_vendor(name, directory)]
        if own:
            names[_LOCAL_HOST] = own[0]
        elif each.models:
            say(
                f"{each.source} serves {', '.join(each.models)}, which bears a vendor's name: "
                "it is not called as a model of the house's own."
            )
    return names


def local_dialects(found: Findings) -> dict[str, Dialect]:
    """How a local server speaks, under the host that stands for it, where it showed."""
    return {each.endpoint.host: each.dialect for each in found.found if each.dialect is not None}


def _of_a_vendor(name: str, directory: Directory | None) -> bool:
    """Whether a model's name holds one that the directory knows a vendor or its products by."""
    if directory is None:
        return False
    known = [
        known
        for vendor in directory.vendors.values()
        if vendor.id != _LOCAL_HOST
        for known in (vendor.id, *vendor.aliases, *vendor.products)
    ]
    known += [a for m in directory.models.values() if m.maker != _LOCAL_HOST for a in m.aliases]
    return any(one.casefold() in name.casefold() for one in known)
