"""Translation over fakes: models that give segments back as they are told."""

import asyncio
import re
from collections.abc import Callable

from changeover.conversation.model import Text
from changeover.translation.calling import TranslatingParts
from changeover.translation.model import Term
from changeover.translation.seen import JobSeen
from changeover.translation.translating import Translating
from changeover.translation.usecases import (
    ApprovedTerms,
    TranslationParts,
    Translations,
    Wanted,
)
from changeover.wiring.files import read_document
from tests.chat.world import ANA, Answer, FakeStore, World

SEGMENT = re.compile(r'<segment n="(\d+)">(.*?)</segment>', re.DOTALL)
TEXT = "The memo is new. Read it.\nIt takes effect tomorrow."


class Desk:
    """Translations of the people at the service `desk`, made by the models of a `World`."""

    def __init__(self, world: World | None = None, *, start: str = "start_1") -> None:
        self.world = world or World()
        self.store: FakeStore = self.world.fake
        self.terms: tuple[Term, ...] = ()
        self.living: frozenset[str] = frozenset()
        self.said: list[str] = []
        self.world.models.script = self.answers(lambda _, text: text.upper())
        self.translating = Translating(
            TranslatingParts(
                store=self.store,
                models=self.world.models,
                rules=self.world.rules,
                endpoints=self.world.endpoints,
                clock=self.world.clock,
                offload=asyncio.to_thread,
                service="desk",
                slot="chat",
                start=start,
                living=lambda: self.living,
                demonstration=True,
                patience=2.0,
            )
        )
        self.translations = Translations(
            TranslationParts(
                store=self.store,
                translating=self.translating,
                reads=read_document,
                terms=lambda _party, _source, _target: ApprovedTerms(self.terms, ("House",)),
                now=self.world.clock.now,
            )
        )

    def answers(self, translated: Callable[[int, str], str | None]) -> Callable[[Answer], None]:
        """A model that gives each segment as told, by its number and text; None leaves it out."""

        def script(answer: Answer) -> None:
            answer.start()
            answer.say(self.given(answer, translated))
            answer.finish()

        return script

    def given(self, answer: Answer, translated: Callable[[int, str], str | None]) -> str:
        system, (turn,) = answer.asking.request.system, answer.asking.request.turns
        self.said.append(system[0].text)
        (part,) = turn.parts
        assert isinstance(part, Text)
        return "\n".join(
            f'<segment n="{number}">{given}</segment>'
            for number, text in SEGMENT.findall(part.text)
            if (given := translated(int(number), text)) is not None
        )

    def begin(self, text: str = TEXT, **fields: str | bytes) -> str:
        """A new translation of Ana's, which nobody works at yet."""
        wanted = {"text": text, "target": "fr"} | fields
        return self.translations.begin(ANA, Wanted(**wanted)).line.id  # type: ignore[arg-type]  # as told

    async def work(self, job: str) -> JobSeen:
        """Has it worked at until that ends; what there is then."""
        self.translating.begin(job)
        await self.translating.settled()
        return self.look(job)

    async def translated(self, text: str = TEXT, **fields: str | bytes) -> JobSeen:
        return await self.work(self.begin(text, **fields))

    def look(self, job: str) -> JobSeen:
        return self.translations.look(ANA, job)


def targets(seen: JobSeen) -> list[str]:
    return [one.target for one in seen.segments]


def states(seen: JobSeen) -> list[str]:
    return [one.state for one in seen.segments]
