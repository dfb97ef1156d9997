"""The warning that a clause matches nothing, and what it names as nearest."""

import msgspec
import pytest

from changeover.orders.extent import Extent
from changeover.orders.model import Amend, Clause, Instrument, Reading, Scope, Target
from changeover.orders.nearest_use import Missed, Near, missed
from changeover.orders.unmatched import unmatched
from tests.orders.worlds import directory, name, order, reading

EXTENT = Extent(directory())


def near(*names: str, fields: tuple[str, ...]) -> Near:
    return Near(names=names, fields=fields)


@pytest.mark.parametrize(
    ("scope", "nearest"),
    [
        (Scope(parties=("bureau",)), None),
        (Scope(parties=("state",), attributes=("foreign",)), None),
        (Scope(parties=("bureau",), networks=("closed",)), near("desk", fields=("networks",))),
        # Without the parties it would be one service too; whom is kept.
        (
            Scope(parties=("elsewhere",), networks=("closed",)),
            near("far", fields=("networks",)),
        ),
        (Scope(parties=("bureau",), purposes=("play",)), near("desk", fields=("purposes",))),
        (
            Scope(parties=("bureau",), networks=("closed",), data_classes=("secret",)),
            near("desk", fields=("data_classes", "networks")),
        ),
        # The firm's other service runs under no contract, so that it is not reached.
        (
            Scope(parties=("state",), contracts=("C-1",), networks=("closed",), purposes=("play",)),
            near("secret", fields=("purposes",)),
        ),
    ],
)
def test_the_nearest_services_lack_the_fewest_fields(scope: Scope, nearest: Near | None):
    found = missed(EXTENT, reading(scope=scope))
    assert found == (None if nearest is None else Missed(services=nearest, routes=None))


@pytest.mark.parametrize(
    ("targets", "nearest"),
    [
        ((Target(makers=("alpha",)),), None),
        ((Target(makers=("beta",), hosts=("alpha",)),), near("beta/two@beta", fields=("hosts",))),
        ((Target(hosts=("gamma",)), Target(makers=("gamma",), hosts=("alpha",))), near("gamma/tuned@cloud", fields=("hosts",))),
        ((Target(makers=("beta",), hosts=("gamma",)),), near("beta/two@beta", fields=("hosts",))),
        ((Target(makers=("beta",), hosts=("gamma",), resellers=("beta",)),), near("beta/two@beta", fields=("hosts", "resellers"))),
    ],
)  # fmt: skip
def test_the_nearest_routes_lack_the_fewest_fields(targets, nearest: Near | None):
    found = missed(EXTENT, reading(targets=targets))
    assert found == (None if nearest is None else Missed(services=None, routes=nearest))


def test_where_the_directory_has_no_service_there_is_no_nearest():
    empty = msgspec.structs.replace(directory(), services={})
    assert missed(Extent(empty), reading()) == Missed(services=None, routes=None)
    [words] = unmatched(empty, order("o"))
    assert words.en.endswith("no service in its scope could call what it names.")


def test_the_words_name_the_nearest_in_both_languages():
    read = reading(
        scope=Scope(parties=("bureau",), networks=("closed",)),
        targets=(Target(makers=("beta",), hosts=("alpha",)),),
    )
    [words] = unmatched(directory(), order("o", read))
    assert words.en == (
        "Clause one of “o” matches nothing: no service in its scope could call what it names. "
        "The nearest is desk, but for the networks named. "
        "The nearest route is beta/two@beta, but for the hosts named."
    )
    assert words.fr == (
        "La clause one de « o » ne vise rien : aucun service de son champ ne pourrait appeler "
        "ce qu'elle désigne. Le plus proche est desk, abstraction faite des réseaux. "
        "La route la plus proche est beta/two@beta, abstraction faite des hébergeurs."
    )


def test_only_the_first_few_are_named():
    read = reading(scope=Scope(purposes=("play",), networks=("open",)))
    [words] = unmatched(directory(), order("o", read))
    assert "The nearest are desk, clerk, works and 2 more, but for the purposes named." in words.en
    assert (
        "Les plus proches sont desk, clerk, works et 2 de plus, abstraction faite des finalités."
        in words.fr
    )


def test_what_an_amendment_writes_is_warned_of_too():
    def amending(read: Reading) -> Instrument:
        clause = Clause(id="one", words="W.", readings=(read,), chosen=read.id, chosen_by="c")
        act = Amend(instruments=("o",), clause="one", becomes=clause)
        return Instrument(id="a", kind="order", issuer="head", title=name("a"), acts=(act,))

    assert list(unmatched(directory(), amending(reading()))) == []
    [words] = unmatched(directory(), amending(reading(scope=Scope(purposes=("play",)))))
    assert words.en.startswith("Clause one of “a” matches nothing")
