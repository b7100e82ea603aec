"""Every generator that is used widely makes a client which does a whole walk, and sees the same."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from events.vocabulary.identifiers import COMPANY_POLICY
from services.application import Zeren
from tests.clients.tools import HERE, fetched, run
from tests.http.serving import listening

PYTHON, TYPESCRIPT, JAVA = HERE / "python", HERE / "typescript", HERE / "java"
EVENTS = 7
"""What a walk records: a person, two customers, a tier, a responsibility and two promises."""


@pytest.fixture
def address(zeren: Zeren) -> Iterator[str]:
    """The application as it is served."""
    with listening(zeren) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def workshop(address: str, tmp_path: Path) -> Path:
    """A folder with the document as served."""
    (tmp_path / "openapi.json").write_bytes(httpx2.get(f"{address}/openapi.json", timeout=60).content)
    return tmp_path


@pytest.fixture
def log(zeren: Zeren) -> Iterator[None]:
    """A log to which exactly one walk adds."""
    size = zeren.ledger.size()
    yield
    assert zeren.ledger.size() == size + EVENTS


def seen(said: str, zeren: Zeren) -> None:
    """Hold what a walk says that it saw against what there was to see."""
    walked: dict[str, Any] = json.loads(said)
    assert walked == {
        "rules": f"policy:{COMPANY_POLICY}",
        "same": True,
        "version": 2,
        "unchanged": 304,
        "assigned": 201,
        "late": [412, "version.mismatch", 3],
        "held": True,
        "promises": 2,
        "last": True,
        "bulk": [201, 422],
        "wrong": "value_error",
        "events": zeren.ledger.size(),
    }


@pytest.mark.usefixtures("log")
def test_python_by_openapi_python_client(address: str, workshop: Path, zeren: Zeren) -> None:
    needed = PYTHON / "requirements.txt"

    def fetch(folder: Path) -> None:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        run(*pip, "--require-hashes", "--target", folder, "--requirement", needed, cwd=folder)

    path = {"PYTHONPATH": f"{fetched('python', [needed], fetch)}{os.pathsep}{workshop}"}
    generate = (sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none")
    config = ("--config", PYTHON / "generator.json", "--output-path", "zeren_client")
    # It warns of NDJSON, which it does not know, and sends JSON.
    run(*generate, *config, cwd=workshop, env=path)
    seen(run(sys.executable, PYTHON / "walk.py", address, cwd=workshop, env=path), zeren)


@pytest.fixture
def node(workshop: Path) -> Path:
    """The node that the lock file names, with the programs of both TypeScript clients beside the document."""
    named_in = [TYPESCRIPT / name for name in ("package.json", "package-lock.json")]

    def fetch(folder: Path) -> None:
        for one in named_in:
            shutil.copy(one, folder)
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=folder)

    modules = fetched("typescript", named_in, fetch) / "node_modules"
    (workshop / "node_modules").symlink_to(modules)
    for name in ("package.json", "tsconfig.json", "openapi-ts.config.mjs"):
        shutil.copy(TYPESCRIPT / name, workshop)
    kind = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x64"
    return modules / f"node-linux-{kind}" / "bin" / "node"


def compiled(node: Path, workshop: Path, walk: str) -> Path:
    """The walk in JavaScript, once its types have been checked."""
    shutil.copy(TYPESCRIPT / f"{walk}.ts", workshop)
    run(node, "node_modules/typescript/bin/tsc", cwd=workshop)
    return workshop / "out" / f"{walk}.js"


@pytest.mark.usefixtures("log")
def test_typescript_by_openapi_typescript_and_openapi_fetch(
    address: str, workshop: Path, node: Path, zeren: Zeren
) -> None:
    # A field with a default may be left out.
    generator = ("node_modules/openapi-typescript/bin/cli.js", "openapi.json", "--default-non-nullable", "false")
    run(node, *generator, "--output", "schema.d.ts", cwd=workshop)
    seen(run(node, compiled(node, workshop, "openapi-fetch"), address, cwd=workshop), zeren)


@pytest.mark.usefixtures("log")
def test_typescript_by_hey_api(address: str, workshop: Path, node: Path, zeren: Zeren) -> None:
    run(node, "node_modules/@hey-api/openapi-ts/bin/run.js", cwd=workshop)
    seen(run(node, compiled(node, workshop, "hey-api"), address, cwd=workshop), zeren)


@pytest.mark.usefixtures("log")
def test_java_by_openapi_generator(address: str, workshop: Path, zeren: Zeren) -> None:
    pom = JAVA / "pom.xml"

    def fetch(folder: Path) -> None:
        run("mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}", cwd=folder)

    jars = fetched("java", [pom], fetch)
    tools = ("openapi-generator-cli", "ecj")
    (generator,), (compiler,) = (list(jars.glob(f"{tool}-*.jar")) for tool in tools)
    needed = os.pathsep.join(str(jar) for jar in jars.glob("*.jar") if not jar.name.startswith(tools))
    without = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
    packages = "invokerPackage=zeren,apiPackage=zeren.api,modelPackage=zeren.model,useJakartaEe=true"
    generate = ("generate", "-i", "openapi.json", "-g", "java", "--library", "native", "-o", "client")
    options = ("--global-property", without, "--additional-properties", packages)
    run("java", "-jar", generator, *generate, *options, cwd=workshop)
    sources = ("client/src/main/java", JAVA / "Walk.java")
    compile_ = ("-17", "-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp", needed, "-d", "classes")
    run("java", "-jar", compiler, *compile_, *sources, cwd=workshop)
    path = os.pathsep.join(("classes", needed))
    seen(run("java", "-Dfile.encoding=UTF-8", "-cp", path, "Walk", address, cwd=workshop), zeren)
