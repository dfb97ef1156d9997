"""Options that say whose word on a ledger is believed, beside the ledger's own key."""

from pathlib import Path

import click

witness_option = click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="KEY",
    help="The public key of a witness that is believed; may be repeated.",
)
time_root_option = click.option(
    "--time-root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The root certificates, in PEM, of authorities whose time stamps are believed.",
)
