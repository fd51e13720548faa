"""Certificates: only a valid one for this very host is spoken to, and never below TLS 1.2 (RELIABILITY 14)."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cmdesk.errors import Offline
from cmdesk.networks.http import Client, Mode
from tests.networks.wire_server import RawServer, answer, raw_server

NOW = datetime.now(UTC)


class Authority:
    """Somebody whose signatures this machine trusts for the length of a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        made = self._builder(self._name, self._key, NOW - timedelta(days=900), NOW + timedelta(days=900))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )

    def signed(self, *, host: str = "127.0.0.1", days: int = 2, began: int = -1) -> Path:
        """A certificate and its key for a host, valid for `days` from `began` days after today."""
        key = ec.generate_private_key(ec.SECP256R1())
        start = NOW + timedelta(days=began)
        name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        made = (
            self._builder(
                x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, start, start + timedelta(days)
            )
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{host}{days}{began}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return file


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(made.file))
    return made


@contextmanager
def speaking(certificate: Path, *, newest: ssl.TLSVersion | None = None) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if newest is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = newest
    heard: list[bytes] = []

    def tls(connection: socket.socket) -> None:
        with context.wrap_socket(connection.dup(), server_side=True) as secure:
            heard.append(server.request_of(secure))
            secure.sendall(answer())

    with raw_server(tls) as server:
        server.reads_head = False
        server.requests = heard
        yield server


def ask(server: RawServer) -> str:
    """What became of a write with a token: 'ok' or the error's code."""
    client = Client(f"https://127.0.0.1:{server.port}")
    try:
        client.call("POST", "/api/v1/statuses", mode=Mode.WRITE, json={}, token="s3cret-token")
    except Offline as error:
        return error.code
    finally:
        client.close()
    return "ok"


def test_a_valid_certificate_is_spoken_to(authority: Authority) -> None:
    with speaking(authority.signed()) as server:
        assert ask(server) == "ok"


@pytest.mark.parametrize(
    "wrong", [{"host": "127.0.0.2"}, {"host": "bank.example"}, {"began": -20, "days": 10}, {"began": 5}]
)
def test_another_host_or_time_is_refused_before_a_byte_of_the_request(
    authority: Authority, wrong: dict[str, int]
) -> None:
    with speaking(authority.signed(**wrong)) as server:  # type: ignore[arg-type]
        assert ask(server) == "tls"
        assert not any(b"s3cret-token" in each for each in server.requests)


def test_old_versions_of_the_protocol_are_refused(authority: Authority) -> None:
    with speaking(authority.signed(), newest=ssl.TLSVersion.TLSv1_1) as server:
        assert ask(server) == "tls"
    with speaking(authority.signed(), newest=ssl.TLSVersion.TLSv1_2) as server:
        assert ask(server) == "ok"
