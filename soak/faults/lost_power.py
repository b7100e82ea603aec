"""The power is cut under load: what was acknowledged before is there when PostgreSQL starts on what the disk has."""

import os
import random
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from soak.cluster import Cluster, cluster, folder_for_servers, give
from soak.disks import Camera
from soak.history import Attempt, History, known_at
from soak.log import stored
from soak.verdict import Verdict, judge
from soak.writers import Load, writing

_KEEPS_ITS_LOG = {"wal_keep_size": "8GB", "max_wal_size": "8GB", "checkpoint_timeout": "1h"}
_CARELESS = {"wal_writer_delay": "5s"}
_MEGABYTES = 1024
_SEGMENT = 16 << 20


def images(folder: Path, rounds: int, *, careless: bool = False, saves: int = 60) -> list[Verdict]:
    """Photograph the disk below PostgreSQL's data at random instants, and start PostgreSQL on each picture."""
    return _verdicts("images of the disk", _on_images(folder, rounds, saves, careless=careless), careless=careless)


def flushed_log(folder: Path, rounds: int, *, careless: bool = False, saves: int = 60) -> list[Verdict]:
    """Start PostgreSQL on old data files with the log as far as it says that it was flushed at random instants.

    No page of data was on the disk, and of the log only what was flushed: this needs no rights of root, and believes
    PostgreSQL about its flushes.
    """
    return _verdicts("the flushed log alone", _on_flushed(folder, rounds, saves, careless=careless), careless=careless)


def _verdicts(how: str, histories: Sequence[History], *, careless: bool) -> list[Verdict]:
    if careless:
        found = judge(f"power cut: {how}; control with synchronous_commit=off", len(histories), histories)
        return [replace(found, is_control=True)]
    return [judge(f"power cut: {how}", len(histories), histories, "each picture counts anew")]


def _options(*, careless: bool) -> tuple[str, ...]:
    return ("--careless",) if careless else ()


def _settings(*, careless: bool) -> Mapping[str, str]:
    return _CARELESS if careless else {}


@contextmanager
def _beside(data_in: Path) -> Iterator[Cluster]:
    """A server on data that lies in a folder, ended by force: its files are thrown away."""
    with folder_for_servers() as sockets:
        give(sockets)
        server = Cluster(data_in, sockets, _KEEPS_ITS_LOG)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _history(attempts: list[Attempt], began: int, ended: int, server: Cluster) -> History:
    """What must be true of a picture."""
    is_there = server.execute("SELECT to_regclass('zeren.log') IS NOT NULL") == "True"
    log, claims, is_proved = stored(server.url) if is_there else ([], [], True)
    return History(known_at(attempts, began, ended), [], log, claims, is_proved)


def _at_random_instants(load: Load, count: int, saves: int) -> Iterator[None]:
    for _ in range(count):
        load.go_on(saves)
        time.sleep(random.uniform(0, 0.2))  # noqa: S311 - no secret
        yield


def _on_images(folder: Path, count: int, saves: int, *, careless: bool) -> list[History]:
    with folder_for_servers() as own:
        camera = Camera(own, _MEGABYTES)
        with camera.ready() as disk:
            taken: list[tuple[int, int, Path]] = []
            with cluster(_settings(careless=careless), disk) as server:
                camera.flush()
                with writing(server.url, folder, *_options(careless=careless)) as load:
                    for _ in _at_random_instants(load, count, saves):
                        began = time.monotonic_ns()
                        picture = camera.picture()
                        taken.append((began, time.monotonic_ns(), picture))
                    load.stop()
                    attempts, _ = load.told()
            histories = []
            for began, ended, picture in taken:
                with camera.looked_at(picture, own / "picture") as place, _beside(place) as again:
                    histories.append(_history(attempts, began, ended, again))
                picture.unlink()
            return histories


def _on_flushed(folder: Path, count: int, saves: int, *, careless: bool) -> list[History]:
    with folder_for_servers() as own, cluster({**_KEEPS_ITS_LOG, **_settings(careless=careless)}) as server:
        base = own / "base"
        base.mkdir()
        server.execute("CHECKPOINT")
        server.kill()
        _copy(server.data, base)
        server.start()
        taken: list[tuple[int, int, int]] = []
        with writing(server.url, folder, *_options(careless=careless)) as load:
            for _ in _at_random_instants(load, count, saves):
                began = time.monotonic_ns()
                flushed = int(server.execute("SELECT pg_current_wal_flush_lsn() - '0/0'"))
                taken.append((began, time.monotonic_ns(), flushed))
            load.stop()
            attempts, _ = load.told()
        server.kill()
        histories = []
        for began, ended, flushed in taken:
            place = own / secrets.token_hex(4)
            place.mkdir()
            _copy(base / "data", place)
            _copy(server.data / "pg_wal", place / "data")
            _cut(place / "data" / "pg_wal", flushed)
            with _beside(place) as again:
                histories.append(_history(attempts, began, ended, again))
        return histories


def _copy(source: Path, place: Path) -> None:
    """Copy a folder of a server that is not running, owners and all."""
    subprocess.run(["cp", "--archive", source, place], check=True)  # noqa: S603, S607 - a program of the system


def _cut(log: Path, flushed: int) -> None:
    """Let the log end at a byte."""
    for segment in log.glob("[0-9A-F]" * 24):
        start = (int(segment.name[8:16], 16) << 32) + int(segment.name[16:], 16) * _SEGMENT
        if start >= flushed:
            segment.unlink()
        elif start + _SEGMENT > flushed:
            os.truncate(segment, flushed - start)
            os.truncate(segment, _SEGMENT)
