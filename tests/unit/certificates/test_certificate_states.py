"""States follow orders: in any order, twice, before or after the certificate; nothing final comes back."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.certificate import CertificateState as State
from services.certificates.domain.states import (
    ENTITY,
    PERMIT,
    Order,
    in_effect,
    kept_as,
    obey,
    replaced,
    shows_former_fact,
)
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
LICENCE = company().record


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


# Ways of an entity as registration goes them: it ends, or is only cleared, or its licence ends and it goes on.
ENTITY_LIVES = st.sampled_from(
    [
        [], ["CLEARING"], ["CANCELLING", "ACTIVE"], ["DORMANT", "ACTIVE"], ["LICENCE_REVOKED"], ["REGISTRATION_REVOKED"],
        ["LICENCE_REVOKED", "CLEARING"], ["CLEARING", "LICENCE_REVOKED"], ["LICENCE_REVOKED", "CLEARING", "CANCELLED"],
        ["CLEARING", "CANCELLED"], ["MOVED_OUT"], ["REGISTRATION_REVOKED", "ACTIVE"], ["MOVED_OUT", "ACTIVE", "DORMANT"],
        ["REGISTRATION_REVOKED", "ACTIVE", "LICENCE_REVOKED", "CLEARING"],
    ]
)  # fmt: skip


@given(ENTITY_LIVES, st.integers(1, 5), st.randoms(use_true_random=False))
def test_a_licence_is_in_force_if_no_later_word_ended_it_in_whatever_order_all_are_heard(
    life: list[str], shows: int, chance: random.Random
) -> None:
    """`shows`: version of the entity on the licence; words before it were about licences before it, unless it was revoked."""
    assume("CANCELLED" not in life or shows <= len(life))  # no licence shows how an entity ended
    licence = replace(LICENCE, holder_version=shows)
    heard = [order(ENTITY, version, state) for version, state in enumerate(life, 2)] * 2
    later = life[max(shows - 1, 0) :]
    ended = bool({"LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED", "MOVED_OUT"}.intersection(later))
    revoked = life[-2:] == ["LICENCE_REVOKED", "CLEARING"] or life[-1:] == ["LICENCE_REVOKED"]
    chance.shuffle(heard)
    kept: dict[str, Order] = {}
    for word in heard:
        for one in kept_as(word):
            if one.key not in kept or kept[one.key].version < one.version:
                kept[one.key] = one
        licence = after(licence, *in_effect(kept.values()))
    assert (licence.state is State.ISSUED) is not (ended or revoked), (life, shows, licence.state)
    if later[-1:] == ["CANCELLED"]:
        assert licence.state is State.CANCELLED


def test_a_change_that_cannot_be_shown_suspends_licences_of_older_versions_and_nothing_else() -> None:
    licence = company().record
    change = shows_former_fact("ent_01", 3, NOW)
    suspended = after(licence, change)
    assert (suspended.state, suspended.state_reason_code) == (State.SUSPENDED, "SHOWS_FORMER_FACT")
    assert obey(suspended, change) is None
    assert after(replace(licence, holder_version=3), change).state is State.ISSUED
    assert after(PERMIT_CERTIFICATE, change).state is State.ISSUED
    assert after(suspended, order(ENTITY, 4, "LICENCE_REVOKED")).state is State.REVOKED


def test_moving_out_cancels_the_licence_and_nothing_else() -> None:
    assert after(company().record, order(ENTITY, 2, "MOVED_OUT")).state is State.CANCELLED
    assert after(PERMIT_CERTIFICATE, order(ENTITY, 2, "MOVED_OUT")).state is State.ISSUED


def test_what_ended_before_there_was_a_newer_version_points_to_it_and_stays_what_it_is() -> None:
    revoked = after(company().record, order(ENTITY, 2, "REGISTRATION_REVOKED"))
    linked = replaced(revoked, NOW, "cert_2")
    assert linked == replace(revoked, replaced_by_certificate_id="cert_2")
    assert replaced(linked, NOW, "cert_3") is None


def test_a_cancelled_entity_is_also_known_by_its_code_and_a_licence_by_its_id_only() -> None:
    cancelled = replace(order(ENTITY, 2, "CANCELLED"), holder_code=PERMIT_CERTIFICATE.content.holder_code)
    by_code, by_id = kept_as(cancelled)
    assert (by_code.key, by_id) == (PERMIT_CERTIFICATE.content.holder_code, cancelled)
    nameless = replace(PERMIT_CERTIFICATE, entity_ref="")
    assert after(nameless, by_id).state is State.ISSUED
    assert after(nameless, by_code).state is State.CANCELLED
    assert after(company().record, by_code).state is State.ISSUED
