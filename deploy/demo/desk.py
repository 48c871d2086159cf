"""A desk of one region: calls to its gateway in the name of a client, patient while something restarts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE_SECONDS = 60.0
# Why a decision is sent again with the word that the registrar has compared; decided: by that second call, in an earlier run.
COMPARE_FIRST = frozenset({"DUPLICATES_NOT_REVIEWED", "APPLICATION_ALREADY_DECIDED"})


class StoryStuck(RuntimeError):
    """A step of the story did not come about in time; the message says which."""


class Desk:
    """`token_of(client)` gives a bearer token of the region's development issuer."""

    def __init__(
        self, gateway: str, region: str, token_of: Callable[[str], str], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._client, self.patience = httpx.Client(base_url=gateway, timeout=30.0), patience
        self.gateway, self.region, self._token_of = gateway, region, token_of
        self._tokens: dict[str, str] = {}

    def answer(self, method: str, path: str, client: str, key: str = "", **options: Any) -> httpx.Response:
        """One call by one of the clients (a public route: ""); tried again while something restarts. Any answer but 5xx."""
        headers = {"Idempotency-Key": key} if key else {}
        headers |= options.pop("headers", {})
        if client:
            token = self._tokens.get(client) or self._tokens.setdefault(client, self._token_of(client))
            headers["Authorization"] = f"Bearer {token}"
        deadline = time.monotonic() + self.patience
        while True:
            try:
                answer = self._client.request(method, path, headers=headers, **options)
                if answer.status_code < 500 or time.monotonic() > deadline:
                    return answer
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def ask(self, method: str, path: str, client: str, key: str = "", **options: Any) -> Any:
        """The same, for a call that must succeed: its JSON. Raises StoryStuck."""
        answer = self.answer(method, path, client, key, **options)
        if answer.status_code >= 400:
            raise StoryStuck(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.json()

    def register(self, application_id: str, version: int, key: str) -> Any:
        """The registrar registers an application; what it resembles is compared first, as the platform asks. Raises
        StoryStuck."""
        path = f"/v1/registration/applications/{application_id}"
        body: dict[str, Any] = {"decision": "REGISTER", "expected_version": version}
        answer = self.answer("POST", f"{path}/decision", "registrar", key, json=body)
        if answer.status_code == 422 and answer.json().get("code") in COMPARE_FIRST:
            self.ask("GET", f"{path}/duplicates", "registrar")
            answer = self.answer(
                "POST", f"{path}/decision", "registrar", f"{key}-compared", json=body | {"duplicates_reviewed": True}
            )
        if answer.status_code >= 400:
            raise StoryStuck(f"POST {path}/decision: {answer.status_code} {answer.text[:400]}")
        return answer.json()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def wait_for(
    what: str, look: Callable[[], Any], good: Callable[[Any], bool], pause: float = 0.1,
    patience: float = PATIENCE_SECONDS,
) -> Any:  # fmt: skip
    """Look until it is good. Raises StoryStuck naming what was waited for."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if good(found):
            return found
        time.sleep(pause)
    raise StoryStuck(f"waited {patience:.0f} s for {what}")
