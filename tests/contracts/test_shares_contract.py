"""Shares, on the fake and on each database."""

from datetime import timedelta

import msgspec

from changeover.chat.model import StoredConversation
from changeover.chat.ports import ChatWork
from changeover.chat.shares import StoredShare
from changeover.storage.database import Work
from tests.chat.world import ANA, MARC, FakeStore
from tests.orders.worlds import T0

CONVERSATION = StoredConversation(
    id="conv_1", account=ANA.id, service="desk", title="", created=T0, changed=T0
)
SHARE = StoredShare(
    id="share_1",
    conversation="conv_1",
    account=ANA.id,
    by="Ana",
    party="bureau",
    up_to="turn_1",
    until=T0 + timedelta(days=1),
)


def test_a_share_comes_back_as_it_was_its_owners_last_begun_first(work: ChatWork):
    work.conversations.add(CONVERSATION)
    later = msgspec.structs.replace(SHARE, id="share_0")
    work.shares.add(SHARE, T0)
    work.shares.add(later, T0 + timedelta(minutes=1))
    assert work.shares.get("share_1") == SHARE
    assert work.shares.get("share_2") is None
    assert work.shares.of(ANA.id) == [later, SHARE]
    assert work.shares.of(MARC.id) == []


def test_a_share_is_ended_and_that_is_taken_back(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.shares.add(SHARE, T0)
    work.shares.end("share_1", T0)
    assert work.shares.of(ANA.id) == [msgspec.structs.replace(SHARE, ended=T0)]
    work.shares.end("share_1", None)
    assert work.shares.get("share_1") == SHARE


def test_a_share_ends_when_its_owner_s_account_is_disabled(work: ChatWork):
    work.conversations.add(CONVERSATION)
    work.shares.add(SHARE, T0)
    ended = msgspec.structs.replace(SHARE, id="share_0", ended=T0)
    work.shares.add(ended, T0)
    later = T0 + timedelta(hours=1)
    match work:
        case FakeStore():
            work.shares.disabled[ANA.id] = later
        case Work():
            work.accounts.disable(ANA.id, later)
    assert work.shares.get("share_1") == msgspec.structs.replace(SHARE, ended=later)
    assert work.shares.get("share_0") == ended
