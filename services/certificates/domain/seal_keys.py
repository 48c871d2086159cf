"""The certificates of the seal on files: `<key_dir>/certificates/seal.json` and, for each certificate that still seals,
`seal-<serial>.key` beside it (serial number in hex).

seal.json: {"authority": "<PEM>", "certificates": ["<PEM>", …]}; a certificate that seals no more keeps its place.

In production an authority issues them. Where there is none (development) a small one of our own is made once; its own secret
key is thrown away after it has issued the one certificate.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from services.certificates.domain.keys import write_secret
from services.certificates.domain.sealing import SealKey, Seals

INDEX = "seal.json"
_VALID_FOR = timedelta(days=3653)
# A host whose clock is a little behind must not find a seal from the future.
_SLACK = timedelta(days=1)


def load_seals(folder: Path, now: datetime, create_missing: bool = False) -> Seals:
    """Read the certificates of the seal. With `create_missing` (development) an empty folder gets the first one, once for
    all processes. Raises FileNotFoundError, ValueError (a file that is no such key or certificate)."""
    if create_missing and not (folder / INDEX).exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_seals(folder, make_seals(now))
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    certificates = [x509.load_pem_x509_certificate(text.encode()) for text in index["certificates"]]
    keys = [SealKey(certificate, _read_secret(_secret_of(folder, certificate))) for certificate in certificates]
    return Seals(x509.load_pem_x509_certificate(index["authority"].encode()), keys)


def _secret_of(folder: Path, certificate: x509.Certificate) -> Path:
    return folder / f"seal-{certificate.serial_number:x}.key"


def _read_secret(path: Path) -> ec.EllipticCurvePrivateKey | None:
    if not path.exists():
        return None
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} is no key on P-256")
    return key


def make_seals(now: datetime, valid_for: timedelta = _VALID_FOR) -> Seals:
    """An authority with one certificate of the seal, both new."""
    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Tongban development authority (sample)")
    root = (
        _begun(root_name, root_name, root_key, now, valid_for)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    seal = (
        _begun(root_name, _name("Tongban e-certificate seal (sample)"), seal_key, now, valid_for)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Seals(root, [SealKey(seal, seal_key)])


def _begun(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, valid_for: timedelta
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now - _SLACK + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tongban"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def write_seals(folder: Path, seals: Seals) -> bool:
    """Write the files, the secret keys readable by the owner only. False (and nothing is left) when an index is there.

    Both processes of the service may start at once: whoever links the index first wins, the other reads it.
    """
    secrets = []
    for key in seals.keys:
        if key.secret is not None:
            secret = key.secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            secrets.append(_secret_of(folder, key.certificate))
            write_secret(secrets[-1], secret)
    index = {
        "authority": seals.authority.public_bytes(Encoding.PEM).decode(),
        "certificates": [key.certificate.public_bytes(Encoding.PEM).decode() for key in seals.keys],
    }
    draft = folder / f"{INDEX}.{seals.keys[0].certificate.serial_number:x}"
    write_secret(draft, json.dumps(index, indent=2).encode())
    try:
        os.link(draft, folder / INDEX)
    except FileExistsError:
        for path in secrets:
            path.unlink()
        return False
    finally:
        draft.unlink()
    return True
