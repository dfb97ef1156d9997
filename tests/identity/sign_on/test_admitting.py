import msgspec
import pytest

from changeover.identity.accounts import AccountRequest
from changeover.identity.groups import GroupRule, GroupRules
from changeover.identity.people import Account
from changeover.identity.sessions import SignInRefusedError
from changeover.identity.sign_on.admitting import Admitting
from changeover.identity.sign_on.model import SignOnError, Told
from tests.people import DIRECTORY, NOW, PASSWORD, People

RULES = GroupRules(
    groups=(
        GroupRule(group="users", party="state", roles=("staff",)),
        GroupRule(group="desk", party="state", roles=("officer",)),
    )
)
ANA = Told(subject="https://id a", login="ana", name="Ana", language="fr", groups=("users",))


class Door:
    def __init__(self, *, makes_accounts: bool = True) -> None:
        self.people = People()
        self.admitting = Admitting(
            self.people.works,
            RULES,
            self.people.clock,
            self.people.sessions.forget,
            makes_accounts=makes_accounts,
        )

    def admit(self, **changes: object) -> Account:
        return self.admitting.admit(msgspec.structs.replace(ANA, **changes), DIRECTORY)

    def refused(self, **changes: object) -> str:
        with pytest.raises(SignOnError) as caught:
            self.admit(**changes)
        return caught.value.why


def test_a_first_sign_in_makes_an_account_without_a_password():
    door = Door()
    account = door.admit()
    assert (account.source, account.party, account.roles) == ("sign-on", "state", ("staff",))
    assert account.language == "fr"
    assert door.people.works.accounts.password(account.id) is None
    with pytest.raises(SignInRefusedError):
        door.people.sign_in("ana")
    assert door.people.works.told == [
        (
            "account-created",
            {"id": account.id, "party": "state", "roles": ("staff",), "by": "sign-on"},
        )
    ]
    assert door.admit() == account
    assert len(door.people.works.told) == 1


def test_the_subject_says_who_one_is_and_no_name_does():
    door = Door()
    first = door.admit()
    renamed = door.admit(login="ana.silva", name="Ana Silva", groups=("users", "desk"))
    assert renamed.id == first.id
    assert (renamed.login, renamed.roles) == ("ana.silva", ("staff", "officer"))
    again = door.admit(subject="https://id b", login="ana")
    assert again.id != first.id


def test_no_account_is_taken_over_by_its_login():
    door = Door()
    door.people.create("ana", "administrator")
    assert door.refused() == "taken"
    assert door.admit(login="bea").login == "bea"
    assert door.refused(subject="https://id b", login="bea") == "taken"
    assert door.admit(login="ana").login == "bea"


def test_groups_that_open_nothing_make_none_and_shut_one():
    door = Door()
    assert door.refused(groups=("everybody",)) == "groups"
    assert door.people.accounts.all() == []
    account = door.admit()
    token = door.people.sessions.begin(account.id, None).token
    assert door.people.sessions.resolve(token) is not None
    assert door.refused(groups=()) == "groups"
    assert door.people.sessions.resolve(token) is None
    kind, told = door.people.works.told[-1]
    assert (kind, told["roles"]) == ("account-changed", ())
    assert door.admit().roles == ("staff",)


def test_a_disabled_account_stays_shut():
    door = Door()
    door.admit()
    door.people.accounts.disable("ana", by="ada")
    assert door.refused() == "disabled"


def test_where_accounts_are_provisioned_the_login_finds_them_once_and_groups_count_for_nothing():
    door = Door(makes_accounts=False)
    assert door.refused() == "provisioned-only"
    request = AccountRequest(login="ana", name="Ana", party="state", roles=("officer",))
    made = door.people.accounts.create(DIRECTORY, request, PASSWORD, by="ada")
    provisioned = msgspec.structs.replace(made, source="provisioned")
    door.people.works.accounts.put(provisioned)
    assert door.admit(groups=()).roles == ("officer",)
    assert door.people.works.accounts.get(made.id).subject == ANA.subject
    assert door.refused(subject="https://id b") == "taken"
    door.people.works.accounts.put(
        msgspec.structs.replace(provisioned, roles=(), subject=ANA.subject)
    )
    assert door.refused() == "groups"
    assert door.people.clock.now() == NOW
