"""Rows that cannot be read: the error that names them, and the file that they are set aside in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from leadscore.columns import count
from leadscore.errors import DataError

_SHOWN = 1_000
"""Line numbers that a message names; more than that is a file of another kind."""


class BrokenRowsError(DataError):
    """Rows of a table cannot be read, and none may be lost silently.

    ``source`` names the table, ``lines`` holds the physical line (counted from 1) where each of
    the rows starts, all of them; for an array of JSON records, the line of the record.
    """

    def __init__(self, message: str, source: str, lines: tuple[int, ...]) -> None:
        super().__init__(message)
        self.source = source
        self.lines = lines


@dataclass(slots=True)
class Broken:
    """The rows of one table that cannot be read, as they are met."""

    source: str
    lines: list[int] = field(default_factory=list)
    reason: str = ""
    """What is wrong with the first of them."""

    def add(self, line: int, reason: str) -> None:
        """Note the row that starts at `line`."""
        if not self.lines:
            self.reason = reason
        self.lines.append(line)

    def error(self) -> BrokenRowsError:
        """The error that names the rows: the first twenty lines, and how many there are more."""
        many = len(self.lines)
        return BrokenRowsError(
            f"{self.source}: {count(many, 'row')} cannot be read, {line_list(self.lines)}.\n"
            f"Line {self.lines[0]}: {self.reason}.\n"
            f"Nothing was scored. Correct {'this row' if many == 1 else 'these rows'} in the "
            "file, or go on without them: --rejects FILE (in Python: rejects=) writes them to a "
            "file of their own.",
            self.source,
            tuple(self.lines),
        )

    def note(self, path: Path | None) -> str:
        """What the report says of the rows, once they are set aside in `path`."""
        many = len(self.lines)
        verb = "is" if many == 1 else "are"
        return (
            f"{self.source}: {count(many, 'row')} cannot be read and {verb} not scored "
            f"({line_list(self.lines)}); set aside in {path}."
        )


def line_list(lines: Sequence[int]) -> str:
    """`line 3`, or `lines 3, 5, 9`, and past a thousand `and 12 more`."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    shown = ", ".join(str(line) for line in lines[:_SHOWN])
    more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
    return f"lines {shown}{more}"


class Rejects:
    """Where the raw text of rows that cannot be read goes, when the caller wants to go on.

    The first table that has such rows writes to ``path``, under its own header; each further one
    to a file beside it (``rejects-touches.csv``), since its header is another. Where there are
    none at all, ``path`` is written empty, so that no older file misleads.
    """

    def __init__(self, path: str | os.PathLike[str], inputs: Sequence[Path]) -> None:
        self.path = Path(path)
        self._inputs = inputs
        self._used: set[Path] = set()
        refuse_input(self.path, inputs, "the rows set aside")

    def claim(self, source: Path) -> Path:
        """The file for the rows of the table in `source`."""
        path = self.path
        if self._used:
            stem = f"{path.stem}-{source.stem}"
            path = path.with_name(stem + path.suffix)
            number = 2
            while path in self._used:
                path = path.with_name(f"{stem}-{number}{self.path.suffix}")
                number += 1
            refuse_input(path, self._inputs, "the rows set aside")
        self._used.add(path)
        return path

    def finish(self) -> None:
        """Leave an empty file where no table had rows to set aside."""
        if not self._used:
            _create(self.path).close()


class RejectFile:
    """The rows of one table that are set aside: its header, then the rows, as UTF-8.

    The file is made at the first such row; ``path`` is None until then.
    """

    def __init__(self, rejects: Rejects, source: Path, header: str) -> None:
        self.path: Path | None = None
        self._rejects = rejects
        self._source = source
        self._header = header
        self._file: IO[str] | None = None

    def write(self, raw: str) -> None:
        """Add one row, exactly; a line break is added where it has none."""
        if self._file is None:
            self.path = self._rejects.claim(self._source)
            self._file = _create(self.path)
            self._write(self._header)
        self._write(raw)

    def _write(self, raw: str) -> None:
        assert self._file is not None
        ending = "" if raw.endswith(("\n", "\r")) or not raw else "\n"
        self._file.write(raw + ending)

    def __enter__(self) -> RejectFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _create(path: Path) -> IO[str]:
    try:
        return open(path, "w", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}.") from error


def refuse_input(path: Path, inputs: Sequence[Path], what: str) -> None:
    """Raise a DataError where `path`, about to be written, is one of the files being read."""
    for given in inputs:
        try:
            same = os.path.samefile(path, given)
        except OSError:
            same = os.path.abspath(path) == os.path.abspath(given)
        if same:
            raise DataError(
                f"{path}: this is one of the inputs, and {what} would overwrite it. "
                "Choose another name for the output."
            )
