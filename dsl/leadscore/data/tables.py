"""Tables of leads, events and lists, opened once for every engine: `open_tables`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from leadscore.data import kinds
from leadscore.data.arguments import ColumnMapping, as_mapping, contact_table, event_tables
from leadscore.data.load import Given, load
from leadscore.data.notes import counted
from leadscore.data.problems import Rejects
from leadscore.data.relations import (
    EVENT_INPUT,
    LEAD_INPUT,
    LIST_INPUT,
    EventCounts,
    InputColumns,
    Relations,
)
from leadscore.data.rows import EVENTS, LEADS, LISTS, make_events, make_leads, make_lists
from leadscore.data.source import Opening, paths_of
from leadscore.data.staging import Progress
from leadscore.data.store import Store
from leadscore.data.stream import Groups, LeadRow, merged, record_batches
from leadscore.data.views import Loaded
from leadscore.errors import DataError
from leadscore.needs import Needs
from leadscore.report import Report
from leadscore.values.dates import zone
from leadscore.values.text import fold, trim

if TYPE_CHECKING:
    import duckdb

BATCH = 8_192
"""Leads in a batch, where the caller does not say."""

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,18}").fullmatch
"""A whole number of 64 bits, or nearly, as ids are written."""


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of one of the relations: its name there, and its DuckDB type."""

    name: str
    kind: str


class Tables:
    """Leads, events and lists behind one database; a context manager that removes it.

    ``connection`` (DuckDB) has them in two shapes, documented here, which do not change while the
    tables are open. For engines that work on whole relations, ``lead_input``, ``event_input``
    and ``list_input``, which `relations` describes: they copy nothing that can be scanned where
    it is. For the row-wise path, made by `make_rows` when it is first asked for:

    - ``leads``: the columns of ``lead_input``, the id as VARCHAR.
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
        relations: the three relations for engines, and what is known of them.
        columns: which columns the tables have.
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
        relations = loaded.relations
        self._store = store
        self._loaded = loaded
        self._keep = len(relations.kept)
        self._rows_made = self._noted = False
        self.needs = needs
        self.report: Report = loaded.report
        self.connection: duckdb.DuckDBPyConnection = store.connection
        self.relations: Relations = relations
        self.columns: InputColumns = loaded.columns
        self.lead_count: int = relations.lead_count
        self.id_column: str = loaded.id_column
        self.property_columns = tuple(
            ColumnOf(f"p{at}", kind) for at, kind in enumerate(relations.property_kinds)
        )
        self.attribute_columns = tuple(
            ColumnOf(f"a{at}", kind) for at, kind in enumerate(relations.attribute_kinds)
        )
        self.time_type: str = relations.time_kind
        self.passthrough_columns: tuple[str, ...] = relations.kept
        self.inputs: tuple[Path, ...] = tuple(inputs)

    def reading(self) -> AbstractContextManager[None]:
        """A context in which errors of DuckDB and Arrow become a DataError.

        The relations are read when they are queried, so a damaged file may show only then.
        """
        return self._store.reading("The tables")

    def count_events(self) -> tuple[EventCounts, ...]:
        """For each of ``relations.sources``, how many of its events reach a lead; one scan."""
        sources = len(self.relations.sources)
        if not sources:
            return ()
        with self.reading():
            return tuple(counted(self._store, EVENT_INPUT, sources))

    def note_events(self, counts: Sequence[EventCounts]) -> None:
        """Add to the report what is said about events that reach no lead; the first call counts.

        `counts` are parallel to ``relations.sources``, as an engine found them on its way over
        the events, or from `count_events`.
        """
        if self._noted:
            return
        self._noted = True
        with self.reading():
            found = self._loaded.event_notes(self._store, counts)
        at = self._loaded.notes_at
        self.report.notes[at:at] = found

    def make_rows(self) -> None:
        """Make ``leads``, ``events`` and ``lists``, and note the events that reach no lead.

        Done once, when leads are first asked for row by row. Raises DataError.
        """
        if self._rows_made:
            return
        loaded, relations = self._loaded, self.relations
        with self.reading():
            make_leads(self._store, loaded.leads_sql, copy=loaded.leads_local)
            attributes = len(relations.attribute_kinds)
            make_events(self._store, attributes, same_ids=relations.same_ids)
            make_lists(self._store, same_ids=relations.same_ids)
        self._rows_made = True
        self.note_events(self.count_events())

    def batches(
        self, size: int = BATCH, progress: Progress | None = None
    ) -> Iterator[list[LeadRow]]:
        """The leads in the order of the input, with their events and lists, `size` at a time.

        Memory does not grow with the tables. May be called again, also before the first
        iteration has ended. `progress` is called with (leads done, all leads) after each batch.
        """
        self.make_rows()
        done = 0
        for batch in self._select(size):
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
        self.make_rows()
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
        left = [
            at
            for at, kind in enumerate(self.relations.kept_kinds)
            if at != self._loaded.id_position and kind == kinds.TEXT
        ]
        # Some rows first: they tell nearly all columns of texts, which then need no whole scan.
        for rows in (f"(SELECT * FROM {LEAD_INPUT} LIMIT {BATCH})", LEAD_INPUT):
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
        with self.reading():
            key = self._key(wanted)
            values = "".join(f", {column.name}" for column in self.property_columns)
            lead = self._rows(
                f"SELECT id{values} FROM {LEAD_INPUT} WHERE id = ? ORDER BY row LIMIT 1", key
            )
            if not lead:
                raise DataError(self._unknown_lead(wanted))
            attributes = "".join(f", {column.name}" for column in self.attribute_columns)
            events = self._rows(
                f"SELECT type, time{attributes} FROM {EVENT_INPUT} WHERE lead = ? ORDER BY seq",
                key,
            )
            lists = self._rows(
                f"SELECT list FROM {LIST_INPUT} WHERE lead = ? AND list IS NOT NULL ORDER BY seq",
                key,
            )
        self.note_events(self.count_events())
        return LeadRow(wanted, lead[0][1:], events, tuple(name for (name,) in lists))

    def _key(self, wanted: str) -> str | int | None:
        """A trimmed id as the relations have it; None: no lead can have it."""
        if self.relations.id_kind == kinds.TEXT:
            return wanted
        number = int(wanted) if _WHOLE(wanted) else None
        return number if number is not None and -(2**63) <= number < 2**63 else None

    def _rows(self, sql: str, key: str | int | None) -> list[tuple[Any, ...]]:
        batches = record_batches(self.connection, sql, BATCH, key)
        return [row for columns in batches for row in zip(*columns, strict=True)]

    def _unknown_lead(self, wanted: str) -> str:
        folded = fold(wanted)
        near = self._store.execute(
            f"SELECT id FROM (SELECT DISTINCT CAST(id AS VARCHAR) AS id FROM {LEAD_INPUT} "
            "WHERE id IS NOT NULL) "
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

    def _select(self, size: int) -> Iterator[list[LeadRow]]:
        values = "".join(f", {column.name}" for column in self.property_columns)
        attributes = "".join(f", {column.name}" for column in self.attribute_columns)
        events = lists = None
        with self.reading():
            if self.needs.events:
                sql = f"SELECT row, type, time{attributes} FROM {EVENTS} ORDER BY row, seq"
                events = Groups(record_batches(self._store.cursor(), sql, 8 * BATCH))
            if self.needs.lists:
                sql = f"SELECT row, list FROM {LISTS} WHERE list IS NOT NULL ORDER BY row, seq"
                lists = Groups(record_batches(self._store.cursor(), sql, 8 * BATCH), single=True)
            # Without ORDER BY, which would sort: a scan keeps the order, and `merged` checks it.
            sql = f"SELECT row, id{values} FROM {LEADS}"
            yield from merged(record_batches(self._store.cursor(), sql, size), events, lists)

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
    time_zone: str | tzinfo = "UTC",
    contacts: object = None,
    as_of: int | None = None,
    allow_missing: bool = False,
    rejects: str | os.PathLike[str] | None = None,
    keep_columns: bool = False,
    model: str = "the model",
    memory_limit: str = "1GB",
    temp_directory: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Read tables for scoring; the rules are those of "Tables", in the command line's reference.

    Args:
        needs: what the model reads.
        leads: a path, a list of dicts, a pyarrow.Table, a pandas or polars frame, a DuckDB
            relation, or anything with ``__arrow_c_stream__``.
        events: the same, or a list of several; each may be a pair of a source and a mapping
            with the keys lead (or contact), type, time, or an :class:`EventTable`.
        lists: a table of the columns id and list.
        id: name of the column with the leads' ids.
        event_columns: a mapping for all tables of events; it goes before their own.
        time_zone: checked to be a zone; times without an offset travel as they are, and are
            read in that zone by the engine. The time of contacts is told in it.
        contacts: where the leads are companies: the table of their contacts, or a pair of it
            and a mapping with the keys contact, company, or a :class:`ContactTable`. Events and
            lists of contacts count for their companies, and each contact is an event of type
            ``Contact``; :mod:`leadscore.data.contact_columns` says which tables are whose.
        as_of: the instant of the evaluation, in seconds since 1970-01-01T00:00 UTC; the time of
            the contacts.
        allow_missing: a column, the events or the lists that the model needs and that are not
            there are unknown, with a note, instead of an error.
        rejects: a file for rows that cannot be read; reading then goes on without them.
        keep_columns: keep all columns of the leads, for `Tables.passthrough`.
        model: how messages call the model, such as ``contact.score``.
        memory_limit: what DuckDB may use before it spills to disk.
        temp_directory: where the temporary database goes; None: the system's place.
        threads: how many the temporary database uses; None: as many as there are cores. No
            number of them changes a digit.
        progress: called with (rows, None) while tables are read row by row.

    Raises:
        BrokenRowsError: rows cannot be read, and there is no `rejects`.
        DataError: any other reason for which the tables cannot be used; place and remedy in it.
        ValueError: there are contacts and no `as_of`.
    """
    told_in = _zone(time_zone)
    people = contact_table(contacts)
    if people is not None and as_of is None:
        raise ValueError("open_tables needs as_of for contacts: it is their time")
    tables = event_tables(events)
    override = as_mapping(event_columns)
    used_events = [table.source for table in tables] if needs.events else []
    used_lists = [lists] if needs.lists and lists is not None else []
    used_contacts = [people.source] if people and (needs.events or needs.lists) else []
    inputs = paths_of([leads, *used_events, *used_lists, *used_contacts])
    aside = Rejects(rejects, inputs) if rejects is not None else None
    folder = Path(temp_directory) if temp_directory is not None else None
    store = Store(inputs, memory_limit, folder, threads)
    try:
        with store.reading("The tables"):
            loaded = load(
                needs,
                Opening(store, aside, progress),
                Given(
                    leads,
                    [(table.source, table.mapping.under(override)) for table in tables],
                    lists,
                    people,
                    id,
                    as_of or 0,
                    told_in,
                    allow_missing,
                    keep_columns,
                    model,
                ),
            )
        if aside is not None:
            aside.finish()
        return Tables(store, needs, loaded, inputs)
    except BaseException:
        store.close()
        raise


def _zone(given: str | tzinfo) -> tzinfo:
    if isinstance(given, tzinfo):
        return given
    try:
        return zone(given)
    except ValueError as error:
        raise DataError(f"{error}.") from None
