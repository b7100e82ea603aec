"""Which cell of a row each name of a mapping stands for."""

from services.imports.mapping import Mapping
from services.imports.reasons import UnusableError
from services.imports.tables import SourceFile


def places(mapping: Mapping, file: SourceFile) -> dict[str, int]:
    """Column name → its place in a row, 0 being the first.

    Raises:
        UnusableError: a name is blank, there twice, absent, used otherwise, or not where the mapping expects it.
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
    for ordinal, name in enumerate(found, 1):
        if not name:
            raise UnusableError("header.blank", file=where, ordinal=str(ordinal))
        if found.count(name) > 1:
            ordinals = ", ".join(str(at) for at, other in enumerate(found, 1) if other == name)
            raise UnusableError("header.duplicate", file=where, column=name, ordinals=ordinals)
        if name in ours:
            raise UnusableError("header.taken", file=where, column=name)
    for name in sorted(mapping.columns() - set(found)):
        raise UnusableError("header.absent", file=where, column=name)
    return {name: place for place, name in enumerate(found)}
