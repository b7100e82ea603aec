"""The steps of CONTRIBUTING, taken literally: a block with a path is a file, and a `diff` block changes one."""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<language>\w+) (?P<path>\S+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One block."""

    path: str
    """The file, seen from the root of the tree."""
    text: str
    is_diff: bool
    """Whether it changes a file that is there; else it is the file."""

    def take(self, root: Path) -> None:
        """Write the file, or change it."""
        file = root / self.path
        if not self.is_diff:
            assert not file.exists(), f"{self.path} is there already"
            file.write_text(self.text, encoding="utf-8")
            return
        content = file.read_text(encoding="utf-8")
        for before, after in _hunks(self.text):
            # A hunk begins at the beginning of a line.
            assert f"\n{content}".count(f"\n{before}") == 1, f"{self.path} does not have this once:\n{before}"
            content = f"\n{content}".replace(f"\n{before}", f"\n{after}")[1:]
        file.write_text(content, encoding="utf-8")


def _hunks(diff: str) -> list[tuple[str, str]]:
    """What stood there and what stands there then, of each part; parts are apart by a line `@@`."""
    return [(_side(part, "-"), _side(part, "+")) for part in re.split(r"^@@\n", diff, flags=re.MULTILINE)]


def _side(part: str, sign: str) -> str:
    return "".join(line[1:] for line in part.splitlines(keepends=True) if line[0] in {" ", sign})


def steps(page: str) -> list[Step]:
    """The steps of a page, in their order."""
    return [Step(found["path"], found["text"], is_diff=found["language"] == "diff") for found in _BLOCK.finditer(page)]
