"""Keys, signatures, QR codes."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.keys import load_key_ring
from services.certificates.domain.qr import MAX_LENGTH, QrMalformed, read_qr
from services.certificates.domain.signing import (
    CERTIFICATE_PREFIX,
    QR_PREFIX,
    Ed25519Key,
    KeyRing,
    NoSigningKey,
    from_base64url,
    to_base64url,
    was_valid,
)
from tests.unit.certificates.samples import KEY, NOW, PUBLIC_URL, RING, company


def test_the_signature_covers_the_prefix_and_the_canonical_content() -> None:
    record = company().record
    assert KEY.verify(CERTIFICATE_PREFIX + record.signed_content, record.signature)
    assert not KEY.verify(record.signed_content, record.signature)
    assert not KEY.verify(QR_PREFIX + record.signed_content, record.signature)


def test_anyone_can_check_with_the_published_key_alone() -> None:
    record, jwk = company().record, RING.jwks()["keys"][0]
    assert (jwk["kty"], jwk["crv"], jwk["kid"]) == ("OKP", "Ed25519", record.key_id)
    assert "d" not in jwk
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
    public.verify(record.signature, CERTIFICATE_PREFIX + record.signed_content)


def test_a_first_key_is_made_once_even_when_both_processes_start_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: load_key_ring(tmp_path / "k", NOW, create_missing=True), range(8)))
    assert len({ring.signer(NOW).key_id for ring in rings}) == 1
    files = sorted(path.name for path in (tmp_path / "k").iterdir())
    assert files == sorted([f"{rings[0].signer(NOW).key_id}.pem", "keys.json"])
    for path in (tmp_path / "k").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_the_development_setting_no_key_is_invented(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_key_ring(tmp_path, NOW)


def test_a_retired_key_verifies_with_its_public_half_and_signs_no_more(tmp_path: Path) -> None:
    old_pem, new_pem = Ed25519Key.generate(), Ed25519Key.generate()
    signature = Ed25519Key("old", old_pem, NOW, None).sign(b"message")
    public = load_pem_private_key(old_pem, None).public_key()
    (tmp_path / "old.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "new.pem").write_bytes(new_pem)
    entry = {"algorithm": "Ed25519", "not_before": "2026-01-01T00:00:00+00:00", "not_after": None}
    index = {"active": "new", "keys": {"old": entry | {"not_after": "2026-10-31T00:00:00+00:00"}, "new": entry}}
    (tmp_path / "keys.json").write_text(json.dumps(index), encoding="utf-8")
    ring = load_key_ring(tmp_path, NOW)
    old = ring.find("old")
    assert old is not None
    assert old.verify(b"message", signature)
    assert not old.can_sign
    with pytest.raises(NoSigningKey):
        old.sign(b"message")
    assert ring.signer(NOW).key_id == "new"
    assert [key["not_after"] for key in ring.jwks()["keys"]] == ["2026-10-31T00:00:00+00:00", None]


def test_an_expired_or_future_key_does_not_sign() -> None:
    key = Ed25519Key("k", Ed25519Key.generate(), NOW, NOW + timedelta(days=1))
    ring = KeyRing([key], "k")
    assert was_valid(key, NOW)
    for time in (NOW - timedelta(seconds=1), NOW + timedelta(days=1, seconds=1)):
        with pytest.raises(NoSigningKey):
            ring.signer(time)
    with pytest.raises(NoSigningKey):
        KeyRing([], "k").signer(NOW)


@given(st.binary(max_size=80))
def test_base64url_has_one_spelling_only(data: bytes) -> None:
    text = to_base64url(data)
    assert from_base64url(text) == data
    for other in (text + "=", text + "A", text.swapcase() + "!", text + "\n"):
        if other != text:
            try:
                assert from_base64url(other) != data
            except ValueError:
                continue


def test_spare_bits_of_base64url_must_be_zero() -> None:
    with pytest.raises(ValueError):
        from_base64url("AB")


def test_a_qr_code_is_genuine_without_the_store() -> None:
    record = company().record
    claim = read_qr(record.qr_text)
    assert claim.public_url == PUBLIC_URL
    assert claim.identifier == record.content.identifier
    assert claim.holds(RING)
    assert not claim.holds(KeyRing([], ""))


def test_a_link_without_its_host_says_the_same() -> None:
    record = company().record
    claim = read_qr(record.qr_text.removeprefix(PUBLIC_URL))
    assert claim.public_url == ""
    assert claim.holds(RING)


def test_changing_any_field_breaks_the_qr_signature() -> None:
    claim = read_qr(company().record.qr_text)
    for change in (
        {"identifier": claim.identifier + "0"},
        {"holder_code": "92320411MAXX00023C"},
        {"issue_date": "20261124"},
        {"fingerprint": bytes(16)},
        {"signature": bytes(64)},
    ):
        assert not replace(claim, **change).holds(RING)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("&d=", "&D="),
        lambda text: text + "&x=1",
        lambda text: text.replace("?h=", "?h=%39"),
        lambda text: text.replace("&k=", "&k=\u202e"),
        lambda text: text + "#fragment",
        lambda text: text + "=",
        lambda text: text.replace("https://", "javascript://"),
        lambda text: "",
    ],
)
def test_a_qr_text_of_another_form_is_refused(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(QrMalformed) as failure:
        read_qr(damage(company().record.qr_text))
    assert failure.value.reason == "QR_FORM"


def test_an_oversized_qr_text_is_refused_at_once() -> None:
    with pytest.raises(QrMalformed) as failure:
        read_qr("A" * (MAX_LENGTH + 1))
    assert failure.value.reason == "QR_TOO_LONG"
