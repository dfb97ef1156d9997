"""Personal instructions: kept for each person, sent before the conversation, and noted."""

import asyncio

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.chat.instructions import LONGEST, Instructing
from changeover.chat.problems import TooLongError
from changeover.conversation.model import words_of
from tests.chat.world import ANA, MARC, World


def instructing(world: World) -> Instructing:
    return Instructing(world.store, world.clock, asyncio.to_thread)


async def test_they_go_before_the_conversation_and_the_answer_says_so(world: World):
    told = await instructing(world).change(ANA, "  I am a lawyer. Answer briefly.\n")
    assert told.text == "I am a lawyer. Answer briefly."
    assert await instructing(world).read(ANA) == told
    conversation = await world.begin()
    answer = await world.ask(conversation, "One?")
    request = next(a.request for a in world.models.asked() if a.slot == "chat")
    assert words_of(request.system) == "I am a lawyer. Answer briefly."
    assert [turn.role for turn in request.turns] == ["user"]
    assert answer.instructed
    titled = [a.request for a in world.models.asked() if a.slot == "title"]
    assert all(request.system == () for request in titled)


async def test_nobody_elses_go_along_and_none_once_they_are_taken_away(world: World):
    await instructing(world).change(MARC, "I am Marc.")
    assert (await instructing(world).read(ANA)).text == ""
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    assert world.models.asked()[0].request.system == ()
    assert not first.instructed
    await instructing(world).change(ANA, "I am Ana.")
    await world.ask(conversation, "Two?")
    await instructing(world).change(ANA, "")
    last = await world.ask(conversation, "Three?")
    assert world.models.asked()[-1].request.system == ()
    shown = await world.chats.read(ANA, conversation)
    answers = [turn.instructed for turn in shown.turns if turn.role == "assistant"]
    assert answers == [False, True, False]
    assert not last.instructed


async def test_too_long_ones_are_refused_and_the_old_ones_stay(world: World):
    await instructing(world).change(ANA, "Old.")
    with pytest.raises(InvalidInputError, match=f"at most {LONGEST}"):
        await instructing(world).change(ANA, "x" * (LONGEST + 1))
    assert (await instructing(world).read(ANA)).text == "Old."


async def test_they_count_for_what_fits_the_model(world: World):
    await instructing(world).change(ANA, "x" * LONGEST)
    conversation = await world.begin()
    with pytest.raises(TooLongError):
        await world.ask(conversation, "One?")
