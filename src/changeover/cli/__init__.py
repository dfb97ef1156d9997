"""The command line: a client of the running server's desk, or of one in its own process."""

import sys
from pathlib import Path

import click

from changeover import __version__
from changeover.basics.errors import ChangeoverError
from changeover.cli.accounts import accounts
from changeover.cli.api import api
from changeover.cli.backup import backup, restore
from changeover.cli.bundles import bundle
from changeover.cli.costs import costs
from changeover.cli.credentials import credentials
from changeover.cli.directory import apply
from changeover.cli.drafting import draft, entry
from changeover.cli.evidence import evidence
from changeover.cli.freezing import confirm, freeze
from changeover.cli.intake import drafts, intake
from changeover.cli.judging import judge
from changeover.cli.keys import keys
from changeover.cli.ledger import ledger
from changeover.cli.limits import limits
from changeover.cli.looking import as_of, awaiting, calendar
from changeover.cli.orders import decide, orders, release
from changeover.cli.output import print_error
from changeover.cli.preview import preview
from changeover.cli.provisioning import provisioning
from changeover.cli.reach import reach
from changeover.cli.reconciling import reconcile
from changeover.cli.replicas import enforcement, replicas
from changeover.cli.running import stand_in, up
from changeover.cli.scenario import scenario
from changeover.cli.settings import file_option, opened, settings
from changeover.cli.terms import terms
from changeover.cli.witness import witness


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="changeover")
@file_option
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="var",
    envvar="CHANGEOVER_DATA",
    show_envvar=True,
    show_default=True,
    help="The folder of the database, the ledger's key and the journal.",
)
@click.pass_context
def changeover(context: click.Context, data: Path, file: Path | None) -> None:
    """An AI assistant and model gateway whose model vendor can be ordered out."""
    context.obj = opened(context, data, file)


for more in (
    as_of,
    awaiting,
    bundle,
    calendar,
    confirm,
    draft,
    enforcement,
    entry,
    freeze,
    judge,
    preview,
):
    orders.add_command(more)
for command in (
    accounts,
    api,
    apply,
    backup,
    costs,
    credentials,
    decide,
    drafts,
    evidence,
    intake,
    keys,
    ledger,
    limits,
    orders,
    provisioning,
    reach,
    reconcile,
    release,
    replicas,
    restore,
    scenario,
    settings,
    stand_in,
    terms,
    up,
    witness,
):
    changeover.add_command(command)


def main() -> None:
    """Runs the command line; a product error is told and ends with status 1."""
    try:
        changeover(standalone_mode=False)
    except ChangeoverError as error:
        print_error(error)
        sys.exit(1)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
