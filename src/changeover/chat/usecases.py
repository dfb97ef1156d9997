"""What people do in conversations: open, read, write, stop, go on, follow.

A person sees only their own conversations; another's does not exist for them.
They may use the chat's service when their party is the service's party or part
of it: the orders that reach them are then those that reach the service.

Acts in one conversation take turns in this process, from the look at its turns
to the start of the answer. Other processes may act in it at the same time: what is
to be kept is kept only if no event came since the look, which is checked where the
conversation is locked, and otherwise everything is looked at again. So a message
that is sent twice under one client's id is one message, and while an answer is
written nothing else can be sent there (`GeneratingError`), from whichever window
and through whichever process; every window sees both turns, since they are events.

Sending reads the conversation's turns once, for the model must be sent them, and
otherwise only adds.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
)
from changeover.basics.ids import new_id
from changeover.chat import grounding, new_turns, picturing, problems, withholding
from changeover.chat.admission import check_admitted
from changeover.chat.choices import DEFAULT, Choosing, Endpoints
from changeover.chat.elsewhere import Grown, Stop, heard
from changeover.chat.generation import Generations, Job
from changeover.chat.locks import Locks
from changeover.chat.log import EventLog
from changeover.chat.model import (
    Chat,
    ChatEvent,
    Conversation,
    News,
    StoredConversation,
    StoredTurn,
    Titled,
    Turn,
    TurnSeen,
)
from changeover.chat.new_turns import Again, Message, Sent, sent_before
from changeover.chat.news import news_of
from changeover.chat.ports import Asking, ChatWork, Pictures, Sources
from changeover.chat.recovery import Recovery
from changeover.chat.requests import Prepared, answering, request_of, room_of
from changeover.chat.shelf import Loaded, kept_by, load, owned
from changeover.chat.stopping import Stopping
from changeover.chat.subscription import Subscription
from changeover.chat.titles import LONGEST, SLOT, Titling, title_request, untitled
from changeover.chat.tree import answer_to, path_to
from changeover.conversation.model import words_of
from changeover.documents.searching import Seeking
from changeover.identity.people import Account
from changeover.orders.in_force import Rules
from changeover.orders.ruleset import Ruleset


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the chat works with; people talk to `service` through its `slot`."""

    log: EventLog
    generations: Generations
    titling: Titling
    rules: Rules
    endpoints: Endpoints
    clock: Clock
    sources: Sources
    pictures: Pictures
    service: str
    slot: str = "chat"


class Chats:
    """The conversations of an installation."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._locks = Locks()
        self._recovery = Recovery(parts.log, parts.generations, self._locks)
        self._stopping = Stopping(parts.log, parts.generations, self._recovery, self._locks)
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keeps the chat going; at the end what is being written is stored as interrupted."""
        parts = self._parts
        self._loop = asyncio.get_running_loop()
        await self.recover()
        tasks = [asyncio.create_task(each.run()) for each in (parts.log, self._recovery)]
        try:
            yield
        finally:
            self._loop = None
            await parts.generations.close()
            await parts.titling.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await parts.log.flush()
            parts.log.close()

    async def recover(self) -> None:
        """Ends what processes that live no more left generating."""
        await self._recovery.look()

    def heard(self, signal: str) -> None:
        """Takes what a process told of conversations; "" when some of it was missed.

        It may be called from any thread, and does nothing while the chat does not run.
        """
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # The loop has ended since.
                loop.call_soon_threadsafe(self._take, heard(signal))

    def _take(self, told: Grown | Stop | None) -> None:
        parts = self._parts
        match told:
            case None:
                self._recovery.soon()
            case Stop(conversation=conversation, turn=turn):
                parts.generations.end(conversation, turn, "stopped")
            case Grown(start=start) if start == parts.log.start:
                pass
            case Grown(conversations=grown):
                parts.log.look_at(grown)
                if any(parts.generations.running(name) is not None for name in grown):
                    self._recovery.soon()

    async def open(self, account: Account) -> Chat:
        """What the chat page opens with. `NotAuthorisedError` outside the service's party."""
        ruleset = self._admitted(account)
        parts, now = self._parts, self._parts.clock.now()
        choosing = self._choosing(ruleset, parts.service)
        lines, folders = await parts.log.read(lambda work: kept_by(work, account.id))
        return Chat(
            service=parts.service,
            service_name=ruleset.directory.services[parts.service].name,
            now=now,
            zone=ruleset.directory.zone,
            default_model=choosing.default(),
            models=choosing.all(),
            conversations=lines,
            folders=folders,
        )

    async def create(
        self, account: Account, *, temporary_until: datetime | None = None
    ) -> Conversation:
        """A new conversation, with no turn in it."""
        self._admitted(account)
        now = self._parts.clock.now()
        new = StoredConversation(
            id=new_id("conv"),
            account=account.id,
            service=self._parts.service,
            title="",
            created=now,
            changed=now,
            temporary_until=temporary_until,
        )

        def add(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            work.conversations.add(new)
            return None, ()

        await self._parts.log.write(new.id, add)
        return Loaded(new, (), 0).shown()

    async def read(
        self, account: Account, conversation: str, through: str | None = None
    ) -> Conversation:
        """A conversation's newest path, or the one through a turn; `NotFoundError`."""
        return (await self._loaded(account, conversation)).shown(through)

    async def rename(self, account: Account, conversation: str, title: str) -> Conversation:
        """Gives a conversation a title of at most `titles.LONGEST` characters."""
        wanted = " ".join(title.split())
        if not 0 < len(wanted) <= LONGEST:
            raise InvalidInputError(
                f"A title has 1 to {LONGEST} characters, and this one has {len(wanted)}."
            )

        def rename(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            owned(work, account.id, conversation)
            work.conversations.rename(conversation, wanted)
            return None, (Titled(title=wanted),)

        await self._parts.log.write(conversation, rename)
        return await self.read(account, conversation)

    async def send(self, account: Account, conversation: str, message: Message) -> Sent:
        """Keeps a message and has it answered.

        Raises `GeneratingError` while an answer is written, `TooLongError` when the text does
        not fit the model, `NotFoundError` for an unknown model; then nothing was kept.
        """
        if not message.text.strip():
            raise InvalidInputError("The message is empty.", do="Write something.")
        async with self._locks.of(conversation):
            while True:
                loaded = await self._loaded(account, conversation)
                repeated = sent_before(loaded, message.client_id)
                if repeated is not None:
                    return repeated
                loaded = await self._idle(account, loaded)
                before = new_turns.place(loaded, message)
                pictures = await picturing.going(self._parts.pictures, loaded, message)
                now = self._parts.clock.now()
                question = new_turns.question(loaded, message, before, now, pictures)
                path = (*before, question)
                prepared = await self._prepare(account, loaded, path, message.model)
                if await self._keep(loaded, (question, prepared.answer), prepared.title):
                    self._start(account, loaded.conversation, prepared)
                    return Sent(question.shown(), prepared.answer.shown())

    async def stop(self, account: Account, conversation: str) -> None:
        """Stops the answer that is being written, if any; returns when it is stored.

        `StillWritingError` when another process writes it and does not stop in time.
        """
        loaded = await self._loaded(account, conversation)
        for turn in loaded.turns:
            if turn.state == "generating":
                await self._stopping.stop(turn, loaded.last_event)

    async def go_on(self, account: Account, conversation: str, turn: str) -> Turn:
        """A new turn that goes on from a broken answer; once only for each.

        `ConflictError` when the turn is whole or was refused, `GeneratingError`
        while an answer is written.
        """
        async with self._locks.of(conversation):
            while True:
                loaded = await self._loaded(account, conversation)
                begun = answer_to(loaded.turns, loaded.named(turn))
                if begun is not None:
                    return begun.shown()
                loaded = await self._idle(account, loaded)
                broken = loaded.named(turn)
                if broken.problem is None or not broken.problem.may_continue:
                    raise ConflictError(
                        "This answer cannot be continued.",
                        means="It is whole, or nothing of it was ever sent.",
                        do="Write a new message.",
                    )
                path = path_to(loaded.turns, broken)
                prepared = await self._prepare(account, loaded, path, None)
                if await self._keep(loaded, (prepared.answer,), ""):
                    self._start(account, loaded.conversation, prepared)
                    return prepared.answer.shown()

    async def answer_again(
        self, account: Account, conversation: str, turn: str, wanted: Again
    ) -> Turn:
        """A new answer beside another; once for each client's id. Raises as `send` does."""
        async with self._locks.of(conversation):
            while True:
                loaded = await self._loaded(account, conversation)
                repeated = new_turns.again_before(loaded, wanted.client_id)
                if repeated is not None:
                    return repeated.shown()
                loaded = await self._idle(account, loaded)
                path = new_turns.asked_for(loaded, turn)
                prepared = await self._prepare(account, loaded, path, wanted.model)
                answer = msgspec.structs.replace(prepared.answer, client_id=wanted.client_id)
                prepared = msgspec.structs.replace(prepared, answer=answer)
                if await self._keep(loaded, (answer,), prepared.title):
                    self._start(account, loaded.conversation, prepared)
                    return answer.shown()

    async def follow(self, account: Account, conversation: str, after: int) -> Subscription:
        """A reader of what comes after the event `after`. It must be closed."""

        def last(work: ChatWork) -> int:
            owned(work, account.id, conversation)
            return work.chat_events.last(conversation)

        newest = await self._parts.log.read(last)
        return self._parts.log.subscribe(conversation, min(after, newest))

    async def news(self, account: Account, conversation: str, after: int) -> News:
        """What was stored after the event `after`, for who is sent no stream: the next of it."""
        return await self._parts.log.read(lambda w: news_of(w, account.id, conversation, after))

    def admit(self, account: Account) -> None:
        """Raises as `open` does for whoever may not use the service."""
        self._admitted(account)

    def _admitted(self, account: Account) -> Ruleset:
        ruleset = self._parts.rules.current
        check_admitted(ruleset.directory, self._parts.service, account)
        return ruleset

    async def _loaded(self, account: Account, conversation: str) -> Loaded:
        return await self._parts.log.read(lambda work: load(work, account.id, conversation))

    async def _idle(self, account: Account, loaded: Loaded) -> Loaded:
        """The conversation once nothing is written in it; `GeneratingError` while it is."""
        name, generations = loaded.conversation.id, self._parts.generations
        writing = [turn for turn in loaded.turns if turn.state == "generating"]
        here = generations.running(name)
        if here is not None and here not in {turn.id for turn in writing}:
            # Another process ended it while this one had no lease.
            generations.end(name, here, "interrupted")
        await generations.settled(name)
        for turn in writing:
            if not await self._recovery.free(turn):
                raise problems.GeneratingError(
                    "An answer is being written in this conversation.",
                    means="Your message was not sent; it is still in its field.",
                    do="Wait for the answer's end, or stop it.",
                )
        return await self._loaded(account, name) if writing else loaded

    def _choosing(self, ruleset: Ruleset, service: str) -> Choosing:
        parts = self._parts
        return Choosing(ruleset, service, parts.slot, parts.clock.now(), parts.endpoints)

    async def _prepare(
        self, account: Account, loaded: Loaded, path: Sequence[StoredTurn], model: str | None
    ) -> Prepared:
        """The turn that answers a path, and what is asked for it."""
        ruleset, service = self._admitted(account), loaded.conversation.service
        data_class = ruleset.directory.services[service].data_class
        who = Seeking(account=account, conversation=loaded.conversation.id, data_class=data_class)
        found = await grounding.sought(self._parts.sources, who, path)
        choosing = self._choosing(self._admitted(account), service)
        refused = choosing.refusing(model, withholding.classes(path, found))
        kept = withholding.keep(path, found, refused)
        request = request_of(choosing, kept.path, model, loaded.instructions)
        question = words_of(request.turns[0].parts)
        takes = answering(choosing, model).images
        seen = await picturing.seen(self._parts.pictures, request, path, takes=takes)
        request, given = grounding.grounded(seen.request, kept.given, room_of(choosing, model))
        title = untitled(loaded.conversation.title, path)
        now, start = self._parts.clock.now(), self._parts.log.start
        answer = msgspec.structs.replace(
            new_turns.answer(loaded, path[-1], now, start),
            given=given,
            withheld=kept.withheld,
            unseen=seen.unseen,
            content=kept.content(given),
        )
        return Prepared(answer, request, title, question)

    async def _keep(self, loaded: Loaded, turns: Sequence[StoredTurn], title: str) -> bool:
        """Keeps turns, if nothing happened in the conversation since it was loaded."""
        conversation, now = loaded.conversation.id, self._parts.clock.now()
        # What has a title keeps it.
        title = "" if loaded.conversation.title else title

        def keep(work: ChatWork) -> tuple[bool, Sequence[ChatEvent]]:
            if work.chat_events.last(conversation) != loaded.last_event:
                return False, ()
            events: list[ChatEvent] = []
            for turn in turns:
                work.conversations.add_turn(turn)
                events.append(TurnSeen(turn=turn.shown()))
            work.conversations.touch(conversation, now)
            if title and work.conversations.rename(conversation, title, instead_of=""):
                events.append(Titled(title=title))
            return True, events

        return await self._parts.log.write(conversation, keep)

    def _start(
        self, account: Account, conversation: StoredConversation, prepared: Prepared
    ) -> None:
        """Has the turn written, and the conversation titled after it."""
        request, title = prepared.request, prepared.title
        asking = Asking(
            service=conversation.service,
            slot=self._parts.slot,
            account=account.id,
            request=request,
            # Who names a model wants that one, and is told where it is refused.
            only=request.model != DEFAULT,
            content=prepared.answer.content,
        )

        def completed(turn: StoredTurn) -> None:
            slots = self._parts.rules.current.directory.services[conversation.service].slots
            titled = title and conversation.temporary_until is None
            if titled and any(slot.name == SLOT for slot in slots):
                wanted = msgspec.structs.replace(
                    asking, slot=SLOT, request=title_request(prepared.question, turn.text)
                )
                self._parts.titling.begin(wanted, turn, title)

        self._parts.generations.start(Job(turn=prepared.answer, asking=asking, completed=completed))
