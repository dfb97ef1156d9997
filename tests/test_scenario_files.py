"""The demonstration's files load without a problem and hold the whole scenario."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from changeover.basics.calendars import read_instant, zone
from changeover.basics.yaml_source import read_yaml
from changeover.directory.difference import difference
from changeover.directory.rules import binding_at, descendants, lineage, resolve_model
from changeover.directory.source import load
from changeover.orders.authority import check_authority, check_entry
from changeover.orders.model import Issued, Scope, Target
from changeover.orders.source import load_instruments

SCENARIO = Path(__file__).parent.parent / "scenarios" / "statechat"


def files(folder: str) -> Mapping[str, str]:
    return {
        str(path.relative_to(SCENARIO)): path.read_text(encoding="utf-8")
        for path in sorted((SCENARIO / folder).glob("*.yaml"))
    }


DIRECTORY = load(files("directory"))
ISSUED = load_instruments(files("instruments"), DIRECTORY)
BY_ID = {issued.instrument.id: issued for issued in ISSUED}
WASHINGTON = zone("America/New_York")
TERMS = (
    "anthropic-terms", "openai-terms", "google-terms", "aws-terms", "microsoft-terms",
    "mistral-terms", "house-terms",
)  # fmt: skip


def washington(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


def test_every_identifier_of_the_scenario_stands_in_the_directory() -> None:
    assert set(DIRECTORY.parties) == {
        "government", "state", "treasury", "defence", "health", "general-services",
        "housing-finance", "fannie-mae", "freddie-mac", "defence-contractor",
    }  # fmt: skip
    assert set(DIRECTORY.issuers) == {
        "president", "state-secretary", "treasury-secretary", "defence-secretary",
        "housing-director", "health-cio", "defence-cio", "general-services-administrator",
        "district-court", "appeals-court", *DIRECTORY.vendors,
    }  # fmt: skip
    assert set(DIRECTORY.networks) == {"unclassified", "classified"}
    assert set(DIRECTORY.vendors) == {
        "anthropic", "openai", "google", "aws", "microsoft", "mistral", "house",
    }  # fmt: skip
    assert set(DIRECTORY.models) == {
        "anthropic/claude-sonnet-4-5", "openai/gpt-4.1", "openai/text-embedding-3-small",
        "google/gemini-2.5-pro", "google/gemini-embedding-001", "mistral/mistral-large",
        "house/open",
    }  # fmt: skip
    assert set(DIRECTORY.routes) >= {
        "anthropic/claude-sonnet-4-5@anthropic", "anthropic/claude-sonnet-4-5@aws",
        "anthropic/claude-sonnet-4-5@google", "openai/gpt-4.1@openai", "openai/gpt-4.1@microsoft",
    }  # fmt: skip
    assert set(DIRECTORY.services) == {
        "statechat", "treasury-code", "treasury-new", "fannie-documents", "defence-analysis",
        "contractor-reports", "contractor-shop", "health-assistant",
    }  # fmt: skip
    assert DIRECTORY.zone == "America/New_York"


def test_the_relations_between_parties() -> None:
    assert descendants(DIRECTORY, "government") == {
        "government", "state", "treasury", "defence", "health", "general-services",
        "housing-finance",
    }  # fmt: skip
    for body in ("fannie-mae", "freddie-mac"):
        [relation] = DIRECTORY.parties[body].relations
        assert (relation.kind, relation.to) == ("regulated-by", "housing-finance")
    [contract] = DIRECTORY.parties["defence-contractor"].relations
    assert (contract.kind, contract.to, contract.contract) == ("contracted-to", "defence", "D-1")


def test_authorities_and_networks() -> None:
    issuers = DIRECTORY.issuers
    assert issuers["president"].binds == ("government",)
    assert issuers["defence-secretary"].contracts_of == ("defence",)
    assert issuers["housing-director"].regulates == ("housing-finance",)
    assert issuers["defence-cio"].binds == ()
    for court in ("district-court", "appeals-court"):
        assert issuers[court].may_act_on == ("president", "defence-secretary")
        assert issuers[court].binds == ()
    classified = DIRECTORY.networks["classified"]
    assert (classified.default, classified.owner) == ("deny", "defence")
    assert DIRECTORY.networks["unclassified"].default == "allow"


def test_every_route_has_its_maker_in_its_lineage_and_every_model_a_route() -> None:
    for route in DIRECTORY.routes.values():
        assert lineage(DIRECTORY, route.id).makers == {route.model.partition("/")[0]}
    assert {route.model for route in DIRECTORY.routes.values()} == set(DIRECTORY.models)


def test_the_replacement_knows_thirteen_months_less() -> None:
    claude = DIRECTORY.models["anthropic/claude-sonnet-4-5"].capabilities.knowledge_cutoff
    gpt = DIRECTORY.models["openai/gpt-4.1"].capabilities.knowledge_cutoff
    assert (gpt, claude) == ("2024-05", "2025-06")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5"),
        ("claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5"),
        ("claude-sonnet-4-5@aws", "anthropic/claude-sonnet-4-5"),
        ("gpt-4.1", "openai/gpt-4.1"),
        ("gpt-4.1-2025-04-14", "openai/gpt-4.1"),
        ("GPT4.1", "openai/gpt-4.1"),
        ("gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("mistral-large-latest", "mistral/mistral-large"),
        ("text-embedding-3-small", "openai/text-embedding-3-small"),
    ],
)
def test_the_names_that_clients_write_stand_for_their_models(name: str, model: str) -> None:
    assert resolve_model(DIRECTORY, name).model == model


@pytest.mark.parametrize(
    ("service", "slot", "models"),
    [
        ("statechat", "chat", ("anthropic/claude-sonnet-4-5",)),
        ("statechat", "title", ("anthropic/claude-sonnet-4-5",)),
        ("statechat", "summary", ("anthropic/claude-sonnet-4-5",)),
        ("statechat", "embedding", ("google/gemini-embedding-001",)),
        ("treasury-code", "chat", ("anthropic/claude-sonnet-4-5@anthropic", "openai/gpt-4.1")),
        ("treasury-new", "chat", None),
        ("fannie-documents", "chat", ("anthropic/claude-sonnet-4-5@aws",)),
        ("defence-analysis", "chat", ("anthropic/claude-sonnet-4-5",)),
        ("contractor-reports", "chat", ("anthropic/claude-sonnet-4-5@google",)),
        ("health-assistant", "chat", ("anthropic/claude-sonnet-4-5@anthropic",)),
    ],
)
def test_what_serves_each_slot_when_the_order_comes(
    service: str, slot: str, models: tuple[str, ...] | None
) -> None:
    binding = binding_at(DIRECTORY, service, slot, washington("2026-02-27T16:00"))
    assert (binding.models if binding else None) == models


def test_services_are_set_as_the_walk_needs_them() -> None:
    barred = {service.id: service.when_barred for service in DIRECTORY.services.values()}
    assert barred["treasury-code"] == "replace"
    assert barred["fannie-documents"] == barred["health-assistant"] == "refuse"
    assert DIRECTORY.services["treasury-new"].created == washington("2026-03-01")
    assert DIRECTORY.services["contractor-reports"].contract == "D-1"
    assert DIRECTORY.services["contractor-shop"].contract is None
    assert DIRECTORY.services["defence-analysis"].network == "classified"


def test_the_instruments_come_in_the_order_of_the_events() -> None:
    assert [issued.instrument.id for issued in ISSUED] == [
        *TERMS,
        "classified-admission-anthropic",
        "president-order",
        "defence-announcement",
        "defence-secretary-post",
        "general-services-order",
        "classified-admission-openai",
        "state-order",
        "state-memo",
        "treasury-order",
        "housing-order",
        "health-order",
        "designation-a",
        "designation-b",
        "exemption-delegation",
        "exemption-memo",
        "district-court-ruling",
        "appeals-court-ruling",
    ]
    starts = washington("2026-02-26T09:00")
    assert [i.instrument.id for i in ISSUED if i.recorded <= starts] == [
        *TERMS,
        "classified-admission-anthropic",
    ]


def test_every_vendors_terms_permit_every_purpose_of_the_scenario() -> None:
    assert {BY_ID[name].instrument.issuer for name in TERMS} == set(DIRECTORY.vendors)
    purposes = {s.purpose for service in DIRECTORY.services.values() for s in service.slots}
    for name in TERMS:
        terms = BY_ID[name].instrument
        assert (terms.kind, DIRECTORY.issuers[terms.issuer].vendor) == ("terms", terms.issuer)
        [clause] = terms.clauses
        assert clause.reading().modality == "permit"
        assert clause.reading().scope.parties == ()
        assert set(clause.reading().scope.purposes) == purposes
    targets = [t for name in TERMS for t in BY_ID[name].instrument.clauses[0].reading().targets]
    assert {maker for target in targets for maker in target.makers} == {
        model.maker for model in DIRECTORY.models.values()
    }
    hosts = {r.host for r in DIRECTORY.routes.values() if r.host != r.model.partition("/")[0]}
    assert {host for target in targets for host in target.hosts} == hosts


def test_each_can_be_issued_in_turn_within_its_issuers_authority() -> None:
    standing: dict[str, Issued] = {}
    for issued in ISSUED:
        check_authority(DIRECTORY, standing, issued.instrument, issued.recorded)
        check_entry(issued.instrument, issued.entered_by, issued.confirmed_by, standing)
        standing[issued.instrument.id] = issued
    assert len(standing) == len(ISSUED)


def test_nothing_is_recorded_before_it_was_captured() -> None:
    for issued in ISSUED:
        for source in issued.instrument.sources:
            assert source.captured <= issued.recorded


def test_the_sources_are_the_texts_shipped_and_the_words_stand_in_them() -> None:
    for issued in ISSUED:
        [source] = issued.instrument.sources
        body = (SCENARIO / source.address).read_bytes()
        assert hashlib.sha256(body).hexdigest() == source.sha256
        text = " ".join(body.decode().split())
        for clause in issued.instrument.clauses:
            assert clause.words in text


def test_the_order_of_27_february_keeps_both_readings() -> None:
    [clause] = BY_ID["president-order"].instrument.clauses
    assert clause.chosen == "phase-out"
    chosen, stricter = clause.readings
    assert (chosen.id, stricter.id) == ("phase-out", "defence-only-grace")
    for reading in (chosen, stricter):
        assert reading.scope == Scope(parties=("government",))
        assert reading.targets == (Target(makers=("anthropic",)),)
        assert reading.wind_down is not None
        assert reading.wind_down.until.at == washington("2026-08-27T16:00")
    assert chosen.wind_down is not None
    assert chosen.wind_down.parties == ()
    assert stricter.wind_down is not None
    assert stricter.wind_down.parties == ("defence",)


def test_announcements_take_no_effect() -> None:
    for name in ("defence-announcement", "defence-secretary-post"):
        assert BY_ID[name].instrument.takes_effect() is None


def test_who_implements_what_and_who_acts_alone() -> None:
    implements = {i.instrument.id: i.instrument.implements() for i in ISSUED}
    for name in ("state-order", "treasury-order", "housing-order", "health-order"):
        assert implements[name] == ("president-order",)
    for name in ("general-services-order", "designation-a", "designation-b"):
        assert implements[name] == ()


def test_the_housing_order_names_its_regulated_bodies() -> None:
    [clause] = BY_ID["housing-order"].instrument.clauses
    assert clause.reading().scope == Scope(
        parties=("housing-finance",), regulated=("fannie-mae", "freddie-mac")
    )


def test_the_memo_moves_statechat_at_the_instant_of_the_departments_order() -> None:
    memo = BY_ID["state-memo"].instrument
    [rebinding] = memo.rebindings
    assert rebinding.slots == ("chat", "title", "summary")
    assert rebinding.models == ("openai/gpt-4.1",)
    assert rebinding.provisional
    assert memo.takes_effect() == BY_ID["state-order"].instrument.takes_effect()


def test_the_designations_wind_down_until_1_september() -> None:
    for name in ("designation-a", "designation-b"):
        [clause] = BY_ID[name].instrument.clauses
        wind_down = clause.reading().wind_down
        assert wind_down is not None
        assert wind_down.until.at == datetime(2026, 9, 1, 4, tzinfo=UTC)


def test_the_departments_that_stop_on_2_and_4_march_have_stopped_by_then() -> None:
    for name in ("state-order", "treasury-order", "housing-order"):
        effect = BY_ID[name].instrument.takes_effect()
        assert effect is not None
        assert washington("2026-03-02") < effect < washington("2026-03-03")
        assert BY_ID[name].recorded < washington("2026-03-03")
    assert BY_ID["health-order"].instrument.takes_effect() == washington("2026-03-04T09:00")


def test_names_in_both_languages_find_parties_issuers_and_vendors() -> None:
    names = {
        name.casefold(): (kind, one.id)
        for kind, section in (
            ("issuer", DIRECTORY.issuers),
            ("party", DIRECTORY.parties),
        )
        for one in section.values()
        for name in (one.name.en, one.name.fr, *one.aliases)
    }
    for name, found in {
        "Pentagon": ("party", "defence"),
        "Pentagone": ("party", "defence"),
        "ministère de la défense": ("party", "defence"),
        "State Department": ("party", "state"),
        "département d'État": ("party", "state"),
        "département du Trésor": ("party", "treasury"),
        "Trésor": ("party", "treasury"),
        "FHFA": ("party", "housing-finance"),
        "agence fédérale du logement": ("party", "housing-finance"),
        "Agence fédérale de financement du logement": ("party", "housing-finance"),
        "agences gouvernementales": ("party", "government"),
        "Fannie Mae": ("party", "fannie-mae"),
        "Freddie Mac": ("party", "freddie-mac"),
        "White House": ("issuer", "president"),
        "Maison Blanche": ("issuer", "president"),
        "président Donald Trump": ("issuer", "president"),
        "Scott Bessent": ("issuer", "treasury-secretary"),
        "William Pulte": ("issuer", "housing-director"),
        "Pete Hegseth": ("issuer", "defence-secretary"),
        "secrétaire américain à la défense": ("issuer", "defence-secretary"),
        "Dario Amodei": ("issuer", "anthropic"),
    }.items():
        assert names.get(name.casefold()) == found, name
    assert "Claude" in DIRECTORY.vendors["anthropic"].products


def test_an_alias_never_stands_for_two_of_a_kind() -> None:
    for section in (DIRECTORY.parties, DIRECTORY.issuers, DIRECTORY.vendors):
        owners: dict[str, str] = {}
        for one in section.values():
            for name in {n.casefold() for n in (one.name.en, one.name.fr, *one.aliases)}:
                assert owners.setdefault(name, one.id) == one.id, name


def test_loading_twice_changes_nothing() -> None:
    assert difference(DIRECTORY, load(files("directory"))) == ()


def test_the_scenario_says_where_it_starts_and_where_its_files_are() -> None:
    source = read_yaml("scenario.yaml", (SCENARIO / "scenario.yaml").read_text(encoding="utf-8"))
    value = source.value
    assert value["zone"] == DIRECTORY.zone
    assert washington(value["starts_at"]) == datetime(2026, 2, 26, 14, tzinfo=UTC)
    assert set(value["title"]) == {"en", "fr"}
    assert (SCENARIO / value["directory"]).is_dir()
    assert (SCENARIO / value["instruments"]).is_dir()
