"""Leads with their events and lists, in the order of the leads: ordered cursors, merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import duckdb


class LeadRow(NamedTuple):
    """One lead, as an evaluator takes it.

    A tuple, not a dataclass: a million of them are made in a run.
    """

    id: str | None
    """Trimmed; None where the table has none."""
    values: tuple[Any, ...]
    """Parallel to ``needs.properties``; untyped: text is text, a typed cell is typed."""
    events: list[tuple[Any, ...]]
    """(type, time, *attributes), the attributes parallel to ``needs.attributes``; in the order
    of the input: files as given, then rows."""
    lists: tuple[str, ...]
    """Names of the lists that the lead is in."""


def record_batches(
    connection: duckdb.DuckDBPyConnection, sql: str, size: int, *parameters: object
) -> Iterator[list[list[Any]]]:
    """The columns of each batch of what `sql` gives, as lists of Python values; streamed."""
    reader = connection.sql(sql, params=parameters or None).to_arrow_reader(size)
    for batch in reader:
        yield [column.to_pylist() for column in batch.columns]


class Groups:
    """Rows that come ordered by the number of their lead, handed out lead by lead.

    Args:
        batches: lists of columns; the first column is the number of the lead, ascending.
        single: the rest is one column, handed out as it is rather than as tuples.
    """

    def __init__(self, batches: Iterator[list[list[Any]]], *, single: bool = False) -> None:
        self._batches = batches
        self._single = single
        self._numbers: list[int] = []
        self._rows: Sequence[Any] = ()
        self._at = 0
        self.current = -1
        """The lead of the next row; past all leads where there are no more."""
        self._load()

    def _load(self) -> None:
        for columns in self._batches:
            if columns[0]:
                self._numbers = columns[0]
                self._rows = columns[1] if self._single else list(zip(*columns[1:], strict=True))
                self._at = 0
                self.current = self._numbers[0]
                return
        self._numbers = []
        self.current = 1 << 63

    def take(self) -> list[Any]:
        """The rows of the lead that is next."""
        lead = self.current
        taken: list[Any] = []
        while self.current == lead:
            numbers, start = self._numbers, self._at
            stop, end = start + 1, len(numbers)
            while stop < end and numbers[stop] == lead:
                stop += 1
            taken += self._rows[start:stop]
            if stop < end:
                self._at = stop
                self.current = numbers[stop]
            else:
                self._load()
        return taken


def merged(
    leads: Iterator[list[list[Any]]],
    events: Groups | None,
    lists: Groups | None,
) -> Iterator[list[LeadRow]]:
    """Batches of leads with what belongs to them.

    The columns of `leads` are the number of the lead (0, 1, 2, …), the id and the values.
    """
    expected = 0
    for columns in leads:
        numbers, ids = columns[0], columns[1]
        size = len(numbers)
        if size and (numbers[0] != expected or numbers[-1] != expected + size - 1):
            raise RuntimeError("the database did not keep the order of the leads")
        expected += size
        values = list(zip(*columns[2:], strict=True)) if len(columns) > 2 else [()] * size
        batch: list[LeadRow] = []
        for number, id_, row in zip(numbers, ids, values, strict=True):
            found = events.take() if events is not None and events.current == number else []
            names = tuple(lists.take()) if lists is not None and lists.current == number else ()
            batch.append(LeadRow(id_, row, found, names))
        yield batch
