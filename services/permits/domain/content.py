"""The content of a form, as far as its certificate states it: what cannot be printed is not taken in (GB/T 36903)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.failures import InvalidArgument, Violation
from shared.printable import one_line, text_violations

# Answers of the form by what the platform calls them; every other key is the printed label of an answer.
APPLICANT, PREMISES, CONTACT = "applicant_name", "premises", "contact"
ANSWERS = "content.answers"
KNOWN = frozenset({APPLICANT, PREMISES, CONTACT})
# The limits of the contract (`Content` in service.proto): a form that comes by another door has the same, for the same certificate
# shows it. A label has none there; it stands in the narrow column of the certificate.
LONGEST = {APPLICANT: 120, PREMISES: 300, CONTACT: 120}
LONGEST_LABEL, LONGEST_ANSWER, MOST_ANSWERS = 60, 500, 20


def check_content(content: Mapping[str, str]) -> None:
    """Raise InvalidArgument naming every field at fault: nobody named as the applicant (行政许可法 art. 29), more than a form
    holds, or text that no certificate can show. Never the text itself."""
    found = []
    if not one_line(content.get(APPLICANT, "")):
        found.append(Violation(f"content.{APPLICANT}", "name who applies (行政许可法 art. 29)", "APPLICANT_MISSING"))
    for label, value in content.items():
        if label in KNOWN:
            found += text_violations(f"content.{label}", value, LONGEST[label])
        else:
            found += text_violations(ANSWERS, label, LONGEST_LABEL) + text_violations(ANSWERS, value, LONGEST_ANSWER)
    if len(content.keys() - KNOWN) > MOST_ANSWERS:
        found.append(Violation(ANSWERS, f"are {MOST_ANSWERS} at most", "TOO_MANY_ANSWERS"))
    if found:
        raise InvalidArgument(
            f"{found[0].field} {found[0].description}", reason=found[0].reason, violations=tuple(found)
        )
