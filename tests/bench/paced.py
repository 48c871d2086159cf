"""An open load: so many submissions a second at fixed times, whatever the answers take."""

from __future__ import annotations

import asyncio

import httpx

CHARACTERS = "嘉恒瑞祥泰和盛隆昌茂源通达顺康宁安乐丰裕鸿运福禄喜庆春夏秋冬松柏梅兰竹菊荷桂枫桐"


async def run_paced(gateway: str, token: str, template: str, mark: str, rate: int, seconds: int) -> int:
    """Submit `rate` applications a second; returns how many were answered with 201."""
    good = 0
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=gateway, limits=limits, timeout=30) as client:

        async def submit(number: int) -> None:
            nonlocal good
            a, rest = divmod(number, len(CHARACTERS) ** 2)
            b, c = divmod(rest, len(CHARACTERS))
            name = f"节{mark}{CHARACTERS[a]}{CHARACTERS[b]}{CHARACTERS[c]}"
            headers = {
                "Authorization": f"Bearer {token}", "Content-Type": "application/json",
                "Idempotency-Key": f"paced-{ord(mark)}-{number}",
            }  # fmt: skip
            body = template.replace("@NAME@", name).encode()
            answer = await client.post("/v1/registration/applications", content=body, headers=headers)
            good += answer.status_code == 201

        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, start + number / rate - loop.time()))
            tasks.append(asyncio.create_task(submit(number)))
        await asyncio.gather(*tasks)
    return good
