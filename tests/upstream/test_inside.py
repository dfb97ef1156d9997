"""Which addresses inside this network are sent to: those that are declared."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from changeover.basics.errors import InvalidInputError
from changeover.gateway.ports import UpstreamError
from changeover.identity.credentials import CredentialRequest
from changeover.upstream.addresses import VendorAddresses
from changeover.upstream.http import HttpUpstream, Ways
from changeover.upstream.inside import BarredAddressError, CheckedResolver, Inside
from tests.upstream.test_http_upstream import _endpoint, _outgoing, unhindered

PUBLIC, OTHER = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"
INSIDE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:10.0.0.1",
    "2002:0a00:0001::",
)


class Names(AbstractResolver):
    """A resolver that leads a name to what stands next in its answers."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host, host=each, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for each in answer
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_sent_to_only_if_declared(address: str):
    assert not Inside().may("vendor.example", address)
    assert Inside.parse("vendor.example").may("Vendor.Example.", address)
    assert not Inside.parse("other.example 10.9.0.0/16").may("vendor.example", address)


@pytest.mark.parametrize("address", [PUBLIC, OTHER])
def test_a_public_address_is_sent_to(address: str):
    assert Inside().may("vendor.example", address)


def test_a_network_declares_what_is_in_it():
    inside = Inside.parse("10.2.0.0/16 192.168.7.7 fd00::/8")
    assert inside.may("x", "10.2.255.1")
    assert inside.may("x", "::ffff:10.2.0.9")
    assert inside.may("x", "192.168.7.7")
    assert inside.may("x", "fd12::1")
    assert not inside.may("x", "10.3.0.1")
    assert not inside.may("x", "192.168.7.8")


@pytest.mark.parametrize("word", ["10.0.0.0/99", "a/b", "host:80", "ü.example"])
def test_what_declares_nothing_is_told(word: str):
    with pytest.raises(InvalidInputError, match="no name of a host"):
        Inside.parse(f"good.example {word}")


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/v1", "http://[::1]:80", "http://localhost:11434", "http://127.0.0.1"]
)
def test_a_stored_credential_for_an_address_inside_is_refused_unless_declared(url: str):
    request = CredentialRequest(host="openai", protocol="openai-chat", base_url=url)
    addresses = VendorAddresses()
    with pytest.raises(InvalidInputError, match="inside this network"):
        addresses.base_url(request)
    addresses.declare(Inside.parse("10.0.0.0/8 127.0.0.0/8 ::1 localhost"))
    assert addresses.base_url(request) == url


async def test_one_address_inside_among_public_ones_refuses_all():
    checked = CheckedResolver(Inside, Names((PUBLIC, "10.0.0.1")))
    with pytest.raises(BarredAddressError):
        await checked.resolve("vendor.example", 443)


async def test_a_name_that_leads_inside_the_second_time_is_refused_then():
    checked = CheckedResolver(Inside, Names((PUBLIC,), ("127.0.0.1",)))
    assert [each["host"] for each in await checked.resolve("vendor.example", 443)] == [PUBLIC]
    with pytest.raises(BarredAddressError):
        await checked.resolve("vendor.example", 443)


async def test_a_call_to_a_name_that_leads_inside_does_not_leave(serving, monkeypatch):
    received: list[str] = []

    async def handler(request):
        received.append(request.headers["host"])
        return ok

    from aiohttp import web

    ok = web.Response(text="{}", content_type="application/json")
    port = (await serving(handler)).rpartition(":")[2]
    names = Names(("127.0.0.1",))
    monkeypatch.setattr(ThreadedResolver, "resolve", names.resolve)
    endpoint = _endpoint(f"http://vendor.example:{port}")
    async with HttpUpstream([endpoint]) as upstream:
        with pytest.raises(UpstreamError, match="leads to an address inside") as caught:
            async with upstream.send(_outgoing(), unhindered):
                raise AssertionError("it was sent")
        assert caught.value.means == "The call did not leave."
        assert received == []
        upstream.declare(Inside.parse("vendor.example"))
        async with upstream.send(_outgoing(), unhindered) as incoming:
            assert incoming.status == 200
    assert received == [f"vendor.example:{port}"]


async def test_a_name_is_looked_up_once_for_a_connection_which_goes_to_what_was_checked(
    serving, monkeypatch
):
    from aiohttp import web

    async def handler(_):
        return web.Response(text="{}", content_type="application/json")

    port = (await serving(handler)).rpartition(":")[2]
    # Whoever looked again would be led to where nothing listens.
    names = Names(("127.0.0.1",), ("127.0.0.9",))
    monkeypatch.setattr(ThreadedResolver, "resolve", names.resolve)
    ways = Ways(inside=Inside.parse("127.0.0.1"))
    async with (
        HttpUpstream([_endpoint(f"http://vendor.example:{port}")], ways=ways) as upstream,
        upstream.send(_outgoing(), unhindered) as incoming,
    ):
        assert incoming.status == 200
    assert names.asked == ["vendor.example"]
