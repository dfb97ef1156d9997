"""A conversation's title: the beginning of its first message, then a model's words.

The model that the slot `title` is bound to is asked once, after the first
answer, through the same decision as every call; a service without such a slot
keeps the first words. A title is a convenience: when none is to be had, the log
says so and the person is not bothered.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import structlog

from changeover.chat.choices import DEFAULT
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent, StoredTurn, Titled
from changeover.chat.ports import Asking, ChatWork, Models
from changeover.chat.progress import Progress
from changeover.conversation.events import Finished
from changeover.conversation.model import ChatRequest, Sampling, Text, Turn, words_of
from changeover.gateway.refusal import Refusal

SLOT = "title"
LONGEST = 80
_EXCERPT = 2000
_TOKENS = 40
_QUOTES = "\"'“”«»‹› .\t"
_ASK = (
    "Write a title of at most six words for the conversation below, in its own language. "
    "Answer with the title only, without quotation marks or a full stop.\n\n"
    "{question}\n\n{answer}"
)


def first_words(text: str) -> str:
    """The beginning of a message as a provisional title."""
    return _shortened(" ".join(text.split()))


def untitled(title: str, path: Sequence[StoredTurn]) -> str:
    """The first words of a path that nobody has titled and no model answered yet, else nothing."""
    answered = any(turn.role == "assistant" and turn.state == "complete" for turn in path)
    provisional = first_words(path[0].text)
    return provisional if title in {"", provisional} and not answered else ""


def title_request(question: str, answer: str) -> ChatRequest:
    """What is asked of the title's model: the beginning of both texts goes along."""
    text = _ASK.format(question=question[:_EXCERPT], answer=answer[:_EXCERPT])
    return ChatRequest(
        model=DEFAULT,
        system=(),
        turns=(Turn(role="user", parts=(Text(text=text),)),),
        sampling=Sampling(max_tokens=_TOKENS),
        stream=True,
    )


async def ask_title(
    models: Models, asking: Asking, answered: StoredTurn, *, patience: float
) -> str | None:
    """A title from the model; None, and a line in the log, when none is to be had."""
    log = structlog.get_logger("changeover.chat").bind(conversation=answered.conversation)
    progress = Progress(answered.id)
    try:
        async with asyncio.timeout(patience):
            answer = await models.ask(asking)
            try:
                async with aclosing(answer.events()) as events:
                    async for event in events:
                        progress.take(event)
            finally:
                await answer.aclose()
    except (Refusal, TimeoutError) as error:
        log.info("no title", why=str(error) or "no answer in time")
        return None
    if not isinstance(progress.end, Finished):
        log.info("no title", why="the answer broke off")
        return None
    lines = words_of(progress.parts).strip().splitlines()
    return _shortened(" ".join(lines[0].strip(_QUOTES).split())) if lines else None


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[LONGEST // 2 :] else cut) + "…"


class Titling:
    """Gives conversations their titles, one background task each."""

    def __init__(self, log: EventLog, models: Models, *, patience: float = 60.0) -> None:
        self._log = log
        self._models = models
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, asking: Asking, answered: StoredTurn, instead_of: str) -> None:
        """Has the conversation titled, unless somebody changed the title `instead_of`."""
        task = asyncio.create_task(self._give(asking, answered, instead_of))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """Gives up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            structlog.get_logger("changeover.chat").error("a title failed", exc_info=fault)

    async def _give(self, asking: Asking, answered: StoredTurn, instead_of: str) -> None:
        title = await ask_title(self._models, asking, answered, patience=self._patience)
        if not title:
            return
        name = answered.conversation

        def rename(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            renamed = work.conversations.rename(name, title, instead_of=instead_of)
            return None, (Titled(title=title),) if renamed else ()

        await self._log.write(name, rename)
