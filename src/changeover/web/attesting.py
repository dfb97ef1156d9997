"""Attestations of parties, and the lists of what is done at a vendor that is left."""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.text import Bilingual
from changeover.evidence.compliance import Barred
from changeover.evidence.papers import (
    Attestation,
    ExitList,
    ExitStep,
    Signature,
    Statement,
    contradicted,
    exit_list,
    settle_step,
)
from changeover.orders.papers import Kept
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.compliance_parts import Body, ComplianceParts
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class AskAttestation(Body, frozen=True, kw_only=True):
    """An attestation to ask a party for."""

    order: str
    party: str
    words: Bilingual
    due: str


class SignAttestation(Body, frozen=True, kw_only=True):
    """The signature of an attestation, by a person who is named."""

    version: int
    name: str
    title: str = ""
    statement: Statement
    as_of: str
    document: str = ""


class WithdrawAttestation(Body, frozen=True, kw_only=True):
    """Takes back what was asked for, and says why."""

    version: int
    reason: str


class SettleStep(Body, frozen=True, kw_only=True):
    """A step of an exit list: done, waived with a reason, or open again."""

    version: int
    step: str
    state: Literal["done", "waived", "open"]
    evidence: str = ""
    reason: str = ""


class KeptAttestation(msgspec.Struct, frozen=True, kw_only=True):
    """An attestation beside what the record says: a call after what was attested, if any."""

    id: str
    version: int
    attestation: Attestation
    contradicted: datetime | None


class KeptExit(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor's exit list; version 0 is the one to begin with, which nobody wrote yet."""

    vendor: str
    name: Bilingual
    version: int
    list: ExitList


def operations(parts: ComplianceParts) -> list[Operation | Stream]:
    """`/desk/compliance/attestations` and `/desk/compliance/exits`."""
    desk = Attesting(parts)
    role, base = OFFICERS, "/desk/compliance"
    return [
        Operation(
            "POST",
            base + "/attestations",
            AskAttestation,
            KeptAttestation,
            role,
            desk.ask,
            "Ask a party for an attestation.",
        ),
        Operation(
            "POST",
            base + "/attestations/{id}/signature",
            SignAttestation,
            KeptAttestation,
            role,
            desk.sign,
            "Record the signature of an attestation.",
        ),
        Operation(
            "POST",
            base + "/attestations/{id}/withdrawal",
            WithdrawAttestation,
            KeptAttestation,
            role,
            desk.withdraw,
            "Withdraw what was asked for.",
        ),
        Operation(
            "POST",
            base + "/exits/{id}",
            SettleStep,
            KeptExit,
            role,
            desk.settle,
            "Settle a step of leaving a vendor.",
        ),
    ]


class Attesting:
    """What is asked of parties, and what is done at vendors."""

    def __init__(self, parts: ComplianceParts) -> None:
        self._parts = parts

    def of(self, order: str | None) -> list[KeptAttestation]:
        """The attestations about an order."""
        found = self._parts.attestations.all()
        return [self._attested(k) for k in found if k.value is not None and k.value.order == order]

    def ask(self, caller: Caller, body: AskAttestation, _: Params) -> KeptAttestation:
        parts = self._parts
        parts.office.instrument(body.order)
        if body.party not in parts.office.rules.current.directory.parties:
            raise InvalidInputError(f"There is no party {body.party!r} in the directory.")
        by = writer_of(caller)
        asked = Attestation(
            order=body.order,
            party=body.party,
            words=body.words,
            due=body.due,
            requested_by=by.name,
            requested=parts.clock.now(),
        )
        return self._attested(parts.attestations.begin(asked, by))

    def sign(self, caller: Caller, body: SignAttestation, params: Params) -> KeptAttestation:
        kept, asked = self._asked(params["id"])
        if asked.signature is not None:
            raise ConflictError("It is signed already.", do="Ask for another attestation.")
        if not body.name.strip():
            raise InvalidInputError("An attestation needs the name of who signs it.")
        local = zone(self._parts.office.rules.current.directory.zone)
        signature = Signature(
            name=body.name,
            title=body.title,
            statement=body.statement,
            as_of=read_instant(body.as_of, local),
            at=self._parts.clock.now(),
            document=body.document,
        )
        signed = msgspec.structs.replace(asked, signature=signature)
        by = writer_of(caller)
        return self._attested(
            self._parts.attestations.write(kept.id, signed, by, seen=body.version)
        )

    def withdraw(
        self, caller: Caller, body: WithdrawAttestation, params: Params
    ) -> KeptAttestation:
        kept, asked = self._asked(params["id"])
        if not body.reason.strip():
            raise InvalidInputError("A withdrawal says why.", do="Give the reason.")
        withdrawn = msgspec.structs.replace(asked, withdrawn=body.reason)
        by = writer_of(caller)
        return self._attested(
            self._parts.attestations.write(kept.id, withdrawn, by, seen=body.version)
        )

    def _asked(self, name: str) -> tuple[Kept[Attestation], Attestation]:
        kept = self._parts.attestations.get(name)
        if kept.value is None or kept.value.withdrawn:
            raise ConflictError("This attestation was withdrawn.", do="Ask for another one.")
        return kept, kept.value

    def _attested(self, kept: Kept[Attestation]) -> KeptAttestation:
        assert kept.value is not None  # attestations are withdrawn, never removed
        attestation = kept.value
        return KeptAttestation(
            id=kept.id,
            version=kept.version,
            attestation=attestation,
            contradicted=self._contradicted(attestation),
        )

    def _contradicted(self, attestation: Attestation) -> datetime | None:
        """The last call that went out after what a party attested had ended."""
        parts = self._parts
        if attestation.signature is None:
            return None
        ruleset = parts.office.rules.current
        instrument = parts.office.instrument(attestation.order).instrument
        barred = Barred(ruleset, instrument)
        services = {
            s.id for s in ruleset.directory.services.values() if s.party == attestation.party
        }
        since = attestation.signature.as_of
        calls = [
            v.last
            for v in parts.volumes(since)
            if v.service in services and v.route in barred.routes
        ]
        return contradicted(attestation.signature, calls)

    def exit(self, vendor: str) -> KeptExit:
        directory = self._parts.office.rules.current.directory
        kept = next((k for k in self._parts.exits.all() if k.id == vendor), None)
        listed = exit_list(directory, vendor) if kept is None or kept.value is None else kept.value
        return KeptExit(
            vendor=vendor,
            name=directory.vendors[vendor].name,
            version=0 if kept is None else kept.version,
            list=listed,
        )

    def settle(self, caller: Caller, body: SettleStep, params: Params) -> KeptExit:
        vendor, by = params["id"], writer_of(caller)
        standing = self.exit(vendor)
        if body.state == "waived" and not body.reason.strip():
            raise InvalidInputError(
                "A step is waived with a reason.", means="Nothing was ticked.", do="Give it."
            )
        settled = ExitStep(
            id=body.step,
            kind="preserve",
            what=Bilingual(en="", fr=""),
            done_by=by.name if body.state == "done" else "",
            done=self._parts.clock.now() if body.state == "done" else None,
            evidence=body.evidence if body.state == "done" else "",
            waived=body.reason if body.state == "waived" else "",
        )
        listed = settle_step(standing.list, body.step, settled=settled)
        self._parts.exits.write(vendor, listed, by, seen=body.version)
        return self.exit(vendor)
