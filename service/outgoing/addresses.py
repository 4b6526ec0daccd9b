"""Which addresses the service calls on a school's behalf: public ones, or those the operator lists.

A school names the address, the service connects from inside the operator's network: without this
check anybody with a token could reach what only that network is meant to reach (SSRF).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from service.domain.errors import Fault, Rejected, Unavailable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], tuple[Address, ...]]
"""Return every address of a host, in the order to try them."""

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address
NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")  # RFC 8215: the operator's own
COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1: the same, out of use
METADATA: frozenset[Address] = frozenset(
    {
        ip_address("169.254.169.254"),  # most clouds
        ip_address("168.63.129.16"),  # Azure: public by number, the host by nature
        ip_address("100.100.100.200"),  # Alibaba
        ip_address("192.0.0.192"),  # Oracle
        ip_address("fd00:ec2::254"),  # Amazon
        ip_address("fd20:ce::254"),  # Google
    }
)


class AddressRefused(Rejected):
    """The service makes no calls there."""

    code = "address-refused"
    title = "По этому адресу служба не обращается"


class AddressUnknown(Rejected):
    """There is no such host."""

    code = "address-unknown"
    title = "Имя сервера не найдено"


class NamesUnavailable(Unavailable):
    """Nobody answers what address a host has."""

    code = "names-unavailable"
    title = "Служба имён (DNS) не отвечает"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is allowed besides HTTPS to public addresses.

    `private` allows private, shared and loopback networks; link-local and multicast addresses and
    the metadata services of clouds are called only if a listed network holds them.
    """

    http: bool = False
    private: bool = False
    networks: tuple[Network, ...] = ()

    def refusal(self, address: Address) -> str | None:
        """Return what kind of address this is if it may not be called; None: it may.

        What an IPv6 address carries inside (mapped, NAT64, 6to4, Teredo) is looked at too.
        """
        for one in (address, *carried(address)):
            if any(one in network for network in self.networks if network.version == one.version):
                continue
            kind = _kind(one)
            if kind is not None and not (self.private and kind in _NEAR):
                return kind
        return None


def unknown(host: str) -> AddressUnknown:
    """Return what to tell whoever named this host."""
    message = f"Сервера {host} нет: проверьте имя в адресе."
    return AddressUnknown(message, (Fault("/url", AddressUnknown.code, message),))


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Ask the system for a host's addresses; AddressUnknown if there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NamesUnavailable(
                f"Не удалось узнать адрес сервера {host}: служба имён не отвечает. Повторите позже."
            ) from None
        raise unknown(host) from None
    except UnicodeError:  # a label of a name is too long
        raise unknown(host[:60]) from None
    named = (str(one[4][0]).partition("%")[0] for one in found)
    return tuple(dict.fromkeys(ip_address(one) for one in named))


def carried(address: Address) -> tuple[Address, ...]:
    """Return the IPv4 addresses an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return ()
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in inside if one is not None)


_LOOPBACK = "адрес этого же компьютера"
_PRIVATE = "адрес внутренней сети"
_NEAR = frozenset({_LOOPBACK, _PRIVATE})
_NEVER: tuple[tuple[Network, str], ...] = (
    (ip_network("0.0.0.0/8"), "пустой адрес"),
    (ip_network("::/128"), "пустой адрес"),
    (ip_network("192.0.0.0/24"), "зарезервированный адрес"),  # RFC 6890: older Pythons know a part
    (ip_network("169.254.0.0/16"), "адрес одного сегмента сети (link-local)"),
    (ip_network("fe80::/10"), "адрес одного сегмента сети (link-local)"),
    (ip_network("224.0.0.0/4"), "групповой адрес (multicast)"),
    (ip_network("ff00::/8"), "групповой адрес (multicast)"),
    (ip_network("240.0.0.0/4"), "зарезервированный адрес"),
)


def _kind(address: Address) -> str | None:
    if address in METADATA:
        return "служебный адрес облака (metadata)"
    for network, named in _NEVER:
        if address.version == network.version and address in network:
            return named
    if address.is_loopback:
        return _LOOPBACK
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return None  # it is what it carries
        if address.is_site_local or address in NAT64_LOCAL:
            return _PRIVATE
    return None if address.is_global else _PRIVATE
