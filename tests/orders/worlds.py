"""A small world for tests of orders, and short ways to write instruments in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import (
    Binding,
    Capabilities,
    Directory,
    Issuer,
    Model,
    Network,
    Party,
    Relation,
    Route,
    Service,
    Slot,
    Vendor,
)
from changeover.orders.model import (
    Clause,
    Instrument,
    Issued,
    Moment,
    Reading,
    Scope,
    Source,
    Target,
    WindDown,
)
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    """So many days after the world's beginning."""
    return T0 + timedelta(days=number)


def name(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)


def service(id_: str, party: str, **other) -> Service:
    fields: dict[str, Any] = {
        "network": "open",
        "created": T0,
        "slots": (Slot(name="chat", purpose="work"),),
    }
    return Service(id=id_, name=name(id_), party=party, **(fields | other))


def model(id_: str, **other) -> Model:
    maker, short = id_.split("/")
    return Model(id=id_, name=short, maker=maker, capabilities=Capabilities(context=1000), **other)


def route(id_: str, **other) -> Route:
    model_id, host = id_.split("@")
    fields: dict[str, Any] = {"protocol": "openai-chat", "upstream_model": model_id.split("/")[1]}
    return Route(id=id_, model=model_id, host=host, **(fields | other))


def directory(*, bindings: tuple[Binding, ...] = ()) -> Directory:
    """A state with a bureau, a regulated body, a contractor, two makers and a reseller."""
    contract = Relation(kind="contracted-to", to="state", basis="contract law", contract="C-1")
    regulated = Relation(kind="regulated-by", to="state", basis="the Act")
    parties = [
        Party(id="state", name=name("State")),
        Party(id="bureau", name=name("Bureau"), part_of="state"),
        Party(id="body", name=name("Body"), relations=(regulated,)),
        Party(id="firm", name=name("Firm"), relations=(contract,)),
        Party(id="elsewhere", name=name("Elsewhere")),
    ]
    issuers = [
        Issuer(
            id="head",
            name=name("The Head"),
            party="state",
            binds=("state",),
            regulates=("state",),
            contracts_of=("state",),
        ),
        Issuer(id="chief", name=name("The Chief"), party="bureau", binds=("bureau",)),
        Issuer(id="other", name=name("The Other"), party="elsewhere", binds=("elsewhere",)),
    ]
    networks = [
        Network(id="open", name=name("Open"), level="none", default="allow", owner="state"),
        Network(id="closed", name=name("Closed"), level="secret", default="deny", owner="state"),
    ]
    models = [
        model("alpha/one", aliases=("one",)),
        model("beta/two", aliases=("two",)),
        model("gamma/tuned", derived_from=("alpha/one",)),
    ]
    routes = [
        route("alpha/one@alpha"),
        route("alpha/one@cloud", reseller="cloud"),
        route("beta/two@beta"),
        route("gamma/tuned@cloud"),
    ]
    services = [
        service("desk", "bureau"),
        service("clerk", "body"),
        service("works", "firm", contract="C-1"),
        service("shop", "firm"),
        service("secret", "state", network="closed"),
        service("far", "elsewhere"),
    ]
    return Directory(
        zone="UTC",
        parties={p.id: p for p in parties},
        issuers={i.id: i for i in issuers},
        networks={n.id: n for n in networks},
        vendors={v: Vendor(id=v, name=name(v)) for v in ("alpha", "beta", "gamma", "cloud")},
        models={m.id: m for m in models},
        routes={r.id: r for r in routes},
        services={s.id: s for s in services},
        bindings=bindings,
    )


def bind(service_id: str, *models: str, since: datetime = T0) -> Binding:
    return Binding(service=service_id, slot="chat", models=models, since=since)


def reading(**fields) -> Reading:
    given: dict[str, Any] = {
        "id": "plain",
        "modality": "prohibit",
        "targets": (Target(makers=("alpha",)),),
        "scope": Scope(parties=("state",)),
        "since": None,
    }
    return Reading(**(given | fields))


def order(id_: str, *readings: Reading, at: datetime | None = T0, **fields) -> Instrument:
    given: dict[str, Any] = {"issuer": "head", "kind": "order", "title": name(id_), "published": at}
    read = readings or (reading(),)
    clause = Clause(id="one", words="Words.", readings=read, chosen=read[0].id, chosen_by="counsel")
    return Instrument(id=id_, clauses=(clause,), **(given | fields))


def winding(until: datetime, **fields) -> WindDown:
    return WindDown(until=Moment(at=until), **fields)


def issued(instrument: Instrument, recorded: datetime = T0) -> Issued:
    return Issued(instrument=instrument, recorded=recorded, entered_by="a", confirmed_by="b")


def source() -> Source:
    return Source(address="file", captured=T0, sha256="0" * 64)


def rules(
    *instruments: Instrument | Issued,
    bindings: tuple[Binding, ...] = (),
    releases=(),
    calls=(),
    services: tuple[Service, ...] = (),
    routes: tuple[Route, ...] = (),
) -> Ruleset:
    world = directory(bindings=bindings)
    changed = world.services | {s.id: s for s in services}
    known = Known(
        directory=msgspec.structs.replace(
            world, services=changed, routes=world.routes | {r.id: r for r in routes}
        ),
        issued=tuple(i if isinstance(i, Issued) else issued(i) for i in instruments),
        releases=tuple(releases),
        calls=tuple(calls),
    )
    return compile_ruleset(known, version="test")
