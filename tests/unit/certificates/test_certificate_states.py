"""States follow orders: in any order, twice, before or after the certificate; nothing final comes back."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.certificate import CertificateState as State
from services.certificates.domain.states import ENTITY, PERMIT, Order, obey, replaced
from services.certificates.domain.verification import Conclusion, Part
from tests.unit.certificates.samples import FOOD_PERMIT, NOW, company, issue
from tests.unit.certificates.verdicts import Records, known, verify

FINAL = frozenset({State.REVOKED, State.CANCELLED, State.REPLACED})
PERMIT_REF = str(FOOD_PERMIT["ref"])


def order(source: str, version: int, state: str, ref: str = "") -> Order:
    return Order(ref or (PERMIT_REF if source == PERMIT else "ent_01"), source, version, state, "WHY", NOW)


def after(certificate: Certificate, *orders: Order) -> Certificate:
    for one in orders:
        certificate = obey(certificate, one) or certificate
    return certificate


def permit() -> Certificate:
    return issue(FOOD_PERMIT).record


PERMIT_CERTIFICATE = permit()


def test_a_suspended_permit_comes_back_and_a_revoked_one_does_not() -> None:
    suspended = after(PERMIT_CERTIFICATE, order(PERMIT, 2, "SUSPENDED"))
    assert (suspended.state, suspended.version, suspended.state_reason_code) == (State.SUSPENDED, 2, "WHY")
    again = after(suspended, order(PERMIT, 3, "IN_FORCE"))
    assert (again.state, again.version) == (State.ISSUED, 3)
    revoked = after(again, order(PERMIT, 4, "REVOKED"), order(PERMIT, 5, "IN_FORCE"))
    assert (revoked.state, revoked.version) == (State.REVOKED, 4)


def test_an_order_that_comes_twice_or_late_changes_nothing() -> None:
    newer = after(PERMIT_CERTIFICATE, order(PERMIT, 3, "IN_FORCE"))
    assert obey(newer, order(PERMIT, 3, "IN_FORCE")) is None
    assert obey(newer, order(PERMIT, 2, "SUSPENDED")) is None


def test_an_order_older_than_the_certificate_s_own_version_is_not_about_it() -> None:
    renewed = replace(PERMIT_CERTIFICATE, holder_version=4)
    assert after(renewed, order(PERMIT, 3, "SUSPENDED")).state is State.ISSUED


def test_what_becomes_of_an_entity_ends_its_licence_and_its_cancellation_everything_it_holds() -> None:
    licence = company().record
    assert after(licence, order(ENTITY, 2, "LICENCE_REVOKED")).state is State.REVOKED
    assert after(licence, order(ENTITY, 2, "REGISTRATION_REVOKED")).state is State.REVOKED
    assert after(licence, order(ENTITY, 2, "CANCELLED")).state is State.CANCELLED
    assert after(PERMIT_CERTIFICATE, order(ENTITY, 2, "LICENCE_REVOKED")).state is State.ISSUED
    assert after(PERMIT_CERTIFICATE, order(ENTITY, 2, "CANCELLED")).state is State.CANCELLED
    assert after(licence, order(ENTITY, 2, "CANCELLED", "ent_99")).state is State.ISSUED


def test_a_newer_version_replaces_what_is_not_final() -> None:
    old = replaced(PERMIT_CERTIFICATE, NOW)
    assert old is not None
    assert (old.state, old.state_reason_code) == (State.REPLACED, "NEWER_VERSION")
    assert replaced(old, NOW) is None
    assert replaced(after(PERMIT_CERTIFICATE, order(PERMIT, 2, "REVOKED")), NOW) is None


# A permit's life as its law allows: to and fro, then at most revoked, then at most cancelled (行政许可法 arts. 69, 70).
LIVES = st.tuples(
    st.lists(st.sampled_from(["SUSPENDED", "IN_FORCE"]), max_size=5), st.sampled_from([[], ["REVOKED"]]),
    st.sampled_from([[], ["CANCELLED"]]),
).map(lambda parts: parts[0] + parts[1] + parts[2])  # fmt: skip


@given(LIVES, st.sampled_from([[], ["LICENCE_REVOKED"], ["CANCELLED"]]), st.randoms(use_true_random=False))
def test_in_whatever_order_and_however_often_events_come_the_end_is_the_same(
    life: list[str], entity_life: list[str], chance: random.Random
) -> None:
    orders = [order(PERMIT, n, state) for n, state in enumerate(life, 2)]
    orders += [order(ENTITY, n, state) for n, state in enumerate(entity_life, 2)]
    expected = State.ISSUED
    if life:
        expected = {"SUSPENDED": State.SUSPENDED, "IN_FORCE": State.ISSUED}.get(life[-1]) or State(life[-1])
    if entity_life == ["CANCELLED"]:
        expected = State.CANCELLED
    # the store keeps the newest order of each; every delivery lets the certificate follow what is kept
    kept: dict[str, Order] = {}
    certificate, deliveries = PERMIT_CERTIFICATE, orders * 2
    chance.shuffle(deliveries)
    seen = [certificate.state]
    for delivered in deliveries:
        known_order = kept.get(delivered.source)
        if known_order is None or known_order.version < delivered.version:
            kept[delivered.source] = delivered
        certificate = after(certificate, *kept.values())
        seen.append(certificate.state)
    assert certificate.state is expected
    for before, then in pairwise(seen):
        assert before not in FINAL or then is before or (before, then) == (State.REVOKED, State.CANCELLED)


def test_the_verdict_says_since_when_and_why() -> None:
    revoked = after(company().record, replace(order(ENTITY, 2, "LICENCE_REVOKED"), time=NOW - timedelta(days=3)))
    verdict = verify(company().pdf, Records(revoked))
    assert verdict.conclusion is Conclusion.NOT_IN_FORCE
    assert (verdict.state, str(verdict.state_since), verdict.state_reason_code) == (State.REVOKED, "2026-11-20", "WHY")
    assert "2026-11-20" in verdict.finding(Part.STATE).detail
    issued = verify(company().pdf, known())
    assert (issued.state, issued.state_since, issued.state_reason_code) == (State.ISSUED, None, "")


def test_an_expired_certificate_is_told_expired_since_the_day_after_its_last() -> None:
    short = issue(FOOD_PERMIT | {"valid_to_date": "2026-11-22"})
    verdict = verify(short.pdf, Records(short.record))
    assert (verdict.state, str(verdict.state_since)) == (State.EXPIRED, "2026-11-23")
    assert verdict.conclusion is Conclusion.NOT_IN_FORCE
