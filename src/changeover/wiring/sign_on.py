"""Signing in with the identity provider, as the settings declare it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from starlette.routing import Route

from changeover.basics.clock import SystemClock
from changeover.identity.groups import GroupRules, read_groups
from changeover.identity.provisioning.office import ProvisioningOffice
from changeover.identity.secret import Secret
from changeover.identity.sign_on.admitting import Admitting
from changeover.identity.sign_on.flow import SignOn
from changeover.identity.sign_on.model import ProviderSettings
from changeover.upstream.identity_provider import HttpProviderDoor
from changeover.upstream.inside import Inside
from changeover.web.cookies import SessionCookie
from changeover.web.scim.routes import ScimParts, scim_routes
from changeover.web.sign_on import LEFT, RETURN, SignOnParts, sign_on_routes
from changeover.wiring.egress import ways
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME, is_on


def passwords_open(environment: Mapping[str, str]) -> bool:
    """Whether people may sign in with a password."""
    return is_on(_text(environment, "passwords"))


def group_rules(environment: Mapping[str, str]) -> GroupRules:
    """Which groups open what; nothing where no file says so."""
    file = _text(environment, "groups")
    return read_groups(file, Path(file).read_text(encoding="utf-8")) if file else GroupRules()


def open_sign_on(installation: Installation, public_url: str) -> SignOn | None:
    """Signing in with the declared provider; None where none is. `SecretError`.

    What seals its cookies is made, or missed, here and not when the first person signs in.
    """
    environment = installation.environment
    settings = provider_settings(environment, public_url)
    if settings is None:
        return None
    installation.secret.sealer()
    # What vendors' own addresses declare is not declared for the provider.
    own = Inside.parse(_text(environment, "inside"))
    reached = msgspec.structs.replace(ways(environment), inside=own)
    door = HttpProviderDoor(settings.issuer, reached)
    return SignOn(settings, door, installation.secret.sealer, SystemClock())


def provider_settings(environment: Mapping[str, str], public_url: str) -> ProviderSettings | None:
    """The provider that the settings declare."""
    issuer = _text(environment, "oidc_issuer")
    if not issuer:
        return None
    secret, site = _text(environment, "oidc_client_secret"), public_url.rstrip("/")
    return ProviderSettings(
        issuer=issuer,
        client=_text(environment, "oidc_client_id"),
        secret=Secret(secret) if secret else None,
        name=_text(environment, "oidc_name"),
        scopes=tuple(dict.fromkeys(("openid", *_text(environment, "oidc_scopes").split()))),
        groups_claim=_text(environment, "oidc_groups_claim"),
        login_claim=_text(environment, "oidc_login_claim"),
        returns_to=site + RETURN,
        left_at=site + LEFT,
        makes_accounts=is_on(_text(environment, "oidc_accounts")),
    )


def provisioning(installation: Installation, public_url: str) -> list[Route]:
    """The address of provisioning clients, which a token lets in."""
    office = ProvisioningOffice(
        installation.works,
        group_rules(installation.environment),
        installation.clock,
        installation.office.directory,
        (installation.forget_people, installation.enforcer.settle),
        held=installation.records.held,
    )
    parts = ScimParts(tokens=installation.provisioning_tokens, office=office, public_url=public_url)
    return scim_routes(parts)


def addresses(installation: Installation, sign_on: SignOn, cookie: SessionCookie) -> list[Route]:
    """The addresses that a browser goes through."""
    admitting = Admitting(
        installation.works,
        group_rules(installation.environment),
        installation.clock,
        installation.sessions.forget,
        makes_accounts=sign_on.settings.makes_accounts,
    )
    return sign_on_routes(
        SignOnParts(
            sign_on=sign_on,
            admitting=admitting,
            sessions=installation.sessions,
            cookie=cookie,
            directory=installation.office.directory,
        )
    )


def _text(environment: Mapping[str, str], name: str) -> str:
    setting = BY_NAME[name]
    given = environment.get(setting.variable, "").strip()
    return given or str(setting.default or "")
