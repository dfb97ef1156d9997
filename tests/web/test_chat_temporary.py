"""Temporary conversations over HTTP."""

from changeover.basics.clock import FixedClock
from changeover.chat.temporary import Temporaries, TemporaryParts
from changeover.web.chat_temporary import operations
from tests.chat.world import World, running
from tests.orders.worlds import T0
from tests.web.serving import Site
from tests.web.test_chat import Staff

PATH = "/api/temporary-conversations"


def staff_of(world: World, hours: int) -> Staff:
    staff = Staff(world)
    temporaries = Temporaries(
        TemporaryParts(
            log=world.log,
            chats=world.chats,
            clock=FixedClock(T0),
            hours=hours,
            holds=world.keeping,
            removals=world.removals,
        )
    )
    staff.site = Site(*staff.operations, *operations(temporaries))
    return staff


async def test_one_is_begun_read_kept_and_ended_by_its_owner_alone():
    async with running(World(party="state")) as world:
        staff = staff_of(world, 2)
        async with staff.browser() as page, staff.browser("marc") as other:
            assert (await page.client.get(PATH)).json() == {"hours": 2, "why_not": None}
            begun = (await page.client.post(PATH, json={})).json()
            assert begun["temporary_until"] == "2026-01-01T02:00:00Z"
            one = f"{PATH}/{begun['id']}"
            assert (await page.send(begun["id"], "One?")).status_code == 200
            await world.idle(begun["id"])
            assert (await page.client.get("/api/chat")).json()["conversations"] == []
            assert (await other.client.request("DELETE", one, json={})).status_code == 404
            assert (await other.client.post(one + "/keeping", json={})).status_code == 404
            ended = await page.client.request("DELETE", one, json={})
            assert (ended.status_code, ended.json()) == (200, {"ended": "removed"})
            assert (await page.client.get(f"/api/conversations/{begun['id']}")).status_code == 404

            kept = (await page.client.post(PATH, json={})).json()["id"]
            assert (await page.client.post(f"{PATH}/{kept}/keeping", json={})).status_code == 200
            told = (await page.client.get("/api/chat")).json()["conversations"]
            assert [line["id"] for line in told] == [kept]
            refused = await page.client.request("DELETE", f"{PATH}/{kept}", json={})
            assert refused.status_code == 409


async def test_where_they_are_turned_off_none_is_begun():
    async with running(World(party="state")) as world, staff_of(world, 0).browser() as page:
        assert (await page.client.get(PATH)).json() == {"hours": 0, "why_not": "off"}
        refused = await page.client.post(PATH, json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_authorised")
