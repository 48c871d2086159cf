"""The checker: what was promised against what is stored. It reads the databases itself and shares no code with the services.

lost: promised and not there (or not as promised). doubled: there more than once. unexpected: there and never asked for.
stuck: neither done nor with anybody who owes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import MongoClient

from deploy.local.mongo import mongo_uri
from deploy.regions.plan import Region
from shared.topology import load_topology
from tests.chaos.load import Notes, Promise


@dataclass
class Verdict:
    """What the checker found, by name."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)


class Books:
    """The databases of one region, by service."""

    def __init__(self, region: Region) -> None:
        topology = load_topology(port_offset=region.port_offset)
        uri = mongo_uri(region.state, topology, topology.mongo["admin_user"])
        self._client: MongoClient[dict[str, Any]] = MongoClient(uri, tz_aware=True)
        self._names = {name: service.database for name, service in topology.services.items()}

    def find(self, service: str, collection: str, **query: Any) -> list[dict[str, Any]]:
        return list(self._client[self._names[service]][collection].find(query))

    def forget_outbox(self) -> int:
        """The control: what waits to be published is forgotten by the store, as if there were no outbox."""
        count = 0
        for name, collections in {
            "registration": ("applications", "entities"), "permits": ("cases",), "hotline": ("orders",),
            "handoff": ("cases",), "certificates": ("certificates",),
        }.items():  # fmt: skip
            for collection in collections:
                found = self._client[self._names[name]][collection]
                query = {"pending": {"$type": "string"}}
                count += found.update_many(query, {"$set": {"pending": []}}).modified_count
        return count

    def close(self) -> None:
        self._client.close()


def check(notes: Notes, regions: list[Region], began: datetime) -> Verdict:
    """Judge all promises, and everything that appeared in the books since the run began."""
    verdict, books = Verdict(), {region.code: Books(region) for region in regions}
    try:
        for promise in notes.promises:
            _check_promise(promise, books, verdict)
        for code, found in books.items():
            _check_books(code, found, notes, began, verdict)
        _check_sides(notes, books, verdict)
    finally:
        for found in books.values():
            found.close()
    return verdict


def _check_promise(promise: Promise, books: dict[str, Books], verdict: Verdict) -> None:
    name = f"{promise.region} {promise.kind} {promise.ids}"
    CHECKS[promise.kind](promise, books, verdict, name)


def _application(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    _one(verdict, name, books[promise.region].find("registration", "applications", _id=promise.ids["application_id"]))


def _entity(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    here, ids = books[promise.region], promise.ids
    found = here.find("registration", "entities", _id=ids["entity_id"])
    if _one(verdict, name, found) and found[0]["uscc"] != ids["uscc"]:
        verdict.lost.append(f"{name}: another code is stored")
    _one(verdict, f"{name}: licence", here.find("certificates", "certificates", holder_ref=ids["entity_id"]))


def _permit_case(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    _one(verdict, name, books[promise.region].find("permits", "cases", _id=promise.ids["case_id"]))


def _permit(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    here, ids = books[promise.region], promise.ids
    found = here.find("permits", "cases", _id=ids["case_id"])
    if _one(verdict, name, found) and found[0]["permit"]["permit_id"] != ids["permit_id"]:
        verdict.lost.append(f"{name}: another permit is stored")
    if found and found[0]["state"] != "DELIVERED":
        verdict.lost.append(f"{name}: {found[0]['state']}, its certificate was not delivered")
    _one(verdict, f"{name}: certificate", here.find("certificates", "certificates", holder_ref=ids["permit_id"]))


def _request(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    query = {"requests.request_id": promise.ids["request_id"]}
    _one(verdict, name, books[promise.region].find("hotline", "orders", **query))


def _closed_order(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    found = books[promise.region].find("hotline", "orders", _id=promise.ids["order_id"])
    if _one(verdict, name, found) and found[0]["state"] != "CLOSED":
        verdict.lost.append(f"{name}: {found[0]['state']}")


def _crossing(promise: Promise, books: dict[str, Books], verdict: Verdict, name: str) -> None:
    for code, side in books.items():
        found = side.find("handoff", "cases", _id=promise.ids["handoff_case_id"])
        if _one(verdict, f"{name} at {code}", found) and found[0]["state"] != "CLOSED":
            verdict.lost.append(f"{name} at {code}: {found[0]['state']}")


CHECKS: dict[str, Callable[[Promise, dict[str, Books], Verdict, str], None]] = {
    "application": _application, "entity": _entity, "permit_case": _permit_case, "permit": _permit, "request": _request,
    "closed_order": _closed_order, "crossing": _crossing,
}  # fmt: skip


def _one(verdict: Verdict, name: str, found: list[dict[str, Any]]) -> bool:
    if not found:
        verdict.lost.append(name)
    elif len(found) > 1:
        verdict.doubled.append(f"{name}: {len(found)} times")
    return len(found) == 1


def _check_books(code: str, books: Books, notes: Notes, began: datetime, verdict: Verdict) -> None:
    """Everything of this run that the books hold was asked for, and once."""
    mine = [promise for promise in notes.promises if promise.region == code]
    handed = {d["_id"] for d in books.find("handoff", "cases", side="DECIDING")}
    asked = {
        ("registration", "applications"): {p.ids["application_id"] for p in mine if p.kind == "application"},
        ("permits", "cases"): {p.ids["case_id"] for p in mine if p.kind == "permit_case"},
        ("hotline", "orders"): {p.ids["order_id"] for p in mine if p.kind == "request"},
    }
    for (service, collection), wanted in asked.items():
        time = "registered_time" if service == "hotline" else "received_time"
        for document in books.find(service, collection, **{time: {"$gte": began}}):
            if document["_id"] not in wanted and document.get("origin_ref", "") not in handed:
                verdict.unexpected.append(f"{code} {service} {collection} {document['_id']}")
    entities = books.find("registration", "entities")
    _doubles(verdict, f"{code} code", [e["uscc"] for e in entities])
    _doubles(
        verdict, f"{code} application with entities", [e["application_id"] for e in entities if e.get("application_id")]
    )
    certificates = books.find("certificates", "certificates")
    _doubles(verdict, f"{code} identifier", [c["identifier"] for c in certificates])
    _doubles(
        verdict,
        f"{code} holder with certificates",
        [f"{c['certificate_type']} {c['holder_ref']}" for c in certificates],
    )
    cases = books.find("permits", "cases")
    _doubles(verdict, f"{code} origin with cases", [c["origin_ref"] for c in cases if c.get("origin_ref")])
    applications = books.find("registration", "applications")
    _doubles(
        verdict, f"{code} origin with applications", [a["origin_ref"] for a in applications if a.get("origin_ref")]
    )
    orders = books.find("hotline", "orders")
    _doubles(verdict, f"{code} request in orders", [r["request_id"] for o in orders for r in o["requests"]])
    holders = {e["_id"] for e in entities} | {c["permit"]["permit_id"] for c in cases if c.get("permit")}
    filings = {f["_id"] for f in books.find("permits", "filings")}
    for certificate in certificates:
        if certificate["holder_ref"] not in holders | filings:
            verdict.unexpected.append(f"{code} certificate {certificate['_id']} of nobody")


def _check_sides(notes: Notes, books: dict[str, Books], verdict: Verdict) -> None:
    """A case between regions stands on both sides alike, and its certificate is the one that was issued."""
    crossings = {p.ids["handoff_case_id"] for p in notes.promises if p.kind == "crossing"}
    sides = {code: {d["_id"]: d for d in found.find("handoff", "cases")} for code, found in books.items()}
    for case_id in crossings:
        stood = [side[case_id] for side in sides.values() if case_id in side]
        if len({(d["state"], d["outcome"], d["file_sha256"], d["certificate_identifier"]) for d in stood}) > 1:
            verdict.lost.append(f"crossing {case_id}: the sides differ")
    ones = {case_id for side in sides.values() for case_id in side}
    for case_id in ones:
        if sum(case_id in side for side in sides.values()) == 1:
            verdict.lost.append(f"handoff case {case_id}: on one side only")


def _doubles(verdict: Verdict, what: str, values: list[str]) -> None:
    verdict.doubled += [f"{what} {value}: {count} times" for value, count in Counter(values).items() if count > 1]
