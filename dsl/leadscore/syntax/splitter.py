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
from functools import lru_cache
from typing import Literal

from leadscore.diagnostics import nearest

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
# Blocks whose lines have a colon, and may begin with a bare name.
_WITH_COLON = frozenset(("property", "case", "first_case"))

# The colons of a time of day are none of the line's.
_SPECIAL = re.compile(r'"(?:[^"]|"")*"?|\[(?:[^\]]|\]\])*\]?|#.*|T[0-9]{2}(?::[0-9]{2})+|[():]')
# Characters that nobody sees, pasted along from web pages: no part of the word that is meant.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_FIRST_WORD = re.compile(rf"[^\W\d][\w{_INVISIBLE}]*")
_UNSEEN = str.maketrans("", "", _INVISIBLE)
_SIGNED = re.compile(r"[+\-\u2212\u2013]\s*[0-9]")
_UNKNOWN_START = re.compile(r"unknown(?:[ \t]+values(?!\w)|\s*:)")
_GOES_ON = re.compile(r"(?:,|(?<!\w)(?:and|or))$")
_LIMIT_AFTER = re.compile(r"(?:fit|engagement)\s+limit(?!\w)")

# Forms by which a line is recognised whose block is lost. Each looks at a bounded stretch.
_NAMED = re.compile(r'\w+\s*:(?!\s*")')  # not `group: "A"`
_OUTPUT_TEST = re.compile(r"(?:score|fit|engagement)\s*(?:[<>=!]|is(?!\w))")
_UNTYPED = re.compile(r"\w+\s+(?:number|text|date|boolean|one\s+of)(?!\w)")
_TYPED = re.compile(r"(?:\w+|\[[^\]]*\])\s*:\s*[^\W\d]")
_CASE = re.compile(r"[0-9<>=!\"]|(?:contains|between|unknown|otherwise)(?!\w)")
_POINTS_AT_END = re.compile(r":\s*[+\-\u2212\u2013]?\s*[0-9][0-9.,kM]*$")
_UNSIGNED_RULE = re.compile(r"[0-9][0-9.]*\s+(?:points\s+)?(?:if|always|for|once)(?!\w)")
_EVENT_TYPE = re.compile(r'"[^"]*"\s+from\s+"')
_AXIS = re.compile(r"(?:fit|engagement)\s+\"")
_LABEL = re.compile(r'"[^"]*"\s+(?:from|below|score|fit|engagement|if|color)(?!\w)')

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
    colon: bool
    """Whether a colon stands outside of texts and brackets."""


@lru_cache(maxsize=20_000)
def _line_info(line: str) -> _LineInfo:
    opens = 0
    comment = -1
    loose_end = colon = False
    for found in _SPECIAL.finditer(line):
        text = found.group()
        if text == "(":
            opens += 1
        elif text == ")":
            opens -= 1
        elif text == ":":
            colon = True
        elif text[0] == "#":
            comment = found.start()
        elif text[0] == "T":
            pass
        elif found.end() == len(line) and (len(text) == 1 or text[-1] not in '"]'):
            loose_end = True  # an unclosed text: what it ends with is no sign
    code = line if comment < 0 else line[:comment]
    end = len(code.rstrip())
    start = len(code) - len(code.lstrip())
    if end == 0:
        return _LineInfo("blank", "", 0, 0, comment, 0, False, False, False)
    first = first_word(code[start:])
    shape: Shape = "other"
    if first == "unknown" and (begins := _UNKNOWN_START.match(code, start)) is not None:
        shape = "start"
        if not begins.group().endswith(":"):
            first = "unknown values"
    elif first in _KEYWORDS:
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
    return _LineInfo(shape, first, start, end, comment, opens, goes_on, limit_after, colon)


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
    for rows in _statements(list(_rows(text)), block):
        code = [row for row in rows if row.info.shape != "blank"]
        if not code:
            before += [comment for row in rows if (comment := row.comment())]
            continue
        first, last = code[0], code[-1]
        symbol = block.symbol_of(first)
        piece = Piece(
            symbol,
            first.number,
            first.offset + first.info.start,
            last.offset + last.info.end,
            tuple(before),
            tuple(comment for row in rows[: rows.index(last)] if (comment := row.comment())),
            last.comment(),
        )
        before = [comment for row in rows[rows.index(last) + 1 :] if (comment := row.comment())]
        pieces.append(piece)
        block.enter(code)
    return pieces, tuple(before)


def _rows(text: str) -> Iterator[_Row]:
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield _Row(number, offset, line, _line_info(line.rstrip("\r")))
        offset += len(line) + 1


class _Block:
    """The block that the next line stands in."""

    __slots__ = ("lost", "symbol")

    def __init__(self) -> None:
        self.symbol = "line"
        self.lost = False
        """Whether the line before could not be recognised: it may have opened another block."""

    def symbol_of(self, row: _Row) -> str:
        """The start symbol of a statement that begins with such a line."""
        info = row.info
        first = info.first
        if self.symbol == "axis" and first in ("fit", "engagement") and not info.limit_after:
            return "axis"
        if self.lost and _AXIS.match(row.text, info.start):
            return "axis"
        if self.symbol in _WITH_COLON and _is_named_line(row, self.symbol):
            return self.symbol
        if info.shape == "start" and first not in _WITHIN:
            return "line"
        if self.lost and (guess := _guess(row)) != "line":
            return guess
        if self.symbol == "line" or _UNSIGNED_RULE.match(row.text, info.start):
            return "line"
        if not (info.colon and self.symbol in _WITH_COLON):
            meant = keyword_meant(first)
            if self.symbol == "axis" and meant in ("fit", "engagement"):
                return "axis"
            if meant != first and meant and meant not in _WITHIN:
                return "line"
        return self.symbol

    def enter(self, rows: list[_Row]) -> None:
        """Take note of a statement of these lines."""
        row = rows[0]
        first = row.info.first
        symbol = self.symbol_of(row)
        self.lost = False
        if symbol == "line":
            # A misspelt `properties` still opens its block: the lines under it are not at fault.
            meant = keyword_meant(first)
            symbol = _BLOCKS.get(meant, "line")
            self.lost = not meant and first not in ("+", "unknown values")
        elif symbol in ("case", "first_case"):
            # One that begins as a case does is no head of another block.
            with_colon = any(each.info.colon for each in rows)
            self.lost = not (with_colon or _CASE.match(row.text, row.info.start))
        elif first and symbol not in ("property", "axis"):
            self.lost = first not in _WITHIN  # a bare word begins no such line
        self.symbol = symbol


def _is_named_line(row: _Row, symbol: str) -> bool:
    """Whether a line of names and a colon only looks like a statement: `score: number`."""
    info = row.info
    if info.first in _WITHIN or info.first not in _KEYWORDS:
        return False
    if _NAMED.match(row.text, info.start) is not None:
        return True
    if symbol == "first_case" and _OUTPUT_TEST.match(row.text, info.start) is not None:
        return info.colon  # a case that asks for the score, which none can
    return symbol == "property" and _UNTYPED.match(row.text, info.start) is not None


def _guess(row: _Row) -> str:
    """The start symbol for a line whose block is not known, by its form."""
    info = row.info
    if info.first in ("given", "expect", "event", "in") and not info.colon:
        return "test_line"
    if info.colon and _POINTS_AT_END.search(row.text, max(info.start, info.end - 40), info.end):
        return "case" if _CASE.match(row.text, info.start) else "first_case"
    for form, symbol in ((_TYPED, "property"), (_EVENT_TYPE, "event_type"), (_LABEL, "label")):
        if form.match(row.text, info.start, info.end):
            return symbol
    return "line"


def first_word(text: str) -> str:
    """The word that a statement begins with; empty where it begins with none."""
    found = _FIRST_WORD.match(text)
    return found.group() if found else ""


_MEANT = tuple(sorted(_KEYWORDS | {"event"}))


@lru_cache(maxsize=5000)
def keyword_meant(word: str) -> str:
    """The keyword of a statement that `word` is, or nearly is; empty where it is none."""
    small = word.translate(_UNSEEN).lower()
    if small in _KEYWORDS:
        return small
    if len(word) < 4:
        return ""
    return nearest(small, _MEANT, 0.75) or ""


def _statements(rows: list[_Row], block: _Block) -> Iterator[list[_Row]]:
    """Runs of lines, one statement each; blank lines run along."""
    at = 0
    while at < len(rows):
        end, depth = _extent(rows, at, block, by_depth=True)
        if depth <= 0:
            yield rows[at:end]
        else:
            stop = end
            while at < stop:
                end = min(_extent(rows, at, block, by_depth=False)[0], stop)
                yield rows[at:end]
                at = end
        at = end


def _extent(rows: list[_Row], at: int, block: _Block, *, by_depth: bool) -> tuple[int, int]:
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
