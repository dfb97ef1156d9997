"""What may not go to a model because of its data class stays away, and is told."""

import pytest

from changeover.basics.errors import ConflictError
from changeover.chat.choices import Choosing
from changeover.conversation.model import ChatRequest, words_of
from changeover.documents.searching import FoundPassage, Searched
from changeover.orders.model import Scope, Target
from tests.chat.world import ANA, Answer, Endpoints, World
from tests.orders.worlds import bind, day, order, reading, rules, service

SECRET = Scope(parties=("state",), data_classes=("secret",))


def passage(text: str, data_class: str, start: int = 0) -> FoundPassage:
    return FoundPassage(
        file="f1",
        name="a.md",
        start=start,
        end=start + len(text),
        page=None,
        text=text,
        collection=f"The {data_class}",
        data_class=data_class,
    )


VAULT = passage("The vault opens at noon.", "secret")
GARAGE = passage("The garage closes at ten.", "internal", 100)


def bar(world: World, *makers: str) -> None:
    """An order that keeps what is secret from these makers."""
    world.issue(
        *(
            order(
                f"bar-{maker}", reading(targets=(Target(makers=(maker,)),), scope=SECRET), at=day(1)
            )
            for maker in makers
        )
    )


def sent(world: World, place: int = -1) -> str:
    request: ChatRequest = world.models.asked()[place].request
    return "\n".join(words_of(turn.parts) for turn in request.turns)


async def test_passages_of_a_barred_class_stay_away_and_the_answer_says_so(fast: World):
    bar(fast, "alpha", "beta")
    fast.sources.found = Searched(passages=(VAULT, GARAGE))
    turn = await fast.ask(await fast.begin(), "When?", model="alpha/one")
    assert turn.given is not None
    assert [one.text for one in turn.given.passages] == [GARAGE.text]
    assert "vault" not in sent(fast)
    assert GARAGE.text in sent(fast)
    (told,) = turn.withheld
    assert (told.data_class, told.passages, told.answers) == ("secret", 1, 0)
    assert told.collections == ("The secret",)
    assert told.order is not None
    assert told.order.id == "bar-alpha"
    assert fast.models.asked()[0].content == ("internal",)


def test_a_candidate_that_may_have_it_comes_before_one_that_may_not():
    desk = service("desk", "bureau", when_barred="replace")
    bound = (bind("desk", "alpha/one", "beta/two"),)
    alpha = order("bar", reading(targets=(Target(makers=("alpha",)),), scope=SECRET))
    both = order("all", reading(targets=(Target(makers=("alpha", "beta")),), scope=SECRET))
    for orders, refused in (((alpha,), set()), ((both,), {"secret"})):
        ruleset = rules(*orders, bindings=bound, services=(desk,))
        choosing = Choosing(ruleset, "desk", "chat", day(1), Endpoints())
        assert set(choosing.refusing(None, {"secret", "internal"})) == refused
        assert set(choosing.refusing("alpha/one", {"secret", "internal"})) == {"secret"}


async def test_who_may_have_it_is_given_it(fast: World):
    bar(fast, "alpha")
    fast.sources.found = Searched(passages=(VAULT,))
    allowed = await fast.ask(await fast.begin(), "When?", model="beta/two")
    assert allowed.withheld == ()
    assert "vault" in sent(fast)


async def test_an_answer_given_of_it_carries_its_class_on(fast: World):
    fast.sources.found = Searched(passages=(VAULT,))
    conversation = await fast.begin()
    fast.models.script = _saying("At noon, the vault.")
    await fast.ask(conversation, "When?", model="beta/two")
    fast.sources.found = Searched()
    fast.models.script = _saying("So the vault.")
    second = await fast.ask(conversation, "Sure?", model="beta/two")
    assert second.withheld == ()
    assert fast.models.asked()[-1].content == ("secret",)
    bar(fast, "alpha")
    third = await fast.ask(conversation, "And now?", model="alpha/one")
    assert [(one.passages, one.answers) for one in third.withheld] == [(0, 2)]
    assert "vault" not in sent(fast)
    assert all(said in sent(fast) for said in ("When?", "Sure?", "And now?"))
    assert fast.models.asked()[-1].content == ()
    # Nothing is lost: who may have it is told it again.
    fourth = await fast.ask(conversation, "And there?", model="beta/two")
    assert fourth.withheld == ()
    assert "At noon, the vault." in sent(fast)


async def test_the_titles_model_is_asked_with_what_the_answer_carries(fast: World):
    fast.sources.found = Searched(passages=(VAULT,))
    await fast.ask(await fast.begin(), "When?")
    assert fast.models.asked("title")[0].content == ("secret",)


async def test_an_answer_is_not_gone_on_from_where_its_beginning_may_not_go(fast: World):
    fast.sources.found = Searched(passages=(VAULT,))
    fast.models.script = _breaking
    conversation = await fast.begin()
    broken = await fast.ask(conversation, "When?")
    bar(fast, "alpha", "beta")
    with pytest.raises(ConflictError, match="beginning of this answer may not go"):
        await fast.chats.go_on(ANA, conversation, broken.id)


def _saying(words: str):
    def script(answer: Answer) -> None:
        answer.start()
        answer.say(words)
        answer.finish()

    return script


def _breaking(answer: Answer) -> None:
    answer.start()
    answer.say("At")
    answer.fail("gone")
