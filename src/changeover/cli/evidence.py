"""`changeover evidence`: packs that show what was and was not called, and their verification.

What makes a pack is imported when it runs, so that other commands start quickly.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.text import LANGUAGES, Language
from changeover.cli.believing import time_root_option, witness_option
from changeover.cli.client import Remote, by_option, json_option, remote
from changeover.cli.output import print_json, print_table
from changeover.evidence import verifier as verifying
from changeover.ledger.checkpoint import VerifierKey

_KNOWN = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


@click.group()
def evidence() -> None:
    """Show to others what was and was not called, and verify what was shown."""


@evidence.command("export")
@click.option("--vendor", required=True, help="The maker, host or reseller that is asked about.")
@click.option("--from", "since", required=True, metavar="INSTANT", help="When the window begins.")
@click.option("--to", "until", required=True, metavar="INSTANT", help="When it ends (exclusive).")
@click.option("--party", help="Only calls of this party and of what is part of it.")
@click.option("--out", type=_NEW, help="The file to write.")
@click.option("--known", type=_KNOWN, help="A checkpoint that the pack can be compared with.")
@click.option(
    "--reconcile",
    "counts",
    multiple=True,
    type=_KNOWN,
    help="A file of what others counted, as `changeover reconcile` reads it.",
)
@click.option(
    "--gateway", multiple=True, metavar="ADDRESS", help="An address of ours in such files."
)
@json_option
@remote
def export(
    desk: Remote,
    /,
    *,
    vendor: str,
    since: str,
    until: str,
    party: str | None,
    out: Path | None,
    known: Path | None,
    counts: tuple[Path, ...],
    gateway: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write an evidence pack: all that is needed to check offline what was called.

    Reads the database itself, whether or not a server runs, and signs with the ledger's key.
    """
    from changeover.wiring.evidence import Window, export_pack  # noqa: PLC0415

    file = out or Path(f"evidence-{vendor}.zip")
    if file.exists():
        raise click.UsageError(f"{file} exists already. Name a new file with --out.")
    window = Window(
        vendor=vendor, since=since, until=until, party=party, counts=counts, gateway=gateway
    )
    kept = None if known is None else known.read_bytes()
    exported = export_pack(desk.data, os.environ, window, file, known=kept)
    manifest = exported.manifest
    if as_json:
        print_json({"file": str(file), "sha256": exported.digest, "manifest": manifest})
        return
    click.echo(f"Entries {manifest.first} to {manifest.size - 1} of the ledger: {file}")
    click.echo(f"The manifest's SHA-256 is {exported.digest}.")
    if manifest.reconciled is not None:
        click.echo(manifest.reconciled.words)
    click.echo(f"Verify it: changeover evidence verify {file} --vkey KEY")


@evidence.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vkey", help="The ledger's public key, as you were given it.")
@click.option("--known", type=_KNOWN, help="A checkpoint that you kept.")
@witness_option
@time_root_option
@json_option
def verify(
    file: Path,
    *,
    vkey: str | None,
    known: Path | None,
    witnesses: tuple[str, ...],
    time_root: Path | None,
    as_json: bool,
) -> None:
    """Say what the pack in FILE shows: none recorded, these calls, or incomplete here.

    Needs no installation. Ends with status 1 when the record is incomplete.
    """
    from changeover.evidence.vouched_pack import sentences  # noqa: PLC0415

    found = _vouched(file, _verdict(file, vkey, known), witnesses, time_root)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo(verifying.tell(found), nl=False)
        for sentence in sentences(found):
            click.echo(verifying.plain(sentence))
    sys.exit(1 if found["verdict"] == "incomplete" else 0)


@evidence.command("report")
@click.argument("file", type=_KNOWN)
@click.option("--out", type=_NEW, required=True, help="The page: report.html, or report.pdf.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Its language.")
@click.option("--vkey", help="The ledger's public key, as you were given it.")
@click.option("--known", type=_KNOWN, help="A checkpoint that you kept.")
@witness_option
@time_root_option
@click.option("--sign", is_flag=True, help="Sign it with the ledger's key, into a note beside it.")
@remote
def report(
    desk: Remote,
    /,
    *,
    file: Path,
    out: Path,
    lang: Language,
    vkey: str | None,
    known: Path | None,
    sign: bool,
    **others: Any,
) -> None:
    """Write what the pack in FILE shows as a page that prints, for readers.

    Verifies it first. Ends with status 1 when the record is incomplete; the page says so. Needs no
    installation, but to sign.
    """
    from changeover.evidence.pack_page import page  # noqa: PLC0415
    from changeover.evidence.pack_pdf import pdf  # noqa: PLC0415

    found = _vouched(file, _verdict(file, vkey, known), **others)
    written = page(found, lang)
    written = pdf(written) if out.suffix.lower() == ".pdf" else written
    out.write_bytes(written)
    if sign:
        _sign(desk, out, written, found)
    said = found["words"][1] if found["holds"] else found["reasons"][0]
    click.echo(verifying.plain(f"{said} See {out}."))
    sys.exit(1 if found["verdict"] == "incomplete" else 0)


def _sign(desk: Remote, out: Path, written: bytes, found: Mapping[str, Any]) -> None:
    from changeover.evidence import signed_report  # noqa: PLC0415
    from changeover.ledger.keys import load  # noqa: PLC0415
    from changeover.wiring.places import ledger_key_file  # noqa: PLC0415

    if not found["holds"]:
        raise InvalidInputError(
            f"The report is not signed: {found['reasons'][0]}",
            means=f"It stands in {out}, and says so. What does not hold has no pack to name.",
        )
    note = signed_report.sign(written, found["manifest"], load(ledger_key_file(desk.data)))
    out.with_name(f"{out.name}.note").write_bytes(note)


@evidence.command("signed")
@click.argument("report", type=_KNOWN)
@click.option("--vkey", required=True, help="The ledger's public key, as you were given it.")
def signed(report: Path, *, vkey: str) -> None:
    """Check the note beside REPORT: that the ledger's key signed this very report."""
    from changeover.evidence import signed_report  # noqa: PLC0415

    note = report.with_name(f"{report.name}.note")
    if not note.is_file():
        raise InvalidInputError(f"There is no {note}.", do="Keep the note beside the report.")
    key = VerifierKey.parse(vkey.strip())
    pack = signed_report.check(report.read_bytes(), note.read_bytes(), key)
    click.echo(f"Signed by {key.name}. The SHA-256 of its pack's manifest is {pack}.")


@evidence.command("canary")
@click.option("--vendor", required=True, help="The maker, host or reseller whose routes are asked.")
@by_option
@json_option
@remote
def canary(desk: Remote, /, *, vendor: str, by: str, as_json: bool) -> None:
    """Show that the routes to a vendor refuse: ask for each as each service would.

    What stands at the end is a sink on the server's machine, and never the vendor. The server has
    to run. What came of each route goes into the ledger, and into packs. Ends with status 1
    where a route let a canary out.
    """
    if not desk.serving:
        raise ConflictError(
            f"No server runs on {desk.data} that could be asked.",
            means="Canaries show what a running replica does. None was made.",
            do="Start it with `changeover up`; of replicas on PostgreSQL ask each, with "
            "POST /api/desk/evidence/canaries.",
        )
    found = desk.api("POST", "/desk/evidence/canaries", by=by, body={"vendor": vendor})
    if as_json:
        print_json(found)
    else:
        headings = ("route", "asked", "refused", "let out", "not asked", "orders")
        print_table(headings, [_canary(route) for route in found["routes"]])
    sys.exit(1 if any(route["let_out"] for route in found["routes"]) else 0)


def _canary(route: Mapping[str, Any]) -> Sequence[str]:
    counts = (str(sum(route[name].values())) for name in ("asked", "refused"))
    named = (" ".join(route[name]) for name in ("let_out", "not_asked", "instruments"))
    return route["route"], *counts, *(names or "-" for names in named)


@evidence.command("redact")
@click.argument("file", type=_KNOWN)
@click.option("--out", type=_NEW, required=True, help="The redacted pack.")
@click.option("--call", "calls", type=int, multiple=True, help="A call, by its entry's number.")
@click.option("--all-calls", is_flag=True, help="Every call.")
@click.option("--order", "orders", multiple=True, metavar="ID", help="The text of an order.")
@click.option("--why", required=True, help="Why it is left out.")
@by_option
@remote
def redact(
    desk: Remote,
    /,
    *,
    file: Path,
    out: Path,
    calls: tuple[int, ...],
    all_calls: bool,
    orders: tuple[str, ...],
    why: str,
    by: str,
) -> None:
    """Write another pack of FILE in which calls or texts are replaced by their digests.

    It says so, still verifies, and is signed with the ledger's key: run it where that is.
    """
    from changeover.evidence import redacting  # noqa: PLC0415
    from changeover.ledger.keys import load  # noqa: PLC0415
    from changeover.wiring.places import ledger_key_file  # noqa: PLC0415
    from changeover.wiring.replacing import replaced  # noqa: PLC0415

    if out.exists():
        raise click.UsageError(f"{out} exists already. Name a new file with --out.")
    asked = redacting.Redaction(
        by=by, why=why, calls=None if all_calls else frozenset(calls), orders=frozenset(orders)
    )
    key = load(ledger_key_file(desk.data))
    with replaced(out) as written:
        digest = redacting.redact(file, written, asked, key)
    click.echo(f"The manifest's SHA-256 is {digest}. Verify it: changeover evidence verify {out}")


@evidence.command("hand-over")
@click.argument("file", type=_KNOWN)
@click.option("--from", "giver", required=True, metavar="NAME", help="Who gives it.")
@click.option("--to", "receiver", required=True, metavar="NAME", help="Who receives it.")
@click.option("--note", default="", help="How, why, or under which number.")
def hand_over(file: Path, *, giver: str, receiver: str, note: str) -> None:
    """Add to the transfer log in FILE that it is handed on.

    Needs no installation. It is what people say, and changes nothing of what the pack shows.
    """
    from changeover.evidence import transfers  # noqa: PLC0415

    handing = transfers.Handing(giver=giver, receiver=receiver, note=note)
    told = transfers.hand_over(file, handing, SystemClock().now())
    click.echo(verifying.plain(f"{told.giver} to {told.receiver}, {told.at}."))
    click.echo(f"The file's SHA-256 was {told.file}.")


@evidence.command("transfers")
@click.argument("file", type=_KNOWN)
@json_option
def show_transfers(file: Path, *, as_json: bool) -> None:
    """Show the transfer log in FILE, each hand-over checked to follow from the one before."""
    from changeover.evidence import transfers  # noqa: PLC0415

    log = transfers.transfers(file)
    if as_json:
        print_json(log)
        return
    for told in log:
        note = f" ({told.note})" if told.note else ""
        click.echo(verifying.plain(f"{told.at}  {told.giver} to {told.receiver}{note}"))
    if not log:
        click.echo("Nobody has written that it was handed on.")


@evidence.command("verifier")
def verifier() -> None:
    """Print the verifier as one Python file, for whoever has no Changeover.

    It needs Python 3.11 and the package `cryptography`, and nothing else.
    """
    click.echo(Path(verifying.__file__).read_text(encoding="utf-8"), nl=False)


def _vouched(
    file: Path, found: dict[str, Any], witnesses: Sequence[str], time_root: Path | None
) -> dict[str, Any]:
    """The answer with what others say of the ledger, as far as they are believed."""
    from changeover.evidence.vouched_pack import with_vouched  # noqa: PLC0415
    from changeover.wiring.proof import believed  # noqa: PLC0415

    return with_vouched(file, found, believed(witnesses, time_root))


def _verdict(file: Path, vkey: str | None, known: Path | None) -> dict[str, Any]:
    """The verifier's answer; `NoteError` for a key that is none."""
    key = None if vkey is None else verifying.Key(str(VerifierKey.parse(vkey.strip())))
    return verifying.verdict(file, key, None if known is None else known.read_bytes())
