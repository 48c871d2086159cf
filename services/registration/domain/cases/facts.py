"""What may be said in a case about an entity: declarations, dates, codes and new values; never a person's name in clear.

Facts are stored open with the case, and its reasons go into events, so only these are taken, and a mistyped one is told instead
of ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from services.registration.domain.entities import MAX_ADDRESS, MAX_SCOPE
from services.registration.domain.naming import normalise_name
from services.registration.domain.persons import pseudonym_violations
from shared.failures import InvalidArgument, Violation
from shared.national_codes import uscc_violation
from shared.printable import text_violations

# Declared "true".
DECLARATIONS = {
    "no_debts": "there are no debts, or all are settled",
    "all_investors_signed": "all investors have signed the promise",
    "pledged_or_mortgaged": "shares are pledged or movables mortgaged (this and the next six bar the simplified way)",
    "invests_in_others": "it has investments in other enterprises",
    "under_investigation": "it is under investigation",
    "in_lawsuit_or_arbitration": "it is party to a lawsuit or an arbitration",
    "ordered_to_close": "it was ordered to close",
    "fine_not_paid": "a fine is not paid",
    "needs_approval": "its cancellation needs an approval",
    "cancellation_application": "the application for cancellation is brought",
    "dissolution_decision": "the decision to dissolve is brought",
    "clearing_report": "the clearing report is brought",
    "tax_clearance": "the tax authority has cleared it",
    "branches_cancelled": "all branches are cancelled",
    "taxes_settled": "the sole trader's taxes are settled",
    "debts_dealt_with": "its debts are settled, secured or taken over",
    "transfers_shares": "shares change hands; all holders afterwards stand in `investors`",
    "paid_in_full": "what is added to the capital is paid in",
    "identity_verified": "the identity of the impersonated person is verified",
    "ex_officio": "begun by the registrar; noted by the platform",
    "qualified": "it holds a qualification of its trade",
    "creditors_told": "known creditors are told",
    "claims_settled": "claims of creditors are settled or secured",
}
VALUES = {
    "event_date": "day of the decision or event, ISO date; statutory days are counted from it",
    "until": "last day, ISO date",
    "new_name": "the name afterwards",
    "new_address": "the address afterwards",
    "new_business_scope": "the scope afterwards",
    "new_legal_representative_masked": "masked name of who heads it afterwards; noted from `person` where that is given",
    "new_entity_type": "the kind afterwards, e.g. LIMITED_COMPANY",
    "new_capital_fen": "the registered capital afterwards, in fen",
    "new_paid_in_due_date": "last day on which the subscribed capital is paid in, ISO date",
    "new_holders": "number of holders afterwards; noted from `investors`",
    "filed": "what is filed: DIRECTORS, ARTICLES, SUBSCRIBED_CAPITAL …",
    "reason_codes": "why, as codes with commas between them",
    "items": "what is revoked alone: legal_representative, business_scope, address, capital, name, shareholders",
    "approved_by": "pseudonym of the head who approved it",
    "clearing_report_sha256": "digest of the clearing report",
    "mended_by": "what mended it, as a code",
    "to_division_code": "division of the registrar that takes it over",
    "taking_over_ref": "number of its letter",
    # enterprises with an investment relation may have a similar name (名称规定 art. 17)
    "name_reservation_id": "the reservation that holds the new name",
    "invested_usccs": "codes of enterprises with an investment relation, with commas between them",
    "role": "its part: SURVIVING or ABSORBED (merger), SURVIVING or DISSOLVED (division)",
    "other_uscc": "code of the other company",
    "court_ref": "number of the court's order",
    "report_year": "the year that is reported",
    "revenue_fen": "revenue of that year, in fen",
    "total_assets_fen": "total assets at its end, in fen",
    "employees": "number of employees at its end",
    "industry": "class of GB/T 4754, four digits",
}


# What most steps use: nothing, or the reasons of a decision.
NO_FACTS: frozenset[str] = frozenset()
REASONS = frozenset({"reason_codes"})
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
        for n in sorted(DECLARATIONS.keys() & set(facts)) if facts[n] not in ("", "true")
    ]  # fmt: skip
    found += [
        v for name in sorted(VALUES.keys() & set(facts)) for v in _value_violations(name, facts[name], read[name])
    ]
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


KNOWN = frozenset(DECLARATIONS) | frozenset(VALUES)
