"""Sharing over HTTP: begun, listed, read by a colleague, ended, taken back."""

from changeover.chat.exports.usecases import ExportParts
from changeover.chat.sharing import Sharing
from changeover.web.chat_shares import operations
from tests.chat.world import World, running
from tests.web.serving import Site
from tests.web.test_chat import Staff


async def test_a_share_from_its_beginning_to_its_end():
    async with running(World(party="state")) as world:
        staff = Staff(world)
        sharing = Sharing(ExportParts(log=world.log, rules=world.rules, clock=world.clock))
        staff.site = Site(*staff.operations, *operations(sharing))
        async with staff.browser() as ana, staff.browser("marc") as marc:
            conversation = await ana.begin()
            answer = (await ana.send(conversation, "One?")).json()["assistant"]["id"]
            await world.idle(conversation)
            path = f"/api/conversations/{conversation}/shares"
            wanted = {"up_to": answer, "last_day": "2026-01-09"}
            assert (await marc.client.post(path, json=wanted)).status_code == 404
            late = await ana.client.post(path, json={**wanted, "last_day": "2028-01-01"})
            assert late.status_code == 400
            share = (await ana.client.post(path, json=wanted)).json()
            assert share["until"] == "2026-01-10T00:00:00Z"
            assert (await ana.client.get("/api/shares")).json() == [share]
            assert (await marc.client.get("/api/shares")).json() == []

            shared, one = f"/api/shared/{share['id']}", f"/api/shares/{share['id']}"
            read = (await marc.client.get(shared, params={"lang": "fr"})).json()
            assert [passage["text"] for passage in read["transcript"]["passages"]] == [
                "One?",
                "Yes.",
            ]
            assert (await marc.client.get(f"/api/conversations/{conversation}")).status_code == 404
            assert (await marc.client.request("DELETE", one, json={})).status_code == 404
            assert (await ana.client.request("DELETE", one, json={})).status_code == 200
            ended = await marc.client.get(shared)
            assert (ended.status_code, ended.json()["error"]["code"]) == (409, "share-ended")
            assert (await ana.client.post(one + "/return", json={})).status_code == 200
            assert (await marc.client.get(shared)).status_code == 200
