"""The way to a partner's gateway: HTTP, signed (shared.http_signatures), one pool of connections."""

from __future__ import annotations

from services.handoff.usecases.context import Answer, WireDown
from shared.clock import Clock
from shared.message_keys import MessageKey, Partners
from shared.posting import NO_CONNECTION, NoAnswer, Poster

PATH = "/v1/handoff/messages"


class HttpWire:
    """Posts messages; each has `seconds` until its answer is read."""

    def __init__(self, partners: Partners, key: MessageKey, clock: Clock, seconds: float) -> None:
        self._partners, self._poster = partners, Poster(key, clock, seconds)

    def post(self, region: str, message_id: str, body: bytes) -> Answer:
        """Send a message. Raises WireDown with a code."""
        gateway = self._partners.get(region).gateway_url
        if not gateway:
            raise WireDown("PARTNER_NOT_CONNECTED")
        try:
            return Answer(*self._poster.post(gateway + PATH, message_id, body))
        except NoAnswer as none:
            raise WireDown("UNREACHABLE" if none.reason == NO_CONNECTION else none.reason) from None
