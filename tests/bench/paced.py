"""An open load: so many submissions a second at fixed times, whatever the answers take.

Plain HTTP/1.1 over kept connections: a client library costs more CPU a request than the platform does, and on the same two
cores it would measure itself (it could not keep 300 a second).
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from stdnum.iso7064 import mod_11_2

CHARACTERS = "嘉恒瑞祥泰和盛隆昌茂源通达顺康宁安乐丰裕鸿运福禄喜庆春夏秋冬松柏梅兰竹菊荷桂枫桐"
CONNECTIONS = 64


class Connection:
    """One kept connection; one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, head: bytes, body: bytes) -> int:
        """Send a request; its status. The answer is read to its end by its Content-Length."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length or b"0"))
        return int(answer[9:12])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def filled(template: str, name: str, number: int) -> str:
    """The template as the application of one more person at one more place."""
    birth = f"{1960 + number // 335664 % 40:04d}{number // 27972 % 12 + 1:02d}{number // 999 % 28 + 1:02d}"
    who = f"320411{birth}{number % 999 + 1:03d}"
    who += mod_11_2.calc_check_digit(who)
    return template.replace("@NAME@", name).replace("@ID@", who).replace("@PLACE@", str(number))


async def run_paced(gateway: str, token: str, template: str, mark: str, rate: int, seconds: int) -> int:
    """Submit `rate` applications a second; returns how many were answered with 201."""
    good, address = 0, urlsplit(gateway)
    head = (
        f"POST /v1/registration/applications HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\n"
    )
    free: asyncio.Queue[Connection] = asyncio.Queue()
    connections = [Connection(str(address.hostname), int(address.port or 80)) for _ in range(CONNECTIONS)]
    for connection in connections:
        free.put_nowait(connection)

    async def submit(number: int) -> None:
        nonlocal good
        a, rest = divmod(number, len(CHARACTERS) ** 2)
        b, c = divmod(rest, len(CHARACTERS))
        name = f"节{mark}{CHARACTERS[a]}{CHARACTERS[b]}{CHARACTERS[c]}"
        connection = await free.get()
        try:
            line = f"{head}Idempotency-Key: paced-{ord(mark)}-{number}\r\n"
            good += await connection.post(line.encode(), filled(template, name, number).encode()) == 201
        finally:
            free.put_nowait(connection)

    loop = asyncio.get_running_loop()
    start, tasks = loop.time(), []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, start + number / rate - loop.time()))
        tasks.append(asyncio.create_task(submit(number)))
    await asyncio.gather(*tasks)
    for connection in connections:
        connection.close()
    return good
