"""A client process that gives commands at a fixed rate and says when each was acknowledged, and at which position."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

import uvloop

from benchmarks.http_load import contacts

CONNECTIONS = 32


async def paced(port: int, rate: float, seconds: float, person: str) -> list[tuple[float, float, int]]:
    """Seconds from due time to acknowledgement, its instant on the performance counter, and the position, each."""
    begins = time.perf_counter() + 0.1
    total = int(rate * seconds)
    found: list[tuple[float, float, int]] = []

    async def connection(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        requests: Iterator[bytes] = contacts(person)
        for turn in range(number, total, CONNECTIONS):
            due = begins + turn / rate
            await asyncio.sleep(due - time.perf_counter())
            writer.write(next(requests))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            acknowledged = time.perf_counter()
            if not head.startswith(b"HTTP/1.1 20"):
                raise RuntimeError(f"refused: {body.decode()[:500]}")
            found.append((acknowledged - due, acknowledged, json.loads(body)["position"]))
        writer.close()

    await asyncio.gather(*[connection(number) for number in range(CONNECTIONS)])
    return found


def main() -> None:
    """Port, commands per second, seconds and the acting person are its arguments."""
    found = uvloop.run(paced(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
