"""What tests of tables share: needs in a line, all leads of tables, hand-made workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from leadscore.data import LeadRow, Tables, open_tables
from leadscore.needs import AttributeNeed, Needs, PropertyNeed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def needs(
    *properties: str | tuple[str, ...],
    attributes: Sequence[str] = (),
    events: bool = False,
    lists: bool = False,
) -> Needs:
    """Needs; a tuple is a property's name and the columns it may come from."""
    found = []
    for line, given in enumerate(properties, 1):
        name, *sources = (given,) if isinstance(given, str) else given
        found.append(PropertyNeed(name, tuple(sources) or (name,), line))
    wanted = tuple(AttributeNeed(name, 40 + at) for at, name in enumerate(attributes))
    return Needs(tuple(found), wanted, events or bool(attributes), lists)


def read(wanted: Needs, *args: Any, size: int = 8192, **options: Any) -> list[LeadRow]:
    """All leads of the tables."""
    with open_tables(wanted, *args, **options) as tables:
        return rows_of(tables, size)


def read_and_report(wanted: Needs, *args: Any, **options: Any) -> tuple[list[LeadRow], str]:
    """All leads of the tables, and what the report says."""
    with open_tables(wanted, *args, **options) as tables:
        return rows_of(tables), str(tables.report)


def rows_of(tables: Tables, size: int = 8192) -> list[LeadRow]:
    """All leads, whatever the batches."""
    return [row for batch in tables.batches(size) for row in batch]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write text exactly, without translating its line breaks."""
    path.write_bytes(text.encode(encoding))
    return path


def raw_workbook(
    path: Path, sheet_data: str, strings: str = "", more: dict[str, bytes] | None = None
) -> Path:
    """A workbook from its XML, for what no library would write."""
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")], 1
        )
    )
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_KIND}.{kind}+xml"/>'
        for part, kind in [
            ("workbook.xml", "sheet.main"),
            ("worksheets/sheet1.xml", "worksheet"),
            ("sharedStrings.xml", "sharedStrings"),
        ]
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}'
        "</sheetData></worksheet>",
    }
    parts.update(more or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def inline(ref: str, text: str) -> str:
    """The XML of a cell with a text."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'
