"""A model with its leads as a workbook of native formulas: `Model.to_workbook`.

What the sheets are and why they compute exactly: `targets.formulas`. Here tables are read, their
rows put in the order that the formulas want, and the file is written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadscore.diagnostics import Diagnostic, Span
from leadscore.errors import DataError
from leadscore.files import score_error
from leadscore.report import Report
from leadscore.targets.formulas.book import (
    EVENTS,
    LEADS,
    LISTS,
    OWN_COLUMNS,
    Book,
    Options,
    Sizes,
)
from leadscore.targets.formulas.emit import emit
from leadscore.targets.formulas.grid import CannotSay
from leadscore.targets.formulas.readings import (
    EARLIEST,
    NOT_AVAILABLE,
    Cell,
    Field,
    Held,
    holdable,
)
from leadscore.targets.formulas.zones import END, offset_at
from leadscore.values.dates import date_of, pattern_reader, seconds_of
from leadscore.values.text import fold, normal

if TYPE_CHECKING:
    from leadscore.data.stream import LeadRow
    from leadscore.data.tables import Tables
    from leadscore.model import Model

ROWS = 1_048_575
"""Rows of a sheet under its header."""
COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A sheet of data: its header, its rows, and the readings that formulas would get wrong."""

    name: str
    header: tuple[str, ...]
    rows: list[list[Cell]]
    held: dict[tuple[int, str], Held]
    """By the row, from 0, and the column of the reading in the grid."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into the file."""

    book: Book
    leads: DataSheet
    events: DataSheet | None
    lists: DataSheet | None
    as_of: int
    zone: tzinfo

    @property
    def lost(self) -> int:
        """How many values are #N/A, whatever is done."""
        sheets = (self.leads, self.events, self.lists)
        return sum(
            held.formula == NOT_AVAILABLE
            for sheet in sheets
            if sheet is not None
            for held in sheet.held.values()
        )


def write_workbook(
    model: Model,
    path: str | os.PathLike[str],
    leads: object,
    events: object = None,
    lists: object = None,
    *,
    as_of: str | date | datetime | None = None,
    id: str | None = None,
    time_zone: str | tzinfo = "UTC",
    allow_missing: bool = False,
    event_columns: Mapping[str, str] | None = None,
    time_pattern: str | None = None,
    contacts: object = None,
) -> Report:
    """See `Model.to_workbook`."""
    from leadscore.data import open_tables
    from leadscore.model import as_of_seconds_of, zone_of

    zone = zone_of(time_zone)
    moment = as_of_seconds_of(as_of, zone)
    with open_tables(
        model.needs,
        leads,
        events,
        lists,
        id=id,
        event_columns=event_columns,
        time_zone=zone,
        contacts=contacts,
        as_of=moment,
        allow_missing=allow_missing,
        model=Path(model.source.name).name,
    ) as tables:
        return write_opened(model, path, tables, moment, zone, time_pattern)


def write_opened(
    model: Model,
    path: str | os.PathLike[str],
    tables: Tables,
    as_of: int,
    zone: tzinfo,
    time_pattern: str | None,
) -> Report:
    """Write the workbook of tables that are open; the report is about them.

    Raises as `Model.to_workbook` does.
    """
    from leadscore.data.problems import refuse_input
    from leadscore.data.sinks import Beside
    from leadscore.model import check_time_pattern
    from leadscore.workbook_file import save

    check_time_pattern(time_pattern)
    out = Path(path)
    if out.suffix.lower() != ".xlsx":
        raise DataError(f"{out}: a workbook of formulas is an .xlsx file; name it so.")
    refuse_input(out, [*tables.inputs, Path(model.source.name)], "the workbook")
    _check_as_of(as_of, zone)
    contents = _contents(model, tables, Options(zone, time_pattern), as_of)
    lost = contents.lost
    if lost:
        tables.report.notes.append(
            f"{lost:,} values are more than every spreadsheet reads alike (numbers past 1e290, or "
            "signs such as emoji whose letters are counted): leads for which they matter are #N/A."
        )
    beside = Beside(out)
    try:
        save(beside.part, model, contents)
        beside.finish()
    except BaseException:
        beside.discard()
        raise
    return tables.report


def _check_as_of(as_of: int, zone: tzinfo) -> None:
    """Raise DataError where a cell cannot hold the as-of."""
    if not EARLIEST <= as_of < END:
        raise DataError("a workbook computes from March 1900 to 2099; give another as-of")
    local = datetime(1970, 1, 1) + timedelta(seconds=as_of + offset_at(zone, as_of))
    if seconds_of(local, zone) != as_of:
        raise DataError(
            f"the as-of is in the hour that the clocks of {zone} show twice ({local}), and a cell "
            "cannot tell the two apart; give an as-of of another hour, or the time zone UTC"
        )


def _contents(model: Model, tables: Tables, options: Options, as_of: int) -> Contents:
    rows = [row for batch in tables.batches() for row in batch]
    if not rows:
        raise DataError("the table of leads has no rows, and a workbook needs some to compute")
    sizes = Sizes(len(rows), sum(len(r.events) for r in rows), sum(len(r.lists) for r in rows))
    for what, size in (("leads", sizes.leads), ("events", sizes.events), ("lists", sizes.lists)):
        if size > ROWS:
            raise DataError(f"a sheet holds {ROWS:,} rows, and there are {size:,} {what}")
    try:
        book = emit(model.plan, sizes, options)
    except CannotSay as found:
        raise _cannot_say(model, found) from None
    for grid in (book.leads, book.events, book.lists):
        if grid is not None and len(grid.columns) > COLUMNS:
            raise DataError(
                f"a sheet has {COLUMNS:,} columns, and the model needs {len(grid.columns):,}"
            )
    leads = _leads(book, rows)
    for name, counts in (
        (EVENTS, [len(row.events) for row in rows]),
        (LISTS, [len(row.lists) for row in rows]),
    ):
        column = book.last_places.get(name)
        if column is not None:
            last = 0
            for place, count in enumerate(counts):
                last += count
                leads.held[place, column] = Held("", None, last if count else 0)
    return Contents(
        book,
        leads,
        _events(book, rows, options),
        _lists(book, rows),
        as_of,
        options.zone,
    )


class _Sheet:
    """Puts the rows of a sheet together."""

    def __init__(self, name: str, fields: Sequence[Field], outputs: Sequence[str] = ()) -> None:
        self._fields = fields
        taken = {*OWN_COLUMNS[name], *outputs}
        header = list(OWN_COLUMNS[name])
        for field in fields[len(fields) - _own_fields(name, fields) :]:
            header.append(_free(field.name, taken))
        self.sheet = DataSheet(name, tuple(header), [], {})

    def add(self, number: int, id: str | None, values: Sequence[Any]) -> None:
        """Add a row; `values` are parallel to the fields."""
        sheet = self.sheet
        place = len(sheet.rows)
        cells = [Cell("number", number), _text(id)]
        for field, value in zip(self._fields, values, strict=True):
            cell, wrong = field.cell(value)
            cells.append(cell)
            for held in wrong:
                sheet.held[place, field.columns[held.letter]] = held
        sheet.rows.append(cells)


def _own_fields(name: str, fields: Sequence[Field]) -> int:
    """How many of the fields are the model's, and not the type and the time of events."""
    return len(fields) - (len(OWN_COLUMNS[name]) - 2)


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it: the columns of an Excel table have different names."""
    found = name = holdable(name).replace("\n", " ").replace("\t", " ").strip()[:200] or "column"
    number = 2
    while fold(found) in taken:
        found = f"{name} {number}"
        number += 1
    taken.add(fold(found))
    return found


def _text(text: str | None) -> Cell:
    return Cell("blank", None) if not text else Cell("text", text)


def _leads(book: Book, rows: Sequence[LeadRow]) -> DataSheet:
    sheet = _Sheet(LEADS, book.properties, [name for name, _ in book.outputs])
    for number, row in enumerate(rows, 1):
        sheet.add(number, row.id, row.values)
    return sheet.sheet


def _events(book: Book, rows: Sequence[LeadRow], options: Options) -> DataSheet | None:
    if book.events is None:
        return None
    sheet = _Sheet(EVENTS, (book.event_type, book.event_time, *book.attributes))
    pattern = pattern_reader(options.time_pattern) if options.time_pattern else None

    def instant(event: tuple[Any, ...]) -> tuple[bool, int]:
        found = date_of(normal(event[1]), options.zone, pattern)
        return (found is not None, found or 0)  # those without a time stand first

    for number, row in enumerate(rows, 1):
        for event in sorted(row.events, key=instant):
            sheet.add(number, row.id, event)
    return sheet.sheet


def _lists(book: Book, rows: Sequence[LeadRow]) -> DataSheet | None:
    if book.lists is None:
        return None
    sheet = _Sheet(LISTS, (book.list_name,))
    for number, row in enumerate(rows, 1):
        for name in row.lists:
            sheet.add(number, row.id, (name,))
    return sheet.sheet


def _cannot_say(model: Model, found: CannotSay) -> Exception:
    """The error that points at the line."""
    span = Span(0, 0)
    if found.definition is not None:
        span = model.analysis.symbols.definitions[found.definition][0].span
    for statement in model.analysis.document.statements:
        if statement.line == found.line:
            span = statement.span
    diagnostic = Diagnostic(
        "T402",
        span,
        f"A workbook cannot say this exactly: {found}.",
        hint="Score with `leadscore score`, or write the rule so that this is not needed.",
    )
    return score_error((diagnostic,), model.source)
