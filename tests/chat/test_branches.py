"""Answers given again, edited messages, and the branches that they make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.chat.model import StoredTurn
from changeover.chat.new_turns import Again
from changeover.chat.problems import GeneratingError
from changeover.chat.tree import branchings, end_through, head_of, path_to
from changeover.gateway.exchange import CUT_BY_ORDER
from tests.chat.world import ANA, MARC, World, begin, memo, say, served
from tests.orders.worlds import T0, day


def words(request) -> list[tuple[str, str]]:
    return [(turn.role, turn.parts[0].text) for turn in request.turns]


async def again(world: World, conversation: str, turn: str, client_id: str, model=None):
    begun = await world.chats.answer_again(
        ANA, conversation, turn, Again(client_id=client_id, model=model)
    )
    await world.idle(conversation)
    return begun


async def texts(world: World, conversation: str, through: str | None = None) -> list[str]:
    shown = await world.chats.read(ANA, conversation, through)
    return [turn.text for turn in shown.turns]


async def test_an_answer_given_again_stands_beside_the_first(world: World):
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    world.models.script = say("No.")
    second = await again(world, conversation, first.id, "a1")
    assert words(world.models.asked()[-1].request) == [("user", "One?")]
    shown = await world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["One?", "No."]
    assert shown.newest
    (branching,) = shown.branchings
    assert branching.below == shown.turns[0].id
    assert branching.turns == (first.id, second.id)
    before = await world.chats.read(ANA, conversation, first.id)
    assert [turn.text for turn in before.turns] == ["One?", "Yes."]
    assert not before.newest
    assert before.branchings == shown.branchings


async def test_an_answer_asked_for_again_twice_under_one_id_is_given_once(world: World):
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    once = await again(world, conversation, first.id, "a1")
    twice = await again(world, conversation, first.id, "a1")
    assert once.id == twice.id
    assert len(world.models.asked()) == 2


async def test_another_model_can_give_the_answer_and_a_seam_is_on_its_branch_alone(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    second = await world.ask(conversation, "Two?")
    other = await again(world, conversation, second.id, "a1", model="beta/two")
    shown = await world.chats.read(ANA, conversation)
    assert served(shown.turns[-1]).model == "beta/two"
    assert [seam.before for seam in shown.seams] == [other.id]
    assert (await world.chats.read(ANA, conversation, second.id)).seams == ()


async def test_an_edited_message_begins_a_branch_and_sends_nothing_of_the_other(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    await world.ask(conversation, "Two?")
    two = (await world.chats.read(ANA, conversation)).turns[2]
    await world.ask(conversation, "Two, please?", instead_of=two.id)
    assert words(world.models.asked()[-1].request) == [
        ("user", "One?"),
        ("assistant", "Yes."),
        ("user", "Two, please?"),
    ]
    assert await texts(world, conversation) == ["One?", "Yes.", "Two, please?", "Yes."]
    assert await texts(world, conversation, two.id) == ["One?", "Yes.", "Two?", "Yes."]


async def test_the_first_message_can_be_edited(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    one = (await world.chats.read(ANA, conversation)).turns[0]
    await world.ask(conversation, "Eins?", instead_of=one.id)
    assert words(world.models.asked()[-1].request) == [("user", "Eins?")]
    shown = await world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["Eins?", "Yes."]
    assert shown.branchings[0].below is None


async def test_an_older_branch_is_written_on_and_becomes_the_newest(world: World):
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    world.models.script = say("No.")
    await again(world, conversation, first.id, "a1")
    await world.ask(conversation, "And?", below=first.id)
    assert await texts(world, conversation) == ["One?", "Yes.", "And?", "No."]
    assert words(world.models.asked()[-1].request)[1] == ("assistant", "Yes.")


async def test_a_fresh_start_on_one_branch_hides_nothing_on_another(world: World):
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    await world.ask(conversation, "Two?", fresh=True)
    await world.ask(conversation, "Three?", below=first.id)
    assert [text for _, text in words(world.models.asked()[-1].request)] == [
        "One?",
        "Yes.",
        "Three?",
    ]


async def test_an_answer_that_an_order_cut_is_given_again_by_another_model(world: World):
    world.models.script = begin("The answer is")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "The answer is")
    world.issue(memo(day(1), "beta/two"))
    world.bar_alpha()
    world.models.answers[0].fail(CUT_BY_ORDER)
    await world.idle(conversation)
    world.models.script = say("Yes.")
    await again(world, conversation, sent.assistant.id, "a1")
    shown = await world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["Hello?", "Yes."]
    assert served(shown.turns[-1]).model == "beta/two"
    assert await texts(world, conversation, sent.assistant.id) == ["Hello?", "The answer is"]


async def test_while_an_answer_is_written_none_is_given_again(world: World):
    conversation = await world.begin()
    first = await world.ask(conversation, "One?")
    world.models.script = begin("Ye")
    await world.send(conversation, "Two?")
    await world.until_text(conversation, "Ye")
    with pytest.raises(GeneratingError):
        await again(world, conversation, first.id, "a1")
    await world.chats.stop(ANA, conversation)


async def test_what_cannot_be_a_place_is_refused_and_nothing_is_kept(world: World):
    conversation = await world.begin()
    answer = await world.ask(conversation, "One?")
    question = (await world.chats.read(ANA, conversation)).turns[0]
    for fields, error, words_ in (
        ({"below": question.id}, InvalidInputError, "follows an answer"),
        ({"instead_of": answer.id}, InvalidInputError, "cannot be edited"),
        ({"below": answer.id, "instead_of": question.id}, InvalidInputError, "both"),
        ({"below": "turn_0"}, NotFoundError, "turn_0"),
        ({"instead_of": "turn_0"}, NotFoundError, "turn_0"),
    ):
        with pytest.raises(error, match=words_):
            await world.send(conversation, "More?", client_id="c9", **fields)
    with pytest.raises(InvalidInputError, match="Only an answer"):
        await again(world, conversation, question.id, "a1")
    with pytest.raises(NotFoundError):
        await again(world, conversation, "turn_0", "a1")
    with pytest.raises(NotFoundError):
        await world.chats.read(ANA, conversation, "turn_0")
    with pytest.raises(NotFoundError):
        await world.chats.answer_again(MARC, conversation, answer.id, Again(client_id="a1"))
    assert await texts(world, conversation) == ["One?", "Yes."]


@st.composite
def trees(draw) -> list[StoredTurn]:
    """Turns in the order of their creation, each below any earlier one or at the beginning."""
    turns: list[StoredTurn] = []
    for number in range(draw(st.integers(1, 12))):
        parent = draw(st.sampled_from([None, *(turn.id for turn in turns)]))
        turns.append(
            StoredTurn(
                id=f"turn_{number:02}",
                conversation="conv",
                parent=parent,
                role="user",
                created=T0,
                state="complete",
                parts=(),
            )
        )
    return turns


@given(trees())
def test_every_turn_is_on_the_path_through_it_and_the_branchings_lead_to_all(turns):
    head = head_of(turns)
    assert head is turns[-1] or any(turn.parent == turns[-1].id for turn in turns)
    hanging = {id_ for place in branchings(turns) for id_ in place.turns}
    for turn in turns:
        path = path_to(turns, end_through(turns, turn))
        assert turn in path
        assert not [one for one in turns if one.parent == path[-1].id]
        assert path[0].parent is None
        alone = [one for one in turns if one.parent == turn.parent] == [turn]
        assert (turn.id in hanging) is not alone
    # From the newest path, one choice after another reaches every turn.
    reached = set()
    waiting = [head_of(turns)]
    while waiting:
        for turn in path_to(turns, waiting.pop()):
            beside = [one for one in turns if one.parent == turn.parent]
            waiting += [end_through(turns, one) for one in beside if one.id not in reached]
            reached |= {one.id for one in beside}
    assert reached == {turn.id for turn in turns}
