"""The content of a form, as far as its certificate states it: what cannot be printed is not taken in (GB/T 36903)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.failures import InvalidArgument, Violation
from shared.printable import one_line, text_violations

# Answers of the form by what the platform calls them; every other key is the printed label of an answer.
APPLICANT, PREMISES, CONTACT = "applicant_name", "premises", "contact"
ANSWERS = "content.answers"
KNOWN = frozenset({APPLICANT, PREMISES, CONTACT})


def check_content(content: Mapping[str, str]) -> None:
    """Raise InvalidArgument naming every field at fault: nobody named as the applicant (行政许可法 art. 29), or text that no
    certificate can show. Never the text itself."""
    found = []
    if not one_line(content.get(APPLICANT, "")):
        found.append(Violation(f"content.{APPLICANT}", "name who applies (行政许可法 art. 29)", "APPLICANT_MISSING"))
    for label, value in content.items():
        if label in KNOWN:
            found += text_violations(f"content.{label}", value)
        else:
            found += text_violations(ANSWERS, label) + text_violations(ANSWERS, value)
    if found:
        raise InvalidArgument(
            f"{found[0].field} {found[0].description}", reason=found[0].reason, violations=tuple(found)
        )
