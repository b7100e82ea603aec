"""`zeren serve`: the API, the review pages, the views and the relay in one process."""

import gc
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from services.application import Zeren
from services.cli.options import Data, Host, Port, open_ledger
from services.cli.options import settings as environment_settings
from services.http.app import create_app
from services.http.upgrades import UpgradesIgnored
from services.review.home import Question
from services.review.router import review_router
from services.settings import DEFAULT_DATA, Settings
from services.streaming.progress import Progress
from services.streaming.relay import Relay

_ALLOCATIONS = 20_000
"""Objects that come to be before the collector looks for cycles; its own default is 700."""
_YOUNG, _OLD = 20, 500
"""Every so many looks it also walks what survived one, and every so many of these everything, which holds all up.

States that are remembered have no cycles, and there are a great many of them: their own defaults are 10 and 10.
"""
_LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data: Data = DEFAULT_DATA,
    projector: Annotated[bool, typer.Option(help="Keep the views up to date, and watch due times.")] = True,
    relay: Annotated[bool, typer.Option(help="Relay events to Kafka, where it is set up.")] = True,
) -> None:
    """Serve the API and the review pages until SIGTERM."""
    settings = environment_settings()
    refuse_open_development(settings, host)
    with open_ledger(data, projecting=projector, watching=projector, answering=True) as zeren:
        run(zeren, settings, host, port, relaying=relay)


def refuse_open_development(settings: Settings, host: str) -> None:
    """End the process where development access would be open to other machines."""
    if settings.dev_auth and not _is_loopback(host):
        typer.echo("ZEREN_AUTH=dev lets anybody act as anybody: it is refused on any address but loopback.", err=True)
        raise typer.Exit(2)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run(
    zeren: Zeren,
    settings: Settings,
    host: str,
    port: int,
    *,
    relaying: bool = True,
    questions: Sequence[Question] = (),
    ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve an open ledger until SIGTERM or SIGINT; prints one line with the URL when it is ready."""
    relay = None
    if relaying and settings.kafka_bootstrap_servers:
        relay = Relay(zeren.ledger, settings.kafka_bootstrap_servers, settings.kafka_topic)
        zeren.wakes.append(relay.wake)
        relay.start()
    try:
        progress = Progress(zeren.database, settings.kafka_topic) if settings.kafka_bootstrap_servers else None
        app = create_app(zeren, settings, relay=relay or progress, pages=[review_router(zeren, settings, questions)])
        if settings.dev_auth:
            # A page of another site must not reach this server through a name of its own that leads to loopback.
            app.add_middleware(TrustedHostMiddleware, allowed_hosts=_LOOPBACK_NAMES)
        _serve_until_stopped(app, zeren, host, port, ready)
    finally:
        if relay:
            relay.stop()


def _serve_until_stopped(app: FastAPI, zeren: Zeren, host: str, port: int, ready: Callable[[str], None]) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            typer.echo(f"cannot listen on {host}:{port}: {error.strerror}", err=True)
            raise typer.Exit(2) from error
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listening.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(
                app, http=UpgradesIgnored, log_level="warning", access_log=False, timeout_graceful_shutdown=5
            )
        )
        ended = threading.Event()
        announcer = threading.Thread(target=_announce, args=(server, zeren, url, ready, ended), daemon=True)
        announcer.start()
        for name in (signal.SIGTERM, signal.SIGINT):
            # uvicorn raises the signal again after its shutdown; the process is then already ending.
            signal.signal(name, lambda _number, _frame: None)
        settle_memory()
        server.run(sockets=[listening])
        ended.set()
        announcer.join(timeout=5)
        if not server.started:
            raise typer.Exit(1)


def settle_memory() -> None:
    """Keep the collector from walking what is there for good, again and again, while requests are answered."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, _YOUNG, _OLD)


def _announce(
    server: uvicorn.Server, zeren: Zeren, url: str, ready: Callable[[str], None], ended: threading.Event
) -> None:
    while not ended.wait(0.05):
        if server.started and zeren.views.position() >= zeren.ledger.size():
            typer.echo(f"Zeren is ready: {url}")
            sys.stdout.flush()
            ready(url)
            return
