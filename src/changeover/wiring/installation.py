"""An installation: everything that stands on one data folder, but for the network.

A data folder holds `changeover.db`, the ledger's key, the journal and, while a
server runs, the desk's socket. It is either a demonstration, on its scenario
clock, or production, on the machine's; which one is decided when it is made and
never changes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

from changeover.basics.clock import Clock, FixedClock, SystemClock
from changeover.basics.errors import ChangeoverError, ConflictError, NotFoundError
from changeover.directory.model import Directory
from changeover.identity.accounts import AccountOffice
from changeover.identity.credential_office import CredentialOffice
from changeover.identity.installation_secret import SECRET_VARIABLE, InstallationSecret
from changeover.identity.keys import KeyRing
from changeover.identity.office import KeyOffice
from changeover.identity.passwords import Passwords
from changeover.identity.provisioning.tokens import TokenOffice
from changeover.identity.sessions import SessionOffice
from changeover.intake.office import IntakeOffice
from changeover.intake.reviewing import ReviewOffice
from changeover.isolation.office import BundleOffice
from changeover.ledger.joining import Joining
from changeover.ledger.lives import Lives
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.messages.office import MessageOffice
from changeover.metering.book import LimitBook
from changeover.metering.office import LimitOffice
from changeover.orders.changeovers import ChangeoverOffice
from changeover.orders.drafts import DraftOffice
from changeover.orders.editing import EditOffice
from changeover.orders.enforcing import Enforcer
from changeover.orders.model import Instrument
from changeover.orders.noticing import NoticeOffice
from changeover.orders.proposals import ProposalOffice
from changeover.orders.scenario import Player
from changeover.orders.usecases import Office
from changeover.records.office import RecordsOffice
from changeover.storage.database import Database
from changeover.storage.use_signals import heard
from changeover.storage.works import LedgerWorks, RecordedCallDays
from changeover.upstream.addresses import VendorAddresses
from changeover.wiring.credentials import credential_parts
from changeover.wiring.egress import declared
from changeover.wiring.known_settings import BY_NAME
from changeover.wiring.ledger_key import LEDGER_NAME, open_ledger
from changeover.wiring.network import place
from changeover.wiring.places import (
    database_file,
    database_url,
    is_shared,
    ledger_key_file,
    secret_file,
)
from changeover.wiring.scenarios import SHIPPED, DemoAccounts, read_accounts, read_scenario

KIND_SETTING = "installation"
_LONGEST_LEASE = 120.0
_log = structlog.stdlib.get_logger()


class Installation:
    """The use cases over an open data folder."""

    def __init__(
        self,
        data: Path,
        database: Database,
        ledger: Ledger | None,
        environment: Mapping[str, str],
        *,
        demo: bool,
    ) -> None:
        self.data = data
        self.environment = environment
        self.database = database
        self.sequencer = Sequencer(database, ledger)
        self.demonstration = demo
        self.works = LedgerWorks(database, self.sequencer, demonstration=demo)
        scenario = read_scenario(SHIPPED) if demo else None
        scenario_clock = None if scenario is None else FixedClock(scenario.starts_at)
        self.clock: Clock = scenario_clock or SystemClock()
        self.replicas = database.replicas()
        self.enforcer = Enforcer(self.works, self.replicas, self.clock, longest=_LONGEST_LEASE)
        self.uses = RecordedCallDays(database)
        self.office = Office(self.works, self.uses, self.clock, self.enforcer)
        self.ring = KeyRing()
        settle = self.enforcer.settle
        self.keys = KeyOffice(self.works, self.ring, self.clock, settle)
        self.limits = LimitOffice(self.works, LimitBook(), self.clock, settle)
        self.secret = InstallationSecret(
            environment.get(SECRET_VARIABLE), secret_file(data), shared=database.shared
        )
        self.addresses = VendorAddresses(declared(environment))
        self.credentials = CredentialOffice(
            self.works, self.secret, self.addresses, self.clock, settle
        )
        self.credential_parts = credential_parts(self.credentials, self.office, environment)
        self.intake = IntakeOffice(self.works, self.office, self.clock)
        passwords = Passwords()
        self.sessions = SessionOffice(self.works, passwords, SystemClock())
        self.accounts = AccountOffice(self.works, passwords, self.clock, self.forget_people, settle)
        self.demo_accounts: DemoAccounts | None = None
        self.player: Player | None = None
        self.proposals = ProposalOffice(self.works, self.office, self.clock, self._prepared)
        self.drafts = DraftOffice(self.works, self.office, self.proposals, self.clock)
        self.edits = EditOffice(self.works, self.uses, self.office, self.clock)
        self.records = RecordsOffice(self.works, self.office.rules, self.clock)
        self.accounts.ask_for_holds(self.records.held)
        self.reviews = ReviewOffice(self.works, self.office, self.intake, self.drafts, self.clock)
        self.changeovers = ChangeoverOffice(self.works, self.office, self.drafts, self.clock)
        self.notices = NoticeOffice(self.works, self.office, self.clock, self.changeovers.messages)
        key = None if ledger is None else ledger.key
        self.bundles = BundleOffice(
            self.works, self.uses, self.office, self.clock, key, place(environment)
        )
        self.messages = MessageOffice(self.works, self.office, self.clock, SystemClock())
        if scenario is not None and scenario_clock is not None:
            self.player = Player(scenario, self.office, self.works, scenario_clock)
            self.demo_accounts = read_accounts(SHIPPED)
            with database.exclusively():
                self.player.begin()
                self._begin_accounts(scenario.directory, self.demo_accounts)
        else:
            self.office.load()
        self.keys.load()
        self.limits.load()

    @property
    def provisioning_tokens(self) -> TokenOffice:
        """What lets provisioning clients in."""
        return TokenOffice(self.works, self.clock)

    def forget_people(self) -> None:
        """Somebody's sessions ended, and maybe keys with them."""
        self.sessions.forget()
        self.keys.load()

    @property
    def lives(self) -> Lives:
        """What tells of starts, their ends and gaps."""
        return Lives(self.works, self.clock)

    @property
    def joining(self) -> Joining:
        """What records ledgers that were apart."""
        return Joining(self.works, self.clock, self.sequencer.verifier)

    def catch_up(self) -> None:
        """Brings what stands in memory up to what is committed, by whichever process."""
        before = self.clock.now()
        if self.player is not None and self.player.follow() and self.clock.now() != before:
            # The same rules at another instant: whoever watches them looks again.
            self.office.load()
        else:
            self.office.catch_up()
        self.keys.load()
        self.limits.load()
        self.credentials.changed()
        self.sessions.forget()

    def note_uses(self, payload: str) -> None:
        """Takes notice of uses that another process recorded; of all of them, where "" is told."""
        try:
            self.office.note_calls(heard(payload) if payload else self.uses.days())
        except ChangeoverError as error:
            # They are read again with the next order that asks for uses.
            _log.warning("uses_not_noted", why=error.code)

    def _begin_accounts(self, directory: Directory, offered: DemoAccounts) -> None:
        """Creates the demonstration's accounts when it begins, and only then."""
        if not self.accounts.all():
            self.accounts.create_all(directory, offered.accounts, offered.password, by="scenario")

    def _prepared(self) -> tuple[Instrument, ...]:
        """The instruments that officers may enter: a demonstration's events to come."""
        return () if self.player is None else self.player.awaited()

    def ledger_head(self) -> tuple[int, bytes]:
        """The ledger's size and root as last signed."""
        with self.database.reading() as work:
            last = work.ledger.last_checkpoint()
        return (0, b"") if last is None else (last.size, last.root)


@contextmanager
def open_installation(
    data: Path, environment: Mapping[str, str] | None = None, *, demo: bool | None = None
) -> Iterator[Installation]:
    """Opens a data folder, which is made if there is none; `demo` None takes what it is.

    Its database is in it, unless `environment` names one of PostgreSQL; vendors' keys
    and the installation's secret are looked for there too. Raises
    `ConflictError` when it is the other kind, `NotFoundError` when there is none and
    nothing says of which kind it should be, `DatabaseBusyError` when another process
    holds its database.
    """
    url = database_url(data, environment or {})
    if demo is None and not is_shared(url) and not database_file(data).is_file():
        raise _no_installation(data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(url)
    try:
        # First: who only asks of a database that holds nothing must not make its ledger's key.
        kind = _settle_kind(database, data, demo=demo)
        named = (environment or {}).get(BY_NAME["ledger_name"].variable) or LEDGER_NAME
        ledger = open_ledger(ledger_key_file(data), database, named)
        yield Installation(data, database, ledger, environment or {}, demo=kind)
    finally:
        database.close()


def _no_installation(data: Path) -> NotFoundError:
    return NotFoundError(
        f"There is no installation in {data}.",
        means="A data folder, or a database that is named, begins with its first start.",
        do="Start one with `changeover up` (`--demo` for the demonstration), "
        "or name another folder with --data, before the command.",
    )


def _settle_kind(database: Database, data: Path, *, demo: bool | None) -> bool:
    """Whether it is a demonstration; the first to start on it says what it is."""
    with database.begin() as work:
        kind = work.settings.get(KIND_SETTING)
        if kind is None and demo is None and database.shared:
            raise _no_installation(data)
        if kind is None:
            kind = "demonstration" if demo else "production"
            work.settings.set(KIND_SETTING, kind)
    if demo is not None and demo != (kind == "demonstration"):
        where = f"database {database.name}" if database.shared else f"data folder {data}"
        raise ConflictError(
            f"The {where} holds a {kind} database.",
            means="A demonstration runs on a scenario clock and production on the machine's; "
            "one cannot become the other.",
            do="Choose another folder with --data (or another database)"
            + (", or leave out --demo." if demo else ", or add --demo."),
        )
    return kind == "demonstration"
