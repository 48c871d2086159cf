"""The documents of certificates, with their indexes, each beside the query it serves."""

from __future__ import annotations

from mongoengine import BinaryField, DateTimeField, DictField, Document, IntField, ListField, StringField

from shared.leftovers import PENDING_INDEX

ALIAS = "certificates"


class CertificateDocument(Document):  # type: ignore[misc, unused-ignore]
    """A certificate with its timeline."""

    certificate_id = StringField(primary_key=True)
    state = StringField(required=True)
    version = IntField(required=True)
    certificate_type = StringField(required=True)
    identifier = StringField(required=True)
    holder_code = StringField(required=True)
    holder_ref = StringField(required=True)
    holder_version = IntField(required=True)
    # the event that caused it
    cause_id = StringField(required=True)
    # the signed content, sealed
    content = BinaryField(required=True)
    signature = BinaryField(required=True)
    key_id = StringField(required=True)
    file_sha256 = StringField(required=True)
    qr_text = StringField(required=True)
    issued_time = DateTimeField(required=True)
    # absent where the holder alone makes the certificate one
    subject_key = StringField()
    # the entity that holds it, in registration
    entity_ref = StringField()
    origin_ref = StringField()
    state_reason_code = StringField()
    state_time = DateTimeField(null=True)
    # newest order applied, by source
    orders = DictField()
    # place in the line of this holder's certificates of the kind; it goes on where the serial of the identifier is full
    number = IntField()
    # other filings of the subject, by their ids, that have no form because this one is in force: whoever ends it looks here
    passed_over = DictField(default=None)
    # absent where there is none
    replaces_certificate_id = StringField()
    replaced_by_certificate_id = StringField()
    timeline = ListField(DictField())
    pending = ListField(StringField())

    meta = {
        "db_alias": ALIAS,
        "collection": "certificates",
        "auto_create_index": False,
        "indexes": [
            # one certificate of a kind for one version of its holder, however often the event comes;
            # `find({"holder_ref": {"$in": …}, "certificate_type": …})`
            {"fields": ["holder_ref", "certificate_type", "holder_version"], "name": "cause", "unique": True},
            # one certificate for each place in a line: two workers that issue two versions at once take two places
            {
                "fields": ["holder_ref", "certificate_type", "number"],
                "name": "place",
                "unique": True,
                "partialFilterExpression": {"number": {"$exists": True}},
            },
            # one form for one version of a subject, whatever filing id its event names;
            # `find({"subject_key": {"$in": …}, "certificate_type": …})`
            {
                "fields": ["subject_key", "certificate_type", "holder_version"],
                "name": "subject",
                "unique": True,
                "partialFilterExpression": {"subject_key": {"$exists": True}},
            },
            # `find({"entity_ref": {"$in": …}})`: all certificates of an entity that is known by its id
            {"fields": ["entity_ref"], "name": "entity"},
            # `find_one({"identifier": …})`
            {"fields": ["identifier"], "name": "identifier", "unique": True},
            # `find_one({"file_sha256": …})`: which certificate a file is
            {"fields": ["file_sha256"], "name": "file", "unique": True},
            # certificates of a holder in order of issue; `find({"holder_code": {"$in": …}})`: those of an entity that is no more
            {"fields": ["holder_code", "_id"], "name": "holder"},
            PENDING_INDEX,
        ],
    }


class StateOrderDocument(Document):  # type: ignore[misc, unused-ignore]
    """What the newest event says of a permit, a filing or an entity, and what it must not hide (`Order.key`); kept whether there
    is a certificate yet or not."""

    ref = StringField(primary_key=True)
    source = StringField(required=True)
    version = IntField(required=True)
    state = StringField(required=True)
    reason_code = StringField()
    time = DateTimeField(required=True)
    correlation_id = StringField()
    actor_id = StringField()
    causation_id = StringField()
    traceparent = StringField()

    meta = {"db_alias": ALIAS, "collection": "state_orders", "auto_create_index": False}


class FileDocument(Document):  # type: ignore[misc, unused-ignore]
    """The PDF of a certificate, sealed; under the certificate's id."""

    certificate_id = StringField(primary_key=True)
    pdf = BinaryField(required=True)

    meta = {"db_alias": ALIAS, "collection": "files", "auto_create_index": False}
