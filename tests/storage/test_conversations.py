"""What the database alone must keep of conversations: across processes, and for good."""

import pytest

from changeover.chat.log import EventLog
from changeover.chat.model import Delta
from changeover.storage.errors import StorageError
from tests.chat.world import ANA, World, begin, database_store, running, say
from tests.contracts.test_conversations_contract import ANSWER, CONVERSATION, QUESTION


def test_a_turn_needs_its_conversation(database_url: str):
    def add() -> None:
        with database_store(database_url) as store, store.begin(alone=False) as work:
            work.conversations.add_turn(QUESTION)

    with pytest.raises(StorageError):
        add()


def test_what_is_undone_leaves_neither_turn_nor_event(database_url: str):
    with database_store(database_url) as store:

        def fail() -> None:
            with store.begin(alone=False) as work:
                work.conversations.add(CONVERSATION)
                work.conversations.add_turn(QUESTION)
                work.chat_events.append("conv_1", ANSWER.created, [Delta(turn="t", text="x", at=0)])
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        with store.reading() as work:
            assert work.conversations.turns("conv_1") == []
            assert work.chat_events.last("conv_1") == 0


def test_a_reading_unit_cannot_write(database_url: str):
    with database_store(database_url) as store:

        def write() -> None:
            with store.reading() as work:
                work.conversations.add(CONVERSATION)

        with pytest.raises(StorageError):
            write()


async def test_a_conversation_is_read_again_by_the_next_process(database_url: str):
    with database_store(database_url) as store:
        async with running(World(store)) as world:
            conversation = await world.begin()
            await world.ask(conversation, "Hello 😀?")
            world.models.script = begin("Half")
            await world.send(conversation, "More?")
            await world.until_text(conversation, "Half")
            before = await world.chats.read(ANA, conversation)
        async with running(World(store)) as world:
            after = await world.chats.read(ANA, conversation)
            assert after.turns[:3] == before.turns[:3]
            assert (after.turns[3].state, after.turns[3].text) == ("interrupted", "Half")
            assert after.generating is None


async def test_sending_adds_rows_and_reads_the_turns_once(database_url: str, monkeypatch):
    read: list[str] = []
    with database_store(database_url) as store:
        async with running(World(store)) as world:
            conversation = await world.begin()
            for number in range(5):
                await world.ask(conversation, f"{number}?")
            original = EventLog.read

            async def counted(log: EventLog, act):
                read.append("read")
                return await original(log, act)

            monkeypatch.setattr(EventLog, "read", counted)
            world.models.script = say("a", "b", "c")
            await world.send(conversation, "Last?")
            assert read == ["read"]
