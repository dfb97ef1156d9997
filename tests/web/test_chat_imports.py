"""Importing over HTTP: looking, taking, taking back, and files that are none."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest_asyncio

from changeover.chat.imports.usecases import ImportParts, Imports
from changeover.chat.instructions import Instructing
from changeover.chat.searching import Searching
from changeover.chat.shelving import Shelving
from changeover.web import chat, chat_imports
from tests.chat.imports.files import CAPITALS, RIVERS, encoded
from tests.chat.world import World, running
from tests.orders.worlds import day
from tests.web.serving import Site

PATH = "/api/conversation-imports"


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with running(World(party="state")) as world:
        world.clock.move_to(day(2000))
        instructing = Instructing(world.store, world.clock, asyncio.to_thread)
        shelving = Shelving(world.log, world.clock)
        searching = Searching(world.store, asyncio.to_thread)
        imports = Imports(
            ImportParts(
                log=world.log,
                clock=world.clock,
                service="desk",
                admits=world.chats.admit,
                holds=world.keeping,
                removals=world.removals,
            )
        )
        yield Site(
            *chat.operations(world.chats, instructing, shelving, searching),
            *chat_imports.operations(imports),
        )


def file(content: bytes, name: str = "c.json", **more: object) -> dict[str, object]:
    return {"name": name, "content": base64.b64encode(content).decode(), **more}


async def test_a_file_is_looked_into_taken_and_taken_back(site: Site):
    async with await site.signed_in("ana", "staff") as client:
        both = encoded([CAPITALS, RIVERS])
        seen = (await client.post(f"{PATH}/preview", json=file(both))).json()
        assert [line["standing"] for line in seen["lines"]] == ["new", "new"]
        chosen = [seen["lines"][0]["digest"]]
        taken = await client.post(PATH, json=file(both, only=chosen, ticket="t1"))
        assert taken.status_code == 200, taken.text
        (line,) = taken.json()["lines"]
        shown = (await client.get(f"/api/conversations/{line['conversation']}")).json()
        assert shown["turns"][1]["origin"]["model"] == "gpt-4o"
        assert shown["turns"][1]["served"] is None
        (kept,) = (await client.get(PATH)).json()
        assert kept["conversations"] == 1
        assert (await client.get(f"{PATH}/progress", params={"ticket": "t1"})).json() == {
            "done": 0,
            "total": 0,
        }
        undone = await client.post(f"{PATH}/{kept['act']}/undoing", json={})
        assert undone.json() == {"removed": 1, "kept": []}
        assert (await client.get(PATH)).json() == []
        again = await client.post(f"{PATH}/{kept['act']}/undoing", json={})
        assert again.status_code == 404


async def test_a_file_that_is_none_is_told_in_words(site: Site):
    async with await site.signed_in("ana", "staff") as client:
        for path in (PATH, f"{PATH}/preview"):
            answered = await client.post(path, json=file(b"<html>"))
            assert answered.status_code == 400
            assert answered.json()["error"]["what"] == "The file is no JSON."
            assert answered.json()["error"]["means"] == "Nothing was taken in."
        wrong = await client.post(PATH, json={"name": "x", "content": "%%%"})
        assert wrong.status_code == 400
    async with await site.signed_in("olga", "officer") as client:
        assert (await client.post(PATH, json=file(b"[]"))).status_code == 403
