"""The directory: parties, issuers, networks, vendors, models, routes, services, bindings.

Values are frozen and refer to one another by id. An id is lower case; a model's
is `maker/name` and a route's is `model@host`. `rules.py` checks that every
reference leads somewhere; a `Directory` that passed it is whole.
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from changeover.basics.text import Bilingual, Language

WhenStale = Literal["warn", "refuse-new", "refuse"]
Protocol = Literal[
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "gemini-generate",
    "bedrock-converse",
]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
Dialect = Literal["azure", "bedrock", "vertex", "llama-cpp", "mistral", "ollama", "vllm"]
WhenBarred = Literal["replace", "refuse"]
WhenLost = Literal["report", "refuse"]
ModelKind = Literal["chat", "embedding", "audio", "image"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of the directory's values."""


class Relation(_Value, frozen=True, kw_only=True):
    """One party's tie to another, with its legal basis (and contract, where it is one)."""

    kind: Literal["regulated-by", "contracted-to"]
    to: str
    basis: str
    contract: str | None = None


class Contact(_Value, frozen=True, kw_only=True):
    """Whom to tell, and how: by mail, by webhook, or both. `language` comes first in a message."""

    name: str
    email: str | None = None
    webhook: str | None = None
    language: Language = "en"


class Party(_Value, frozen=True, kw_only=True):
    """An organisation, department, bureau, dependent body or contractor.

    `contacts` are told where a service of its, or of what is part of it, names none.
    """

    id: str
    name: Bilingual
    aliases: tuple[str, ...] = ()
    part_of: str | None = None
    relations: tuple[Relation, ...] = ()
    contacts: tuple[Contact, ...] = ()


class Issuer(_Value, frozen=True, kw_only=True):
    """An office that can issue instruments, with its authorities.

    `party` is whose office it is. `binds` are the parties it may bind, with all
    that is part of them; `regulates` the parties whose regulated bodies it may
    bind; `contracts_of` the parties whose contractors it may bind under their
    contracts; `may_act_on` the issuers whose instruments it may stay, waive,
    vacate or lift. A network's admissions come from the issuers of its owner.
    `vendor` is the vendor whose own terms it issues.
    """

    id: str
    name: Bilingual
    aliases: tuple[str, ...] = ()
    party: str | None = None
    binds: tuple[str, ...] = ()
    regulates: tuple[str, ...] = ()
    contracts_of: tuple[str, ...] = ()
    may_act_on: tuple[str, ...] = ()
    vendor: str | None = None


class Network(_Value, frozen=True, kw_only=True):
    """An enclave with a classification level, default-allow or default-deny for models.

    Of two networks the one of the greater `rank` is the more secret: nothing goes from it
    to the other. Where an installation lives by imports, a record of more than
    `max_age_days` has calls on the network told, or refused, as `when_stale` says.
    """

    id: str
    name: Bilingual
    level: str
    default: Literal["allow", "deny"]
    owner: str
    rank: int = 0
    max_age_days: int | None = None
    when_stale: WhenStale = "warn"


class Vendor(_Value, frozen=True, kw_only=True):
    """A legal entity in the model supply chain: maker, host or reseller, or several.

    `products` are names of its products as texts use them, beyond its models'.
    """

    id: str
    name: Bilingual
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class Capabilities(_Value, frozen=True, kw_only=True):
    """What a model can do. `context` counts tokens; `knowledge_cutoff` is `YYYY-MM`."""

    context: int
    output: int | None = None
    modalities: tuple[str, ...] = ("text",)
    languages: tuple[str, ...] = ("en", "fr")
    knowledge_cutoff: str | None = None


class Model(_Value, frozen=True, kw_only=True):
    """A product of one maker, maybe derived from other models (a fine-tune).

    `kind` is what it is for: to chat, to embed, to speak or to listen, to draw.
    """

    id: str
    name: str
    maker: str
    kind: ModelKind = "chat"
    aliases: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    capabilities: Capabilities
    retires: datetime | None = None


class Route(_Value, frozen=True, kw_only=True):
    """One way to reach a model: model + host + reseller + protocol + vendor account.

    `upstream_model` is the name that the host knows the model by, mostly that of a
    pinned version; `assurances` is what the route can be shown to meet
    (`no-retention`, say). `dialect` is how the host speaks the protocol, where it is not
    as the protocol's own vendor does.
    """

    id: str
    model: str
    host: str
    protocol: Protocol
    upstream_model: str
    dialect: Dialect | None = None
    reseller: str | None = None
    account: str | None = None
    assurances: tuple[str, ...] = ()


class Slot(_Value, frozen=True, kw_only=True):
    """A place in a service that a model fills, and the purpose it is used for."""

    name: str
    purpose: str


class Waits(_Value, frozen=True, kw_only=True):
    """Whole seconds that a vendor is waited for; None where the installation's wait stands.

    `connect` is for a connection, `first_token` from the call's begin for the first event of
    a stream, `between_tokens` for the next one, `total` for the whole call.
    """

    connect: int | None = None
    first_token: int | None = None
    between_tokens: int | None = None
    total: int | None = None


class Service(_Value, frozen=True, kw_only=True):
    """Something that calls models, owned by a party, on a network.

    `when_barred` is what the service wants when the model that it asked for is
    refused: the binding's next model, or a refusal. `losses` is what it wants where a
    route cannot be given all of a request: to be told, or that route passed over. `users`
    is how many people it serves, and `budget` what it may spend a month, in whole units of
    currency. `criticality` is from 1, what must not stop, to 4, what may. `waits` is how
    long a vendor is waited for.
    """

    id: str
    name: Bilingual
    party: str
    network: str
    slots: tuple[Slot, ...]
    created: datetime
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


class Weight(_Value, frozen=True, kw_only=True):
    """A route's share of the calls to its model, beside the shares of the others."""

    route: str
    share: int


class Binding(_Value, frozen=True, kw_only=True):
    """Which models serve a service's slot, in order of preference, from an instant on.

    Each of `models` is a model (any of its routes) or a route. The binding that
    began last stands. `instrument` names the text that made it; a provisional
    one says that more is to follow. `weights` share the calls to one model among its
    routes; without them the first that can serve is asked.
    """

    service: str
    slot: str
    models: tuple[str, ...]
    since: datetime
    instrument: str | None = None
    provisional: bool = False
    weights: tuple[Weight, ...] = ()


class Holidays(_Value, frozen=True, kw_only=True):
    """Whose public holidays count: a country (ISO 3166-1), and a part of it if one is given.

    `closed` are further days on which courts do not sit, as `YYYY-MM-DD`.
    """

    country: str
    subdivision: str | None = None
    closed: tuple[str, ...] = ()


class Directory(_Value, frozen=True, kw_only=True):
    """Everything above, keyed by id; `zone` is the IANA zone of its local times.

    `holidays` is what business and court days are counted by; without it, none can be.
    """

    zone: str
    holidays: Holidays | None = None
    parties: dict[str, Party] = {}
    issuers: dict[str, Issuer] = {}
    networks: dict[str, Network] = {}
    vendors: dict[str, Vendor] = {}
    models: dict[str, Model] = {}
    routes: dict[str, Route] = {}
    services: dict[str, Service] = {}
    bindings: tuple[Binding, ...] = ()
