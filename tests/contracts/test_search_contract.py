"""Searching conversations, on the fake and on each database."""

from datetime import timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changeover.chat.finding import terms_of
from changeover.chat.model import StoredConversation, StoredTurn
from changeover.chat.ports import ChatWork
from changeover.conversation.model import Text
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

CONVERSATION = StoredConversation(
    id="conv_1", account=ANA.id, service="desk", title="Treaty notes", created=T0, changed=T0
)


def say(work: ChatWork, name: str, text: str, minute: int = 0, **fields) -> StoredTurn:
    turn = StoredTurn(
        id=name,
        conversation="conv_1",
        parent=None,
        role="user",
        created=T0 + timedelta(minutes=minute),
        state="complete",
        parts=(Text(text=text),),
    )
    turn = msgspec.structs.replace(turn, **fields)
    work.conversations.add_turn(turn)
    return turn


def found(work: ChatWork, query: str, account: str = ANA.id) -> list[str]:
    terms = terms_of(query)
    hits = work.search.hits(account, terms, 0, 100)
    assert work.search.count(account, terms) == len(hits)
    return [hit.turn or hit.conversation for hit in hits]


def test_titles_and_turns_are_found_without_case_and_accents(work: ChatWork):
    work.conversations.add(CONVERSATION)
    say(work, "turn_1", "Où est l’ÉTAT-major\u0000 ? Cafe\u0301 📌")
    assert found(work, "treaty") == ["conv_1"]
    for query in ("etat", "État", "ou est", "café", "CAFE", "l'etat major"):
        assert found(work, query) == ["turn_1"], query
    assert found(work, "absent") == []
    assert found(work, "treaty cafe") == []
    (hit,) = work.search.hits(ANA.id, terms_of("major"), 0, 9)
    assert (hit.title, hit.role, hit.at) == ("Treaty notes", "user", T0)
    assert hit.text == "Où est l’ÉTAT-major\u0000 ? Cafe\u0301 📌"


def test_quotes_are_phrases_and_the_last_word_may_go_on(work: ChatWork):
    work.conversations.add(CONVERSATION)
    say(work, "turn_1", "The note verbale was sent")
    say(work, "turn_2", "A verbale of the note was sent late")
    assert set(found(work, "verbale note")) == {"turn_1", "turn_2"}
    assert found(work, '"note verbale"') == ["turn_1"]
    assert found(work, "«note verbale» se") == ["turn_1"]
    assert set(found(work, "sent verb")) == {"turn_1", "turn_2"}
    assert found(work, "verb sent") == []
    assert found(work, '"verb"') == []
    assert found(work, '"sent late') == ["turn_2"]


def test_only_ones_own_are_found_whatever_stands_on_which_branch(work: ChatWork):
    work.conversations.add(CONVERSATION)
    other = msgspec.structs.replace(CONVERSATION, id="conv_2", account=MARC.id, title="Demarche")
    work.conversations.add(other)
    say(work, "turn_1", "demarche here")
    say(work, "turn_2", "demarche beside", parent=None, minute=1)
    say(work, "turn_3", "demarche there", conversation="conv_2")
    assert set(found(work, "demarche")) == {"turn_1", "turn_2"}
    assert set(found(work, "demarche", MARC.id)) == {"conv_2", "turn_3"}


def test_an_answer_is_found_once_it_is_whole(work: ChatWork):
    work.conversations.add(CONVERSATION)
    turn = say(work, "turn_1", "half", role="assistant", state="generating")
    assert found(work, "half") == []
    whole = msgspec.structs.replace(turn, state="complete", parts=(Text(text="whole words"),))
    assert work.conversations.settle(whole)
    assert found(work, "whole") == ["turn_1"]
    again = msgspec.structs.replace(whole, parts=(Text(text="other"),))
    assert not work.conversations.settle(again)
    assert found(work, "other") == []


def test_a_new_title_is_found_and_the_old_one_is_not(work: ChatWork):
    work.conversations.add(msgspec.structs.replace(CONVERSATION, title=""))
    assert work.conversations.rename("conv_1", "Fisheries", instead_of="")
    assert found(work, "fisheries") == ["conv_1"]
    assert work.conversations.rename("conv_1", "Borders")
    assert found(work, "fisheries") == []
    assert found(work, "borders") == ["conv_1"]


def test_the_best_come_first_then_the_newest_and_pages_follow_on(work: ChatWork):
    work.conversations.add(CONVERSATION)
    for minute in (2, 0, 3, 1):
        say(work, f"turn_{minute}", "one visa among several other words", minute)
    say(work, "turn_9", "visa visa visa", -1)
    expected = ["turn_9", "turn_3", "turn_2", "turn_1", "turn_0"]
    assert found(work, "visa") == expected
    pages = [work.search.hits(ANA.id, terms_of("visa"), skip, 2) for skip in (0, 2, 4, 6)]
    assert [[hit.turn for hit in page] for page in pages] == [
        expected[:2],
        expected[2:4],
        expected[4:],
        [],
    ]


def test_a_very_long_message_is_kept_and_its_beginning_found(work: ChatWork):
    work.conversations.add(CONVERSATION)
    long = "beginning " + " ".join(f"word{n}é" for n in range(40_000)) + " end"
    say(work, "turn_1", long)
    say(work, "turn_2", "é" * 2_000_000)
    assert found(work, "beginning") == ["turn_1"]
    assert found(work, "word9999e") == ["turn_1"]
    assert found(work, "end") == []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    query=st.text(max_size=40) | st.text(alphabet="ab\"'*:&|!()<->^\\{}+.1e5 ORNEAT«»", max_size=20)
)
def test_no_query_breaks(work: ChatWork, query: str):
    terms = terms_of(query)
    if terms:
        work.search.hits(ANA.id, terms, 0, 5)
        work.search.count(ANA.id, terms)


def test_words_that_look_like_operators_and_numbers_are_words(work: ChatWork):
    work.conversations.add(msgspec.structs.replace(CONVERSATION, title=""))
    say(work, "turn_1", "this AND that OR NOT near 1.5e10 v2.0 x_y a@b.int https://x.int/p?q=1")
    for query in ("and", "OR", "not", "near", "1.5e1", "v2.0", "x_y", "a@b.int", "https://x.int/p"):
        assert found(work, query) == ["turn_1"], query
