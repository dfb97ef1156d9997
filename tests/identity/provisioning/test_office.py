import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.identity.groups import GroupRule, GroupRules
from changeover.identity.people import Account
from changeover.identity.provisioned import GroupTold, Profile, ProvisionedUser, UserTold
from changeover.identity.provisioning.office import (
    ProvisioningOffice,
    StaleVersionError,
    TakenError,
)
from tests.people import DIRECTORY, People

RULES = GroupRules(
    groups=(
        GroupRule(group="users", party="state", roles=("staff",)),
        GroupRule(group="desk", party="state", roles=("officer",)),
    )
)
ANA = UserTold(profile=Profile(login="Ana@example.gov", given="Ana", family="Silva"))


class Directory:
    """The organisation's, as its provisioning client keeps accounts here."""

    def __init__(self) -> None:
        self.people = People()
        self.settled: list[object] = []
        self.holds: set[str] = set()
        self.office = ProvisioningOffice(
            self.people.works,
            RULES,
            self.people.clock,
            lambda: DIRECTORY,
            (self.people.sessions.forget, self.settled.append),
            held=lambda party: party in self.holds,
        )

    def user(self, told: UserTold = ANA) -> ProvisionedUser:
        return self.office.create_user(told)

    def account(self, user: ProvisionedUser) -> Account:
        return self.people.works.accounts.get(user.account.id)

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.people.works.told]


def test_a_person_opens_nothing_before_a_group_does():
    kept = Directory()
    ana = kept.user()
    assert (ana.account.login, ana.account.name) == ("ana@example.gov", "Ana Silva")
    assert (ana.account.source, ana.account.opens) == ("provisioned", False)
    group = kept.office.create_group(GroupTold(name="users", members=(ana.account.id,)))
    assert kept.account(ana).roles == ("staff",)
    desk = GroupTold(name="desk", members=(ana.account.id,))
    kept.office.create_group(desk)
    assert kept.account(ana).roles == ("staff", "officer")
    kept.office.remove_group(group.id, None)
    assert kept.account(ana).roles == ("officer",)
    assert kept.kinds() == ["account-created", *["account-changed"] * 3]
    assert kept.settled == []


def test_a_person_who_loses_every_group_or_is_deactivated_has_no_session_any_more():
    kept = Directory()
    ana = kept.user()
    group = kept.office.create_group(GroupTold(name="users", members=(ana.account.id,)))
    first = kept.people.sessions.begin(ana.account.id, None).token
    kept.office.replace_group(group.id, GroupTold(name="users"), None)
    assert kept.people.sessions.resolve(first) is None
    kept.office.replace_group(group.id, GroupTold(name="users", members=(ana.account.id,)), None)
    second = kept.people.sessions.begin(ana.account.id, None).token
    kept.office.replace_user(ana.account.id, msgspec.structs.replace(ANA, active=False), None)
    assert kept.people.sessions.resolve(second) is None
    assert kept.account(ana).disabled is not None
    assert len(kept.settled) == 2
    kept.office.replace_user(ana.account.id, ANA, None)
    assert kept.account(ana).opens
    assert kept.kinds()[-2:] == ["account-disabled", "account-enabled"]


def test_a_renamed_group_opens_what_its_new_name_does():
    kept = Directory()
    ana = kept.user()
    group = kept.office.create_group(GroupTold(name="other", members=(ana.account.id,)))
    assert not kept.account(ana).opens
    kept.office.replace_group(group.id, GroupTold(name="desk", members=(ana.account.id,)), None)
    assert kept.account(ana).roles == ("officer",)


def test_a_login_of_another_account_is_refused_and_one_of_sign_on_is_taken_over():
    kept = Directory()
    local = kept.people.create("ana")
    with pytest.raises(TakenError):
        kept.user(UserTold(profile=Profile(login="ANA")))
    ana = kept.user()
    with pytest.raises(TakenError):
        kept.user()
    with pytest.raises(TakenError):
        kept.office.replace_user(ana.account.id, UserTold(profile=Profile(login="ana")), None)
    kept.people.works.accounts.put(msgspec.structs.replace(local, source="sign-on", subject="i s"))
    taken = kept.user(UserTold(profile=Profile(login="Ana", display="A")))
    assert taken.account.id == local.id
    assert kept.account(taken).subject == "i s"
    assert kept.account(taken).roles == ()


def test_a_change_of_what_was_read_before_another_is_refused():
    kept = Directory()
    ana = kept.user()
    kept.office.replace_user(ana.account.id, ANA, 1)
    with pytest.raises(StaleVersionError):
        kept.office.replace_user(ana.account.id, ANA, 1)
    with pytest.raises(StaleVersionError):
        kept.office.remove_user(ana.account.id, 1)
    group = kept.office.create_group(GroupTold(name="users"))
    with pytest.raises(StaleVersionError):
        kept.office.replace_group(group.id, GroupTold(name="users"), 2)


def test_what_nobody_is_cannot_be_a_member_and_a_nameless_group_is_none():
    kept = Directory()
    with pytest.raises(InvalidInputError):
        kept.office.create_group(GroupTold(name="users", members=("person_none",)))
    with pytest.raises(InvalidInputError):
        kept.office.create_group(GroupTold(name=""))
    with pytest.raises(InvalidInputError):
        kept.user(UserTold(profile=Profile(login=" ")))
    with pytest.raises(NotFoundError):
        kept.office.remove_user(kept.people.create("local").id, None)


def test_a_deleted_person_is_removed_and_the_login_is_free_again():
    kept = Directory()
    ana = kept.user()
    kept.office.create_group(GroupTold(name="users", members=(ana.account.id,)))
    kept.office.remove_user(ana.account.id, None)
    left = kept.account(ana)
    assert (left.login, left.name, left.roles) == (left.id, "Removed account", ())
    assert left.removed is not None
    assert kept.kinds()[-1] == "account-removed"
    assert kept.user().account.id != ana.account.id


def test_under_a_legal_hold_a_deleted_person_is_shut_and_kept():
    kept = Directory()
    ana = kept.user()
    kept.office.create_group(GroupTold(name="users", members=(ana.account.id,)))
    token = kept.people.sessions.begin(ana.account.id, None).token
    kept.holds.add("state")
    kept.office.remove_user(ana.account.id, None)
    left = kept.account(ana)
    assert (left.name, left.removed, left.source, left.opens) == ("Ana Silva", None, "local", False)
    assert kept.people.sessions.resolve(token) is None
    assert kept.people.works.belongings.ended == []
    assert kept.kinds()[-1] == "account-disabled"
    with pytest.raises(NotFoundError):
        kept.office.remove_user(ana.account.id, None)
    kept.people.accounts.ask_for_holds(lambda party: party in kept.holds)
    with pytest.raises(ConflictError, match="legal hold"):
        kept.people.accounts.remove(left.login, by="ada")
    kept.holds.clear()
    assert kept.people.accounts.remove(left.login, by="ada").account.removed is not None
