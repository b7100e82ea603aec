"""An application on a real socket, in a thread of this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from services.application import Zeren
from services.http.app import create_app
from services.http.connections import BoundedProtocol
from services.settings import Settings


@contextmanager
def listening(zeren: Zeren, protocol: type[BoundedProtocol] = BoundedProtocol) -> Iterator[int]:
    """The port on which the application is served, as `zeren serve` does."""
    app = create_app(zeren, Settings(dev_auth=True))
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=protocol, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
