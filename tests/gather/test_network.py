"""Only hosts that vendor.toml names are asked, at addresses that were looked up once, private ones only by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.exchange import Trouble
from harness.gather.network import Pins, Policy, StoppedError, private

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "::127.0.0.1", "2001:0:0:0:0:0:80ff:fffe",
)  # fmt: skip
"""Addresses of this machine and its networks, also as IPv6 carries them."""
PUBLIC = ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known_in_every_spelling(address: str) -> None:
    """Mapped, translated, tunnelled: the address inside is what counts."""
    assert private(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_none(address: str) -> None:
    """The public internet may be asked."""
    assert not private(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_as_private_when_ipv6_carries_it(address: ipaddress.IPv4Address) -> None:
    """No way of writing an address opens a door that its own form does not."""
    carried = (
        ipaddress.IPv6Address(f"::ffff:{address}"),
        ipaddress.IPv6Address((0x64FF9B << 96) | int(address)),
        ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)),
    )
    if private(address):
        assert all(private(one) for one in carried)


def test_a_host_that_nobody_named_is_not_looked_up() -> None:
    """Not even a question to the resolver leaves the machine."""
    asked: list[str] = []

    def lookup(host: str, _port: int) -> Iterable[str]:
        asked.append(host)
        return ["8.8.8.8"]

    pins = Pins(Policy(frozenset({"a.example"})), lookup)
    with pytest.raises(StoppedError, match=r"does not name b\.example:443"):
        pins.addresses("b.example", 443, 1)
    assert asked == []


def test_a_name_is_looked_up_once() -> None:
    """A name that later points elsewhere (rebinding) gains nothing: the first answer is kept."""
    answers = iter((["8.8.8.8"], ["127.0.0.1"]))
    pins = Pins(Policy(frozenset({"a.example"})), lambda _host, _port: next(answers))
    first = pins.addresses("a.example", 443, 1)
    assert pins.addresses("a.example", 443, 1) == first == (ipaddress.ip_address("8.8.8.8"),)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%eth0"]])
def test_a_name_that_leads_inside_is_barred(addresses: list[str]) -> None:
    """One private address among several is enough: which of them is asked is not left to chance."""
    pins = Pins(Policy(frozenset({"a.example"})), lambda _host, _port: addresses)
    with pytest.raises(StoppedError) as barred:
        pins.addresses("a.example", 443, 1)
    assert barred.value.trouble is Trouble.NOT_ALLOWED
    assert "network.allow does not name a.example:443" in barred.value.reason


@pytest.mark.parametrize(
    ("allow", "port", "reached"),
    [
        (("a.example",), 443, True),
        (("a.example:443",), 443, True),
        (("a.example:8443",), 443, False),
        (("b.example",), 443, False),
    ],
)
def test_a_private_address_is_reached_by_name_alone(
    allow: tuple[str, ...], port: int, *, reached: bool
) -> None:
    """`[network] allow` opens one host, and with a port one port of it."""
    pins = Pins(Policy(frozenset({"a.example"}), allow), lambda _host, _port: ["127.0.0.1"])
    if reached:
        assert pins.addresses("a.example", port, 1)
    else:
        with pytest.raises(StoppedError):
            pins.addresses("a.example", port, 1)


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    """Looking a name up is bounded too."""
    import threading

    never = threading.Event()

    def lookup(_host: str, _port: int) -> Iterable[str]:
        never.wait(30)
        return ["8.8.8.8"]

    pins = Pins(Policy(frozenset({"a.example"})), lookup)
    with pytest.raises(StoppedError, match="took longer"):
        pins.addresses("a.example", 443, 0.05)
    never.set()
