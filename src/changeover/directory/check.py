"""Whether a directory is whole.

1. Every id that is referred to exists, and is lower case without spaces.
2. No party is part of itself, no model derived from itself, at any distance.
3. A relation *contracted to* names its contract, *regulated by* names none, and
   a service's contract is one of its party's.
4. A model's id is `maker/name`; a route's is `model@host`, with `:suffix` where
   a host has several. No two models share a name that a client may write.
5. A service's users and budget, where stated, are not negative, its criticality is 1 to 4,
   and what it waits for a vendor is between a second and an hour.
6. A binding's slot is one of its service's, its models are chat models or
   embedding models alike, and no two bindings of a slot begin together. Its weights share
   calls among routes of models that it names, each from 1 to 1,000.
7. A contact has an address of mail or of a webhook, and each looks like one.
8. The public holidays of the country and part named are known, and a day on
   which courts are closed is a date.

A flaw's path is the one in the directory: `("services", "statechat", "network")`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

import msgspec

from changeover.basics.nearest import advice, unknown
from changeover.basics.working_days import countries, subdivisions
from changeover.directory.model import Binding, Directory, Party, Service

Path = tuple[str | int, ...]

_ID = re.compile(r"[a-z0-9][a-z0-9._/@:-]*")
_MAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_HTTPS = re.compile(r"https?://[^\s/@]+(/\S*)?")
_LONGEST_WAIT = 3600
_MOST_SHARES = 1000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not whole, and where; `refers` is the id that leads nowhere, if so."""

    path: Path
    what: str
    do: str = ""
    refers: str | None = None


def check(directory: Directory) -> tuple[Flaw, ...]:
    """Every flaw of the directory; none when it is whole."""
    checks: tuple[Callable[[Directory], Iterator[Flaw]], ...] = (
        _holidays,
        _ids,
        _parties,
        _issuers,
        _networks,
        _models,
        _model_names,
        _routes,
        _services,
        _contacts,
        _bindings,
    )
    return tuple(flaw for each in checks for flaw in each(directory))


def _refers(path: Path, kind: str, known: Collection[str], name: str | None) -> Iterator[Flaw]:
    if name is not None and name not in known:
        what = unknown(kind, name)
        yield Flaw(path=path, what=what, do=advice(name, known), refers=name)


def _refer_all(
    path: Path, kind: str, known: Collection[str], names: Iterable[str]
) -> Iterator[Flaw]:
    for index, name in enumerate(names):
        yield from _refers((*path, index), kind, known, name)


def _holidays(directory: Directory) -> Iterator[Flaw]:
    named = directory.holidays
    if named is None:
        return
    if named.country not in countries():
        what = f"The public holidays of {named.country!r} are not known."
        do = f"{advice(named.country, countries())} Write the two letters of ISO 3166-1."
        yield Flaw(path=("holidays", "country"), what=what, do=do.strip())
    elif named.subdivision is not None:
        known = subdivisions(named.country)
        if named.subdivision not in known:
            what = f"{named.country} has no part {named.subdivision!r} with holidays of its own."
            do = f"{advice(named.subdivision, known)} Write its code, or leave it out."
            yield Flaw(path=("holidays", "subdivision"), what=what, do=do.strip())
    for index, day in enumerate(named.closed):
        if not _is_date(day):
            what = f"{day!r} is not a day."
            do = "Write it as 2026-12-24."
            yield Flaw(path=("holidays", "closed", index), what=what, do=do)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


def _ids(directory: Directory) -> Iterator[Flaw]:
    for section in ("parties", "issuers", "networks", "vendors", "models", "routes", "services"):
        for id_ in getattr(directory, section):
            if not _ID.fullmatch(id_):
                what = f"{id_!r} cannot be an id."
                do = "Write it in lower case, of letters, digits and . _ - / @ :"
                yield Flaw(path=(section, id_), what=what, do=do)


def _parties(directory: Directory) -> Iterator[Flaw]:
    above = {party.id: [party.part_of or ""] for party in directory.parties.values()}
    for party in directory.parties.values():
        path = ("parties", party.id)
        yield from _refers((*path, "part_of"), "party", directory.parties, party.part_of)
        if _leads_back(party.id, above):
            what = f"{party.id} is part of itself."
            yield Flaw(path=(*path, "part_of"), what=what, do="A party is part of one above it.")
        for index in range(len(party.relations)):
            yield from _relation(directory, party, index)


def _relation(directory: Directory, party: Party, index: int) -> Iterator[Flaw]:
    relation = party.relations[index]
    path = ("parties", party.id, "relations", index)
    yield from _refers((*path, "to"), "party", directory.parties, relation.to)
    if relation.to == party.id:
        yield Flaw(path=(*path, "to"), what=f"{party.id} stands in a relation to itself.")
    if relation.kind == "contracted-to" and not relation.contract:
        yield Flaw(
            path=path,
            what=f"{party.id} is contracted to {relation.to}, under no contract named.",
            do="Add contract: and the contract's number.",
        )
    if relation.kind == "regulated-by" and relation.contract is not None:
        what = f"{party.id} is regulated by {relation.to}; that is no contract."
        yield Flaw(path=(*path, "contract"), what=what, do="Leave contract out.")


def _leads_back(start: str, steps: Mapping[str, Iterable[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(steps[start])
    while waiting:
        current = waiting.pop()
        if current == start:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(steps.get(current, ()))
    return False


def _issuers(directory: Directory) -> Iterator[Flaw]:
    parties, issuers = directory.parties, directory.issuers
    for issuer in issuers.values():
        path = ("issuers", issuer.id)
        yield from _refers((*path, "party"), "party", parties, issuer.party)
        yield from _refer_all((*path, "binds"), "party", parties, issuer.binds)
        yield from _refer_all((*path, "regulates"), "party", parties, issuer.regulates)
        yield from _refer_all((*path, "contracts_of"), "party", parties, issuer.contracts_of)
        yield from _refer_all((*path, "may_act_on"), "issuer", issuers, issuer.may_act_on)
        yield from _refers((*path, "vendor"), "vendor", directory.vendors, issuer.vendor)


def _networks(directory: Directory) -> Iterator[Flaw]:
    for network in directory.networks.values():
        path = ("networks", network.id)
        yield from _refers((*path, "owner"), "party", directory.parties, network.owner)
        if network.max_age_days is not None and network.max_age_days < 1:
            what = f"The greatest age of the record on {network.id} must be a day or more."
            yield Flaw(path=(*path, "max_age_days"), what=what, do="Leave it out for none.")


def _models(directory: Directory) -> Iterator[Flaw]:
    origins = {model.id: model.derived_from for model in directory.models.values()}
    for model in directory.models.values():
        path = ("models", model.id)
        yield from _refers((*path, "maker"), "vendor", directory.vendors, model.maker)
        yield from _refer_all(
            (*path, "derived_from"), "model", directory.models, model.derived_from
        )
        if _leads_back(model.id, origins):
            what = f"{model.id} is derived from itself."
            yield Flaw(path=(*path, "derived_from"), what=what)
        maker, slash, rest = model.id.partition("/")
        if not slash or not rest or maker != model.maker or "@" in model.id:
            what = f"The id {model.id!r} is not its maker, a slash and a name."
            yield Flaw(path=path, what=what, do=f"Write {model.maker}/ and the model's name.")


def _model_names(directory: Directory) -> Iterator[Flaw]:
    owners: dict[str, str] = {model.id.lower(): model.id for model in directory.models.values()}
    for model in directory.models.values():
        for index, alias in enumerate(model.aliases):
            owner = owners.setdefault(alias.lower(), model.id)
            if owner != model.id:
                what = f"The name {alias!r} stands for {owner} already."
                yield Flaw(path=("models", model.id, "aliases", index), what=what)


def _routes(directory: Directory) -> Iterator[Flaw]:
    for route in directory.routes.values():
        path = ("routes", route.id)
        yield from _refers((*path, "model"), "model", directory.models, route.model)
        yield from _refers((*path, "host"), "vendor", directory.vendors, route.host)
        yield from _refers((*path, "reseller"), "vendor", directory.vendors, route.reseller)
        model, _, where = route.id.rpartition("@")
        host, colon, suffix = where.partition(":")
        if (model, host) != (route.model, route.host) or (colon and not suffix):
            what = f"The id {route.id!r} is not its model, @ and its host."
            yield Flaw(
                path=path, what=what, do=f"Write {route.model}@{route.host}, or add :suffix."
            )


def _services(directory: Directory) -> Iterator[Flaw]:
    for service in directory.services.values():
        path = ("services", service.id)
        yield from _refers((*path, "party"), "party", directory.parties, service.party)
        yield from _refers((*path, "network"), "network", directory.networks, service.network)
        yield from _contract(directory, service)
        for field, number in (("users", service.users), ("budget", service.budget)):
            if number is not None and number < 0:
                what = f"The {field} of {service.id} must not be negative."
                yield Flaw(path=(*path, field), what=what, do="Leave it out where it is unknown.")
        if service.criticality is not None and service.criticality not in range(1, 5):
            what = f"The criticality of {service.id} must be from 1 to 4."
            do = "Write 1 for what must not stop, 4 for what may."
            yield Flaw(path=(*path, "criticality"), what=what, do=do)
        yield from _waits(service)
        if not service.slots:
            yield Flaw(path=path, what=f"{service.id} has no slot, so that nothing can serve it.")


def _waits(service: Service) -> Iterator[Flaw]:
    for field, seconds in msgspec.structs.asdict(service.waits).items():
        if seconds is not None and not 1 <= seconds <= _LONGEST_WAIT:
            what = f"{service.id} cannot wait {seconds} seconds for a vendor."
            do = f"Write whole seconds from 1 to {_LONGEST_WAIT}, or leave it out."
            yield Flaw(path=("services", service.id, "waits", field), what=what, do=do)


def _contract(directory: Directory, service: Service) -> Iterator[Flaw]:
    party = directory.parties.get(service.party)
    if service.contract is None or party is None:
        return
    known = [relation.contract for relation in party.relations if relation.contract]
    if service.contract not in known:
        yield Flaw(
            path=("services", service.id, "contract"),
            what=f"{party.id} has no contract {service.contract!r}.",
            do=advice(service.contract, known),
        )


def _contacts(directory: Directory) -> Iterator[Flaw]:
    for section in ("parties", "services"):
        things: Mapping[str, Party | Service] = getattr(directory, section)
        for thing in things.values():
            for index, contact in enumerate(thing.contacts):
                path = (section, thing.id, "contacts", index)
                if contact.email is None and contact.webhook is None:
                    what = f"{contact.name} cannot be told: there is no address."
                    yield Flaw(path=path, what=what, do="Add email: or webhook:.")
                if contact.email is not None and not _MAIL.fullmatch(contact.email):
                    what = f"{contact.email!r} is not an address of mail."
                    yield Flaw(path=(*path, "email"), what=what)
                if contact.webhook is not None and not _HTTPS.fullmatch(contact.webhook):
                    what = f"{contact.webhook!r} is not an address of a webhook."
                    do = "Write it as https://host/path."
                    yield Flaw(path=(*path, "webhook"), what=what, do=do)


def _bindings(directory: Directory) -> Iterator[Flaw]:
    begun: set[tuple[str, str, object]] = set()
    for index, binding in enumerate(directory.bindings):
        path = ("bindings", index)
        yield from _refers((*path, "service"), "service", directory.services, binding.service)
        yield from _slot(directory, index, binding)
        yield from _bound_models(directory, index, binding)
        yield from _weights(directory, index, binding)
        beginning = (binding.service, binding.slot, binding.since)
        if beginning in begun:
            what = f"{binding.service} {binding.slot} has two bindings that begin at the same time."
            yield Flaw(path=path, what=what, do="Keep one of them.")
        begun.add(beginning)


def _slot(directory: Directory, index: int, binding: Binding) -> Iterator[Flaw]:
    service = directory.services.get(binding.service)
    if service is None:
        return
    slots = [slot.name for slot in service.slots]
    if binding.slot not in slots:
        what = f"{service.id} has no slot {binding.slot!r}."
        yield Flaw(path=("bindings", index, "slot"), what=what, do=advice(binding.slot, slots))


def _bound_models(directory: Directory, index: int, binding: Binding) -> Iterator[Flaw]:
    path = ("bindings", index, "models")
    if not binding.models:
        yield Flaw(path=path, what="The binding names no model.")
    first: tuple[str, str] | None = None
    for position, name in enumerate(binding.models):
        route = directory.routes.get(name)
        model = directory.models.get(route.model if route else name)
        if model is None:
            known = {**directory.models, **directory.routes}
            if route is None:
                yield from _refers((*path, position), "model or route", known, name)
            continue
        first = first or (model.id, model.kind)
        if model.kind != first[1]:
            what = (
                f"{model.id} is for {model.kind}, {first[0]} for {first[1]}; a slot has one kind."
            )
            yield Flaw(path=(*path, position), what=what)


def _weights(directory: Directory, index: int, binding: Binding) -> Iterator[Flaw]:
    path = ("bindings", index, "weights")
    routes = directory.routes
    bound = {routes[name].model if name in routes else name for name in binding.models}
    for weight in binding.weights:
        route = routes.get(weight.route)
        if route is None:
            yield from _refers((*path, weight.route), "route", routes, weight.route)
        elif route.model not in bound:
            what = f"{weight.route} reaches {route.model}, which the binding does not name."
            do = "A weight shares calls among the routes of a model that is bound."
            yield Flaw(path=(*path, weight.route), what=what, do=do)
        if not 1 <= weight.share <= _MOST_SHARES:
            what = f"{weight.share} is no share of calls."
            do = f"Write whole numbers from 1 to {_MOST_SHARES}; leave out a route that has none."
            yield Flaw(path=(*path, weight.route), what=what, do=do)
