"""Removing translations: by their owners, by their party's rule, and not under a hold."""

import hashlib
from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotAuthorisedError, NotFoundError
from changeover.chat.removing import DAYS
from changeover.translation.removing import RemovingTranslations, RemovingTranslationsParts
from tests.chat.world import ANA, MARC
from tests.translation.world import Desk


class Office:
    def __init__(self) -> None:
        self.desk = Desk()
        world = self.desk.world
        self.keeping, self.clock = world.keeping, world.clock
        self.sequenced = 0
        self.removing = RemovingTranslations(
            RemovingTranslationsParts(
                store=self.desk.store,
                keeping=world.keeping,
                clock=world.clock,
                sequence=self._sequence,
                demonstration=True,
            )
        )

    def _sequence(self) -> None:
        self.sequenced += 1

    def pass_days(self, days: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(days=days))
        self.removing.sweep()

    def listed(self) -> list[str]:
        return [line.id for line in self.desk.translations.all(ANA)]

    def told(self) -> list[dict[str, object]]:
        entries = [msgspec.json.decode(one.body) for one in self.desk.store.queue.waiting()]
        fields = ("kind", "translation", "segments", "party", "why")
        return [{field: one[field] for field in fields} for one in entries]


@pytest.fixture
def office() -> Office:
    return Office()


def removal(job: str, why: str) -> dict[str, object]:
    name = hashlib.sha256(job.encode()).hexdigest()
    told = {"kind": "translation-removal", "translation": name, "segments": 3}
    return {**told, "party": ANA.party, "why": why}


async def test_an_owner_removes_brings_back_and_has_it_gone_after_its_days(office: Office):
    job = (await office.desk.translated()).line.id
    office.removing.remove(ANA, job)
    assert office.listed() == []
    (line,) = office.removing.removed(ANA)
    assert (line.id, line.until - line.removed) == (job, timedelta(days=DAYS))
    with pytest.raises(NotFoundError):
        office.desk.look(job)
    office.removing.bring_back(ANA, job)
    assert office.listed() == [job]
    office.removing.remove(ANA, job)
    office.pass_days(DAYS - 1)
    assert office.told() == []
    office.pass_days(1.5)
    assert office.told() == [removal(job, "owner")]
    assert office.sequenced == 1
    for wrong in (office.removing.remove, office.removing.bring_back):
        with pytest.raises(NotFoundError):
            wrong(ANA, job)


async def test_nobody_else_removes_it(office: Office):
    job = (await office.desk.translated()).line.id
    with pytest.raises(NotFoundError):
        office.removing.remove(MARC, job)
    with pytest.raises(NotFoundError):
        office.removing.bring_back(ANA, job)


async def test_a_rule_removes_what_nobody_changed_and_leaves_what_runs(office: Office):
    job = (await office.desk.translated()).line.id
    running = office.desk.begin()
    office.keeping.kept_days = 10
    office.pass_days(9)
    assert office.told() == []
    office.pass_days(2)
    assert office.told() == [removal(job, "retention")]
    assert office.listed() == [running]


async def test_a_party_that_keeps_everything_and_a_hold_stop_it(office: Office):
    job = (await office.desk.translated()).line.id
    office.keeping.may_remove = False
    with pytest.raises(NotAuthorisedError):
        office.removing.remove(ANA, job)
    office.keeping.may_remove = True
    office.removing.remove(ANA, job)
    office.keeping.parties = {ANA.party}
    office.pass_days(DAYS + 1)
    assert office.told() == []
    office.removing.bring_back(ANA, job)
    with pytest.raises(ConflictError, match="legal hold"):
        office.removing.remove(ANA, job)


async def test_one_that_is_being_made_stops_when_it_is_removed(office: Office):
    job = office.desk.begin()
    office.removing.remove(ANA, job)
    office.desk.translating.begin(job)
    await office.desk.translating.settled()
    assert office.desk.world.models.answers == []
