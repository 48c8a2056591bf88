from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.guard import Guard, Refusal, special

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.8.7", "168.63.129.16", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.9", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "4000::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2a00::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip

OUTSIDE = [
    "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255",
    "172.32.0.0", "192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2001:200::1", "2001:da8::1", "2003::1", "2400:3200::1", "2606:4700::1111", "2a00:1450::1", "3ffe:ffff::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_some_network_is_refused(address):
    with pytest.raises(Refusal, match="is "):
        Guard(allowed=False).check_address(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_passes(address):
    Guard(allowed=False).check_address(address)


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_or_multicast_passes(address):
    inside = address.is_private or address.is_multicast or address.is_loopback or address.is_link_local or address.is_unspecified

    assert special(address) or not inside


SPELLINGS = [
    "http://127.0.0.1/", "http://127.0.0.1./", "http://2130706433/", "http://0x7f000001/", "http://0x7F.1/", "http://0177.0.0.1/", "http://127.1/",
    "http://127.0.1/", "http://0/", "http://00000000177.0.0.1/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[fe80::1%25eth0]/", "http://good.test@127.0.0.1/", "HTTP://127.0.0.1/", "http://0xa9fea9fe/",
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
def test_a_forbidden_address_is_refused_in_any_spelling(url):
    with pytest.raises(Refusal):
        Guard(allowed=False).check_url(url)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"), st.sampled_from(["{:d}", "0x{:x}", "0{:o}"]), st.integers(1, 4))
def test_a_private_address_is_refused_however_its_numbers_are_written(address, form, parts):
    octets = address.packed
    head = [form.format(octet) for octet in octets[: parts - 1]]
    tail = form.format(int.from_bytes(octets[parts - 1 :], "big"))

    with pytest.raises(Refusal):
        Guard(allowed=False).check_url(f"http://{'.'.join([*head, tail])}/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.test/",
        "file:///etc/passwd",
        "gopher://a.test/",
        "//a.test/",
        "a.test",
        "",
        "http://",
        "http:///x",
        "http://[::1/",
        "http://a.test:x/",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(Refusal):
        Guard(allowed=True).check_url(url)


@pytest.mark.parametrize(("port", "passes"), [(80, True), (443, True), (1024, True), (8080, True), (65535, True), (0, False), (22, False), (25, False), (53, False), (445, False), (3306, False), (5432, False), (6379, False), (9200, False), (11211, False), (27017, False)])  # fmt: skip
def test_only_ports_of_web_sites_are_asked_even_where_everything_is_allowed(port, passes):
    url = f"http://a.test:{port}/"

    if passes:
        Guard(allowed=True).check_url(url)
    else:
        with pytest.raises(Refusal, match=f"port {port} "):
            Guard(allowed=True).check_url(url)


def test_networks_and_addresses_can_be_allowed():
    guard = Guard(["10.1.0.0/16", "192.168.0.7", "fd00::/8"])

    guard.check_url("http://10.1.2.3/")
    guard.check_address("192.168.0.7")
    guard.check_address("fd00::1")
    for address in ("10.2.0.1", "192.168.0.8", "127.0.0.1", "fe80::1"):
        with pytest.raises(Refusal):
            guard.check_address(address)


def test_an_allowed_host_name_may_lead_anywhere_and_others_may_not():
    guard = Guard(["Intranet.Campus.Example"])

    assert guard.trusts("intranet.campus.example.")
    assert not guard.trusts("campus.example")
    with pytest.raises(Refusal):
        guard.check_address(str(ipaddress.ip_address("10.0.0.1")))


def test_false_and_nothing_allow_nothing_besides_the_public_web():
    for guard in (Guard(allowed=False), Guard([])):
        with pytest.raises(Refusal, match="loopback"):
            guard.check_address("127.0.0.1")
