"""One statement: from its words to the lines that it is written as.

The words are the parser's tokens, none is added, dropped or spelt in another way. What is set:
the blanks between them, the order of modifiers, where lines break and how far they go in.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.syntax.parser import tokens

INDENT = 2
_CONTINUED = 4
"""How far the further lines of a statement go in, from where it starts."""

# As people say it: which events count, how much they give at most, how it fades, how it is called.
_ORDER: dict[type, int] = {
    kind: place
    for place, kind in enumerate(
        (n.UpTo, n.Latest, n.LimitModifier, n.Decay, n.NoDecay, n.ResetBy, n.Named)
    )
}


@dataclass(slots=True)
class Row:
    """A line. With a comment alone it is a comment's own, with nothing it is blank."""

    indent: int = 0
    text: str = ""
    comment: str = ""
    cell: int = 0
    """Characters of `text` that are its first cell, where it stands in a column; else 0."""


@dataclass(slots=True)
class _Word:
    """A token, and what stands between it and the one before."""

    text: str
    start: int
    breaks: bool = False
    beside: str = ""
    """The comment at the end of the line before."""
    above: list[str] = field(default_factory=list)
    """Comments on lines of their own."""

    @property
    def comments(self) -> list[str]:
        return [self.beside, *self.above] if self.beside else self.above


def rows_of(statement: Statement, level: int) -> list[Row]:
    """The lines of a statement that could be parsed, `level` steps in, without columns.

    The comment beside its last line is there, those above its first are not.
    """
    words = _words(statement.parsed.text)
    _sort_modifiers(words, getattr(statement.node, "modifiers", ()))
    _settle_breaks(words)
    rows = _rows(words, level * INDENT, _cell_words(statement.node))
    if statement.suffix is not None:
        rows[-1].comment = statement.suffix.text
    return rows


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for token in tokens(text):
        start = token.start_pos or 0
        # `unknown values` is one token, whatever blanks stand in it.
        spelt = "unknown values" if token.type == "UNKNOWN_VALUES" else str(token)
        word = _Word(spelt, start)
        beside, *lines = text[end:start].split("\n")
        if lines:
            word.breaks = True
            word.beside = beside.strip()
            word.above = [line.strip() for line in lines if line.strip()]
        words.append(word)
        end = token.end_pos or 0
    return words


def _sort_modifiers(words: list[_Word], modifiers: tuple[n.Modifier, ...]) -> None:
    """Put modifiers in their order. Those of one kind, which is an error, stay as they are."""
    if len(modifiers) < 2:
        return
    starts = [word.start for word in words]
    runs = [
        words[bisect_left(starts, modifier.span.start) : bisect_left(starts, modifier.span.end)]
        for modifier in sorted(modifiers, key=lambda modifier: _ORDER[type(modifier)])
    ]
    begin = bisect_left(starts, modifiers[0].span.start)
    end = bisect_left(starts, modifiers[-1].span.end)
    words[begin:end] = [word for run in runs for word in run]


def _settle_breaks(words: list[_Word]) -> None:
    """Lines break before `and` and `or`, not after; after commas, not before.

    Elsewhere they break beside parentheses, before `where`, and where a comment is.
    """
    for before, word in pairwise(words):
        if word.breaks and before.text in ("and", "or"):
            _break_at(before, before, word)
    for comma, word in pairwise(words):
        # A sign at the start of a line would begin another statement.
        if comma.breaks and comma.text == "," and word.text[0] not in "+-":
            _break_at(word, comma, word)
    for before, word in pairwise(words):
        word.breaks = word.breaks and bool(
            before.text in (",", "(")
            or word.text in (")", "and", "or", "where")
            or word.beside
            or word.above
        )


def _break_at(place: _Word, first: _Word, second: _Word) -> None:
    """Break the line at one of two neighbours only, with the comments of both."""
    if first.breaks:
        beside, above = first.beside, [*first.above, *second.comments]
    else:
        beside, above = second.beside, second.above
    for word in (first, second):
        word.breaks, word.beside, word.above = False, "", []
    place.breaks, place.beside, place.above = True, beside, above


def _rows(words: list[_Word], indent: int, cell_words: int) -> list[Row]:
    rows = [Row(indent)]
    parts: list[str] = []  # of the last row
    opened: list[int] = []  # how far in the lines are that the open parentheses stand on
    before = ""
    for place, word in enumerate(words):
        if word.breaks:
            inside = indent + _CONTINUED
            if opened and opened[-1] > indent:
                inside = opened[-1] + INDENT
            rows[-1].text, parts = "".join(parts), []
            rows[-1].comment = word.beside
            rows += [Row(inside, comment=comment) for comment in word.above]
            rows.append(Row(opened[-1] if word.text == ")" and opened else inside))
        elif before not in ("", "(") and word.text not in (",", ")", ":"):
            parts.append(" ")
        parts.append(word.text)
        if word.text == "(":
            opened.append(rows[-1].indent)
        elif word.text == ")" and opened:
            opened.pop()
        before = word.text
        if place + 1 == cell_words and len(rows) == 1:
            rows[0].cell = sum(map(len, parts))
    rows[-1].text = "".join(parts)
    if cell_words < 0 and len(rows) == 1:
        rows[0].cell = rows[0].text.rindex(": ") + 1
    return rows


def _cell_words(node: n.Line | None) -> int:
    """Words of the first cell of a line that stands in a column; -1 for all up to its colon."""
    match node:
        case n.PropertyLine():
            return 2
        case n.EventTypeLine() | n.LabelLine() | n.AxisLine():
            return 1
        case n.PointsLine(points=(_,)):
            return 1
        case n.CaseLine() | n.FirstCaseLine():
            return -1
    return 0
