"""Sheets of formulas that run row by row, and the small words of formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

ROW, PREVIOUS = "\x00", "\x01"
"""In a formula, the number of its own row, and of the row above."""

FIRST_ROW = 2
"""Of data; above it stands the header."""

LONG = 250
"""An expression longer than this gets a column of its own before it goes into another one.

Excel takes 64 levels of functions and 8,192 characters: a level has at least five characters.
"""

MOST = 2 * 10**14
"""Whole numbers up to it are added, subtracted and compared exactly by every spreadsheet.

Excel compares 15 digits; LibreOffice takes a difference for 0 that is below 2^-48 of its parts.
"""

_LONGEST = 8_192

_TEXT_PIECE = 200
"""Characters of a text in a formula; Excel takes 255."""

_DIGITS = 15
"""Of a number in a formula that Excel takes as it is."""


class CannotSay(Exception):
    """A line of the model that no formula says exactly; the text completes a sentence."""

    def __init__(self, reason: str, line: int = 0, definition: str | None = None) -> None:
        """`definition` is the key of the one that cannot be said, which a plan has no line of."""
        super().__init__(reason)
        self.line = line
        self.definition = definition


@dataclass(frozen=True, slots=True)
class Column:
    """A column of formulas; `first` is the formula of the first row, where it is another."""

    title: str
    formula: str
    first: str | None = None

    def at(self, row: int) -> str:
        """The formula of a row, without its equals sign."""
        text = self.first if row == FIRST_ROW and self.first is not None else self.formula
        return text.replace(ROW, str(row)).replace(PREVIOUS, str(row - 1))


@dataclass(slots=True)
class Grid:
    """A sheet of helper columns with as many rows as the data beside it."""

    name: str
    rows: int
    columns: list[Column] = field(default_factory=list)
    _known: dict[tuple[str, str | None], str] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """The number of the last row."""
        return FIRST_ROW + self.rows - 1

    def add(self, title: str, formula: str, first: str | None = None) -> str:
        """The letters of a column with this formula; one that is there already is taken."""
        key = formula, first
        found = self._known.get(key)
        if found is None:
            self.columns.append(Column(title, formula, first))
            found = self._known[key] = letters(len(self.columns))
        return found

    def own(self, title: str, formula: str, first: str | None = None) -> str:
        """A reference to the cell of such a column in the same row."""
        return self.add(title, formula, first) + ROW

    def constants(self, title: str) -> str:
        """A reference to a new column whose values the writer knows; 0 where it says nothing."""
        self.columns.append(Column(title, "0"))
        return letters(len(self.columns)) + ROW

    def running(self, title: str, start: str, more: str) -> str:
        """A reference to a column that goes on from the row above: `more` names it by PREVIOUS.

        `more` has ``{above}`` where the cell above is meant.
        """
        column = letters(len(self.columns) + 1)
        formula = more.replace("{above}", column + PREVIOUS)
        # The same expression over another column is the same; the letters differ, so by `more`.
        key = more, start
        found = self._known.get(key)
        if found is None:
            self.columns.append(Column(title, formula, start))
            found = self._known[key] = column
        return found + ROW

    def short(self, title: str, expression: str) -> str:
        """The expression, or a reference to a column of it where it is long."""
        return expression if len(expression) <= LONG else self.own(title, expression)

    def check(self) -> None:
        """Raise CannotSay where a formula is longer than spreadsheets take."""
        for column in self.columns:
            if len(column.formula) > _LONGEST - 1_000:  # rows have up to seven digits
                raise CannotSay(f"a formula has at most {_LONGEST:,} characters: {column.title}")

    def there(self, reference: str) -> str:
        """The whole column of a reference of this grid, for formulas of other sheets."""
        column = reference.removesuffix(ROW)
        return f"{self.name}!${column}${FIRST_ROW}:${column}${self.last_row}"


def letters(number: int) -> str:
    """The name of the column of a number, from 1: A, B, …, Z, AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def quoted(text: str) -> str:
    """A text in a formula. Raises CannotSay where it has characters that no sheet can hold."""
    pieces: list[str] = []
    for line_number, line in enumerate(text.split("\n")):
        if line_number:
            pieces.append("CHAR(10)")
        for tab_number, part in enumerate(line.split("\t")):
            if tab_number:
                pieces.append("CHAR(9)")
            if any(character < " " or "\ud800" <= character <= "\udfff" for character in part):
                raise CannotSay("a sheet cannot hold the control characters of this text")
            for start in range(0, len(part), _TEXT_PIECE):
                piece = part[start : start + _TEXT_PIECE].replace('"', '""')
                pieces.append(f'"{piece}"')
    if len(pieces) > 1:
        return f"({'&'.join(pieces)})"
    return pieces[0] if pieces else '""'


def literal(value: float | int | Decimal) -> str:
    """A number in a formula, as the double that it is.

    Raises CannotSay where that takes more than 15 digits, of which Excel would drop the rest.
    """
    number = float(value)
    text = repr(number)
    mantissa, _, exponent = text.partition("e")
    digits = mantissa.replace(".", "").replace("-", "").strip("0")
    if len(digits) > _DIGITS:
        raise CannotSay(f"a spreadsheet keeps {_DIGITS} digits of a number, and {value} has more")
    if number == int(number) and abs(number) < 10**_DIGITS:
        return str(int(number))
    return f"{mantissa}E{int(exponent):+d}" if exponent else text


def minus(value: float | int | Decimal) -> str:
    """The literal of a number with the other sign."""
    text = literal(value)
    return text[1:] if text.startswith("-") else f"-{text}"


def joined(grid: Grid, word: str, items: Sequence[str]) -> str:
    """AND or OR of expressions, in columns of their own where they are too long together."""
    if len(items) == 1:
        return items[0]
    short = [grid.short("condition", item) for item in items]
    while True:
        chunks: list[list[str]] = [[]]
        size = 0
        for item in short:
            if chunks[-1] and (size + len(item) > 4 * LONG or len(chunks[-1]) >= 100):
                chunks.append([])
                size = 0
            chunks[-1].append(item)
            size += len(item) + 1
        if len(chunks) == 1:
            return f"{word}({','.join(short)})"
        short = [
            grid.own("condition", f"{word}({','.join(chunk)})") if len(chunk) > 1 else chunk[0]
            for chunk in chunks
        ]


def summed(grid: Grid, items: Sequence[str]) -> str:
    """The sum of references; 0 of none."""
    left = list(items)
    while len(left) > 100:
        left = [
            grid.own("sum", f"SUM({','.join(left[start : start + 100])})")
            for start in range(0, len(left), 100)
        ]
    return f"SUM({','.join(left)})" if left else "0"


def compared(left: str, operator: str, negated: str) -> str:
    """Two numbers as doubles, exactly; `negated` is the second with the other sign.

    Excel compares 15 digits. SUM adds doubles, but LibreOffice's takes a sum for 0 where what it
    adds at the end (the first number, or in later versions the last) leaves little of it. So
    both are next to nothing, less than any difference that there can be; together they tip an
    equality to one side.
    """
    if operator == "=":
        return f"SIGN({_difference(left, negated, '')})+SIGN({_difference(left, negated, '-')})=0"
    sign = "" if operator in (">=", "<") else "-"
    return f"SIGN({_difference(left, negated, sign)}){operator}0"


def _difference(left: str, negated: str, sign: str) -> str:
    return f"SUM({sign}2E-300,{left},{negated},{sign}1E-300)"


def floored(x: str) -> str:
    """The whole part of a number from 0; INT alone rounds up what is nearly whole."""
    return f"(INT({x})-IF({compared(f'INT({x})', '>', f'-{x}')},1,0))"
