"""Orders and models by name: what a page needs to speak of them and to link to them."""

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.model import Instrument


class NamedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order by its title and issuer; its page is at its id."""

    id: str
    title: Bilingual
    issuer_name: Bilingual


class ModelRef(msgspec.Struct, frozen=True, kw_only=True):
    """A model by its name and maker; `knowledge_cutoff` is `YYYY-MM`, None where unstated."""

    id: str
    name: str
    maker_name: Bilingual
    knowledge_cutoff: str | None


def named_order(directory: Directory, instrument: Instrument) -> NamedOrder:
    """The instrument, named; an issuer that left the directory goes by its id."""
    return NamedOrder(
        id=instrument.id,
        title=instrument.title,
        issuer_name=issuer_name(directory, instrument.issuer),
    )


def issuer_name(directory: Directory, issuer: str) -> Bilingual:
    office = directory.issuers.get(issuer)
    return Bilingual(en=issuer, fr=issuer) if office is None else office.name


def model_ref(directory: Directory, model: str) -> ModelRef:
    """A model of the directory, named."""
    found = directory.models[model]
    return ModelRef(
        id=found.id,
        name=found.name,
        maker_name=directory.vendors[found.maker].name,
        knowledge_cutoff=found.capabilities.knowledge_cutoff,
    )


def model_with_maker(directory: Directory, model: str) -> Bilingual:
    """`GPT-4.1 (OpenAI)`."""
    named = model_ref(directory, model)
    return Bilingual(
        en=f"{named.name} ({named.maker_name.en})", fr=f"{named.name} ({named.maker_name.fr})"
    )
