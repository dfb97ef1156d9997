"""The chat over the gateway itself, with a vendor that the test steers."""

import pytest

from changeover.basics.clock import FixedClock
from changeover.chat import problems
from changeover.chat.model import Served
from changeover.gateway.conversing import Conversing
from changeover.gateway.limited import over_limit
from changeover.gateway.parts import Parts
from changeover.gateway.ports import Upstream, UpstreamError
from changeover.gateway.serving import Serving
from changeover.metering.book import LimitBook
from changeover.metering.limits import Account, span_of
from changeover.metering.meter import Meter
from changeover.metering.taking import Asking, Taking
from changeover.orders.in_force import Rules
from changeover.wire.codec import Codecs
from changeover.wire.registry import codec
from tests.chat.world import ANA, SLOTS, World, memo, running
from tests.gateway.sealing_vendors import Canonical, Sealing, reasoning
from tests.gateway.worlds import DONE, Arriving, Paper, Vendor, chunk
from tests.metering.worlds import ZONE, Accounts, limit
from tests.orders.worlds import day, directory

WHOLE = [chunk("Yes, "), chunk("indeed."), chunk(finish="stop"), DONE]


class Site:
    """A chat whose models are the gateway's."""

    def __init__(
        self,
        upstream: Upstream | None = None,
        codec: Codecs = codec,
        meter: Meter | None = None,
    ) -> None:
        self.vendor = Vendor()
        self._meter = meter
        self._upstream = upstream or self.vendor
        self._codec = codec
        self.journal = Paper()
        self.serving: Serving | None = None
        self.world = World(models=self._models, slots=SLOTS[:1])

    def _models(self, rulebook: Rules, clock: FixedClock) -> Conversing:
        self.serving = Serving(
            Parts(
                rules=rulebook,
                upstream=self._upstream,
                journal=self.journal,
                codec=self._codec,
                clock=clock,
                start="start_1",
                operator="http://here/",
                meter=self._meter,
                machine=clock,
            )
        )
        return Conversing(self.serving)


async def test_an_answer_is_journalled_under_the_account():
    site = Site()
    site.vendor.answers["alpha"] = Arriving(WHOLE)
    async with running(site.world) as world:
        answer = await world.ask(await world.begin(), "Really?")
    assert (answer.state, answer.text) == ("complete", "Yes, indeed.")
    assert isinstance(answer.served, Served)
    assert answer.served.version == "m"
    (intent,) = site.journal.intents
    assert (intent.key, intent.service, intent.asked) == (ANA.id, "desk", "default")
    assert site.journal.results == ["answered"]


@pytest.mark.parametrize("ends", ["order", "person", "server"])
async def test_whatever_ends_an_answer_ends_the_call_and_keeps_the_text(ends: str):
    site = Site()
    site.vendor.answers["alpha"] = Arriving([chunk("Half")], hold=True)
    async with running(site.world) as world:
        conversation = await world.begin()
        sent = await world.send(conversation, "Really?")
        await world.until_text(conversation, "Half")
        match ends:
            case "order":
                world.issue(memo(day(1), "beta/two"))
                world.bar_alpha(cut=True)
                assert site.serving is not None
                site.serving.in_flight.review()
                await world.idle(conversation)
            case "person":
                await world.chats.stop(ANA, conversation)
            case _:
                await world.generations.close()
        answer = await world.turn(conversation, sent.assistant.id)
        states = {"order": "cut", "person": "stopped", "server": "interrupted"}
        assert (answer.state, answer.text) == (states[ends], "Half")
        assert site.journal.results == ["cut"]
        assert site.vendor.closed == 1
        site.vendor.answers["beta"] = site.vendor.answers["alpha"] = Arriving(WHOLE)
        await world.chats.go_on(ANA, conversation, answer.id)
        await world.idle(conversation)
        shown = await world.chats.read(ANA, conversation)
        assert shown.turns[-1].text == "Yes, indeed."
        assert len(shown.seams) == (1 if ends == "order" else 0)


async def test_a_conversation_goes_there_and_back_with_what_each_vendor_sealed():
    vendor = Sealing()
    site = Site(upstream=vendor, codec=Canonical)
    async with running(site.world) as world:
        conversation = await world.begin()
        for place, model in enumerate(("alpha/one", "beta/two", "alpha/one", "beta/two")):
            answer = await world.ask(conversation, f"Go on, {place}.", model=model)
            assert (answer.state, answer.text) == ("complete", "Done. ")
        shown = await world.chats.read(ANA, conversation)
    first, second = "one thinks of turn 1.", "two thinks of turn 3."
    assert [[part.text for part in reasoning(request)] for _, request in vendor.received] == [
        [],
        [],
        [first],
        [second],
    ]
    assert ["reasoning" in seam.not_carried.en for seam in shown.seams] == [True, True, True]


@pytest.mark.parametrize(
    ("of", "en", "fr"),
    [
        (limit(1, "requests", "minute", named="desk"), "in one minute", "en une minute"),
        (limit(1, named="desk"), "has no known price", "pas de prix connu"),
    ],
    ids=["requests", "unpriced"],
)
async def test_a_limit_is_told_in_words_for_people_and_nothing_is_sent(of, en, fr):
    site = Site(meter=Meter(LimitBook([of]), Accounts()))
    site.vendor.answers["alpha"] = Arriving(WHOLE)
    async with running(site.world) as world:
        conversation = await world.begin()
        answer = await world.ask(conversation, "Really?")
        if answer.state == "complete":
            answer = await world.ask(conversation, "And now?")
    assert answer.state == "failed"
    assert answer.problem is not None
    assert answer.problem.kind == "limited"
    assert en in answer.problem.words.en
    assert fr in answer.problem.words.fr
    assert len(site.vendor.sent) <= 1


async def test_a_spent_budget_says_until_when():
    account = Account(limit(1, named="desk"), span_of("month", day(1), ZONE))
    asking = Asking(subjects=(), most=Taking(), at=day(1), now=day(1), zone=ZONE)
    refusal = over_limit(directory(), account, asking)
    problem = problems.limited("One", refusal, ZONE)
    assert problem is not None
    assert "used up until 1 February 2026" in problem.words.en
    assert "épuisé jusqu'au 1er février 2026" in problem.words.fr


async def test_models_that_fail_together_are_named_and_the_question_can_be_asked_again():
    site = Site()
    site.vendor.answers = dict.fromkeys(("alpha", "cloud", "beta"), UpstreamError("It hung."))
    async with running(site.world) as world:
        world.issue(memo(day(1), "alpha/one", "beta/two"))
        conversation = await world.begin()
        answer = await world.ask(conversation, "Really?")
        assert (answer.state, answer.text) == ("failed", "")
        assert answer.problem is not None
        assert answer.problem.may_continue
        assert "can be reached at the moment (one, two)" in answer.problem.words.en
        assert "n'est joignable en ce moment (one, two)" in answer.problem.words.fr
        site.vendor.answers = {"alpha": Arriving(WHOLE)}
        again = await world.ask(conversation, "And now?")
    assert (again.state, again.text) == ("complete", "Yes, indeed.")
