"""Which addresses are public, in all the ways in which one of IPv4 can be written."""

import pytest

from changeover.basics.addresses import is_public, read_address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "224.0.0.1",
        "168.63.129.16",
        "192.0.0.192",
        "192.88.99.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:0:127.0.0.1",
        "2002:7f00:1::",
        "fec0::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "100:0:0:1::1",
        "3fff::1",
        "5f00::1",
    ],
)
def test_what_only_one_network_reaches_is_not_public(address: str):
    assert not is_public(read_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "168.63.129.17",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
        "2606:4700::1",
    ],
)
def test_what_the_whole_internet_reaches_is_public(address: str):
    assert is_public(read_address(address))


def test_a_translated_address_is_read_as_the_one_it_stands_for():
    assert str(read_address("64:ff9b::808:808")) == "8.8.8.8"
