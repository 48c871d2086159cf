"""Lists of what is a client's own; whose, says the token and nothing else."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest

from gateway.auth import Client
from gateway.context import parts_of
from gateway.messages import answer
from gateway.models import next_link


async def own_page(request: Request, client: Client, method: str, asked: Any, size: int, token: str) -> Response:
    """A page of what belongs to the client of the token. `method`: of registration; `asked`: its request, which has the fields
    `client_id` and `page`."""
    services = parts_of(request).services
    query = asked(client_id=client.subject, page=PageRequest(page_size=size, page_token=token))
    found = await services.query(getattr(services.registration, method), query)
    return answer(found, headers=next_link(request, found.next_page_token))
