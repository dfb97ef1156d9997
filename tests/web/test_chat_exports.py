"""Exports over HTTP: files in JSON, the ZIP as it is made, and what is not there."""

import asyncio
import base64
import io
import json
import zipfile
from collections.abc import AsyncIterator

import pytest_asyncio

from changeover.chat.exports.usecases import ExportParts, Exports
from changeover.chat.instructions import Instructing
from changeover.chat.searching import Searching
from changeover.chat.shelving import Shelving
from changeover.web import chat, chat_exports
from tests.chat.world import World, running
from tests.web.serving import Site
from tests.web.test_chat import Browser


class Desk:
    def __init__(self, world: World) -> None:
        instructing = Instructing(world.store, world.clock, asyncio.to_thread)
        shelving = Shelving(world.log, world.clock)
        searching = Searching(world.store, asyncio.to_thread)
        exports = Exports(ExportParts(log=world.log, rules=world.rules, clock=world.clock))
        self.world = world
        self.site = Site(
            *chat.operations(world.chats, instructing, shelving, searching),
            *chat_exports.operations(exports),
        )

    async def said(self, browser: Browser) -> str:
        conversation = await browser.begin()
        assert (await browser.send(conversation, "Really?")).status_code == 200
        await self.world.idle(conversation)
        return conversation


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    async with running(World(party="state")) as world:
        yield Desk(world)


async def test_a_conversation_leaves_in_each_form(desk: Desk):
    async with await desk.site.signed_in("ana", "staff") as client:
        conversation = await desk.said(Browser(desk.site, client))
        path = f"/api/conversations/{conversation}/export"
        found = {}
        for form in ("markdown", "word", "json"):
            answered = await client.get(path, params={"form": form, "lang": "fr"})
            assert answered.status_code == 200, answered.text
            found[form] = answered.json()
        assert base64.b64decode(found["word"]["content"]).startswith(b"PK")
        assert "Vous" in base64.b64decode(found["markdown"]["content"]).decode()
        said = json.loads(base64.b64decode(found["json"]["content"]))
        assert said["turns"][0]["text"] == "Really?"
        assert [found[form]["name"].rpartition(".")[2] for form in found] == ["md", "docx", "json"]
        for wrong in ({"form": "pdf"}, {"form": "word", "lang": "de"}, {}):
            assert (await client.get(path, params=wrong)).status_code == 400
        missing = await client.get("/api/conversations/conv_0/export", params={"form": "json"})
        assert missing.status_code == 404


async def test_a_transcript_is_told_to_be_printed(desk: Desk):
    async with await desk.site.signed_in("ana", "staff") as client:
        conversation = await desk.said(Browser(desk.site, client))
        told = (await client.get(f"/api/conversations/{conversation}/transcript")).json()
        assert [passage["role"] for passage in told["passages"]] == ["user", "assistant"]
        assert told["passages"][1]["facts"][0] == "Vendor: alpha"


async def test_all_leave_as_one_zip_and_only_ones_own(desk: Desk):
    async with await desk.site.signed_in("ana", "staff") as client:
        await desk.said(Browser(desk.site, client))
        answered = await client.get("/api/conversation-exports")
        assert answered.status_code == 200
        assert answered.headers["content-type"] == "application/zip"
        named = "attachment; filename*=UTF-8''changeover-conversations.zip"
        assert answered.headers["content-disposition"] == named
        assert answered.headers["cache-control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answered.content)) as archive:
            assert len(archive.namelist()) == 1
    async with await desk.site.signed_in("marc", "staff") as client:
        answered = await client.get("/api/conversation-exports")
        with zipfile.ZipFile(io.BytesIO(answered.content)) as archive:
            assert archive.namelist() == []
    async with await desk.site.signed_in("olga", "officer") as client:
        assert (await client.get("/api/conversation-exports")).status_code == 403
