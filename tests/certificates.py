"""An authority made for one test, which signs certificates as a real one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LASTS = timedelta(days=90)


class Authority:
    """Its own certificate lies in `trusted`; those it signs lie beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trusted = folder, folder / "authority.pem"
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), _named("An authority for a test")
        now = datetime.now(UTC)
        made = _begun(self.name, self.name, self.key, now - timedelta(days=1), now + timedelta(days=3650))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.trusted.write_bytes(made.sign(self.key, SHA256()).public_bytes(Encoding.PEM))

    def sign(
        self,
        *names: str,
        begins: datetime | None = None,
        ends: datetime | None = None,
        common: str = "",
        use: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
        password: bytes = b"",
        file: str = "own",
    ) -> tuple[Path, Path]:
        """The files of a certificate for these names, and of its key, which only its owner reads."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        begins = begins or now - timedelta(hours=1)
        made = _begun(_named(common or "anybody"), self.name, key, begins, ends or now + LASTS)
        if names:
            held = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            made = made.add_extension(held, critical=False)
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        certificate, key_file = self.folder / f"{file}.pem", self.folder / f"{file}.key"
        certificate.write_bytes(made.sign(self.key, SHA256()).public_bytes(Encoding.PEM) + self.trusted.read_bytes())
        how = BestAvailableEncryption(password) if password else NoEncryption()
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
        key_file.chmod(0o600)
        return certificate, key_file


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
