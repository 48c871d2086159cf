"""What may be said in a case about an entity: declarations, dates, codes and new values; never a person's name in clear.

Facts are stored open with the case, and its reasons go into events, so only these are taken, and a mistyped one is told instead
of ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from services.registration.domain.entities import MAX_ADDRESS, MAX_SCOPE, text_violations
from services.registration.domain.naming import normalise_name
from services.registration.domain.persons import pseudonym_violations
from shared.failures import InvalidArgument, Violation
from shared.national_codes import uscc_violation

# Declared "true".
DECLARATIONS = frozenset({
    "no_debts", "all_investors_signed", "pledged_or_mortgaged", "invests_in_others", "under_investigation",
    "in_lawsuit_or_arbitration", "ordered_to_close", "fine_not_paid", "needs_approval", "cancellation_application",
    "dissolution_decision", "clearing_report", "tax_clearance", "branches_cancelled", "taxes_settled", "debts_dealt_with",
    "transfers_shares", "paid_in_full", "identity_verified", "ex_officio",
    # annual report: the firm holds a qualification 资质 of its trade
    "qualified",
    # notices to creditors
    "creditors_told", "claims_settled",
})  # fmt: skip
VALUES = frozenset({
    "event_date", "until", "new_name", "new_address", "new_business_scope", "new_legal_representative_masked",
    "new_entity_type", "new_capital_fen", "new_paid_in_due_date", "new_holders",
    "filed", "reason_codes", "items", "approved_by", "clearing_report_sha256", "mended_by",
    "to_division_code", "taking_over_ref",
    # a new name: the reservation that holds it; enterprises with an investment relation (名称规定 art. 17), codes with commas
    "name_reservation_id", "invested_usccs",
    # annual report; industry: a code of GB/T 4754
    # notices to creditors; shares frozen by a court
    "role", "other_uscc", "court_ref",
    "report_year", "revenue_fen", "total_assets_fen", "employees", "industry",
})  # fmt: skip


# Reasons of a decision: codes, as everywhere else, since events carry them.
_CODE = re.compile(r"[A-Z0-9_]{1,60}", re.ASCII)
MOST_REASONS = 20
# How many characters a value may have: registered facts as many as a row of an older register may bring.
LONGEST_VALUE = 200
_LONGEST = {"new_address": MAX_ADDRESS, "new_business_scope": MAX_SCOPE, "invested_usccs": 4000}


def read_facts(facts: Mapping[str, str], uses: frozenset[str] | None = None) -> dict[str, str]:
    """The facts as they are kept: a name in its one spelling, no value with spaces at its ends. Raises InvalidArgument naming
    every fact that no step knows, that this step does not use (`uses`: those that it does; None: any), that is no declaration,
    that shows a person's name, or whose value cannot be kept."""
    read = {name: _read(name, text) for name, text in facts.items()}
    found = [Violation(f"facts.{n}", "is no fact of any step", "FACT_UNKNOWN") for n in sorted(facts) if n not in KNOWN]
    if uses is not None:
        found += [
            Violation(f"facts.{n}", "is not used here, so it would be said in vain", "FACT_NOT_USED")
            for n in sorted((set(facts) & KNOWN) - uses) if facts[n]
        ]  # fmt: skip
    found += [
        Violation(f"facts.{n}", "is declared with \"true\" or left out", "NOT_TRUE")
        for n in sorted(DECLARATIONS & set(facts)) if facts[n] not in ("", "true")
    ]  # fmt: skip
    found += [v for name in sorted(VALUES & set(facts)) for v in _value_violations(name, facts[name], read[name])]
    if "*" not in facts.get("new_legal_representative_masked", "*"):
        found.append(
            Violation("facts.new_legal_representative_masked", "must be masked, e.g. 王*明", "NAME_NOT_MASKED")
        )
    violations = [uscc_violation(code, "facts.invested_usccs") for code in codes_of(facts.get("invested_usccs", ""))]
    found += [violation for violation in violations if violation]
    if found:
        raise InvalidArgument(found[0].description, reason=found[0].reason, violations=tuple(found))
    return read


def _read(name: str, text: str) -> str:
    if name == "new_name":
        return normalise_name(text)
    return text.strip() if name in VALUES else text


def _value_violations(name: str, given: str, text: str) -> Iterator[Violation]:
    field = f"facts.{name}"
    if given and not text:
        yield Violation(field, "holds nothing but spaces", "FACT_BLANK")
    if name == "reason_codes":
        codes = codes_of(text)
        if any(not _CODE.fullmatch(code) for code in codes):
            yield Violation(
                field, "are codes of capital letters, digits and _, with commas between them", "REASON_CODE_INVALID"
            )
        if len(codes) > MOST_REASONS:
            yield Violation(field, f"are {MOST_REASONS} codes at most", "TOO_MANY_REASONS")
    elif name == "approved_by":
        yield from pseudonym_violations(text, field) if text else ()
    else:
        yield from text_violations(field, text, _LONGEST.get(name, LONGEST_VALUE))


def codes_of(text: str) -> list[str]:
    """The parts of a fact with several values."""
    return [code for code in text.split(",") if code]


def day_of(facts: Mapping[str, str], name: str) -> date:
    """A fact that is a day. Raises InvalidArgument when it is missing or none."""
    try:
        return date.fromisoformat(facts.get(name, ""))
    except ValueError:
        violation = Violation(f"facts.{name}", "must be a day, e.g. 2026-05-04", "DATE_INVALID")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,)) from None


KNOWN = DECLARATIONS | VALUES
