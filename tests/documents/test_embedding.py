"""Embedding documents by a service's model: decided, journalled, and refused as any call."""

from typing import Any

import msgspec
import pytest

from changeover.directory.model import Slot
from changeover.documents.embedding import SLOT, ServiceEmbedder
from changeover.documents.meaning import NotEmbeddedError, Texts, packed
from changeover.gateway.own_embedding import OwnEmbedding
from changeover.gateway.ports import UpstreamError
from changeover.orders.model import Instrument, Scope
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from tests.gateway.worlds import World
from tests.orders.worlds import bind, day, directory, issued, model, order, reading, route, service

VECTORS = b'{"object": "list", "data": [{"index": 0, "embedding": [0.6, 0.8]}], "model": "vec-1"}'
SECRET = Scope(parties=("state",), data_classes=("secret",))


def ruleset(*instruments: Instrument, slots: tuple[str, ...] = (SLOT,)) -> Ruleset:
    bound = msgspec.structs.replace(bind("desk", "alpha/vec", "beta/vec"), slot=SLOT)
    base = directory(bindings=(bound,))
    models = [model("alpha/vec", kind="embedding"), model("beta/vec", kind="embedding")]
    routes = [route("alpha/vec@alpha"), route("beta/vec@beta", protocol="gemini-generate")]
    held = tuple(Slot(name=name, purpose="search") for name in slots)
    desk = service("desk", "bureau", slots=held, when_barred="replace")
    known = Known(
        directory=msgspec.structs.replace(
            base,
            models=base.models | {each.id: each for each in models},
            routes=base.routes | {each.id: each for each in routes},
            services=base.services | {"desk": desk},
        ),
        issued=tuple(issued(each) for each in instruments),
    )
    return compile_ruleset(known, version="test")


class Place:
    def __init__(self, *instruments: Instrument, **fields: tuple[str, ...]) -> None:
        self.world = World(ruleset(*instruments, **fields), at=day(1))
        self.world.vendor.answers["alpha"] = VECTORS
        self.embedder = ServiceEmbedder(
            OwnEmbedding(self.world.serving),
            self.world.rules,
            self.world.clock,
            lambda _host, _protocol: True,
            "desk",
        )

    async def embed(self, **fields: object):
        given: dict[str, Any] = {
            "model": "alpha/vec",
            "texts": ("a",),
            "account": "acc",
            "content": ("internal",),
        }
        return await self.embedder.embed(Texts(**(given | fields)))


async def test_what_is_embedded_is_journalled_for_whose_it_is():
    place = Place()
    made = await place.embed()
    assert (made.vectors, made.version) == (((0.6, 0.8),), "vec-1")
    intent = place.world.journal.intents[0]
    assert (intent.operation, intent.key, intent.content) == ("embed", "acc", ("internal",))


async def test_a_question_is_told_from_a_document_where_the_vendor_wants_to_know():
    place = Place()
    place.world.vendor.answers["beta"] = b'{"embedding": {"values": [1.0, 0.0]}}'
    await place.embed(model="beta/vec", question=True)
    assert b'"RETRIEVAL_QUERY"' in place.world.vendor.sent[0].body


async def test_a_barred_model_embeds_nothing_and_the_binding_gives_way_to_its_next():
    place = Place(order("bar"))
    bound = place.embedder.bound()
    assert bound is not None
    assert (bound.model, bound.allowed) == ("beta/vec", True)
    assert not place.embedder.may_read("alpha/vec", ())
    with pytest.raises(NotEmbeddedError) as refused:
        await place.embed()
    assert refused.value.because == "barred"
    assert place.world.vendor.sent == []


async def test_content_of_a_class_goes_where_it_may():
    place = Place(order("bar", reading(scope=SECRET)))
    assert place.embedder.may_read("alpha/vec", ("internal",))
    assert not place.embedder.may_read("alpha/vec", ("secret",))
    with pytest.raises(NotEmbeddedError) as refused:
        await place.embed(content=("secret",))
    assert refused.value.because == "barred"
    assert place.world.vendor.sent == []


async def test_a_vendor_that_fails_is_unreached():
    place = Place()
    place.world.vendor.answers["alpha"] = UpstreamError("gone")
    with pytest.raises(NotEmbeddedError) as failed:
        await place.embed()
    assert failed.value.because == "unreached"


def test_a_service_without_the_slot_binds_nothing():
    assert Place(slots=("chat",)).embedder.bound() is None


def test_vectors_are_brought_to_length_one_and_must_be_alike():
    assert len(packed([(3.0, 4.0), (0.0, 0.0)])) == 8
    with pytest.raises(NotEmbeddedError):
        packed([(1.0,), (1.0, 2.0)])
