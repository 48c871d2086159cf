"""Documents of permits: model, validation and indexes (each index beside the query it serves)."""

from __future__ import annotations

from typing import Any

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)

from shared.documents import COMMANDS_INDEX, Announcing, Commanded
from shared.due_items import DUE_INDEX
from shared.leftovers import PENDING_INDEX
from shared.standing import STANDING_INDEX

ALIAS = "permits"
# One case for one origin, however often its event comes: `find_one({"origin_ref": …})`; absent for our own door.
ORIGIN_INDEX: dict[str, Any] = {"fields": ["origin_ref"], "name": "origin", "unique": True, "sparse": True}


class Aggregate(Commanded):
    """What every case-like document carries."""

    division_code = StringField(required=True)
    client_id = StringField(required=True)
    # absent, not empty, where there is none (sparse unique index)
    origin_ref = StringField()
    standing = DictField(required=True)
    # absent when nothing is due (sparse index)
    next_due_time = DateTimeField()

    meta: dict[str, Any] = {"abstract": True}


class ItemDocument(Aggregate):
    """What cases and filings share."""

    item_key = StringField(required=True)
    item_version = StringField(required=True)
    item_code = StringField(required=True)
    certificate_type = StringField()
    unit_code = StringField(required=True)
    holder_code = StringField(required=True)
    holder_ref = StringField()
    received_time = DateTimeField(required=True)
    materials = ListField(StringField())
    gaps = ListField(StringField())
    marks = ListField(DictField())
    missed = ListField(StringField())
    # applicant, contact, premises, answers: sealed
    content = BinaryField(required=True)

    meta: dict[str, Any] = {"abstract": True}


class Case(ItemDocument):
    """A permit case with its timeline, its clocks and, once granted, its permit."""

    case_id = StringField(primary_key=True)
    limit = StringField(required=True)
    promised = ListField(StringField())
    committed = BooleanField()
    accepted_date = StringField()
    deemed = BooleanField()
    decided_time = DateTimeField(null=True)
    reasons = ListField(DictField())
    remedies_due_date = StringField()
    permit = DictField(null=True)
    paused_until = DateTimeField(null=True)
    project_id = StringField()
    # what the permit shows of its holder since the holder changed: sealed; and the holder's version that it knows
    holder_now = BinaryField()
    holder_version = IntField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "cases",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            ORIGIN_INDEX,
            PENDING_INDEX,
            DUE_INDEX,
            STANDING_INDEX,
            # a unit's work list: open cases by what is due first
            {"fields": ["standing.party", "standing.due_time", "_id"], "name": "work_list"},
            # an applicant's own cases
            {"fields": ["client_id", "_id"], "name": "own"},
            # `find_one({"permit.permit_id": …})`
            {"fields": ["permit.permit_id"], "name": "permit", "unique": True, "sparse": True},
            # cases of a holder that have a permit, or may have one yet: `find({"holder_code": …, "_id": {"$gt": …}, …})`
            {"fields": ["holder_code", "_id"], "name": "holder"},
            # is a case of a holder open? `find_one({"holder_code": …, "state": {"$in": …}})`
            {"fields": ["holder_code", "state"], "name": "holder_state"},
            # how many permits a holder has: `count({"holder_code": …, "permit.state": {"$in": …}, …})`
            {"fields": ["holder_code", "permit.state", "permit.valid_to_date"], "name": "holder_permits"},
        ],
    }


class FilingDocument(ItemDocument):
    """A filing."""

    filing_id = StringField(primary_key=True)
    project_id = StringField()
    subject_key = StringField(required=True)
    recorded_date = StringField()
    due_date = StringField()
    in_time = BooleanField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "filings",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            ORIGIN_INDEX,
            PENDING_INDEX,
            DUE_INDEX,
            STANDING_INDEX,
            # is a filing of a holder open? `find_one({"holder_code": …, "state": …})`; those on record, page by page:
            # `find({"holder_code": …, "state": …, "_id": {"$gt": …}})`
            {"fields": ["holder_code", "state", "_id"], "name": "holder"},
        ],
    }


class Bundle(Aggregate):
    """Several services as one thing."""

    bundle_id = StringField(primary_key=True)
    bundle_type = StringField(required=True)
    bundle_version = StringField(required=True)
    holder_code = StringField()
    answers = DictField()
    steps = ListField(DictField())
    predicted_finish_date = StringField()
    promised_days = IntField()
    outcome = StringField()
    commitments = ListField(StringField())
    promise_told = BooleanField()
    received_time = DateTimeField(required=True)
    content = BinaryField(required=True)

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "bundles",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            STANDING_INDEX,
            DUE_INDEX,
            # which bundle a step belongs to: `find_one({"steps.step_id": …})`
            {"fields": ["steps.step_id"], "name": "step", "unique": True, "sparse": True},
            # whose licence an application is: `find_one({"steps.case_id": …})`
            {"fields": ["steps.case_id"], "name": "step_case"},
            {"fields": ["client_id", "_id"], "name": "own"},
        ],
    }


class ProjectDocument(Aggregate):
    """A construction project with its list of items."""

    project_id = StringField(primary_key=True)
    holder_code = StringField(required=True)
    traits = DictField()
    items = ListField(DictField())
    received_time = DateTimeField(required=True)
    critical = ListField(StringField())
    critical_days = IntField()
    serial_days = IntField()
    land_contract_date = StringField()
    land_time = DateTimeField(null=True)
    reason_code = StringField()
    # who applies and where: sealed
    content = BinaryField(required=True)

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "projects",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            STANDING_INDEX,
            DUE_INDEX,
            # which project an item belongs to: `find_one({"items.item_id": …})`
            {"fields": ["items.item_id"], "name": "item", "unique": True, "sparse": True},
            # an applicant's own projects
            {"fields": ["client_id", "_id"], "name": "own"},
            # does a project of a holder run? `find_one({"holder_code": …, "state": …})`
            {"fields": ["holder_code", "state"], "name": "holder_state"},
        ],
    }


class Holder(Document):  # type: ignore[misc, unused-ignore]
    """What registration told of an entity, by its code: a projection from events."""

    holder_code = StringField(primary_key=True)
    entity_id = StringField(required=True)
    state = StringField(required=True)
    entity_version = IntField(required=True)
    # its last end, kept beside the newest state
    ended_version = IntField()
    ended_state = StringField()
    ended_time = DateTimeField(null=True)

    meta: dict[str, Any] = {"db_alias": ALIAS, "collection": "holders", "auto_create_index": False}


class Forwarded(Announcing):
    """The answer to a case that a partner region handed over, under that case's id."""

    handoff_case_id = StringField(primary_key=True)
    state = StringField(required=True)
    noted_time = DateTimeField(required=True)

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "forwarded",
        "auto_create_index": False,
        "indexes": [PENDING_INDEX],
    }


class HolderAnswer(Announcing):
    """What was told of a holder, once: under <entity id>@<version> that its permits followed, or under the ref of a check."""

    answer_key = StringField(primary_key=True)
    noted_time = DateTimeField(required=True)

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "holder_answers",
        "auto_create_index": False,
        "indexes": [PENDING_INDEX],
    }


DOCUMENTS: tuple[type[Document], ...] = (Case, FilingDocument, Bundle, ProjectDocument, Holder, Forwarded, HolderAnswer)
