"""The way out: where the service may call, and that it calls what was checked, for so long."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from receiver import receiver

from service.outgoing.addresses import Address, AddressRefused, AddressUnknown, Allowance
from service.outgoing.calls import NoAnswer, Outgoing, Trouble, trusting
from signing.authority.ports import kept_port

NEAR = Allowance(http=True, private=True)
LOOPBACK = ip_address("127.0.0.1")
PATIENCE = 60.0


def outgoing(allowance: Allowance = NEAR, *answers: str, **more: float) -> Outgoing:
    """A way out whose names mean what the answers say, one after another."""
    meant = iter(answers)

    def resolve(_host: str, _port: int) -> tuple[Address, ...]:
        return tuple(ip_address(one) for one in next(meant).split())

    names = {"resolve": resolve} if answers else {}
    return Outgoing(allowance, trusting(), **more, **names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",  # shared by a provider's customers
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "169.254.169.254",
        "168.63.129.16",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:a00:1::1",
    ],
)
def test_addresses_inside_are_refused(address: str) -> None:
    assert Allowance().refusal(ip_address(address)) is not None


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "95.163.1.1", "2a02:6b8::2:242", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"],
)
def test_public_addresses_are_called(address: str) -> None:
    assert Allowance().refusal(ip_address(address)) is None


def test_allowed_networks_are_called_and_no_other() -> None:
    one = Allowance(networks=(ip_network("10.20.0.0/16"),))
    assert one.refusal(ip_address("10.20.5.5")) is None
    assert one.refusal(ip_address("::ffff:10.20.5.5")) is None  # the same host
    assert one.refusal(ip_address("10.21.5.5")) is not None
    private = Allowance(private=True)
    assert private.refusal(ip_address("10.21.5.5")) is None
    assert private.refusal(ip_address("::1")) is None
    assert private.refusal(ip_address("::ffff:127.0.0.1")) is None
    assert private.refusal(ip_address("169.254.169.254")) is not None
    assert private.refusal(ip_address("64:ff9b::a9fe:a9fe")) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://journal.example.ru/",
        "ftp://journal.example.ru/",
        "https:///hooks",
        "journal.example.ru",
        "https://user:secret@journal.example.ru/",
        "https://journal.example.ru/#part",
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://журнал.рф:99999/",
        f"https://journal.example.ru/{'x' * 2000}",
    ],
)
def test_addresses_that_are_refused_at_once(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        Outgoing(Allowance(), trusting()).check(url)
    assert refused.value.faults[0].pointer == "/url"
    assert "secret" not in str(refused.value)


def test_unknown_host_and_one_bad_address_of_many() -> None:
    with pytest.raises(AddressUnknown):
        outgoing(Allowance(), "").check("https://journal.example.ru/")
    with pytest.raises(AddressUnknown):  # no name at all, though it looks like one
        outgoing(Allowance(), "").check("https://xn--/")
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.5"):
        outgoing(Allowance(), "95.163.1.1 10.0.0.5").check("https://journal.example.ru/")


def test_name_that_turns_inward_gains_nothing() -> None:
    """DNS rebinding: good when checked, loopback when called, is refused; it is asked once."""
    with receiver() as one:
        turning = outgoing(Allowance(http=True), "95.163.1.1", "127.0.0.1")
        turning.check(one.url)
        with pytest.raises(AddressRefused):
            turning.send("POST", one.url, {}, b"{}")
        assert one.got == []
        once = outgoing(NEAR, "127.0.0.1")  # a second question would have no answer
        reply = once.send("POST", f"http://journal.example.ru:{one.port}/hooks?a=1", {}, b"{}")
    assert reply.status == 204
    assert (one.got[0].path, one.got[0].body) == ("/hooks?a=1", b"{}")
    assert one.got[0].headers["host"] == f"journal.example.ru:{one.port}"


def test_redirects_are_not_followed_and_bodies_are_cut() -> None:
    with receiver() as one:
        one.respond = lambda _: (302, {"Location": one.url + "/there"}, b"x" * 5000)
        reply = outgoing().send("POST", one.url, {})
    assert (reply.status, len(reply.body), reply.cut, len(one.got)) == (302, 1024, True, 1)


def test_next_address_of_a_host_is_tried() -> None:
    with receiver() as one:
        two = outgoing(NEAR, "127.0.0.2 127.0.0.1")
        assert two.send("GET", one.url, {}).status == 204


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that sends a byte of a header every 50 ms, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            peer, _ = server.accept()
            with peer:
                try:
                    peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    while True:
                        time.sleep(0.05)
                        peer.sendall(b"x")
                except OSError:
                    return

        thread = Thread(target=drip, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_call_is_over_in_time_however_slowly_it_drips(dripping: int) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer) as refused:
        outgoing(NEAR, "127.0.0.1", whole=0.3).send("POST", f"http://x.example:{dripping}/", {})
    assert refused.value.trouble is Trouble.TIMEOUT
    assert time.monotonic() - began < PATIENCE


def test_nobody_listens() -> None:
    with pytest.raises(NoAnswer) as refused:
        outgoing().send("POST", f"http://127.0.0.1:{kept_port()}/", {})
    assert refused.value.trouble is Trouble.CONNECT


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_certificate_must_be_of_the_name_and_of_somebody_believed(tmp_path: Path) -> None:
    file = certificate(tmp_path, "journal.example.ru")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    near = Allowance(private=True)

    def meaning(_host: str, _port: int) -> tuple[Address, ...]:
        return (LOOPBACK,)

    with receiver(context=context) as one:
        believing = Outgoing(near, trusting(file), resolve=meaning)
        reply = believing.send("POST", f"https://journal.example.ru:{one.port}/", {}, b"1")
        assert reply.status == 204
        with pytest.raises(NoAnswer) as refused:
            believing.send("POST", f"https://other.example.ru:{one.port}/", {})
        assert refused.value.trouble is Trouble.TLS
        with pytest.raises(NoAnswer) as refused:
            Outgoing(near, trusting(), resolve=meaning).send(
                "POST", f"https://journal.example.ru:{one.port}/", {}
            )
        assert refused.value.trouble is Trouble.TLS
