"""Where stand-ins answer, as the directory's routes call their hosts.

A stand-in's address is that of its host below the stand-in's own. A cloud's is longer: on
Vertex AI it ends with a project and a location, on Azure with `/openai`. Bedrock's stand-in
checks signatures, so it is called with an access key.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

from changeover.directory.model import PROTOCOLS, Dialect, Directory, Protocol
from changeover.identity.secret import Secret
from changeover.upstream.discovery import Findings
from changeover.upstream.endpoint import Endpoint
from changeover.wiring.model_names import dialects_by_host, names_by_host
from changeover.wiring.scenarios import SHIPPED, read_scenario

# Stand-ins are loaded where they are asked for: a server without them is some megabytes smaller.

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


async def standing_in(
    directory: Directory | None, found: Findings, url: str | None, stack: AsyncExitStack
) -> list[Endpoint]:
    """Endpoints of stand-ins for every vendor of the directory that nothing was found for.

    They run at `url`, or else in this process until `stack` is closed.
    """
    if directory is None:
        return []
    real = {endpoint.host for endpoint in found.endpoints}
    models = names_by_host(directory, real)
    if not models:
        return []
    if url is None:
        from changeover.standin.server import StandInServer  # noqa: PLC0415 - see above
        from changeover.standin.settings import StandInSettings  # noqa: PLC0415 - see above

        settings = StandInSettings(models=models, dialects=dialects_by_host(directory))
        url = (await stack.enter_async_context(StandInServer(settings))).url
    return stand_ins(url, models, directory)


def run_stand_in(
    *, host: str, port: int, delay_ms: float, log: Path | None, say: Callable[[str], None]
) -> None:
    """Serves stand-ins for the demonstration's models until told to stop."""
    from changeover.standin.server import run_standin  # noqa: PLC0415 - see above
    from changeover.standin.settings import StandInSettings  # noqa: PLC0415 - see above

    directory = read_scenario(SHIPPED).directory
    models, dialects = names_by_host(directory, ()), dialects_by_host(directory)
    settings = StandInSettings(models=models, dialects=dialects, delay_ms=delay_ms, log=log)

    def announce(url: str) -> None:
        say(f"Stand-ins listen on {url}: {', '.join(f'{url}/{name}' for name in models)}")

    run_standin(settings, host=host, port=port, announce=announce)
