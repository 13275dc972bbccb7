"""Which addresses may be called. An endpoint's URL is written by somebody else: it must not reach into our network.

A name is resolved, every address it has is looked at, and the connection goes to one that was looked at: a name that
means something else a moment later changes nothing. Only addresses of the open internet are called, and only over TLS,
but for networks that whoever runs the worker allows.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from msgspec import Struct

from festoon.base.errors import Forbidden, define

ADDRESS_REFUSED = define(
    "webhook.address_refused",
    403,
    "{host} is at {address}, which is not on the open internet",
    "{host} 的地址 {address} 不属于公网",
    todo="let the worker call it: festoon work --webhook-network {address}",
    todo_zh="如需允许访问，请使用：festoon work --webhook-network {address}",
)
NOT_ENCRYPTED = define(
    "webhook.not_encrypted",
    403,
    "messages go to {host} only over https",
    "向 {host} 发送消息必须使用 https",
    todo="change the endpoint's URL to https",
    todo_zh="请将端点地址改为 https",
)

Address = IPv4Address | IPv6Address
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 written as IPv6 by a translator (RFC 6052)."""


class Allowed(Struct, frozen=True):
    """Networks that may be called although they are not of the open internet, also without TLS."""

    networks: tuple[str, ...] = ()

    def has(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network
            for network in (ip_network(each, strict=False) for each in self.networks)
        )


OPEN_INTERNET = Allowed()


async def resolve(host: str, port: int, allowed: Allowed, *, secure: bool) -> list[str]:
    """The addresses of a host, when every one of them may be called.

    Raises Forbidden (`webhook.address_refused`, `webhook.not_encrypted`) and `OSError` when the name has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    check(host, addresses, allowed, secure=secure)
    return addresses


def check(host: str, addresses: Iterable[str], allowed: Allowed, *, secure: bool) -> None:
    """Raises Forbidden unless all the addresses of a host may be called."""
    for text in addresses:
        address = ip_address(text.partition("%")[0])
        if allowed.has(address):
            continue
        if not _open(address):
            raise Forbidden(ADDRESS_REFUSED, host=host, address=str(address))
        if not secure:
            raise Forbidden(NOT_ENCRYPTED, host=host)


def _open(address: Address) -> bool:
    """Whether it is an address of the open internet, also when it is another one in disguise."""
    if address.is_multicast or not address.is_global:
        return False
    return all(_open(inner) for inner in _inside(address))


def _inside(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(address, IPv6Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if isinstance(_TRANSLATED, IPv6Network) and address in _TRANSLATED:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
