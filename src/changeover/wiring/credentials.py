"""The desk's operations on credentials, over an installation and its environment."""

from collections.abc import Mapping

from changeover.identity.credential_office import CredentialOffice
from changeover.orders.usecases import Office
from changeover.upstream.discovery import find_vendors
from changeover.web.desk_credentials import CredentialDeskParts, InEnvironment


def credential_parts(
    credentials: CredentialOffice, office: Office, environment: Mapping[str, str]
) -> CredentialDeskParts:
    """What the desk needs to tell stored credentials from those in the environment."""
    return CredentialDeskParts(
        credentials=credentials,
        office=office,
        environment=in_environment(environment),
    )


def in_environment(environment: Mapping[str, str]) -> list[InEnvironment]:
    """The vendors' credentials that an environment holds."""
    return [
        InEnvironment(
            host=found.endpoint.host,
            protocol=found.endpoint.protocol,
            base_url=found.endpoint.base_url,
            variable=found.source,
            ending=found.endpoint.credential.ending(),
        )
        for found in find_vendors(environment).found
        if found.endpoint.credential is not None
    ]
