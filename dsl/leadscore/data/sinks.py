"""Writers of results: rows or columns arrive in batches, nothing half-written is left behind.

A file is written beside its place and renamed when all of it is there; an error or an interrupt
before that leaves what was there untouched. ``.csv``, ``.tsv``, ``.json``, ``.jsonl``,
``.parquet`` and ``.xlsx``.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import secrets
import sys
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from leadscore.data.problems import refuse_input
from leadscore.errors import DataError

if TYPE_CHECKING:
    import pyarrow

NUMBERS = frozenset(("score", "fit", "engagement"))
"""Columns of numbers, where the caller does not say; after a prefix too, as in ``fit_score``."""

_PART = 65_536
"""Rows of a batch that are made into text at a time."""


class Writer(ABC):
    """Takes rows or columns in batches; a context manager.

    Left without an error, the output is complete and in its place; left with one, nothing of it
    is there.

    Attributes:
        columns: their names.
        rows: rows written so far.
        notes: whole sentences on what could not be written as it is; complete after the end.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.rows = 0
        self.notes: list[str] = []

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, parallel to the columns: texts, Decimals, whole numbers, dates or None."""
        self._write(rows)
        self.rows += len(rows)

    def write_table(self, batch: pyarrow.RecordBatch) -> None:
        """Add the rows of a batch, whose columns are parallel to those of the output.

        What comes out is what :meth:`write` makes of the same rows. The names of the batch do not
        matter. A field with the metadata `leadscore.data.unit_columns.UNITS` holds points, as
        64-bit integers of 1/10,000,000 of a point.

        Raises ValueError where there are more columns, or fewer.
        """
        if batch.num_columns != len(self.columns):
            raise ValueError(f"{batch.num_columns} columns for {len(self.columns)}")
        for start in range(0, batch.num_rows, _PART):
            part = batch.slice(start, _PART)
            self._write_table(part)
            self.rows += part.num_rows

    @abstractmethod
    def _write(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def _write_table(self, batch: pyarrow.RecordBatch) -> None:
        from leadscore.data.column_text import rows_of

        self._write(rows_of(batch))

    @abstractmethod
    def finish(self) -> None:
        """Complete the output and put it in its place."""

    @abstractmethod
    def discard(self) -> None:
        """Leave nothing of the output."""

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.discard()
            return
        try:
            self.finish()
        except BaseException:
            self.discard()
            raise


def open_writer(
    target: str | os.PathLike[str] | IO[str] | None,
    columns: Sequence[str],
    *,
    format: str | None = None,
    numbers: Collection[str] | None = None,
    kept: int = 0,
    kept_numbers: Collection[int] = (),
    colors: Mapping[str, Mapping[str, str]] | None = None,
    rows: int | None = None,
    inputs: Iterable[Path] = (),
) -> Writer:
    """A writer for `target`, by its ending.

    Args:
        target: a path, an open text file, or None or ``-`` for standard output.
        columns: names of the columns.
        format: ``csv``, ``tsv``, ``json`` or ``jsonl``, for what is no path; None: CSV.
        numbers: names of the columns that are numbers: doubles in Parquet. None: those named
            score, fit and engagement, with any prefix.
        kept: how many columns at the start are the input's own (only .xlsx).
        kept_numbers: positions of those whose texts are all plain numbers: they become number
            cells, as a spreadsheet would have read them; see
            :attr:`leadscore.data.tables.Tables.passthrough_numbers`. Other texts stay texts.
        colors: by column and label, one of the eight colors of the language (only .xlsx).
        rows: how many will come, where that is known.
        inputs: files that are being read, none of which may be overwritten.

    Raises:
        DataError: the ending is not known, the place cannot be written to, is one of the inputs,
            or `rows` is more than a sheet holds.
    """
    if numbers is None:
        numbers = [name for name in columns if name.rpartition("_")[2] in NUMBERS]
    if target is None or target == "-":
        return _text_writer(sys.stdout, columns, format or "csv", None)
    if not isinstance(target, str | os.PathLike):
        return _text_writer(target, columns, format or "csv", None)
    path = Path(target)
    ending = path.suffix.lower()
    if ending not in (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx"):
        raise DataError(
            f"{path}: results are written as .csv, .tsv, .json, .jsonl, .parquet or .xlsx; this "
            f"name ends in {ending or 'nothing'}."
        )
    refuse_input(path, list(inputs), "the results")
    if ending == ".xlsx":
        from leadscore.data.workbook_sink import WorkbookWriter, check_size

        check_size(path, len(columns), rows)
        return WorkbookWriter(
            Beside(path), columns, [at for at in kept_numbers if at < kept], colors or {}
        )
    if ending == ".parquet":
        from leadscore.data.parquet_sink import ParquetWriter

        return ParquetWriter(Beside(path), columns, numbers)
    beside = Beside(path)
    try:
        file = open(  # noqa: SIM115 (closed by the writer)
            beside.part, "w", encoding="utf-8", errors="replace", newline=""
        )
        return _text_writer(file, columns, ending[1:], beside)
    except BaseException:
        beside.discard()
        raise


class Beside:
    """A file being written, beside the place where it will be.

    What is there already and no plain file (a pipe, ``/dev/stdout``) is written to directly.
    """

    def __init__(self, path: Path) -> None:
        self.given = path
        self.path = Path(os.path.realpath(path))
        self._direct = self.path.exists() and not self.path.is_file()
        if self.path.is_dir():
            raise DataError(f"{path}: this is a folder. Give the name of a file in it.")
        if self._direct:
            self.part = self.path
            return
        self.part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            # So that a place that cannot be written to is said before hours of work, and the
            # file has the permissions that a new file has.
            os.close(os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except OSError as error:
            raise DataError(f"{path}: cannot be written: {error.strerror}.") from error

    def finish(self) -> None:
        """Put the file, which is complete and closed, in its place."""
        if self._direct:
            return
        try:
            os.replace(self.part, self.path)
        except OSError as error:
            raise DataError(
                f"{self.given}: cannot be written: {error.strerror}. Is it open in another program?"
            ) from error

    def discard(self) -> None:
        """Remove the file."""
        if not self._direct:
            with contextlib.suppress(OSError):
                self.part.unlink()


def decimal_text(number: Decimal | int | float) -> str:
    """A number as plain digits: ``66``, ``12.5``, never ``1E+1`` or ``-0``."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def is_number(value: object) -> bool:
    """Whether `value` is written as a number: finite, and not a boolean."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        return False
    return Decimal(value).is_finite()


def plain_text(value: object) -> str:
    """Any value as text, blank where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int | float):
        return decimal_text(value) if is_number(value) else ""
    iso = getattr(value, "isoformat", None)
    return str(iso()) if callable(iso) else str(value)


def _text_writer(
    file: IO[str], columns: Sequence[str], format: str, beside: Beside | None
) -> Writer:
    if format in ("csv", "tsv"):
        return _Delimited(file, columns, "," if format == "csv" else "\t", beside)
    if format in ("json", "jsonl"):
        return _Json(file, columns, beside, lines=format == "jsonl")
    raise DataError(
        f"{format} cannot be written to standard output; give a file with -o, or csv, tsv, json "
        "or jsonl."
    )


class _TextWriter(Writer):
    """What the formats of text share: the file, and that it is ours to close or not."""

    def __init__(self, file: IO[str], columns: Sequence[str], beside: Beside | None) -> None:
        super().__init__(columns)
        self._file = file
        self._beside = beside

    def finish(self) -> None:
        self._end()
        if self._beside is None:
            self._file.flush()
            return
        self._file.close()
        self._beside.finish()

    def discard(self) -> None:
        if self._beside is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._beside.discard()

    def _end(self) -> None:
        """Write what comes after the last row."""


class _Delimited(_TextWriter):
    """CSV and TSV. Texts are written as they are.

    A spreadsheet runs a text that begins with ``=`` as a formula. It is not altered here: ids
    must come out as they went in, to be joined on. The .xlsx writer is the safe one to open.
    """

    def __init__(
        self, file: IO[str], columns: Sequence[str], delimiter: str, beside: Beside | None
    ) -> None:
        super().__init__(file, columns, beside)
        self._delimiter = delimiter
        # With "\n" alone as its ending, the module would not quote a carriage return.
        self._writer = csv.writer(_LineFeeds(file), delimiter=delimiter, lineterminator="\r\n")
        self._writer.writerow(columns)

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._writer.writerows([plain_text(value) for value in row] for row in rows)

    def _write_table(self, batch: pyarrow.RecordBatch) -> None:
        from leadscore.data.column_text import delimited

        self._file.write(delimited(batch, self._delimiter))


class _LineFeeds:
    """A file that gets each row with a line feed at its end."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, row: str) -> None:
        """Take one row, which ends in CR LF."""
        self._file.write(row[:-2] + "\n")


class _Json(_TextWriter):
    """A list of objects, or an object a line; numbers are exact decimals without quotes."""

    def __init__(
        self, file: IO[str], columns: Sequence[str], beside: Beside | None, *, lines: bool
    ) -> None:
        super().__init__(file, columns, beside)
        self._keys = [f"{json.dumps(name, ensure_ascii=False)}: " for name in columns]
        self._lines = lines
        if not lines:
            file.write("[")

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        for number, row in enumerate(rows, self.rows):
            pairs = zip(self._keys, row, strict=True)
            record = "{" + ", ".join([key + _json(value) for key, value in pairs]) + "}"
            if self._lines:
                self._file.write(record + "\n")
            else:
                self._file.write((",\n" if number else "\n") + record)

    def _write_table(self, batch: pyarrow.RecordBatch) -> None:
        from leadscore.data.column_text import json_records

        if self._lines:
            self._file.write(json_records(batch, self._keys, "", "\n"))
            return
        records = json_records(batch, self._keys, ",\n", "")
        self._file.write(records if self.rows else records[1:])

    def _end(self) -> None:
        if not self._lines:
            self._file.write("\n]\n" if self.rows else "]\n")


def _json(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int | float):
        return decimal_text(value) if is_number(value) else "null"
    return json.dumps(plain_text(value), ensure_ascii=False)
