"""Prompts over HTTP: one's own from its beginning to its end, and sharing by who may."""

import asyncio

from changeover.chat.prompting import Prompting
from changeover.web.chat_prompts import operations
from tests.chat.world import World, running
from tests.web.serving import Site

PATH = "/api/chat/prompts"
WORDING = {"name": "Sum up", "text": "Sum up {{document}}."}


async def test_a_prompt_is_kept_changed_removed_and_brought_back_by_its_owner_alone():
    async with running(World(party="state")) as world:
        prompting = Prompting(world.store, world.rules, world.clock, asyncio.to_thread)
        site = Site(*operations(prompting))
        async with await site.signed_in("ana", "staff") as ana:
            made = (await ana.post(PATH, json=WORDING)).json()
            assert made == {"shared_in": None, "may_change": True, "id": made["id"], **WORDING}
            one = f"{PATH}/{made['id']}"
            changed = await ana.put(one, json={**WORDING, "name": "Summary"})
            assert changed.json()["name"] == "Summary"
            shared = await ana.put(one, json={**WORDING, "shared": True})
            assert (shared.status_code, shared.json()["error"]["code"]) == (403, "not_authorised")
            empty = await ana.post(PATH, json={**WORDING, "text": " "})
            assert empty.status_code == 400
            async with await site.signed_in("marc", "staff") as marc:
                assert (await marc.get(PATH)).json() == {"prompts": [], "may_share_in": None}
                for refused in (
                    await marc.put(one, json=WORDING),
                    await marc.request("DELETE", one, json={}),
                    await marc.post(one + "/return", json={}),
                ):
                    assert refused.status_code == 404
            assert (await ana.request("DELETE", one, json={})).status_code == 200
            assert (await ana.get(PATH)).json()["prompts"] == []
            back = await ana.post(one + "/return", json={})
            assert back.json() == changed.json()
            assert (await ana.get(PATH)).json()["prompts"] == [changed.json()]
