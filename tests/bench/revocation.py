"""From the answer to a revoking command until the verifier says "revoked": registration's event, certificates' state."""

from __future__ import annotations

import time
import uuid
from typing import Any

import httpx

from deploy.demo.report import percentile
from deploy.demo.rows import SAMPLE, read_rows
from shared.clock import SystemClock
from tests.bench.platform import Platform, wait_until

NAME = "revocation_to_verdict_p99_ms"
CASES = 100
# The verifier is asked this often; the value is too large by half of it on average.
ASK_SECONDS = 0.003
LONGEST_SECONDS = 30.0


def measure(target: Platform, cases: int = CASES) -> dict[str, Any]:
    """Register entities, wait for their licences, revoke one after the other and ask the verifier until it knows.

    Returns the row of the report. Raises SystemExit when a licence or a verdict does not come.
    """
    headers = {"Authorization": f"Bearer {target.token}"}
    with httpx.Client(base_url=target.gateway, headers=headers, timeout=30.0) as api:
        entities = [_registered(api, application) for application in _applications(cases)]
        licences = [_licence(api, entity_id) for entity_id in entities]
        lags = [_revoke(api, entity_id, *licence) for entity_id, licence in zip(entities, licences, strict=True)]
    return {"name": NAME, "value": percentile(lags, 0.99), "unit": "ms", "baseline": None, "ratio": None}


def _applications(count: int) -> list[dict[str, Any]]:
    """Complete applications under names of their own."""
    (row,), _ = read_rows(SAMPLE, "320411", 1, SystemClock().today())
    letters = "甲乙丙丁戊己庚辛壬癸"
    names = ["".join(letters[int(digit)] for digit in f"{number:04d}") for number in range(count)]
    return [dict(row.application) | {"name": f"常州撤{name}机械有限公司"} for name in names]


def _registered(api: httpx.Client, application: dict[str, Any]) -> str:
    received = _done(api.post("/v1/registration/applications", json=application, headers=_key()))
    decision = {"decision": "REGISTER", "expected_version": received["version"], "duplicates_reviewed": True}
    path = f"/v1/registration/applications/{received['application_id']}/decision"
    return str(_done(api.post(path, json=decision, headers=_key()))["entity_id"])


def _licence(api: httpx.Client, entity_id: str) -> tuple[str, int]:
    """Identifier of its licence and version of the entity."""
    found: dict[str, Any] = {}

    def issued() -> bool:
        found.update(_done(api.get(f"/v1/registration/entities/{entity_id}")))
        return bool(found["licence_identifier"])

    if not wait_until(issued, LONGEST_SECONDS):
        raise SystemExit(f"no licence was issued within {LONGEST_SECONDS:.0f} s: nothing was measured")
    return found["licence_identifier"], found["version"]


def _revoke(api: httpx.Client, entity_id: str, identifier: str, version: int) -> float:
    """Milliseconds from the answer to the command until the verdict."""
    change = {"state": "LICENCE_REVOKED", "reason_code": "MEASURED", "expected_version": version}
    _done(api.post(f"/v1/registration/entities/{entity_id}/state", json=change, headers=_key()))
    started = time.monotonic()
    while time.monotonic() < started + LONGEST_SECONDS:
        if _done(api.post("/v1/certificates/verify", json={"identifier": identifier}))["state"] == "REVOKED":
            return (time.monotonic() - started) * 1000
        time.sleep(ASK_SECONDS)
    raise SystemExit(f"the verifier did not know within {LONGEST_SECONDS:.0f} s: nothing was measured")


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _done(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise SystemExit(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    told: dict[str, Any] = answer.json()
    return told
