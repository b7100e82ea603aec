"""Small disks made of files: mounted for a while, always unmounted, and photographed while they are written."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

_SYS_ADMIN = 21


def why_no_tmpfs() -> str | None:
    """What keeps this process from mounting a file system; none where it may."""
    if os.geteuid():
        return "mounting needs root"
    capabilities = next(
        int(line.split()[1], 16)
        for line in Path("/proc/self/status").read_text("ascii").splitlines()
        if line.startswith("CapEff")
    )
    return None if capabilities >> _SYS_ADMIN & 1 else "this root may not mount"


def why_no_images() -> str | None:
    """What keeps this process from taking pictures of disks; none where it may."""
    missing = [name for name in ("mkfs.xfs", "mkfs.ext4", "losetup") if not shutil.which(name)]
    if reason := why_no_tmpfs():
        return reason
    if missing:
        return f"{', '.join(missing)} missing"
    if _run("losetup", "--find", check=False).returncode:
        return "no loop device is to be had"
    known = Path("/proc/filesystems").read_text("ascii").split()
    if not {"xfs", "ext4"} <= set(known):
        return "the kernel knows no XFS or no ext4"
    return None


def _run(program: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)  # noqa: S603 - programs of the system
    if check and done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr}")
    return done


def _unmount(place: Path) -> None:
    """Unmount; whoever still looks at it has a moment to go."""
    for _ in range(50):
        if not _run("umount", place, check=False).returncode:
            return
        time.sleep(0.1)
    _run("umount", "--lazy", place)


@contextmanager
def mounted(kind: str, source: str | Path, place: Path, options: str) -> Iterator[Path]:
    """A file system at a place; a loop device goes with it."""
    place.mkdir(exist_ok=True)
    _run("mount", "-t", kind, "-o", options, source, place)
    try:
        yield place
    finally:
        _unmount(place)


@contextmanager
def tmpfs(place: Path, megabytes: int) -> Iterator[Path]:
    """A small file system in memory."""
    with mounted("tmpfs", "tmpfs", place, f"size={megabytes}m,mode=0755"):
        yield place


class Camera:
    """An ext4 disk in a file that lies on XFS, whose blocks a copy can share: a picture takes an instant.

    The file has what the disk was given to write. What PostgreSQL did not flush is in the cache of the ext4 above it,
    and on no picture, as it would be on no disk after the power was cut.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.disk = folder / "xfs" / "disk"
        self.place = folder / "ext4"
        self._megabytes = megabytes
        self._taken = 0

    @contextmanager
    def ready(self) -> Iterator[Path]:
        """Both file systems, until the end; gives the folder in the inner one."""
        outer = self.folder / "outer"
        with outer.open("wb") as file:
            file.truncate(self._megabytes * 8 << 20)
        _run("mkfs.xfs", "-q", "-m", "reflink=1", outer)
        with ExitStack() as mounts:
            mounts.enter_context(mounted("xfs", outer, self.folder / "xfs", "loop"))
            with self.disk.open("wb") as file:
                file.truncate(self._megabytes << 20)
            _run("mkfs.ext4", "-q", "-F", self.disk)
            yield mounts.enter_context(self.looked_at(self.disk, self.place))

    @staticmethod
    def looked_at(disk: Path, place: Path) -> AbstractContextManager[Path]:
        """A disk or picture, mounted."""
        return mounted("ext4", disk, place, "loop")

    def flush(self) -> None:
        """Put on the disk what was written without that."""
        _run("sync", "--file-system", self.place)

    def picture(self) -> Path:
        """The disk as it is at this instant."""
        self._taken += 1
        picture = self.disk.with_name(f"picture-{self._taken}")
        _run("cp", "--reflink=always", self.disk, picture)
        return picture
