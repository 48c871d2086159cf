"""The signature profile itself: RFC 9421 appendix B keys, coverage, time; and keys in files."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.http_signatures import COVERED, SignatureRefused, SignedRequest, sign, verify
from shared.message_keys import Partners, key_id_of, read_message_key, write_text

# RFC 9421, appendix B.1.4
RFC_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
# RFC 9421, appendix B.2.6: a request signed by that key
RFC_BASE = (
    '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n'
    '"content-type": application/json\n"content-length": 18\n'
    '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def key() -> Ed25519PrivateKey:
    found = load_pem_private_key(RFC_KEY, None)
    assert isinstance(found, Ed25519PrivateKey)
    return found


def request(key: Ed25519PrivateKey, at: datetime = NOW) -> SignedRequest:
    made = SignedRequest(
        "POST",
        "https://b.example/v1/handoff/messages",
        {"Content-Type": "application/json", "Idempotency-Key": "m"},
        b"{}",
    )
    sign(made, key, "k", at)
    return made


def check(made: SignedRequest, key: Ed25519PrivateKey, now: datetime = NOW) -> str:
    def key_of(key_id: str) -> Ed25519PublicKey | None:
        return key.public_key() if key_id == "k" else None

    return verify(made.method, made.url, made.headers.items(), made.body, key_of, now)


def test_the_signature_of_the_rfc_is_ours(key: Ed25519PrivateKey) -> None:
    assert base64.b64encode(key.sign(RFC_BASE.encode())).decode() == RFC_SIGNATURE


def test_what_is_signed_verifies_and_covers_exactly_the_profile(key: Ed25519PrivateKey) -> None:
    made = request(key)
    assert check(made, key) == "k"
    covered = made.headers["Signature-Input"].partition(")")[0].partition("(")[2].split(" ")
    assert covered == [f'"{name}"' for name in COVERED]


@pytest.mark.parametrize(("seconds", "holds"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_time_is_judged_by_the_clock_that_is_given(key: Ed25519PrivateKey, seconds: int, holds: bool) -> None:
    made = request(key)
    if holds:
        assert check(made, key, NOW + timedelta(seconds=seconds)) == "k"
    else:
        with pytest.raises(SignatureRefused, match="too old"):
            check(made, key, NOW + timedelta(seconds=seconds))


def test_two_signatures_of_one_request_differ(key: Ed25519PrivateKey) -> None:
    assert request(key).headers["Signature"] != request(key).headers["Signature"]


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, again = read_message_key(tmp_path / "keys"), read_message_key(tmp_path / "keys")
    assert first.key_id == again.key_id == key_id_of(first.private.public_key())
    [file] = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_partners_are_read_again_when_their_file_changes(tmp_path: Path) -> None:
    file, key = tmp_path / "partners.yaml", read_message_key(tmp_path / "keys")
    partners = Partners(file)
    assert partners.get("440305").gateway_url == ""
    text = f'partners:\n  "440305": {{gateway_url: "https://b.example/", keys: {{k: {write_text(key.public)}}}}}\n'
    file.write_text(text, encoding="utf-8")
    found = partners.get("440305")
    assert found.gateway_url == "https://b.example"
    assert key_id_of(found.keys["k"]) == key.key_id
    assert Partners(None).all() == {}
