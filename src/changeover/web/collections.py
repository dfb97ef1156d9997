"""Collections of parties: `/collections`, and which of them a conversation asks."""

from typing import Annotated

import msgspec

from changeover.documents.collecting import Collecting, CollectionShelf, Wanted
from changeover.documents.collections import AskedCollection, Collection
from changeover.identity.people import Role
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF

Words = Annotated[str, msgspec.Meta(max_length=2_000)]
Named = Annotated[str, msgspec.Meta(max_length=200)]
Some = Annotated[tuple[Named, ...], msgspec.Meta(max_length=100)]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class CollectionWording(_Body, frozen=True, kw_only=True):
    """What a collection is to be; `owners` are logins, `edited_by` roles in its party."""

    name: Words
    description: Words = ""
    data_class: Named
    owners: Some = ()
    edited_by: tuple[Role, ...] = ()


class AskCollections(_Body, frozen=True, kw_only=True):
    """The ids of all collections that a conversation is to ask."""

    collections: Some


def operations(collecting: Collecting) -> list[Operation | Stream]:
    """Keeping collections, and having them asked."""
    desk = _Collections(collecting)
    every, one, of = "/collections", "/collections/{id}", "/conversations/{id}/collections"
    asked = list[AskedCollection]
    return [
        Operation("GET", every, None, CollectionShelf, STAFF, desk.all, "Those open to you."),
        Operation("POST", every, CollectionWording, Collection, STAFF, desk.make, "Make one."),
        Operation("PUT", one, CollectionWording, Collection, STAFF, desk.change, "Change one."),
        Operation("DELETE", one, Done, Done, STAFF, desk.remove, "Remove one."),
        Operation("POST", one + "/return", Done, Collection, STAFF, desk.bring_back, "Undo that."),
        Operation("GET", of, None, asked, STAFF, desk.asked, "The collections that it asks."),
        Operation("PUT", of, AskCollections, asked, STAFF, desk.ask, "Have it ask others."),
    ]


class _Collections:
    def __init__(self, collecting: Collecting) -> None:
        self._collecting = collecting

    async def all(self, caller: Caller, _: None, _params: Params) -> CollectionShelf:
        return await self._collecting.all(caller.account)

    async def make(self, caller: Caller, body: CollectionWording, _params: Params) -> Collection:
        return await self._collecting.make(caller.account, _wanted(body))

    async def change(self, caller: Caller, body: CollectionWording, params: Params) -> Collection:
        return await self._collecting.change(caller.account, params["id"], _wanted(body))

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._collecting.remove(caller.account, params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> Collection:
        return await self._collecting.bring_back(caller.account, params["id"])

    async def asked(self, caller: Caller, _: None, params: Params) -> list[AskedCollection]:
        return await self._collecting.asked(caller.account, params["id"])

    async def ask(
        self, caller: Caller, body: AskCollections, params: Params
    ) -> list[AskedCollection]:
        return await self._collecting.ask(caller.account, params["id"], body.collections)


def _wanted(body: CollectionWording) -> Wanted:
    return Wanted(
        name=body.name,
        description=body.description,
        data_class=body.data_class,
        owners=body.owners,
        edited_by=body.edited_by,
    )
