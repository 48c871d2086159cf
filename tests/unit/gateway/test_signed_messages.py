"""Messages of partner platforms at the gateway: the agreed signature comes in, a thousand changed requests do not.

Attacks 1, 3, 4, 5, 9, 14 of the list; what a message may do is handoff's to judge (tests/integration/handoff).
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import httpx
import pytest
from tongban.handoff.v1 import messages_pb2 as pb
from tongban.handoff.v1 import service_pb2 as rpc

from shared.http_signatures import COVERED, SignedRequest, sign
from shared.message_keys import MessageKey, read_message_key
from tests.unit.gateway.partners import Platform

URL = "https://tongban.example/v1/handoff/messages"
PATH = "/v1/handoff/messages"
BODY = b'{"message_id":"msg_1","type":"CASE_FORWARDED","body":{"name":"\xe4\xba\x91"}}'
Lines = list[tuple[str, str]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MessageKey]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: read_message_key(folder / name) for name in ("nanshan", "liwan", "ours", "stranger")}


@pytest.fixture
def partner(platform: Platform, keys: dict[str, MessageKey], monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Handoff tells these keys; another fixture's gateway has fetched none yet, or older ones."""
    regions = {"nanshan": "440305", "liwan": "440103", "ours": "320411"}
    told = [pb.PublicKey(key_id=keys[n].key_id, region=r, public_key=keys[n].public) for n, r in regions.items()]
    platform.handoff.answers["ListKeys"] = rpc.ListKeysResponse(keys=told)
    monkeypatch.setattr("gateway.signed.REFETCH_SECONDS", 0.0)
    return platform


def signed(
    key: MessageKey, body: bytes = BODY, url: str = URL, at: datetime | None = None, **headers: str
) -> dict[str, str]:
    """Headers of a request as the partner's platform signs it."""
    plain = {"Content-Type": "application/json", "Idempotency-Key": "msg_1"} | headers
    request = SignedRequest("POST", url, plain, body)
    sign(request, key.private, key.key_id, at or datetime.now(UTC))
    return request.headers


def heard(platform: Platform) -> list[Any]:
    return [r for r in platform.handoff.heard if isinstance(r, rpc.ReceiveMessageRequest)]


def test_a_signed_message_goes_on_with_its_region_and_its_proof(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey]
) -> None:
    headers = signed(keys["nanshan"])
    answer = anybody.post(PATH, content=BODY, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"receipt": "receipt_1"}
    [request] = heard(partner)
    assert (request.partner_region, request.key_id, request.body) == ("440305", keys["nanshan"].key_id, BODY)
    assert (request.signature_input, request.signature) == (headers["Signature-Input"], headers["Signature"])


def test_a_thousand_changed_requests_and_none_is_accepted(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey]
) -> None:
    chance, kinds, refused = random.Random(20261125), list(MUTATIONS), 0
    for number in range(1000):
        kind = kinds[number % len(kinds)]
        good = signed(keys["nanshan"])
        request = MUTATIONS[kind](chance, list(good.items()), BODY, keys)
        method, path, lines, body = request
        answer = anybody.request(method, path, headers=lines, content=body)
        assert 400 <= answer.status_code < 500, (kind, answer.status_code, lines)
        assert "receipt" not in answer.text, kind
        refused += 1
    assert refused == 1000
    assert heard(partner) == []
    assert anybody.post(PATH, content=BODY, headers=signed(keys["nanshan"])).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(-300, 200), (-301, 401), (300, 200), (301, 401)])
def test_a_signature_counts_for_300_seconds_before_and_after(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey], monkeypatch: pytest.MonkeyPatch, seconds: int,
    status: int,
) -> None:  # fmt: skip
    now = datetime.now(UTC).replace(microsecond=0)

    class Stopped(datetime):
        """The gateway's clock: it does not go on while a slow machine gets from signing to judging."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr("gateway.signed.datetime", Stopped)
    headers = signed(keys["nanshan"], at=now + timedelta(seconds=seconds))
    answer = anybody.post(PATH, content=BODY, headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "SIGNATURE_TIME"
        assert answer.headers["WWW-Authenticate"].startswith("Signature ")


@pytest.mark.parametrize("name", ["stranger", "ours"])
def test_a_key_that_is_no_partners_is_refused_also_our_own(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey], name: str
) -> None:
    answer = anybody.post(PATH, content=BODY, headers=signed(keys[name]))
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_KEY")


def test_a_request_signed_for_another_platform_is_none_for_this_one(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey]
) -> None:
    headers = signed(keys["nanshan"], url="https://liwan.example/v1/handoff/messages")
    answer = anybody.post(PATH, content=BODY, headers=headers | {"Host": "liwan.example"})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_INVALID")


def test_every_byte_of_the_body_is_covered(
    anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey]
) -> None:
    headers = signed(keys["nanshan"])
    for position in range(len(BODY)):
        changed = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]
        answer = anybody.post(PATH, content=changed, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_DIGEST")
    assert heard(partner) == []


def test_a_bearer_token_opens_nothing_here(anybody: httpx.Client, partner: Platform) -> None:
    answer = anybody.post(PATH, json={}, headers={"Authorization": f"Bearer {partner.issuer.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGNATURE_MISSING")


def test_a_message_too_large_is_cut_off(anybody: httpx.Client, partner: Platform, keys: dict[str, MessageKey]) -> None:
    body = b'{"a":"' + b"x" * (2 * 1024 * 1024) + b'"}'
    answer = anybody.post(PATH, content=body, headers=signed(keys["nanshan"], body))
    assert answer.status_code == 413


Mutation = Callable[[random.Random, Lines, bytes, dict[str, MessageKey]], tuple[str, str, Lines, bytes]]


def _header(name: str, change: Callable[[random.Random, str], str]) -> Mutation:
    def mutated(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
        return "POST", PATH, [(n, change(chance, v) if n.lower() == name else v) for n, v in lines], body

    return mutated


def _flip(chance: random.Random, value: str) -> str:
    """One character of a base64 value becomes another one."""
    start, end = value.index(":") + 1, value.rindex(":")
    raw = bytearray(base64.b64decode(value[start:end]))
    place = chance.randrange(len(raw))
    raw[place] ^= 1 << chance.randrange(8)
    return value[:start] + base64.b64encode(bytes(raw)).decode() + value[end:]


def _drop(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    signed_fields = ("signature", "signature-input", "content-digest", "content-type", "idempotency-key")
    gone = chance.choice(signed_fields)
    return "POST", PATH, [(n, v) for n, v in lines if n.lower() != gone], body


def _twice(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    name, value = chance.choice([line for line in lines if line[0].lower() != "content-type"])
    return "POST", PATH, [*lines, (name, value)], body


def _body(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    place = chance.randrange(len(body))
    changed = chance.choice([
        body[:place] + bytes([body[place] ^ (1 << chance.randrange(7))]) + body[place + 1 :], body[:place],
        body + b" ", body[:place] + body[place + 1 :],
    ])  # fmt: skip
    return "POST", PATH, lines, changed


def _uncover(chance: random.Random, value: str) -> str:
    return value.replace(f'"{chance.choice(COVERED)}"', "", 1).replace("  ", " ").replace("( ", "(").replace(" )", ")")


def _reorder(chance: random.Random, value: str) -> str:
    names = [f'"{name}"' for name in COVERED]
    while names == [f'"{name}"' for name in COVERED]:
        chance.shuffle(names)
    return f"tongban=({' '.join(names)}){value.partition(')')[2]}"


def _parameter(chance: random.Random, value: str) -> str:
    head, _, tail = value.partition(")")
    parts = tail.strip(";").split(";")
    place = chance.randrange(len(parts))
    name, _, content = parts[place].partition("=")
    digit = str((int(content[-1]) + 1) % 10) if content[-1].isdigit() else ""
    changed = content[:-1] + digit if digit else content[:-1] + "x" + content[-1]
    parts[place] = chance.choice([f"{name}={changed}", ""])
    return f"{head});" + ";".join(part for part in parts if part)


def _algorithm(chance: random.Random, value: str) -> str:
    return value.replace(
        'alg="ed25519"', f'alg="{chance.choice(["none", "hmac-sha256", "rsa-pss-sha512", "ED25519"])}"'
    )


def _another_key(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    mine, other = keys["nanshan"].key_id, keys[chance.choice(["liwan", "ours", "stranger"])].key_id
    return "POST", PATH, [(n, v.replace(mine, other)) for n, v in lines], body


def _target(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    method, path = chance.choice([
        ("POST", f"{PATH}?a=1"), ("PUT", PATH), ("PATCH", PATH), ("POST", f"{PATH}/"),
        ("POST", "/v1/handoff//messages"), ("POST", "/v1/handoff/cases"),
    ])  # fmt: skip
    return method, path, lines, body


def _second_signature(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    other = dict(signed(keys["liwan"]))
    joined = {n: f"{v}, {other[n].replace('tongban=', 'second=')}" for n, v in lines if n.startswith("Signature")}
    return "POST", PATH, [(n, joined.get(n, v)) for n, v in lines], body


def _label(chance: random.Random, lines: Lines, body: bytes, keys: dict[str, MessageKey]) -> Any:
    return "POST", PATH, [(n, v.replace("tongban=", f"l{chance.randrange(99)}=")) for n, v in lines], body


def _spelling(chance: random.Random, value: str) -> str:
    return (
        value.replace(chance.choice([";created", ";keyid", ";tag"]), " ;x", 1) if chance.random() < 0.5 else value + ","
    )


MUTATIONS: dict[str, Mutation] = {
    "body": _body, "drop a field": _drop, "a field twice": _twice, "target": _target, "another key": _another_key,
    "second signature": _second_signature, "label": _label,
    "signature": _header("signature", _flip), "digest": _header("content-digest", _flip),
    "sha-512 only": _header("content-digest", lambda c, v: v.replace("sha-256", "sha-512")),
    "uncover": _header("signature-input", _uncover), "reorder": _header("signature-input", _reorder),
    "parameter": _header("signature-input", _parameter), "algorithm": _header("signature-input", _algorithm),
    "spelling": _header("signature-input", _spelling),
    "content type": _header("content-type", lambda c, v: c.choice(["text/json", "application/json; charset=utf-8"])),
    "idempotency key": _header("idempotency-key", lambda c, v: f"{v}{c.randrange(10)}"),
    "empty signature": _header("signature", lambda c, v: c.choice(["tongban=::", "tongban", "", "x"])),
}  # fmt: skip


def test_the_profile_is_written_down() -> None:
    text = Path("docs/handoff-protocol.md").read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in COVERED)
