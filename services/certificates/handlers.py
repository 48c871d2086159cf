"""What certificates hears: an entity was registered, so its business licence is issued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import eventlet
from eventlet import semaphore, tpool
from nameko.rpc import RpcProxy

from services.certificates import usecases
from services.certificates.domain.issuing import Issued
from services.certificates.usecases import Registered
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Failure, Unavailable
from shared.logs import get_logger
from shared.worker import PartsProvider

log = get_logger(__name__)
# Registration's answer for a whole message takes milliseconds; after this time it is not there.
ANSWER_SECONDS = 10.0
PURPOSE = "ISSUE_BUSINESS_LICENCE"


class RegistrationDoesNotAnswer(Unavailable):
    """Registration could not be asked, or its answer broke; the event waits."""


class CertificatesHandlers:
    """Event handlers of certificates."""

    name = "certificates"
    parts = PartsProvider()
    registration = RpcProxy("registration")

    @on_events("certificates.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """Issue the licences of the entities, each once however often its event comes."""
        registered = [Registered(e.data.entity_id, e.data.entity_version, e.cause()) for e in events]
        count = usecases.issue_licences(self.parts.extra, registered, self._ask_facts)
        log.info("licences_issued", events=len(events), issued=count)

    def _ask_facts(self, entity_ids: list[str]) -> Any:
        try:
            with eventlet.Timeout(ANSWER_SECONDS):
                return self.registration.licence_facts(entity_ids, PURPOSE, self.name)
        except eventlet.Timeout:
            raise RegistrationDoesNotAnswer("registration does not answer in time") from None
        except Exception as error:
            raise RegistrationDoesNotAnswer(f"registration cannot be asked: {type(error).__name__}") from None


class NativeThread:
    """Runs slow native work in a thread of its own, one at a time, while the hub goes on."""

    def __init__(self) -> None:
        self._turn = semaphore.Semaphore(1)

    def __call__(self, function: Callable[[], list[Issued | Failure]]) -> list[Issued | Failure]:
        with self._turn:
            done: list[Issued | Failure] = tpool.execute(function)
        return done
