"""The rpc process of a service: a gRPC server on native threads, with health, reflection, checks and graceful stop.

Every method is wrapped once: the request is checked against the rules in its proto (protovalidate), failures become rich
statuses by one table, anything else INTERNAL without detail, and the time is measured.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
import protovalidate
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from shared import garbage, metrics
from shared.failures import Failure, InvalidArgument, Violation
from shared.grpc_errors import status_of
from shared.logs import get_logger
from shared.readiness import Readiness, serve_operations
from shared.settings import ProcessSettings

log = get_logger(__name__)
# An import sends its rows in groups and gets a verdict for each: 64 MiB is about 500,000 verdicts.
OPTIONS = [
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
    ("grpc.so_reuseport", 0),
    # whoever calls connects anew now and then (running calls finish), and so finds replicas that came later
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 5000),
]
_VALIDATOR = protovalidate.Validator()


def check_request(request: Any) -> None:
    """Raise InvalidArgument naming every field that breaks a rule of its proto."""
    violations = _VALIDATOR.collect_violations(request)
    if violations:
        named = tuple(
            Violation(field=_path(v.proto.field), description=v.proto.message, reason="FIELD_RULE") for v in violations
        )
        raise InvalidArgument(f"{named[0].field}: {named[0].description}", reason="INVALID_FIELD", violations=named)


class ChecksInterceptor(grpc.ServerInterceptor):  # type: ignore[misc, unused-ignore]
    """Wraps every method of the server; see the module."""

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = continuation(details)
        if handler is None or details.method.startswith("/grpc."):
            return handler
        method = details.method
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(
                _wrapped(method, handler.unary_unary, checks=True),
                handler.request_deserializer,
                handler.response_serializer,
            )
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(
                _wrapped(method, handler.stream_unary, checks=False),
                handler.request_deserializer,
                handler.response_serializer,
            )
        return handler


def _wrapped(method: str, behaviour: Callable[[Any, Any], Any], checks: bool) -> Callable[[Any, Any], Any]:
    def call(request: Any, context: Any) -> Any:
        started, code = time.perf_counter(), "OK"
        try:
            if checks:
                check_request(request)
            return behaviour(request, context)
        except Failure as failure:
            status = status_of(failure)
            code = status.code.name
            context.abort_with_status(status)
        except Exception as error:
            code = "INTERNAL"
            log.exception("rpc_broke", method=method, error=type(error).__name__)
            context.abort(grpc.StatusCode.INTERNAL, "internal error")
        finally:
            metrics.RPC_DURATION.labels(method, code).observe(time.perf_counter() - started)

    return call


def run_server(
    settings: ProcessSettings, name: str, port: int, metrics_port: int, readiness: Readiness,
    register: Callable[[grpc.Server], None], stop: Callable[[], None],
) -> None:  # fmt: skip
    """Serve until SIGTERM: then refuse new calls, finish running ones, `stop` the rest, leave.

    `name` is the full name of the gRPC service; `register` adds its servicer; `stop` flushes and closes.
    """
    server = grpc.server(
        futures.ThreadPoolExecutor(settings.rpc_threads, thread_name_prefix="rpc"),
        interceptors=[ChecksInterceptor()], options=OPTIONS,
    )  # fmt: skip
    health_servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    reflection.enable_server_reflection((name, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    register(server)
    server.add_insecure_port(f"{settings.bind_host}:{port}")
    server.start()
    garbage.settle()
    serve_operations(settings.bind_host, metrics_port, readiness)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    log.info("rpc_started", port=port)
    while not stopped.wait(1.0):
        serving = (
            health_pb2.HealthCheckResponse.NOT_SERVING
            if readiness.reasons()
            else health_pb2.HealthCheckResponse.SERVING
        )
        health_servicer.set("", serving)
        health_servicer.set(name, serving)
    health_servicer.enter_graceful_shutdown()
    readiness.set_reason("server", "stopping")
    server.stop(settings.drain_seconds).wait()
    stop()
    log.info("rpc_stopped")


def _path(path: Any) -> str:
    parts = []
    for element in path.elements:
        subscript = element.subscript
        index = f"[{subscript.value}]" if subscript is not None and subscript.field == "index" else ""
        parts.append(f"{element.field_name}{index}")
    return ".".join(parts)
