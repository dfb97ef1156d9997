"""`changeover orders as-of`, `calendar` and `awaiting`."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from changeover.cli.client import Remote, json_option, remote
from changeover.cli.output import local, print_json, print_table


@click.command("as-of")
@click.argument("instant")
@click.option("--known-at", metavar="INSTANT", help="As the record stood then.")
@json_option
@remote
def as_of(desk: Remote, instant: str, *, known_at: str | None, as_json: bool) -> None:
    """List every instrument as it stands at INSTANT, and what ended, stayed or waived it.

    What was in force on a day, and with --known-at what was believed on a day,
    are different questions.
    """
    answered = desk.get("/orders", at=instant, known_at=known_at)
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No instruments were on record.")
        return
    rows = [
        (
            line["id"],
            line["issuer"],
            line["status"],
            local(line["takes_effect"], "UTC"),
            local(line["deadline"], "UTC"),
            _moved(line),
        )
        for line in answered
    ]
    print_table(("id", "issuer", "status", "from (UTC)", "deadline (UTC)", "by"), rows)


def _moved(line: dict[str, Any]) -> str:
    """What ended it or keeps it off, for everybody or for some."""
    told = [*([line["ended_by"]] if line["ended_by"] else []), *line["kept_off_by"]]
    told += [f"{name} (for some)" for name in line["partly_off_by"]]
    return ", ".join(told) or "-"


@click.command("calendar")
@click.option("--party", help="Only what reaches this party or what is part of it.")
@click.option("--service", help="Only what reaches this service.")
@click.option(
    "--lang",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="The language of the words.",
)
@json_option
@remote
def calendar(
    desk: Remote, *, party: str | None, service: str | None, lang: str, as_json: bool
) -> None:
    """Print the dates that lie ahead as an iCalendar file.

    When orders take effect, their deadlines and ends, and when stays, waivers
    and freezes expire. Reading the file again moves events; it adds none twice.
    """
    if as_json:
        print_json(desk.get("/dates", party=party, service=service))
        return
    text = desk.text("/calendar", party=party, service=service, lang=lang)
    click.echo(text, nl=False)


@click.command("awaiting")
@json_option
@remote
def awaiting(desk: Remote, *, as_json: bool) -> None:
    """List what awaits a person, and who may settle it.

    Uses to be judged, open questions, freezes to be confirmed, requested waivers,
    readings that counsel has not signed, and held routes.
    """
    answered = desk.get("/awaiting")
    if as_json:
        print_json(answered)
        return
    sections = [section for section in _sections(answered) if section[2]]
    for number, (heading, columns, rows) in enumerate(sections):
        if number:
            click.echo()
        click.secho(heading, bold=True)
        print_table(columns, rows)
    if not sections:
        click.echo("Nothing awaits a person.")


_Section = tuple[str, Sequence[str], list[tuple[str, ...]]]


def _sections(answered: dict[str, Any]) -> Iterable[_Section]:
    zone = answered["zone"]
    yield (
        "Uses to be judged: refused as new until then",
        ("service", "slot", "route", "order", "why", "may judge"),
        [
            (u["service"], u["slot"], u["route"], u["order"], _all(u["why"]), _all(u["judges"]))
            for u in answered["uses"]
        ],
    )
    yield (
        "Open questions: the order counts until a finding",
        ("order", "implements", "which is", "by", "may find"),
        [
            (q["instrument"], q["implements"], q["status"], _all(q["by"]), _all(f["judges"]))
            for f in answered["findings"]
            for q in (f["question"],)
        ],
    )
    yield (
        f"Freezes: each ends by itself unless it is confirmed ({zone})",
        ("freeze", "ends", "may confirm"),
        [
            (c["freeze"], local(c["until"], zone), _all(c["judges"]))
            for c in answered["confirmations"]
        ],
    )
    yield (
        "Requested waivers: they permit nothing yet",
        ("request", "orders", "for", "may grant"),
        [
            (w["request"], _all(w["orders"]), _for(w), _all(w["grants"]))
            for w in answered["waivers"]
        ],
    )
    yield (
        "Readings that counsel has not signed",
        ("order", "clause", "chosen", "by", "of"),
        [
            (s["order"], s["clause"], s["chosen"], s["chosen_by"], _all(s["readings"]))
            for s in answered["signatures"]
        ],
    )
    yield (
        "Held routes: an officer releases them",
        ("service", "route", "held by"),
        [(r["service"], r["route"], _all(r["held_by"])) for r in answered["releases"]],
    )


def _for(waiver: dict[str, Any]) -> str:
    return _all([*waiver["parties"], *waiver["services"]])


def _all(names: Iterable[str]) -> str:
    return ", ".join(names) or "-"
