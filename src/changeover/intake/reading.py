"""Reading a document: from its text to its findings.

Sentence by sentence, in order, because a text refers back (*the company*, *he*,
*the report*). First the names that relay are learnt from the whole text; then
every sentence is divided into clauses, its voices and acts are found, and what
an act leaves open is taken from the discourse so far. A sentence with a voice
and no act is a claim. Nothing here issues anything, reads a clock or asks a
model: the same bytes, name and directory always give the same findings.
"""

import hashlib

from changeover.directory.model import Directory
from changeover.intake.acting_on import with_reach
from changeover.intake.acts import find_deeds
from changeover.intake.clauses import find_clauses
from changeover.intake.details import in_force, with_details, with_force
from changeover.intake.discourse import Discourse
from changeover.intake.drafting import Quoter, make_claims, make_drafts
from changeover.intake.english import ENGLISH
from changeover.intake.formats import DocumentText, text_of
from changeover.intake.french import FRENCH
from changeover.intake.head import read_head
from changeover.intake.items import Item, read_items, with_same_days
from changeover.intake.lexicon import Lexicon, Op
from changeover.intake.merging import is_hollow, merge
from changeover.intake.model import Claim, Findings, Quote, Standing, UnknownName
from changeover.intake.names import Names
from changeover.intake.proposals import Proposal, propose
from changeover.intake.scene import Scene, Span
from changeover.intake.sentences import Sentence, language_of, sentences
from changeover.intake.times import document_date
from changeover.intake.timing import When
from changeover.intake.unknown import UnknownNames
from changeover.intake.voices import Voice, find_voices, silence

_LEXICONS: dict[str, Lexicon] = {"en": ENGLISH, "fr": FRENCH}
_DECIDING = (
    Op.COMMAND, Op.CEASE, Op.BAN, Op.SUSPEND, Op.PERMIT, Op.RESUME, Op.RESCIND, Op.WAIVE,
    Op.DESIGNATE, Op.DECLARE, Op.SWITCH, Op.GRADUAL, Op.AGREEMENT, Op.RISK, Op.MUST, Op.MAY,
    Op.ISSUE, Op.RESPOND,
)  # fmt: skip
_THEM = frozenset({"it", "them", "en", "y", "il", "elle"})


def read(
    document: bytes, name: str, directory: Directory, found: DocumentText | None = None
) -> Findings:
    """What the document holds; `UnreadableDocumentError` when it has no text.

    `found` is its text where that is known already.
    """
    found = found or text_of(document, name)
    text = found.text
    sha256 = hashlib.sha256(document).hexdigest()
    language = language_of(text)
    dated = document_date(text)
    findings = Findings(
        document=name,
        sha256=sha256,
        language=language,
        dated=dated[0].isoformat() if dated else None,
        notes=found.notes,
    )
    if not text.strip():
        return _with(findings, notes=("The document is empty.",))
    quoter = Quoter(text, sha256, found.pages)
    reader = _Reader(text, directory, quoter, _LEXICONS.get(language, ENGLISH))
    if dated:
        reader.discourse.dated, reader.discourse.dated_at = dated[0], dated[1]
    return reader.read(findings)


class _Reader:
    """One reading of one document."""

    def __init__(self, text: str, directory: Directory, quoter: Quoter, lexicon: Lexicon) -> None:
        self.discourse = Discourse(directory)
        self._text = text
        self._quoter = quoter
        self._lexicon = lexicon
        self._names = Names(directory)
        self._proposals: list[Proposal] = []
        self._claims: list[Claim] = []
        self._silent: set[str] = set()
        self._unknown = UnknownNames()
        self._marked: list[Span] = []
        self._force: When | None = None

    def read(self, findings: Findings) -> Findings:
        found = list(sentences(self._text, findings.language))
        items_of = [read_items(self._text, one, self._names, self._lexicon) for one in found]
        rows = list(zip(found, with_same_days(items_of, self.discourse.dated), strict=True))
        read_head(rows, self._text, self.discourse)
        for _, items in rows:
            find_voices(items, find_clauses(items), self.discourse)
        self.discourse.relay = None
        for sentence, items in rows:
            if sentence.kind == "field":
                self._remember(items, tuple(range(len(items))))
            else:
                self._read_sentence(sentence, items)
        if self.discourse.formal:
            self._proposals = with_force(self._proposals, self._force)
        merged = with_reach(merge(self._proposals, self.discourse), self.discourse)
        drafts = make_drafts(merged, self.discourse, self._quoter, frozenset(self._silent))
        return _with(
            findings,
            drafts=drafts,
            claims=tuple(self._claims),
            unknown=self._unknown.found(self._quoter, self.discourse.relays),
            marked=tuple(self._quoter.quote(span) for span in self._marked),
            notes=_remarks(findings, drafts),
        )

    def _read_sentence(self, sentence: Sentence, items: list[Item]) -> None:
        clauses = find_clauses(items)
        voices = find_voices(items, clauses, self.discourse)
        scene = Scene(items, clauses, voices, self.discourse)
        heading = sentence.kind == "heading"
        asks = any(item.text == "?" for item in items[-2:])
        proposals: list[Proposal] = []
        for index, clause in enumerate(clauses):
            for deed in (
                () if asks else find_deeds(items, clauses, index, formal=self.discourse.formal)
            ):
                proposals += propose(scene, deed, heading=heading)
            self._remember(items, clause.positions)
        if self._proposals and not (proposals or asks or heading):
            last = self._proposals[-1]
            self._proposals[-1] = with_details(last, items, self.discourse.dated)
        if not proposals:
            self._force = in_force(items, self.discourse) or self._force
        self._proposals += proposals
        if not heading:
            self._claim(scene, (sentence.start, sentence.end), told=bool(proposals))
            self._unknown.add(items)
            told = any(not is_hollow(proposal) for proposal in proposals)
            if not told and not asks and _may_bear(items):
                self._marked.append((sentence.start, sentence.end))
        self._turn(scene, proposals)

    def _claim(self, scene: Scene, span: Span, *, told: bool) -> None:
        silent = [
            v
            for v in scene.voices
            if v.op is Op.RESPOND and any(silence(scene.items, scene.clauses[i]) for i in v.governs)
        ]
        about = _about(scene.items)
        if silent:
            self._silent.update(v.identity for v in silent if v.identity)
            self._claims += make_claims(span, silent, about, self._quoter, "no-comment")
        elif scene.voices and not told and (about or self.discourse.relays):
            status = _status(scene.voices)
            self._claims += make_claims(span, scene.voices, about, self._quoter, status)

    def _remember(self, items: list[Item], positions: tuple[int, ...]) -> None:
        names = [n for p in positions if (n := items[p].name) is not None]
        together = dict.fromkeys(v for n in names if (v := n.get("vendor", "product")))
        self.discourse.vendors = tuple(together) or self.discourse.vendors
        for name in names:
            self.discourse.vendor = name.get("vendor", "product") or self.discourse.vendor
            self.discourse.service = name.get("service") or self.discourse.service
            if office := name.get("issuer"):
                self.discourse.offices[office] = None
            party = name.get("party")
            if party and party != "government":
                self.discourse.party = party

    def _turn(self, scene: Scene, proposals: list[Proposal]) -> None:
        """What the next sentence may refer back to."""
        relays = [v.who for v in scene.voices if v.role == "relayed" and v.op is not Op.VERIFY]
        if relays:
            self.discourse.relay = relays[-1]
        subject = _first_office(scene)
        spoken = next((v.identity for v in scene.voices if v.speaker == "office"), None)
        issuer = next((p.issuer for p in proposals if p.issuer_named), None)
        self.discourse.actor = subject or issuer or spoken or self.discourse.actor


def _may_bear(items: list[Item]) -> bool:
    """Whether a sentence without a draft deserves a reader's eye all the same.

    It names what may be used and says a word of deciding, or speaks of a text being ended,
    stayed or waived.
    """
    names = [item.name for item in items if item.name]
    about = any(n.get("vendor", "product", "model", "service") for n in names) or any(
        item.noun(Op.PRODUCT) or (item.has(Op.PRONOUN) and item.text.lower() in _THEM)
        for item in items
    )
    texts = any(item.noun(Op.INSTRUMENT, Op.BAN, Op.WAIVE, Op.COMMAND) for item in items)
    decides = any(item.has(*_DECIDING) for item in items)
    ends = any(item.has(Op.RESCIND, Op.SUSPEND, Op.CEASE, Op.ISSUE, Op.WAIVE) for item in items)
    return (about and decides) or (texts and ends)


def _first_office(scene: Scene) -> str | None:
    for item in scene.items:
        if item.verb:
            return None
        if item.name and (who := item.name.get("issuer", "party")):
            return who
    return None


def _about(items: list[Item]) -> tuple[str, ...]:
    found = (
        item.name.get("vendor", "product", "model", "party", "issuer", "service")
        for item in items
        if item.name
    )
    return tuple(dict.fromkeys(who for who in found if who))


def _status(voices: list[Voice]) -> Standing:
    ops = {voice.op for voice in voices}
    if Op.DENY in ops:
        return "denied"
    return "confirmed" if Op.CONFIRM in ops else "unverified"


def _remarks(findings: Findings, drafts: tuple[object, ...]) -> tuple[str, ...]:
    remarks: list[str] = []
    if findings.language == "und":
        remarks.append("The document is in neither English nor French, or too short to tell.")
    if findings.dated is None:
        remarks.append("The document names no date of its own.")
    if not drafts:
        remarks.append("No act was found in it.")
    return tuple(remarks)


def _with(
    findings: Findings,
    *,
    drafts: tuple = (),  # type: ignore[type-arg]
    claims: tuple[Claim, ...] = (),
    unknown: tuple[UnknownName, ...] = (),
    marked: tuple[Quote, ...] = (),
    notes: tuple[str, ...] = (),
) -> Findings:
    return Findings(
        document=findings.document,
        sha256=findings.sha256,
        language=findings.language,
        dated=findings.dated,
        drafts=drafts,
        claims=claims,
        unknown=unknown,
        marked=marked,
        notes=(*findings.notes, *notes),
    )
