from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.identity.people import Account
from changeover.identity.provisioned import (
    GroupTold,
    Profile,
    ProvisionedGroup,
    ProvisionedUser,
    ProvisioningToken,
    UserTold,
)
from tests.contracts.conftest import Ports
from tests.people import NOW


def person(number: int, login: str) -> ProvisionedUser:
    account = Account(
        id=f"person_{number}", login=login.lower(), name=login, party="", roles=(), language="en",
        created=NOW, source="provisioned",
    )  # fmt: skip
    return ProvisionedUser(
        account=account,
        told=UserTold(profile=Profile(login=login, given="Ana"), external_id=f"x{number}"),
        created=NOW + timedelta(seconds=number),
        changed=NOW,
    )


ANA, BOB = person(1, "Ana@example.gov"), person(2, "bob")
USERS = ProvisionedGroup(
    id="group_1", told=GroupTold(name="Users", external_id="g", members=("person_1", "person_2")),
    created=NOW, changed=NOW,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _people(ports: Ports):
    for each in (BOB, ANA):
        ports.accounts.add(each.account, None)
        ports.provisioned.add_user(each)
    ports.provisioned.put_group(USERS)


def test_people_come_back_by_creation_and_by_their_names(ports: Ports):
    kept = ports.provisioned
    assert kept.users() == [ANA, BOB]
    assert kept.user("person_1") == ANA
    assert kept.user("person_3") is None
    assert kept.users_called(login="ana@example.gov", external=None) == [ANA]
    assert kept.users_called(login=None, external="x2") == [BOB]
    assert kept.users_called(login="bob", external="x1") == []


def test_a_person_is_kept_as_told_last_beside_the_account_as_it_is(ports: Ports):
    told = UserTold(profile=Profile(login="Bob", display="B"), active=False)
    changed = msgspec.structs.replace(BOB, told=told, version=2, changed=NOW + timedelta(1))
    ports.provisioned.put_user(changed)
    account = msgspec.structs.replace(BOB.account, disabled=NOW)
    ports.accounts.put(account)
    assert ports.provisioned.user("person_2") == msgspec.structs.replace(changed, account=account)


def test_groups_have_members_who_come_and_go(ports: Ports):
    kept = ports.provisioned
    assert kept.groups() == [USERS]
    assert kept.groups_of("person_1") == [("group_1", "Users")]
    told = GroupTold(name="People", members=("person_2",))
    people = msgspec.structs.replace(USERS, told=told, version=2)
    kept.put_group(people)
    assert kept.group("group_1") == people
    assert kept.groups_of("person_1") == []
    assert kept.groups_called(name="people", external=None) == [people]
    assert kept.groups_called(name=None, external="g") == []
    kept.remove_group("group_1")
    assert kept.groups() == []
    assert kept.groups_of("person_2") == []


def test_a_person_who_is_forgotten_leaves_the_account_and_no_membership(ports: Ports):
    ports.provisioned.remove_user("person_1")
    assert ports.provisioned.users() == [BOB]
    [group] = ports.provisioned.groups()
    assert group.told.members == ("person_2",)
    assert ports.accounts.get("person_1") == ANA.account


def test_tokens_stand_once_and_keep_the_first_instant_of_their_end(ports: Ports):
    tokens = ports.provisioning_tokens
    token = ProvisioningToken(
        prefix="p", digest=b"d" * 32, label="l", created=NOW, created_by="ada"
    )
    tokens.add(token)
    with pytest.raises(ConflictError):
        tokens.add(token)
    assert tokens.get("p") == token
    assert tokens.get("q") is None
    assert tokens.revoke("p", NOW).revoked == NOW
    assert tokens.revoke("p", NOW + timedelta(1)).revoked == NOW
    assert [each.revoked for each in tokens.all()] == [NOW]
    with pytest.raises(NotFoundError):
        tokens.revoke("q", NOW)
