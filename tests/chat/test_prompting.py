"""Prompts as people keep, share, change and remove them."""

import asyncio

import msgspec
import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.chat.prompting import Prompting, Wording
from changeover.chat.prompts import LONGEST_NAME, LONGEST_TEXT, MOST
from changeover.identity.people import Account
from tests.chat.world import ANA, MARC, STRANGER, World

SUM_UP = Wording(name=" Sum  up ", text="  Sum up {{document}} in {{language}}.\n")
SHARED = msgspec.structs.replace(SUM_UP, shared=True)
ABOVE = msgspec.structs.replace(ANA, id=MARC.id, party="state", roles=("staff", "officer"))
BESIDE = msgspec.structs.replace(MARC, roles=("staff", "administrator"))


@pytest.fixture
def prompting(world: World) -> Prompting:
    return Prompting(world.store, world.rules, world.clock, asyncio.to_thread)


async def names(prompting: Prompting, account: Account) -> list[str]:
    return [prompt.name for prompt in (await prompting.all(account)).prompts]


async def test_ones_own_is_nobody_elses(prompting: Prompting):
    made = await prompting.add(ANA, SUM_UP)
    assert (made.name, made.text) == ("Sum up", "Sum up {{document}} in {{language}}.")
    assert (made.shared_in, made.may_change) == (None, True)
    library = await prompting.all(ANA)
    assert (library.prompts, library.may_share_in) == ((made,), None)
    assert await names(prompting, BESIDE) == []
    for wrong in (
        prompting.change(BESIDE, made.id, SUM_UP),
        prompting.remove(BESIDE, made.id),
        prompting.bring_back(ANA, made.id),
    ):
        with pytest.raises(NotFoundError, match=made.id):
            await wrong


async def test_what_a_party_shares_its_parts_use_and_its_officers_change(prompting: Prompting):
    shared = await prompting.add(ABOVE, SHARED)
    assert shared.may_change
    (seen,) = (await prompting.all(ANA)).prompts
    assert (seen.id, seen.may_change) == (shared.id, False)
    assert seen.shared_in == (await prompting.all(ABOVE)).may_share_in
    assert await names(prompting, STRANGER) == []
    # An officer of a part does not change what stands above it.
    part = msgspec.structs.replace(ANA, roles=("staff", "officer"))
    with pytest.raises(NotFoundError):
        await prompting.remove(part, shared.id)
    # Whoever takes it back has it.
    other = msgspec.structs.replace(ABOVE, id=ANA.id)
    mine = await prompting.change(other, shared.id, SUM_UP)
    assert mine.shared_in is None
    assert await names(prompting, ABOVE) == []
    assert await names(prompting, ANA) == ["Sum up"]


async def test_only_who_answers_for_a_party_shares(prompting: Prompting):
    with pytest.raises(NotAuthorisedError, match="may not share"):
        await prompting.add(ANA, SHARED)
    own = await prompting.add(ANA, SUM_UP)
    with pytest.raises(NotAuthorisedError):
        await prompting.change(ANA, own.id, SHARED)
    (kept,) = (await prompting.all(ANA)).prompts
    assert kept.shared_in is None
    await prompting.add(BESIDE, SHARED)
    assert len((await prompting.all(ANA)).prompts) == 2


async def test_a_removed_one_is_brought_back_as_it_was(prompting: Prompting):
    made = await prompting.add(ANA, SUM_UP)
    await prompting.remove(ANA, made.id)
    assert await names(prompting, ANA) == []
    with pytest.raises(NotFoundError):
        await prompting.bring_back(BESIDE, made.id)
    assert await prompting.bring_back(ANA, made.id) == made
    assert (await prompting.all(ANA)).prompts == (made,)


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (Wording(name=" ", text="x"), f"name has 1 to {LONGEST_NAME}"),
        (Wording(name="x" * (LONGEST_NAME + 1), text="x"), f"name has 1 to {LONGEST_NAME}"),
        (Wording(name="x", text=" \n"), f"prompt has 1 to {LONGEST_TEXT}"),
        (Wording(name="x", text="x" * (LONGEST_TEXT + 1)), f"prompt has 1 to {LONGEST_TEXT}"),
    ],
)
async def test_what_is_no_prompt_is_refused(prompting: Prompting, wording: Wording, said: str):
    with pytest.raises(InvalidInputError, match=said):
        await prompting.add(ANA, wording)


async def test_there_are_not_more_than_a_list_bears(world: World, prompting: Prompting):
    made = await prompting.add(ANA, SUM_UP)

    def fill() -> None:
        with world.store.begin(alone=True) as work:
            kept = work.prompts.get(made.id, removed=False)
            assert kept is not None
            for number in range(MOST - 1):
                more = msgspec.structs.replace(kept, id=f"prompt_more_{number}")
                work.prompts.put(more, world.clock.now())

    await asyncio.to_thread(fill)
    with pytest.raises(ConflictError, match=f"{MOST} prompts"):
        await prompting.add(ANA, SUM_UP)
