"""A call that is to be decided, and the decision with its citations."""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.orders.model import Modality, Status

Outcome = Literal["allow", "notice", "refuse"]
Effect = Literal["refuses", "notice", "permits", "none"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of these values."""


class Person(_Value, frozen=True, kw_only=True):
    """What is known of the attributes of a person: which are yes and which are no.

    An attribute in neither is unknown.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


class Call(_Value, frozen=True, kw_only=True):
    """What a decision is about, but for the route and the instant.

    `party`, `network`, `contract`, `purpose` and `data_class` come from the
    service's directory entry when the call is authorised; `person` is None for an
    application's key, and then every attribute is unknown. `content` are the further data
    classes of what goes with the call, each of which must be allowed too.
    """

    service: str
    party: str
    network: str
    purpose: str
    data_class: str
    contract: str | None = None
    person: Person | None = None
    content: tuple[str, ...] = ()

    def for_each_class(self) -> "tuple[Call, ...]":
        """The call once for each data class that it carries, its service's first."""
        classes = dict.fromkeys((self.data_class, *self.content))
        return tuple(msgspec.structs.replace(self, data_class=one, content=()) for one in classes)


Judged = Literal["another-host", "newer-version", "more-users", "raised-budget"]
"""Why a person must judge whether a use is an existing one (rule 3)."""


class Citation(_Value, frozen=True, kw_only=True):
    """An instrument's clause that mattered, with its status and what it did to the decision.

    `cuts` is whether it also ends answers that are on their way (`in_flight: cut`).
    `kept_off_by` are the stays or waivers that keep it from binding the call,
    `declined_by` the rulings that declined to stay it, `amended_by` the instrument
    that made the clause read so. `awaits` is why a person must judge whether the
    use that it refuses as new is an existing one.
    """

    instrument: str
    clause: str
    reading: str
    modality: Modality
    status: Status
    effect: Effect
    because: str
    deadline: datetime | None = None
    cuts: bool = False
    kept_off_by: tuple[str, ...] = ()
    declined_by: tuple[str, ...] = ()
    amended_by: str | None = None
    awaits: tuple[Judged, ...] = ()


class OpenQuestion(_Value, frozen=True, kw_only=True):
    """An instrument that counts still, though what it implements is stayed or ended (rule 5).

    `by` are the instruments that stayed or ended it, `since` when it came to be so.
    `finding` is the instrument that found that it stands; None while that is open.
    """

    instrument: str
    implements: str
    status: Literal["stayed", "ended"]
    by: tuple[str, ...]
    since: datetime
    finding: str | None = None


class Decision(_Value, frozen=True, kw_only=True):
    """The answer for one call on one route at one instant.

    `because` names the rule that decided: `prohibited`, `new-use`, `requirement`,
    `held`, `network-default`, `terms`, `winding-down`, `terms-silent` or
    `permitted`. `citations` lists every clause that mattered, whatever it did;
    `network` is set where the network's default mattered, `held_by` where a held
    route did, `silent` where vendors' terms say nothing of the purpose (their
    issuers). `questions` are those of cited instruments that implement what is
    stayed or ended.
    """

    outcome: Outcome
    because: str
    route: str
    at: datetime
    citations: tuple[Citation, ...] = ()
    network: str | None = None
    held_by: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    deadline: datetime | None = None
    ruleset: str = ""
