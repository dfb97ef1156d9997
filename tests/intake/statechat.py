"""The scenario's directory as intake's tests need it: names and aliases in both languages."""

from datetime import UTC, datetime

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
    Service,
    Slot,
    Vendor,
)

_BEFORE = datetime(2025, 1, 1, tzinfo=UTC)


def _party(
    party: str, en: str, fr: str, *aliases: str, relations: tuple[Relation, ...] = ()
) -> Party:
    part_of = None if relations or party == "government" else "government"
    return Party(
        id=party, name=Bilingual(en, fr), aliases=aliases, part_of=part_of, relations=relations
    )


_REGULATED = (Relation(kind="regulated-by", to="housing-finance", basis="statute"),)

_PARTIES = (
    _party(
        "government",
        "the federal government",
        "le gouvernement fédéral",
        "the government",
        "le gouvernement",
        "U.S. government",
        "US government",
        "gouvernement américain",
        "federal agencies",
        "government agencies",
        "federal departments",
        "federal agency",
        "US agencies",
        "agences gouvernementales",
        "agences fédérales",
        "agences américaines",
        "administrations fédérales",
    ),
    _party(
        "state",
        "Department of State",
        "département d'État",
        "State Department",
        "State",
        "département d'État américain",
    ),
    _party(
        "treasury",
        "Department of the Treasury",
        "département du Trésor",
        "Treasury Department",
        "Treasury",
        "Trésor américain",
        "Trésor",
    ),
    _party(
        "defence",
        "Department of Defense",
        "ministère de la Défense",
        "Defense Department",
        "Defence Department",
        "Department of Defence",
        "Department of War",
        "Pentagon",
        "Pentagone",
        "département de la Défense",
        "ministère américain de la Défense",
    ),
    _party(
        "health",
        "Department of Health",
        "département de la Santé",
        "Health Department",
        "ministère de la Santé",
        "HHS",
    ),
    _party(
        "general-services",
        "General Services Administration",
        "Administration des services généraux",
        "GSA",
    ),
    _party(
        "housing-finance",
        "Federal Housing Finance Agency",
        "Agence fédérale de financement du logement",
        "housing finance agency",
        "agence fédérale du logement",
        "FHFA",
    ),
    _party("fannie-mae", "Fannie Mae", "Fannie Mae", relations=_REGULATED),
    _party("freddie-mac", "Freddie Mac", "Freddie Mac", relations=_REGULATED),
)

_ISSUERS = (
    Issuer(
        id="president",
        name=Bilingual("the President", "le président"),
        aliases=(
            "Donald Trump",
            "President Donald Trump",
            "président Donald Trump",
            "Trump",
            "White House",
            "Maison Blanche",
        ),
        party="government",
        binds=("government",),
    ),
    Issuer(
        id="state-secretary",
        name=Bilingual("Secretary of State", "secrétaire d'État"),
        aliases=("Marco Rubio",),
        party="state",
        binds=("state",),
    ),
    Issuer(
        id="treasury-secretary",
        name=Bilingual("Secretary of the Treasury", "secrétaire au Trésor"),
        aliases=("Treasury Secretary", "Scott Bessent", "Treasury Secretary Scott Bessent"),
        party="treasury",
        binds=("treasury",),
    ),
    Issuer(
        id="defence-secretary",
        name=Bilingual("Secretary of Defense", "secrétaire à la Défense"),
        aliases=(
            "Defense Secretary",
            "Defence Secretary",
            "secrétaire américain à la défense",
            "Pete Hegseth",
        ),
        party="defence",
        binds=("defence",),
        contracts_of=("defence",),
    ),
    Issuer(
        id="defence-cio",
        name=Bilingual(
            "Chief Information Officer of the Department of Defense",
            "directeur des systèmes d'information de la Défense",
        ),
        party="defence",
    ),
    Issuer(
        id="housing-director",
        name=Bilingual(
            "Director of the Federal Housing Finance Agency",
            "directeur de l'Agence fédérale de financement du logement",
        ),
        aliases=("William Pulte", "Bill Pulte"),
        party="housing-finance",
        binds=("housing-finance",),
        regulates=("housing-finance",),
    ),
    Issuer(
        id="health-cio",
        name=Bilingual(
            "Chief Information Officer of the Department of Health",
            "directeur des systèmes d'information de la Santé",
        ),
        party="health",
        binds=("health",),
    ),
    Issuer(
        id="district-court",
        name=Bilingual("District Court", "tribunal de district"),
        aliases=("district judge", "tribunal fédéral de district"),
        may_act_on=("president", "defence-secretary"),
    ),
    Issuer(
        id="appeals-court",
        name=Bilingual("Court of Appeals", "cour d'appel"),
        aliases=("appeals court", "federal appeals court"),
        may_act_on=("president", "defence-secretary"),
    ),
    Issuer(id="anthropic", name=Bilingual("Anthropic", "Anthropic")),
    Issuer(id="openai", name=Bilingual("OpenAI", "OpenAI")),
)

_VENDORS = (
    Vendor(id="anthropic", name=Bilingual("Anthropic", "Anthropic"), products=("Claude",)),
    Vendor(id="openai", name=Bilingual("OpenAI", "OpenAI"), products=("ChatGPT",)),
    Vendor(id="google", name=Bilingual("Google", "Google"), products=("Gemini",)),
    Vendor(id="mistral", name=Bilingual("Mistral", "Mistral"), aliases=("Mistral AI",)),
)

_MODELS = tuple(
    Model(
        id=model,
        name=name,
        maker=model.partition("/")[0],
        kind="embedding" if "embedding" in model else "chat",
        capabilities=Capabilities(context=100_000),
    )
    for model, name in (
        ("anthropic/claude-sonnet-4-5", "Claude Sonnet 4.5"),
        ("openai/gpt-4.1", "GPT-4.1"),
        ("google/gemini-2.5-pro", "Gemini 2.5 Pro"),
        ("google/gemini-embedding-001", "Gemini Embedding 001"),
        ("mistral/mistral-large", "Mistral Large"),
    )
)

_STATECHAT = Service(
    id="statechat",
    name=Bilingual("StateChat", "StateChat"),
    party="state",
    network="unclassified",
    slots=tuple(
        Slot(name=name, purpose="assistance") for name in ("chat", "title", "summary", "embedding")
    ),
    created=_BEFORE,
)

DIRECTORY = Directory(
    zone="America/New_York",
    parties={party.id: party for party in _PARTIES},
    issuers={issuer.id: issuer for issuer in _ISSUERS},
    networks={
        "classified": Network(
            id="classified",
            name=Bilingual("classified network", "réseau classifié"),
            level="classified",
            default="deny",
            owner="defence",
        ),
        "unclassified": Network(
            id="unclassified",
            name=Bilingual("unclassified network", "réseau non classifié"),
            level="unclassified",
            default="allow",
            owner="government",
        ),
    },
    vendors={vendor.id: vendor for vendor in _VENDORS},
    models={model.id: model for model in _MODELS},
    services={"statechat": _STATECHAT},
    bindings=(
        *(
            Binding(
                service="statechat",
                slot=slot,
                models=("anthropic/claude-sonnet-4-5",),
                since=_BEFORE,
            )
            for slot in ("chat", "title", "summary")
        ),
        Binding(
            service="statechat",
            slot="embedding",
            models=("google/gemini-embedding-001",),
            since=_BEFORE,
        ),
    ),
)
