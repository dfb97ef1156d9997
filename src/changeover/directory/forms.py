"""How people write the directory's values in YAML, and what each form becomes.

A name may be one text for both languages; an instant is a date, a local time in
the directory's zone or a time with offset; a service's slots are written
`slot: purpose`; a model's maker and a route's model and host may be left to the
id; one binding may name several slots, and writes its weights `route: share`.
"""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import read_instant
from changeover.basics.errors import InvalidInputError
from changeover.basics.text import Bilingual
from changeover.directory.model import (
    Binding,
    Capabilities,
    Contact,
    Dialect,
    Issuer,
    Model,
    ModelKind,
    Network,
    Party,
    Protocol,
    Relation,
    Route,
    Service,
    Slot,
    Vendor,
    Waits,
    Weight,
    WhenBarred,
    WhenLost,
    WhenStale,
)

Name = Bilingual | str


def bilingual(name: Name) -> Bilingual:
    """A name in both languages, which may be the same."""
    return Bilingual(en=name, fr=name) if isinstance(name, str) else name


class Reader:
    """Reads what depends on the directory's zone, noting what cannot be read.

    `wrong` lists the field and why; the value read in its place is of no use.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self.wrong: list[tuple[str, InvalidInputError]] = []

    def instant(self, field: str, text: str) -> datetime:
        """The instant written in `field`."""
        try:
            return read_instant(text, self._zone)
        except InvalidInputError as error:
            self.wrong.append((field, error))
            return datetime.min.replace(tzinfo=UTC)


class _Form(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the forms."""


class PartyForm(_Form, frozen=True, kw_only=True):
    name: Name
    aliases: tuple[str, ...] = ()
    part_of: str | None = None
    relations: tuple[Relation, ...] = ()
    contacts: tuple[Contact, ...] = ()

    def read(self, id_: str, _reader: Reader) -> Party:
        return Party(
            id=id_,
            name=bilingual(self.name),
            aliases=self.aliases,
            part_of=self.part_of,
            relations=self.relations,
            contacts=self.contacts,
        )


class IssuerForm(_Form, frozen=True, kw_only=True):
    name: Name
    aliases: tuple[str, ...] = ()
    party: str | None = None
    binds: tuple[str, ...] = ()
    regulates: tuple[str, ...] = ()
    contracts_of: tuple[str, ...] = ()
    may_act_on: tuple[str, ...] = ()
    vendor: str | None = None

    def read(self, id_: str, _reader: Reader) -> Issuer:
        return Issuer(
            id=id_,
            name=bilingual(self.name),
            aliases=self.aliases,
            party=self.party,
            binds=self.binds,
            regulates=self.regulates,
            contracts_of=self.contracts_of,
            may_act_on=self.may_act_on,
            vendor=self.vendor,
        )


class NetworkForm(_Form, frozen=True, kw_only=True):
    name: Name
    level: str
    default: Literal["allow", "deny"]
    owner: str
    rank: int = 0
    max_age_days: int | None = None
    when_stale: WhenStale = "warn"

    def read(self, id_: str, _reader: Reader) -> Network:
        return Network(
            id=id_,
            name=bilingual(self.name),
            level=self.level,
            default=self.default,
            owner=self.owner,
            rank=self.rank,
            max_age_days=self.max_age_days,
            when_stale=self.when_stale,
        )


class VendorForm(_Form, frozen=True, kw_only=True):
    name: Name
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def read(self, id_: str, _reader: Reader) -> Vendor:
        return Vendor(
            id=id_, name=bilingual(self.name), aliases=self.aliases, products=self.products
        )


class ModelForm(_Form, frozen=True, kw_only=True):
    name: str
    capabilities: Capabilities
    maker: str | None = None
    kind: ModelKind = "chat"
    aliases: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    retires: str | None = None

    def read(self, id_: str, reader: Reader) -> Model:
        return Model(
            id=id_,
            name=self.name,
            maker=self.maker or id_.partition("/")[0],
            kind=self.kind,
            aliases=self.aliases,
            derived_from=self.derived_from,
            capabilities=self.capabilities,
            retires=None if self.retires is None else reader.instant("retires", self.retires),
        )


class RouteForm(_Form, frozen=True, kw_only=True):
    protocol: Protocol
    upstream_model: str
    model: str | None = None
    host: str | None = None
    reseller: str | None = None
    dialect: Dialect | None = None
    account: str | None = None
    assurances: tuple[str, ...] = ()

    def read(self, id_: str, _reader: Reader) -> Route:
        model, _, where = id_.rpartition("@")
        return Route(
            id=id_,
            model=self.model or model,
            host=self.host or where.partition(":")[0],
            protocol=self.protocol,
            upstream_model=self.upstream_model,
            dialect=self.dialect,
            reseller=self.reseller,
            account=self.account,
            assurances=self.assurances,
        )


class ServiceForm(_Form, frozen=True, kw_only=True):
    name: Name
    party: str
    network: str
    slots: dict[str, str]
    created: str
    data_class: str = "internal"
    contract: str | None = None
    when_barred: WhenBarred = "refuse"
    losses: WhenLost = "report"
    owner: str = ""
    users: int | None = None
    budget: int | None = None
    criticality: int | None = None
    contacts: tuple[Contact, ...] = ()
    waits: Waits = Waits()

    def read(self, id_: str, reader: Reader) -> Service:
        return Service(
            id=id_,
            name=bilingual(self.name),
            party=self.party,
            network=self.network,
            slots=tuple(Slot(name=name, purpose=purpose) for name, purpose in self.slots.items()),
            created=reader.instant("created", self.created),
            data_class=self.data_class,
            contract=self.contract,
            when_barred=self.when_barred,
            losses=self.losses,
            owner=self.owner,
            users=self.users,
            budget=self.budget,
            criticality=self.criticality,
            contacts=self.contacts,
            waits=self.waits,
        )


class BindingForm(_Form, frozen=True, kw_only=True):
    service: str
    models: tuple[str, ...]
    since: str
    slot: str | None = None
    slots: tuple[str, ...] = ()
    instrument: str | None = None
    provisional: bool = False
    weights: dict[str, int] = {}

    def read(self, reader: Reader) -> tuple[Binding, ...]:
        since = reader.instant("since", self.since)
        return tuple(
            Binding(
                service=self.service,
                slot=slot,
                models=self.models,
                since=since,
                instrument=self.instrument,
                provisional=self.provisional,
                weights=tuple(Weight(route=name, share=n) for name, n in self.weights.items()),
            )
            for slot in self.named_slots()
        )

    def named_slots(self) -> tuple[str, ...]:
        return self.slots if self.slot is None else (self.slot, *self.slots)
