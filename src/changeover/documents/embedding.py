"""A service's way to a model that embeds documents and questions."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.directory.model import Protocol as WireProtocol
from changeover.documents.meaning import Bound, NotEmbeddedError, Texts, Vectored
from changeover.documents.model import NotByMeaning
from changeover.gateway.own_embedding import Embedding, OwnEmbedding
from changeover.gateway.refusal import Refusal
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.in_force import Rules
from changeover.orders.ruleset import Ruleset, call_of

SLOT = "embedding"
_DEFAULT = "default"
_BY_RULES = frozenset({403, 451})
"""The statuses of a refusal that a rule demands, not a vendor's or our own trouble."""
_PATIENCE = 20.0
_PATIENCE_FOR_A_QUESTION = 5.0


class ServiceEmbedder:
    """Implements `documents.meaning.Embedder` for a service's slot `embedding`."""

    def __init__(
        self,
        embedding: OwnEmbedding,
        rules: Rules,
        clock: Clock,
        reaches: Callable[[str, WireProtocol], bool],
        service: str,
    ) -> None:
        self._embedding = embedding
        self._rules = rules
        self._clock = clock
        self._reaches = reaches
        self._service = service

    def bound(self) -> Bound | None:
        ruleset, now = self._rules.current, self._clock.now()
        routes = self._routes(ruleset, _DEFAULT, now)
        allowed = [route for route in routes if self._decided(ruleset, route, (), now)]
        if not routes:
            return None
        model = ruleset.directory.routes[(allowed or routes)[0]].model
        return Bound(model=model, name=ruleset.directory.models[model].name, allowed=bool(allowed))

    def may_read(self, model: str, content: tuple[str, ...]) -> bool:
        ruleset, now = self._rules.current, self._clock.now()
        routes = self._routes(ruleset, model, now)
        return any(self._decided(ruleset, route, content, now) for route in routes)

    def name_of(self, model: str) -> str:
        found = self._rules.current.directory.models.get(model)
        return model if found is None else found.name

    async def embed(self, texts: Texts) -> Vectored:
        wanted = Embedding(
            service=self._service,
            slot=SLOT,
            account=texts.account,
            model=texts.model,
            texts=texts.texts,
            question=texts.question,
            content=texts.content,
        )
        patience = _PATIENCE_FOR_A_QUESTION if texts.question else _PATIENCE
        try:
            async with asyncio.timeout(patience):
                made = await self._embedding.embed(wanted)
        except Refusal as refusal:
            because: NotByMeaning = "barred" if refusal.status in _BY_RULES else "unreached"
            raise NotEmbeddedError(because, refusal.message) from refusal
        except TimeoutError as error:
            raise NotEmbeddedError("unreached", "The model gave no vectors in time.") from error
        return Vectored(vectors=made.vectors, version=made.version)

    def _routes(self, ruleset: Ruleset, model: str, now: datetime) -> list[str]:
        """The routes to the model that can be called; none where the slot or the model is not."""
        service = ruleset.directory.services.get(self._service)
        if service is None or SLOT not in {slot.name for slot in service.slots}:
            return []
        try:
            found = find_candidates(ruleset, self._service, SLOT, model, now)
        except NotFoundError:
            return []
        directory = ruleset.directory
        routes = (directory.routes[name] for name in (*found.asked, *found.fallbacks))
        return [
            route.id
            for route in routes
            if directory.models[route.model].kind == "embedding"
            and self._reaches(route.host, route.protocol)
            and (model == _DEFAULT or directory.routes[found.asked[0]].model == route.model)
        ]

    def _decided(
        self, ruleset: Ruleset, route: str, content: tuple[str, ...], now: datetime
    ) -> bool:
        call = call_of(ruleset.directory.services[self._service], SLOT)
        call = msgspec.structs.replace(call, content=content)
        return decide(ruleset, call, route, now).outcome != "refuse"
