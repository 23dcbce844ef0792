"""Certificates for loopback, good and bad, made for one test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Pair = tuple[Path, Path]
"""Files of a certificate and its key."""


class Authority:
    """Signs certificates; who trusts `path` trusts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Nơi ký thử")
        now = datetime.now(UTC)
        built = _builder(self._name, self._name, self._key, now, now + timedelta(days=1))
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        self.path = folder / "authority.pem"
        self.path.write_bytes(_pem(built.sign(self._key, hashes.SHA256())))

    def sign(self, file: str, *, host: str = "127.0.0.1", days: int = 1) -> Pair:
        """Return a certificate for a host; less than 0 `days` is one that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(file, key, self._key, self._name, host, days)

    def self_signed(self, file: str) -> Pair:
        """Return a certificate that nobody else stands for."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._write(file, key, key, _name(file), "127.0.0.1", 1)

    def _write(
        self,
        file: str,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        host: str,
        days: int,
    ) -> Pair:
        start = datetime.now(UTC) - timedelta(days=9)
        end = datetime.now(UTC) + timedelta(days=days)
        names = [x509.IPAddress(ip_address(host))]
        built = _builder(_name(file), issuer, key, start, end)
        built = built.add_extension(x509.SubjectAlternativeName(names), False)
        paths = self._folder / f"{file}.pem", self._folder / f"{file}.key"
        paths[0].write_bytes(_pem(built.sign(signer, hashes.SHA256())))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return paths


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(end)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
