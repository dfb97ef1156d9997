"""Vendors' credentials as operators handle them, over each database."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.identity.credential_office import CredentialOffice
from changeover.identity.credentials import CredentialRequest
from changeover.identity.installation_secret import InstallationSecret
from changeover.identity.secret import Secret
from changeover.storage.database import Database
from changeover.upstream.addresses import VendorAddresses
from tests.orders.conftest import Desk
from tests.orders.worlds import directory

TEXT = "sk-0123456789-credential"
REQUEST = CredentialRequest(
    host="alpha", protocol="openai-chat", base_url="https://alpha.example/v1/"
)
OLD, NEW = "o" * 32, "n" * 32


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with Database(database_url) as database:
        yield Desk(database)


def _office(desk: Desk, given: str | None = OLD) -> CredentialOffice:
    secret = InstallationSecret(given, Path("nowhere"), shared=True)
    return CredentialOffice(desk.works, secret, VendorAddresses(), desk.clock)


def _told(desk: Desk) -> list[dict[str, object]]:
    with desk.database.reading() as work:
        return [msgspec.json.decode(entry.body) for entry in work.ledger.entries()]


def _revision(desk: Desk) -> int:
    with desk.database.reading() as work:
        return work.revisions.number()


def test_a_credential_that_is_set_opens_and_is_told_of_without_being_told(desk: Desk):
    before = _revision(desk)
    office = _office(desk)
    changes: list[None] = []
    office.subscribe(lambda: changes.append(None))
    opened = office.set(directory(), REQUEST, f" {TEXT}\n", by="ana")
    assert office.all() == [opened]
    assert opened.secret == Secret(TEXT)
    assert opened.credential.base_url == "https://alpha.example/v1"
    [entry] = _told(desk)
    told = {name: entry[name] for name in ("kind", "host", "protocol", "by")}
    assert told == {
        "kind": "credential-set", "host": "alpha", "protocol": "openai-chat", "by": "ana",
    }  # fmt: skip
    assert set(entry) - set(told) == {"v", "at", "demonstration"}
    assert (_revision(desk), len(changes)) == (before + 1, 1)


def test_a_removed_credential_is_gone_and_told_of(desk: Desk):
    office = _office(desk)
    office.set(directory(), REQUEST, TEXT, by="ana")
    before = _revision(desk)
    office.remove("alpha", "openai-chat", by="ben")
    assert office.all() == []
    assert (_told(desk)[-1]["kind"], _told(desk)[-1]["by"]) == ("credential-removed", "ben")
    assert _revision(desk) == before + 1
    with pytest.raises(NotFoundError):
        office.remove("alpha", "openai-chat", by="ben")


@pytest.mark.parametrize(
    ("request_", "text", "error"),
    [
        (CredentialRequest(host="nobody", protocol="openai-chat"), TEXT, NotFoundError),
        (CredentialRequest(host="alpha", protocol="openai-chat"), TEXT, InvalidInputError),
        (msgspec.structs.replace(REQUEST, base_url="ftp://a"), TEXT, InvalidInputError),
        (msgspec.structs.replace(REQUEST, base_url="https://u:p@a"), TEXT, InvalidInputError),
        (REQUEST, "", InvalidInputError),
        (REQUEST, "two words", InvalidInputError),
    ],
)
def test_what_cannot_be_used_is_not_kept_and_not_repeated(
    desk: Desk, request_: CredentialRequest, text: str, error: type[Exception]
):
    office = _office(desk)
    with pytest.raises(error) as caught:
        office.set(directory(), request_, text, by="ana")
    assert office.all() == []
    assert _told(desk) == []
    assert not text or text not in str(caught.value)


def test_with_another_secret_a_credential_is_listed_and_not_opened(desk: Desk):
    kept = _office(desk).set(directory(), REQUEST, TEXT, by="ana").credential
    for given in (NEW, None):
        [found] = _office(desk, given).all()
        assert (found.credential, found.secret) == (kept, None)


def test_a_row_that_was_copied_to_another_host_or_address_does_not_open_there(desk: Desk):
    office = _office(desk)
    kept = office.set(directory(), REQUEST, TEXT, by="ana").credential
    with desk.database.begin() as work:
        work.credentials.put(msgspec.structs.replace(kept, host="beta"))
        work.credentials.put(msgspec.structs.replace(kept, base_url="https://thief.example"))
    assert [found.secret for found in office.all()] == [None, None]


def test_all_are_sealed_anew_with_the_first_secret(desk: Desk):
    kept = _office(desk).set(directory(), REQUEST, TEXT, by="ana").credential
    [resealed] = _office(desk, f"{NEW},{OLD}").reseal()
    assert resealed.secret == Secret(TEXT)
    [found] = _office(desk, NEW).all()
    assert found.secret == Secret(TEXT)
    assert (found.credential.set_by, found.credential.set_at) == (kept.set_by, kept.set_at)
    assert _office(desk, OLD).all()[0].secret is None


def test_what_does_not_open_is_left_as_it_is_when_all_are_sealed_anew(desk: Desk):
    kept = _office(desk).set(directory(), REQUEST, TEXT, by="ana").credential
    [left] = _office(desk, NEW).reseal()
    assert (left.credential, left.secret) == (kept, None)
    assert _office(desk, OLD).all()[0].secret == Secret(TEXT)
