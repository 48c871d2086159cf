"""The events of cases and filings, passed on to the bundle or project that they are a part of; others are ignored."""

from __future__ import annotations

from collections.abc import Sequence

from services.permits.usecases import bundles, projects
from services.permits.usecases.context import Parts
from shared.events import Cause


def result(
    parts: Parts, origin_ref: str, done: bool, reason_codes: Sequence[str], cause: Cause, case_id: str = "", day: str = ""
) -> None:  # fmt: skip
    """A case or filing has its result; `day`: of the grant or the record."""
    bundles.result(parts, origin_ref, done, reason_codes, cause, case_id=case_id)
    projects.result(parts, origin_ref, done, reason_codes, cause, case_id, day)


def moved(parts: Parts, origin_ref: str, cause: Cause) -> None:
    """A case or filing moved: somebody else has the word, or by another day."""
    bundles.moved(parts, origin_ref, cause)
    projects.moved(parts, origin_ref, cause)
