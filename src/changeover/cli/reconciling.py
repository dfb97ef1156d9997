"""`changeover reconcile`: what others counted, beside the ledger.

What reads files is imported when it runs, so that other commands start quickly.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json, print_table

_KINDS = (
    "openai-usage", "anthropic-usage", "cloudtrail", "google-audit", "squid", "zeek", "focus",
)  # fmt: skip
_FINDINGS = {
    "agrees": "agrees",
    "bypass": "BYPASS",
    "not-counted": "not counted",
    "unclear": "cannot tell",
    "over-instant": "on both sides",
}


@click.command("reconcile")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE…",
)
@click.option("--kind", type=click.Choice(_KINDS), help="What the files are, if not as they look.")
@click.option("--from", "since", metavar="INSTANT", help="Where the window begins.")
@click.option("--to", "until", metavar="INSTANT", help="Where it ends.")
@click.option("--order", "orders", multiple=True, metavar="ID", help="Cut time where it begins.")
@click.option("--instant", "instants", multiple=True, metavar="INSTANT", help="Cut time there.")
@click.option("--bucket", metavar="DURATION", help="How long spans are; as the files divide them.")
@click.option(
    "--late",
    default="1m",
    show_default=True,
    metavar="DURATION",
    help="How long after the ledger a vendor may count a call.",
)
@click.option(
    "--gateway",
    multiple=True,
    metavar="ADDRESS",
    help="An address of the gateway's own in network logs, to be left out.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME=VENDOR",
    help="A network name that a vendor answers at.",
)
@click.option("--all", "every", is_flag=True, help="Show the spans that agree too.")
@json_option
@remote
def reconcile(desk: Remote, /, *, as_json: bool, every: bool, **told: Any) -> None:
    """Compare what vendors, clouds, networks and invoices counted with the ledger.

    FILES are OpenAI's and Anthropic's usage reports, AWS CloudTrail, Google Cloud audit logs,
    Squid's and Zeek's logs and FOCUS invoices, packed or not. Ends with status 1 unless all
    that they count is in the ledger.
    """
    from changeover.wiring.reconciling import Given, reconcile_files  # noqa: PLC0415

    told["names"] = dict(_pair(name) for name in told["names"])
    report = msgspec.to_builtins(reconcile_files(desk.data, os.environ, Given(**told)))
    if as_json:
        print_json(report)
    else:
        _print(report, every=every)
    sys.exit(0 if report["verdict"] == "reconciled" else 1)


def _pair(text: str) -> tuple[str, str]:
    name, equals, vendor = text.partition("=")
    if not (name and equals and vendor):
        raise InvalidInputError(
            f"{text!r} names no vendor.", do="Write it as llm.example.org=openai."
        )
    return name, vendor


def _print(report: Mapping[str, Any], *, every: bool) -> None:
    for source in report["sources"]:
        click.echo(
            f"{source['file']}: {source['kind']}, {source['counted']} of {source['lines']} lines"
            f" count, sha256 {source['sha256']}"
        )
    if report["duplicates"]:
        click.echo(f"{report['duplicates']} lines stood there twice, and count once.")
    shown = [row for row in report["rows"] if every or row["finding"] != "agrees"]
    if shown:
        headings = ("vendor", "from", "to", "counted", "sent", "finding", "why")
        print_table(headings, [_row(row) for row in shown])
    agree = len(report["rows"]) - len(shown)
    if agree:
        click.echo(f"{agree} further spans agree (--all shows them).")
    click.secho(report["words"], fg="green" if report["verdict"] == "reconciled" else "red")


def _row(row: Mapping[str, Any]) -> Sequence[str]:
    counted, sent = row["counted_requests"], row["sent"]
    if counted is None and row["counted_tokens"] is not None:
        counted, sent = f"{row['counted_tokens']} tokens", f"{row['recorded_tokens']} tokens"
    finding = _FINDINGS[row["finding"]]
    if row["excess"]:
        finding += f" +{row['excess']}"
    who = f" ({'; '.join(row['whos'])})" if row["whos"] and row["finding"] == "bypass" else ""
    return (
        row["host"], row["begins"], row["ends"], "-" if counted is None else str(counted),
        str(sent), finding, row["why"] + who,
    )  # fmt: skip
