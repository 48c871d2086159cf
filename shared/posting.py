"""Posting to a system outside this platform, signed: its answer, of limited size and in limited time, or why there is none.

httpx limits every single wait and no exchange: whoever sends a byte now and then would be waited for over hours. Here one
limit holds for the whole, from the look-up of the name to the last byte (in a worker: `shared.green.within`).
"""

from __future__ import annotations

from shared.clock import Clock
from shared.green import within
from shared.http_signatures import SignedRequest, sign
from shared.lean import load_without
from shared.message_keys import MessageKey

load_without("httpx", "rich", "click")  # its command line
import httpx  # noqa: E402

CONNECT_SECONDS = 3.0
LARGEST_ANSWER = 64 * 1024
TIMEOUT, NO_CONNECTION, TOO_LARGE = "TIMEOUT", "NO_CONNECTION", "ANSWER_TOO_LARGE"


class NoAnswer(Exception):
    """`reason`: TIMEOUT, NO_CONNECTION (none, or it broke) or ANSWER_TOO_LARGE (more than 64 KB)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Poster:
    """Posts JSON over one pool of connections. Redirects are never followed: the signature is for one address."""

    def __init__(self, key: MessageKey, clock: Clock, seconds: float) -> None:
        self._key, self._clock, self._seconds = key, clock, seconds
        self._client = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)), follow_redirects=False,
            trust_env=False, limits=httpx.Limits(max_connections=50, max_keepalive_connections=10),
        )  # fmt: skip

    def post(self, url: str, idempotency_key: str, body: bytes) -> tuple[int, bytes]:
        """Status and content of the answer. Raises NoAnswer."""
        # 64 KB can be packed from 64 MB: what comes packed nevertheless is read as it is, and is no JSON
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
            "Accept-Encoding": "identity",
        }
        request = SignedRequest("POST", url, headers, body)
        sign(request, self._key.private, self._key.key_id, self._clock.now())
        try:
            with within(self._seconds):
                return self._exchange(request)
        except (TimeoutError, httpx.TimeoutException):
            raise NoAnswer(TIMEOUT) from None
        except httpx.HTTPError:
            raise NoAnswer(NO_CONNECTION) from None

    def _exchange(self, request: SignedRequest) -> tuple[int, bytes]:
        with self._client.stream("POST", request.url, content=request.body, headers=request.headers) as answer:
            read = bytearray()
            for piece in answer.iter_raw():
                read += piece
                if len(read) > LARGEST_ANSWER:
                    raise NoAnswer(TOO_LARGE)
            return answer.status_code, bytes(read)
