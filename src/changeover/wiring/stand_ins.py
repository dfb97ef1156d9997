"""Where stand-ins answer, as the directory's routes call their hosts.

A stand-in's address is that of its host below the stand-in's own. A cloud's is longer: on
Vertex AI it ends with a project and a location, on Azure with `/openai`. Bedrock's stand-in
checks signatures, so it is called with an access key.
"""

from collections.abc import Iterable, Iterator

from changeover.directory.model import PROTOCOLS, Dialect, Directory, Protocol
from changeover.identity.secret import Secret
from changeover.upstream.endpoint import Endpoint

_BELOW: dict[Dialect, str] = {
    "vertex": "/v1/projects/stand-in/locations/global",
    "azure": "/openai",
}
_KEY = "stand-in"
_ACCESS_KEY = "STAND-IN:stand-in"


def stand_ins(url: str, hosts: Iterable[str], directory: Directory) -> list[Endpoint]:
    """The endpoints of `hosts`, for which stand-ins answer at `url`, in every protocol."""
    return list(_endpoints(url.rstrip("/"), hosts, directory))


def _endpoints(url: str, hosts: Iterable[str], directory: Directory) -> Iterator[Endpoint]:
    dialects = {(route.host, route.protocol): route.dialect for route in directory.routes.values()}
    for host in hosts:
        for protocol in PROTOCOLS:
            dialect = dialects.get((host, protocol))
            signs = _signs(protocol, dialect)
            yield Endpoint(
                host=host,
                protocol=protocol,
                base_url=f"{url}/{host}{_BELOW.get(dialect, '') if dialect else ''}",
                credential=Secret(_ACCESS_KEY if signs else _KEY),
                stand_in=True,
                dialect=dialect,
            )


def _signs(protocol: Protocol, dialect: Dialect | None) -> bool:
    return protocol == "bedrock-converse" or dialect == "bedrock"
