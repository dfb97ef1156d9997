"""From what intake read to the form that officers write on.

Unlike issuing a draft as it is (`issuing.py`), nothing has to be known yet: what the
words do not tell is left open in the form, and the officer fills it in.
"""

from typing import Any

from changeover.basics.calendars import zone
from changeover.directory.model import Directory
from changeover.intake.issuing import readings_of, title_of, words_of
from changeover.intake.model import Action, Draft
from changeover.intake.ports import Document
from changeover.orders.beginning import DraftAct
from changeover.orders.form_of import reading_form, source_form
from changeover.orders.model import Modality, Source

_ACTS: dict[Action, DraftAct] = {
    "rescind": "rescind",
    "stay": "stay",
    "designate": "designation",
    "rebind": "memo",
}
_FIELDS: dict[Action, tuple[str, Any]] = {
    "rescind": ("rescinds", []),
    "stay": ("stays", [{"instruments": []}]),
    "waive": ("waives", [{"instruments": []}]),
}
_KINDS: dict[str, DraftAct] = {
    "order": "order",
    "designation": "designation",
    "authorisation": "authorisation",
    "agreement": "agreement",
    "memo": "memo",
    "terms": "terms",
    "waiver": "waive",
}


def to_form(
    draft: Draft, document: Document, directory: Directory, *, by: str
) -> tuple[DraftAct, dict[str, Any]]:
    """The act that the draft is of, and its form as far as the words tell it."""
    act = _ACTS.get(draft.action) or _KINDS.get(draft.kind, "order")
    local = zone(directory.zone)
    source = Source(address=document.name, captured=document.captured, sha256=document.sha256)
    form: dict[str, Any] = {
        "id": "instrument-" + draft.id.removeprefix("draft-"),
        "kind": draft.kind,
        "issuer": draft.issuer or "",
        "title": _title(draft, directory),
        "sources": [source_form(source, local)],
    }
    if draft.since is not None:
        form |= {"published": draft.since}
    form |= _clauses(draft, directory, by)
    if draft.rebindings:
        form["rebindings"] = [
            {
                "service": change.service,
                "slots": list(change.slots),
                "models": list(change.models),
                "provisional": change.provisional,
            }
            for change in draft.rebindings
        ]
    if draft.action in _FIELDS:
        field, empty = _FIELDS[draft.action]
        form[field] = empty
    return act, form


def _title(draft: Draft, directory: Directory) -> dict[str, str]:
    if draft.issuer is None or draft.issuer not in directory.issuers:
        return {"en": "", "fr": ""}
    title = title_of(draft, draft.issuer, directory)
    return {"en": title.en, "fr": title.fr}


_MODALITIES: dict[Action, Modality] = {
    "prohibit": "prohibit",
    "wind-down": "prohibit",
    "permit": "permit",
    "require": "require",
    "designate": "prohibit",
}


def _clauses(draft: Draft, directory: Directory, by: str) -> dict[str, Any]:
    """The draft's clause, with each way in which its words may be read."""
    modality = _MODALITIES.get(draft.action)
    if modality is None:
        return {}
    local = zone(directory.zone)
    readings = readings_of(draft, modality, directory)
    clause: dict[str, Any] = {"words": words_of(draft), "chosen_by": by}
    forms = {reading.id: reading_form(reading, local) for reading in readings}
    for form in forms.values():
        form.pop("since", None)
    if len(forms) == 1:
        return {"clauses": {"one": clause | next(iter(forms.values()))}}
    first = next(iter(forms), "")
    return {"clauses": {"one": clause | {"readings": forms, "chosen": first}}}
