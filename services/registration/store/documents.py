"""Documents of registration: model, validation and indexes (each index beside the query it serves)."""

from __future__ import annotations

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

from services.registration.domain.entity import EXISTING
from shared.documents import COMMANDS_INDEX, Commanded
from shared.leftovers import PENDING_INDEX

ALIAS = "registration"


class Application(Commanded):
    """A set-up application with its timeline."""

    application_id = StringField(primary_key=True)
    division_code = StringField(required=True)
    entity_type = StringField(required=True)
    name = DictField(required=True)
    name_key = StringField()
    domicile = DictField()
    business_scope = StringField()
    capital = DictField(null=True)
    legal_representative_masked = StringField()
    # persons as given, sealed; opened only for the licence and with a purpose
    persons = BinaryField()
    # files by their digests and masked investors, packed (`domain/handed_in.py`); absent for one that went back
    handed_in = BinaryField()
    # short hashes by which what resembles it is found, and the one by which other open ones find it
    match_keys = ListField(StringField())
    alike_key = StringField()
    received_time = DateTimeField(required=True)
    first_due_date = StringField()
    due_date = StringField()
    extended = BooleanField()
    # pseudonym of the head who approved the extension
    extension_approved_by = StringField()
    gaps = ListField(DictField())
    refusal_reasons = ListField(DictField())
    entity_id = StringField()
    uscc = StringField()
    decided_time = DateTimeField(null=True)
    origin_ref = StringField()
    # the level above was told that the review is late
    late = BooleanField()
    client_id = StringField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "applications",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            # open applications that resemble those of a group; decided ones cost nothing
            {
                "fields": ["alike_key"],
                "name": "alike",
                "partialFilterExpression": {"state": "UNDER_REVIEW"},
            },
            # what a client handed in, newest first
            {"fields": ["client_id", "-_id"], "name": "client"},
        ],
    }


class Entity(Commanded):
    """A market entity in the register."""

    entity_id = StringField(primary_key=True)
    uscc = StringField(required=True)
    entity_type = StringField(required=True)
    name = StringField(required=True)
    division_code = StringField(required=True)
    domicile = DictField()
    business_scope = StringField()
    capital = DictField(null=True)
    founding_date = StringField(required=True)
    legal_representative_masked = StringField()
    # the legal representative, sealed
    persons = BinaryField(null=True)
    # who holds the shares since a transfer was registered, sealed; before that its application has them
    investors = BinaryField()
    # keyed hashes of its persons: all, who heads it, who puts in capital; absent where none is known
    person_keys = ListField(StringField())
    head_key = StringField()
    investor_keys = ListField(StringField())
    # short hashes by which what resembles it is found
    match_keys = ListField(StringField())
    application_id = StringField()
    licence_certificate_id = StringField()
    licence_identifier = StringField()
    # version of the entity that its licence shows
    licence_version = IntField()
    imported = BooleanField()
    origin_ref = StringField()
    state_reason_code = StringField()
    state_date = StringField()
    flags = ListField(StringField())
    # why it stands on a list, by the list's flag
    listed_for = DictField()
    # case that revoked its registration; "" for none
    revocation_case_id = StringField()
    dormant_days = IntField()
    licence_revoked_date = StringField()
    past = ListField(DictField())
    reported_years = ListField(IntField())
    report_owed_year = IntField()
    report_due_year = IntField()
    # "" below designated size
    above_size = StringField()
    from_division_code = StringField()
    # by which agreement and with which files it moved in
    move_in = DictField()
    # pairs of characters of the name, for searches
    grams = ListField(StringField())
    # items of the business scope, for searches
    scope_items = ListField(StringField())

    meta = {
        "db_alias": ALIAS,
        "collection": "entities",
        "auto_create_index": False,
        "indexes": [
            # one code, one entity; `find_one({"uscc": …})`
            {"fields": ["uscc"], "name": "uscc", "unique": True},
            # list by division in order of registration
            {"fields": ["division_code", "_id"], "name": "division"},
            # list by kind of entity in order of registration: some kinds are a few in a million
            {"fields": ["entity_type", "_id"], "name": "type"},
            # list by beginning of the name
            {"fields": ["name", "_id"], "name": "name"},
            # how many exist; those of them, by registrar, whose annual report is to be looked at
            {"fields": ["state", "division_code", "report_due_year"], "name": "state_report"},
            # how many are above designated size
            {
                "fields": ["above_size", "state"],
                "name": "above_size",
                "partialFilterExpression": {"above_size": {"$gt": ""}},
            },
            # list by what the name contains, in order of registration
            {"fields": ["grams", "_id"], "name": "grams"},
            # list by day of founding
            {"fields": ["founding_date", "_id"], "name": "founded"},
            # list by beginning of an item of the business scope, where few have it
            {"fields": ["scope_items"], "name": "scope"},
            # entities of a person, in order of registration; entities without known persons cost nothing
            {
                "fields": ["person_keys", "_id"],
                "name": "persons",
                "partialFilterExpression": {"person_keys": {"$exists": True}},
            },
            # entities that resemble an application or the rows of a group; those that have ended cost nothing
            {
                "fields": ["match_keys"],
                "name": "match_existing",
                "partialFilterExpression": {
                    "match_keys": {"$exists": True},
                    "state": {"$in": sorted(EXISTING)},
                },
            },
            COMMANDS_INDEX,
            PENDING_INDEX,
        ],
    }


class Name(Document):  # type: ignore[misc]
    """A held name. The key says who may not have it: same registrar, same trade, same trade name (名称规定 art. 17)."""

    name_key = StringField(primary_key=True)
    # RESERVED (until expiry_date), APPLIED (an application holds it), REGISTERED, RESTING (until expiry_date), OPEN (nobody's)
    state = StringField(required=True)
    full_name = StringField(required=True)
    division_code = StringField(required=True)
    # absent, not null, where there was no reservation (sparse index)
    reservation_id = StringField()
    expiry_date = StringField(null=True)
    application_id = StringField(null=True)
    client_id = StringField()
    # the entity whose name it is or was; absent, not null, before
    entity_id = StringField()
    uscc = StringField()
    # codes of enterprises by an investment relation with which it is held beside others (名称规定 art. 17)
    related = ListField(StringField())
    # who wants this name without a trade now (`store/names.py`), and when a name with a trade was last written past it
    sign = StringField()
    passed_time = DateTimeField()
    # keyed hash of who may take it while it rests
    rests_for = StringField()
    # the command that took it, so that its repetition after a crash finds its own name
    command_key = StringField(null=True)
    claimed_time = DateTimeField()
    timeline = ListField(DictField())
    pending = ListField(StringField())
    commands = ListField(DictField())

    meta = {
        "db_alias": ALIAS,
        "collection": "names",
        "auto_create_index": False,
        "indexes": [
            # `find_one({"reservation_id": …})`
            {"fields": ["reservation_id"], "name": "reservation", "unique": True, "sparse": True},
            # names that a client holds by reservations; those of applications and entities cost nothing
            {
                "fields": ["client_id", "-reservation_id"],
                "name": "reserved",
                "partialFilterExpression": {"state": "RESERVED"},
            },
            COMMANDS_INDEX,
            PENDING_INDEX,
        ],
    }


class MoveDocument(Document):  # type: ignore[misc]
    """One entity more or less, under the id of the event that said so."""

    event_id = StringField(primary_key=True)
    entity_id = StringField(required=True)
    move = StringField(required=True)
    month = StringField(required=True)
    time = DateTimeField(required=True)
    # when it was written here
    noted_time = DateTimeField()

    meta = {
        "db_alias": ALIAS,
        "collection": "moves",
        "auto_create_index": False,
        # counts by month of the moves that were noted since, from the index alone
        "indexes": [{"fields": ["noted_time", "month", "move"], "name": "noted"}],
    }


class WorkItem(Document):  # type: ignore[misc]
    """A case that waits for a registrar; built from events, in any order."""

    application_id = StringField(primary_key=True)
    division_code = StringField()
    due_date = StringField()
    # version of the application that has this due date; absent: as it was received
    version = IntField()
    opened_time = DateTimeField()
    # when the list heard of it: how long the way over the bus took
    noted_time = DateTimeField()
    open = BooleanField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "work_items",
        "auto_create_index": False,
        "indexes": [
            # open cases of a division by due date
            {"fields": ["division_code", "due_date", "_id"], "name": "open", "partialFilterExpression": {"open": True}}
        ],
    }


class ForwardedCase(Document):  # type: ignore[misc]
    """The answer to a case from elsewhere that could not be received; nothing else of it is kept."""

    origin_ref = StringField(primary_key=True)
    version = IntField(required=True)
    # REJECTED
    state = StringField(required=True)
    reason_codes = ListField(StringField())
    timeline = ListField(DictField())
    pending = ListField(StringField())

    meta = {
        "db_alias": ALIAS,
        "collection": "forwarded_cases",
        "auto_create_index": False,
        "indexes": [PENDING_INDEX],
    }


DOCUMENTS: tuple[type[Document], ...] = (Application, Entity, Name, WorkItem, ForwardedCase, MoveDocument)
