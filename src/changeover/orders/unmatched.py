"""The warning that a clause matches nothing, with what comes nearest to it.

It is no error: a clause may well be written for services or models to come. It is
told before an instrument is issued, and when one is.
"""

from collections.abc import Iterator, Sequence

from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.clauses import written
from changeover.orders.differences import listed
from changeover.orders.extent import Extent
from changeover.orders.model import Instrument
from changeover.orders.nearest_use import Missed, missed

_SHOWN = 3
_ARE_SERVICES = ("are", "Les plus proches sont")
_ARE_ROUTES = ("routes are", "Les routes les plus proches sont")
_FIELDS = {
    "parties": Bilingual(en="the parties", fr="des parties"),
    "networks": Bilingual(en="the networks", fr="des réseaux"),
    "services": Bilingual(en="the services", fr="des services"),
    "purposes": Bilingual(en="the purposes", fr="des finalités"),
    "data_classes": Bilingual(en="the data classes", fr="des classes de données"),
    "makers": Bilingual(en="the makers", fr="des concepteurs"),
    "models": Bilingual(en="the models", fr="des modèles"),
    "hosts": Bilingual(en="the hosts", fr="des hébergeurs"),
    "resellers": Bilingual(en="the resellers", fr="des revendeurs"),
    "routes": Bilingual(en="the routes", fr="des routes"),
}


def unmatched(directory: Directory, instrument: Instrument) -> Iterator[Bilingual]:
    """A warning for each clause, as it is read, under which no service could call any route."""
    extent = Extent(directory)
    for _, clause in written(instrument):
        found = missed(extent, clause.reading())
        if found is not None:
            title = instrument.title
            near = _nearest(directory, found)
            yield Bilingual(
                en=f"Clause {clause.id} of “{title.en}” matches nothing: no service in its "
                f"scope could call what it names.{near.en}",
                fr=f"La clause {clause.id} de « {title.fr} » ne vise rien : aucun service "
                f"de son champ ne pourrait appeler ce qu'elle désigne.{near.fr}",
            )


def _nearest(directory: Directory, found: Missed) -> Bilingual:
    en, fr = "", ""
    if found.services is not None:
        names = [directory.services[name].name for name in found.services.names]
        some, fields = _some(names), listed(_FIELDS[field] for field in found.services.fields)
        is_, est = ("is", "Le plus proche est") if len(names) == 1 else _ARE_SERVICES
        en += f" The nearest {is_} {some.en}, but for {fields.en} named."
        fr += f" {est} {some.fr}, abstraction faite {fields.fr}."
    if found.routes is not None:
        names = [Bilingual(en=name, fr=name) for name in found.routes.names]
        some, fields = _some(names), listed(_FIELDS[field] for field in found.routes.fields)
        is_, est = ("route is", "La route la plus proche est") if len(names) == 1 else _ARE_ROUTES
        en += f" The nearest {is_} {some.en}, but for {fields.en} named."
        fr += f" {est} {some.fr}, abstraction faite {fields.fr}."
    return Bilingual(en=en, fr=fr)


def _some(names: Sequence[Bilingual]) -> Bilingual:
    """The first few names, and how many more there are."""
    left = len(names) - _SHOWN
    more = [Bilingual(en=f"{left} more", fr=f"{left} de plus")] if left > 0 else []
    return listed([*names[:_SHOWN], *more])
