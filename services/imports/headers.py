"""Which cell of a row each name of a mapping stands for."""

from services.imports.mapping import Mapping
from services.imports.reasons import UnusableError
from services.imports.tables import SourceFile


def places(mapping: Mapping, file: SourceFile) -> dict[str, int]:
    """Column name → its place in a row, 0 being the first.

    Raises:
        UnusableError: a column with values has no name; a name is there twice, absent, used otherwise, or not where
            the mapping expects it.
    """
    found = [name.strip() for name in file.header]
    where = file.path.name
    for alias, column in mapping.source.columns.items():
        there = found[column.ordinal - 1] if column.ordinal <= len(found) else ""
        original = file.header[column.ordinal - 1].strip() if there else ""
        if original != column.header:
            raise UnusableError(
                "header.otherwise", file=where, ordinal=str(column.ordinal), found=original, expected=column.header
            )
        found[column.ordinal - 1] = alias
    ours = mapping.derived()
    _require_empty([place for place, name in enumerate(found) if not name], file)
    for name in filter(None, found):
        if found.count(name) > 1:
            ordinals = ", ".join(str(at) for at, other in enumerate(found, 1) if other == name)
            raise UnusableError("header.duplicate", file=where, column=name, ordinals=ordinals)
        if name in ours:
            raise UnusableError("header.taken", file=where, column=name)
    for name in sorted(mapping.columns() - set(found)):
        raise UnusableError("header.absent", file=where, column=name)
    return {name: place for place, name in enumerate(found) if name}


def _require_empty(nameless: list[int], file: SourceFile) -> None:
    """Refuse a column without a name, unless nothing stands in it."""
    for row in file.rows() if nameless else ():
        if row.damaged is None:
            for place in nameless:
                if place < len(row.cells) and row.cells[place].strip():
                    raise UnusableError("header.blank", file=file.path.name, ordinal=str(place + 1))
