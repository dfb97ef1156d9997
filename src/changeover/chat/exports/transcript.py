"""A path of a conversation as people read it: who said what, when, and what came between.

Markdown, Word and the page to print write the same transcript, so that each tells who
answered, every seam, and every answer that is not whole.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.text import Bilingual, Language
from changeover.chat.exports import labels
from changeover.chat.imported import SOURCE_NAMES
from changeover.chat.model import (
    Conversation,
    NotCarried,
    Origin,
    Seam,
    Served,
    Turn,
)
from changeover.conversation.model import Role
from changeover.orders.explain import in_words


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A turn. `seam` stands before it, `marks` after its words, `facts` tell who answered.

    The text of an answer is Markdown, a person's is as they wrote it.
    """

    turn: str
    role: Role
    speaker: str
    when: str
    seam: tuple[str, ...]
    facts: tuple[str, ...]
    text: str
    marks: tuple[str, ...]


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """A path, oldest turn first; `about` stands above it."""

    language: Language
    title: str
    about: tuple[str, ...]
    passages: tuple[Passage, ...]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """In which language, time zone and service, and when, something is exported."""

    language: Language
    zone: ZoneInfo
    now: datetime
    service_name: Bilingual

    def words(self, text: Bilingual, **values: str) -> str:
        return text.in_language(self.language).format(**values)

    def when(self, instant: datetime) -> str:
        return in_words(instant, self.zone, self.language)


def transcript(conversation: Conversation, setting: Setting) -> Transcript:
    """The transcript of the path that is shown."""
    exported = setting.words(
        labels.EXPORTED,
        service=setting.service_name.in_language(setting.language),
        when=setting.when(setting.now),
    )
    about = [setting.words(labels.MACHINE), exported]
    if conversation.branchings:
        about.append(setting.words(labels.ONE_PATH))
    if any(turn.origin is not None for turn in conversation.turns):
        about.append(setting.words(labels.SOME_IMPORTED))
    seams = {seam.before: seam for seam in conversation.seams}
    return Transcript(
        language=setting.language,
        title=conversation.title or setting.words(labels.UNTITLED),
        about=tuple(about),
        passages=tuple(_passage(turn, seams.get(turn.id), setting) for turn in conversation.turns),
    )


def _passage(turn: Turn, seam: Seam | None, setting: Setting) -> Passage:
    said = turn.origin.said if turn.origin is not None else None
    return Passage(
        turn=turn.id,
        role=turn.role,
        speaker=_speaker(turn, setting),
        when=_when(turn, said or turn.created, setting),
        seam=() if seam is None else _seam(seam, setting),
        facts=_facts(turn, setting),
        text=turn.text,
        marks=_marks(turn, setting),
    )


def _when(turn: Turn, said: datetime, setting: Setting) -> str:
    """When a turn was said, and where it came from if that was not here."""
    when = setting.when(said)
    if turn.origin is None:
        return when
    source = SOURCE_NAMES[turn.origin.source]
    return f"{when} ({setting.words(labels.IMPORTED, source=source)})"


def _speaker(turn: Turn, setting: Setting) -> str:
    if turn.role == "user":
        return setting.words(labels.QUESTION)
    served = turn.served
    if turn.origin is not None:
        served = turn.origin.stated
        if served is None:
            return turn.origin.model or setting.words(labels.ANSWER_ELSEWHERE)
    if served is None:
        return setting.words(labels.ANSWER_OF_NOBODY)
    maker = served.maker_name.in_language(setting.language)
    return setting.words(labels.ANSWER, model=served.model_name, maker=maker)


def _facts(turn: Turn, setting: Setting) -> tuple[str, ...]:
    if turn.role == "user":
        return ()
    if turn.origin is not None:
        facts = _facts_elsewhere(turn.origin, turn.created, setting)
    elif turn.served is not None:
        facts = _served(turn.served, turn.created, setting)
    else:
        facts = ()
    return (*facts, setting.words(labels.INSTRUCTED)) if turn.instructed else facts


def _facts_elsewhere(origin: Origin, created: datetime, setting: Setting) -> tuple[str, ...]:
    if origin.stated is not None:
        return _served(origin.stated, origin.said or created, setting)
    if origin.model is None:
        return ()
    return (setting.words(labels.SAID_MODEL, name=origin.model),)


def _served(served: Served, created: datetime, setting: Setting) -> tuple[str, ...]:
    language = setting.language
    model = served.model_name
    if served.version is not None:
        model = setting.words(labels.VERSION, model=model, version=served.version)
    facts = [
        setting.words(labels.VENDOR, name=served.maker_name.in_language(language)),
        setting.words(labels.MODEL, name=model),
        setting.words(labels.HOST, name=served.host_name.in_language(language)),
        setting.words(labels.WRITTEN, when=setting.when(created)),
    ]
    if served.stand_in:
        facts.append(setting.words(labels.STAND_IN))
    if served.demonstration:
        facts.append(setting.words(labels.DEMONSTRATION))
    return tuple(facts)


def _seam(seam: Seam, setting: Setting) -> tuple[str, ...]:
    language = setting.language
    lines = [
        setting.words(
            labels.SEAM,
            to=seam.to_model,
            to_maker=seam.to_maker_name.in_language(language),
            since=seam.from_model,
            from_maker=seam.from_maker_name.in_language(language),
        ),
        f"{seam.carried.in_language(language)} {seam.not_carried.in_language(language)}",
    ]
    if seam.order is not None:
        lines.append(
            setting.words(
                labels.BECAUSE,
                order=seam.order.title.in_language(language),
                issuer=seam.order.issuer_name.in_language(language),
            )
        )
    return tuple(lines)


def _marks(turn: Turn, setting: Setting) -> tuple[str, ...]:
    marks: list[str] = []
    state = labels.STATES.get(turn.state)
    if turn.problem is not None:
        words = turn.problem.words.in_language(setting.language)
        marks.append(words if state is None else f"{setting.words(state)}. {words}")
    elif state is not None:
        marks.append(f"{setting.words(state)}.")
    if turn.origin is not None and turn.origin.not_carried:
        what = uncarried(turn.origin.not_carried, setting)
        marks.append(setting.words(labels.NOT_CARRIED, what=what))
    return tuple(marks)


def uncarried(every: Sequence[NotCarried], setting: Setting) -> str:
    """What was not carried, in words: `images (2), files (1)`."""
    return ", ".join(f"{setting.words(labels.UNCARRIED[one.what])} ({one.count})" for one in every)
