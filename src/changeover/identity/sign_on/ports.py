"""What signing in with a provider needs from outside."""

from collections.abc import Mapping
from typing import Any, Protocol

from changeover.identity.secret import Secret


class ProviderAwayError(Exception):
    """The provider was not reached, or did not answer as it should; its text says which."""


class ProviderRefusedError(Exception):
    """The provider answered with an error; its text is the error's code alone."""


class ProviderDoor(Protocol):
    """Reaches the provider. Both raise `ProviderAwayError` and `ProviderRefusedError`."""

    async def get(self, url: str, bearer: Secret | None = None) -> Mapping[str, Any]:
        """The JSON object at an address."""
        ...

    async def post(
        self, url: str, form: Mapping[str, str], basic: tuple[str, Secret] | None
    ) -> Mapping[str, Any]:
        """The JSON object that a form is answered with; `basic` is who asks (RFC 6749, 2.3.1)."""
        ...
