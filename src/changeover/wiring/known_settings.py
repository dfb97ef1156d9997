"""Every setting: its name in the file, what it may be, and when a change of it takes effect.

The command line makes its options of these, so that an option, a variable and a line of
the file are checked alike. A setting `port` has the variable `CHANGEOVER_PORT`. What only its
meaning can tell of a text is in `setting_checks`.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.wiring.setting_checks import (
    check_addresses,
    check_database,
    check_groups,
    check_inside,
    check_issuer,
    check_keys,
    check_name,
    check_prices,
    check_roots,
    check_secret,
    check_witnesses,
    is_address,
)

Kind = Literal["text", "words", "whole", "number", "switch", "address", "place"]
_ON, _OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting. `says` tells a person what it sets; `again` whether SIGHUP brings a change.

    `words` are separated by spaces in a variable and may be a list in the file. `check`
    raises a `ChangeoverError` for a text of the right kind that cannot be used all the same.
    """

    name: str
    kind: Kind
    says: str
    default: str | float | None = None
    least: float | None = None
    most: float | None = None
    again: bool = False
    secret: bool = False
    check: Callable[[str], object] | None = None

    @property
    def variable(self) -> str:
        return f"CHANGEOVER_{self.name.upper()}"

    def shown(self, text: str) -> str:
        """The text as it may be shown: no secret, and no name and password of an address."""
        if self.secret:
            return "not shown"
        before, at, after = text.rpartition("@")
        return f"{before.partition('//')[0]}//…@{after}" if at and "//" in before else text

    def wrong(self, text: str) -> tuple[str, str] | None:
        """What is wrong with a text and what to write instead; None where it can be used."""
        shown = "what is given" if self.secret else repr(self.shown(text))
        match self.kind:
            case "whole" | "number":
                return self._wrong_number(text, shown)
            case "switch" if text.lower() not in _ON | _OFF:
                return f"{shown} is neither yes nor no", "Write true or false."
            case "address" if not is_address(text):
                return f"{shown} is not the address of a server", "Write it like https://HOST/."
            case "place" if not _is_place(text):
                return f"{shown} is no address and port", "Write it like 127.0.0.1:9464."
            case _:
                return self._checked(text)

    def _wrong_number(self, text: str, shown: str) -> tuple[str, str] | None:
        what = "whole number" if self.kind == "whole" else "number"
        least, most = self.least, self.most
        bounds = f" from {least:g}" if least is not None else ""
        bounds += f" to {most:g}" if most is not None else ""
        do = f"Write a {what}{bounds}, such as {self.default}."
        try:
            value = int(text) if self.kind == "whole" else float(text)
        except ValueError:
            return f"{shown} is no {what}", do
        inside = (least is None or least <= value) and (most is None or value <= most)
        # Not a number (NaN) is inside nothing.
        return None if inside and value == value else (f"{shown} is out of bounds", do)  # noqa: PLR0124

    def _checked(self, text: str) -> tuple[str, str] | None:
        if self.check is None:
            return None
        try:
            self.check(text)
        except ChangeoverError as error:
            return error.what.rstrip("."), error.do
        return None


def is_on(text: str) -> bool:
    """Whether a switch is on."""
    return text.lower() in _ON


def _is_place(text: str) -> bool:
    port = text.rpartition(":")[2]
    return ":" in text and port.isascii() and port.isdigit() and 0 < int(port) < 65_536


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="data",
        kind="text",
        default="var",
        says="The folder of the database, the ledger's key and the journal.",
    ),
    Setting(
        name="database_url",
        kind="text",
        secret=True,
        check=check_database,
        says="The database that replicas share.",
    ),
    Setting(
        name="host",
        kind="text",
        default="127.0.0.1",
        says="The address to listen on; the status and the orders can be read without signing in.",
    ),
    Setting(
        name="port",
        kind="whole",
        default=8080,
        least=0,
        most=65_535,
        says="Where to listen; 0 takes a free port.",
    ),
    Setting(
        name="public_url",
        kind="address",
        says="The address that people and refusals are given (http://HOST:PORT/ if not given).",
    ),
    Setting(
        name="stand_ins",
        kind="switch",
        says="Let stand-ins answer for vendors without a key (default: in a demonstration only).",
    ),
    Setting(
        name="stand_in_url",
        kind="address",
        says="Where `changeover stand-in` runs already "
        "(if not given, stand-ins run in this process).",
    ),
    Setting(
        name="patience",
        kind="number",
        default=60.0,
        least=0.1,
        again=True,
        says="Seconds of a vendor's silence in a stream; a whole answer may take ten times that.",
    ),
    Setting(
        name="breaker",
        kind="whole",
        default=5,
        least=0,
        most=1000,
        again=True,
        says="Failures in a row after which a route rests while others can serve; 0: none does.",
    ),
    Setting(
        name="retries",
        kind="number",
        default=10.0,
        least=0,
        most=100,
        again=True,
        says="How many of a hundred calls may be tried a second time, where that is safe.",
    ),
    Setting(
        name="workers",
        kind="whole",
        default=1,
        least=1,
        most=256,
        says="Processes that serve on the port; more than one on a database of PostgreSQL only.",
    ),
    Setting(
        name="drain",
        kind="number",
        default=1.0,
        least=0,
        says="Seconds in which a replica that stops sends clients to the others.",
    ),
    Setting(
        name="grace",
        kind="number",
        default=60.0,
        least=0,
        says="Seconds that a server that stops may take to end the answers that it has begun.",
    ),
    Setting(
        name="lease",
        kind="number",
        default=10.0,
        least=1,
        most=60,
        says="Seconds that a replica may call vendors without hearing the database they share.",
    ),
    Setting(
        name="most_skew",
        kind="number",
        default=0.05,
        least=0.001,
        most=10,
        says="Seconds that a replica's clock may be off the shared database's "
        "before it calls nobody.",
    ),
    Setting(name="fsync", kind="switch", says="Sync the journal before every call."),
    Setting(
        name="local_model_url", kind="address", says="A local model server of OpenAI's protocol."
    ),
    Setting(
        name="inside",
        kind="words",
        again=True,
        check=check_inside,
        says="Names and networks inside the organisation's where models are served.",
    ),
    Setting(name="proxy", kind="address", says="The proxy that vendors are reached through."),
    Setting(
        name="roots",
        kind="text",
        check=check_roots,
        says="A file of certificates that are trusted for vendors, beside the system's.",
    ),
    Setting(
        name="prices",
        kind="text",
        check=check_prices,
        says="A file of prices of one's own, beside the public list's.",
    ),
    Setting(
        name="temporary_hours",
        kind="whole",
        default=24,
        least=0,
        most=24 * 365,
        says="Hours that a temporary conversation lasts at most; 0 turns them off.",
    ),
    Setting(
        name="idempotency_hours",
        kind="whole",
        default=24,
        least=0,
        most=24 * 30,
        says="Hours for which answers to calls with an idempotency key are kept; 0: no key counts.",
    ),
    Setting(
        name="canary_hours",
        kind="number",
        default=24,
        least=0,
        most=24 * 30,
        says="Hours between canaries of the routes that orders bar; 0 for none.",
    ),
    Setting(name="network", kind="text", says="The isolated network that this stands on."),
    Setting(
        name="oidc_issuer",
        kind="text",
        check=check_issuer,
        says="The identity provider that people sign in with, by OpenID Connect.",
    ),
    Setting(name="oidc_client_id", kind="text", says="What the provider calls this installation."),
    Setting(
        name="oidc_client_secret",
        kind="text",
        secret=True,
        says="What this installation shows the provider; none for a public client.",
    ),
    Setting(
        name="oidc_name",
        kind="text",
        default="single sign-on",
        says="What people call the provider, on the sign-in page.",
    ),
    Setting(
        name="oidc_scopes",
        kind="words",
        default="openid profile email",
        says="What the provider is asked to tell of a person.",
    ),
    Setting(
        name="oidc_groups_claim",
        kind="text",
        default="groups",
        says="The claim that holds a person's groups.",
    ),
    Setting(
        name="oidc_login_claim",
        kind="text",
        default="preferred_username",
        says="The claim that becomes an account's login.",
    ),
    Setting(
        name="oidc_accounts",
        kind="switch",
        default="1",
        says="Let a first sign-in with the provider make an account.",
    ),
    Setting(
        name="passwords",
        kind="switch",
        default="1",
        says="Let people sign in with a login and password.",
    ),
    Setting(
        name="groups",
        kind="text",
        check=check_groups,
        says="A file that says which groups give which roles, in which party.",
    ),
    Setting(name="metrics", kind="place", says="Where metrics are served to Prometheus."),
    Setting(
        name="ledger_name",
        kind="text",
        default="changeover.ledger",
        check=check_name,
        says="The ledger's name, where its key is made with the first start; it stays after.",
    ),
    Setting(
        name="checkpoint_every",
        kind="whole",
        default=600,
        least=0,
        most=86_400,
        says="Seconds between checkpoints of the ledger, also when nothing happens; 0 for none.",
    ),
    Setting(
        name="time_authorities",
        kind="words",
        check=check_addresses,
        says="Authorities that stamp the time of the ledger's checkpoints (RFC 3161).",
    ),
    Setting(
        name="witnesses",
        kind="words",
        check=check_witnesses,
        says="Witnesses that cosign the ledger's checkpoints, each KEY@ADDRESS.",
    ),
    Setting(
        name="tiles",
        kind="switch",
        says="Serve the ledger as tiles to whoever reaches the port: makers and outcomes of calls.",
    ),
    Setting(name="intake_service", kind="text", says="The service whose model intake may ask."),
    Setting(
        name="embedding_service",
        kind="text",
        says="The service whose model reads collections, to search them by meaning.",
    ),
    Setting(
        name="translation_service",
        kind="text",
        says="The service whose model translates, in its slot `translation`.",
    ),
    Setting(
        name="import_keys",
        kind="words",
        check=check_keys,
        says="Verifier keys whose bundles may be imported.",
    ),
    Setting(name="smtp_url", kind="text", again=True, says="The mail server of messages."),
    Setting(name="smtp_password", kind="text", again=True, secret=True, says="Its password."),
    Setting(name="mail_from", kind="text", again=True, says="The address that mail comes from."),
    Setting(name="webhook_secret", kind="text", again=True, secret=True, says="Signs webhooks."),
    Setting(
        name="webhook_inside",
        kind="switch",
        again=True,
        says="Lets webhooks lead into the installation's own network.",
    ),
    Setting(
        name="secret",
        kind="text",
        secret=True,
        check=check_secret,
        says="What seals stored credentials.",
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
