from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.identity.accounts import AccountRequest
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest
from changeover.identity.secret import Secret
from tests.people import DIRECTORY, NOW, PASSWORD, People

REQUEST = AccountRequest(login="ana.silva", name="Ana Silva", party="state", roles=("staff",))


def test_an_account_is_told_to_the_ledger_without_its_names():
    people = People()
    account = people.accounts.create(DIRECTORY, REQUEST, PASSWORD, by="ada")
    assert (account.created, account.language, account.disabled) == (NOW, "en", None)
    told = {"id": account.id, "party": "state", "roles": ("staff",), "by": "ada"}
    assert people.works.told == [("account-created", told)]
    assert people.accounts.all() == [account]


def test_a_password_is_kept_as_a_hash_only():
    people = People()
    account = people.accounts.create(DIRECTORY, REQUEST, PASSWORD, by="ada")
    kept = people.works.accounts.password(account.id)
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert PASSWORD.reveal() not in kept


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"party": "nowhere"}, NotFoundError),
        ({"login": "Ana Silva"}, InvalidInputError),
        ({"name": "  "}, InvalidInputError),
        ({"roles": ()}, InvalidInputError),
    ],
)
def test_what_cannot_be_an_account_is_not_made(change: dict[str, Any], error: type[Exception]):
    people = People()
    request = msgspec.structs.replace(REQUEST, **change)
    with pytest.raises(error):
        people.accounts.create(DIRECTORY, request, PASSWORD, by="ada")
    with pytest.raises(InvalidInputError):
        people.accounts.create(DIRECTORY, REQUEST, Secret("short"), by="ada")
    assert people.accounts.all() == []
    assert people.works.told == []


def test_a_login_is_had_once_also_after_it_was_disabled():
    people = People()
    people.create("ana.silva")
    people.accounts.disable("ana.silva", by="ada")
    with pytest.raises(ConflictError):
        people.create("Ana.Silva")


def test_disabling_keeps_the_first_instant_and_is_told_once():
    people = People()
    account = people.create("ana.silva")
    assert people.accounts.disable("Ana.Silva", by="ada").disabled == NOW
    assert people.accounts.disable("ana.silva", by="bob").disabled == NOW
    assert people.works.told[1:] == [("account-disabled", {"id": account.id, "by": "ada"})]


def test_an_unknown_account_cannot_be_disabled():
    with pytest.raises(NotFoundError, match="nobody"):
        People().accounts.disable("nobody", by="ada")


def test_a_removed_account_keeps_its_id_and_nothing_else_of_the_person():
    people = People()
    account = people.create("ana.silva", "staff", "officer")
    token = people.sign_in("ana.silva")
    left = people.accounts.remove("ana.silva", by="ada").account
    assert (left.id, left.login, left.name, left.roles) == (
        account.id, account.id, "Removed account", (),
    )  # fmt: skip
    assert (left.removed, left.disabled) == (NOW, NOW)
    assert people.sessions.resolve(token) is None
    assert people.works.accounts.password(account.id) is None
    assert people.works.belongings.ended == [account.id]
    assert people.works.told[-1] == ("account-removed", {"id": account.id, "by": "ada"})
    with pytest.raises(ConflictError):
        people.accounts.remove(account.id, by="ada")
    assert people.create("ana.silva").id != account.id


def test_keys_that_were_created_under_the_persons_name_end_with_it_if_that_is_wanted():
    people = People()
    for login in ("ana", "bob"):
        people.create(login)
    _, own = create_key(KeyRequest(service="s", slot="chat"), now=NOW, by="Ana")
    _, other = create_key(KeyRequest(service="s", slot="chat"), now=NOW, by="Bob")
    for key in (own, other):
        people.works.keys.add(key)
    assert people.accounts.leaving("ana") == [own]
    assert people.accounts.remove("ana", by="ada", end_keys=True).keys == (own.prefix,)
    assert people.accounts.remove("bob", by="ada").keys == ()
    states = {key.prefix: key.revoked for key in people.works.keys.all()}
    assert states == {own.prefix: NOW, other.prefix: None}
    assert ("key-revoked", {"prefix": own.prefix, "service": "s", "by": "ada"}) in people.works.told


def test_what_provisioning_rules_is_neither_disabled_nor_removed_here():
    people = People()
    account = people.create("ana")
    people.works.accounts.put(msgspec.structs.replace(account, source="provisioned"))
    for act in (people.accounts.disable, people.accounts.remove):
        with pytest.raises(ConflictError, match="ruled by provisioning"):
            act("ana", by="ada")
    assert people.works.accounts.get(account.id).disabled is None
