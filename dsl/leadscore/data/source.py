"""One table, whatever it comes from: its columns, and where DuckDB scans its rows.

What DuckDB can scan as often as one likes stays where it is: a Parquet file, a table of a database
file, a frame in memory. What can be read only once, or slowly, is copied into the store, once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from leadscore.columns import listed
from leadscore.data import kinds
from leadscore.data.arguments import Place, is_records, parse_place
from leadscore.data.problems import Rejects
from leadscore.data.staging import Progress, Stage
from leadscore.data.store import Store, literal, quoted
from leadscore.errors import DataError
from leadscore.values.text import fold, trim

if TYPE_CHECKING:
    import pyarrow

ENDINGS = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".xlsx", ".duckdb")
_MORE_ENDINGS = {".ndjson": ".jsonl", ".xlsm": ".xlsx", ".db": ".duckdb", ".ddb": ".duckdb"}


_POSITION = "position"
"""The column that frames get for the number of the row; their own are c0, c1, …."""
_COUNTED = "row_number() OVER () - 1"
"""The number of the row where the source has a column of the name that DuckDB has for it. A scan
that is numbered so keeps its order, but is done by one thread."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a source: its name as it is there, trimmed, and the SQL for its values."""

    name: str
    expression: str
    kind: str
    """One of the seven of :mod:`leadscore.data.kinds`."""
    odd: kinds.OddDates | None = None
    """How to find the dates of it that cannot be had; None: there are no such."""
    raw: str = ""
    """SQL for the column as it lies in the source; empty where it is never copied."""
    header: str = ""
    """Its name with the blanks around it; empty where nothing but a file has such."""
    given: str = ""
    """The type of DuckDB that it has there; empty where it is `kind`."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Where the rows of a source are read, in the source's order and as often as one likes."""

    relation: str
    """What follows FROM; the expressions of the columns that were asked for hold over it."""
    row: str
    """SQL for the number of the row, a BIGINT from 0, ascending in the order of the source. It
    may be a window function, so the rows that it numbers are not filtered in the same SELECT."""
    rows: int
    """How many there are."""
    end: int
    """What is past the number of the last row: `rows`, or more where numbers have gaps."""
    local: bool
    """Whether the connection that made it is the only one that sees it."""


class Columns(Protocol):
    """What is known of a table before its rows are read."""

    @property
    def label(self) -> str:
        """What messages call it."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """In the order of the source. Several may have the same name, or none."""


class Table(Columns, Protocol):
    """A source, opened: the columns are known, the rows not yet read."""

    @property
    def notes(self) -> list[str]:
        """What is to be said about it, complete once it has been scanned."""

    def scan(self, columns: Sequence[Column], *, dense: bool = False) -> Scan:
        """Make the rows of these columns readable; may be called once.

        With `dense`, the numbers of the rows are 0, 1, 2, … without gaps. Raises DataError.
        """


@dataclass(slots=True)
class Relation:
    """A source that DuckDB reads by itself, or that stands in the store already."""

    store: Store
    label: str
    relation: str
    columns: tuple[Column, ...]
    notes: list[str]
    row: str | None = None
    """See :attr:`Scan.row`; None: it can be read only once, or slowly, and is copied."""
    gaps: bool = False
    """Whether the numbers of rows may have gaps, as those of a database table have where rows
    were deleted."""
    local: bool = False
    """See :attr:`Scan.local`."""
    begin: Callable[[], object] | None = None
    """What has to be done before the rows can be read."""

    def scan(self, columns: Sequence[Column], *, dense: bool = False) -> Scan:
        """See :meth:`Table.scan`."""
        with self.store.reading(self.label):
            if self.row is not None:
                last = f", max({self.row})" if self.gaps else ""
                rows, *ends = self.store.execute(f"SELECT count(*){last} FROM {self.relation}")[0]
                many = int(str(rows))
                end = int(str(ends[0])) + 1 if many and ends else many
                if not dense or end == many:
                    return Scan(self.relation, self.row, many, end, self.local)
            if self.begin is not None:
                self.begin()
            return copied(self.store, self.relation, columns)


def copied(store: Store, relation: str, columns: Sequence[Column]) -> Scan:
    """These columns of `relation`, read into a table of the store."""
    name = store.name("rows")
    chosen = ", ".join(dict.fromkeys(column.raw for column in columns))
    store.execute(f"CREATE TABLE {name} AS SELECT {chosen} FROM {relation}")
    rows = store.number(f"SELECT count(*) FROM {name}")
    shadowed = any(column.raw.lower() == '"rowid"' for column in columns)
    return Scan(name, _COUNTED if shadowed else "rowid", rows, rows, False)


@dataclass(frozen=True, slots=True)
class Opening:
    """What every source needs to be opened."""

    store: Store
    rejects: Rejects | None
    progress: Progress | None


def place_of(source: object) -> Place | None:
    """The file that a source names, checked to be one that can be read; None: no file.

    Raises:
        DataError: there is no such file, or its ending is not one that is read.
    """
    if not isinstance(source, str | os.PathLike):
        return None
    place = parse_place(source)
    if not place.path.exists():
        raise DataError(f"{place.given}: there is no such file.")
    if place.path.is_dir():
        raise DataError(f"{place.given}: this is a folder. Give the file of a table.")
    _ending(place)
    return place


def open_source(source: object, label: str, opening: Opening) -> Table:
    """Open any source; `label` names it in messages where it is no file. Raises DataError."""
    place = place_of(source)
    if place is None:
        return _open_object(source, label, opening)
    match _ending(place):
        case ".csv" | ".tsv":
            from leadscore.data.csv_source import open_csv

            return open_csv(place, opening)
        case ".json" | ".jsonl":
            from leadscore.data.json_source import open_json

            return open_json(place, opening)
        case ".xlsx":
            from leadscore.data.workbook import open_workbook

            return open_workbook(place, opening)
        case ".parquet":
            return _open_parquet(place, opening.store)
        case _:
            return _open_database(place, opening.store)


def staged(stage: Stage, store: Store, label: str, notes: list[str]) -> Relation:
    """A stage, filled, as a source."""
    columns = tuple(
        Column(trim(name), *found)
        for name, found in zip(stage.columns, stage.expressions(), strict=True)
    )
    return Relation(store, label, stage.name, columns, notes, "rowid")


def _columns(
    described: Sequence[tuple[str, str]], names: Sequence[str] | None = None
) -> tuple[Column, ...]:
    """The columns of a relation of DuckDB; `names` where the source's own are others."""
    columns = []
    for (name, given), own in zip(described, names or [name for name, _ in described], strict=True):
        raw = quoted(name)
        expression, kind = kinds.plain(raw, given)
        odd = kinds.odd_dates(raw, given)
        columns.append(Column(trim(own), expression, kind, odd, raw, own, given))
    return tuple(columns)


def _open_parquet(place: Place, store: Store) -> Relation:
    path = store.literal_path(place.path)
    reader = f"read_parquet({path}, hive_partitioning = false)"
    with store.reading(place.given):
        described = store.columns(reader)
    row = _COUNTED
    if all(name.lower() != "file_row_number" for name, _ in described):
        row = "file_row_number"
        reader = f"{reader[:-1]}, file_row_number = true)"
    return Relation(store, place.given, reader, _columns(described), [], row)


def _ending(place: Place) -> str:
    ending = place.path.suffix.lower()
    ending = _MORE_ENDINGS.get(ending, ending)
    if ending not in ENDINGS:
        raise DataError(
            f"{place.given}: tables are read from {', '.join(ENDINGS)}; this file ends in "
            f"{ending or 'nothing'}. Save it as one of them, best as .csv or .xlsx."
        )
    return ending


def _open_database(place: Place, store: Store) -> Relation:
    catalog = store.name("database")
    with store.reading(place.given):
        store.execute(
            f"ATTACH {store.literal_path(place.path)} AS {catalog} (READ_ONLY, TYPE duckdb)"
        )
        there = [
            (str(schema), str(name), str(kind) == "BASE TABLE")
            for schema, name, kind in store.execute(
                "SELECT table_schema, table_name, table_type FROM information_schema.tables "
                f"WHERE table_catalog = {literal(catalog)} ORDER BY ALL"
            )
        ]
    names = [name if schema == "main" else f"{schema}.{name}" for schema, name, _ in there]
    if place.part is None:
        found = [0] if len(there) == 1 else []
    else:
        found = [at for at, name in enumerate(names) if name == place.part] or [
            at for at, name in enumerate(names) if fold(name) == fold(place.part)
        ]
    if not found:
        raise DataError(
            f"{place.given}: name one of the tables in it, as in "
            f"{place.path.name}#{names[0] if names else 'TABLE'}. There are: {listed(names)}."
        )
    schema, name, is_table = there[found[0]]
    relation = f"{catalog}.{quoted(schema)}.{quoted(name)}"
    with store.reading(place.given):
        described = store.columns(relation)
    # A view may take long, and give its rows in another order each time: it is read once.
    row = "rowid" if is_table else None
    if any(name.lower() == "rowid" for name, _ in described):
        row = None
    return Relation(store, place.given, relation, _columns(described), [], row, gaps=True)


def _open_object(source: object, label: str, opening: Opening) -> Table:
    import pyarrow as pa

    store = opening.store
    if is_records(source):
        from leadscore.data.json_source import stage_records

        assert isinstance(source, list)
        stage = Stage(store, (), label)
        stage_records(stage, source, opening.progress)
        return staged(stage, store, label, [])
    if hasattr(source, "columns") and hasattr(source, "iloc"):
        return _open_pandas(source, label, store)
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if _is_polars(source):
        source = pa.table(source)
    if isinstance(source, pa.Table):
        return _in_memory(source, [str(name) for name in source.column_names], label, store)
    if hasattr(source, "to_arrow_reader") and hasattr(source, "query"):  # a DuckDB relation
        return _open_relation(source, label, store)
    reader: pa.RecordBatchReader
    if isinstance(source, pa.RecordBatchReader):
        reader = source
    elif hasattr(source, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(source)
    else:
        raise DataError(
            f"{label}: a {type(source).__name__} is not a table. Give a path, a list of dicts, "
            "a pyarrow.Table, a pandas or polars frame, a DuckDB relation, or anything with "
            "__arrow_c_stream__."
        )
    names = [str(name) for name in reader.schema.names]
    return _registered(_renamed(reader), names, label, store)


def _open_relation(source: Any, label: str, store: Store) -> Relation:
    """A relation of DuckDB, of another connection, which can have one result open at a time."""
    with store.reading(label):
        empty = source.limit(0).to_arrow_table()
    names = [str(name) for name in empty.column_names]
    opened = _registered(empty.rename_columns(_positions(names)), names, label, store)

    def begin() -> None:
        store.connection.unregister(opened.relation)
        store.connection.register(opened.relation, _renamed(source.to_arrow_reader()))

    opened.begin = begin
    return opened


def _renamed(reader: pyarrow.RecordBatchReader) -> pyarrow.RecordBatchReader:
    """The same batches, with columns named by their positions."""
    import pyarrow as pa

    names = _positions(reader.schema.names)
    schema = pa.schema(
        [field.with_name(name) for field, name in zip(reader.schema, names, strict=True)]
    )
    batches = (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in reader)
    return pa.RecordBatchReader.from_batches(schema, batches)


def _is_polars(source: object) -> bool:
    kind = type(source)
    return kind.__name__ == "DataFrame" and kind.__module__.split(".")[0] == "polars"


def _open_pandas(frame: object, label: str, store: Store) -> Relation:
    """A pandas frame; its index is no column. A column of several types becomes text."""
    import pyarrow as pa

    from leadscore.data.staging import to_the_second, travelling

    names, arrays = [], []
    for name, column in frame.items():  # type: ignore[attr-defined]  # pandas is not needed here
        names.append(str(name))
        try:
            array = pa.Array.from_pandas(column)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            array = pa.array(
                [to_the_second(*travelling(value)) for value in column], pa.large_string()
            )
        arrays.append(array)
    rows = len(frame)  # type: ignore[arg-type]  # a frame has a length
    if not arrays:
        arrays, names = [pa.nulls(rows)], [""]
    return _in_memory(pa.table(arrays, names=_positions(names)), names, label, store)


def _positions(names: Sequence[str]) -> list[str]:
    # Names of Arrow may be double, empty, or anything: the store has its own.
    return [f"c{at}" for at in range(len(names))]


def _in_memory(table: pyarrow.Table, names: Sequence[str], label: str, store: Store) -> Relation:
    """A table of Arrow, scanned where it is; it gets a column with the number of the row.

    A window function would number the rows as well, but only on one thread.
    """
    renamed = table.rename_columns(_positions(names))
    small = "INTEGER" if table.num_rows < 1 << 31 else kinds.INTEGER
    with store.reading(label):
        numbers = store.connection.sql(
            f"SELECT CAST(range AS {small}) AS n FROM range({table.num_rows})"
        ).to_arrow_table()
    opened = _registered(renamed.append_column(_POSITION, numbers.column(0)), names, label, store)
    opened.row = f"CAST({_POSITION} AS {kinds.INTEGER})"
    return opened


def _registered(given: object, names: Sequence[str], label: str, store: Store) -> Relation:
    relation = store.name("given")
    with store.reading(label):
        store.connection.register(relation, given)
        described = store.columns(relation)
    columns = _columns(described[: len(names)], names)
    return Relation(store, label, relation, columns, [], local=True)


def paths_of(sources: Sequence[object]) -> list[Path]:
    """The files among `sources`, each checked as `place_of` does, without links."""
    places = [place_of(source) for source in sources]
    return [place.path.resolve() for place in places if place is not None]
