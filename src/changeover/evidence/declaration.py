"""A draft of what the records' custodian may declare, to be read and changed by counsel.

Under the United States' Federal Rules of Evidence 902(11), 902(13) and 902(14) a written
certification can take a witness's place: that records were made in the regular course of an
activity; that a process gives accurate results; that a copy is the original, as its digest
shows. It separates what a machine recorded from what only people can say, and leaves the
latter open.
"""

from collections.abc import Iterator

from changeover.basics.text import Bilingual
from changeover.evidence.pack import Manifest
from changeover.evidence.reconciling.model import Report
from changeover.ledger.entries import write_instant

_BLANK = "________________"
NOT_COVERED = (
    Bilingual(
        "Calls that did not pass through Changeover: a program that calls a vendor directly leaves"
        " no entry here. Network policy, and the vendor's own record, are what shows them.",
        "Les appels qui ne sont pas passés par Changeover : un programme qui appelle un fournisseur"
        " directement ne laisse ici aucune entrée. La politique réseau et le registre du"
        " fournisseur les montrent.",
    ),
    Bilingual(
        "Whether a route refuses at another time, or by another replica, than its canaries did.",
        "Si une voie refuse à un autre moment, ou par une autre instance, que ses appels témoins.",
    ),
    Bilingual(
        "Contents: what was asked and answered is in no entry.",
        "Les contenus : ce qui a été demandé et répondu n’est dans aucune entrée.",
    ),
    Bilingual(
        "Whether an entry was true when it was made: the ledger shows that none was altered since.",
        "La vérité d’une entrée au moment où elle a été faite : le registre montre qu’elle n’a pas"
        " été altérée depuis.",
    ),
    Bilingual(
        "What came after the checkpoint of this file; and, for who holds no checkpoint of their"
        " own, whether the holder of the ledger's key wrote another history.",
        "Ce qui a suivi le point de contrôle de ce fichier ; et, pour qui n’en détient pas un,"
        " si le détenteur de la clé du registre a écrit une autre histoire.",
    ),
    Bilingual(
        "Which processes still ran when this file was made, and so that they gave no call a later"
        " number than is told here.",
        "Quels processus tournaient encore quand ce fichier a été fait, et donc qu’ils n’ont donné"
        " à aucun appel un numéro plus grand que ceux dits ici.",
    ),
    Bilingual(
        "Persons: a call is asked about as one on behalf of nobody known.",
        "Les personnes : un appel est jugé comme fait pour personne de connu.",
    ),
)
"""What no pack shows, whatever it was asked."""
NOT_RECONCILED = Bilingual(
    "The vendor's own record: nothing here was reconciled with usage reports, logs, invoices.",
    "Le registre du fournisseur : rien ici n’a été rapproché de relevés d’usage, de journaux ou"
    " de factures.",
)
RECONCILED = Bilingual(
    "Whether the files that this was reconciled with are whole, and what others did not count."
    " Their digests are here, and `changeover reconcile` compares them again.",
    "Si les fichiers dont ceci a été rapproché sont entiers, et ce que d’autres n’ont pas compté."
    " Leurs empreintes sont ici, et `changeover reconcile` les compare de nouveau.",
)


def not_covered(reconciled: Report | None) -> tuple[Bilingual, ...]:
    """What a pack does not show, with or without others' counts."""
    return (*NOT_COVERED, NOT_RECONCILED if reconciled is None else RECONCILED)


def declaration(manifest: Manifest, root: bytes) -> Iterator[str]:
    """The draft's lines."""
    whose = "all parties" if manifest.parties is None else ", ".join(manifest.parties)
    since, until = write_instant(manifest.since), write_instant(manifest.until)
    yield "DRAFT, for counsel to review. It has no effect until a person completes and signs it."
    yield ""
    yield "DECLARATION OF THE CUSTODIAN OF RECORDS"
    yield "(Federal Rules of Evidence 902(11), 902(13) and 902(14))"
    yield ""
    yield f"I, {_BLANK}, {_BLANK} (office) of {_BLANK} (organisation), declare:"
    yield ""
    yield "A. What the machine recorded"
    yield ""
    yield f"1. This file shows calls of {whose} to {manifest.vendor_name} ({manifest.vendor}),"
    yield f"   from {since} up to {until}, and what they were decided by. It was made by Changeover"
    yield f"   {manifest.software} from entries {manifest.first} to {manifest.size - 1} of the"
    yield f"   ledger of which the public key is {manifest.key}."
    yield "2. The ledger's checkpoint over these entries and all before them is the SHA-256 root"
    yield f"   {root.hex()}, of size {manifest.size}."
    yield "3. No person wrote an entry about a call. The program writes what it is about to do to"
    yield "   its journal before anything is sent, and the outcome when it is known."
    if manifest.reconciled is not None:
        yield "   It was compared with what others counted, in these files, given to it by people:"
        for source in manifest.reconciled.sources:
            yield f"   - {source.file} ({source.kind}), SHA-256 {source.sha256}"
        yield f"   with this outcome: {manifest.reconciled.words}"
    yield "4. What the file does not cover is part of this declaration:"
    for line in manifest.not_covered:
        yield f"   - {line}"
    yield ""
    yield "B. What I state (strike out what does not apply)"
    yield ""
    yield "5. 902(11): the entries were made at or near the time of what they tell of; they were"
    yield "   kept in the course of a regularly conducted activity; making them was a regular"
    yield f"   practice of it. I know this because {_BLANK}."
    yield "6. 902(13): the process that made them produces an accurate result. I know this because"
    yield f"   {_BLANK} (training, tests, the published way to verify this file)."
    yield "7. 902(14): this file was copied from the organisation's database; its SHA-256 is"
    yield f"   {_BLANK}, as I computed it on {_BLANK}."
    yield f"8. Traffic to the vendor past Changeover is prevented by {_BLANK}."
    yield "   Whoever obtained the files of others' counts states where they are from and that they"
    yield f"   are whole: {_BLANK}."
    yield "9. Explanations of gaps in the record are statements of those who are named with them."
    yield "10. Whoever held this file since is in its transfer log, or here:"
    yield f"    from {_BLANK} to {_BLANK} on {_BLANK}; SHA-256 compared by {_BLANK}."
    yield ""
    yield "I declare under penalty of perjury that the foregoing is true and correct."
    yield ""
    yield f"Executed on {_BLANK} at {_BLANK}.    Signature: {_BLANK}"
