"""A PgBouncer before a server, as operators put it there."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from services.store.embedded.account import Account
from tests.waiting import PATIENCE, eventually

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin") or "pgbouncer"
_PORT = 6432


@contextmanager
def pooling(url: str, folder: Path, **settings: str) -> Iterator[str]:
    """The URL of the same database through a pooler with its files in `folder`, which is empty."""
    server = conninfo_to_dict(url)
    owner = Path(str(server["host"])).stat()
    account = Account(owner.st_uid, owner.st_gid)
    folder.chmod(0o755)
    own = folder / "pooler"
    own.mkdir()
    written = {
        "listen_port": _PORT,
        "unix_socket_dir": own,
        "auth_type": "trust",
        "auth_file": folder / "users",
        "pool_mode": "transaction",
        "default_pool_size": 20,
        **settings,
    }
    (folder / "users").write_text('"postgres" ""\n', encoding="ascii")
    lines = ["[databases]", f"* = host={server['host']} port={server['port']}", "[pgbouncer]"]
    lines += [f"{name} = {value}" for name, value in written.items()]
    (folder / "settings").write_text("\n".join(lines), encoding="ascii")
    for path in (folder / "users", folder / "settings"):
        path.chmod(0o644)
    if account.as_it:
        own.chmod(0o777)
    with subprocess.Popen([PGBOUNCER, "-q", folder / "settings"], cwd="/", **account.as_it) as pooler:
        try:
            through = f"postgresql://postgres@/{server['dbname']}?host={quote(str(own))}&port={_PORT}"
            eventually(lambda: _answers(through))
            yield through
        finally:
            pooler.terminate()
            pooler.wait(PATIENCE)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
