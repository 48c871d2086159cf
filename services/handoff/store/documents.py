"""What handoff keeps: documents with their indexes, each beside the query it serves."""

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

from shared.documents import COMMANDS_INDEX, Commanded
from shared.due_items import DUE_INDEX
from shared.leftovers import PENDING_INDEX
from shared.standing import STANDING_INDEX

ALIAS = "handoff"


class CaseDocument(Commanded):
    """A case between two regions, as this side keeps it."""

    handoff_case_id = StringField(primary_key=True)
    side = StringField(required=True)
    item = StringField(required=True)
    item_code = StringField(required=True)
    target = StringField(required=True)
    mode = StringField(required=True)
    accepting_region = StringField(required=True)
    deciding_region = StringField(required=True)
    agreement_id = StringField(required=True)
    agreement_version = IntField(required=True)
    authorisation_id = StringField(required=True)
    unit_code = StringField(required=True)
    client_id = StringField(required=True)
    received_time = DateTimeField(required=True)
    since_time = DateTimeField(required=True)
    local_case_id = StringField()
    certificate_id = StringField()
    certificate_identifier = StringField()
    file_sha256 = StringField()
    decision_due_date = StringField()
    outcome = StringField()
    reason_codes = ListField(StringField())
    sent = IntField()
    received = IntField()
    parked = BooleanField()
    missed = ListField(StringField())
    taken = ListField(StringField())
    marks = ListField(DictField())
    # the application, sealed; only where this region decides
    content = BinaryField()
    standing = DictField(required=True)
    next_due_time = DateTimeField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "cases",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            DUE_INDEX,
            STANDING_INDEX,
            # `list_cases`: by side, by side and state, newest first
            {"fields": ["side", "-_id"], "name": "side"},
            {"fields": ["side", "state", "-_id"], "name": "side_state"},
        ],
    }


class MessageDocument(Document):  # type: ignore[misc, unused-ignore]
    """A message as it was made or came in: its bytes sealed, its digest and its receipt open."""

    message_id = StringField(primary_key=True)
    handoff_case_id = StringField(required=True)
    direction = StringField(required=True)
    type = StringField(required=True)
    sequence = IntField(required=True)
    partner_region = StringField(required=True)
    state = StringField(required=True)
    attempts = IntField()
    next_attempt_time = DateTimeField()
    claimed_until = DateTimeField()
    reason = StringField()
    created_time = DateTimeField(required=True)
    stored_time = DateTimeField(required=True)
    # when a human queued it again: from then on the tries are counted anew
    queued_time = DateTimeField()
    sha256 = StringField(required=True)
    sealed = BinaryField(required=True)
    receipt = StringField()
    receipt_time = DateTimeField()
    evidence = DictField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "messages",
        "auto_create_index": False,
        "indexes": [
            # one message at each place of a case and direction; `next_in_case`, `message_of`
            {"fields": ["handoff_case_id", "direction", "sequence"], "name": "place", "unique": True},
            # `due_messages`
            {
                "fields": ["next_attempt_time"],
                "name": "due_messages",
                "partialFilterExpression": {"state": "QUEUED"},
            },
            # `wake`, `next_waiting`
            {"fields": ["partner_region", "state", "next_attempt_time"], "name": "waiting"},
            # `list_messages`
            {"fields": ["state", "-_id"], "name": "state"},
        ],
    }


class LedgerDocument(Document):  # type: ignore[misc, unused-ignore]
    """One entry of the chain; never changed, never removed."""

    position = IntField(primary_key=True)
    time = DateTimeField(required=True)
    kind = StringField(required=True)
    message_id = StringField(required=True)
    message_type = StringField(required=True)
    handoff_case_id = StringField(required=True)
    sequence = IntField(required=True)
    from_region = StringField(required=True)
    to_region = StringField(required=True)
    partner_region = StringField(required=True)
    message_sha256 = StringField(required=True)
    receipt_sha256 = StringField()
    previous_hash = StringField(required=True)
    hash = StringField(required=True)

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "ledger",
        "auto_create_index": False,
        "indexes": [
            # `list_ledger`: of a partner, of a case
            {"fields": ["partner_region", "_id"], "name": "partner"},
            {"fields": ["handoff_case_id", "_id"], "name": "case"},
        ],
    }


class FeedDocument(Document):  # type: ignore[misc, unused-ignore]
    """One entry of the feed that partners pull."""

    sequence = IntField(primary_key=True)
    event_id = StringField(required=True)
    type = StringField(required=True)
    subject = StringField()
    audience = StringField(required=True)
    event_time = DateTimeField(required=True)
    noted_time = DateTimeField(required=True)
    data = DictField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "feed",
        "auto_create_index": False,
        "indexes": [
            # each event once
            {"fields": ["event_id"], "name": "event", "unique": True},
            # `list_feed`
            {"fields": ["audience", "_id"], "name": "audience"},
        ],
    }


DOCUMENTS = (CaseDocument, MessageDocument, LedgerDocument, FeedDocument)
PLAIN = ("leases", "counters", "disclosures", "refusals")
