"""What the platform is compared with: the same case stored by one process, without bus, outbox, services or promises.

`plain`: FastAPI, pydantic, one `insert_one` (majority) a request, as a team would write it on the first day.
`batched`: Starlette and msgspec with group inserts, the best one process can do.
Run: `python -m tests.bench.monoliths plain|batched PORT MONGO_URI`.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import msgspec
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.clock import SystemClock
from shared.ids import new_id

MAX_GROUP = 200


class Person(BaseModel):
    name: str
    id_type: str
    id_number: str
    phone: str
    identity_check: str


class Application(BaseModel):
    """The body of POST /v1/registration/applications as a day-one model."""

    division_code: str
    entity_type: str
    name: str
    domicile: dict[str, str]
    business_scope: str
    legal_representative: Person
    materials: list[dict[str, str]]
    capital: dict[str, Any]
    investors: list[dict[str, Any]]


def plain(cases: Any) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/registration/applications", status_code=201)
    async def submit(application: Application) -> dict[str, str]:
        case_id = new_id("app")
        await cases.insert_one(application.model_dump() | {"_id": case_id, "time": SystemClock().now()})
        return {"application_id": case_id, "state": "UNDER_REVIEW"}

    return app


class FastPerson(msgspec.Struct):
    name: str
    id_type: str
    id_number: str
    phone: str
    identity_check: str


class FastApplication(msgspec.Struct):
    division_code: str
    entity_type: str
    name: str
    domicile: dict[str, str]
    business_scope: str
    legal_representative: FastPerson
    materials: list[dict[str, str]]
    capital: dict[str, Any]
    investors: list[dict[str, Any]]


def batched(cases: Any) -> Starlette:
    decoder = msgspec.json.Decoder(FastApplication)
    waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
    writing = False

    async def write() -> None:
        nonlocal writing, waiting
        while waiting:
            group, waiting = waiting[:MAX_GROUP], waiting[MAX_GROUP:]
            await cases.insert_many([document for document, _ in group], ordered=False)
            for _, future in group:
                future.set_result(None)
        writing = False

    async def submit(request: Request) -> Response:
        nonlocal writing
        document = msgspec.to_builtins(decoder.decode(await request.body()))
        document |= {"_id": new_id("app"), "time": SystemClock().now()}
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append((document, future))
        if not writing:
            writing = True
            asyncio.get_running_loop().create_task(write())
        await future
        body = msgspec.json.encode({"application_id": document["_id"], "state": "UNDER_REVIEW"})
        return Response(body, 201, media_type="application/json")

    return Starlette(routes=[Route("/v1/registration/applications", submit, methods=["POST"])])


def main() -> None:
    kind, port, uri = sys.argv[1:4]

    async def serve() -> None:
        client: AsyncMongoClient = AsyncMongoClient(uri, w="majority", journal=True)
        cases = client["bench"][kind]
        app = plain(cases) if kind == "plain" else batched(cases)
        await uvicorn.Server(uvicorn.Config(app, port=int(port), log_level="error", access_log=False)).serve()

    import uvloop

    uvloop.run(serve())


if __name__ == "__main__":
    main()
