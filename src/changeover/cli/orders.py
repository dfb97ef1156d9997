"""`changeover decide`, `orders` and `release`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from changeover.cli.client import Remote, by_option, file_of, json_option, part, remote
from changeover.cli.output import local, print_json, print_table
from changeover.cli.replicas import echo_enforcement
from changeover.cli.wording import act_line, act_terms, reading_line

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--service", required=True, help="The service that would call.")
@click.option("--model", required=True, metavar="MODEL[@HOST]", help="The model, or one route.")
@click.option("--slot", help="The service's slot (its first, if not given).")
@click.option("--at", metavar="INSTANT", help="When the call would be made (now, if not given).")
@click.option("--known-at", metavar="INSTANT", help="As the record stood then.")
@click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="INSTRUMENT=READING",
    help="Read an instrument otherwise than chosen. May be given several times.",
)
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=yes|no",
    help="What is known of the person who would use it. May be given several times; what is not "
    "given is unknown.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="The language of the words.",
)
@json_option
@remote
def decide(
    desk: Remote,
    *,
    service: str,
    model: str,
    slot: str | None,
    at: str | None,
    known_at: str | None,
    readings: tuple[str, ...],
    attributes: tuple[str, ...],
    lang: str,
    as_json: bool,
) -> None:
    """Say whether a call would be allowed, and why.

    Without a host, each of the model's routes is answered; the outcome is that
    of the route that a call would be given, else refuse.
    """
    body = {
        "service": service,
        "model": model,
        "slot": slot,
        "at": at,
        "known_at": known_at,
        "readings": _once(map(_pair, readings)),
        "attributes": _once(map(_attribute, attributes)),
    }
    answered = desk.post("/decide", body)
    if as_json:
        print_json(answered)
        return
    colour = {"allow": "green", "notice": "yellow", "refuse": "red"}
    click.secho(answered["outcome"], fg=colour[answered["outcome"]], bold=True)
    click.echo(answered["explanation"][lang])
    for beside in answered["beside"]:
        words = _BESIDE if beside["reading"] != beside["chosen"] else _NONE_STRICTER
        click.secho(words[lang].format(**beside), fg="yellow")
    if len(answered["routes"]) > 1:
        click.echo()
        rows = [
            (route["route"], route["outcome"], route["because"]) for route in answered["routes"]
        ]
        print_table(("route", "outcome", "because"), rows)


_NONE_STRICTER = {
    "en": "Counsel has not signed how {instrument} is read ({chosen}); for this call "
    "no reading is stricter.",
    "fr": "La lecture de {instrument} ({chosen}) n'est pas signée par le conseil juridique ; "
    "pour cet appel, aucune n'est plus stricte.",
}
_BESIDE = {
    "en": "Counsel has not signed how {instrument} is read ({chosen}). Under its strictest reading "
    "({reading}): {outcome}, {because}.",
    "fr": "La lecture de {instrument} ({chosen}) n'est pas signée par le conseil juridique. Selon "
    "la plus stricte ({reading}) : {outcome}, {because}.",
}


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs by name; a name that is given two values is an error."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise click.UsageError(f"{name} is given twice, as {found[name]} and as {value}.")
    return found


def _attribute(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or value not in {"yes", "no"}:
        raise click.UsageError(
            f"{text!r} is not NAME=yes or NAME=no. Leave out an attribute that is not known."
        )
    return name, value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise click.UsageError(f"{text!r} is not INSTRUMENT=READING.")
    return name, value


@click.group()
def orders() -> None:
    """Issue, list, show and rescind instruments."""


@orders.command("list")
@json_option
@remote
def list_(desk: Remote, *, as_json: bool) -> None:
    """List the instruments on record."""
    answered = desk.get("/orders")
    if as_json:
        print_json(answered)
        return
    if not answered:
        click.echo("No instruments are on record.")
        return
    rows = [
        (
            line["id"],
            line["kind"],
            line["issuer"],
            line["status"],
            local(line["takes_effect"], "UTC"),
            local(line["deadline"], "UTC"),
        )
        for line in answered
    ]
    print_table(("id", "kind", "issuer", "status", "from (UTC)", "deadline (UTC)"), rows)


@orders.command("show")
@click.argument("order")
@json_option
@remote
def show(desk: Remote, order: str, *, as_json: bool) -> None:
    """Show an instrument: its words, its readings, its sources, who entered it."""
    answered = desk.get(f"/orders/{part(order)}")
    if as_json:
        print_json(answered)
        return
    summary, issued = answered["summary"], answered["issued"]
    click.secho(f"{summary['title']['en']} ({summary['id']})", bold=True)
    click.echo(f"{summary['kind']} of {summary['issuer']}, {summary['status']}")
    confirmed = f", confirmed by {issued['confirmed_by']}" if issued["confirmed_by"] else ""
    click.echo(f"recorded {issued['recorded']} by {issued['entered_by']}{confirmed}")
    instrument = issued["instrument"]
    for act in instrument["acts"]:
        click.echo(act_line(act))
        for line in act_terms(act):
            click.echo(f"  {line}")
    for change in instrument["rebindings"]:
        slots, models = ", ".join(change["slots"]), ", ".join(change["models"])
        click.echo(f"binds {change['service']} ({slots}) to {models}")
    for clause in instrument["clauses"]:
        click.echo(f"\n“{clause['words']}”")
        for reading in clause["readings"]:
            chosen = "chosen" if reading["id"] == clause["chosen"] else "rejected"
            click.echo(f"  {reading['id']} ({chosen}): {reading_line(reading)}")
            if reading["note"]:
                click.echo(f"    {reading['note']['en']}")
    for source in instrument["sources"]:
        click.echo(f"\nsource {source['address']}, sha256 {source['sha256']}")


@orders.command("issue")
@click.argument("draft")
@click.option("--issuer", help="Who issues it, where the draft leaves it open.")
@click.option("--id", "identifier", help="The instrument's id, where the default does not do.")
@click.option("--from", "since", metavar="INSTANT", help="When it begins.")
@click.option("--until", metavar="INSTANT", help="When it ends.")
@click.option("--scope", "scope", multiple=True, metavar="PARTY", help="A party it reaches.")
@click.option("--reading", metavar="READING", help="Who may wind down: `all` or `named`.")
@click.option("--implements", multiple=True, metavar="ORDER", help="An order it carries out.")
@click.option("--rescinds", multiple=True, metavar="ORDER", help="An order it ends.")
@click.option("--confirmed-by", metavar="NAME", help="The second officer, for a freeing act.")
@by_option
@json_option
@remote
def issue(
    desk: Remote,
    draft: str,
    by: str,
    *,
    issuer: str | None,
    identifier: str | None,
    since: str | None,
    until: str | None,
    scope: tuple[str, ...],
    reading: str | None,
    implements: tuple[str, ...],
    rescinds: tuple[str, ...],
    confirmed_by: str | None,
    as_json: bool,
) -> None:
    """Issue DRAFT: the id of a draft that intake made, or a YAML file of an instrument.

    It is checked against its issuer's authority; when something is wrong,
    nothing is recorded. An instrument in a file is complete: of the options,
    only --by and --confirmed-by concern it.
    """
    path = Path(draft)
    common = {"by": by, "confirmed_by": confirmed_by}
    given: dict[str, Any] = {
        "issuer": issuer,
        "id": identifier,
        "since": since,
        "until": until,
        "parties": scope,
        "reading": reading,
        "implements": implements,
        "rescinds": rescinds,
    }
    overrides = {name: value for name, value in given.items() if value}
    if path.suffix in {".yaml", ".yml"}:
        if overrides:
            raise click.UsageError(
                "An instrument in a file is complete, and only a draft is given more. "
                f"Write it into {path}, or leave the options out."
            )
        answered = desk.post("/orders/files", {"file": file_of(path), **common})
    else:
        answered = desk.post("/orders", {"draft": draft, "overrides": overrides, **common})
    _print_issued(answered, as_json=as_json)


@orders.command("rescind")
@click.argument("order")
@click.option("--source", type=_FILE, help="The text that the rescission rests on.")
@click.option("--confirmed-by", metavar="NAME", help="The second officer.")
@by_option
@json_option
@remote
def rescind(
    desk: Remote,
    order: str,
    by: str,
    *,
    source: Path | None,
    confirmed_by: str | None,
    as_json: bool,
) -> None:
    """Rescind ORDER from now on, for its issuer.

    Permission returns; traffic does not, until an officer releases the routes
    that were refused (`changeover release`). A rescission needs the text that
    it rests on and a second officer.
    """
    body: dict[str, Any] = {"by": by, "confirmed_by": confirmed_by}
    if source is not None:
        body["source"] = file_of(source)
    _print_issued(desk.post(f"/orders/{part(order)}/rescission", body), as_json=as_json)


@orders.command("find")
@click.argument("order")
@click.option("--stands", is_flag=True, help="It stands.")
@click.option("--falls", is_flag=True, help="It falls, from now on.")
@click.option("--issuer", help="Who finds it, if not the order's own issuer.")
@click.option("--source", type=_FILE, help="The text that the finding rests on.")
@click.option("--confirmed-by", metavar="NAME", help="The second officer, where it falls.")
@by_option
@json_option
@remote
def find(
    desk: Remote,
    order: str,
    by: str,
    *,
    stands: bool,
    falls: bool,
    issuer: str | None,
    source: Path | None,
    confirmed_by: str | None,
    as_json: bool,
) -> None:
    """Record whether ORDER stands or falls, what it implements being stayed or ended.

    Until then it counts, and decisions cite the open question. A finding that
    it falls needs the text that it rests on and a second officer.
    """
    if stands == falls:
        raise click.UsageError("Say --stands or --falls, one of the two.")
    body: dict[str, Any] = {
        "result": "stands" if stands else "falls",
        "issuer": issuer,
        "by": by,
        "confirmed_by": confirmed_by,
    }
    if source is not None:
        body["source"] = file_of(source)
    _print_issued(desk.post(f"/orders/{part(order)}/finding", body), as_json=as_json)


def _print_issued(answered: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answered)
        return
    instrument = answered["instrument"]
    click.echo(f"Issued {instrument['id']}: {instrument['title']['en']}")
    for words in answered.get("warnings", ()):
        click.secho(f"! {words['en']}", fg="yellow")
    echo_enforcement(answered["enforcement"])


@click.command()
@click.argument("service")
@click.argument("route")
@by_option
@json_option
@remote
def release(desk: Remote, service: str, route: str, by: str, *, as_json: bool) -> None:
    """Release a held ROUTE for SERVICE: traffic may return there."""
    answered = desk.post("/releases", {"service": service, "route": route, "by": by})
    if as_json:
        print_json(answered)
        return
    click.echo(f"Released {answered['route']} for {answered['service']}.")
