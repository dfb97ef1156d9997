"""Exporting over a running chat: forms, branches, and whose it is."""

import io
import json
import random
import string
import zipfile

import pytest

from changeover.basics.errors import NotFoundError
from changeover.basics.ids import new_id
from changeover.chat.exports.usecases import ExportParts, Exports
from changeover.chat.model import StoredTurn
from changeover.conversation.model import Text
from tests.chat.world import ANA, MARC, World, begin, running


def exports_of(world: World) -> Exports:
    return Exports(ExportParts(log=world.log, rules=world.rules, clock=world.clock))


async def test_json_holds_every_branch_and_who_answered():
    async with running(World()) as world:
        conversation = await world.begin()
        first = await world.send(conversation, "Really?")
        await world.idle(conversation)
        await world.ask(conversation, "Surely?", instead_of=first.user.id)
        kept = await exports_of(world).file(ANA, conversation, "json", "en")
    said = json.loads(kept.content)
    assert (said["format"], said["version"]) == ("changeover-conversation", 1)
    assert kept.name.endswith(".json")
    assert [turn["text"] for turn in said["turns"]] == ["Really?", "Yes.", "Surely?", "Yes."]
    assert [turn["parent"] for turn in said["turns"]][::2] == [None, None]
    assert said["head"] == said["turns"][-1]["id"]
    assert said["turns"][1]["served"]["model"] == "alpha/one"
    assert "machines" in said["notice"]["en"]


async def test_a_path_is_exported_through_the_turn_that_is_shown():
    async with running(World()) as world:
        conversation = await world.begin()
        first = await world.send(conversation, "Really?")
        await world.idle(conversation)
        await world.ask(conversation, "Surely?", instead_of=first.user.id)
        exports = exports_of(world)
        newest = await exports.file(ANA, conversation, "markdown", "en")
        older = await exports.file(ANA, conversation, "markdown", "fr", first.user.id)
    assert "Surely" in newest.content.decode()
    assert "Really" not in newest.content.decode()
    assert "Really" in older.content.decode()
    assert "Vous" in older.content.decode()


async def test_an_answer_that_is_being_written_is_exported_as_far_as_it_is():
    async with running(World()) as world:
        world.models.script = begin("Half a")
        conversation = await world.begin()
        await world.send(conversation, "Really?")
        await world.until_text(conversation, "Half a")
        kept = await exports_of(world).file(ANA, conversation, "markdown", "en")
    assert "Half a" in kept.content.decode()
    assert "Still being written when exported" in kept.content.decode()


async def test_another_persons_conversation_does_not_exist():
    async with running(World()) as world:
        conversation = await world.begin()
        await world.ask(conversation, "Really?")
        with pytest.raises(NotFoundError):
            await exports_of(world).file(MARC, conversation, "word", "en")
        with pytest.raises(NotFoundError):
            await exports_of(world).transcript(MARC, conversation, "en")


async def test_all_are_one_zip_under_names_that_differ():
    async with running(World()) as world:
        for text in ("Really?", "really!", "Really?"):
            await world.ask(await world.begin(), text)
        await world.begin()
        for other in list(world.fake.conversations.kept):
            world.fake.conversations.rename(other, "Really?")
        pieces = [piece async for piece in exports_of(world).archive(ANA)]
        nothing = b"".join([piece async for piece in exports_of(world).archive(MARC)])
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["Really-.2.json", "Really-.3.json", "Really-.json"]
        said = [json.loads(archive.read(name)) for name in archive.namelist()]
    assert {one["turns"][0]["text"] for one in said} == {"Really?", "really!"}
    with zipfile.ZipFile(io.BytesIO(nothing)) as archive:
        assert archive.namelist() == []


async def test_the_zip_of_many_is_sent_in_pieces():
    chance = random.Random(1)
    async with running(World()) as world:
        for _ in range(8):
            conversation = await world.begin()
            text = "".join(chance.choices(string.ascii_letters, k=60_000))
            turn = StoredTurn(
                id=new_id("turn"),
                conversation=conversation,
                parent=None,
                role="user",
                created=world.clock.now(),
                state="complete",
                parts=(Text(text=text),),
            )
            world.fake.conversations.add_turn(turn)
        pieces = [piece async for piece in exports_of(world).archive(ANA)]
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 200_000
