"""The leads of a call: header, rows, and which column holds which property."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leadscore import columns as names
from leadscore.data.resolve import id_column, property_columns
from leadscore.data.source import Column as Place
from leadscore.plan import terms as t
from leadscore.values.dates import Reader
from leadscore.values.text import WHITE_SPACE, normal, text_of
from leadscore_excel.grid import (
    NO_ERRORS,
    Column,
    Row,
    Value,
    as_rows,
    clean_column,
    is_blank,
    texts,
)
from leadscore_excel.host import Host
from leadscore_excel.models import Compiled
from leadscore_excel.serials import DateSystem, date_of_serial
from leadscore_excel.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a range, as the rules for tables want to see them."""

    label: str
    columns: tuple[Place, ...]

    @property
    def names(self) -> list[str]:
        """The names, in order; '' where there is none."""
        return [column.name for column in self.columns]


def header(label: str, row: Row) -> Header:
    """The header of a range; in `expression` of a column stands its place."""
    return Header(
        label, tuple(Place(name, str(place), "") for place, name in enumerate(texts(row)))
    )


def place(column: Place) -> int:
    """The place of a column, from 0."""
    return int(column.expression)


@dataclass(slots=True)
class Leads:
    """The rows of a call, and the columns that the model reads."""

    header: Header
    rows: list[Row]
    properties: tuple[int | None, ...]
    """Parallel to the properties of the plan; None: no such column."""
    host: Host
    cells: list[tuple[Any, ...]] = field(init=False)
    """All columns, from left to right, as they came."""

    def __post_init__(self) -> None:
        if self.rows:
            self.cells = list(zip(*self.rows, strict=True))
        else:
            self.cells = [() for _ in self.header.columns]

    def column(self, at: int) -> Column:
        """The cleaned column at a place."""
        return clean_column(self.cells[at], error_numbers=self.host.error_numbers)

    def blank(self) -> list[bool]:
        """For each row, whether nothing stands in it."""
        return list(map(is_blank, self.rows))


def given_leads(headers: Any, rows: Any, host: Host) -> tuple[Header, list[Row]]:
    """The header and the rows that two arguments give. Raises Trouble.

    Without rows, the first row of `headers` is the header.
    """
    above = as_rows(headers)
    if not above:
        raise Trouble(
            "there are no headers. Give the row with the names of the columns, such as A1:H1."
        )
    found = header("the headers", above[0])
    if not any(found.names):
        raise Trouble("the row of headers is empty. Give the row with the names of the columns.")
    below = as_rows(rows, len(found.columns))
    if not below:
        if len(above) > 1:
            return found, above[1:]
        if len(found.columns) == 1:
            return found, [(None,)]  # one empty cell looks like an argument that was left out
        raise Trouble(
            "there are no rows. Give the range of the rows as the third argument, or one range "
            "that holds the header row and the rows."
        )
    if len(above) > 1:
        raise Trouble(
            f"the headers have {len(above):,} rows. Give one row of headers, or leave the rows out."
        )
    if len(below[0]) != len(found.columns):
        raise Trouble(
            f"the rows have {names.count(len(below[0]), 'column')} and the headers "
            f"{len(found.columns):,}. Give both the same columns."
        )
    return found, below


def properties_of(compiled: Compiled, found: Header) -> tuple[int | None, ...]:
    """The place of each property's column, as the rules for tables find it; None: not there."""
    return tuple(
        None if column is None else place(column)
        for column in property_columns(found, compiled.model.needs)
    )


def lacking(compiled: Compiled, found: Header, properties: Sequence[int | None]) -> list[str]:
    """What the model reads and the headers lack, a phrase each."""
    needs = compiled.model.needs.properties
    missing = [need for need, at in zip(needs, properties, strict=True) if at is None]
    if not missing:
        return []
    near = names.Near(found.names)
    return [missing_phrase(need.name, need.sources, need.line, near) for need in missing]


def missing_phrase(name: str, wanted: Sequence[str], line: int, near: names.Near) -> str:
    """``employees (line 5 of the model; did you mean 'Employes'?)``."""
    looked = " or ".join(dict.fromkeys(wanted)) or name
    shown = name if looked == name else f"{name}, column {looked}"
    likely = dict.fromkeys(one for each in (wanted or (name,)) for one in near.to(each))
    hint = f"; did you mean {', '.join(map(repr, likely))}?" if likely else ""
    return f"{shown} (line {line} of the model{hint})"


def leads_id(found: Header) -> int:
    """The place of the column with the leads' ids."""
    return place(id_column(found, None))


def values_of(compiled: Compiled, leads: Leads) -> tuple[list[tuple[Value, ...]], list[Column]]:
    """The values of the plan's properties of each row, and the columns that they are of."""
    read: list[Column] = []
    many = len(leads.rows)
    for spec, at in zip(compiled.model.plan.properties, leads.properties, strict=True):
        if at is None:
            read.append(Column((None,) * many, NO_ERRORS))
        else:
            read.append(dated(leads.column(at), t.Property(spec.key), compiled, leads.host))
    if not read:
        return [()] * many, read
    return list(zip(*(column.values for column in read), strict=True)), read


def dated(column: Column, of: t.Field, compiled: Compiled, host: Host) -> Column:
    """A column with its numbers as dates, where the model reads dates there."""
    if of not in compiled.dates:
        return column
    return Column(as_dates(column.values, compiled.dates[of], host.date_system), column.errors)


def as_dates(values: Sequence[Value], pattern: Reader | None, system: Any) -> Sequence[Value]:
    """Values with days for numbers; `system` gives the date system, and is asked at most once.

    What is no day of a calendar stays the number that it is, which is then no date. Days are ISO
    8601 texts where no `pattern` of texts goes before that: all readings of such a text are those
    of the date, and evaluators remember texts.
    """
    kinds = set(map(type, values))
    if kinds <= _NO_DAYS:
        return values
    counted: DateSystem = system() if not {int, float}.isdisjoint(kinds) else "1900"
    met: dict[Any, Value] = {}

    def day(value: Value) -> Value:
        found = value
        if type(value) is float or type(value) is int:
            if pattern is not None and pattern(text_of(value) or "") is not None:
                return value  # such as 20260131, declared as YYYYMMDD
            number = date_of_serial(value, counted)
            found = value if number is None else number
        if pattern is None and isinstance(found, date):
            return text_of(found) if getattr(found, "tzinfo", None) is None else found
        return found

    out: list[Value] = []
    for value in values:
        if value.__class__ in _NO_DAYS:
            out.append(value)
            continue
        found = met.get(value, met)
        if found is met:
            found = met[value] = day(value)
        out.append(found)  # type: ignore[arg-type]  # never the dict itself
    return out


_NO_DAYS = frozenset((str, bool, type(None)))


def ids_of(column: Column) -> list[str | None]:
    """Ids as text, trimmed, with their case; a whole number has no point. None: there is none."""
    return [
        (value.strip(WHITE_SPACE) or None) if type(value) is str else text_of(normal(value))
        for value in column.values
    ]
