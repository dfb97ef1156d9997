"""Pictures in a conversation: with which message they go, to which models, and what is said."""

import msgspec
import pytest

from changeover.chat import picturing
from changeover.conversation.model import Image, Text, words_of
from changeover.documents.picturing import Picture
from changeover.orders.ruleset import Known, compile_ruleset
from tests.chat.world import ANA, World

PLAN = Picture(media_type="image/png", data="cGxhbg==")
ROOF = Picture(media_type="image/jpeg", data="cm9vZg==")


@pytest.fixture
def seeing(fast: World) -> World:
    """Where alpha/one takes pictures, and beta/two none."""
    base = fast.rules.current.directory
    one = base.models["alpha/one"]
    sees = msgspec.structs.replace(one.capabilities, context=20_000, modalities=("text", "image"))
    models = base.models | {one.id: msgspec.structs.replace(one, capabilities=sees)}
    known = Known(directory=msgspec.structs.replace(base, models=models), issued=())
    fast.rules.replace(compile_ruleset(known, version="test"))
    return fast


def images(world: World, place: int = -1) -> list[list[str]]:
    request = world.models.asked()[place].request
    return [[p.data for p in turn.parts if isinstance(p, Image)] for turn in request.turns]


async def test_a_picture_goes_with_the_first_message_after_it_and_stays(seeing: World):
    conversation = await seeing.begin()
    seeing.pictures.kept["plan"] = PLAN
    answered = await seeing.ask(conversation, "What is this?")
    assert answered.unseen == ()
    assert images(seeing) == [[PLAN.data]]
    first = seeing.models.asked()[0].request.turns[0]
    assert isinstance(first.parts[-1], Text)
    seeing.pictures.kept["roof"] = ROOF
    await seeing.ask(conversation, "And this?")
    assert images(seeing) == [[PLAN.data], [], [ROOF.data]]
    shown = [turn.pictures for turn in (await seeing.chats.read(ANA, conversation)).turns]
    assert [[one.name for one in some] for some in shown] == [["plan.png"], [], ["roof.png"], []]


async def test_an_edited_message_keeps_its_own_pictures(seeing: World):
    conversation = await seeing.begin()
    seeing.pictures.kept["plan"] = PLAN
    sent = await seeing.send(conversation, "What is this?")
    await seeing.idle(conversation)
    seeing.pictures.kept["roof"] = ROOF
    await seeing.ask(conversation, "And this?")
    await seeing.ask(conversation, "What is that?", instead_of=sent.user.id)
    assert images(seeing) == [[PLAN.data]]


async def test_a_model_that_takes_no_pictures_is_told_and_so_is_the_person(seeing: World):
    conversation = await seeing.begin()
    seeing.pictures.kept["plan"] = PLAN
    answered = await seeing.ask(conversation, "What is this?", model="beta/two")
    assert answered.unseen == ("plan.png",)
    assert images(seeing) == [[]]
    assert "plan.png stood here" in words_of(seeing.models.asked()[0].request.turns[0].parts)
    assert [(one.id, one.images) for one in (await seeing.chats.open(ANA)).models][:2] == [
        ("alpha/one", True),
        ("beta/two", False),
    ]


async def test_a_picture_that_was_taken_away_is_told_and_the_newest_go(
    seeing: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(picturing, "MOST", 1)
    conversation = await seeing.begin()
    seeing.pictures.kept |= {"plan": PLAN, "roof": ROOF}
    answered = await seeing.ask(conversation, "What are these?")
    assert (images(seeing), answered.unseen) == ([[ROOF.data]], ("plan.png",))
    del seeing.pictures.kept["roof"]
    answered = await seeing.ask(conversation, "Sure?")
    assert answered.unseen == ("plan.png", "roof.png")
