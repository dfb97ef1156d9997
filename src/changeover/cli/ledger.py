"""`changeover ledger`: verify the record without trusting the server; explain gaps.

What verifies is imported when it runs, so that other commands start quickly.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from changeover.cli.believing import time_root_option, witness_option
from changeover.cli.client import Remote, by_option, json_option, part, remote
from changeover.cli.output import print_json
from changeover.cli.progress import Progress, progress_option

_SHOWN_STARTS = 10


@click.group()
def ledger() -> None:
    """Verify the ledger; take its newest checkpoint and its public key; explain gaps."""


@ledger.command("verify")
@click.option(
    "--known",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint kept outside: the ledger must still contain it.",
)
@click.option("--vkey", help="The public key to trust (the installation's own, if not given).")
@witness_option
@time_root_option
@progress_option
@json_option
@remote
def verify(
    desk: Remote,
    /,
    *,
    known: Path | None,
    vkey: str | None,
    progress: bool,
    as_json: bool,
    **others: Any,
) -> None:
    """Prove that no recorded entry was altered, or say where the first one was.

    Reads the database itself, whether or not a server runs. Ends with status 1
    when something does not hold.
    """
    from changeover.wiring.proof import believed, verify_ledger  # noqa: PLC0415

    trusted = believed(others["witnesses"], others["time_root"])
    kept = None if known is None else known.read_bytes()
    told = Progress(asked=progress)
    result = verify_ledger(
        desk.data, desk.environment, known=kept, vkey=vkey, believed=trusted, progress=told
    )
    told.end()
    if as_json:
        print_json(result)
    elif result["ok"]:
        _print_whole(result)
    else:
        _print_fault(result["fault"])
    sys.exit(0 if result["ok"] else 1)


@ledger.command("explain")
@click.argument("start")
@click.option("--from", "first", type=int, required=True, help="The first missing call's number.")
@click.option("--to", "last", type=int, required=True, help="The last missing call's number.")
@click.option("--why", required=True, metavar="TEXT", help="What became of their records.")
@by_option
@json_option
@remote
def explain(desk: Remote, /, *, start: str, as_json: bool, **told: Any) -> None:
    """Record why calls of a start are missing, such as a machine that was lost.

    START is as `changeover ledger verify` names it. The gap stays, and is told with
    its explanation from then on.
    """
    answered = desk.post(f"/ledger/starts/{part(start)}/gaps", told)
    if as_json:
        print_json(answered)
    else:
        click.echo(f"Recorded: {_span(answered)} of start {start}: {answered['why']}")


@ledger.command("key")
@remote
def key(desk: Remote) -> None:
    """Print the public key, to be kept outside for `verify --vkey`."""
    from changeover.wiring.proof import public_key  # noqa: PLC0415

    click.echo(public_key(desk.data, desk.environment))


@ledger.command("checkpoint")
@remote
def checkpoint(desk: Remote) -> None:
    """Print the newest checkpoint, a signed note to be kept outside."""
    from changeover.wiring.proof import newest_checkpoint  # noqa: PLC0415

    click.echo(newest_checkpoint(desk.data, desk.environment), nl=False)


@ledger.command("tiles")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@progress_option
@remote
def tiles(desk: Remote, folder: Path, *, progress: bool) -> None:
    """Write the ledger as tiles into FOLDER, for public tooling (c2sp.org/tlog-tiles).

    What is there already stays; run it again for what has come since. Any server of
    files can serve the folder.
    """
    from changeover.wiring.tiles import export_tiles  # noqa: PLC0415

    told = Progress(asked=progress)
    made, size = export_tiles(desk.data, desk.environment, folder, told)
    told.end()
    click.echo(f"{folder} holds the tiles of {size} entries: {made} files are new.")


def _print_whole(result: Mapping[str, Any]) -> None:
    click.secho(f"The ledger holds: {result['size']} entries.", fg="green")
    click.echo(f"root {result['root']}")
    for kind, count in sorted(result["kinds"].items()):
        click.echo(f"  {kind}: {count}")
    if result["trusted"] == "database":
        click.echo("The key is the one that the database has on record: give --vkey to trust none.")
    if waiting := result["waiting"]:
        entries = "1 entry waits" if waiting == 1 else f"{waiting} entries wait"
        click.echo(f"{entries} to be sequenced.")
    _print_clock(result["clock"])
    _print_vouched(result["vouched"], result["size"])
    for told in result["joined"]:
        signed = "" if told["signed"] else "; NOT as its key signed it"
        click.echo(f"joined: {told['ledger']}, {told['size']} entries, root {told['root']}{signed}")
    for told in result["restored"]:
        click.echo(
            f"restored from a backup of {told['made'][:19]}, of {told['size']} entries: what was "
            "recorded after it is not here"
        )
    _print_starts(result["starts"])


@ledger.command("join")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--vkey", required=True, help="The public key of the ledger in the folder.")
@by_option
@json_option
@remote
def join(desk: Remote, folder: Path, *, vkey: str, by: str, as_json: bool) -> None:
    """Record how the ledger of an installation that was apart stands.

    FOLDER holds its tiles (`changeover ledger tiles`), of which every entry is verified.
    Its entries stay in it: none of them becomes one of this ledger.
    """
    from changeover.wiring.proof import verified_folder  # noqa: PLC0415

    since = desk.get("/ledger/joined", key=vkey)["size"]
    other = verified_folder(folder, vkey, since)
    answered = desk.post("/ledger/joined", {**other, "by": by})
    if as_json:
        print_json(answered)
    else:
        click.echo(f"Joined: {answered['ledger']}, {answered['size']} entries, all verified.")


def _print_vouched(vouched: Sequence[Mapping[str, Any]], size: int) -> None:
    for each in vouched:
        time = each["kind"] == "time"
        whose, did = ("time stamps of", "stamped") if time else ("witness", "cosigned")
        checked = "" if each["checked"] else "; not checked: name its " + _NAMED[each["kind"]]
        click.echo(
            f"{whose} {each['name']}: {each['stamps']}; {did} the first {each['size']} entries "
            f"at {each['at']:%Y-%m-%d %H:%M:%S} UTC{checked}"
        )
        if later := size - each["size"]:
            entries = "1 entry is" if later == 1 else f"{later} entries are"
            click.echo(f"  {entries} newer than that")


_NAMED = {"time": "authority's root with --time-root", "witness": "key with --witness"}


def _print_clock(clock: Mapping[str, Any]) -> None:
    if not clock["entries"]:
        return
    click.echo(
        f"clock: {clock['entries']} checkpoints, every {clock['every']} s; "
        f"the newest is of {clock['newest']:%Y-%m-%d %H:%M:%S} UTC"
    )
    for silence in clock["silences"]:
        began = len(silence["starts"])
        while_ = f"; {began} starts began in it" if began else ", while servers ran"
        click.echo(
            f"  silent from {silence['since']:%Y-%m-%d %H:%M:%S} "
            f"to {silence['until']:%Y-%m-%d %H:%M:%S}{while_}"
        )


def _print_starts(starts: Sequence[Mapping[str, Any]]) -> None:
    """The newest starts, and every one with a gap."""
    shown = [
        start
        for number, start in enumerate(starts)
        if start["gaps"] or number >= len(starts) - _SHOWN_STARTS
    ]
    for start in shown:
        calls = f"calls 1 to {start['last']}" if start["last"] else "no calls"
        click.echo(f"start {start['start']}: {calls}, {_STATES[start['state']]}")
        for gap in start["gaps"]:
            click.echo(f"  {_span(gap)}: {_gap_words(start['state'], gap)}")
    if left := len(starts) - len(shown):
        click.echo(f"… and {left} older starts without a gap (--json tells all)")


def _print_fault(fault: Mapping[str, Any]) -> None:
    click.secho(f"The ledger does not hold: {fault['what']}", fg="red")
    click.echo(f"where: {fault['where']}")
    for words in (fault.get("means"), fault.get("do")):
        if words:
            click.echo(words)


def _span(gap: Mapping[str, Any]) -> str:
    one = gap["first"] == gap["last"]
    return f"call {gap['first']}" if one else f"calls {gap['first']} to {gap['last']}"


def _gap_words(state: str, gap: Mapping[str, Any]) -> str:
    if gap["explained"]:
        return f"missing, explained by {gap['by']}: {gap['why']}"
    return "on their way" if state == "running" else "missing"


_STATES = {
    "stopped": "stopped",
    "killed": "killed, its journal replayed",
    "running": "running, or killed and not replayed yet",
    "lost": "lost: it neither ended nor runs",
}
