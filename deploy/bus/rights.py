"""What each service's broker user may do, derived from `deploy/topology.yaml`.

A service configures, writes and reads what begins with its name. Binding a queue takes read on the exchange, so it
reads from the exchanges of the services that it hears, but only under the keys of the events that it consumes. It
publishes events under its own keys only. Questions (nameko RPC) all go through one exchange: who asks may send exactly
the questions that are its to ask; who answers may send to the random keys of reply queues, which nobody can bind
broadly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shared.topology import Question, Topology, exchange_name, routing_key

QUESTIONS_EXCHANGE = "nameko-rpc"
REPLY_KEY = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NOTHING = "^$"


@dataclass(slots=True)
class Rights:
    """Patterns of names a user may configure, write and read; `topics`: exchange -> keys to publish, keys to bind."""

    configure: list[str] = field(default_factory=list)
    write: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    topics: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def permission(self) -> dict[str, str]:
        """The three patterns as RabbitMQ takes them."""
        return {"configure": "|".join(self.configure), "write": "|".join(self.write), "read": "|".join(self.read)}

    def allow_everywhere(self, *patterns: str) -> None:
        """Let the user configure, write and read names of these patterns."""
        for rights in (self.configure, self.write, self.read):
            rights.extend(pattern for pattern in patterns if pattern not in rights)


def rights_of(topology: Topology, service: str) -> Rights:
    """All rights of a service's broker user."""
    rights = Rights()
    rights.allow_everywhere(rf"^{service}\..*")
    rights.topics[exchange_name(service)] = (f"^{re.escape(routing_key(service, ''))}.*", ".*")
    for publisher in sorted({s.publisher for s in topology.services[service].subscriptions} - {service}):
        keys = [s.routing_key for s in topology.services[service].subscriptions if s.publisher == publisher]
        rights.read.append(_exactly(exchange_name(publisher)))
        rights.topics[exchange_name(publisher)] = (NOTHING, "|".join(map(_exactly, keys)))
    _allow_questions(rights, topology.questions, service)
    return rights


def _allow_questions(rights: Rights, questions: tuple[Question, ...], service: str) -> None:
    asked = [question.name for question in questions if service in question.asked_by]
    answers = any(question.answered_by == service for question in questions)
    publish, bind = [_exactly(name) for name in asked], []
    if asked:
        rights.allow_everywhere(_exactly(QUESTIONS_EXCHANGE), rf"^rpc\.reply-{service}-.*")
        bind.append(f"^{REPLY_KEY}$")
    if answers:
        rights.allow_everywhere(_exactly(QUESTIONS_EXCHANGE), _exactly(f"rpc-{service}"))
        publish.append(f"^{REPLY_KEY}$")
        bind.append(_exactly(f"{service}.*"))
    if publish:
        rights.topics[QUESTIONS_EXCHANGE] = ("|".join(publish), "|".join(bind))


def _exactly(name: str) -> str:
    return f"^{re.escape(name)}$"
