"""Checking the place and the text of a credential that somebody sets."""

from changeover.basics.errors import InvalidInputError
from changeover.identity.credentials import CredentialRequest
from changeover.identity.secret import Secret
from changeover.upstream.endpoint import read_credential
from changeover.upstream.inside import Inside
from changeover.upstream.known_hosts import endpoint_at, known_base_url


class VendorAddresses:
    """Implements `identity.credential_office.Addresses` by the hosts that are known.

    `inside` is what the operator declared inside this network.
    """

    def __init__(self, inside: Inside | None = None) -> None:
        self._inside = inside or Inside()

    def declare(self, inside: Inside) -> None:
        """Takes what is declared from the next credential on."""
        self._inside = inside

    def base_url(self, request: CredentialRequest) -> str:
        base_url = request.base_url or known_base_url(request.host, request.protocol)
        if base_url is None:
            raise InvalidInputError(
                f"No address is known at which {request.host} answers {request.protocol}.",
                means="Nothing was kept.",
                do="Give it with --base-url, as the protocol's SDK takes it, "
                "such as https://api.example.com/v1.",
            )
        base_url = base_url.strip().rstrip("/")
        endpoint_at(request.host, request.protocol, base_url, None)
        self._inside.check_url(base_url)
        return base_url

    def credential(self, text: str) -> Secret:
        return read_credential(text, "what was entered")
