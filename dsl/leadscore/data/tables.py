"""Tables of leads, events and lists, read once for every engine: `open_tables`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from leadscore.data import kinds
from leadscore.data.arguments import ColumnMapping, as_mapping, event_tables
from leadscore.data.load import Loaded, load
from leadscore.data.problems import Rejects
from leadscore.data.source import Opening, paths_of
from leadscore.data.staging import Progress
from leadscore.data.store import Store
from leadscore.data.stream import Groups, LeadRow, merged, record_batches
from leadscore.errors import DataError
from leadscore.needs import Needs
from leadscore.report import Report
from leadscore.values.dates import zone
from leadscore.values.text import fold, trim

if TYPE_CHECKING:
    import duckdb

LEADS, EVENTS, LISTS = "leads", "events", "lists"
"""The relations of `Tables.connection`."""

BATCH = 8_192
"""Leads in a batch, where the caller does not say."""


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of one of the relations: its name there, and its DuckDB type."""

    name: str
    kind: str


class Tables:
    """Leads, events and lists in a temporary database; a context manager that removes it.

    For engines that work on whole relations, ``connection`` (DuckDB) holds three, whatever was
    given; they are documented here and do not change while the tables are open:

    - ``leads``: ``row`` (BIGINT, 0, 1, 2, … in the order of the input), ``id`` (VARCHAR,
      trimmed, NULL where there is none), and one column for each property, ``p0``, ``p1``, …,
      parallel to ``needs.properties``; those with ``keep_columns`` also ``c0``, ``c1``, …, the
      columns of the input.
    - ``events``: ``row`` of the lead, ``seq`` (BIGINT, ascending in the order of the input, with
      gaps), ``type`` (VARCHAR), ``time``, and one column for each attribute, ``a0``, ``a1``, …,
      parallel to ``needs.attributes``. Leads of the same id have a copy each; events of unknown
      leads are left out.
    - ``lists``: ``row`` of the lead, ``seq``, ``list`` (VARCHAR).

    Types are the seven of :mod:`leadscore.data.kinds`; columns of text files are VARCHAR.

    Attributes:
        needs: what was asked for.
        report: notes as whole sentences, and dates that no calendar has.
        connection: the database; locked, so that nothing in it reaches other files.
        lead_count: leads, one a row of the input.
        id_column: name of the column that holds the ids.
        property_columns: names and types of ``p0``, … in ``leads``.
        attribute_columns: names and types of ``a0``, … in ``events``.
        time_type: type of ``time`` in ``events``.
        passthrough_columns: names of the input's own columns, as they are there; empty unless
            opened with ``keep_columns``.
        inputs: the files that were read; no output may go to one of them.
    """

    def __init__(self, store: Store, needs: Needs, loaded: Loaded, inputs: Sequence[Path]) -> None:
        """Made by :func:`open_tables`."""
        self._store = store
        self._keep = len(loaded.kept)
        self.needs = needs
        self.report: Report = loaded.report
        self.connection: duckdb.DuckDBPyConnection = store.connection
        self.lead_count: int = loaded.leads
        self.id_column: str = loaded.id_column
        self.property_columns = tuple(
            ColumnOf(f"p{at}", kind) for at, kind in enumerate(loaded.property_kinds)
        )
        self.attribute_columns = tuple(
            ColumnOf(f"a{at}", kind) for at, kind in enumerate(loaded.attribute_kinds)
        )
        self.time_type: str = loaded.time_kind
        self.passthrough_columns: tuple[str, ...] = loaded.kept
        self._id_position = loaded.id_position
        self.inputs: tuple[Path, ...] = tuple(inputs)

    def batches(
        self, size: int = BATCH, progress: Progress | None = None
    ) -> Iterator[list[LeadRow]]:
        """The leads in the order of the input, with their events and lists, `size` at a time.

        Memory does not grow with the tables. May be called again, also before the first
        iteration has ended. `progress` is called with (leads done, all leads) after each batch.
        """
        done = 0
        for batch in self._select("", size):
            yield batch
            done += len(batch)
            if progress is not None:
                progress(done, self.lead_count)

    def passthrough(self, size: int = BATCH) -> Iterator[list[tuple[Any, ...]]]:
        """The input's own rows, parallel to `batches` with the same `size`.

        Raises:
            ValueError: the tables were opened without ``keep_columns``.
        """
        if not self._keep:
            raise ValueError("open_tables needs keep_columns=True for that")
        chosen = ", ".join(f"c{at}" for at in range(self._keep))
        sql = f"SELECT row, {chosen} FROM {LEADS}"
        expected = 0
        for columns in record_batches(self._store.cursor(), sql, size):
            if columns[0] and columns[0][0] != expected:
                raise RuntimeError("the database did not keep the order of the leads")
            expected += len(columns[0])
            yield list(zip(*columns[1:], strict=True))

    @cached_property
    def passthrough_numbers(self) -> frozenset[int]:
        """Positions of the text columns in ``passthrough_columns`` that hold nothing but numbers.

        Each cell that is not blank is plain digits as a spreadsheet shows them: no leading zero
        or plus, at most fifteen digits. Never the column of the ids: they have to stay what they
        are elsewhere, to be looked up by. Empty without ``keep_columns``; costs one scan.
        """
        described = self._store.columns(LEADS)
        kinds_of = dict(described)
        left = [
            at
            for at in range(self._keep)
            if at != self._id_position and kinds_of[f"c{at}"] == kinds.TEXT
        ]
        # Some rows first: they tell nearly all columns of texts, which then need no whole scan.
        for rows in (f"(SELECT * FROM {LEADS} LIMIT {BATCH})", LEADS):
            if left:
                tests = ", ".join(kinds.only_numbers(f"c{at}") for at in left)
                found = self._store.execute(f"SELECT {tests} FROM {rows}")[0]
                left = [at for at, only in zip(left, found, strict=True) if only is not False]
        return frozenset(left)

    def find_lead(self, id: str) -> LeadRow:
        """One lead by its id, the first of several with that id.

        Raises:
            DataError: there is none; the error names ids that are near.
        """
        wanted = trim(str(id))
        rows = self._store.execute(
            f"SELECT row FROM {LEADS} WHERE id = ? ORDER BY row LIMIT 1", wanted
        )
        if not rows:
            raise DataError(self._unknown_lead(wanted))
        row = int(str(rows[0][0]))
        for batch in self._select(f"WHERE row = {row}", 1, first=row):
            return batch[0]
        raise RuntimeError("the lead is there and cannot be read")

    def _unknown_lead(self, wanted: str) -> str:
        folded = fold(wanted)
        near = self._store.execute(
            f"SELECT id FROM (SELECT DISTINCT id FROM {LEADS} WHERE id IS NOT NULL) "
            "ORDER BY lower(id) = ? DESC, jaro_winkler_similarity(lower(id), ?) DESC, id LIMIT 3",
            folded,
            folded,
        )
        shown = ", ".join(str(row[0]) for row in near)
        there = f" The nearest ids are: {shown}." if shown else " The table has no leads with ids."
        return (
            f"There is no lead with the id {wanted!r} in the column {self.id_column!r}.{there} "
            "Ids differ by case."
        )

    def _select(self, where: str, size: int, first: int = 0) -> Iterator[list[LeadRow]]:
        values = "".join(f", {column.name}" for column in self.property_columns)
        attributes = "".join(f", {column.name}" for column in self.attribute_columns)
        events = lists = None
        if self.needs.events:
            sql = f"SELECT row, type, time{attributes} FROM {EVENTS} {where} ORDER BY row, seq"
            events = Groups(record_batches(self._store.cursor(), sql, 8 * BATCH))
        if self.needs.lists:
            sql = f"SELECT row, list FROM {LISTS} {where} ORDER BY row, seq"
            lists = Groups(record_batches(self._store.cursor(), sql, 8 * BATCH), single=True)
        # Without ORDER BY, which would sort: a scan keeps the order, and `merged` checks it.
        sql = f"SELECT row, id{values} FROM {LEADS} {where}"
        with self._store.reading("The tables"):
            yield from merged(record_batches(self._store.cursor(), sql, size), events, lists, first)

    def close(self) -> None:
        """Remove the temporary database; may be called again."""
        self._store.close()

    def __enter__(self) -> Tables:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_tables(
    needs: Needs,
    leads: object,
    events: object = None,
    lists: object = None,
    *,
    id: str | None = None,
    event_columns: ColumnMapping | Mapping[str, str] | str | None = None,
    time_zone: str = "UTC",
    allow_missing: bool = False,
    rejects: str | os.PathLike[str] | None = None,
    keep_columns: bool = False,
    model: str = "the model",
    memory_limit: str = "1GB",
    temp_directory: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Read tables for scoring; the rules are those of "Tables", in the command line's reference.

    Args:
        needs: what the model reads.
        leads: a path, a list of dicts, a pyarrow.Table, a pandas or polars frame, a DuckDB
            relation, or anything with ``__arrow_c_stream__``.
        events: the same, or a list of several; each may be a pair of a source and a mapping
            with the keys lead, type, time, or an :class:`EventTable`.
        lists: a table of the columns id and list.
        id: name of the column with the leads' ids.
        event_columns: a mapping for all tables of events; it goes before their own.
        time_zone: checked to be a zone; times without an offset travel as they are, and are
            read in that zone by the engine.
        allow_missing: a column, the events or the lists that the model needs and that are not
            there are unknown, with a note, instead of an error.
        rejects: a file for rows that cannot be read; reading then goes on without them.
        keep_columns: keep all columns of the leads, for `Tables.passthrough`.
        model: how messages call the model, such as ``contact.score``.
        memory_limit: what DuckDB may use before it spills to disk.
        temp_directory: where the temporary database goes; None: the system's place.
        progress: called with (rows, None) while tables are read row by row.

    Raises:
        BrokenRowsError: rows cannot be read, and there is no `rejects`.
        DataError: any other reason for which the tables cannot be used; place and remedy in it.
    """
    _check_zone(time_zone)
    tables = event_tables(events)
    override = as_mapping(event_columns)
    used_events = [table.source for table in tables] if needs.events else []
    used_lists = [lists] if needs.lists and lists is not None else []
    inputs = paths_of([leads, *used_events, *used_lists])
    aside = Rejects(rejects, inputs) if rejects is not None else None
    folder = Path(temp_directory) if temp_directory is not None else None
    store = Store(inputs, memory_limit, folder)
    try:
        with store.reading("The tables"):
            loaded = load(
                needs,
                Opening(store, aside, progress),
                leads,
                [(table.source, table.mapping.under(override)) for table in tables],
                lists,
                id=id,
                allow_missing=allow_missing,
                keep=keep_columns,
                model=model,
            )
        if aside is not None:
            aside.finish()
        return Tables(store, needs, loaded, inputs)
    except BaseException:
        store.close()
        raise


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except ValueError as error:
        raise DataError(f"{error}.") from None
