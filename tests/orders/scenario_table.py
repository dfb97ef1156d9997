"""What the scenario's facts come to, written by hand: the data of `test_scenario_table.py`.

A service's routes are given as spells: from an instant in Washington on, the outcome,
why, and the instruments in force on it, until the next spell. Clauses are given as
spells of statuses. Every spell of every table is asked for at its first second and at
its last, and so is every other one at those instants: a change for one is none for
another.

The tables are written once for the two times. In law an instrument counts from its
own instant on. As known then it counts from its recording, where that came later, and
what was not recorded is not there.
"""

from typing import NamedTuple

from changeover.orders.model import Status

CLAUDE = "anthropic/claude-sonnet-4-5"
GPT = "openai/gpt-4.1"
CLAUDES = (f"{CLAUDE}@anthropic", f"{CLAUDE}@aws", f"{CLAUDE}@google")
GPTS = (f"{GPT}@openai", f"{GPT}@microsoft")
OTHERS = ("google/gemini-2.5-pro@google", "mistral/mistral-large@mistral", "house/open@house")
OPENAI_EMBEDDINGS = (
    "openai/text-embedding-3-small@openai",
    "openai/text-embedding-3-small@microsoft",
)
EMBEDDINGS = (*OPENAI_EMBEDDINGS, "google/gemini-embedding-001@google")
ROUTES = (*CLAUDES, *GPTS, *OTHERS, *EMBEDDINGS)

FIRST, LAST = "2026-02-20", "2026-12-31"
ADMISSION = "2026-02-28"  # OpenAI's model to the classified network
CREATED = "2026-03-01"  # treasury-new
STATE = "2026-03-02T12:00"
STAYED = "2026-04-02"  # seven days after 26 March
DECLINED = "2026-04-08T14:00"
SIX_MONTHS = "2026-08-27T16:00"
DAYS_180 = "2026-09-01"


class When(NamedTuple):
    """From when on the instruments count that were recorded only after they took effect."""

    order: str
    general_services: str
    treasury: str
    housing: str
    health: str
    first: str
    second: str


IN_LAW = When(
    order="2026-02-27T16:00",
    general_services="2026-02-27T18:30",
    treasury="2026-03-02T10:05",
    housing="2026-03-02T11:10",
    health="2026-03-04T09:00",
    first="2026-03-05",
    second="2026-03-05",
)
AS_KNOWN_THEN = When(
    order="2026-02-27T16:20",
    general_services="2026-02-27T18:50",
    treasury="2026-03-02T10:20",
    housing="2026-03-02T11:25",
    health="2026-03-04T09:10",
    first="2026-03-05T09:10",
    second="2026-03-05T09:11",
)
RECORDED = {
    "anthropic-terms": "2025-09-15T09:30",
    "openai-terms": "2025-09-15T09:34",
    "google-terms": "2025-09-15T09:38",
    "aws-terms": "2025-09-15T09:42",
    "microsoft-terms": "2025-09-15T09:46",
    "mistral-terms": "2025-09-15T09:50",
    "house-terms": "2025-09-15T09:54",
    "classified-admission-anthropic": "2025-11-03T09:30",
    "president-order": "2026-02-27T16:20",
    "defence-announcement": "2026-02-27T17:15",
    "defence-secretary-post": "2026-02-27T17:40",
    "general-services-order": "2026-02-27T18:50",
    "classified-admission-openai": "2026-02-27T22:00",
    "state-order": "2026-03-02T09:40",
    "state-memo": "2026-03-02T09:55",
    "treasury-order": "2026-03-02T10:20",
    "housing-order": "2026-03-02T11:25",
    "health-order": "2026-03-04T09:10",
    "designation-a": "2026-03-05T09:10",
    "designation-b": "2026-03-05T09:11",
    "exemption-delegation": "2026-03-06T11:20",
    "exemption-memo": "2026-03-06T14:20",
    "district-court-ruling": "2026-03-26T16:10",
    "appeals-court-ruling": "2026-04-08T14:40",
}
INSTANTS = sorted(
    {
        FIRST, ADMISSION, CREATED, STATE, STAYED, DECLINED, SIX_MONTHS, DAYS_180, LAST,
        *IN_LAW, *AS_KNOWN_THEN, *(at for at in RECORDED.values() if at > FIRST),
    }
)  # fmt: skip
"""Every change, in law or of what was known. Their texts sort as they do."""

PRESIDENT, A, B = "president-order", "designation-a", "designation-b"
ANTHROPIC_IN, OPENAI_IN = "classified-admission-anthropic", "classified-admission-openai"
WITHOUT_CLAUSES = {
    "state-memo",
    "exemption-delegation",
    "exemption-memo",
    "district-court-ruling",
    "appeals-court-ruling",
}

# No stay, and no end, is for some parties only: a clause has the status that it has for
# everybody. The stay came before the six months were over, and they ran on meanwhile.
STATUSES: dict[str, tuple[tuple[str, Status], ...]] = {
    "anthropic-terms": ((FIRST, "operative"),),
    "openai-terms": ((FIRST, "operative"),),
    "google-terms": ((FIRST, "operative"),),
    "aws-terms": ((FIRST, "operative"),),
    "microsoft-terms": ((FIRST, "operative"),),
    "mistral-terms": ((FIRST, "operative"),),
    "house-terms": ((FIRST, "operative"),),
    ANTHROPIC_IN: ((FIRST, "operative"),),
    PRESIDENT: ((FIRST, "pending"), (IN_LAW.order, "winding-down"), (STAYED, "stayed")),
    "defence-announcement": ((FIRST, "announced"),),
    "defence-secretary-post": ((FIRST, "announced"),),
    "general-services-order": ((FIRST, "pending"), (IN_LAW.general_services, "operative")),
    OPENAI_IN: ((FIRST, "pending"), (ADMISSION, "operative")),
    "state-order": ((FIRST, "pending"), (STATE, "operative")),
    "treasury-order": ((FIRST, "pending"), (IN_LAW.treasury, "operative")),
    "housing-order": ((FIRST, "pending"), (IN_LAW.housing, "operative")),
    "health-order": ((FIRST, "pending"), (IN_LAW.health, "operative")),
    A: ((FIRST, "pending"), (IN_LAW.first, "winding-down"), (STAYED, "stayed")),
    B: ((FIRST, "pending"), (IN_LAW.second, "winding-down"), (DAYS_180, "operative")),
}

GOVERNMENT = {"statechat", "treasury-code", "treasury-new", "defence-analysis", "health-assistant"}
DEFENCE = {"defence-analysis", "contractor-reports"}  # and what is under its contracts
EVERYBODY = GOVERNMENT | {"fannie-documents", "contractor-reports", "contractor-shop"}
REACHES: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "anthropic-terms": (EVERYBODY, CLAUDES),
    "openai-terms": (EVERYBODY, (*GPTS, *OPENAI_EMBEDDINGS)),
    "google-terms": (EVERYBODY, (CLAUDES[2], OTHERS[0], EMBEDDINGS[2])),
    "aws-terms": (EVERYBODY, (CLAUDES[1],)),
    "microsoft-terms": (EVERYBODY, (GPTS[1], OPENAI_EMBEDDINGS[1])),
    "mistral-terms": (EVERYBODY, (OTHERS[1],)),
    "house-terms": (EVERYBODY, (OTHERS[2],)),
    ANTHROPIC_IN: ({"defence-analysis"}, CLAUDES),
    PRESIDENT: (GOVERNMENT, CLAUDES),
    "defence-announcement": (DEFENCE, CLAUDES),
    "defence-secretary-post": (DEFENCE, CLAUDES),
    "general-services-order": (set(), CLAUDES),
    OPENAI_IN: ({"defence-analysis"}, GPTS),
    "state-order": ({"statechat"}, CLAUDES),
    "treasury-order": ({"treasury-code", "treasury-new"}, CLAUDES),
    "housing-order": ({"fannie-documents"}, CLAUDES),
    "health-order": ({"health-assistant"}, CLAUDES),
    A: (DEFENCE, CLAUDES),
    B: (DEFENCE, CLAUDES),
}


class Spell(NamedTuple):
    """What holds from an instant on; `by` are the instruments in force on it."""

    since: str
    outcome: str
    because: str
    by: set[str]


def allowed(since: str, *by: str) -> Spell:
    return Spell(since, "allow", "permitted", set(by))


def winding(since: str, *by: str) -> Spell:
    return Spell(since, "notice", "winding-down", set(by))


def barred(since: str, *by: str, because: str = "prohibited") -> Spell:
    return Spell(since, "refuse", because, set(by))


class Asked(NamedTuple):
    """A service's slots on some routes."""

    service: str
    slots: tuple[str, ...]
    routes: tuple[str, ...]


CHAT = ("chat",)
BOUND_IN_STATECHAT = ("chat", "title", "summary")
Table = dict[Asked, tuple[Spell, ...]]


def _own_order(order: str, since: str, *spells: Spell) -> tuple[Spell, ...]:
    """Spells until a department's own order; the stay frees from the President's alone."""
    return (*spells, barred(since, order, PRESIDENT), barred(STAYED, order))


def plain(when: When) -> Table:
    """By the readings that were chosen.

    From the order on a use that existed winds down; the department's own order then
    ends it. Another host than the one that was bound is a new use; what was refused as
    new is held once it is freed.
    """
    new = barred(when.order, PRESIDENT, because="new-use")
    goes_on = winding(when.order, PRESIDENT)
    return {
        # The memo moved StateChat off at noon: to come back would be a new use besides.
        Asked("statechat", BOUND_IN_STATECHAT, CLAUDES): _own_order(
            "state-order", STATE, allowed(FIRST), goes_on
        ),
        # It searched documents with a model of Google's.
        Asked("statechat", ("embedding",), CLAUDES): _own_order(
            "state-order", STATE, allowed(FIRST), new
        ),
        Asked("treasury-code", CHAT, CLAUDES[:1]): _own_order(
            "treasury-order", when.treasury, allowed(FIRST), goes_on
        ),
        Asked("treasury-code", CHAT, CLAUDES[1:]): _own_order(
            "treasury-order", when.treasury, allowed(FIRST), new
        ),
        Asked("treasury-new", CHAT, CLAUDES): _own_order(
            "treasury-order", when.treasury, allowed(FIRST), new
        ),
        Asked("health-assistant", CHAT, CLAUDES[:1]): _own_order(
            "health-order", when.health, allowed(FIRST), goes_on
        ),
        Asked("health-assistant", CHAT, CLAUDES[1:]): _own_order(
            "health-order", when.health, allowed(FIRST), new
        ),
        **_beyond_the_departments(when),
        **_other_models(),
    }


def strict(when: When) -> Table:
    """By the stricter reading of the President's order: the defence department alone has time."""

    def stopped(order: str, since: str) -> tuple[Spell, ...]:
        return _own_order(order, since, allowed(FIRST), barred(when.order, PRESIDENT))

    return {
        Asked("statechat", (*BOUND_IN_STATECHAT, "embedding"), CLAUDES): stopped(
            "state-order", STATE
        ),
        Asked("treasury-code", CHAT, CLAUDES): stopped("treasury-order", when.treasury),
        Asked("treasury-new", CHAT, CLAUDES): stopped("treasury-order", when.treasury),
        Asked("health-assistant", CHAT, CLAUDES): stopped("health-order", when.health),
        **_beyond_the_departments(when),
        **_other_models(),
    }


def _beyond_the_departments(when: When) -> Table:
    """Claude at the housing agency's body, at Defence and at its contractor: by either reading."""
    return {
        # An order to the government does not reach the bodies that it regulates.
        Asked("fannie-documents", CHAT, CLAUDES): (
            allowed(FIRST),
            barred(when.housing, "housing-order"),
        ),
        Asked("defence-analysis", CHAT, CLAUDES): (
            allowed(FIRST, ANTHROPIC_IN),
            winding(when.order, PRESIDENT),
            winding(when.first, PRESIDENT, A),
            winding(when.second, PRESIDENT, A, B),
            winding(STAYED, B),
            barred(DAYS_180, B),
        ),
        Asked("contractor-reports", CHAT, CLAUDES[2:]): (
            allowed(FIRST),
            winding(when.first, A),
            winding(when.second, A, B),
            winding(STAYED, B),
            barred(DAYS_180, B),
        ),
        Asked("contractor-reports", CHAT, CLAUDES[:2]): (
            allowed(FIRST),
            barred(when.first, A, because="new-use"),
            barred(when.second, A, B, because="new-use"),
            # Also held for the first designation, which had refused it: the reason that
            # counts is the one of the second.
            barred(STAYED, B, because="new-use"),
            barred(DAYS_180, B),
        ),
        # Outside the contract.
        Asked("contractor-shop", CHAT, CLAUDES): (allowed(FIRST),),
    }


def _other_models() -> Table:
    """The models of whom no order names; the admission is of one model, and of no other."""
    free = (*GPTS, *OTHERS, *EMBEDDINGS)
    return {
        Asked("defence-analysis", CHAT, GPTS): (
            barred(FIRST, because="network-default"),
            allowed(ADMISSION, OPENAI_IN),
        ),
        Asked("defence-analysis", CHAT, (*OTHERS, *EMBEDDINGS)): (
            barred(FIRST, because="network-default"),
        ),
        Asked("statechat", (*BOUND_IN_STATECHAT, "embedding"), free): (allowed(FIRST),),
        **{
            Asked(service, CHAT, free): (allowed(FIRST),)
            for service in sorted(EVERYBODY - {"statechat", "defence-analysis"})
        },
    }
