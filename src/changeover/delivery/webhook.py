"""Letters by webhook: signed POSTs of JSON, as Standard Webhooks has them.

The body is `{"type": "changeover.message", "timestamp": …, "data": {…}}`. `webhook-id` is
the delivery's, the same in every try; `webhook-signature` is `v1,` and the base64 of the
HMAC-SHA256 of `id.timestamp.body` under the secret (standardwebhooks.com, version 1.0.0).

No redirect is followed. An address that leads into the installation's own network is not
called unless a setting allows it: whoever may edit a contact could otherwise reach what
only this machine can. The name is looked up once, and what was checked is connected to, so
that a name which leads elsewhere the next moment gains nothing. Of the answer only the head
is read, and the whole of a try after the look-up ends within 30 seconds, however slowly the
other side drips.
"""

import asyncio
import base64
import hashlib
import hmac
import socket
from contextlib import aclosing
from urllib.parse import urlsplit

import httpx2
import msgspec

from changeover.basics.addresses import is_public, read_address
from changeover.basics.clock import Clock
from changeover.identity.secret import Secret
from changeover.messages.model import Answered, Leaving

_SECONDS = 15
_WHOLE_SECONDS = 30
_UNREADABLE = Answered("failed", "The address cannot be read.")
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class Webhook:
    """Implements `messages.ports.Way`."""

    def __init__(self, secret: Secret, machine: Clock, *, inside: bool = False) -> None:
        self._secret = secret
        self._machine = machine
        self._inside = inside

    def send(self, leaving: Leaving) -> Answered:
        url = leaving.delivery.to
        address = self._address(url)
        if isinstance(address, Answered):
            return address
        body, headers = self._written(leaving)
        try:
            status = asyncio.run(_post(url, address, body, headers))
        except httpx2.InvalidURL:
            return _UNREADABLE
        except (httpx2.HTTPError, TimeoutError) as error:
            return Answered("failed", f"It was not reached: {type(error).__name__}.", again=True)
        said = f"HTTP {status}"
        if 200 <= status < 300:
            return Answered("sent", said)
        return Answered("failed", said, again=status in _LATER)

    def _written(self, leaving: Leaving) -> tuple[bytes, dict[str, str]]:
        now, letter = self._machine.now(), leaving.letter
        body = msgspec.json.encode(
            {
                "type": "changeover.message",
                "timestamp": now,
                "data": {
                    "about": leaving.about,
                    "services": letter.services,
                    "to": letter.contact.name,
                    "subject": letter.subject,
                    "text": letter.text,
                },
            }
        )
        stamp = str(int(now.timestamp()))
        signed = f"{leaving.delivery.id}.{stamp}.".encode() + body
        key = self._secret.reveal().encode()
        mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return body, {
            "content-type": "application/json",
            "webhook-id": leaving.delivery.id,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{mac}",
        }

    def _address(self, url: str) -> str | Answered:
        """The address to connect to; or why it is not called."""
        try:
            httpx2.URL(url)
            parts = urlsplit(url)
            host = parts.hostname
            if host is None:
                return Answered("failed", "The address has no host.")
            found = socket.getaddrinfo(host, parts.port, type=socket.SOCK_STREAM)
        except OSError:
            return Answered("failed", f"There is no host {host}.", again=True)
        except (ValueError, httpx2.InvalidURL):
            # What Python or the library cannot read; a name that is none for the internet too.
            return _UNREADABLE
        addresses = [str(one[4][0]) for one in found]
        if not self._inside and not all(is_public(read_address(one)) for one in addresses):
            return Answered("failed", f"{host} is inside this network, which is not called.")
        return addresses[0]


async def _post(url: str, address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status that an address answers with; what else it answers is not read."""
    async with (
        asyncio.timeout(_WHOLE_SECONDS),
        httpx2.AsyncClient(follow_redirects=False, timeout=_SECONDS, trust_env=False) as client,
    ):
        named = client.build_request("POST", url, content=body, headers=headers)
        # To the address, under the name: for the certificate and for the host's header.
        named.url = named.url.copy_with(host=address)
        named.extensions["sni_hostname"] = urlsplit(url).hostname or ""
        async with aclosing(await client.send(named, stream=True)) as response:
            return response.status_code
