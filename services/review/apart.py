"""Sets names apart within a text, so that one that is written from right to left turns nothing around it."""

import re

from markupsafe import Markup

_MARKED = re.compile(r".\0(\d+)\0.", re.DOTALL)


class Apart:
    """What is set apart in one text: marked while the text is put together, and wrapped in `<bdi>` at the end."""

    def __init__(self) -> None:
        self._found: dict[str, int] = {}

    def mark(self, name: str) -> str:
        """What stands for a name until the end: between its own ends, by which texts decide on blanks around it."""
        ends = name.strip()
        return f"{ends[0]}\0{self._found.setdefault(name, len(self._found))}\0{ends[-1]}" if ends else ""

    def shown(self, text: str) -> Markup:
        """The finished text as HTML."""
        names = list(self._found)
        pieces = _MARKED.split(text)
        return Markup("").join(
            Markup("<bdi>{}</bdi>").format(names[int(piece)]) if index % 2 else piece
            for index, piece in enumerate(pieces)
        )
