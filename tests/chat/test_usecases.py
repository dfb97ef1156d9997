"""What people do in conversations, over fake models and each store."""

import asyncio

import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.chat.context import GO_ON
from changeover.chat.model import Ended, Titled, TurnSeen
from changeover.chat.problems import GeneratingError, TooLongError
from changeover.conversation.events import LossSeen
from changeover.conversation.model import Loss
from changeover.gateway.exchange import CUT_BY_ORDER
from changeover.gateway.refusal import Refusal
from tests.chat.world import (
    ANA,
    MARC,
    SLOTS,
    STRANGER,
    World,
    begin,
    memo,
    running,
    say,
    served,
)
from tests.orders.worlds import day


def words(request) -> list[tuple[str, str]]:
    return [(turn.role, turn.parts[0].text) for turn in request.turns]


async def test_an_answer_is_kept_with_everything_about_who_gave_it(world: World):
    conversation = await world.begin()
    answer = await world.ask(conversation, "Hello?")
    stamp = served(answer)
    assert (answer.state, answer.text, answer.problem) == ("complete", "Yes.", None)
    assert (stamp.route, stamp.model, stamp.version) == ("alpha/one@alpha", "alpha/one", "one-0001")
    assert (stamp.requested, stamp.replaced, stamp.ruleset) == ("default", None, "test")
    assert (stamp.input_tokens, stamp.output_tokens) == (7, 3)
    assert stamp.why.en == "desk uses one by default."
    assert stamp.why.fr == "desk utilise one par défaut."
    assert stamp.demonstration


async def test_the_whole_path_goes_to_the_model(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    await world.ask(conversation, "Two?")
    request = world.models.asked()[-1].request
    assert words(request) == [("user", "One?"), ("assistant", "Yes."), ("user", "Two?")]
    assert request.stream
    assert request.sampling.max_tokens == 250
    assert world.models.asked()[-1].account == ANA.id


async def test_a_conversation_is_a_path_and_a_list_entry(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    await world.ask(conversation, "Two?")
    shown = await world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["One?", "Yes.", "Two?", "Yes."]
    assert [turn.parent for turn in shown.turns] == [None, *(t.id for t in shown.turns[:-1])]
    assert (shown.head, shown.generating, shown.service) == (shown.turns[-1].id, None, "desk")
    opened = await world.chats.open(ANA)
    assert [(line.id, line.turns) for line in opened.conversations] == [(conversation, 4)]
    assert (opened.default_model.id, opened.zone) == ("alpha/one", "UTC")


async def test_a_conversation_is_its_owners_alone(world: World):
    conversation = await world.begin()
    assert (await world.chats.open(MARC)).conversations == ()
    for act in (
        world.chats.read(MARC, conversation),
        world.chats.rename(MARC, conversation, "Mine"),
        world.chats.stop(MARC, conversation),
        world.chats.follow(MARC, conversation, 0),
        world.chats.go_on(MARC, conversation, "turn_1"),
        world.chats.read(ANA, "conv_0"),
    ):
        with pytest.raises(NotFoundError):
            await act


async def test_who_is_of_another_party_cannot_chat(world: World):
    with pytest.raises(NotAuthorisedError, match="Bureau"):
        await world.chats.open(STRANGER)
    with pytest.raises(NotAuthorisedError):
        await world.chats.create(STRANGER)


async def test_a_message_sent_twice_is_one_message(world: World):
    conversation = await world.begin()
    first = await world.send(conversation, "Hello?", client_id="c1")
    again = await world.send(conversation, "Hello?", client_id="c1")
    await world.idle(conversation)
    late = await world.send(conversation, "Hello?", client_id="c1")
    assert first.user.id == again.user.id == late.user.id
    assert first.assistant.id == again.assistant.id == late.assistant.id
    assert late.assistant.state == "complete"
    assert len(world.models.asked()) == 1


async def test_two_windows_cannot_write_at_once_and_both_see_both_turns(world: World):
    world.models.script = begin("Ye")
    conversation = await world.begin()
    other_window = await world.chats.follow(ANA, conversation, 0)
    results = await asyncio.gather(
        world.send(conversation, "First?", client_id="w1"),
        world.send(conversation, "Second?", client_id="w2"),
        return_exceptions=True,
    )
    assert sum(isinstance(result, GeneratingError) for result in results) == 1
    await world.until_text(conversation, "Ye")
    world.models.answers[0].say("s.")
    world.models.answers[0].finish()
    seen = []
    async for sending in other_window.events():
        seen.append(sending.event)
        if isinstance(sending.event, Ended):
            break
    other_window.close()
    turns = [event.turn for event in seen if isinstance(event, TurnSeen)]
    assert {turn.role for turn in turns} == {"user", "assistant"}
    assert turns[-1].text == "Yes."
    assert turns[-1].state == "complete"


async def test_after_the_end_was_told_the_next_message_is_taken(world: World):
    conversation = await world.begin()
    reader = await world.chats.follow(ANA, conversation, 0)
    for text in ("One?", "Two?", "Three?"):
        await world.send(conversation, text)
        async for sending in reader.events():
            if isinstance(sending.event, Ended):
                break
    reader.close()
    assert len(world.models.asked()) == 3


async def test_stopping_keeps_what_arrived(world: World):
    world.models.script = begin("Half an ", "answer")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "Half an answer")
    await world.chats.stop(ANA, conversation)
    answer = await world.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("stopped", "Half an answer")
    assert answer.problem is not None
    assert answer.problem.may_continue
    assert served(answer).model == "alpha/one"
    assert world.models.answers[0].closed
    await world.chats.stop(ANA, conversation)


async def test_a_broken_answer_is_gone_on_from_in_a_new_turn(world: World):
    world.models.script = begin("Half")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "Half")
    await world.chats.stop(ANA, conversation)
    world.models.script = say(" and half.")
    more = await world.chats.go_on(ANA, conversation, sent.assistant.id)
    await world.idle(conversation)
    assert words(world.models.asked()[-1].request) == [
        ("user", "Hello?"),
        ("assistant", "Half"),
        ("user", GO_ON),
    ]
    shown = await world.chats.read(ANA, conversation)
    assert [turn.text for turn in shown.turns] == ["Hello?", "Half", " and half."]
    assert (await world.chats.go_on(ANA, conversation, sent.assistant.id)).id == more.id
    await world.ask(conversation, "And?")
    assert words(world.models.asked()[-1].request) == [
        ("user", "Hello?"),
        ("assistant", "Half and half."),
        ("user", "And?"),
    ]


async def test_a_whole_answer_is_not_continued(world: World):
    conversation = await world.begin()
    answer = await world.ask(conversation, "Hello?")
    with pytest.raises(ConflictError, match="cannot be continued"):
        await world.chats.go_on(ANA, conversation, answer.id)
    with pytest.raises(NotFoundError):
        await world.chats.go_on(ANA, conversation, "turn_0")


async def test_an_order_that_cuts_is_cited_and_the_text_is_kept(world: World):
    world.models.script = begin("The answer is")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "The answer is")
    world.issue(memo(day(1), "beta/two"))
    world.bar_alpha()
    world.models.answers[0].fail(CUT_BY_ORDER)
    await world.idle(conversation)
    cut = await world.turn(conversation, sent.assistant.id)
    assert (cut.state, cut.text) == ("cut", "The answer is")
    assert cut.problem is not None
    assert cut.problem.order is not None
    assert cut.problem.order.id == "ban"
    assert "“ban” ended the use of one" in cut.problem.words.en
    assert "« ban » a mis fin à l'usage de one" in cut.problem.words.fr
    assert [choice.id for choice in cut.problem.instead] == ["beta/two"]
    world.models.script = say(" this.")
    await world.chats.go_on(ANA, conversation, cut.id)
    await world.idle(conversation)
    shown = await world.chats.read(ANA, conversation)
    assert [seam.before for seam in shown.seams] == [shown.turns[-1].id]
    assert shown.seams[0].order is not None
    assert shown.seams[0].order.id == "memo"


async def test_a_barred_model_that_was_asked_for_is_refused_in_plain_words(world: World):
    world.issue(memo(day(1), "beta/two"))
    world.bar_alpha()
    conversation = await world.begin()
    answer = await world.ask(conversation, "Hello?", model="alpha/one")
    assert (answer.state, answer.served, answer.text) == ("refused", None, "")
    problem = answer.problem
    assert problem is not None
    assert problem.order is not None
    assert problem.order.id == "ban"
    assert problem.words.en == (
        "one may not be used here: “ban” (The Head) forbids it. Your question was not sent. "
        "You can ask two instead."
    )
    assert "Votre question n'a pas été envoyée" in problem.words.fr
    assert [choice.id for choice in problem.instead] == ["beta/two"]
    assert world.models.answers == []


async def test_when_every_model_is_barred_the_default_is_refused_too(world: World):
    world.bar_alpha()
    conversation = await world.begin()
    answer = await world.ask(conversation, "Hello?")
    assert answer.state == "refused"
    assert answer.problem is not None
    assert answer.problem.order is not None


async def test_the_next_turn_is_answered_by_the_new_model_behind_a_seam(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")
    world.issue(memo(day(1), "beta/two"))
    answer = await world.ask(conversation, "Two?")
    stamp = served(answer)
    assert stamp.model == "beta/two"
    assert [order.id for order in stamp.instruments] == ["memo"]
    assert stamp.why.en == "desk uses two by “memo”."
    shown = await world.chats.read(ANA, conversation)
    (seam,) = shown.seams
    assert (seam.before, seam.from_model, seam.to_model) == (answer.id, "one", "two")
    assert seam.order is not None
    assert seam.order.id == "memo"
    assert seam.carried.en == "The text of all 2 turns before it went along with your message."
    assert seam.not_carried.en == "Nothing was left behind."
    assert len(world.models.asked()[-1].request.turns) == 3


async def test_a_fresh_start_sends_no_earlier_text_then_or_later(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "Secret?")
    world.issue(memo(day(1), "beta/two"))
    await world.ask(conversation, "Two?", fresh=True)
    assert words(world.models.asked()[-1].request) == [("user", "Two?")]
    (seam,) = (await world.chats.read(ANA, conversation)).seams
    assert seam.not_carried.en == "A fresh start: 2 earlier turns were not sent to beta."
    assert seam.carried.en == "Only your new message went along."
    await world.ask(conversation, "Three?")
    assert words(world.models.asked()[-1].request) == [
        ("user", "Two?"),
        ("assistant", "Yes."),
        ("user", "Three?"),
    ]


async def test_what_a_vendor_does_not_take_is_in_the_stamp_and_the_seam(world: World):
    conversation = await world.begin()
    await world.ask(conversation, "One?")

    def lossy(answer):
        answer.start()
        answer.say("Yes.")
        answer.feed(LossSeen(loss=Loss(field="citations", why="none here")))
        answer.finish()

    world.models.script = lossy
    answer = await world.ask(conversation, "Two?", model="beta/two")
    assert served(answer).losses == ("citations",)
    assert served(answer).why.en == "You asked for two."
    (seam,) = (await world.chats.read(ANA, conversation)).seams
    assert "citations" in seam.not_carried.fr
    assert seam.order is None


async def test_a_vendor_that_breaks_off_leaves_what_arrived(world: World):
    world.models.script = begin("Half")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "Half")
    world.models.answers[0].fail("overloaded")
    await world.idle(conversation)
    answer = await world.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("failed", "Half")
    assert answer.problem is not None
    assert answer.problem.words.en.startswith("one broke off")


@pytest.mark.parametrize(("status", "part"), [(502, "No answer could be had"), (429, "too much")])
async def test_a_vendor_that_takes_no_question_is_told_plainly(fast: World, status, part):
    fast.models.refuse = Refusal(status, "overloaded", "upstream says 0x17")
    conversation = await fast.begin()
    answer = await fast.ask(conversation, "Hello?")
    assert answer.state == "failed"
    assert answer.problem is not None
    assert part in answer.problem.words.en
    assert "0x17" not in answer.problem.words.en
    fast.models.refuse = None
    again = await fast.chats.go_on(ANA, conversation, answer.id)
    await fast.idle(conversation)
    assert (await fast.turn(conversation, again.id)).text == "Yes."


@pytest.mark.parametrize("when", ["before", "within"])
async def test_a_vendor_that_hangs_is_given_up(when):
    async with running(World(patience=0.05)) as world:
        world.models.hang = when == "before"
        world.models.script = begin("Wait")
        conversation = await world.begin()
        answer = await world.ask(conversation, "Hello?")
        assert (answer.state, answer.text) == ("failed", "" if when == "before" else "Wait")
        assert answer.problem is not None
        assert answer.problem.words.en.startswith("one stopped answering")


async def test_an_answer_without_words_is_no_answer(fast: World):
    fast.models.script = say("")
    conversation = await fast.begin()
    answer = await fast.ask(conversation, "Hello?")
    assert (answer.state, answer.text) == ("failed", "")


async def test_a_fault_of_ours_ends_the_turn_too(fast: World):
    fast.models.fault = RuntimeError("a bug")
    conversation = await fast.begin()
    answer = await fast.ask(conversation, "Hello?")
    assert answer.state == "failed"
    fast.models.fault = None
    assert (await fast.ask(conversation, "Again?")).state == "complete"


async def test_too_long_a_text_is_refused_before_anything_is_kept(world: World):
    conversation = await world.begin()
    with pytest.raises(TooLongError) as raised:
        await world.send(conversation, "a" * 3001)
    words_ = raised.value.problem.words
    assert "about 751 tokens" in words_.en
    assert "takes 750 beside its answer" in words_.en
    assert "Shorten your message." in words_.en
    assert "Rien n'a été envoyé" in words_.fr
    assert (await world.chats.read(ANA, conversation)).turns == ()
    assert (await world.ask(conversation, "a" * 3000)).state == "complete"
    with pytest.raises(TooLongError, match="Start afresh"):
        await world.send(conversation, "More?")
    assert (await world.ask(conversation, "More?", fresh=True)).state == "complete"


async def test_an_empty_message_and_an_unknown_model_are_not_taken(fast: World):
    conversation = await fast.begin()
    with pytest.raises(InvalidInputError):
        await fast.send(conversation, " \n")
    with pytest.raises(NotFoundError):
        await fast.send(conversation, "Hello?", model="nobody/nothing")
    fast.endpoints.missing.add("beta")
    with pytest.raises(ConflictError):
        await fast.send(conversation, "Hello?", model="beta/two")
    assert (await fast.chats.read(ANA, conversation)).turns == ()


async def test_a_title_is_the_first_words_and_then_the_models(world: World):
    conversation = await world.begin()
    reader = await world.chats.follow(ANA, conversation, 0)

    def script(answer):
        say("“A question of form.”\n" if answer.asking.slot == "title" else "Yes.")(answer)

    world.models.script = script
    await world.send(conversation, "What   is\nthis?")
    titles = []
    async for sending in reader.events():
        if isinstance(sending.event, Titled):
            titles.append(sending.event.title)
        if len(titles) == 2:
            break
    reader.close()
    assert titles == ["What is this?", "A question of form"]
    assert (await world.chats.read(ANA, conversation)).title == "A question of form"
    await world.ask(conversation, "And?")
    assert len(world.models.asked("title")) == 1
    renamed = await world.chats.rename(ANA, conversation, " My  own ")
    assert renamed.title == "My own"
    with pytest.raises(InvalidInputError):
        await world.chats.rename(ANA, conversation, "  ")


async def test_a_title_comes_with_the_first_answer_that_is_whole(fast: World):
    fast.models.refuse = Refusal(502, "away", "away")
    conversation = await fast.begin()
    await fast.ask(conversation, "Hello?")
    fast.models.refuse = None
    fast.models.script = say("A greeting")
    await fast.ask(conversation, "Hello?", client_id="again")
    reader = await fast.chats.follow(ANA, conversation, 0)
    titles = [s.event.title async for s in _until(reader, 2) if isinstance(s.event, Titled)]
    assert titles == ["Hello?", "A greeting"]


async def _until(reader, titles: int):
    async for sending in reader.events():
        yield sending
        titles -= isinstance(sending.event, Titled)
        if not titles:
            break
    reader.close()


async def test_without_a_title_slot_the_first_words_stay():
    async with running(World(slots=SLOTS[:1])) as world:
        conversation = await world.begin()
        await world.ask(conversation, "word " * 40)
        title = (await world.chats.read(ANA, conversation)).title
        assert title.startswith("word word")
        assert len(title) <= 80
        assert title.endswith("…")


async def test_closing_stores_what_arrived_as_interrupted(fast: World):
    fast.models.script = begin("Half")
    conversation = await fast.begin()
    sent = await fast.send(conversation, "Hello?")
    await fast.until_text(conversation, "Half")
    fast.models.answers[0].say(" more")
    await asyncio.sleep(0.01)
    await fast.generations.close()
    answer = await fast.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("interrupted", "Half more")


async def test_what_a_killed_server_left_is_kept_and_can_be_gone_on_from(world: World):
    world.models.script = begin("Half ", "😀")
    conversation = await world.begin()
    sent = await world.send(conversation, "Hello?")
    await world.until_text(conversation, "Half 😀")
    # The same store, and nothing else, is what the next process finds.
    after = World(world.store)
    await after.chats.recover()
    answer = await after.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("interrupted", "Half 😀")
    assert served(answer).model == "alpha/one"
    assert answer.problem is not None
    assert answer.problem.may_continue
    log = await after.log.read(lambda work: work.chat_events.after(conversation, 0))
    assert isinstance(log[-1].event, Ended)
    await after.chats.go_on(ANA, conversation, answer.id)
    await after.idle(conversation)
    assert (await after.chats.read(ANA, conversation)).turns[-1].text == "Yes."


async def test_a_store_that_fails_for_a_moment_loses_nothing(fast: World):
    fast.models.script = begin("Half")
    conversation = await fast.begin()
    sent = await fast.send(conversation, "Hello?")
    await fast.until_text(conversation, "Half")
    fast.fake.fails = 2
    fast.models.answers[0].say(" more")
    fast.models.answers[0].finish()
    await fast.idle(conversation)
    answer = await fast.turn(conversation, sent.assistant.id)
    assert (answer.state, answer.text) == ("complete", "Half more")


async def test_many_conversations_are_written_at_once(fast: World):
    conversations = [await fast.begin() for _ in range(20)]
    answers = await asyncio.gather(*[fast.ask(name, "Hello?") for name in conversations])
    assert {answer.text for answer in answers} == {"Yes."}
