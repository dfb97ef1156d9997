from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from changeover.identity.people import Account
from changeover.storage.database import Database, Work
from changeover.storage.schema import conversation

AT = datetime(2026, 2, 26, tzinfo=UTC)


@pytest.fixture
def work(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database, database.begin() as work:
        yield work


def _account(work: Work, name: str, party: str, *, disabled: bool = False) -> None:
    account = Account(
        id=name,
        login=name,
        name=name,
        party=party,
        roles=("staff",),
        language="en",
        created=AT,
        disabled=AT if disabled else None,
    )
    work.accounts.add(account, None)


def test_people_are_counted_in_the_parties_named_without_disabled_ones(work: Work):
    _account(work, "ana", "state")
    _account(work, "bo", "bureau")
    _account(work, "cy", "treasury")
    _account(work, "di", "state", disabled=True)
    assert work.concerned.people({"state", "bureau"}) == 2
    assert work.concerned.people({"state"}) == 1
    assert work.concerned.people(()) == 0


def test_conversations_are_counted_by_service_without_archived_ones(work: Work):
    _account(work, "ana", "state")
    for name, service, archived in (("a", "chat", None), ("b", "chat", 1), ("c", "other", None)):
        row = {"id": name, "account": "ana", "service": service, "title": "", "created": 0}
        work.concerned._connection.execute(
            insert(conversation).values(**row, changed=0, archived=archived)
        )
    assert work.concerned.conversations({"chat"}) == 1
    assert work.concerned.conversations({"chat", "other"}) == 2
    assert work.concerned.conversations(()) == 0
