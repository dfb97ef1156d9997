"""Endpoints out of environment, stored credentials and stand-ins."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from changeover.directory.model import Protocol
from changeover.identity.credential_office import CredentialOffice
from changeover.identity.credentials import CredentialRequest
from changeover.identity.installation_secret import InstallationSecret
from changeover.storage.database import Database
from changeover.upstream.addresses import VendorAddresses
from changeover.upstream.discovery import Findings, find_vendors
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.http import HttpUpstream
from changeover.wiring.endpoints import Endpoints
from tests.orders.conftest import Desk
from tests.orders.worlds import directory

TEXT = "sk-0123456789-credential"
NOTHING = Findings(found=(), words=())
CHAT: Protocol = "openai-chat"


def _office(desk: Desk, given: str = "o" * 32) -> CredentialOffice:
    secret = InstallationSecret(given, Path("nowhere"), shared=True)
    return CredentialOffice(desk.works, secret, VendorAddresses(), desk.clock)


def _set(office: CredentialOffice, host: str, protocol: Protocol = CHAT) -> None:
    request = CredentialRequest(host=host, protocol=protocol, base_url="https://stored.example/v1")
    world = directory()
    vendors = {**world.vendors, host: next(iter(world.vendors.values()))}
    office.set(msgspec.structs.replace(world, vendors=vendors), request, TEXT, by="ana")


def _stand_in(host: str, protocol: Protocol = CHAT) -> Endpoint:
    return Endpoint(host=host, protocol=protocol, base_url="http://127.0.0.1:1", stand_in=True)


class Running:
    """Endpoints over an upstream, and what they said."""

    def __init__(
        self, office: CredentialOffice, found: Findings = NOTHING, *stand_ins: Endpoint
    ) -> None:
        self.upstream = HttpUpstream(())
        self.said: list[str] = []
        self.endpoints = Endpoints(self.upstream, office, found, stand_ins, self.said.append)
        self.endpoints.reload()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        yield Desk(database)


def test_a_stored_credential_is_used_and_said_without_being_told(desk: Desk):
    office = _office(desk)
    _set(office, "alpha")
    running = Running(office)
    assert running.upstream.reaches("alpha", CHAT)
    assert not running.upstream.stands_in("alpha")
    assert "https://stored.example/v1/chat/completions" in running.said[0]
    assert TEXT not in "".join(running.said)


def test_what_another_replica_set_is_used_after_a_reload_and_what_is_removed_is_not(desk: Desk):
    running = Running(_office(desk))
    _set(_office(desk), "alpha")
    assert not running.upstream.reaches("alpha", CHAT)
    running.endpoints.reload()
    assert running.upstream.reaches("alpha", CHAT)
    _office(desk).remove("alpha", CHAT, by="ana")
    running.endpoints.reload()
    assert not running.upstream.reaches("alpha", CHAT)


def test_the_environment_wins_and_it_is_said(desk: Desk):
    office = _office(desk)
    _set(office, "openai")
    running = Running(office, find_vendors({"OPENAI_API_KEY": "sk-of-the-environment"}))
    assert running.upstream.reaches("openai", CHAT)
    assert "is not used" in running.said[0]
    assert "OPENAI_API_KEY" in running.said[0]
    assert "stored.example" not in "".join(running.said)


def test_a_credential_that_does_not_open_leaves_its_route_without_anyone(desk: Desk):
    _set(_office(desk), "alpha")
    running = Running(_office(desk, "x" * 32), NOTHING, _stand_in("alpha"), _stand_in("beta"))
    assert not running.upstream.reaches("alpha", CHAT)
    assert running.upstream.stands_in("beta")
    assert "cannot be opened" in running.said[0]


def test_a_stand_in_gives_way_for_every_protocol_of_a_host_and_comes_back(desk: Desk):
    office = _office(desk)
    stand_ins = (_stand_in("alpha"), _stand_in("alpha", "anthropic-messages"))
    running = Running(office, NOTHING, *stand_ins)
    office.subscribe(running.endpoints.reload)
    assert running.upstream.stands_in("alpha")
    _set(office, "alpha")
    assert not running.upstream.stands_in("alpha")
    assert not running.upstream.reaches("alpha", "anthropic-messages")
    office.remove("alpha", CHAT, by="ana")
    assert running.upstream.stands_in("alpha")
    assert running.upstream.reaches("alpha", "anthropic-messages")


def test_nothing_is_said_twice(desk: Desk):
    office = _office(desk)
    _set(office, "alpha")
    running = Running(office, NOTHING, _stand_in("beta"))
    said = list(running.said)
    running.endpoints.reload()
    assert running.said == said
    assert len(said) == 2
