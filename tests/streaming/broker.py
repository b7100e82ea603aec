"""A real Apache Kafka broker: fetched once, one node in KRaft mode, stopped and started at will."""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from uuid import uuid4

POM = Path(__file__).parent / "kafka" / "pom.xml"
UP, DOWN = 120.0, 60.0
"""Seconds that a broker may take to come up, and to go down."""

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={directory}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""


class Broker:
    """A broker of our own on 127.0.0.1; after a stop it starts on the same port with the same data."""

    def __init__(self, libraries: Path, directory: Path) -> None:
        self.bootstrap = f"127.0.0.1:{_free_port()}"
        self._directory = directory
        self._java = ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{libraries}/*"]
        self._properties = directory / "server.properties"
        self._process: subprocess.Popen[bytes] | None = None
        port = self.bootstrap.rpartition(":")[2]
        self._properties.write_text(_PROPERTIES.format(port=port, controller=_free_port(), directory=directory))
        identity = uuid4().hex[:22]
        subprocess.run(
            [*self._java, "kafka.tools.StorageTool", "format", "-t", identity, "-c", str(self._properties)],
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start, and return when it answers."""
        log = (self._directory / "broker.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [*self._java, "kafka.Kafka", str(self._properties)], stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + UP
        while not answers(self.bootstrap):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"no broker came up:\n{(self._directory / 'broker.log').read_text()[-4000:]}")
            time.sleep(0.1)

    def pause(self) -> None:
        """Let it hang: connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("the broker is not running")
        self._process.send_signal(number)

    def stop(self) -> None:
        """Stop, and return when it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(DOWN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(bootstrap: str) -> bool:
    """Whether a foreign client can list the topics."""
    asked = subprocess.run(["kcat", "-b", bootstrap, "-L", "-m", "1"], capture_output=True, check=False)
    return asked.returncode == 0


def fetch(cache: Path) -> Path:
    """The folder with the jars of `kafka/pom.xml`, fetched by Maven unless an earlier run has."""
    # Maven would take a relative path from where its own file is.
    cache = cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    stamp = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    libraries = cache / f"libs-{stamp}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not libraries.exists():
            unfinished = cache / f"libs-{stamp}-{os.getpid()}"
            copy = ["dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"]
            fetched = subprocess.run(
                ["mvn", "-q", "-B", "-f", str(POM), *copy], capture_output=True, text=True, check=False
            )
            if fetched.returncode:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise RuntimeError(f"Maven could not fetch the broker:\n{fetched.stdout}{fetched.stderr}")
            unfinished.rename(libraries)
    return libraries


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
