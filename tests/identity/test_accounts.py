from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.identity.accounts import AccountRequest
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
