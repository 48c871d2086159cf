"""HTTP requests signed by the other party (RFC 9421) over a digest of their body (RFC 9530): one profile, nothing optional.

Exactly one signature, under our tag, by Ed25519, over exactly the components of `COVERED`, with all six parameters, at most
`MAX_AGE` old, or early, by the verifier's clock. The digest is always computed again from the body. Whoever relays a request
to another address, path or with another body breaks it; who repeats it is stopped by the message's own id.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

TAG = "tongban-handoff-v1"
LABEL = "tongban"
COVERED = ("@method", "@authority", "@path", "@query", "content-digest", "content-type", "idempotency-key")
PARAMETERS = frozenset({"created", "expires", "nonce", "keyid", "alg", "tag"})
MAX_AGE = timedelta(seconds=300)
_SIGNED_FIELDS = ("signature", "signature-input", "content-digest", "content-type", "idempotency-key")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class SignatureRefused(Exception):
    """The request is not what its key's owner signed, now and for us. `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(slots=True)
class SignedRequest:
    """A request as its signature sees it; `url` is the absolute address that the verifier answers under."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, private: Ed25519PrivateKey | None = None, public: Ed25519PublicKey | None = None) -> None:
        self._private, self._public = private, public

    def resolve_private_key(self, key_id: str) -> Any:
        return self._private

    def resolve_public_key(self, key_id: str) -> Any:
        return self._public


class _Verifier(HTTPMessageVerifier):  # type: ignore[misc, unused-ignore]
    def fields(self, name: str, headers: Any) -> Any:
        """One of the two structured fields, parsed. Raises InvalidSignature."""
        return self._parse_dict_header(name, headers)  # type: ignore[no-untyped-call, unused-ignore]

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Done by `verify` with the clock that it is given; the library's is the machine's."""


def sign(request: SignedRequest, key: Ed25519PrivateKey, key_id: str, now: datetime) -> None:
    """Add Content-Digest, Signature-Input and Signature to the request's headers."""
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Keys(private=key)).sign(
        request, key_id=key_id, created=now, expires=now + MAX_AGE, nonce=secrets.token_urlsafe(18), tag=TAG,
        label=LABEL, include_alg=True, covered_component_ids=COVERED, body=request.body,
    )  # fmt: skip


def verify(
    method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes,
    key_of: Callable[[str], Ed25519PublicKey | None], now: datetime,
) -> str:  # fmt: skip
    """The id of the key that signed the request. `headers`: every field line. Raises SignatureRefused."""
    request = SignedRequest(method, url, _single_fields(headers), body)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_Keys())
    try:
        fields = _Fields(request.headers)
        inputs, signatures = (verifier.fields(n, fields) for n in ("Signature-Input", "Signature"))
        if list(inputs) != [LABEL] or list(signatures) != [LABEL]:
            raise SignatureRefused("SIGNATURE_COUNT", f"send exactly one signature, labelled {LABEL}")
        if str(inputs) != fields["Signature-Input"] or str(signatures) != fields["Signature"]:
            # two spellings of one signature would be two requests to whoever compares bytes
            raise SignatureRefused("SIGNATURE_MALFORMED", "the signature's fields are not in canonical form")
        (member,) = inputs.values()
        parameters, covered = dict(member.params), [str(item) for item in member]
    except (InvalidSignature, TypeError, AttributeError) as error:
        raise SignatureRefused("SIGNATURE_MALFORMED", "the signature's input cannot be read") from error
    _check_parameters(parameters, covered, now)
    if request.headers["content-digest"] != f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:":
        raise SignatureRefused("SIGNATURE_DIGEST", "the digest is not the SHA-256 of the body")
    public = key_of(parameters["keyid"])
    if public is None:
        raise SignatureRefused("SIGNATURE_KEY", "no partner has this key")
    verifier.key_resolver = _Keys(public=public)
    try:
        verifier.verify(request, max_age=None, expect_tag=TAG, require_components=COVERED, body=body)
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        raise SignatureRefused("SIGNATURE_INVALID", "the signature or the digest does not hold") from error
    return str(parameters["keyid"])


def _check_parameters(parameters: dict[str, Any], covered: list[str], now: datetime) -> None:
    if covered != [f'"{name}"' for name in COVERED]:
        raise SignatureRefused("SIGNATURE_COVERAGE", f"sign exactly {', '.join(COVERED)}, in this order")
    if parameters.keys() != PARAMETERS or parameters["tag"] != TAG or parameters["alg"] != "ed25519":
        raise SignatureRefused("SIGNATURE_PARAMETERS", f"send {', '.join(sorted(PARAMETERS))} of the profile {TAG}")
    created, expires = parameters["created"], parameters["expires"]
    if type(created) is not int or type(expires) is not int or not 0 < created < expires < 2**40:
        raise SignatureRefused("SIGNATURE_TIME", "created and expires are whole seconds, in this order")
    if not isinstance(parameters["keyid"], str) or not _NONCE.fullmatch(str(parameters["nonce"])):
        raise SignatureRefused("SIGNATURE_PARAMETERS", "keyid is a text, nonce 16 to 64 letters, digits, - and _")
    made, ends = datetime.fromtimestamp(created, UTC), datetime.fromtimestamp(expires, UTC)
    if ends - made > MAX_AGE or made - now > MAX_AGE or now - made > MAX_AGE or now > ends:
        raise SignatureRefused("SIGNATURE_TIME", "the signature is too old, too early, or runs too long")


class _Fields(dict[str, str]):
    """Headers by lower-case name, read by any case."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())


def _single_fields(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The signed fields, each given once: two lines of one field are read differently by different readers."""
    found: dict[str, str] = {}
    for name, value in lines:
        lower = name.lower()
        if lower not in _SIGNED_FIELDS:
            continue
        if lower in found:
            raise SignatureRefused("SIGNATURE_FIELDS", f"{lower} is given twice")
        found[lower] = value
    missing = [name for name in _SIGNED_FIELDS if not found.get(name)]
    if missing:
        raise SignatureRefused("SIGNATURE_MISSING", f"a signed request carries {', '.join(missing)}")
    return found
