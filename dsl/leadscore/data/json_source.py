"""JSON: an array of objects (.json), or one object a line (.jsonl).

Read record by record with bounded memory. A record is a row; its keys are columns, in the order
in which they are first met. Objects and lists inside a record stay JSON text.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.decoder import JSONDecoder
from typing import IO

from leadscore.data.arguments import Place
from leadscore.data.problems import Broken, RejectFile
from leadscore.data.source import Opening, Relation, staged
from leadscore.data.staging import Progress, Stage
from leadscore.data.text_file import scan, to_utf8
from leadscore.errors import DataError
from leadscore.values.text import trim

RECORD_LIMIT = 16_000_000
"""The longest record, in characters."""

_CHUNK = 1 << 20
_BATCH = 10_000
_NOT_AN_OBJECT = 'it is not an object with a value for each column, such as {"id": 1}'
_TOO_DEEP = "its values are nested too deeply"


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that cannot be read: the line it starts on, its text, why."""

    line: int
    raw: str
    reason: str


def _unknown(_: str) -> None:
    """Infinity and NaN, which some programs write though JSON has none, are unknown."""


_DECODER = JSONDecoder(parse_constant=_unknown)


def open_json(place: Place, opening: Opening) -> Relation:
    """Read a JSON file into the store.

    Raises:
        BrokenRowsError: records cannot be read, and there is no place to set them aside.
        DataError: the file is no JSON, breaks off, or has a record past the limit.
    """
    label = place.given
    path, facts = place.path, scan(place.path, label)
    encoding = facts.encoding
    if encoding == "utf-16":
        path = opening.store.folder / (opening.store.name("utf8") + ".json")
        to_utf8(place.path, path, label)
        encoding = "utf-8-sig"
    stage = Stage(opening.store, (), label)
    broken = Broken(label)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(path, encoding=encoding, newline=""))
        rejected = None
        if opening.rejects is not None:
            rejected = stack.enter_context(RejectFile(opening.rejects, place.path, ""))
        by_line = place.path.suffix.lower() != ".json"
        records = _lines(file, label) if by_line else _array(file, label)
        stage_records(stage, _sound(records, broken, rejected), opening.progress)
    if broken.lines and rejected is None:
        raise broken.error()
    notes = [broken.note(rejected.path)] if broken.lines and rejected is not None else []
    return staged(stage, opening.store, label, notes)


def stage_records(
    stage: Stage, records: Iterable[Mapping[str, object]], progress: Progress | None
) -> None:
    """Add records to a stage, which grows by a column for each key that is new."""
    columns: dict[str, int] = {}
    batch: list[Sequence[object]] = []
    for record in records:
        if not record.keys() <= columns.keys():
            new = [key for key in record if key not in columns]
            stage.widen(str(key) for key in new)
            for key in new:
                columns[key] = len(columns)
        get = record.get
        batch.append([get(key) for key in columns])
        if len(batch) == _BATCH:
            stage.append(batch)
            batch.clear()
            if progress is not None:
                progress(stage.rows, None)
    if batch:
        stage.append(batch)


def _sound(
    records: Iterator[dict[str, object] | BrokenRecord],
    broken: Broken,
    rejected: RejectFile | None,
) -> Iterator[dict[str, object]]:
    for record in records:
        if isinstance(record, BrokenRecord):
            broken.add(record.line, record.reason)
            if rejected is not None:
                rejected.write(record.raw)
        elif rejected is not None or not broken.lines:
            yield record


def _lines(file: IO[str], label: str) -> Iterator[dict[str, object] | BrokenRecord]:
    number = 0
    while line := file.readline(RECORD_LIMIT):
        number += 1
        if len(line) >= RECORD_LIMIT:
            raise _too_long(label, number)
        if not trim(line):
            continue
        try:
            value = _DECODER.decode(line)
            _check_depth(value)
        except RecursionError:
            yield BrokenRecord(number, line, _TOO_DEEP)
        except ValueError as error:
            yield BrokenRecord(number, line, f"it is not JSON: {_reason(error)}")
        else:
            if isinstance(value, dict):
                yield value
            else:
                yield BrokenRecord(number, line, _NOT_AN_OBJECT)


class _Window:
    """The part of a file that is being read: it moves on with what is done."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def more(self, size: int = _CHUNK) -> None:
        """Read on; what is before ``at`` is dropped."""
        self.text = self.text[self.at :]
        self.at = 0
        new = self._file.read(size)
        self.ended = not new
        self.text += new

    def move(self, to: int) -> None:
        """Have all before `to` done with."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        while True:
            at, end = self.at, len(self.text)
            while at < end and self.text[at] in " \t\r\n":
                at += 1
            self.move(at)
            if at < end:
                return self.text[at]
            if self.ended:
                return ""
            self.more()


def _array(file: IO[str], label: str) -> Iterator[dict[str, object] | BrokenRecord]:
    window = _Window(file)
    window.more()
    listed = window.peek() == "["
    if listed:
        window.move(window.at + 1)
    elif window.peek() != "{":
        raise DataError(
            f"{label}: a list of objects is needed, one for each row: "
            '[{"id": 1, "industry": "SaaS"}, …].'
        )
    first = True
    while True:
        mark = window.peek()
        if listed and mark == "]":
            window.move(window.at + 1)
            if window.peek():
                raise _breaks(label, window.line, "there is more text after the end of the list")
            return
        if not mark:
            if listed:
                raise _breaks(label, window.line, "the file breaks off before the list ends")
            return
        if not first and listed:
            if mark != ",":
                raise _breaks(label, window.line, "a comma is missing between two records")
            window.move(window.at + 1)
            window.peek()
        first = False
        yield _record(window, label)


def _record(window: _Window, label: str) -> dict[str, object] | BrokenRecord:
    line, size = window.line, _CHUNK
    value: object = None
    end = 0
    while True:
        start = window.at
        try:
            value, end = _DECODER.raw_decode(window.text, start)
            if isinstance(value, dict | list | str) or end < len(window.text) or window.ended:
                break
        except RecursionError:
            raise _breaks(label, line, _TOO_DEEP) from None
        except json.JSONDecodeError as error:
            cut_off = error.pos >= len(window.text) - 16 or error.msg.startswith("Unterminated")
            if window.ended or not cut_off:
                at = line + window.text.count("\n", start, error.pos)
                raise _breaks(label, at, _reason(error)) from None
        except ValueError as error:
            raise _breaks(label, line, _reason(error)) from None
        if len(window.text) - start >= RECORD_LIMIT:
            raise _too_long(label, line)
        window.more(size)
        size = min(2 * size, RECORD_LIMIT)
    raw = window.text[start:end]
    window.move(end)
    if not isinstance(value, dict):
        return BrokenRecord(line, raw, _NOT_AN_OBJECT)
    try:
        _check_depth(value)
    except RecursionError:
        return BrokenRecord(line, raw, _TOO_DEEP)
    return value


def _check_depth(record: object) -> None:
    """Raise RecursionError where a nested value could be read but not written again."""
    if isinstance(record, dict):
        for value in record.values():
            if isinstance(value, dict | list):
                json.dumps(value)


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "a number in it has thousands of digits"


def _breaks(label: str, line: int, reason: str) -> DataError:
    return DataError(
        f"{label}, line {line}: this is not JSON: {reason}. What follows cannot be told apart; "
        "correct the file, or export it as .jsonl, with one record a line."
    )


def _too_long(label: str, line: int) -> DataError:
    return DataError(
        f"{label}, line {line}: a record is longer than {RECORD_LIMIT:,} characters. A table has "
        "one object for each row: [{…}, {…}]. Check that it is the right file."
    )
