"""Workbooks as other programs write them, part by part."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = {
    TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(cell: str, said: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{said}</t></is></c>'


def row(number: int, *cells: str) -> str:
    """A row of cells."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def texts(number: int, *said: str) -> str:
    """A row of texts, from the first column on."""
    return row(number, *(text(f"{chr(ord('A') + place)}{number}", one) for place, one in enumerate(said)))


def workbook(
    path: Path,
    *sheets: Sequence[str],
    names: Sequence[tuple[str, str]] = (("Sheet1", "visible"),),
    before: str = "",
    after: str = "",
    styles: str = "",
    properties: str = "",
    charts: Sequence[int] = (),
    space: str = TRANSITIONAL,
) -> Path:
    """Write a workbook: rows of each sheet, names with their state, what stands before and after the rows."""
    relations = _RELATIONS[space]
    listed, related = [], []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, (rows, (name, state)) in enumerate(zip(sheets, names, strict=True)):
            kind = "chartsheet" if index in charts else "worksheet"
            listed.append(f'<sheet name="{name}" sheetId="{index + 1}" state="{state}" r:id="rId{index + 1}"/>')
            related.append(
                f'<Relationship Id="rId{index + 1}" Type="{relations}/{kind}" Target="{kind}s/sheet{index + 1}.xml"/>'
            )
            data = f"<sheetData>{''.join(rows)}</sheetData>" if kind == "worksheet" else ""
            archive.writestr(
                f"xl/{kind}s/sheet{index + 1}.xml", f'<{kind} xmlns="{space}">{before}{data}{after}</{kind}>'
            )
        if styles:
            related.append(f'<Relationship Id="rId90" Type="{relations}/styles" Target="styles.xml"/>')
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{space}">{styles}</styleSheet>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{"".join(related)}</Relationships>'
        )
        sheets_listed = f"{properties}<sheets>{''.join(listed)}</sheets>"
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{space}" xmlns:r="{relations}">{sheets_listed}</workbook>'
        )
    return path
