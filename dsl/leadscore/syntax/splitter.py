"""Cutting a text into statements.

A statement is one line, or goes on: inside parentheses, before a line that starts with ``and``,
``or`` or ``where``, and after a line that ends with a comma, ``and`` or ``or``; blank lines and
comments may stand between. A line that starts with a statement's keyword or with signed points
always starts a new one, so an unclosed parenthesis spoils one statement only: the lines that it
would have swallowed are cut again as if there were no parentheses.

What a line is to be parsed as follows from the block that it stands in (a line after ``labels`` is
a label), which follows from the first words of the lines before it, even where those are broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

# The words that start a statement wherever a line begins with them. `unknown values` is one
# token, and a bare `unknown` or `otherwise` starts a case.
_KEYWORDS = frozenset(
    (
        "edition",
        "score",
        "description",
        "limit",
        "fit",
        "engagement",
        "only",
        "exclude",
        "define",
        "properties",
        "events",
        "group",
        "labels",
        "matrix",
        "fast",
        "test",
        "first",
        "by",
        "given",
        "expect",
        "otherwise",
    )
)
_IN_TESTS = frozenset(("event", "in"))

# The start symbol of the lines under a line that starts with the word.
_BLOCKS = {
    "properties": "property",
    "events": "event_type",
    "labels": "label",
    "matrix": "axis",
    "test": "test_line",
    "by": "case",
    "first": "first_case",
}
# Words that leave the block as it is: they are lines of it.
_WITHIN = frozenset(("otherwise", "unknown", "given", "expect", "event", "in"))

_SPECIAL = re.compile(r'"(?:[^"]|"")*"?|\[(?:[^\]]|\]\])*\]?|#.*|[()]')
_FIRST_WORD = re.compile(r"[^\W\d]\w*")
_SIGNED = re.compile(r"[+\-\u2212\u2013]\s*[0-9]")
_UNKNOWN_START = re.compile(r"unknown(?:[ \t]+values(?!\w)|\s*:)")
_GOES_ON = re.compile(r"(?:,|(?<!\w)(?:and|or))$")
_LIMIT_AFTER = re.compile(r"(?:fit|engagement)\s+limit(?!\w)")

Shape = Literal["blank", "start", "test start", "join", "other"]


@dataclass(frozen=True, slots=True)
class _LineInfo:
    """What the splitter needs to know of one line; it depends on the line's text alone."""

    shape: Shape
    first: str
    start: int
    """Columns of the code: without the white space around it and without the comment."""
    end: int
    comment: int
    """Column of the `#`, or -1."""
    opens: int
    """Parentheses opened less parentheses closed."""
    goes_on: bool
    limit_after: bool


@lru_cache(maxsize=20_000)
def _line_info(line: str) -> _LineInfo:
    opens = 0
    comment = -1
    loose_end = False
    for found in _SPECIAL.finditer(line):
        text = found.group()
        if text == "(":
            opens += 1
        elif text == ")":
            opens -= 1
        elif text[0] == "#":
            comment = found.start()
        elif found.end() == len(line) and (len(text) == 1 or text[-1] not in '"]'):
            loose_end = True  # an unclosed text: what it ends with is no sign
    code = line if comment < 0 else line[:comment]
    end = len(code.rstrip())
    start = len(code) - len(code.lstrip())
    if end == 0:
        return _LineInfo("blank", "", 0, 0, comment, 0, False, False)
    found_word = _FIRST_WORD.match(code, start)
    first = found_word.group() if found_word else ""
    shape: Shape = "other"
    if first in _KEYWORDS or (first == "unknown" and _UNKNOWN_START.match(code, start)):
        shape = "start"
    elif first in _IN_TESTS:
        shape = "test start"
    elif first in ("and", "or", "where"):
        shape = "join"
    elif _SIGNED.match(code, start):
        shape = "start"
        first = "+"
    goes_on = not loose_end and _GOES_ON.search(code, start, end) is not None
    limit_after = _LIMIT_AFTER.match(code, start) is not None
    return _LineInfo(shape, first, start, end, comment, opens, goes_on, limit_after)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`, and where it starts in the file."""

    start: int
    text: str


@dataclass(slots=True)
class Piece:
    """The place of one statement, before it is parsed. Offsets are in the file."""

    symbol: str
    """The start symbol to parse it with."""
    line: int
    """Number of its first line, counted from 1."""
    start: int
    end: int
    before: tuple[Comment, ...] = ()
    """Comments on lines of their own above the statement."""
    inside: tuple[Comment, ...] = ()
    suffix: Comment | None = None
    unclosed: bool = False
    """A parenthesis is left open, and a new statement begins."""


@dataclass(slots=True)
class _Row:
    number: int
    offset: int
    text: str
    info: _LineInfo

    def comment(self) -> Comment | None:
        at = self.info.comment
        if at < 0:
            return None
        return Comment(self.offset + at, self.text[at:].rstrip())


def split(text: str) -> tuple[list[Piece], tuple[Comment, ...]]:
    """The statements of `text` in order, and the comments after the last one.

    Time and memory are linear in the length of the text.
    """
    pieces: list[Piece] = []
    block = _Block()
    before: list[Comment] = []
    for rows, unclosed in _statements(list(_rows(text)), block):
        code = [row for row in rows if row.info.shape != "blank"]
        if not code:
            before += [comment for row in rows if (comment := row.comment())]
            continue
        first, last = code[0], code[-1]
        symbol = block.symbol_of(first.info)
        piece = Piece(
            symbol,
            first.number,
            first.offset + first.info.start,
            last.offset + last.info.end,
            tuple(before),
            tuple(comment for row in rows[: rows.index(last)] if (comment := row.comment())),
            last.comment(),
            unclosed,
        )
        before = [
            comment for row in rows[rows.index(last) + 1 :] if (comment := row.comment())
        ]
        pieces.append(piece)
        block.enter(first.info)
    return pieces, tuple(before)


def _rows(text: str) -> Iterator[_Row]:
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield _Row(number, offset, line, _line_info(line.rstrip("\r")))
        offset += len(line) + 1


class _Block:
    """The block that the next line stands in."""

    __slots__ = ("symbol",)

    def __init__(self) -> None:
        self.symbol = "line"

    def symbol_of(self, info: _LineInfo) -> str:
        """The start symbol of a statement that begins with such a line."""
        first = info.first
        if self.symbol == "axis" and first in ("fit", "engagement") and not info.limit_after:
            return "axis"
        if info.shape == "start" and first not in _WITHIN:
            return "line"
        if first == "unknown" and self.symbol != "case":
            return "line"
        if self.symbol not in ("line", "property", "first_case") and _misspelt(first):
            return "line"
        return self.symbol

    def enter(self, info: _LineInfo) -> None:
        """Take note of a statement that begins with such a line."""
        if self.symbol_of(info) == "line":
            # A misspelt `properties` still opens its block: the lines under it are not at fault.
            word = info.first if info.first in _KEYWORDS else _misspelt(info.first)
            self.symbol = _BLOCKS.get(word, "line")


@lru_cache(maxsize=1000)
def _misspelt(word: str) -> str:
    """The word that opens a block and that `word` nearly is; empty where it is none."""
    if len(word) < 3 or word in _KEYWORDS or word in _WITHIN:
        return ""
    close = get_close_matches(word, _BLOCKS, 1, 0.75)
    return close[0] if close and len(close[0]) > 3 else ""


def _statements(
    rows: list[_Row], block: _Block
) -> Iterator[tuple[list[_Row], bool]]:
    """Runs of lines, one statement each (blank lines run along), and whether it is unclosed."""
    at = 0
    while at < len(rows):
        end, depth = _extent(rows, at, block, by_depth=True)
        if depth <= 0:
            yield rows[at:end], False
        else:
            stop = end
            while at < stop:
                end, depth = _extent(rows, at, block, by_depth=False)
                end = min(end, stop)
                yield rows[at:end], depth > 0
                at = end
        at = end


def _extent(
    rows: list[_Row], at: int, block: _Block, *, by_depth: bool
) -> tuple[int, int]:
    """The end of the statement that begins at or after row `at`, and its open parentheses."""
    end = at
    while end < len(rows) and rows[end].info.shape == "blank":
        end += 1
    if end > at:
        return end, 0  # comments and blank lines before a statement
    info = rows[end].info
    depth = max(0, info.opens)
    end += 1
    after = end  # past the last line that belongs to the statement
    goes_on = info.goes_on
    inside_test = block.symbol == "test_line" or info.first == "test"
    while end < len(rows):
        info = rows[end].info
        if info.shape == "blank":
            end += 1
            continue
        if info.shape == "start" or (info.shape == "test start" and inside_test):
            break
        if not (info.shape == "join" or goes_on or (by_depth and depth > 0)):
            break
        depth = max(0, depth + info.opens)
        goes_on = info.goes_on
        end += 1
        after = end
    return after, depth
