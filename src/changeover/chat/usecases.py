"""What people do in conversations: open, read, write, stop, go on, follow.

A person sees only their own conversations; another's does not exist for them.
They may use the chat's service when their party is the service's party or part
of it: the orders that reach them are then those that reach the service.

Acts in one conversation take turns in this process, from the look at its turns
to the start of the answer. A message that is sent twice under one client's id is
one message. While an answer is written nothing else can be sent there
(`GeneratingError`), from whichever window; every window sees both turns, since
they are events.

Sending reads the conversation's turns once, for the model must be sent them, and
otherwise only adds.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.ids import new_id
from changeover.chat import context, problems
from changeover.chat.choices import DEFAULT, Choosing, Endpoints
from changeover.chat.generation import Generations, Job
from changeover.chat.log import EventLog
from changeover.chat.model import (
    Chat,
    ChatEvent,
    Conversation,
    ModelChoice,
    StoredConversation,
    StoredTurn,
    Titled,
    Turn,
    TurnSeen,
)
from changeover.chat.ports import Asking, ChatWork
from changeover.chat.shelf import Loaded, interrupt, load, owned
from changeover.chat.subscription import Subscription
from changeover.chat.titles import LONGEST, SLOT, Titling, title_request, untitled
from changeover.chat.tree import answer_to, path_to
from changeover.conversation.model import ChatRequest, Text
from changeover.directory.rules import ancestors
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
    service: str
    slot: str = "chat"


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person writes. `model` None takes what the service is bound to.

    `client_id` is the page's own name for it; `fresh` sends no earlier text.
    """

    client_id: str
    text: str
    model: str | None = None
    fresh: bool = False


class Sent(msgspec.Struct, frozen=True):
    """A message as kept, and the turn that answers it."""

    user: Turn
    assistant: Turn


class Chats:
    """The conversations of an installation."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keeps the chat going; at the end what is being written is stored as interrupted."""
        parts = self._parts
        await self.recover()
        storing = asyncio.create_task(parts.log.run())
        try:
            yield
        finally:
            await parts.generations.close()
            await parts.titling.close()
            storing.cancel()
            await asyncio.gather(storing, return_exceptions=True)
            await parts.log.flush()
            parts.log.close()

    async def recover(self) -> None:
        """Ends what an earlier process left generating."""
        for turn in await self._parts.log.read(lambda work: work.conversations.generating()):
            await self._interrupt(turn)

    async def open(self, account: Account) -> Chat:
        """What the chat page opens with. `NotAuthorisedError` outside the service's party."""
        ruleset = self._admitted(account)
        parts, now = self._parts, self._parts.clock.now()
        choosing = self._choosing(ruleset, parts.service)
        lines = await parts.log.read(lambda work: work.conversations.lines(account.id))
        return Chat(
            service=parts.service,
            service_name=ruleset.directory.services[parts.service].name,
            now=now,
            zone=ruleset.directory.zone,
            default_model=choosing.default(),
            models=choosing.all(),
            conversations=tuple(lines),
        )

    async def create(self, account: Account) -> Conversation:
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
        )

        def add(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            work.conversations.add(new)
            return None, ()

        await self._parts.log.write(new.id, add)
        return Loaded(new, (), 0).shown()

    async def read(self, account: Account, conversation: str) -> Conversation:
        """A conversation's path; `NotFoundError`."""
        return (await self._loaded(account, conversation)).shown()

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
        async with self._lock(conversation):
            loaded = await self._loaded(account, conversation)
            repeated = _sent(loaded, message.client_id)
            if repeated is not None:
                return repeated
            loaded = await self._idle(account, loaded)
            ruleset = self._admitted(account)
            question = self._question(loaded, message)
            path = (*loaded.path, question)
            request = self._request(ruleset, loaded.conversation.service, path, message.model)
            answer = self._answer(question, loaded.last_event)
            title = untitled(loaded.conversation.title, path)
            await self._keep((question, answer), "" if loaded.conversation.title else title)
            self._start(account, loaded.conversation, answer, request, title)
            return Sent(question.shown(), answer.shown())

    async def stop(self, account: Account, conversation: str) -> None:
        """Stops the answer that is being written, if any; returns when it is stored."""
        await self._parts.log.read(lambda work: owned(work, account.id, conversation))
        await self._parts.generations.stop(conversation)

    async def go_on(self, account: Account, conversation: str, turn: str) -> Turn:
        """A new turn that goes on from a broken answer; once only for each.

        `ConflictError` when the turn is whole or was refused, `GeneratingError`
        while an answer is written.
        """
        async with self._lock(conversation):
            loaded = await self._loaded(account, conversation)
            broken = next((one for one in loaded.turns if one.id == turn), None)
            if broken is None:
                raise NotFoundError(f"There is no turn {turn} in this conversation.")
            begun = answer_to(loaded.turns, broken)
            if begun is not None:
                return begun.shown()
            loaded = await self._idle(account, loaded)
            broken = next(one for one in loaded.turns if one.id == turn)
            if broken.problem is None or not broken.problem.may_continue:
                raise ConflictError(
                    "This answer cannot be continued.",
                    means="It is whole, or nothing of it was ever sent.",
                    do="Write a new message.",
                )
            ruleset = self._admitted(account)
            path = path_to(loaded.turns, broken)
            request = self._request(ruleset, loaded.conversation.service, path, None)
            answer = self._answer(broken, loaded.last_event)
            await self._keep((answer,), "")
            title = untitled(loaded.conversation.title, path)
            self._start(account, loaded.conversation, answer, request, title)
            return answer.shown()

    async def follow(self, account: Account, conversation: str, after: int) -> Subscription:
        """A reader of what comes after the event `after`. It must be closed."""

        def last(work: ChatWork) -> int:
            owned(work, account.id, conversation)
            return work.chat_events.last(conversation)

        newest = await self._parts.log.read(last)
        return self._parts.log.subscribe(conversation, min(after, newest))

    def _admitted(self, account: Account) -> Ruleset:
        ruleset = self._parts.rules.current
        service = ruleset.directory.services.get(self._parts.service)
        if service is None:
            raise NotFoundError(f"The service {self._parts.service} is not in the directory.")
        if service.party not in ancestors(ruleset.directory, account.party):
            party = ruleset.directory.parties[service.party].name.en
            raise NotAuthorisedError(
                f"{service.name.en} is for the staff of {party}.",
                means="Your department's orders are not those that it keeps.",
                do="Ask your own department for its assistant.",
            )
        return ruleset

    def _lock(self, conversation: str) -> asyncio.Lock:
        lock = self._locks.get(conversation)
        if lock is None:
            lock = self._locks[conversation] = asyncio.Lock()
        return lock

    async def _loaded(self, account: Account, conversation: str) -> Loaded:
        return await self._parts.log.read(lambda work: load(work, account.id, conversation))

    async def _idle(self, account: Account, loaded: Loaded) -> Loaded:
        """The conversation once nothing is written in it; `GeneratingError` while it is."""
        name, generations = loaded.conversation.id, self._parts.generations
        await generations.settled(name)
        if generations.running(name) is not None:
            raise problems.GeneratingError(
                "An answer is being written in this conversation.",
                means="Your message was not sent; it is still in its field.",
                do="Wait for the answer's end, or stop it.",
            )
        writing = [turn for turn in loaded.turns if turn.state == "generating"]
        if not writing:
            return loaded
        loaded = await self._loaded(account, name)
        for turn in loaded.turns:
            if turn.state == "generating":
                await self._interrupt(turn)
        return await self._loaded(account, name)

    async def _interrupt(self, turn: StoredTurn) -> None:
        await self._parts.log.write(turn.conversation, lambda work: (None, interrupt(work, turn)))

    def _choosing(self, ruleset: Ruleset, service: str) -> Choosing:
        parts = self._parts
        return Choosing(ruleset, service, parts.slot, parts.clock.now(), parts.endpoints)

    def _request(
        self, ruleset: Ruleset, service: str, path: Sequence[StoredTurn], model: str | None
    ) -> ChatRequest:
        choosing = self._choosing(ruleset, service)
        choice = self._answering(choosing, model)
        room = choice.context - context.answer_room(choice.context)
        request = context.request_for(path, model=model or DEFAULT, context=choice.context)
        tokens = context.estimated_tokens(request)
        if tokens > room:
            own = -(-len(path[-1].text) // context.CHARACTERS_PER_TOKEN)
            length = problems.Length(tokens=tokens, own=own, room=room)
            raise problems.TooLongError(problems.too_long(choice.name, length))
        return request

    def _answering(self, choosing: Choosing, model: str | None) -> ModelChoice:
        """The model that will most likely answer: what is asked for, else the default."""
        if model is None:
            return choosing.default()
        choice = choosing.of_model(model)
        if choice is None:
            raise ConflictError(
                f"No endpoint is set for {model}, so it cannot be asked.",
                means="Your message was not sent.",
                do="Name another model.",
            )
        return choice

    def _question(self, loaded: Loaded, message: Message) -> StoredTurn:
        path = loaded.path
        return StoredTurn(
            id=new_id("turn"),
            conversation=loaded.conversation.id,
            parent=path[-1].id if path else None,
            role="user",
            created=self._parts.clock.now(),
            state="complete",
            parts=(Text(text=message.text),),
            client_id=message.client_id,
            fresh=message.fresh,
        )

    def _answer(self, parent: StoredTurn, since: int) -> StoredTurn:
        return StoredTurn(
            id=new_id("turn"),
            conversation=parent.conversation,
            parent=parent.id,
            role="assistant",
            created=self._parts.clock.now(),
            state="generating",
            parts=(),
            since=since,
        )

    async def _keep(self, turns: Sequence[StoredTurn], title: str) -> None:
        conversation, now = turns[0].conversation, self._parts.clock.now()

        def keep(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            events: list[ChatEvent] = []
            for turn in turns:
                work.conversations.add_turn(turn)
                events.append(TurnSeen(turn=turn.shown()))
            work.conversations.touch(conversation, now)
            if title and work.conversations.rename(conversation, title, instead_of=""):
                events.append(Titled(title=title))
            return None, events

        await self._parts.log.write(conversation, keep)

    def _start(
        self,
        account: Account,
        conversation: StoredConversation,
        answer: StoredTurn,
        request: ChatRequest,
        title: str,
    ) -> None:
        """Has the turn written, and the conversation titled after it instead of `title`."""
        asking = Asking(
            service=conversation.service,
            slot=self._parts.slot,
            account=account.id,
            request=request,
            # Who names a model wants that one, and is told where it is refused.
            only=request.model != DEFAULT,
        )

        def completed(turn: StoredTurn) -> None:
            slots = self._parts.rules.current.directory.services[conversation.service].slots
            if title and any(slot.name == SLOT for slot in slots):
                question = request.turns[0].parts[0].text
                wanted = msgspec.structs.replace(
                    asking, slot=SLOT, request=title_request(question, turn.text)
                )
                self._parts.titling.begin(wanted, turn, title)

        self._parts.generations.start(Job(turn=answer, asking=asking, completed=completed))


def _sent(loaded: Loaded, client_id: str) -> Sent | None:
    """What a message was made before, under its client's id."""
    user = next((turn for turn in loaded.turns if turn.client_id == client_id), None)
    answer = None if user is None else answer_to(loaded.turns, user)
    return None if user is None or answer is None else Sent(user.shown(), answer.shown())
