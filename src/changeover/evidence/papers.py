"""What officers keep on compliance: attestations and exit lists.

* An *attestation* is asked of a party by an officer and signed by a named person, of what
  they state on a day. It proves nothing by itself: beside it stands what was recorded.
* An *exit list* is what is done at a vendor that is left. What must be preserved comes
  first: nothing that deletes or revokes is done while a step of preservation is neither
  done nor waived with a reason.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory

Statement = Literal["ended", "winding-down", "never-used"]
StepKind = Literal["preserve", "export", "cancel", "revoke"]


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, for what statement, as of when; `document` is the SHA-256 of a signed paper."""

    name: str
    title: str
    statement: Statement
    as_of: datetime
    at: datetime
    document: str = ""


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """An attestation that a party is asked for about an order; `due` is `YYYY-MM-DD`."""

    order: str
    party: str
    words: Bilingual
    due: str
    requested_by: str
    requested: datetime
    signature: Signature | None = None
    withdrawn: str = ""


class ExitStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of leaving a vendor; done by somebody, or waived with a reason."""

    id: str
    kind: StepKind
    what: Bilingual
    done_by: str = ""
    done: datetime | None = None
    evidence: str = ""
    waived: str = ""

    @property
    def settled(self) -> bool:
        return self.done is not None or bool(self.waived)


class ExitList(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of leaving a vendor, those of preservation first."""

    vendor: str
    steps: tuple[ExitStep, ...]


_STEPS: tuple[tuple[str, StepKind, str, str], ...] = (
    (
        "conversations",
        "preserve",
        "Conversations and logs kept at {name} are exported and kept",
        "Les conversations et journaux conservés chez {name} sont exportés et gardés",
    ),
    (
        "holds",
        "preserve",
        "Legal holds on what is kept at {name} are checked",
        "Les gels juridiques sur ce qui est conservé chez {name} sont vérifiés",
    ),
    (
        "files",
        "export",
        "Files and vector stores at {name} are exported",
        "Les fichiers et index chez {name} sont exportés",
    ),
    (
        "fine-tunes",
        "export",
        "Fine-tuned models and their data at {name} are exported or recorded",
        "Les modèles affinés chez {name} et leurs données sont exportés ou consignés",
    ),
    (
        "batches",
        "cancel",
        "Batches that run at {name} are cancelled or have ended",
        "Les lots en cours chez {name} sont annulés ou terminés",
    ),
    (
        "seats",
        "cancel",
        "Seats and subscriptions at {name} are cancelled",
        "Les postes et abonnements chez {name} sont résiliés",
    ),
)


def exit_list(directory: Directory, vendor: str) -> ExitList:
    """The list to begin with: what always is, and each account and host that routes name."""
    if vendor not in directory.vendors:
        raise NotFoundError(f"There is no vendor {vendor!r} in the directory.")
    name = directory.vendors[vendor].name
    steps = [
        ExitStep(
            id=id_,
            kind=kind,
            what=Bilingual(en=en.format(name=name.en), fr=fr.format(name=name.fr)),
        )
        for id_, kind, en, fr in _STEPS
    ]
    for host, account in _accounts(directory, vendor):
        which = f"{host} ({account})" if account else host
        steps.append(
            ExitStep(
                id=f"keys-{host}-{account}".rstrip("-"),
                kind="revoke",
                what=Bilingual(
                    en=f"Keys at {which} are revoked there",
                    fr=f"Les clés chez {which} y sont révoquées",
                ),
            )
        )
    return ExitList(vendor=vendor, steps=tuple(steps))


def _accounts(directory: Directory, vendor: str) -> Iterable[tuple[str, str]]:
    """The hosts and accounts by which the vendor's models, or its hosting, are reached."""
    found = {
        (route.host, route.account or "")
        for route in directory.routes.values()
        if vendor in (route.host, route.reseller, directory.models[route.model].maker)
    }
    return sorted(found)


def settle_step(listed: ExitList, step: str, *, settled: ExitStep) -> ExitList:
    """The list with a step settled, or opened again.

    `ConflictError` for a step that comes after preservation while that is open,
    `InvalidInputError` for a step that is waived without a reason, `NotFoundError`.
    """
    found = next((one for one in listed.steps if one.id == step), None)
    if found is None:
        raise NotFoundError(f"The exit list has no step {step!r}.")
    if settled.done is None and not settled.waived and (settled.evidence or settled.done_by):
        raise InvalidInputError(
            "A step is done at an instant, or waived with a reason.",
            do="Say which, or leave it open.",
        )
    open_ = [one.id for one in listed.steps if one.kind == "preserve" and not one.settled]
    if settled.settled and found.kind != "preserve" and open_:
        raise ConflictError(
            f"{', '.join(open_)} must be preserved first.",
            means="Nothing was ticked. What is revoked may take with it what must be kept.",
            do="Preserve it, or waive that with a reason.",
        )
    kept = msgspec.structs.replace(settled, id=found.id, kind=found.kind, what=found.what)
    return ExitList(
        vendor=listed.vendor,
        steps=tuple(kept if one.id == step else one for one in listed.steps),
    )


def contradicted(signed: Signature | None, calls: Sequence[datetime | None]) -> datetime | None:
    """The last call that was recorded after the day that somebody attested an end of; else None."""
    if signed is None or signed.statement == "winding-down":
        return None
    after = [at for at in calls if at is not None and at > signed.as_of]
    return max(after, default=None)
