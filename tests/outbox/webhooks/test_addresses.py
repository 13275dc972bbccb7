"""An endpoint's URL is somebody else's words: it does not lead into our network, in whatever disguise."""

import pytest

from festoon.base.errors import Forbidden
from festoon.outbox.webhooks.addresses import OPEN_INTERNET, Allowed, check, resolve

INSIDE = [
    "127.0.0.1",
    "0.0.0.0",
    "100.64.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_ours_is_refused(address: str) -> None:
    with pytest.raises(Forbidden) as refused:
        check("host", [address], OPEN_INTERNET, secure=True)
    assert refused.value.code == "webhook.address_refused"


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_an_address_of_the_open_internet_is_called_over_tls_only(address: str) -> None:
    check("host", [address], OPEN_INTERNET, secure=True)
    with pytest.raises(Forbidden) as refused:
        check("host", [address], OPEN_INTERNET, secure=False)
    assert refused.value.code == "webhook.not_encrypted"


def test_a_name_with_one_address_of_ours_among_others_is_refused() -> None:
    with pytest.raises(Forbidden):
        check("host", ["1.1.1.1", "127.0.0.1"], OPEN_INTERNET, secure=True)


def test_an_allowed_network_is_called_and_no_other() -> None:
    allowed = Allowed(("172.16.0.0/12", "fd00::/8"))
    check("host", ["172.20.1.1", "fd00::1"], allowed, secure=False)
    with pytest.raises(Forbidden):
        check("host", ["127.0.0.1"], allowed, secure=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost"])
async def test_every_way_to_write_loopback_is_refused(host: str) -> None:
    with pytest.raises(Forbidden):
        await resolve(host, 80, OPEN_INTERNET, secure=True)
