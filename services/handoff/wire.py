"""The way to a partner's gateway: HTTP, signed (shared.http_signatures), one pool of connections."""

from __future__ import annotations

from services.handoff.usecases.context import Answer, WireDown
from shared.clock import Clock
from shared.http_signatures import SignedRequest, sign
from shared.lean import load_without
from shared.message_keys import MessageKey, Partners

load_without("httpx", "rich", "click")  # its command line
import httpx  # noqa: E402

PATH = "/v1/handoff/messages"
LARGEST_ANSWER = 64 * 1024


class HttpWire:
    """Posts messages. Redirects are never followed: the signature is for one address."""

    def __init__(self, partners: Partners, key: MessageKey, clock: Clock, seconds: float) -> None:
        self._partners, self._key, self._clock = partners, key, clock
        self._client = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=min(3.0, seconds)), follow_redirects=False, trust_env=False,
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=10),
        )  # fmt: skip

    def post(self, region: str, message_id: str, body: bytes) -> Answer:
        """Send a message. Raises WireDown with a code."""
        gateway = self._partners.get(region).gateway_url
        if not gateway:
            raise WireDown("PARTNER_NOT_CONNECTED")
        headers = {"Content-Type": "application/json", "Idempotency-Key": message_id}
        request = SignedRequest("POST", gateway + PATH, headers, body)
        sign(request, self._key.private, self._key.key_id, self._clock.now())
        try:
            with self._client.stream("POST", request.url, content=body, headers=request.headers) as answer:
                read = b""
                for piece in answer.iter_bytes():
                    read += piece
                    if len(read) > LARGEST_ANSWER:
                        raise WireDown("ANSWER_TOO_LARGE")
                return Answer(answer.status_code, read)
        except httpx.TimeoutException:
            raise WireDown("TIMEOUT") from None
        except httpx.HTTPError:
            raise WireDown("UNREACHABLE") from None
