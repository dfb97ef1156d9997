"""The people and groups of SCIM, as far as they are kept here.

The schemas name what is kept and no more, so that a client can see it: a person's login, names,
language and whether they are active. Other attributes that a client sends are ignored, as
RFC 7644, section 3.3, lets a server do; passwords among them.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    External,
    Filter,
    Meta,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from changeover.identity.provisioned import (
    GroupTold,
    Profile,
    ProvisionedGroup,
    ProvisionedUser,
    UserTold,
)

MOST_RESULTS = 200


class Name(ComplexAttribute):
    """The parts of a person's name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class GroupMembership(ComplexAttribute):
    """A group that a person is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    preferred_language: str | None = None
    active: bool | None = None
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    """A person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class Group(Resource[Any]):
    """A group, whose name `groups` of the settings gives roles to."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None


def described() -> ScimProvider:
    """What the service serves and declares.

    Microsoft Entra removes a member by its value and writes to entries that are not there yet;
    both are read as it means them.
    """
    bearer = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="A token of `changeover provisioning create`.",
        spec_uri=Reference[External]("https://www.rfc-editor.org/rfc/rfc6750"),
        primary=True,
    )
    return ScimProvider(
        models=[User, Group],
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=MOST_RESULTS),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=True),
            etag=ETag(supported=True),
            authentication_schemes=[bearer],
        ),
        policy=ScimPolicy(
            unknown=ScimPolicy.Unknown.ignore,
            remove_value_as_filter=ScimPolicy.RemoveValue.apply,
            unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
        ),
    )


def user_of(user: ProvisionedUser, groups: list[tuple[str, str]]) -> User:
    """A person as a client reads them."""
    profile, told = user.told.profile, user.told
    name = Name(formatted=profile.formatted, family_name=profile.family, given_name=profile.given)
    named = any((profile.formatted, profile.family, profile.given))
    return User(
        id=user.account.id,
        external_id=told.external_id,
        user_name=profile.login,
        name=name if named else None,
        display_name=profile.display,
        preferred_language=profile.language,
        active=told.active,
        groups=[
            GroupMembership(value=id_, display=shown, ref=Reference["Group"](f"Groups/{id_}"))
            for id_, shown in groups
        ]
        or None,
        meta=_meta("User", user.created, user.changed, user.version),
    )


def user_told(user: User) -> UserTold:
    """A person as a client wants them."""
    name = user.name or Name()
    return UserTold(
        profile=Profile(
            login=user.user_name or "",
            display=user.display_name,
            formatted=name.formatted,
            given=name.given_name,
            family=name.family_name,
            language=user.preferred_language,
        ),
        external_id=user.external_id,
        active=user.active,
    )


def group_of(group: ProvisionedGroup) -> Group:
    """A group as a client reads it."""
    return Group(
        id=group.id,
        external_id=group.told.external_id,
        display_name=group.told.name,
        members=[
            Member(value=each, ref=Reference[User](f"Users/{each}")) for each in group.told.members
        ]
        or None,
        meta=_meta("Group", group.created, group.changed, group.version),
    )


def group_told(group: Group) -> GroupTold:
    """A group as a client wants it."""
    members = [each.value for each in group.members or () if each.value]
    return GroupTold(
        name=group.display_name or "",
        external_id=group.external_id,
        members=tuple(dict.fromkeys(members)),
    )


def _meta(kind: str, created: datetime, changed: datetime, version: int) -> Meta:
    return Meta(
        resource_type=kind, created=created, last_modified=changed, version=f'W/"{version}"'
    )
