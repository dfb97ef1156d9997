"""What calls are sent to: put together from three sources, and replaced as a whole.

1. What was found at the start wins: credentials in the environment, a local server.
2. Stored credentials come next. One that does not open, or leads to an undeclared address
   inside this network, leaves its route without an endpoint; no stand-in takes its place,
   since a vendor is meant to answer there.
3. Stand-ins answer for the hosts that neither of these is about.
"""

import threading
from collections.abc import Callable, Sequence

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.identity.credential_office import CredentialOffice
from changeover.identity.credentials import OpenedCredential
from changeover.upstream.discovery import Findings, Found
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.http import HttpUpstream
from changeover.upstream.known_hosts import endpoint_at, speaks

Say = Callable[[str], None]
_Place = tuple[str, Protocol]


class Endpoints:
    """The endpoints of a running gateway; `reload` brings them up to what is stored."""

    def __init__(
        self,
        upstream: HttpUpstream,
        credentials: CredentialOffice,
        found: Findings,
        stand_ins: Sequence[Endpoint],
        say: Say,
    ) -> None:
        self._upstream = upstream
        self._credentials = credentials
        self._found = {_place(each.endpoint): each for each in found.found}
        self._stand_ins = tuple(stand_ins)
        self._say = say
        self._said: set[str] = set()
        self._reloading = threading.Lock()

    def take(self, found: Findings) -> None:
        """Goes by what was found anew; a local server that answered at the start stays."""
        local = {p: each for p, each in self._found.items() if each.models}
        self._found = {_place(each.endpoint): each for each in found.found} | local
        for line in found.words:
            self._say(line)
        self.reload()

    def reload(self) -> None:
        """Replaces the endpoints and says what is new of them; from any thread.

        What was read before another's change never replaces what is read after it.
        """
        with self._reloading:
            stored = self._credentials.all()
            endpoints = [each.endpoint for each in self._found.values()]
            words: list[str] = []
            for opened in stored:
                endpoint, said = self._stored(opened)
                endpoints += [] if endpoint is None else [endpoint]
                words.append(said)
            meant = {each.host for each in endpoints} | {each.credential.host for each in stored}
            standing_in = [each for each in self._stand_ins if each.host not in meant]
            if standing_in:
                hosts = ", ".join(dict.fromkeys(each.host for each in standing_in))
                words.append(
                    f"Stand-ins answer for {hosts}: they quote what they are given, no more."
                )
            self._upstream.replace((*endpoints, *standing_in))
            for line in words:
                if line not in self._said:
                    self._say(line)
            self._said = set(words)

    def _stored(self, opened: OpenedCredential) -> tuple[Endpoint | None, str]:
        """The endpoint with a stored credential, if it is used, and what to say of it."""
        kept = opened.credential
        what = f"The stored credential for {kept.host} ({kept.protocol})"
        winning = self._found.get((kept.host, kept.protocol))
        if winning is not None:
            return None, f"{what} is not used: {_source(winning)} wins."
        if not speaks(kept.protocol):
            return None, f"{what} is not used: this release does not speak that protocol."
        if opened.secret is None:
            return None, (
                f"{what} cannot be opened with this installation's secret: nothing is sent there. "
                "Set it anew, or start with the secret that sealed it."
            )
        try:
            self._upstream.inside.check_url(kept.base_url)
        except InvalidInputError as error:
            return None, f"{what} is not used: {error}"
        endpoint = endpoint_at(kept.host, kept.protocol, kept.base_url, opened.secret)
        return endpoint, f"{what} is used: calls go to {endpoint.url}."


def _source(found: Found) -> str:
    return f"what was found at the start ({found.source})"


def _place(endpoint: Endpoint) -> _Place:
    return endpoint.host, endpoint.protocol
