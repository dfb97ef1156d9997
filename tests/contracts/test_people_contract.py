from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.identity.people import Account, Session
from tests.contracts.conftest import Ports
from tests.people import NOW

ANA = Account(
    id="person_1",
    login="ana.silva",
    name="Ana Silva",
    party="state",
    roles=("staff", "officer"),
    language="fr",
    created=NOW,
)
BOB = msgspec.structs.replace(ANA, id="person_0", login="bob", roles=("auditor",))
SECOND = timedelta(seconds=1)


def session(number: int, account: str = "person_1", **more) -> Session:
    made = Session(
        digest=bytes([number]) * 32,
        account=account,
        csrf="c",
        created=NOW,
        seen=NOW,
        expires=NOW + timedelta(days=30),
    )
    return msgspec.structs.replace(made, **more)


@pytest.fixture(autouse=True)
def _people(ports: Ports):
    ports.accounts.add(BOB, None)
    ports.accounts.add(ANA, "hash")


def test_accounts_come_back_by_login(ports: Ports):
    assert ports.accounts.all() == [ANA, BOB]
    assert ports.accounts.get("person_1") == ANA
    assert ports.accounts.named("bob") == BOB
    assert ports.accounts.named("nobody") is None
    with pytest.raises(NotFoundError):
        ports.accounts.get("person_2")


def test_an_id_and_a_login_stand_once(ports: Ports):
    for twin in ({"id": "person_2"}, {"login": "ana"}):
        with pytest.raises(ConflictError):
            ports.accounts.add(msgspec.structs.replace(ANA, **twin), "other")
    assert ports.accounts.all() == [ANA, BOB]
    assert ports.accounts.password("person_1") == "hash"


def test_passwords_stand_beside_their_accounts(ports: Ports):
    assert ports.accounts.password("person_0") is None
    assert ports.accounts.password("person_2") is None
    ports.accounts.set_password("person_1", "better")
    assert ports.accounts.password("person_1") == "better"
    assert ports.accounts.password("person_0") is None


def test_a_disabled_account_keeps_its_first_instant(ports: Ports):
    disabled = msgspec.structs.replace(ANA, disabled=NOW)
    assert ports.accounts.disable("person_1", NOW) == disabled
    assert ports.accounts.disable("person_1", NOW + SECOND) == disabled
    assert ports.accounts.named("ana.silva") == disabled
    with pytest.raises(NotFoundError):
        ports.accounts.disable("person_2", NOW)


def test_sessions_are_found_touched_and_ended(ports: Ports):
    first, second = session(1), session(2)
    ports.sessions.add(first)
    ports.sessions.add(second)
    ports.sessions.touch(first.digest, NOW + SECOND)
    assert ports.sessions.get(first.digest) == msgspec.structs.replace(first, seen=NOW + SECOND)
    ports.sessions.end(first.digest)
    ports.sessions.end(first.digest)
    ports.sessions.touch(first.digest, NOW)
    assert ports.sessions.get(first.digest) is None
    assert ports.sessions.get(second.digest) == second


def test_an_account_s_sessions_end_together(ports: Ports):
    for each in (session(1), session(2), session(3, "person_0")):
        ports.sessions.add(each)
    ports.sessions.end_of_account("person_1")
    left = [ports.sessions.get(bytes([number]) * 32) for number in (1, 2, 3)]
    assert left == [None, None, session(3, "person_0")]


def test_sessions_that_ended_are_pruned(ports: Ports):
    living = session(1, seen=NOW + SECOND, expires=NOW + 2 * SECOND)
    for each in (living, session(2), session(3, seen=NOW + SECOND, expires=NOW + SECOND)):
        ports.sessions.add(each)
    ports.sessions.prune(expired=NOW + SECOND, unseen_since=NOW)
    left = [ports.sessions.get(bytes([number]) * 32) for number in (1, 2, 3)]
    assert left == [living, None, None]


def test_failures_are_counted_by_login_and_by_address(ports: Ports):
    failures = ports.sign_in_failures
    failures.add("ana", "a", NOW + SECOND)
    failures.add("ana", "b", NOW)
    failures.add("bob", "a", NOW)
    failures.add("bob", "a", NOW)
    before = NOW - SECOND
    assert failures.of_login("ana", before) == [NOW, NOW + SECOND]
    assert failures.of_login("ana", NOW) == [NOW + SECOND]
    assert failures.of_address("a", before) == [NOW, NOW, NOW + SECOND]
    failures.forgive("ana", "a")
    assert failures.of_login("ana", before) == [NOW]
    failures.prune(NOW - SECOND)
    assert failures.of_login("bob", before) == [NOW, NOW]
    failures.prune(NOW)
    assert failures.of_login("bob", before) == []


def test_an_account_is_kept_as_it_is_now_and_takes_no_others_login_or_subject(ports: Ports):
    ada = msgspec.structs.replace(
        BOB, login="ada", source="sign-on", subject="https://id a", roles=()
    )
    ports.accounts.put(ada)
    ports.accounts.put(msgspec.structs.replace(ANA, name="Ana"))
    assert ports.accounts.of_subject("https://id a") == ada
    assert ports.accounts.of_subject("https://id b") is None
    assert ports.accounts.named("bob") is None
    assert ports.accounts.password("person_1") == "hash"
    for twin in ({"login": "ada"}, {"subject": "https://id a"}):
        with pytest.raises(ConflictError):
            ports.accounts.put(msgspec.structs.replace(ANA, **twin))
    removed = msgspec.structs.replace(ada, removed=NOW, disabled=NOW, subject=None)
    ports.accounts.put(removed)
    assert ports.accounts.get("person_0") == removed


def test_a_password_can_be_taken_away(ports: Ports):
    ports.accounts.set_password("person_1", None)
    assert ports.accounts.password("person_1") is None
