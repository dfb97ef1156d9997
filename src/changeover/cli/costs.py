"""`changeover costs`: what calls cost, by month, party, service and model."""

import base64

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import print_json, print_table

_COSTS = "/desk/costs"


@click.command()
@click.option("--since", metavar="MONTH", help="The first month, such as 2026-03 (this one).")
@click.option(
    "--as",
    "form",
    type=click.Choice(("csv", "focus")),
    help="Print a file instead: a table as CSV, or the columns of FOCUS 1.2.",
)
@json_option
@remote
def costs(desk: Remote, *, since: str | None, form: str | None, as_json: bool) -> None:
    """Tell what calls cost in US dollars, by the vendors' counts, and of what it is not known."""
    if form is not None:
        exported = desk.api("GET", f"{_COSTS}/export", since=since, form=form)
        click.echo(base64.b64decode(exported["content"]), nl=False)
        return
    answered = desk.api("GET", _COSTS, since=since)
    if as_json:
        print_json(answered)
        return
    rows = [
        (
            line["month"],
            line["party"],
            line["service"],
            line["route"],
            f"{line['calls']:,}",
            f"{line['input_tokens'] + line['output_tokens']:,}",
            line["cost"],
            f"{line['unknown']:,}" if line["unknown"] else "-",
        )
        for line in answered["costs"]
    ]
    if rows:
        heads = ("month", "party", "service", "route", "calls", "tokens", "US$", "unknown")
        print_table(heads, rows)
    click.echo(f"Since {answered['since']}: US$ {answered['total']}.")
    if answered["unknown"]:
        click.echo(
            f"Calls of unknown cost, which are not in the sum: {answered['unknown']:,}. Their "
            "route has no known price, or their vendor's counts never came."
        )
