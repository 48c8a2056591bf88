"""Which addresses we connect to: the public web, and what the operator allows besides.

Everything that a page can make us ask for goes through here: the address as it is written (scheme, port, host) before a request, and every IP address
at the moment a socket is made for it, so that no name, no second DNS answer and no odd spelling of a number leads to the inside of a network.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from functools import lru_cache

from aggregator.text import urls

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FIRST_FREE_PORT = 1024
WEB_PORTS = frozenset({*range(80, 91), 443})
"""Ports below 1024 that may be asked: many campuses number their sites from 81 on. The others belong to mail, DNS, file sharing and the like."""

DANGEROUS_PORTS = {
    port: service
    for service, ports in {
        "a SQL database": (1433, 1434, 1521, 3050, 3306, 5432, 5433, 33060, 50000),
        "a key-value store": (2379, 2380, 6379, 6380, 8500, 11211, 16379),
        "a document or search store": (5984, 7474, 7687, 8529, 9042, 9160, 9200, 9300, 27017, 27018, 27019, 28015),
        "a message broker": (1883, 4222, 4369, 5671, 5672, 9092, 15672, 25672, 61613, 61616),
        "a container or cluster control port": (2375, 2376, 2377, 4243, 6443, 10250, 10255, 10256),
        "remote control": (2049, 3128, 3389, 5900, 5901, 5985, 5986, 6000, 6001, 9001, 9229),
        "chat that takes lines of text as orders": (5222, 5269, 6665, 6666, 6667, 6668, 6669, 6697),
    }.items()
    for port in ports
}
"""Ports from 1024 on behind which something other than a web site usually listens, often without a password."""

_SPECIAL = tuple(
    (ipaddress.ip_network(network), reason)
    for network, reason in (
        # IANA IPv4 Special-Purpose Address Registry (RFC 6890), written out: the tables of the ipaddress module differ between Python releases.
        ("0.0.0.0/8", "an address of this very network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a provider's network (RFC 6598)"),
        ("127.0.0.0/8", "a loopback address"),
        ("168.63.129.16/32", "a cloud provider's metadata service"),
        ("169.254.0.0/16", "a link-local address, where cloud metadata lives"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "reserved for benchmarks"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        # IPv6: outside 2000::/3 nothing is public; these rows only give the reason a name.
        ("::/128", "the unspecified address"),
        ("::1/128", "a loopback address"),
        ("::ffff:0:0/96", "an IPv4 address in IPv6 clothes"),
        ("::/96", "an IPv4 address in IPv6 clothes"),
        ("64:ff9b::/96", "an IPv4 address behind NAT64"),
        ("64:ff9b:1::/48", "an IPv4 address behind NAT64"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a site-local address"),
        ("ff00::/8", "a multicast address"),
        # Inside 2000::/3
        ("2001::/32", "an IPv4 address in a Teredo tunnel"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "reserved for documentation"),
        ("2002::/16", "an IPv4 address in a 6to4 tunnel"),
        ("3fff::/20", "reserved for documentation"),
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")

_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")
"""What C libraries read as an IPv4 address: one to four numbers, each decimal, octal or hexadecimal (``inet_aton(3)``)."""


class Refusal(Exception):
    """The guard's no. The text says what the address is, e.g. "10.0.0.1 is a private address".

    ``name`` is what the operator may allow, where that helps: a host or an address.
    """

    def __init__(self, text: str, *, name: str | None = None) -> None:
        super().__init__(text)
        self.name = name


class Guard:
    """``allowed`` is what may be reached beside the public web: True for everything, else networks (CIDR), single addresses and host names.

    A host name that is allowed may lead to any address. Ports are bounded in any case.
    """

    def __init__(self, allowed: bool | Collection[str]) -> None:  # noqa: FBT001 - True is one of the values of a setting
        self._everything = allowed is True
        entries = () if isinstance(allowed, bool) else tuple(allowed)
        networks = [(entry, _network(entry)) for entry in entries]
        self._networks = tuple(network for _, network in networks if network)
        self._hosts = frozenset(_name(entry) for entry, network in networks if not network)

    def check_url(self, url: str) -> None:
        """Raise Refusal unless ``url`` is http(s), on a port of the web, and its host is no forbidden address written out."""
        try:
            scheme, host, port = urls.server(url)
        except ValueError as error:
            raise Refusal(f"it cannot be read as an address ({error})") from None
        if scheme not in ("http", "https"):
            raise Refusal(f"only http and https are fetched, not {scheme[:20] or 'an address without a scheme'}")
        if not host:
            raise Refusal("it names no host")
        _check_port(port if port is not None else 443 if scheme == "https" else 80)
        if not self.trusts(host) and (literal := _literal(host)):
            self.check_address(literal)

    def trusts(self, host: str) -> bool:
        """Whether the operator allows this name, wherever it leads."""
        return self._everything or _name(host) in self._hosts

    def check_address(self, address: str) -> None:
        """Raise Refusal unless ``address``, in its canonical form, is public or in an allowed network."""
        if self._everything:
            return
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            raise Refusal(f"{address[:60]} is no address") from None
        if any(parsed in network for network in self._networks):
            return
        if reason := special(parsed):
            raise Refusal(f"{address} is {reason}", name=address)


@lru_cache(maxsize=4096)
def special(address: Address) -> str | None:
    """Why ``address`` is not part of the public internet; None: it is."""
    for network, reason in _SPECIAL:
        if address in network:
            return reason
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return "bound to one network interface"
        if address not in _GLOBAL_UNICAST:
            return "outside the public internet"
    return None


def _check_port(port: int) -> None:
    if port in DANGEROUS_PORTS:
        raise Refusal(f"port {port} usually is {DANGEROUS_PORTS[port]}, not a web site")
    if port < FIRST_FREE_PORT and port not in WEB_PORTS:
        raise Refusal(f"port {port} is not a port of web sites")


def _literal(host: str) -> str | None:
    """The IP address that ``host`` writes out, in canonical form; None for a name."""
    if ":" in host:
        return host
    if not _NUMBER.fullmatch(host):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except OSError:
        raise Refusal(f"{host[:60]} is neither a name nor an address") from None


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _name(host: str) -> str:
    return host.lower().rstrip(".")
