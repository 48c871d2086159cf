"""Users, permissions and policies of the broker as RabbitMQ takes them (its definitions format), from the topology.

The local stack gives them to its node as it boots; in a cluster `python -m deploy.bus` sends them to the management API.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from deploy.bus.rights import rights_of
from shared.topology import Topology


def definitions(topology: Topology, password_hashes: dict[str, str]) -> dict[str, Any]:
    """What RabbitMQ is to know before the first connection: vhost, users, permissions, policies.

    `password_hashes`: user -> hash, for the administrator and for every service.
    """
    admin = topology.rabbit["admin_user"]
    found = service_definitions(topology, password_hashes, admin)
    found["users"].insert(0, _user(admin, password_hashes[admin], ["administrator"]))
    return found


def service_definitions(topology: Topology, password_hashes: dict[str, str], admin: str) -> dict[str, Any]:
    """The same for a broker that has its administrator `admin` already: that one's password is left alone."""
    vhost = topology.rabbit["vhost"]
    rights = {name: rights_of(topology, name) for name in topology.services}
    return {
        "vhosts": [{"name": vhost, "metadata": {"description": "", "tags": [], "default_queue_type": "quorum"}}],
        "users": [_user(name, password_hashes[name], []) for name in topology.services],
        "permissions": [{"user": admin, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"}]
        + [{"user": name, "vhost": vhost, **r.permission} for name, r in rights.items()],
        "topic_permissions": [
            {"user": name, "vhost": vhost, "exchange": exchange, "write": write, "read": read}
            for name, r in rights.items()
            for exchange, (write, read) in r.topics.items()
        ],
        "policies": [_policy(name, vhost, topology.delivery_limit) for name in topology.services],
    }


def password_hash(password: str) -> str:
    """The hash that RabbitMQ stores (salt and SHA-256), with a fixed salt per password so that it stays the same."""
    secret = password.encode()
    salt = hashlib.sha256(b"salt" + secret).digest()[:4]
    return base64.b64encode(salt + hashlib.sha256(salt + secret).digest()).decode()


def _user(name: str, hashed: str, tags: list[str]) -> dict[str, Any]:
    hashing = "rabbit_password_hashing_sha256"
    return {"name": name, "password_hash": hashed, "hashing_algorithm": hashing, "tags": tags, "limits": {}}


def _policy(service: str, vhost: str, delivery_limit: int) -> dict[str, Any]:
    return {
        "vhost": vhost,
        "name": f"{service}-consumption",
        "pattern": rf"^{service}\.on_.*\.v[0-9]+$",
        "apply-to": "queues",
        "priority": 0,
        "definition": {
            "delivery-limit": delivery_limit,
            "dead-letter-exchange": f"{service}.dead",
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
        },
    }
