"""Folders as people make, rename, remove and bring them back."""

import asyncio

import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.chat.filing import Filing
from changeover.chat.folders import LONGEST, MOST
from changeover.chat.model import Place
from changeover.chat.shelving import Shelving
from tests.chat.world import ANA, MARC, World


@pytest.fixture
def filing(world: World) -> Filing:
    return Filing(world.store, world.clock, asyncio.to_thread)


async def folders(world: World) -> list[str]:
    return [folder.name for folder in (await world.chats.open(ANA)).folders]


async def test_a_folder_is_made_renamed_and_removed_while_its_conversations_stay(
    world: World, filing: Filing
):
    conversation = await world.begin()
    made = await filing.make(ANA, "  Visits \n 2026 ")
    assert made.name == "Visits 2026"
    shelving = Shelving(world.log, world.clock)
    await shelving.put(ANA, conversation, Place(folder=made.id))
    await filing.rename(ANA, made.id, "VISITS 2026")
    opened = await world.chats.open(ANA)
    assert [line.folder for line in opened.conversations] == [made.id]
    assert await folders(world) == ["VISITS 2026"]
    await filing.remove(ANA, made.id)
    opened = await world.chats.open(ANA)
    assert (opened.folders, opened.conversations[0].folder) == ((), None)
    await filing.bring_back(ANA, made.id)
    opened = await world.chats.open(ANA)
    assert opened.conversations[0].folder == made.id
    # Twice is once.
    assert (await filing.bring_back(ANA, made.id)).id == made.id


async def test_a_name_is_given_once_and_is_free_after_a_removal(world: World, filing: Filing):
    made = await filing.make(ANA, "Visits")
    other = await filing.make(ANA, "Notes")
    await filing.make(MARC, "Visits")
    for clash in (filing.make(ANA, "visits"), filing.rename(ANA, other.id, "VISITS")):
        with pytest.raises(ConflictError, match="already"):
            await clash
    await filing.remove(ANA, made.id)
    await filing.make(ANA, "visits")
    with pytest.raises(ConflictError, match="already"):
        await filing.bring_back(ANA, made.id)
    assert await folders(world) == ["Notes", "visits"]


@pytest.mark.parametrize("name", ["", "  \t", "x" * (LONGEST + 1)])
async def test_what_is_no_name_is_refused(filing: Filing, name: str):
    with pytest.raises(InvalidInputError, match=f"1 to {LONGEST}"):
        await filing.make(ANA, name)


async def test_anothers_folder_is_not_there(world: World, filing: Filing):
    made = await filing.make(MARC, "Visits")
    conversation = await world.begin()
    shelving = Shelving(world.log, world.clock)
    for wrong in (
        filing.rename(ANA, made.id, "Mine"),
        filing.remove(ANA, made.id),
        filing.bring_back(ANA, made.id),
        shelving.put(ANA, conversation, Place(folder=made.id)),
    ):
        with pytest.raises(NotFoundError, match=made.id):
            await wrong
    kept = await world.log.read(lambda work: work.folders.of(MARC.id))
    assert [folder.name for folder in kept] == ["Visits"]


async def test_there_are_not_more_than_a_list_bears(filing: Filing):
    for number in range(MOST):
        await filing.make(ANA, f"Folder {number}")
    with pytest.raises(ConflictError, match=f"{MOST} folders"):
        await filing.make(ANA, "One more")
