"""One table, whatever it comes from: its columns, and how it gets into the store."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from leadscore.columns import listed
from leadscore.data import kinds
from leadscore.data.arguments import Place, is_records, parse_place
from leadscore.data.problems import Rejects
from leadscore.data.staging import Progress, Stage
from leadscore.data.store import Store, literal, quoted
from leadscore.errors import DataError
from leadscore.values.text import fold, trim

ENDINGS = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".xlsx", ".duckdb")
_MORE_ENDINGS = {".ndjson": ".jsonl", ".xlsm": ".xlsx", ".db": ".duckdb", ".ddb": ".duckdb"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a source: its name as it is there, trimmed, and the SQL for its values."""

    name: str
    expression: str
    kind: str
    """One of the seven of :mod:`leadscore.data.kinds`."""
    odd: str | None = None
    """SQL for the text of a date that cannot be had, NULL for all others; see `odd_dates`."""


class Table(Protocol):
    """A source, opened: the columns are known, the rows not yet read."""

    @property
    def label(self) -> str:
        """What messages call it."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """In the order of the source. Several may have the same name, or none."""

    @property
    def notes(self) -> list[str]:
        """What is to be said about it, complete once it has been read."""

    def create(self, name: str, select: Sequence[str]) -> None:
        """Make the table `name` in the store, of these expressions over the columns.

        ``rowid`` of the new table is the position of the row in the source, from 0. May be
        called once. Raises DataError.
        """


@dataclass(slots=True)
class Relation:
    """A source that DuckDB reads by itself, or that stands in the store already."""

    store: Store
    label: str
    relation: str
    columns: tuple[Column, ...]
    notes: list[str]

    def create(self, name: str, select: Sequence[str]) -> None:
        """See :meth:`Table.create`."""
        with self.store.reading(self.label):
            self.store.execute(
                f"CREATE TABLE {name} AS SELECT {', '.join(select)} FROM {self.relation}"
            )


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
            path = opening.store.literal_path(place.path)
            reader = f"read_parquet({path}, hive_partitioning = false)"
            return of_relation(opening.store, reader, place.given)
        case _:
            return _open_database(place, opening.store)


def staged(stage: Stage, store: Store, label: str, notes: list[str]) -> Relation:
    """A stage, filled, as a source."""
    columns = tuple(
        Column(trim(name), *found)
        for name, found in zip(stage.columns, stage.expressions(), strict=True)
    )
    return Relation(store, label, stage.name, columns, notes)


def of_relation(
    store: Store, relation: str, label: str, names: Sequence[str] | None = None
) -> Relation:
    """A relation of DuckDB as a source; `names` where the source's own are others."""
    with store.reading(label):
        described = store.columns(relation)
    columns = []
    for at, (name, given) in enumerate(described):
        own = name if names is None else names[at]
        expression, kind = kinds.plain(quoted(name), given)
        odd = kinds.odd_dates(quoted(name), given)
        columns.append(Column(trim(own), expression, kind, odd))
    return Relation(store, label, relation, tuple(columns), [])


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
            (str(schema), str(name))
            for schema, name in store.execute(
                "SELECT table_schema, table_name FROM information_schema.tables "
                f"WHERE table_catalog = {literal(catalog)} ORDER BY ALL"
            )
        ]
    names = [name if schema == "main" else f"{schema}.{name}" for schema, name in there]
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
    schema, name = there[found[0]]
    return of_relation(store, f"{catalog}.{quoted(schema)}.{quoted(name)}", place.given)


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
    if isinstance(source, pa.Table):
        names = [str(name) for name in source.column_names]
        return _registered(source.rename_columns(_positions(names)), names, label, store)
    reader: pa.RecordBatchReader
    if hasattr(source, "to_arrow_reader") and hasattr(source, "query"):  # a DuckDB relation
        reader = source.to_arrow_reader()
    elif isinstance(source, pa.RecordBatchReader):
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
    fields = [
        field.with_name(name) for field, name in zip(reader.schema, _positions(names), strict=True)
    ]
    schema = pa.schema(fields)
    batches = (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in reader)
    renamed = pa.RecordBatchReader.from_batches(schema, batches)
    return _registered(renamed, names, label, store)


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
    return _registered(pa.table(arrays, names=_positions(names)), names, label, store)


def _positions(names: Sequence[str]) -> list[str]:
    # Names of Arrow may be double, empty, or anything: the store has its own.
    return [f"c{at}" for at in range(len(names))]


def _registered(given: object, names: Sequence[str], label: str, store: Store) -> Relation:
    relation = store.name("given")
    with store.reading(label):
        store.connection.register(relation, given)
    return of_relation(store, relation, label, names)


def paths_of(sources: Sequence[object]) -> list[Path]:
    """The files among `sources`, each checked as `place_of` does, without links."""
    places = [place_of(source) for source in sources]
    return [place.path.resolve() for place in places if place is not None]
