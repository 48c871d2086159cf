"""Persons in cases about entities, sealed and by keyed hash (`domain/cases/persons.py` has the rules)."""

from __future__ import annotations

from services.registration.domain.cases.engine import EntityCase
from services.registration.domain.cases.persons import BAR_GONE
from services.registration.domain.form_check import Person
from services.registration.domain.limits import due_date
from services.registration.domain.persons import FALSE_REGISTRATION_BAR
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.person_register import Beside


def beside(parts: Parts, case: EntityCase, person: Person | None) -> Beside:
    """What the step that the case has just taken writes beside it; `person`: whom the step named."""
    bar = None
    if person is not None:
        until = due_date(FALSE_REGISTRATION_BAR, parts.clock.today()).isoformat()
        bar = {"_id": case.entity_case_id, "person_key": persons.key_of(parts, person), "until": until}
    return Beside(bar=bar, unbar=(case.kind, case.state) == BAR_GONE)
