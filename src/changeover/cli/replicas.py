"""`changeover replicas` and `changeover orders enforcement`."""

from typing import Any

import click

from changeover.cli.client import Remote, json_option, part, remote
from changeover.cli.output import local, print_json, print_table


@click.command()
@click.option("--all", "everyone", is_flag=True, help="Those that left, too.")
@json_option
@remote
def replicas(desk: Remote, *, everyone: bool, as_json: bool) -> None:
    """List the processes that serve, their leases, and what each has loaded."""
    answered = desk.get("/replicas")
    if as_json:
        print_json(answered)
        return
    if not answered["shared"]:
        click.echo("This installation runs as one process: it has no other replicas.")
        return
    shown = [each for each in answered["replicas"] if everyone or each["state"] != "gone"]
    if not shown:
        click.echo("No process serves on this database now.")
        return
    rows = [
        (
            each["address"] or "-",
            f"{each['host']}/{each['pid']}",
            each["state"] if each["lease_left"] or each["state"] == "gone" else "silent",
            f"{each['lease_left']:.1f} s" if each["lease_left"] else "-",
            "yes" if each["revision"] >= answered["revision"] else "no",
            f"{each['skew'] * 1000:+.0f} ms",
            local(each["began"], "UTC"),
        )
        for each in shown
    ]
    heads = ("address", "host/process", "state", "lease left", "up to date", "clock", "since (UTC)")
    print_table(heads, rows)


@click.command()
@click.argument("order")
@json_option
@remote
def enforcement(desk: Remote, order: str, *, as_json: bool) -> None:
    """Tell when ORDER was in force on every replica, and list the calls before that.

    In law it binds from its legal instant. Calls that it bars and that were made
    between the two instants are listed.
    """
    answered = desk.get(f"/orders/{part(order)}/enforcement")
    if as_json:
        print_json(answered)
        return
    for line in in_words(answered):
        click.echo(line)
    if not answered["between"]:
        click.echo("No call that it bars was made between the two instants.")
        return
    click.echo("Calls that it bars, made between the two instants:")
    rows = [
        (local(call["at"], "UTC"), call["service"], call["route"], call["result"])
        for call in answered["between"]
    ]
    print_table(("at (UTC)", "service", "route", "result"), rows)


def echo_enforcement(told: dict[str, Any] | None) -> None:
    """Says when an act that was just done came into force, where other replicas have a say."""
    if told is not None and (told["replicas"] or told["in_force"] is None):
        for line in in_words(told):
            click.echo(line)


def in_words(told: dict[str, Any]) -> list[str]:
    """The two instants of an act, and how each replica came to it."""
    lines = [f"In law since {told['legal']}."]
    if told["in_force"] is None:
        lines.append(
            "Not seen to be in force on every replica yet. It binds each as soon as it hears of "
            "it, and calls nobody without its lease. Ask again in a while."
        )
        return lines
    took = f"{told['seconds'] * 1000:.0f} ms after it was recorded"
    lines.append(f"In force everywhere since {told['in_force']} ({took}).")
    lines += [
        f"  {each['address'] or each['start']} (process {each['pid']} on {each['host']}): "
        f"{_HOW[each['how']]} at {each['at']}"
        for each in told["replicas"]
    ]
    return lines


_HOW = {
    "confirmed": "confirmed",
    "lease-ran-out": "did not answer; its lease ran out",
    "left": "left",
}
