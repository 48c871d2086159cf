"""Questions between the workers of services (nameko RPC), for what events must not carry: asked for a limited time, and answered
however many event handlers of the same worker wait for somebody else.

A service declares whom it asks (`permits = AnotherService("permits")`) and what it answers (`@answers`); who may ask what stands
under `questions` in `deploy/topology.yaml`. A question that is not answered in time is Unavailable: the event that led to it
waits and asks again, so neither questions nor answers need to outlive anything.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

from eventlet import Timeout
from kombu.entity import Queue
from nameko.rpc import ReplyListener, Rpc, RpcConsumer, RpcProxy

from shared.failures import Unavailable
from shared.logs import get_logger
from shared.queue_consumer import BatchQueueConsumer

log = get_logger(__name__)
# An answer takes milliseconds; after this time nobody is there.
ANSWER_SECONDS = 10.0
# Answers live as long as who asked: their queue is gone five minutes after its worker. It is no quorum queue, which a majority
# keeps for nothing, and which breaks the channels of those who answered when it goes.
ANSWERS_QUEUE = {"x-queue-type": "classic", "x-expires": 300_000}


class AnswersListener(ReplyListener):  # type: ignore[misc]
    """Where the answers to this worker's questions arrive."""

    queue_consumer = BatchQueueConsumer()

    def __init__(self) -> None:
        super().__init__()
        # where nobody waits any more, no place is kept for the answer: nameko would keep it for ever
        self._reply_events: WeakValueDictionary[str, Any] = WeakValueDictionary()

    def setup(self) -> None:
        super().setup()
        theirs: Queue = self.queue  # type: ignore[has-type]
        self.queue = Queue(  # type: ignore[no-untyped-call]
            theirs.name, theirs.exchange, self.routing_key, queue_arguments=ANSWERS_QUEUE
        )


class AnotherService(RpcProxy):  # type: ignore[misc]
    """Another service, as a handler asks it: `ask(NobodyThere, self.permits.licence_application, steps)`."""

    rpc_reply_listener = AnswersListener()

    def __init__(self, service: str) -> None:
        # whoever asked has given up by then: a worker that comes back does not begin with answers for nobody
        super().__init__(service, expiration=ANSWER_SECONDS)


class QuestionsConsumer(RpcConsumer):  # type: ignore[misc]
    """Where the questions to this service arrive."""

    queue_consumer = BatchQueueConsumer()

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Send the answer. One that cannot be sent (the broker went away) is asked for again; nameko would end the worker."""
        try:
            answered: tuple[Any, Any] = super().handle_result(message, result, exc_info)
            return answered
        except Exception as error:
            log.warning("answer_not_sent", error=type(error).__name__)
            self.queue_consumer.ack_message(message)
            return None, None


class Answers(Rpc):  # type: ignore[misc]
    """Entrypoint behind `answers`."""

    rpc_consumer = QuestionsConsumer()


# Decorates a worker's method that answers a question of `deploy/topology.yaml`; arguments and answer are JSON.
answers = Answers.decorator


def ask(unavailable: type[Unavailable], question: Any, *arguments: Any) -> Any:
    """Ask `question` of another service (`self.permits.licence_application`) and wait for the answer, at most `ANSWER_SECONDS`.

    Raises `unavailable` where there is none: nobody answers, the broker is away, or the answer broke.
    """
    try:
        with Timeout(ANSWER_SECONDS):
            return question(*arguments)
    except Timeout:
        raise unavailable("no answer in time") from None
    except Exception as error:
        raise unavailable(f"cannot be asked: {type(error).__name__}") from None
