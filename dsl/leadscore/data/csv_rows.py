"""The rows of a CSV file, exactly: which physical line each starts on, and which are broken.

The grammar is that of RFC 4180, with what real exports do: spaces around a quoted field do not
matter, a quote in the middle of an unquoted field stands for itself (``5" pipe``), and empty
fields past the last column are nothing. DuckDB, which reads sound files faster, reads by the same
grammar; where it stumbles, this module says where and why, and loses nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from leadscore.data.text_file import LINE_LIMIT
from leadscore.errors import DataError
from leadscore.values.text import trim


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be read: where it starts, what it says, why not."""

    line: int
    raw: str
    reason: str


class _Unsound(Exception):
    """Quoting goes wrong; the text is the reason."""


class Rows:
    """The rows of a text file: lists of fields, and broken ones, in the order of the file.

    Where quoting goes wrong, only the line on which the row starts is given up, and reading
    goes on with the next line: one forgotten quote does not swallow the rest of the file.

    Attributes:
        line: physical line, from 1, on which the last row returned starts.
        raw: the text of that row, with its line break.
    """

    def __init__(
        self, file: IO[str], delimiter: str, label: str, *, backslash: bool = False
    ) -> None:
        """Read `file`, opened with ``newline=""``; `label` names it in errors.

        With `backslash`, a quote inside quotes may be written as MySQL does, with a backslash
        before it, and so may a backslash.
        """
        self._file = file
        self._backslash = backslash
        self._delimiter = delimiter
        self._label = label
        self._again: deque[str] = deque()
        self._number = 0
        self.line = 0
        self.raw = ""

    def _next(self) -> str:
        self._number += 1
        if self._again:
            return self._again.popleft()
        line = self._file.readline(LINE_LIMIT)
        if len(line) >= LINE_LIMIT:
            raise DataError(
                f"{self._label}, line {self._number}: the line is longer than {LINE_LIMIT:,} "
                "characters, so this is not a table of one row a line. Check that it is the "
                "right file."
            )
        return line

    def skip(self, lines: int) -> None:
        """Pass over so many physical lines."""
        for _ in range(lines):
            self._next()

    def skip_blank(self) -> str:
        """The next line that is not blank, as text; empty at the end of the file."""
        while line := self._next():
            if trim(line):
                self.line = self._number
                return line
        return ""

    def first(self) -> list[str]:
        """The first row that is not blank: the header; empty where there is none.

        Raises:
            DataError: its quoting is broken.
        """
        line = self.skip_blank()
        try:
            return self._fields(line) if line else []
        except _Unsound as error:
            raise DataError(
                f"{self._label}, line {self.line}: the header cannot be read: {error}."
            ) from None

    def all(self, width: int) -> Iterator[list[str] | BrokenRow]:
        """The rows from here on, each of `width` fields, or as a :class:`BrokenRow`.

        Blank lines are no rows.
        """
        delimiter = self._delimiter
        separators = width - 1
        while line := self._next():
            self.line = self._number
            if '"' not in line:
                self.raw = line
                if line.count(delimiter) == separators:
                    if not separators and not line.rstrip("\r\n"):
                        continue
                    yield line.rstrip("\r\n").split(delimiter)
                    continue
                if not trim(line) and (separators or not line.rstrip("\r\n")):
                    continue
                fields = line.rstrip("\r\n").split(delimiter)
            else:
                try:
                    fields = self._fields(line)
                except _Unsound as error:
                    yield BrokenRow(self.line, line, str(error))
                    continue
            if len(fields) > width and not any(trim(field) for field in fields[width:]):
                del fields[width:]
            if len(fields) == width:
                yield fields
            else:
                yield BrokenRow(self.line, self.raw, _wrong_count(fields, width, self.raw))

    def _fields(self, line: str) -> list[str]:
        """The fields of the row that starts with `line`; takes further lines for quoted ones."""
        delimiter = self._delimiter
        first = line
        fields: list[str] = []
        taken: list[str] = []  # further lines, to be read again where quoting goes wrong
        size = len(line)
        end = len(line.rstrip("\r\n"))
        at = 0
        while True:
            opening = at
            while opening < end and line[opening] == " ":
                opening += 1
            if opening >= end or line[opening] != '"':
                close = line.find(delimiter, at, end)
                if close < 0:
                    fields.append(line[at:end])
                    break
                fields.append(line[at:close])
                at = close + 1
                continue
            parts: list[str] = []
            at = opening + 1
            while True:
                quote = line.find('"', at)
                if self._backslash:
                    escape = line.find("\\", at, quote if quote >= 0 else len(line))
                    if escape >= 0:
                        taken_as_is = line[escape + 1 : escape + 2] in ('"', "\\")
                        parts.append(line[at : escape + (not taken_as_is)])
                        at = escape + 1
                        if taken_as_is:
                            parts.append(line[at])
                            at += 1
                        continue
                if quote < 0:
                    parts.append(line[at:])
                    following = self._next() if size <= LINE_LIMIT else ""
                    if not following:
                        self._give_back(taken, ended=size <= LINE_LIMIT)
                        raise _Unsound("a quote is opened and never closed")
                    taken.append(following)
                    size += len(following)
                    line, at = following, 0
                    end = len(line.rstrip("\r\n"))
                    continue
                parts.append(line[at:quote])
                at = quote + 1
                if line.startswith('"', at):
                    parts.append('"')
                    at += 1
                    continue
                break
            while at < end and line[at] == " ":
                at += 1
            fields.append("".join(parts))
            if at >= end:
                break
            if line[at] != delimiter:
                self._give_back(taken, ended=False)
                raise _Unsound(
                    "after the closing quote of a field comes "
                    f"{line[at : at + 10].rstrip()!r} instead of a separator"
                )
            at += 1
        self.raw = "".join((first, *taken))
        return fields

    def _give_back(self, taken: list[str], *, ended: bool) -> None:
        self._number -= len(taken) + (1 if ended else 0)
        self._again.extendleft(reversed(taken))


def _wrong_count(fields: list[str], width: int, raw: str) -> str:
    header = f"the header has {width}"
    if len(fields) == 1 and width > 1 and raw.lstrip().startswith('"') and len(fields[0]) > 1:
        return f"the whole row stands in quotes, so that it is one field where {header}"
    noun = "field" if len(fields) == 1 else "fields"
    return f"it has {len(fields)} {noun} where {header}"


def sniff_delimiter(header: str) -> str:
    """The separator of a header line: the most frequent of comma, semicolon, tab and pipe.

    Those inside quotes do not count; a line without any is one column.
    """
    outside = "".join(header.split('"')[::2])
    return max(",;\t|", key=outside.count)
