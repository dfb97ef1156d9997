"""A chat over fakes: the small world of the orders' tests, and models that do as told."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.ids import new_id
from changeover.chat.feedback import Feedback, ModelFeedback, SaidOfAnswer
from changeover.chat.finding import Hit, Term, places, words_in
from changeover.chat.folders import Folder
from changeover.chat.generation import Generations
from changeover.chat.generation import Parts as GenerationParts
from changeover.chat.imported import Imported
from changeover.chat.log import EventLog, Pace
from changeover.chat.model import (
    ChatEvent,
    ConversationLine,
    Place,
    Served,
    Source,
    StoredConversation,
    StoredEvent,
    StoredTurn,
    Turn,
)
from changeover.chat.new_turns import Message
from changeover.chat.ports import Asking, ChatStore, ChatWork, Models, Offload
from changeover.chat.prompts import StoredPrompt
from changeover.chat.removed_store import Due, Removed
from changeover.chat.removing import Removals
from changeover.chat.shares import StoredShare
from changeover.chat.shelf import Loaded, load
from changeover.chat.temporary_store import Temporary
from changeover.chat.titles import Titling
from changeover.chat.usecases import Chats, Parts
from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    UsageSeen,
)
from changeover.conversation.model import Usage
from changeover.directory.model import Slot
from changeover.documents.model import Found as FileFound
from changeover.documents.model import StoredFile
from changeover.documents.picturing import Picture
from changeover.documents.searching import Searched, Seeking
from changeover.gateway.exchange import ServedBy
from changeover.gateway.refusal import Refusal, barred
from changeover.identity.people import Account
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.in_force import Rules
from changeover.orders.model import Instrument, Rebinding
from changeover.orders.ruleset import Ruleset, call_of
from changeover.storage.database import Database
from tests.fakes import FakeLedgerQueue
from tests.orders.worlds import T0, bind, day, order, reading, rules, service
from tests.translation.fakes import FakeTranslations

ANA = Account(
    id="acct_ana",
    login="ana",
    name="Ana",
    party="bureau",
    roles=("staff",),
    language="en",
    created=T0,
)
MARC = msgspec.structs.replace(ANA, id="acct_marc", login="marc", language="fr")
STRANGER = msgspec.structs.replace(ANA, id="acct_far", login="far", party="elsewhere")

SLOTS = (Slot(name="chat", purpose="work"), Slot(name="title", purpose="titles"))


class FakeFolders:
    """Implements `chat.folders.Folders`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, Folder]] = {}
        self.gone: set[str] = set()

    def of(self, account: str) -> list[Folder]:
        own = [folder for owner, folder in self.kept.values() if owner == account]
        return [folder for folder in own if folder.id not in self.gone]

    def removed(self, account: str, folder: str) -> Folder | None:
        owner, found = self.kept.get(folder, ("", None))
        return found if owner == account and folder in self.gone else None

    def add(self, account: str, folder: Folder, at: datetime) -> None:
        self.kept[folder.id] = (account, folder)

    def rename(self, folder: str, name: str) -> None:
        account, found = self.kept[folder]
        self.kept[folder] = (account, msgspec.structs.replace(found, name=name))

    def remove(self, folder: str, at: datetime | None) -> None:
        (self.gone.discard if at is None else self.gone.add)(folder)


class FakePrompts:
    """Implements `chat.prompts.Prompts`."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredPrompt] = {}
        self.gone: set[str] = set()

    def usable(self, account: str, parties: Collection[str]) -> list[StoredPrompt]:
        standing = [one for name, one in sorted(self.kept.items()) if name not in self.gone]
        return [
            one
            for one in standing
            if (one.account == account if one.party is None else one.party in parties)
        ]

    def get(self, prompt: str, *, removed: bool) -> StoredPrompt | None:
        return self.kept.get(prompt) if (prompt in self.gone) == removed else None

    def put(self, prompt: StoredPrompt, at: datetime) -> None:
        self.kept[prompt.id] = prompt

    def remove(self, prompt: str, at: datetime | None) -> None:
        (self.gone.discard if at is None else self.gone.add)(prompt)


class FakeConversations:
    """Implements `chat.ports.Conversations`."""

    def __init__(self, folders: FakeFolders) -> None:
        self.kept: dict[str, StoredConversation] = {}
        self._folders = folders
        self.by_id: dict[str, StoredTurn] = {}
        self.pinned: set[str] = set()
        self.archived: set[str] = set()
        self.folder: dict[str, str] = {}

    def add(self, conversation: StoredConversation) -> None:
        self.kept[conversation.id] = conversation

    def get(self, conversation: str) -> StoredConversation:
        if conversation not in self.kept:
            raise NotFoundError(f"There is no conversation {conversation}.")
        return self.kept[conversation]

    def lock(self, conversations: Collection[str]) -> None:
        pass

    def lines(self, account: str) -> list[ConversationLine]:
        own = [
            c
            for c in self.kept.values()
            if c.account == account and not c.temporary_until and not c.removed
        ]
        return [
            ConversationLine(
                id=c.id,
                title=c.title,
                changed=c.changed,
                turns=len(self.turns(c.id)),
                pinned=c.id in self.pinned,
                archived=c.id in self.archived,
                folder=None if (folder := self.in_folder(c.id)) is None else folder.id,
            )
            for c in sorted(own, key=lambda c: (c.changed, c.id), reverse=True)
        ]

    def rename(self, conversation: str, title: str, *, instead_of: str | None = None) -> bool:
        found = self.kept.get(conversation)
        if found is None or instead_of not in {None, found.title}:
            return False
        self.kept[conversation] = msgspec.structs.replace(found, title=title)
        return True

    def shelve(self, conversation: str, at: datetime, place: Place) -> None:
        for kept, wanted in ((self.pinned, place.pinned), (self.archived, place.archived)):
            if wanted is not None:
                (kept.add if wanted else kept.discard)(conversation)
        if place.folder is not None:
            self.folder[conversation] = place.folder

    def in_folder(self, conversation: str) -> Folder | None:
        """The standing folder that a conversation is in."""
        account = self.kept[conversation].account
        wanted = self.folder.get(conversation)
        return next((one for one in self._folders.of(account) if one.id == wanted), None)

    def touch(self, conversation: str, at: datetime) -> None:
        self.kept[conversation] = msgspec.structs.replace(self.kept[conversation], changed=at)

    def turns(self, conversation: str) -> list[StoredTurn]:
        own = [turn for turn in self.by_id.values() if turn.conversation == conversation]
        return sorted(own, key=lambda turn: (turn.created, turn.id))

    def add_turn(self, turn: StoredTurn) -> None:
        named = {t.client_id for t in self.turns(turn.conversation) if t.client_id is not None}
        if turn.id in self.by_id or turn.client_id in named:
            raise ConflictError("The message was kept already.")
        self.by_id[turn.id] = turn

    def settle(self, turn: StoredTurn) -> bool:
        found = self.by_id.get(turn.id)
        if found is None or found.state != "generating":
            return False
        self.by_id[turn.id] = turn
        return True

    def over(self, turns: Collection[str]) -> frozenset[str]:
        ended = {turn.id for turn in self.by_id.values() if turn.state != "generating"}
        return frozenset(ended.intersection(turns))

    def generating(self) -> list[StoredTurn]:
        return [turn for turn in self.by_id.values() if turn.state == "generating"]


class FakeChatEvents:
    """Implements `chat.ports.ChatEvents`."""

    def __init__(self) -> None:
        self.logs: dict[str, list[StoredEvent]] = {}

    def append(self, conversation: str, at: datetime, events: Sequence[ChatEvent]) -> int:
        log = self.logs.setdefault(conversation, [])
        log += [StoredEvent(seq=n, event=e) for n, e in enumerate(events, len(log) + 1)]
        return len(log)

    def after(self, conversation: str, seq: int, limit: int | None = None) -> list[StoredEvent]:
        return self.logs.get(conversation, [])[seq:][:limit]

    def last(self, conversation: str) -> int:
        return len(self.logs.get(conversation, []))

    def newest(self, conversations: Collection[str]) -> dict[str, int]:
        return {name: self.last(name) for name in conversations}


class FakeInstructions:
    """Implements `chat.ports.Instructions`."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def of(self, account: str) -> str:
        return self.kept.get(account, "")

    def put(self, account: str, text: str, at: datetime) -> None:
        self.kept[account] = text


class FakeShares:
    """Implements `chat.shares.Shares`."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredShare] = {}
        self.disabled: dict[str, datetime] = {}

    def add(self, share: StoredShare, at: datetime) -> None:
        self.kept[share.id] = share

    def get(self, share: str) -> StoredShare | None:
        found = self.kept.get(share)
        if found is None or found.ended is not None:
            return found
        return msgspec.structs.replace(found, ended=self.disabled.get(found.account))

    def of(self, account: str) -> list[StoredShare]:
        return [one for one in reversed(self.kept.values()) if one.account == account]

    def end(self, share: str, at: datetime | None) -> None:
        self.kept[share] = msgspec.structs.replace(self.kept[share], ended=at)


class FakeTemporaries:
    """Implements `chat.temporary_store.TemporaryConversations`; all people are of one party."""

    def __init__(self, conversations: FakeConversations) -> None:
        self._conversations = conversations

    def all(self) -> list[Temporary]:
        found = [
            Temporary(conversation=one.id, party=ANA.party, until=one.temporary_until)
            for one in self._conversations.kept.values()
            if one.temporary_until is not None
        ]
        return sorted(found, key=lambda one: (one.until, one.conversation))

    def keep(self, conversation: str) -> None:
        kept = self._conversations.kept
        kept[conversation] = msgspec.structs.replace(kept[conversation], temporary_until=None)


class FakeRemoved:
    """Implements `chat.removed_store.RemovedConversations`; all people are of one party."""

    def __init__(self, conversations: FakeConversations, imported: "FakeImported") -> None:
        self._conversations = conversations
        self._imported = imported

    def mark(self, conversation: str, at: datetime | None) -> None:
        kept = self._conversations.kept
        kept[conversation] = msgspec.structs.replace(kept[conversation], removed=at)

    def of(self, account: str) -> list[Removed]:
        found = [
            Removed(
                id=one.id,
                title=one.title,
                removed=one.removed,
                turns=len(self._conversations.turns(one.id)),
            )
            for one in self._conversations.kept.values()
            if one.account == account and one.removed is not None
        ]
        return sorted(found, key=lambda one: (-one.removed.timestamp(), one.id))

    def parties(self) -> list[str]:
        kept = self._conversations.kept.values()
        return [ANA.party] if any(one.temporary_until is None for one in kept) else []

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        over = [
            one
            for one in self._conversations.kept.values()
            if party == ANA.party and _is_over(one, removed_before, changed_before)
        ]
        over.sort(key=lambda one: (one.changed, one.id))
        return [
            Due(conversation=one.id, party=party, by_owner=one.removed is not None)
            for one in over[:most]
        ]

    def is_due(
        self, due: Due, *, removed_before: datetime, changed_before: datetime | None
    ) -> bool:
        one = self._conversations.kept.get(due.conversation)
        if one is None or not _is_over(one, removed_before, changed_before):
            return False
        return all(turn.state != "generating" for turn in self._conversations.turns(one.id))

    def remove(self, conversation: str) -> int:
        turns = self._conversations.turns(conversation)
        for turn in turns:
            del self._conversations.by_id[turn.id]
        del self._conversations.kept[conversation]
        self._imported.kept.pop(conversation, None)
        return len(turns)


def _is_over(
    one: StoredConversation, removed_before: datetime, changed_before: datetime | None
) -> bool:
    removed = one.removed is not None and one.removed < removed_before
    changed = changed_before is not None and one.changed < changed_before
    return one.temporary_until is None and (removed or changed)


class FakeFeedbacks:
    """Implements `chat.feedback.Feedbacks`; all people are of one party."""

    def __init__(self, conversations: FakeConversations) -> None:
        self._conversations = conversations
        self._said: dict[str, tuple[datetime, Feedback]] = {}

    def put(self, account: str, feedback: Feedback, at: datetime) -> None:
        self._said[feedback.turn] = (at, feedback)

    def remove(self, turn: str) -> None:
        self._said.pop(turn, None)

    def of(self, conversation: str) -> list[Feedback]:
        turns = {turn.id for turn in self._conversations.turns(conversation)}
        found = [said for _, said in self._said.values() if said.turn in turns]
        return sorted(found, key=lambda said: said.turn)

    def by_model(self, since: datetime) -> list[ModelFeedback]:
        rated = [(self._served(said), said.rating) for at, said in self._standing() if at >= since]
        found = [
            ModelFeedback(
                model=model,
                model_name=name,
                maker=maker,
                helpful=rated.count(((model, name, maker), "helpful")),
                not_helpful=rated.count(((model, name, maker), "not-helpful")),
            )
            for model, name, maker in {served for served, _ in rated}
        ]
        return sorted(found, key=lambda one: (-one.helpful - one.not_helpful, one.model))

    def words(self, since: datetime, most: int) -> list[SaidOfAnswer]:
        found = [
            SaidOfAnswer(
                at=at,
                party=ANA.party,
                model=self._served(said)[0],
                model_name=self._served(said)[1],
                rating=said.rating,
                words=said.words,
            )
            for at, said in self._standing()
            if at >= since and said.words
        ]
        return sorted(found, key=lambda one: one.at, reverse=True)[:most]

    def _standing(self) -> list[tuple[datetime, Feedback]]:
        turns = self._conversations.by_id
        return [(at, said) for at, said in self._said.values() if said.turn in turns]

    def _served(self, said: Feedback) -> tuple[str, str, str]:
        served = self._conversations.by_id[said.turn].served
        assert served is not None
        return served.model, served.model_name, served.maker


class FakeImported:
    """Implements `chat.imports.ports.ImportedConversations`."""

    def __init__(self, conversations: FakeConversations) -> None:
        self._conversations = conversations
        self.kept: dict[str, Imported] = {}

    def add(self, imported: Imported) -> None:
        if self.has(imported.account, imported.digest):
            raise ConflictError("This conversation was taken in already.")
        self.kept[imported.conversation] = imported

    def of(self, account: str) -> list[Imported]:
        own = [one for one in self.kept.values() if one.account == account]
        return sorted(own, key=lambda one: (one.at, one.conversation), reverse=True)

    def has(self, account: str, digest: str) -> bool:
        return any(one.digest == digest for one in self.of(account))

    def has_other(self, account: str, source: Source, source_id: str) -> bool:
        named = (source, source_id)
        return any((one.source, one.source_id) == named for one in self.of(account))


class FakeSearch:
    """Implements `chat.ports.Search` over the fake's conversations: the most matches first."""

    def __init__(self, conversations: FakeConversations) -> None:
        self._conversations = conversations

    def count(self, account: str, terms: Sequence[Term]) -> int:
        return len(self._found(account, terms))

    def hits(self, account: str, terms: Sequence[Term], skip: int, limit: int) -> list[Hit]:
        return self._found(account, terms)[skip:][:limit]

    def _found(self, account: str, terms: Sequence[Term]) -> list[Hit]:
        scored = []
        for hit in self._texts(account):
            words = list(words_in(hit.text))
            counts = [len(places(words, term)) for term in terms]
            if all(counts):
                score = sum(counts) / len(words)
                scored.append((score, hit.at, hit.turn or hit.conversation, hit))
        return [each[-1] for each in sorted(scored, key=lambda each: each[:-1], reverse=True)]

    def _texts(self, account: str) -> Iterator[Hit]:
        for own in self._conversations.kept.values():
            if own.account != account or own.temporary_until or own.removed:
                continue
            folder = self._conversations.in_folder(own.id)
            title = Hit(
                conversation=own.id,
                title=own.title,
                turn=None,
                role=None,
                at=own.changed,
                text=own.title,
                folder=None if folder is None else folder.name,
            )
            yield title
            for turn in self._conversations.turns(own.id):
                if turn.state != "generating":
                    yield msgspec.structs.replace(
                        title, turn=turn.id, role=turn.role, at=turn.created, text=turn.text
                    )


class FakeAlive:
    """Implements `chat.ports.Alive`: who is put there lives."""

    def __init__(self) -> None:
        self.living: set[str] = set()

    def starts(self) -> frozenset[str]:
        return frozenset(self.living)


class FakeStore:
    """Implements `chat.ports.ChatStore` and its own work.

    `fails` has the next writes fail. What is told goes to the `takers`, once it is committed.
    """

    def __init__(self) -> None:
        self.folders = FakeFolders()
        self.prompts = FakePrompts()
        self.conversations = FakeConversations(self.folders)
        self.chat_events = FakeChatEvents()
        self.instructions = FakeInstructions()
        self.search = FakeSearch(self.conversations)
        self.shares = FakeShares()
        self.temporaries = FakeTemporaries(self.conversations)
        self.feedback = FakeFeedbacks(self.conversations)
        self.queue = FakeLedgerQueue()
        self.alive = FakeAlive()
        self.imported = FakeImported(self.conversations)
        self.removed = FakeRemoved(self.conversations, self.imported)
        self.translations = FakeTranslations()
        self.takers: list[Callable[[str], None]] = []
        self.fails = 0
        self._told: list[str] = []

    def notify(self, channel: Literal["chat"], payload: str) -> None:
        self._told.append(payload)

    @contextmanager
    def begin(self, *, alone: bool) -> Iterator["FakeStore"]:
        if self.fails:
            self.fails -= 1
            raise ConflictError("The disk is full.")
        yield self
        told, self._told = self._told, []
        for payload in told:
            for taker in self.takers:
                taker(payload)

    @contextmanager
    def reading(self) -> Iterator["FakeStore"]:
        yield self


@contextmanager
def database_store(url: str) -> Iterator[Database]:
    """A store with the accounts of Ana, Marc and a stranger."""
    with Database(url) as database:
        with database.begin() as work:
            for account in (ANA, MARC, STRANGER):
                work.accounts.add(account, None)
        yield database


class Endpoints:
    """Every host but those in `missing` has an endpoint; `stand_ins` are stand-ins."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.stand_ins: set[str] = set()

    def reaches(self, host: str, protocol: str) -> bool:
        return host not in self.missing

    def stands_in(self, host: str) -> bool:
        return host in self.stand_ins


class Answer:
    """An answer whose events a test feeds one by one; `None` ends it without an end."""

    def __init__(self, served: ServedBy, asking: Asking) -> None:
        self.served = served
        self.asking = asking
        self.losses: tuple[str, ...] = ()
        self.closed = False
        self._fed: asyncio.Queue[Event | None] = asyncio.Queue()

    def start(self) -> None:
        self.feed(Started(id="v1", model=f"{self.served.route.upstream_model}-0001"), TextStarted())

    def say(self, *pieces: str) -> None:
        self.feed(*[TextDelta(text=piece) for piece in pieces])

    def finish(self) -> None:
        usage = UsageSeen(usage=Usage(input_tokens=7, output_tokens=3))
        self.feed(TextEnded(), usage, Finished(stop="end"), None)

    def fail(self, kind: str) -> None:
        self.feed(Failed(kind=kind, message="broke"), None)

    def feed(self, *events: Event | None) -> None:
        for event in events:
            self._fed.put_nowait(event)

    async def events(self) -> AsyncGenerator[Event]:
        while (event := await self._fed.get()) is not None:
            if isinstance(event, LossSeen):
                self.losses = (*self.losses, event.loss.field)
            yield event

    async def aclose(self) -> None:
        self.closed = True


class FakeSources:
    """Implements `chat.ports.Sources`: finds what a test put there, and notes what was asked."""

    def __init__(self) -> None:
        self.found = Searched()
        self.asked: list[tuple[str, ...]] = []

    async def search(self, who: Seeking, questions: Sequence[str]) -> Searched:
        self.asked.append(tuple(questions))
        return self.found


class FakePictures:
    """Implements `chat.ports.Pictures`: those that a test put there, by their files' names."""

    def __init__(self) -> None:
        self.kept: dict[str, Picture] = {}

    async def all(self, conversation: str) -> list[StoredFile]:
        return [
            StoredFile(
                id=name,
                account=ANA.id,
                conversation=conversation,
                name=f"{name}.png",
                size=1,
                sha256=name,
                created=T0,
                state="kept",
                found=FileFound(picture="image/png"),
            )
            for name in self.kept
        ]

    async def ready(self, conversation: str, files: Collection[str]) -> dict[str, Picture]:
        return {name: one for name, one in self.kept.items() if name in files}


class FakeModels:
    """Implements `chat.ports.Models`: decides as the gateway does, then does as it is told.

    `script` is run on each answer that begins; without one it says "Yes." at once.
    """

    def __init__(self, rules: Rules, clock: FixedClock) -> None:
        self._rules = rules
        self._clock = clock
        self.answers: list[Answer] = []
        self.refuse: Refusal | None = None
        self.hang = False
        self.fault: Exception | None = None
        self.script: Callable[[Answer], None] = say("Yes.")

    async def ask(self, asking: Asking) -> Answer:
        if self.hang:
            await asyncio.Event().wait()
        if self.refuse is not None:
            raise self.refuse
        if self.fault is not None:
            raise self.fault
        ruleset, now = self._rules.current, self._clock.now()
        call = call_of(ruleset.directory.services[asking.service], asking.slot)
        call = msgspec.structs.replace(call, content=asking.content)
        asked = asking.request.model
        found = find_candidates(ruleset, asking.service, asking.slot, asked, now)
        every = [
            decide(ruleset, call, r, now)
            for r in (*found.asked, *(() if asking.only else found.fallbacks))
        ]
        allowed = next((d for d in every if d.outcome != "refuse"), None)
        if allowed is None:
            raise barred(ruleset, every, instead=(), operator="http://here/")
        route = ruleset.directory.routes[allowed.route]
        served = ServedBy(
            call_id=f"call_{len(self.answers)}",
            asked=asked,
            call=call,
            route=route,
            maker=ruleset.directory.models[route.model].maker,
            decision=allowed,
            instead_of=every[0].route if allowed.route in found.fallbacks else None,
            replaced=every[0] if allowed.route in found.fallbacks else None,
            stand_in=False,
        )
        answer = Answer(served, asking)
        self.answers.append(answer)
        self.script(answer)
        return answer

    def asked(self, slot: str = "chat") -> list[Asking]:
        return [answer.asking for answer in self.answers if answer.asking.slot == slot]


def say(*pieces: str) -> Callable[[Answer], None]:
    """A script: these words, and a whole answer."""

    def script(answer: Answer) -> None:
        answer.start()
        answer.say(*pieces)
        answer.finish()

    return script


def begin(*pieces: str) -> Callable[[Answer], None]:
    """A script: these words, and then nothing until the test feeds more."""

    def script(answer: Answer) -> None:
        answer.start()
        answer.say(*pieces)

    return script


def memo(at: datetime, *models: str, id_: str = "memo") -> Instrument:
    """An instrument that binds the desk's chat and titles to other models."""
    change = Rebinding(service="desk", slots=("chat", "title"), models=models, provisional=True)
    return msgspec.structs.replace(order(id_, at=at), clauses=(), rebindings=(change,))


class Keeping:
    """Implements `chat.removing.Keeping`: a test says who is held, and what parties want."""

    def __init__(self) -> None:
        self.parties: set[str] = set()
        self.kept_days: int | None = None
        self.may_remove = True

    def held(self, party: str) -> bool:
        return party in self.parties

    def days(self, party: str) -> int | None:
        return self.kept_days

    def staff_may_remove(self, party: str) -> bool:
        return self.may_remove


class World:
    """A chat at the service `desk`, bound to alpha/one."""

    def __init__(
        self,
        store: ChatStore | None = None,
        *,
        offload: Offload = asyncio.to_thread,
        pace: Pace | None = None,
        patience: float = 5.0,
        slots: tuple[Slot, ...] = SLOTS,
        party: str = "bureau",
        models: Callable[[Rules, FixedClock], Models] | None = None,
    ) -> None:
        self.clock = FixedClock(day(1))
        self.rules = Rules()
        self._slots = slots
        self._party = party
        self._issued: list[Instrument] = []
        self.issue()
        self.endpoints = Endpoints()
        self.models = FakeModels(self.rules, self.clock)
        asked = self.models if models is None else models(self.rules, self.clock)
        self.fake = FakeStore()
        self.store = store or self.fake
        self.sources = FakeSources()
        self.keeping = Keeping()
        self.sequenced = 0
        self.removals = Removals(self.clock, self._sequence, demonstration=True)
        self.pictures = FakePictures()
        self.start = new_id("start")
        self.log = EventLog(self.store, self.clock, start=self.start, offload=offload, pace=pace)
        self.generations = Generations(
            GenerationParts(
                log=self.log,
                models=asked,
                rules=self.rules,
                endpoints=self.endpoints,
                clock=self.clock,
                demonstration=True,
                patience=patience,
            )
        )
        self.chats = Chats(
            Parts(
                log=self.log,
                generations=self.generations,
                titling=Titling(self.log, asked, patience=patience),
                rules=self.rules,
                endpoints=self.endpoints,
                clock=self.clock,
                sources=self.sources,
                pictures=self.pictures,
                service="desk",
            )
        )

    def _sequence(self) -> None:
        self.sequenced += 1

    @property
    def ruleset(self) -> Ruleset:
        return self.rules.current

    def issue(self, *instruments: Instrument) -> None:
        """Puts instruments on record."""
        self._issued += instruments
        desk = service("desk", self._party, slots=self._slots, when_barred="replace")
        bound = (
            bind("desk", "alpha/one"),
            msgspec.structs.replace(bind("desk", "alpha/one"), slot="title"),
        )
        self.rules.replace(rules(*self._issued, bindings=bound, services=(desk,)))

    def bar_alpha(self, *, cut: bool = False) -> None:
        """An order against alpha, which reaches the desk; it may cut what is on its way."""
        self.issue(order("ban", reading(in_flight="cut" if cut else "finish"), at=day(1)))

    async def begin(self) -> str:
        """A new conversation of Ana's."""
        return (await self.chats.create(ANA)).id

    async def send(self, conversation: str, text: str, **fields):
        given = {"client_id": f"{text}-{len(self.models.answers)}"} | fields
        return await self.chats.send(ANA, conversation, Message(text=text, **given))

    async def idle(self, conversation: str) -> None:
        """Returns when no answer is being written."""
        running = self.generations._running.get(conversation)
        if running is not None and running.task is not None:
            await asyncio.wait({running.task})

    async def ask(self, conversation: str, text: str, **fields):
        """Sends, waits for the end, and gives the answer's turn."""
        sent = await self.send(conversation, text, **fields)
        await self.idle(conversation)
        return await self.turn(conversation, sent.assistant.id)

    async def turn(self, conversation: str, turn: str):
        shown = await self.chats.read(ANA, conversation)
        return next(one for one in shown.turns if one.id == turn)

    async def until_text(self, conversation: str, text: str) -> None:
        """Returns when the answer being written has arrived this far in the store."""

        def loading(work: ChatWork) -> Loaded:
            return load(work, work.conversations.get(conversation).account, conversation)

        while True:
            await self.log.flush()
            shown = (await self.log.read(loading)).shown()
            if shown.turns and shown.turns[-1].text == text:
                return
            await asyncio.sleep(0.001)


@asynccontextmanager
async def running(world: World) -> AsyncGenerator[World]:
    async with world.chats.running():
        yield world


def served(turn: Turn) -> Served:
    assert turn.served is not None
    return turn.served
