"""What an order touches is counted alike by the fakes and by the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from changeover.identity.model import Key
from changeover.identity.people import Account
from changeover.orders.ports import ServiceConversations, ServiceKeys
from changeover.storage.database import Database
from changeover.storage.schema import conversation, turn
from changeover.wiring.reached import RecordedConversations, RecordedKeys
from tests.fakes import FakeServiceConversations, FakeServiceKeys

AT = datetime(2026, 3, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
Turns = list[tuple[str, str, str]]


def key(prefix: str, service: str, **other) -> Key:
    return Key(
        prefix=prefix,
        digest=b"",
        service=service,
        slot="chat",
        label="",
        created=AT - HOUR,
        created_by="ana",
        **other,
    )


@pytest.fixture
def database(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        yield database


@pytest.fixture(params=["fake", "sqlite"])
def keys(request: pytest.FixtureRequest, database: Database) -> Callable[..., ServiceKeys]:
    def made(*given: Key) -> ServiceKeys:
        if request.param == "fake":
            return FakeServiceKeys(given)
        with database.begin() as work:
            for each in given:
                work.keys.add(each)
        return RecordedKeys(database)

    return made


@pytest.fixture(params=["fake", "sqlite"])
def conversations(
    request: pytest.FixtureRequest, database: Database
) -> Callable[[Turns], ServiceConversations]:
    def made(given: Turns) -> ServiceConversations:
        if request.param == "fake":
            return FakeServiceConversations(given)
        _keep(database, given)
        return RecordedConversations(database)

    return made


def _keep(database: Database, given: Turns) -> None:
    """Each turn as served by its model; a person's turn, served by nobody, stands beside."""
    ana = Account(
        id="ana", login="ana", name="Ana", party="state", roles=(), language="en", created=AT
    )
    with database.begin() as work:
        work.accounts.add(ana, None)
        connection = work.reached._connection
        for service, one in dict.fromkeys((service, one) for service, one, _ in given):
            row = {"id": one, "account": "ana", "service": service, "title": "", "created": 0}
            connection.execute(insert(conversation).values(**row, changed=0, archived=1))
            asked = {"id": f"{one}-asked", "conversation": one, "role": "user", "created": 0}
            connection.execute(insert(turn).values(**asked, state="done", body=b"{}"))
        for number, (_, one, model) in enumerate(given):
            row = {"id": f"t{number}", "conversation": one, "role": "assistant", "created": 1}
            served = msgspec.json.encode({"route": f"{model}@x", "model": model})
            row |= {"state": "done", "body": b"{}", "served": served}
            connection.execute(insert(turn).values(**row))


def test_only_keys_that_open_a_door_count(keys: Callable[..., ServiceKeys]):
    found = keys(
        key("a", "desk"),
        key("b", "desk", expires=AT + HOUR),
        key("c", "desk", expires=AT),
        key("d", "desk", revoked=AT - HOUR),
        key("e", "far"),
    )
    assert found.valid(["far", "desk"], AT) == {"desk": 2, "far": 1}
    assert found.valid(["desk", "none"], AT + HOUR) == {"desk": 1, "none": 0}
    assert found.valid([], AT) == {}


def test_a_conversation_counts_once_for_any_of_the_models(
    conversations: Callable[[Turns], ServiceConversations],
):
    found = conversations(
        [
            ("chat", "one", "alpha/one"),
            ("chat", "one", "alpha/one"),
            ("chat", "two", "beta/two"),
            ("chat", "two", "alpha/one"),
            ("help", "three", "beta/two"),
        ]
    )
    assert found.with_turns_of(["alpha/one"]) == {"chat": 2}
    assert found.with_turns_of(["beta/two", "alpha/one"]) == {"chat": 2, "help": 1}
    assert found.with_turns_of(["gamma/tuned"]) == {}
    assert found.with_turns_of([]) == {}
