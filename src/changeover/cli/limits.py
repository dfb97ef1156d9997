"""`changeover limits`: how much keys, services and parties may ask and spend."""

from collections.abc import Mapping
from typing import Any

import click

from changeover.cli.client import Remote, by_option, json_option, remote
from changeover.cli.output import print_json, print_table
from changeover.metering.limits import MEASURES, SUBJECTS

_LIMITS = "/limits"
_subject = click.argument("subject", type=click.Choice(SUBJECTS))
_named = click.argument("named")
_measure = click.argument("measure", type=click.Choice(MEASURES))
_period = click.option(
    "--per",
    "period",
    type=click.Choice(("minute", "day", "month")),
    help="The period; a minute for requests and tokens, a month for money.",
)


@click.group()
def limits() -> None:
    """Limit what keys, services and parties may ask and spend."""


@limits.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List limits, with what is used of each budget in the period under way."""
    answered = desk.api("GET", _LIMITS)
    if as_json:
        print_json(answered)
        return
    if not answered["limits"]:
        click.echo("Nothing is limited. Set a limit with `changeover limits set`.")
        return
    rows = [
        (
            line["subject"],
            _name(line),
            line["measure"],
            line["period"],
            line["amount"],
            line["used"] or "-",
            line["out"] or "-",
            line["set_by"],
        )
        for line in answered["limits"]
    ]
    heads = ("subject", "name", "measure", "per", "limit", "used", "let out", "set by")
    print_table(heads, rows)


@limits.command("set")
@_subject
@_named
@_measure
@click.argument("amount")
@_period
@by_option
@json_option
@remote
def set_(
    desk: Remote,
    subject: str,
    named: str,
    measure: str,
    amount: str,
    by: str,
    *,
    period: str | None,
    as_json: bool,
) -> None:
    """Limit SUBJECT NAMED to AMOUNT of MEASURE: requests, tokens, or money in US dollars.

    A party's limit covers the services of all that is part of it.
    """
    body = {**_of(subject, named, measure, period), "amount": amount}
    _told(desk.api("POST", _LIMITS, by=by, body=body), "Limited", as_json=as_json)


@limits.command("lift")
@_subject
@_named
@_measure
@_period
@by_option
@json_option
@remote
def lift(
    desk: Remote,
    subject: str,
    named: str,
    measure: str,
    by: str,
    *,
    period: str | None,
    as_json: bool,
) -> None:
    """Lift a limit of SUBJECT NAMED."""
    body = _of(subject, named, measure, period)
    _told(desk.api("POST", f"{_LIMITS}/lift", by=by, body=body), "Lifted", as_json=as_json)


def _of(subject: str, named: str, measure: str, period: str | None) -> dict[str, Any]:
    usual = "month" if measure == "money" else "minute"
    return {
        "subject": subject,
        "named": named,
        "measure": measure,
        "period": period or usual,
    }


def _told(line: Mapping[str, Any], done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(line)
        return
    dollars = "US$ " if line["measure"] == "money" else ""
    click.echo(
        f"{done}: {line['subject']} {_name(line)}, {dollars}{line['amount']} {line['measure']} "
        f"per {line['period']}."
    )


def _name(line: Mapping[str, Any]) -> str:
    return f"co_{line['named']}_…" if line["subject"] == "key" else str(line["named"])
