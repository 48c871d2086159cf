"""What registration asks of its store. Groups go in one call; whatever must move together is one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from pymongo import MongoClient, UpdateOne
from pymongo.errors import DuplicateKeyError

from services.registration.domain.application import Application
from services.registration.domain.entity import Entity, StaleVersion
from services.registration.domain.held_names import REGISTERED, NameMove
from services.registration.domain.search import search_fields
from services.registration.store import documents
from services.registration.store.bundles import EntityBundleDocument, EntityBundleStore
from services.registration.store.entity_cases import EntityCaseDocument, EntityCaseStore, wake_cases
from services.registration.store.entity_queries import EntityQueries
from services.registration.store.forecast import ForecastStore
from services.registration.store.moving_in import MoveInStore
from services.registration.store.names import BARE_NAMES, move_names
from services.registration.store.newest import newest
from services.registration.store.persons import BARRED_COLLECTION, BarredPerson, PersonStore
from services.registration.store.reports import ReportStore
from services.registration.store.statistics import SUMS_COLLECTION, StatisticsStore
from services.registration.store.work_items import WorkItemStore, review_standing, taken
from shared.commands import IdempotencyKeyReused, KeyTaken
from shared.documents import prepare_store, to_document
from shared.group_writer import GroupWriter, insert_group
from shared.mongo import store_reason
from shared.open_cases import OpenCases

# Numbers are taken from the counter in blocks; a process that dies leaves a gap, never a double.
CODE_BLOCK = 100


def application_of(document: dict[str, Any]) -> Application:
    return msgspec.convert({**document, "application_id": document["_id"]}, Application)


def entity_of(document: dict[str, Any]) -> Entity:
    return msgspec.convert({**document, "entity_id": document["_id"]}, Entity)


class RegisterStore(WorkItemStore, ReportStore, ForecastStore, MoveInStore, PersonStore, StatisticsStore):
    """Applications, entities, names and work items of one district."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        super().__init__(client, database)
        store = client[database]
        self.entities = store["entities"]
        self.work_items = store["work_items"]
        self.moves = store["moves"]
        self.move_sums = store[SUMS_COLLECTION]
        self.counters = store["counters"]
        self.forwarded_cases = store["forwarded_cases"]
        self.leases = store["leases"]
        self.disclosures = store["disclosures"]
        self.barred_persons = store[BARRED_COLLECTION]
        self.cases = EntityCaseStore(client, database)
        self.bundles = EntityBundleStore(client, database)
        self.entity_cases = self.cases.collection
        self._queries = EntityQueries(self.entities)
        self._application_writer = GroupWriter(self.applications)
        self._numbers = iter(range(0))
        self._numbers_lock = threading.Lock()

    def prepare(self) -> None:
        """Create missing collections (a transaction cannot) and indexes. Harmless to repeat and to race."""
        prepare_store(
            self.client[self.database],
            (*documents.DOCUMENTS, EntityCaseDocument, EntityBundleDocument, BarredPerson),
            ("counters", "leases", "disclosures", BARE_NAMES, SUMS_COLLECTION),
        )

    def audited(self) -> dict[str, OpenCases]:
        """Where open cases are kept; the standing of an application follows from its state and its due date."""
        return {
            "applications": OpenCases(self.applications, {"state": "UNDER_REVIEW"}, review_standing),
            "entity_cases": OpenCases(self.cases.collection),
            "entity_bundles": OpenCases(self.bundles.collection),
        }

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    # applications

    def insert_applications(self, applications: Sequence[dict[str, Any]]) -> list[Exception | None]:
        return taken(self._application_writer.insert(applications))

    def applications_by_command(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Applications by the key of a command that changed them."""
        asked = set(keys)
        found = self.applications.find({"commands.key": {"$in": list(asked)}})
        return {entry["key"]: document for document in found for entry in document["commands"] if entry["key"] in asked}

    def application(self, application_id: str) -> dict[str, Any] | None:
        return self.applications.find_one({"_id": application_id})

    def applications_of(self, client_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Applications that a client handed in, newest first, and the key of the page's last ("" on the last page)."""
        return newest(self.applications, {"client_id": client_id}, after, size)

    def update_application(
        self, application: Application, entries: Sequence[dict[str, Any]], command: dict[str, Any], session: Any = None,
        notes: Sequence[dict[str, Any]] = (),
    ) -> None:  # fmt: skip
        """Store the new version with its events and its command, and notes that nobody else hears of. Raises StaleVersion,
        IdempotencyKeyReused."""
        changed = to_document(application, "application_id")
        try:
            result = self.applications.update_one(
                {"_id": changed.pop("_id"), "version": application.version - 1},
                {
                    "$set": changed,
                    "$push": {
                        "timeline": {"$each": [*notes, *entries]},
                        "pending": {"$each": [entry["id"] for entry in entries]},
                        "commands": command,
                    },
                },
                session=session,
            )
        except DuplicateKeyError as error:
            raise IdempotencyKeyReused("this Idempotency-Key was used for another command") from error
        if result.matched_count == 0:
            raise StaleVersion("the application changed meanwhile; read it again")

    def end_application(self, application: Application, entry: dict[str, Any], command: dict[str, Any]) -> None:
        """A refusal or a withdrawal, and the release of the name, together."""

        def work(session: Any) -> None:
            self.update_application(application, [entry], command, session)
            self.names.delete_one(
                {"_id": application.name_key, "application_id": application.application_id}, session=session
            )

        self._transaction(work)

    def register(
        self,
        application: Application,
        command: dict[str, Any],
        entity: Entity,
        entry: dict[str, Any],
        persons: bytes | None,
        more: Mapping[str, Any] = MappingProxyType({}),
        notes: Sequence[dict[str, Any]] = (),
    ) -> None:
        """The decision, the entity (which carries the event) and the name, together. `more`: keys by which it is found."""
        document = to_document(entity, "entity_id") | dict(more)
        document |= {
            "timeline": [entry],
            "pending": [entry["id"]],
            "persons": persons,
            **search_fields(entity.name, entity.business_scope),
        }

        def work(session: Any) -> None:
            self.update_application(application, [], command, session, notes)
            try:
                self.entities.insert_one(document, session=session)
            except DuplicateKeyError as error:
                raise KeyTaken("the code is held by an imported entity") from error
            registered = {"state": REGISTERED, "entity_id": entity.entity_id, "uscc": entity.uscc}
            self.names.update_one({"_id": application.name_key}, {"$set": registered}, session=session)

        self._transaction(work)

    def _transaction(self, work: Any) -> None:
        with self.client.start_session() as session:
            session.with_transaction(work)

    def next_code_number(self) -> int:
        """A number that nobody else gets."""
        with self._numbers_lock:
            number = next(self._numbers, None)
            if number is None:
                end = self._reserve_numbers(CODE_BLOCK)
                self._numbers = iter(range(end - CODE_BLOCK, end))
                number = next(self._numbers)
            return number

    def _reserve_numbers(self, count: int) -> int:
        counter = self.counters.find_one_and_update(
            {"_id": "subject_code"}, {"$inc": {"next": count}}, upsert=True, return_document=True
        )
        assert counter is not None  # upsert
        return int(counter["next"])

    # entities

    def entity(self, entity_id: str = "", uscc: str = "") -> dict[str, Any] | None:
        return self.entities.find_one({"_id": entity_id} if entity_id else {"uscc": uscc})

    def entities_by_id(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return list(self.entities.find({"_id": {"$in": list(ids)}}))

    def entities_by_uscc(self, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {entity["uscc"]: entity for entity in self.entities.find({"uscc": {"$in": list(codes)}})}

    def insert_entities(self, entities: Sequence[dict[str, Any]]) -> list[Exception | None]:
        return taken(
            insert_group(
                self.entities, [{**e, **search_fields(e["name"], e.get("business_scope", ""))} for e in entities]
            )
        )

    def change_entity(
        self, entity: Entity, entry: dict[str, Any], command: dict[str, Any], names: Sequence[NameMove] = ()
    ) -> None:
        """Store the new state with its event, its command and what becomes of its name; its open cases are looked at. Raises
        StaleVersion, IdempotencyKeyReused."""
        kept = ("state", "state_reason_code", "state_date", "licence_revoked_date", "dormant_days", "version", "past")
        changed = {key: value for key, value in to_document(entity, "").items() if key in kept}

        def work(session: Any) -> None:
            result = self.entities.update_one(
                {"_id": entity.entity_id, "version": entity.version - 1},
                {"$set": changed, "$push": {"timeline": entry, "pending": entry["id"], "commands": command}},
                session=session,
            )
            if result.matched_count == 0:
                raise StaleVersion("the entity changed meanwhile; read it again")
            move_names(self, names, None, "", session)
            wake_cases(self.entity_cases, entity.entity_id, entry["time"], session)

        try:
            self._transaction(work)
        except DuplicateKeyError as error:
            raise IdempotencyKeyReused("this Idempotency-Key was used for another command") from error

    # cases from elsewhere

    def forwarded_rejected(self, origin_refs: Iterable[str]) -> set[str]:
        """Those of the cases that were answered with a rejection before."""
        found = self.forwarded_cases.find({"_id": {"$in": list(origin_refs)}}, {"_id": 1})
        return {document["_id"] for document in found}

    def insert_rejections(self, rejections: Sequence[dict[str, Any]]) -> list[Exception | None]:
        return taken(insert_group(self.forwarded_cases, rejections))

    def list_entities(
        self, filters: dict[str, str], name_prefix: str, name_contains: str, after: str, size: int,
        founded: tuple[str, str] = ("", ""), scope_keyword: str = "",
    ) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
        return self._queries.page(filters, name_prefix, name_contains, after, size, founded, scope_keyword)

    def set_licence(self, licences: Sequence[tuple[str, str, str, int]]) -> None:
        """Note (entity id, certificate id, identifier, version shown) on the entities; harmless to repeat, and an older
        licence that comes late changes nothing."""
        self.entities.bulk_write(
            [
                UpdateOne(
                    {"_id": entity_id, "$nor": [{"licence_version": {"$gt": version}}]},
                    {
                        "$set": {
                            "licence_certificate_id": certificate,
                            "licence_identifier": identifier,
                            "licence_version": version,
                        }
                    },
                )
                for entity_id, certificate, identifier, version in licences
            ],
            ordered=False,
        )

    def log_disclosure(self, disclosure: dict[str, Any]) -> None:
        """Keep who got personal data, why and about whom (ids), for at least 3 years (网络数据安全管理条例 art. 12)."""
        self.disclosures.insert_one(disclosure)
