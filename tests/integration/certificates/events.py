"""Events as certificates' handlers hear them, without a broker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from services.certificates.handlers import CertificatesHandlers
from services.certificates.usecases import Parts
from shared.events import Cause
from tests.unit.certificates.samples import NOW


class Heard:
    """The handlers, with what registration and permits answer."""

    def __init__(self, parts: Parts) -> None:
        self.entities: dict[str, dict[str, Any]] = {}
        self.held: dict[str, dict[str, Any]] = {}
        self.questions: list[list[str]] = []
        self._handlers = CertificatesHandlers()
        self._handlers.parts = SimpleNamespace(extra=parts)
        self._handlers.registration = SimpleNamespace(licence_facts=self._licence_facts)
        self._handlers.permits = SimpleNamespace(certificate_facts=self._certificate_facts)

    def hear(self, name: str, *events: dict[str, Any]) -> None:
        """One message with these events. Raises what an event failed with."""
        heard = [
            SimpleNamespace(data=SimpleNamespace(**data), cause=lambda: Cause(causation_id="evt_1"), time=NOW)
            for data in events
        ]
        for _, failure in getattr(CertificatesHandlers, name)(self._handlers, heard):
            raise failure

    def _licence_facts(self, entity_ids: list[str], *_: Any) -> list[dict[str, Any]]:
        self.questions.append(entity_ids)
        return [self.entities[entity_id] for entity_id in entity_ids if entity_id in self.entities]

    def _certificate_facts(self, refs: list[dict[str, str]], *_: Any) -> list[dict[str, Any]]:
        self.questions.append([ref["ref"] for ref in refs])
        return [self.held[ref["ref"]] for ref in refs if ref["ref"] in self.held]
