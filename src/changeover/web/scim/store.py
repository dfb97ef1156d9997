"""Where the library reads and writes: what provisioning keeps here.

A search that compares one name by `eq`, which is what clients send before each change, is asked
of the database. Every other filter is matched by the library against all there are.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scim2_models import (
    InvalidValueException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage

from changeover.basics.errors import ChangeoverError, InvalidInputError, NotFoundError
from changeover.identity.ports import Provisioned
from changeover.identity.provisioned import ProvisionedGroup, ProvisionedUser
from changeover.identity.provisioning.office import (
    ProvisioningOffice,
    StaleVersionError,
    TakenError,
)
from changeover.web.scim.resources import (
    Group,
    User,
    group_of,
    group_told,
    user_of,
    user_told,
)

_USERS = "User"


class KeptPeople(ScimStorage):
    """Implements the library's storage over `ProvisioningOffice`."""

    def __init__(self, office: ProvisioningOffice) -> None:
        self._office = office

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - all is cheap
    ) -> Resource[Any]:
        def asking(kept: Provisioned) -> Resource[Any] | None:
            kept_ones = kept.user if resource_type.name == _USERS else kept.group
            found = kept_ones(resource_id)
            return None if found is None else _read(kept, found)

        found: Resource[Any] | None = self._office.read(asking)
        if found is None:
            raise NotFoundException
        return found

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ARG002 - it is for cursors, which are not declared
    ) -> SearchPage:
        asked = search_request.filter
        kinds = [str(each.name) for each in resource_types]
        place = slice(search_request.start_index_0 or 0, search_request.stop_index_0)

        def asking(kept: Provisioned) -> SearchPage:
            found = [one for kind in kinds for one in _candidates(kept, kind, asked)]
            if asked is None and search_request.sort_by is None:
                return SearchPage(len(found), [_read(kept, one) for one in found[place]])
            read = (_read(kept, one) for one in found)
            matching = [one for one in read if asked is None or asked.match(one)]
            return SearchPage(len(matching), search_request.sort(matching)[place])

        page: SearchPage = self._office.read(asking)
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:  # noqa: ARG002
        with _in_their_words():
            if isinstance(resource, User):
                made = self._office.create_user(user_told(resource))
                return user_of(made, [])
            return group_of(self._office.create_group(group_told(_group(resource))))

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        name, version = str(resource.id), _number(expected_version)
        with _in_their_words():
            if isinstance(resource, User):
                self._office.replace_user(name, user_told(resource), version)
            else:
                self._office.replace_group(name, group_told(_group(resource)), version)
        return self.get(resource_type, name)

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        version = _number(expected_version)
        with _in_their_words():
            if resource_type.name == _USERS:
                self._office.remove_user(resource_id, version)
            else:
                self._office.remove_group(resource_id, version)


def _read(kept: Provisioned, found: ProvisionedUser | ProvisionedGroup) -> Resource[Any]:
    if isinstance(found, ProvisionedUser):
        return user_of(found, kept.groups_of(found.account.id))
    return group_of(found)


def _candidates(
    kept: Provisioned, kind: str, asked: ScimFilter[Any] | None
) -> Sequence[ProvisionedUser | ProvisionedGroup]:
    """All that may match: by a name where one is compared, else everything."""
    attribute, value = _compared(asked)
    external = value if attribute == "externalid" else None
    if kind == _USERS:
        login = value.lower() if attribute == "username" else None
        if login is None and external is None:
            return kept.users()
        return kept.users_called(login=login, external=external)
    name = value if attribute == "displayname" else None
    if name is None and external is None:
        return kept.groups()
    return kept.groups_called(name=name, external=external)


def _compared(asked: ScimFilter[Any] | None) -> tuple[str, str]:
    """The attribute that a filter compares to a text with `eq`, in small letters; or empty."""
    node = None if asked is None else asked.ast
    if isinstance(node, Comparison) and node.op == CompareOperator.eq:
        path, value = node.attr_path, node.value
        if isinstance(value, str) and path.uri is None and path.sub_attr is None:
            return path.attr.lower(), value
    return "", ""


def _group(resource: Resource[Any]) -> Group:
    if not isinstance(resource, Group):
        raise NotFoundException
    return resource


def _number(version: str | None) -> int | None:
    """The number that an entity tag of ours holds."""
    return None if version is None else int(version.removeprefix("W/").strip('"'))


@contextmanager
def _in_their_words() -> Iterator[None]:
    """Refusals as SCIM has them (RFC 7644, section 3.12)."""
    try:
        yield
    except ChangeoverError as error:
        said = f"{error.what} {error.do}".strip()
        raise _refusal(error, said) from error


def _refusal(error: ChangeoverError, said: str) -> SCIMException:
    match error:
        case TakenError():
            return UniquenessException(detail=said)
        case StaleVersionError():
            return PreconditionFailedException(detail=said)
        case NotFoundError():
            return NotFoundException(detail=said)
        case InvalidInputError():
            return InvalidValueException(detail=said)
        case _:
            raise error
