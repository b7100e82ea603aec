"""What `make` does where a part of the system is missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "system-packages"
PARTS = ("java", "maven", "chromium", "kcat", "chinese-fonts")
TOOLS = ("sh", "sed", "tr", "grep", "find", "cut", "cat")


JAVA = "echo 'openjdk version \"{}.0.1\" 2025-01-01' >&2"


class Machine:
    """A machine whose programs are those of one folder; its apt writes down what it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.depot = folder / "depot"
        self.asked = folder / "asked"
        self.programs.mkdir()
        self.depot.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.has("apt-cache", "fc-list")
        add(self.programs / "fc-list", "echo 'Noto Sans CJK SC'")

    def has(self, *names: str, java: int | None = None) -> None:
        for name in names:
            add(self.programs / name, "exit 0")
        if java:
            add(self.programs / "java", JAVA.format(java))

    def user(self, uid: int) -> None:
        for name in ("mvn", "chromium", "kcat"):
            add(self.depot / name, "exit 0")
        add(self.depot / "java", JAVA.format(17))
        add(self.programs / "id", f"echo {uid}")
        install = f"case $* in *install*) {shutil.which('cp')} {self.depot}/* {self.programs} ;; esac"
        add(self.programs / "apt-get", f'echo "$*" >> {self.asked}\n{install}')

    def run(self, *parts: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *parts], env={"PATH": str(self.programs)}, capture_output=True, text=True, check=False
        )


def add(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_apt_is_not_called_where_nothing_is_missing(machine: Machine) -> None:
    machine.user(0)
    machine.has("mvn", "chromium", "kcat", java=21)
    assert machine.run(*PARTS).returncode == 0
    assert not machine.asked.exists()


def test_root_gets_the_missing_parts(machine: Machine) -> None:
    machine.user(0)
    machine.has("chromium", java=11)
    run = machine.run(*PARTS)
    assert run.returncode == 0, run.stderr
    assert machine.asked.read_text("utf-8").splitlines() == [
        "update --quiet=2",
        "install --quiet=2 --yes --no-install-recommends openjdk-17-jre-headless maven kcat",
    ]


def test_anybody_else_gets_the_line_to_run(machine: Machine) -> None:
    machine.user(1000)
    machine.has("mvn", java=17)
    run = machine.run(*PARTS)
    assert run.returncode == 1
    assert "sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium kcat\n" in run.stderr
    assert not machine.asked.exists()


def test_a_newer_debian_gives_its_default_java(machine: Machine) -> None:
    machine.user(1000)
    add(machine.programs / "apt-cache", "exit 100")
    assert "default-jre-headless" in machine.run("java").stderr


def test_the_programs_for_typescript_have_a_package(machine: Machine) -> None:
    machine.user(1000)
    assert "install --yes --no-install-recommends npm\n" in machine.run("npm").stderr
    machine.has("npm")
    assert machine.run("npm").returncode == 0


def test_the_programs_for_pictures_of_disks_have_a_package(machine: Machine) -> None:
    machine.user(1000)
    assert "install --yes --no-install-recommends xfsprogs\n" in machine.run("xfs").stderr
    machine.has("mkfs.xfs")
    assert machine.run("xfs").returncode == 0


def test_without_apt_the_names_are_printed(machine: Machine) -> None:
    run = machine.run("kcat", "chromium")
    assert run.returncode == 1
    assert "kcat chromium" in run.stderr


def test_an_unknown_part_is_refused(machine: Machine) -> None:
    run = machine.run("teapot")
    assert run.returncode == 2
    assert "unknown part: teapot" in run.stderr


def test_a_python_without_venv_is_mended(machine: Machine) -> None:
    machine.user(1000)
    add(machine.programs / "python3", "exit 1")
    run = machine.run("venv")
    assert run.returncode == 1
    assert "install --yes --no-install-recommends python3-venv\n" in run.stderr
