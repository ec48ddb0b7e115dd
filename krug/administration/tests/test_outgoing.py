"""The one way out: where it leads is checked and pinned, how long and how large is limited, and every no is alike."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from krug.administration import outgoing
from krug.administration.outgoing import Unreachable, is_outside
from krug.kernel.testing.receiving import plain, receiving

pytestmark = pytest.mark.django_db
INSIDE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "2002:7f00:1::", "2002:0a00:0001::1", "2001:0:7f00:1::", "2001:db8::1", "fe80::1", "fec0::1"),
    *("fc00::1", "fd12:3456::1", "ff02::1", "5f00::1", "fe80::1%eth0", "localhost", "", "1.2.3", "0x7f000001"),
)
OUTSIDE = ("93.184.216.34", "8.8.8.8", "1.1.1.1", "77.88.8.8", "2606:4700:4700::1111", "2a02:6b8::2:242")


@pytest.mark.parametrize("address", INSIDE)
def test_what_leads_inside_is_known_in_every_spelling(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is_let_through(address):
    assert is_outside(address)


@pytest.fixture
def leading(monkeypatch):
    """Names lead where the test says; how often each was asked for is counted."""
    asked: list[str] = []
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host, port, *given, **named):
        asked.append(host)
        if host not in known:
            return real(host, port, *given, **named)
        kinds = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kinds[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["#asked"] = asked
    return known


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://localhost./", "http://127.1/", "http://2130706433/"),
        *("http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/"),
        *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://１２７.0.0.1/"),
        *("ftp://93.184.216.34/", "file:///etc/passwd", "gopher://93.184.216.34/", "//93.184.216.34/", "http://"),
        *("http://93.184.216.34:22/", "https://93.184.216.34:5432/", "http://93.184.216.34:0/", "http://a b/"),
        *("http://user:word@93.184.216.34/", "http://93.184.216.34@127.0.0.1/", "http://127.0.0.1#@93.184.216.34/"),
        *("http://no-such-name.invalid/", "http://" + "a" * 300 + "/", "http://\x00/", "http:///path", "javascript:0"),
    ],
)
def test_no_address_inside_and_no_other_scheme_or_port_is_reached(url):
    with pytest.raises(Unreachable) as no, outgoing.client(seconds=3) as client:
        client.get(url)
    assert (str(no.value), no.value.code) == (str(Unreachable()), "UNREACHABLE")


@pytest.mark.parametrize("found", [["10.0.0.7"], ["93.184.216.34", "10.0.0.7"], ["::ffff:10.0.0.7"], ["::1"], []])
def test_one_address_inside_shuts_the_name(leading, found):
    leading["partner.example"] = found
    with pytest.raises(Unreachable), outgoing.client() as client:
        client.post("https://partner.example/hook", content=b"x")
    assert leading["#asked"] == ["partner.example"]


def test_the_list_of_exceptions_opens_exactly_what_it_names(leading, settings):
    leading["erp.example"] = ["127.0.0.1"]
    with receiving() as receiver, outgoing.client() as client:
        settings.KRUG_OUTGOING_ALLOWED = [f"erp.example:{receiver.port}"]
        assert client.get(f"http://erp.example:{receiver.port}/stock").text == "ok"
        assert receiver.came[0].headers["host"] == f"erp.example:{receiver.port}"
        for other in (f"http://sub.erp.example:{receiver.port}/", receiver.url(), "http://erp.example/"):
            with pytest.raises(Unreachable):
                client.get(other)
        assert len(receiver.came) == 1


def test_a_host_named_without_a_port_keeps_the_list_of_ports(leading, settings):
    leading["erp.example"] = ["127.0.0.1"]
    settings.KRUG_OUTGOING_ALLOWED = ["ERP.example"]
    assert outgoing.addresses("erp.example", 443)
    with pytest.raises(Unreachable):
        outgoing.addresses("erp.example", 5432)
    with pytest.raises(Unreachable):
        outgoing.addresses("127.0.0.1", 443)


def test_exceptions_do_not_turn_the_guard_off(leading, settings):
    settings.KRUG_OUTGOING_ALLOWED = ["*", "", "0.0.0.0/0", ".example"]
    leading["erp.example"] = ["10.0.0.7"]
    with pytest.raises(Unreachable):
        outgoing.addresses("erp.example", 443)


def test_the_name_is_asked_for_once_and_the_checked_address_is_the_one_connected_to(leading, settings):
    leading["first.example"] = ["127.0.0.1"]
    with receiving() as receiver, outgoing.client() as client:
        settings.KRUG_OUTGOING_ALLOWED = [f"first.example:{receiver.port}"]
        client.get(f"http://first.example:{receiver.port}/")
        assert leading["#asked"] == ["first.example", "127.0.0.1"]  # the second is the address itself


@pytest.fixture
def allowed(settings):
    with receiving() as receiver:
        settings.KRUG_OUTGOING_ALLOWED = [receiver.place]
        yield receiver


def test_redirects_are_not_followed_unless_wanted_and_then_checked_hop_by_hop(allowed):
    targets = {"/inside": "http://127.0.0.2/", "/meta": "http://169.254.169.254/", "/file": "file:///etc/passwd"}
    targets |= {"/once": "/end", "/loop": "/loop", "/3": "/2", "/2": "/1", "/1": "/end", "/4": "/3"}

    def answer(handler, came):
        plain(handler, 302 if came.path in targets else 200, Location=targets.get(came.path, ""))

    allowed.answer = answer
    with outgoing.client() as client:
        assert client.get(allowed.url("/once")).status_code == 302
    with outgoing.client(follow=True) as client:
        assert client.get(allowed.url("/once")).status_code == 200
        assert client.get(allowed.url("/3")).status_code == 200
        for path in ("/inside", "/meta", "/file", "/loop", "/4"):
            with pytest.raises(Unreachable):
                client.get(allowed.url(path))


def test_an_answer_that_is_too_large_ends_the_call(allowed):
    allowed.answer = lambda handler, came: plain(handler, 200, b"x" * 200_000)
    with outgoing.client(most=100_000) as client, pytest.raises(Unreachable):
        client.get(allowed.url())
    with outgoing.client(most=200_000) as client:
        assert len(client.get(allowed.url()).content) == 200_000


def test_nothing_is_unpacked(allowed):
    packed = gzip.compress(b"0" * 50_000_000)
    allowed.answer = lambda handler, came: plain(handler, 200, packed, Content_Encoding="gzip")
    with outgoing.client() as client, pytest.raises(Unreachable):
        client.get(allowed.url())
    assert allowed.came[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_left_when_the_time_is_over(allowed, part):
    def drip(handler, came):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if part == "head" else b"Content-Length: 1000\r\n\r\n"))
        for _step in range(100):
            handler.wfile.write(b"X-A: 1\r\n" if part == "head" else b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    allowed.answer = drip
    since = time.monotonic()
    with outgoing.client(seconds=0.5) as client, pytest.raises(Unreachable):
        client.get(allowed.url())
    assert time.monotonic() - since < 4


def test_a_name_that_takes_for_ever_to_look_up_is_left(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: time.sleep(6))
    since = time.monotonic()
    with pytest.raises(Unreachable):
        outgoing.connect("slow.example", 25, "smtp", seconds=0.2)
    assert time.monotonic() - since < 5


def test_other_protocols_get_a_socket_to_the_address_that_was_checked(settings, leading):
    leading["mail.example"] = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.KRUG_OUTGOING_ALLOWED = [f"mail.example:{port}"]
        with outgoing.connect("mail.example", port, "smtp") as made:
            assert made.getpeername() == ("127.0.0.1", port)
    for kind, wrong in (("smtp", 22), ("imap", 25), ("ldap", 80)):
        with pytest.raises(Unreachable):
            outgoing.connect("93.184.216.34", wrong, kind)
    with pytest.raises(Unreachable):
        outgoing.connect("mail.example", 25, "smtp")


def certificate(name, path):
    """A key, and a certificate for the name that proves itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_the_name_and_not_the_address_is_proved_by_the_certificate(leading, settings, tmp_path, monkeypatch):
    pem = certificate("hooks.example", tmp_path / "both.pem")
    secured, named = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    secured.load_cert_chain(pem)
    secured.sni_callback = lambda connection, name, context: named.append(name)
    leading["hooks.example"] = leading["other.example"] = ["127.0.0.1"]
    with receiving(secured) as receiver:
        settings.KRUG_OUTGOING_ALLOWED = [f"{name}.example:{receiver.port}" for name in ("hooks", "other")]
        with outgoing.client() as client, pytest.raises(Unreachable):
            client.get(f"https://hooks.example:{receiver.port}/")  # nobody knows who signed it
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        with outgoing.client() as client:
            assert client.get(f"https://hooks.example:{receiver.port}/").status_code == 200
            with pytest.raises(Unreachable):
                client.get(f"https://other.example:{receiver.port}/")
    assert named == ["hooks.example", "hooks.example", "other.example"]
    assert receiver.came[0].headers["host"] == f"hooks.example:{receiver.port}"
