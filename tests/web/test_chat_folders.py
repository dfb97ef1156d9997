"""Folders over HTTP: the whole of their life, and their owner's alone."""

import asyncio

from changeover.chat.filing import Filing
from changeover.web.chat_folders import operations
from tests.chat.world import World, running
from tests.web.serving import Site
from tests.web.test_chat import Staff


async def test_a_folder_is_made_filled_removed_and_brought_back_by_its_owner_alone():
    async with running(World(party="state")) as world:
        staff = Staff(world)
        filing = Filing(world.store, world.clock, asyncio.to_thread)
        staff.site = Site(*staff.operations, *operations(filing))
        async with staff.browser() as page, staff.browser("marc") as other:
            conversation = await page.begin()
            made = await page.client.post("/api/chat/folders", json={"name": "Visits"})
            assert made.status_code == 200, made.text
            folder = f"/api/chat/folders/{made.json()['id']}"
            again = await page.client.post("/api/chat/folders", json={"name": "VISITS"})
            assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
            renamed = await page.client.patch(folder, json={"name": "Visits 2026"})
            assert renamed.json() == {"id": made.json()["id"], "name": "Visits 2026"}

            place = f"/api/conversations/{conversation}/place"
            filed = await page.client.put(place, json={"folder": made.json()["id"]})
            assert filed.status_code == 200
            opened = (await page.client.get("/api/chat")).json()
            assert opened["folders"] == [renamed.json()]
            assert opened["conversations"][0]["folder"] == made.json()["id"]

            for refused in (
                await other.client.patch(folder, json={"name": "Mine"}),
                await other.client.request("DELETE", folder, json={}),
                await other.client.post(folder + "/return", json={}),
            ):
                assert refused.status_code == 404
            assert (await page.client.request("DELETE", folder, json={})).status_code == 200
            opened = (await page.client.get("/api/chat")).json()
            assert (opened["folders"], opened["conversations"][0]["folder"]) == ([], None)
            back = await page.client.post(folder + "/return", json={})
            assert back.json() == renamed.json()
            opened = (await page.client.get("/api/chat")).json()
            assert opened["conversations"][0]["folder"] == made.json()["id"]
            out = await page.client.put(place, json={"folder": ""})
            assert out.status_code == 200
            opened = (await page.client.get("/api/chat")).json()
            assert opened["conversations"][0]["folder"] is None
