"""Persons in cases about entities: which steps name one, and what is asked of them.

A case never holds a person open: it shows the mask, keeps who becomes legal representative or operator sealed until it is
closed, and of who is barred only the keyed hash.
"""

from __future__ import annotations

from services.registration.domain.form_check import ID_TYPES, Person
from services.registration.domain.persons import require_number
from shared.failures import InvalidArgument, Violation

# Steps that name who is directly responsible for a false registration, who is barred by them (条例 art. 40).
BARRING_STEPS = frozenset({("IMPERSONATION", "REVOKE")})
# The state in which a bar is gone, because the revocation was undone (条例 art. 42).
BAR_GONE = ("IMPERSONATION", "UNDONE")


def check_step_person(kind: str, action: str, person: Person | None) -> None:
    """Raise InvalidArgument for a person whom the step does not ask for, or who cannot be found by what is given."""
    if person is None:
        return
    if (kind, action) not in BARRING_STEPS:
        raise not_asked("this step")
    require_number(person.id_type, person.id_number, ID_TYPES, "person.")


def not_asked(what: str) -> InvalidArgument:
    """A person is given where none is asked for."""
    violation = Violation("person", f"{what} names no person", "PERSON_NOT_ASKED")
    return InvalidArgument(f"person: {violation.description}", reason=violation.reason, violations=(violation,))
