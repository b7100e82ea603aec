"""A server that is told to end answers what it has taken, and loses and doubles nothing."""

import signal
import threading
from uuid import uuid4

import httpx2
import psycopg

from tests.cli.test_processes import serving
from tests.waiting import PATIENCE, eventually

SYSTEM = {"Authorization": "Dev system"}


def test_commands_under_way_are_answered_before_the_end(database_url: str) -> None:
    acknowledged: list[str] = []
    refused: list[int] = []
    started = threading.Barrier(9)
    with serving("serve", "--port", "0", ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="dev") as (url, process):

        def call() -> None:
            with httpx2.Client(base_url=url, headers=SYSTEM, timeout=PATIENCE) as client:
                started.wait()
                while True:
                    customer = f"customer:{uuid4()}"
                    path = f"/v1/customers/{customer.partition(':')[2]}/register-customer"
                    try:
                        answer = client.post(path, json={"name": "甲"})
                    except httpx2.TransportError:
                        return
                    if answer.status_code == 201:
                        acknowledged.append(customer)
                    else:
                        refused.append(answer.status_code)

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        started.wait()
        eventually(lambda: len(acknowledged) >= 50)
        process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(PATIENCE)
    assert refused == []
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT originator_id FROM zeren.log WHERE topic = 'customer.registered'").fetchall()
    recorded = [row[0] for row in rows]
    assert len(recorded) == len(set(recorded))
    assert set(acknowledged) <= set(recorded)
    assert len(recorded) == len(acknowledged)
