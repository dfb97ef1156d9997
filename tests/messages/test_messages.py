"""Messages to owners: written from the record, sent for real to servers on this machine."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.delivery import webhook
from changeover.delivery.mail import Mail, MailServer, read_server
from changeover.delivery.outbox import Outbox
from changeover.delivery.webhook import Webhook
from changeover.directory.model import Contact
from changeover.identity.secret import Secret
from changeover.messages.model import TRIES, Answered, Delivery, Leaving, Letter
from changeover.messages.office import MessageOffice, ToldMessage
from changeover.messages.sending import Postman
from changeover.orders.papers import OvertakenError, Writer
from changeover.wiring import ways
from tests.orders.demonstrations import Demonstration, at, demonstration

ADA = Writer(name="Ada Lovelace", account="person_ada")
NOW = datetime(2026, 4, 10, 16, tzinfo=UTC)
TEAM = Contact(name="StateChat team", email="statechat@state.example", language="fr")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demonstration]:
    with demonstration(tmp_path) as standing:
        standing.player.play(at("2026-02-28T12:00"))
        yield standing


@pytest.fixture
def machine() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def office(demo: Demonstration, machine: FixedClock) -> MessageOffice:
    return MessageOffice(demo.works, demo.office, demo.clock, machine)


def name_contacts(demo: Demonstration, *contacts: Contact, service: str = "statechat") -> None:
    directory = demo.office.rules.current.directory
    services = {
        **directory.services,
        service: msgspec.structs.replace(directory.services[service], contacts=contacts),
    }
    parties = {
        name: msgspec.structs.replace(party, contacts=())
        for name, party in directory.parties.items()
    }
    others = {
        name: entry if name == service else msgspec.structs.replace(entry, contacts=())
        for name, entry in services.items()
    }
    named = msgspec.structs.replace(directory, services=others, parties=parties)
    demo.office.apply(named, "Ada")


def sent(office: MessageOffice, about: str = "anthropic") -> ToldMessage:
    message = office.prepare(about, ADA)
    return office.send(message.id, ADA, seen=message.version)


class Inbox:
    """A mail server's handler that keeps what it gets, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own names
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.answers and (answer := self.answers.pop(0)) != "250 OK":
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.got.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailServer]]:
    kept = Inbox()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept, read_server(f"smtp://127.0.0.1:{port}", "changeover@org.example", None)
    finally:
        controller.stop(no_assert=True)


def test_a_letter_says_what_why_until_when_and_what_instead(
    demo: Demonstration, office: MessageOffice
) -> None:
    name_contacts(demo, TEAM)
    told = office.prepare("anthropic", ADA, at=at("2026-02-28T12:00"))
    (letter,) = told.message.letters
    assert letter.services == ("statechat",)
    assert "StateChat" in letter.subject.en
    assert "27 August 2026" in letter.text.en
    assert "27 août 2026" in letter.text.fr
    assert "may take its place" in letter.text.en
    assert "peut le remplacer" in letter.text.fr
    assert "Ada Lovelace" in letter.text.en
    assert "treasury-code" in told.message.unreached
    with pytest.raises(NotFoundError):
        office.prepare("nobody", ADA)


def test_contacts_of_a_party_above_are_told_where_a_service_names_none(
    demo: Demonstration, office: MessageOffice
) -> None:
    directory = demo.office.rules.current.directory
    above = msgspec.structs.replace(directory.parties["government"], contacts=(TEAM,))
    services = {
        name: msgspec.structs.replace(one, contacts=()) for name, one in directory.services.items()
    }
    parties = {
        name: msgspec.structs.replace(one, contacts=()) for name, one in directory.parties.items()
    }
    demo.office.apply(
        msgspec.structs.replace(
            directory, services=services, parties={**parties, "government": above}
        ),
        "Ada",
    )
    told = office.prepare("anthropic", ADA, at=at("2026-02-28T12:00")).message
    assert {"statechat", "treasury-code"} <= set(told.letters[0].services)
    assert "fannie-documents" in told.unreached


def test_mail_arrives_in_both_languages_the_reader_s_first(
    demo: Demonstration,
    office: MessageOffice,
    machine: FixedClock,
    inbox: tuple[Inbox, MailServer],
) -> None:
    name_contacts(demo, TEAM)
    kept, server = inbox
    told = sent(office)
    assert Postman(demo.works, {"mail": Mail(server)}, machine).round() == 1
    (mail,) = kept.got
    assert mail["To"] == "StateChat team <statechat@state.example>"
    assert told.deliveries[0].id in mail["Message-ID"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.index("À l'attention de") < text.index("To StateChat team")
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<div lang="fr">' in html
    (delivery,) = office.get(told.id).deliveries
    assert (delivery.state, delivery.attempts) == ("sent", 1)
    told_to_ledger = [body for kind, body in _ledger(demo) if kind == "delivery"]
    assert len(told_to_ledger) == 1
    assert b"statechat@state.example" not in told_to_ledger[0]


def _ledger(demo: Demonstration) -> list[tuple[str, bytes]]:
    demo.works._sequencer.catch_up()
    with demo.database.reading() as work:
        bodies = [entry.body for entry in work.ledger.entries()]
    return [(json.loads(body)["kind"], body) for body in bodies]


def test_a_refused_recipient_is_given_up_and_a_busy_server_asked_again(
    demo: Demonstration,
    office: MessageOffice,
    machine: FixedClock,
    inbox: tuple[Inbox, MailServer],
) -> None:
    name_contacts(demo, TEAM)
    kept, server = inbox
    postman = Postman(demo.works, {"mail": Mail(server)}, machine)
    kept.answers = ["550 no such mailbox"]
    refused = sent(office)
    postman.round()
    (delivery,) = office.get(refused.id).deliveries
    assert (delivery.state, delivery.said) == ("failed", "550 no such mailbox")
    kept.answers = ["451 try later"]
    busy = sent(office)
    postman.round()
    (delivery,) = office.get(busy.id).deliveries
    assert (delivery.state, delivery.said) == ("queued", "451 try later")
    assert postman.round() == 0
    machine.move_to(NOW + timedelta(seconds=31))
    assert postman.round() == 1
    assert office.get(busy.id).deliveries[0].state == "sent"
    assert office.again(refused.id) == 1
    postman.round()
    assert office.get(refused.id).deliveries[0].state == "sent"
    assert len(kept.got) == 2


def test_a_server_that_is_away_is_given_up_after_six_tries(
    demo: Demonstration, office: MessageOffice, machine: FixedClock
) -> None:
    name_contacts(demo, TEAM)
    away = MailServer(host="127.0.0.1", port=9, tls="none", sender="a@b.example")
    told = sent(office)
    postman = Postman(demo.works, {"mail": Mail(away)}, machine)
    tries = 0
    for _ in range(2 * TRIES):
        tries += postman.round()
        machine.move_to(machine.now() + timedelta(hours=10))
    assert tries == TRIES
    (delivery,) = office.get(told.id).deliveries
    assert delivery.state == "failed"
    assert "was not reached" in delivery.said


def test_what_a_killed_process_had_claimed_another_sends(
    demo: Demonstration, office: MessageOffice, machine: FixedClock
) -> None:
    name_contacts(demo, TEAM)
    told = sent(office)
    with demo.works.begin() as work:
        claimed = work.deliveries.claim(NOW, NOW + timedelta(minutes=3))
    assert claimed is not None
    postman = Postman(demo.works, {"mail": Outbox()}, machine)
    assert postman.round() == 0
    machine.move_to(NOW + timedelta(minutes=4))
    assert postman.round() == 1
    (delivery,) = office.get(told.id).deliveries
    assert (delivery.state, delivery.attempts) == ("kept", 2)
    with demo.works.begin() as work:
        late = work.deliveries.settle(claimed, Answered("failed", "late"), NOW, None)
    assert not late


def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM), private


def test_mail_is_encrypted_or_does_not_leave(
    demo: Demonstration,
    office: MessageOffice,
    machine: FixedClock,
    inbox: tuple[Inbox, MailServer],
    tmp_path: Path,
) -> None:
    name_contacts(demo, TEAM)
    kept, plain = inbox
    told = sent(office)
    demanding = msgspec.structs.replace(plain, tls="starttls")
    Postman(demo.works, {"mail": Mail(demanding)}, machine).round()
    assert "no encryption" in office.get(told.id).deliveries[0].said
    assert kept.got == []
    certificate, key = _certificate()
    (tmp_path / "cert.pem").write_bytes(certificate + key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem")
    port = free_port()
    secure = Controller(
        kept, hostname="localhost", port=port, tls_context=context, require_starttls=True
    )
    secure.start()
    machine.move_to(NOW + timedelta(minutes=5))
    trusting = ssl.create_default_context(cadata=certificate.decode())
    server = MailServer(host="localhost", port=port, tls="starttls", sender="a@b.example")
    try:
        untrusted = Mail(server)
        Postman(demo.works, {"mail": untrusted}, machine).round()
        assert "No encrypted connection" in office.get(told.id).deliveries[0].said
        machine.move_to(NOW + timedelta(hours=5))
        Postman(demo.works, {"mail": Mail(server, trusting)}, machine).round()
    finally:
        secure.stop(no_assert=True)
    assert office.get(told.id).deliveries[0].state == "sent"
    assert len(kept.got) == 1


class Receiver(BaseHTTPRequestHandler):
    """A webhook's receiver: answers as its server's `answers` say, and keeps what came."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers.items()), body))  # type: ignore[attr-defined]
        self.send_response(self.server.answers.pop(0))  # type: ignore[attr-defined]
        self.send_header("location", "http://127.0.0.1:9/")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


def test_a_webhook_is_signed_and_tried_again(
    demo: Demonstration, office: MessageOffice, machine: FixedClock
) -> None:
    with closing_server() as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        name_contacts(demo, Contact(name="Bot", webhook=url))
        server.answers = [503, 200]  # type: ignore[attr-defined]
        told = sent(office)
        way = Webhook(Secret("a secret of the two"), machine, inside=True)
        postman = Postman(demo.works, {"webhook": way}, machine)
        postman.round()
        assert office.get(told.id).deliveries[0].said == "HTTP 503"
        machine.move_to(NOW + timedelta(minutes=1))
        postman.round()
        assert office.get(told.id).deliveries[0].state == "sent"
        (first, _), (headers, body) = server.got  # type: ignore[attr-defined]
    assert first["webhook-id"] == headers["webhook-id"] == told.deliveries[0].id
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(b"a secret of the two", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert json.loads(body)["data"]["services"] == ["statechat"]


def test_redirects_are_not_followed_and_what_is_inside_is_not_called(
    demo: Demonstration, office: MessageOffice, machine: FixedClock
) -> None:
    with closing_server() as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        name_contacts(demo, Contact(name="Bot", webhook=url))
        server.answers = [302]  # type: ignore[attr-defined]
        told = sent(office)
        guarded = Webhook(Secret("s"), machine)
        Postman(demo.works, {"webhook": guarded}, machine).round()
        (delivery,) = office.get(told.id).deliveries
        assert delivery.state == "failed"
        assert "inside this network" in delivery.said
        assert server.got == []  # type: ignore[attr-defined]
        office.again(told.id)
        Postman(
            demo.works, {"webhook": Webhook(Secret("s"), machine, inside=True)}, machine
        ).round()
        assert office.get(told.id).deliveries[0].said == "HTTP 302"
        assert len(server.got) == 1  # type: ignore[attr-defined]


def test_a_webhooks_name_is_looked_up_once_and_what_was_checked_is_called(
    demo: Demonstration,
    office: MessageOffice,
    machine: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever answers for the name could else lead inside right after the check (DNS rebinding)."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def first_here_then_elsewhere(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host != "bot.example":
            return real(host, port, *more, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", first_here_then_elsewhere)
    with closing_server() as server:
        port = server.server_address[1]
        name_contacts(demo, Contact(name="Bot", webhook=f"http://bot.example:{port}/hook"))
        server.answers = [200]  # type: ignore[attr-defined]
        told = sent(office)
        way = Webhook(Secret("s"), machine, inside=True)
        Postman(demo.works, {"webhook": way}, machine).round()
        assert office.get(told.id).deliveries[0].state == "sent"
        ((headers, _),) = server.got  # type: ignore[attr-defined]
    assert headers["Host"] == f"bot.example:{port}"
    assert asked == ["bot.example"]


UNREADABLE = [
    "https://a..example/h",
    f"https://{'a' * 64}.example/h",
    "https://[::1/h",
    "https://127.0.0.1:0x/",
    "https://127.0.0.1:99999/",
    "https://127.0.0.1/\ud800",
]


def leaving(url: str) -> Leaving:
    letter = Letter(
        contact=Contact(name="Bot", webhook=url),
        services=("statechat",),
        subject=Bilingual(en="A", fr="B"),
        text=Bilingual(en="A", fr="B"),
    )
    delivery = Delivery(
        id="delivery_1",
        message="message_1",
        place=0,
        channel="webhook",
        to=url,
        state="sending",
        attempts=1,
        due=NOW,
        said="",
        changed=NOW,
    )
    return Leaving(delivery=delivery, letter=letter, about="anthropic")


@pytest.mark.parametrize("url", UNREADABLE)
def test_an_address_that_cannot_be_read_is_given_up(url: str, machine: FixedClock) -> None:
    answered = Webhook(Secret("s"), machine, inside=True).send(leaving(url))
    assert answered == Answered("failed", "The address cannot be read.")


def test_an_address_that_cannot_be_read_holds_no_other_up(
    demo: Demonstration, office: MessageOffice, machine: FixedClock
) -> None:
    with closing_server() as server:
        good = f"http://127.0.0.1:{server.server_address[1]}/hook"
        contacts = (Contact(name=f"Bot {n}", webhook=url) for n, url in enumerate(UNREADABLE[:4]))
        name_contacts(demo, *contacts, Contact(name="Good", webhook=good))
        server.answers = [200]  # type: ignore[attr-defined]
        told = sent(office)
        way = Webhook(Secret("s"), machine, inside=True)
        assert Postman(demo.works, {"webhook": way}, machine).round() == 5
    states = {one.to: one.state for one in office.get(told.id).deliveries}
    assert states == {**dict.fromkeys(UNREADABLE[:4], "failed"), good: "sent"}


class Surprising:
    """A way that fails for one address as nobody foresaw."""

    def __init__(self, bad: str) -> None:
        self._bad = bad

    def send(self, leaving: Leaving) -> Answered:
        if leaving.delivery.to == self._bad:
            raise ZeroDivisionError
        return Answered("sent", "It was taken.")


async def test_a_failure_that_nobody_foresaw_stops_neither_the_rest_nor_the_next_round(
    demo: Demonstration,
    office: MessageOffice,
    machine: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ways, "_EVERY_SECONDS", 0.01)
    bad, good = "https://bad.example/", "https://good.example/"
    name_contacts(demo, Contact(name="A", webhook=bad), Contact(name="B", webhook=good))
    told = sent(office)
    postman = Postman(demo.works, {"webhook": Surprising(bad)}, machine)
    with capture_logs() as logged:
        posting = asyncio.create_task(ways.post(postman))
        async with asyncio.timeout(10):
            while {one.state for one in deliveries(office, told)} != {"sent", "failed"}:
                await asyncio.sleep(0.02)
                machine.move_to(machine.now() + timedelta(minutes=4))
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting
    failed, passed = sorted(deliveries(office, told), key=lambda one: one.to)
    assert (failed.state, failed.said) == ("failed", "Each try was broken off.")
    assert passed.state == "sent"
    whys = [line["why"] for line in logged if line["event"] == "messages_not_sent"]
    assert whys == ["ZeroDivisionError"] * TRIES


def deliveries(office: MessageOffice, told: ToldMessage) -> Sequence[Delivery]:
    return office.get(told.id).deliveries


@pytest.mark.parametrize("drips", ["head", "body"])
def test_an_answer_that_drips_is_not_waited_for(
    drips: str, machine: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_WHOLE_SECONDS", 0.5)
    monkeypatch.setattr(webhook, "_SECONDS", 5)
    over = Event()

    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            head = b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n"
            connection.sendall(head + b"\r\n" * (drips == "body"))
            while not over.wait(0.05):
                connection.sendall(b"x" if drips == "body" else b"x: y\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=answer, args=(server,))
        thread.start()
        way = Webhook(Secret("s"), machine, inside=True)
        began = monotonic()
        answered = way.send(leaving(f"http://127.0.0.1:{server.getsockname()[1]}/"))
        took = monotonic() - began
        over.set()
        thread.join()
    assert took < 3
    late = Answered("failed", "It was not reached: TimeoutError.", again=True)
    assert answered == (late if drips == "head" else Answered("sent", "HTTP 200"))


class closing_server:  # noqa: N801 - a context manager that reads like one
    def __enter__(self) -> HTTPServer:
        self._server = HTTPServer(("127.0.0.1", 0), Receiver)
        self._server.got, self._server.answers = [], []  # type: ignore[attr-defined]
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        return self._server

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        with closing(self._server.socket):
            pass


def test_letters_are_edited_before_and_not_after_they_were_sent(
    demo: Demonstration, office: MessageOffice
) -> None:
    name_contacts(demo, TEAM)
    told = office.prepare("anthropic", ADA)
    (letter,) = told.message.letters
    mine = msgspec.structs.replace(letter, text=Bilingual(en="Please call.", fr="Appelez."))
    written = office.write(told.id, (mine,), ADA, seen=told.version)
    with pytest.raises(OvertakenError):
        office.write(told.id, (mine,), ADA, seen=told.version)
    empty = msgspec.structs.replace(mine, text=Bilingual(en="x", fr=" "))
    with pytest.raises(InvalidInputError, match="lacks words"):
        office.write(told.id, (empty,), ADA, seen=written.version)
    office.send(told.id, ADA, seen=written.version)
    with pytest.raises(ConflictError, match="sent already"):
        office.send(told.id, ADA, seen=written.version + 1)
    other = office.prepare("anthropic", ADA)
    gone = office.remove(other.id, ADA, seen=other.version)
    assert gone.removed
    assert not office.restore(other.id, ADA, seen=gone.version).removed


def test_a_message_with_no_letter_is_not_sent(demo: Demonstration, office: MessageOffice) -> None:
    name_contacts(demo)
    told = office.prepare("anthropic", ADA)
    assert told.message.letters == ()
    with pytest.raises(InvalidInputError, match="no letter"):
        office.send(told.id, ADA, seen=told.version)


def test_a_name_cannot_write_headers(machine: FixedClock, demo: Demonstration) -> None:
    office = MessageOffice(demo.works, demo.office, demo.clock, machine)
    name_contacts(demo, Contact(name="Eve\r\nBcc: all@org.example", email="eve@org.example"))
    told = sent(office)
    server = MailServer(host="127.0.0.1", port=9, tls="none", sender="a@b.example")
    leaving = Leaving(
        delivery=told.deliveries[0], letter=told.message.letters[0], about="anthropic"
    )
    answered = Mail(server).send(leaving)
    assert (answered.state, answered.again) == ("failed", False)
    assert "cannot be written" in answered.said


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", "a@b.example"),
        ("smtp://", "a@b.example"),
        ("smtp://u:secret@mail.example", "a@b.example"),
        ("smtp://mail.example", "nobody"),
        ("smtp://u@mail.example:99999", "a@b.example"),
        ("smtp://u:secret@mail.example:2x5", "a@b.example"),
        ("smtp://[::1", "a@b.example"),
    ],
)
def test_wrong_settings_are_said_and_show_no_password(url: str, sender: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        read_server(url, sender, None)
    assert "secret" not in str(told.value)


def test_settings_of_mail_servers() -> None:
    plain = read_server("smtp://user%40org@mail.example", "a@b.example", Secret("x"))
    assert (plain.port, plain.tls, plain.user) == (587, "starttls", "user@org")
    assert read_server("smtps://mail.example", "a@b.example", None).port == 465
    assert read_server("smtp://mail.example:25?tls=none", "a@b.example", None).tls == "none"
