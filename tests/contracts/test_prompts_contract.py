"""Prompts, on the fake and on each database."""

import msgspec

from changeover.chat.ports import ChatWork
from changeover.chat.prompts import StoredPrompt
from tests.chat.world import ANA, MARC
from tests.orders.worlds import T0

OWN = StoredPrompt(id="prompt_1", account=ANA.id, party=None, name="Sum up", text="Sum up {{it}}.")
SHARED = msgspec.structs.replace(OWN, id="prompt_2", account=MARC.id, party="bureau")
ELSEWHERE = msgspec.structs.replace(OWN, id="prompt_3", account=MARC.id, party="elsewhere")


def test_ones_own_and_what_ones_parties_share_are_usable(work: ChatWork):
    for one in (OWN, SHARED, ELSEWHERE):
        work.prompts.put(one, T0)
    assert work.prompts.usable(ANA.id, ("bureau", "state")) == [OWN, SHARED]
    assert work.prompts.usable(ANA.id, ()) == [OWN]
    assert work.prompts.usable(MARC.id, ("elsewhere",)) == [ELSEWHERE]


def test_a_prompt_is_kept_instead_of_the_one_before(work: ChatWork):
    work.prompts.put(OWN, T0)
    anew = msgspec.structs.replace(OWN, text="Sum {{it}} up.", party="bureau")
    work.prompts.put(anew, T0)
    assert work.prompts.get("prompt_1", removed=False) == anew
    assert work.prompts.usable(MARC.id, ("bureau",)) == [anew]


def test_a_removed_prompt_is_gone_until_it_is_brought_back(work: ChatWork):
    work.prompts.put(OWN, T0)
    assert work.prompts.get("prompt_1", removed=True) is None
    work.prompts.remove("prompt_1", T0)
    assert work.prompts.usable(ANA.id, ()) == []
    assert work.prompts.get("prompt_1", removed=False) is None
    assert work.prompts.get("prompt_1", removed=True) == OWN
    work.prompts.remove("prompt_1", None)
    assert work.prompts.usable(ANA.id, ()) == [OWN]
