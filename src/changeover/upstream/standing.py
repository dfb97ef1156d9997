"""The endpoints that stand at one time, by host and protocol."""

from collections.abc import Iterable

from yarl import URL

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.upstream.endpoint import Endpoint


class StandingEndpoints:
    """One endpoint for a host and protocol; all of a host are stand-ins, or none."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_place: dict[tuple[str, Protocol], Endpoint] = {}
        self._stand_ins: dict[str, bool] = {}
        for endpoint in endpoints:
            self._take(endpoint)

    def _take(self, endpoint: Endpoint) -> None:
        place = (endpoint.host, endpoint.protocol)
        if place in self._by_place:
            raise InvalidInputError(
                f"The host {endpoint.host} has two endpoints for {endpoint.protocol}.",
                do="Leave one of them.",
            )
        if self._stand_ins.setdefault(endpoint.host, endpoint.stand_in) != endpoint.stand_in:
            raise InvalidInputError(
                f"The host {endpoint.host} is a stand-in for some protocols and not for others.",
                means="An answer must say whether a stand-in gave it.",
                do="Make all endpoints of a host stand-ins, or none.",
            )
        self._by_place[place] = endpoint

    def get(self, host: str, protocol: Protocol) -> Endpoint | None:
        return self._by_place.get((host, protocol))

    def stands_in(self, host: str) -> bool:
        return self._stand_ins.get(host, False)

    def address(self, host: str) -> tuple[str, int] | None:
        for (name, _), endpoint in self._by_place.items():
            url = URL(endpoint.base_url)
            if name == host and url.host is not None and url.port is not None:
                return url.host, url.port
        return None
