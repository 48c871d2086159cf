"""A worker as the kit runs them, with a handler that does what the event's id says. Run as a process by the tests.

The entity id of each EntityRegistered says what its handling does: `ok-…` writes its effect, `broken-…` raises,
`flaky-…` raises at the first two tries, `slow-…` takes two seconds, `crash-…` kills the process at the first try,
`waiting-…` finds another part unavailable at the first two tries, `asking-…` asks a service in which nobody answers,
`echoing-…` asks its own service.
"""

from __future__ import annotations

from shared.green import patch

patch()

import contextlib
import os
import sys
import time

from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

from shared import logs
from shared.clock import SystemClock
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Unavailable
from shared.mongo import CLIENT_OPTIONS, store_reason
from shared.outbox import Outbox
from shared.publisher import Publisher
from shared.questions import AnotherService, answers, ask
from shared.settings import ProcessSettings, read_settings
from shared.worker import Parts, PartsProvider, run_worker
from tests.integration.kit.sample import QUEUE, SERVICE, kit_topology


class Store:
    """Effects and tries, so that the tests can count them."""

    def __init__(self, uri: str) -> None:
        self.client: MongoClient = MongoClient(uri, **CLIENT_OPTIONS)
        database = self.client.get_default_database()
        self.database = database.name
        self.effects, self.tries, self.leases, self.cases = (
            database["effects"], database["tries"], database["leases"], database["cases"],
        )  # fmt: skip

    def reason(self) -> str | None:
        return store_reason(self.client, self.database)


class KitHandlers:
    name = SERVICE
    parts = PartsProvider()
    silent, own = AnotherService("silent"), AnotherService(SERVICE)

    @answers  # type: ignore[untyped-decorator]
    def echo(self, text: str) -> str:
        return text

    @on_events(QUEUE)
    def on_entity_registered(self, events: list[Event]) -> None:
        for event in events:
            self._handle(self.parts.store, event)

    def _handle(self, store: Store, event: Event) -> None:
        kind = event.data.entity_id.split("-")[0]
        tries = store.tries.find_one_and_update(
            {"_id": event.id}, {"$inc": {"n": 1}}, upsert=True, return_document=True
        )["n"]
        if kind == "broken" or (kind == "flaky" and tries <= 2):
            raise ValueError(f"content of {event.data.entity_id} that must not be told")
        if kind == "waiting" and tries <= 2:
            raise Unavailable("the other part is down", reason="OTHER_PART_DOWN")
        if kind == "asking":
            ask(Unavailable, self.silent.anything, event.id)
        if kind == "echoing" and ask(Unavailable, self.own.echo, event.id) != event.id:
            raise ValueError("not the answer to this question")
        if kind == "crash" and tries == 1:
            os._exit(9)
        if kind == "slow":
            time.sleep(2)
        with contextlib.suppress(DuplicateKeyError):
            store.effects.insert_one({"_id": event.id, "entity_id": event.data.entity_id})


def main() -> None:
    settings, topology = read_settings(ProcessSettings), kit_topology()
    logs.configure(SERVICE, "worker")
    store = Store(settings.mongo_uri)
    publisher = Publisher(settings.amqp_uri)
    outbox = Outbox("registration", {"cases": store.cases}, publisher, topology, SystemClock())
    run_worker(
        KitHandlers, Parts(settings, topology, SystemClock(), publisher, outbox, store), store.leases, int(sys.argv[1])
    )


main()
