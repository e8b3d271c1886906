"""What a dialect of SQL has to be able to say: some thirty primitives, one template each.

The writers of queries (`readings`, `conditions`, `streams`, …) put these together and write no
other SQL than `CASE`, `AND`, `OR`, `NOT`, `coalesce`, comparisons and `+ - *` of integers, `WITH`,
`SELECT`, `JOIN`, `GROUP BY`, `UNION ALL` and window functions, which all dialects share.

Every method takes SQL expressions and gives one. Unless it says otherwise, an expression is
evaluated for every row, so a template must not raise for any input, and gives NULL for NULL. An
expression may be repeated in a template; it is always a column's name or a few functions around
one. The meaning of each is that of the functions of :mod:`leadscore.values`; the vectors in
`tests/sql/vectors.py` hold them against each other.

Units: times are whole seconds since 1970-01-01T00:00 UTC in 64-bit integers; local times are the
same count of the clock's own date and time. Texts are read in three steps: `trim` gives the text,
NULL where it is blank; `lower` of that is the folded text; all other readings start from one
of the two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal

from leadscore.targets.sql.query import search_tree, switch

ColumnKind = Literal["text", "integer", "double", "boolean", "date", "timestamp", "instant"]
"""What a column of the data holds; the seven kinds that values travel in.

`integer` is of 64 bits. `timestamp` has no zone; `instant` is a point in time, whatever zone it
shows.
"""

Period = Literal["hour", "day", "week", "month", "quarter", "year"]


class Unsayable(Exception):
    """A dialect cannot say something; `args[0]` is a sentence. The emitter adds the line."""


class Dialect(ABC):
    """A dialect; the defaults are what DuckDB and PostgreSQL share."""

    name: ClassVar[str]
    """As `--dialect` has it."""
    title: ClassVar[str]
    """As people write it."""
    ran: ClassVar[bool] = True
    """Whether our tests run it; if not, the head of the query says so."""

    materialized: ClassVar[str] = ""
    """What stands behind `as` so that a common table expression is computed once."""

    joins_types: ClassVar[bool] = False
    """Whether to look up what an event's type counts for in a small table, rather than a `case`.

    For databases that would evaluate the `case` for each event instead of each type.
    """

    looks_codes_up: ClassVar[bool] = False
    """Whether packed counters are looked up by a code of an event; see `coded`.

    For databases in which such a join costs less than working out what an event adds.
    """

    # Names and literals

    def identifier(self, name: str) -> str:
        """A name of the user's: a table or a column."""
        return '"' + name.replace('"', '""') + '"'

    def string(self, text: str) -> str:
        """A literal of text, whatever characters are in it (NUL has no place in any text)."""
        return "'" + text.replace("'", "''") + "'"

    @abstractmethod
    def double(self, value: float) -> str:
        """A literal that is exactly this finite IEEE double (`repr` reads back)."""

    @abstractmethod
    def as_text(self, x: str) -> str:
        """The database's own text of a column of whatever type; of text, the text."""

    def shortest(self, x: str) -> str:
        """The text of a decimal without the zeros, and the point, at its end."""
        return f"CASE WHEN {x} LIKE '%.%' THEN rtrim(rtrim({x}, '0'), '.') ELSE {x} END"

    # Texts. `x` is an expression of text unless said otherwise

    @abstractmethod
    def trim(self, x: str) -> str:
        """`x` without the white space of `values.text.WHITE_SPACE` around it; NULL if blank."""

    @abstractmethod
    def lower(self, x: str) -> str:
        """`values.text.lower`: letter by letter, one for one; U+0130 gives i, U+03A3 gives σ."""

    @abstractmethod
    def words(self, folded: str) -> str:
        """`values.text.words`: the runs of letters and digits; '' where there is none.

        Each has a space before it, and there is one after the last.
        """

    def contains(self, x: str, part: str) -> str:
        """Whether `x` holds the text `part` (not SQL: quoted here); true for an empty part."""
        return f"contains({x}, {self.string(part)})"

    def starts(self, x: str, part: str) -> str:
        """Whether `x` begins with the text `part` (not SQL)."""
        return f"starts_with({x}, {self.string(part)})"

    def ends(self, x: str, part: str) -> str:
        """Whether `x` ends with the text `part` (not SQL)."""
        return f"ends_with({x}, {self.string(part)})"

    @abstractmethod
    def matches(self, x: str, pattern: str) -> str:
        """`values.text.wildcard` over the whole value.

        `*` is any run, `?` any one character (code point), every other character is itself.
        Without exponential time for any text.
        """

    def precedes(self, left: str, operator: str, right: str) -> str:
        """`left` `operator` `right` of texts, by code point; both are expressions."""
        return f"{left} {operator} {right}"

    # Readings. `kind` is that of the column; of text, `x` is the result of `trim`

    @abstractmethod
    def text_of(self, x: str, kind: ColumnKind) -> str:
        """`values.text.text_of`, of a column that is not text.

        The shortest digits of a double (no point where integral below 1e16, else as Python's
        `repr`), true and false, ISO 8601 to the second (`2026-01-31`, `2026-01-31T09:30:00`; an
        instant in UTC, without offset). NULL for a double that is infinite or not a number.
        """

    @abstractmethod
    def number_of(self, x: str, kind: ColumnKind) -> str:
        """`values.number.number_of`: a double, NULL where there is none (also infinite ones).

        Of `text`, `integer` and `double`; the others are no numbers: NULL as a double.
        """

    @abstractmethod
    def boolean_of(self, x: str, kind: ColumnKind) -> str:
        """`values.number.boolean_of`; of `text`, `x` is the folded text."""

    @abstractmethod
    def local_of(self, x: str, kind: ColumnKind) -> str:
        """Local seconds of a `date` (its midnight) or `timestamp` (fractions cut off, down)."""

    @abstractmethod
    def second_of(self, x: str) -> str:
        """UTC seconds of an `instant`, fractions cut off, down."""

    @abstractmethod
    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """Local seconds of a date and time, NULL where there is no such.

        All are integers from 0 to 9999; there is no year 0. NULL where one of them is NULL.
        """

    def part(self, x: str, start: int, length: int) -> str:
        """`length` characters of `x` from `start` on, counted from 1."""
        return f"substring({x}, {start}, {length})"

    @abstractmethod
    def integer(self, x: str) -> str:
        """The 64-bit integer of a text of one to four digits; NULL for NULL and for ''."""

    @abstractmethod
    def fits(self, x: str, regex: str) -> str:
        """Whether the whole of `x` fits `regex`, which has no anchors; see `found`."""

    @abstractmethod
    def found(self, x: str, regex: str) -> str:
        """The one capturing group of `regex`, which is to fit the whole of `x`.

        Where it does not fit: '' or NULL.

        Regular expressions are of ASCII classes such as `[0-9]`, `{2}`, `{1,2}`, `?`, `+`, `*`,
        `|`, `(?:...)`, and literal characters; those of ASCII that are not letters or digits are
        escaped by a backslash.
        """

    def iso_local(self, x: str) -> str | None:
        """`dates.iso_local` in a way that is faster or shorter here; None: there is none."""
        return None

    def iso_offset(self, x: str) -> str | None:
        """`dates.iso_offset` in a way that is faster or shorter here; None: there is none."""
        return None

    def step(self, x: str, starts: Sequence[int], values: Sequence[int]) -> str:
        """The integer that holds at an integer `x`: `values[0]` before `starts[0]`, and so on.

        There is one value more than there are starts, which ascend; there may be a thousand.
        """
        return search_tree(x, starts, values)

    # Numbers

    @abstractmethod
    def divide(self, a: str, b: str) -> str:
        """`a // b` of integers, `a` not below 0, `b` above 0; 64 bits, or wide if both are.

        Of wide integers only where the quotient has 64 bits.
        """

    def scale(self, factor: float, x: str) -> str:
        """`factor * x` of doubles, as IEEE has it; an overflow is infinite, not an error."""
        return f"{self.double(factor)} * {x}"

    def whole(self, x: str) -> str:
        """An integer as one of 64 bits; a literal may be of fewer."""
        return f"cast({x} as bigint)"

    @abstractmethod
    def wide(self, x: str) -> str:
        """An integer in a type that holds at least 37 digits; NULLs stay."""

    @abstractmethod
    def floor(self, x: str) -> str:
        """The floor of a double that is below 2^63 in magnitude, as a 64-bit integer; exact."""

    @abstractmethod
    def narrow(self, x: str) -> str:
        """A wide integer, known to be within 64 bits, as one of 64 bits."""

    @abstractmethod
    def points(self, units: str) -> str:
        """The double nearest to `units` / 10,000,000, of a 64-bit integer of any size."""

    @abstractmethod
    def decimal_text(self, units: str) -> str:
        """`values.units.decimal_text` of a 64-bit integer: `66`, `12.5`, `-0.0000001`, `0`."""

    # Time. `second` is in UTC seconds, `local` in local seconds; both may be before 1970

    @abstractmethod
    def now(self) -> str:
        """The instant at which the query runs, in whole UTC seconds."""

    def since(self, x: str, kind: ColumnKind, second: int) -> str | None:
        """A test of a column of times that holds for all from `second` on, local or in UTC.

        It may hold for others too; it is there to be pushed into a file. None: there is none.
        """
        return None

    @abstractmethod
    def period(self, local: str, period: Period) -> str:
        """An integer that two local times share exactly if they are in the same period.

        Clock hours, days, Monday weeks, calendar months, quarters and years, of years 1 to 9999.
        """

    # Aggregates; `condition` may be NULL, which is as false

    def count_if(self, condition: str) -> str:
        """How many rows the condition holds for: a 64-bit integer, 0 for none."""
        return f"count(*) filter (where {condition})"

    def max_if(self, x: str, condition: str) -> str:
        """The highest `x` where the condition holds; NULL for none."""
        return f"max({x}) filter (where {condition})"

    def min_if(self, x: str, condition: str) -> str:
        """The lowest `x` where the condition holds; NULL for none."""
        return f"min({x}) filter (where {condition})"

    def distinct_if(self, x: str, condition: str) -> str:
        """The number of different known texts `x`, by their characters, where it holds."""
        return f"count(distinct {x}) filter (where {condition})"

    def sum(self, x: str) -> str:
        """The sum of 64-bit integers, 64 bits, where there is a row; known not to overflow."""
        return f"sum({x})"

    @abstractmethod
    def sum_if(self, x: str, condition: str) -> str:
        """The sum of 64-bit integers where the condition holds, 64 bits; 0 for none.

        Only for sums that are known not to overflow, nor any part of them.
        """

    @abstractmethod
    def wide_sum_if(self, x: str, condition: str) -> str:
        """The sum of integers (of 64 bits or wide) where it holds, as wide; 0 for none."""

    # Bits, for the dialects in which counters are packed

    def both(self, a: str, b: str) -> str:
        """The bits that are set in both of two 64-bit integers; may stand beside `&`."""
        return f"{a} & {b}"

    def any_bits(self, x: str) -> str:
        """The aggregate of the bits that are set in any of some 64-bit integers."""
        return f"bit_or({x})"

    def place(self, x: str, texts: Sequence[str]) -> str:
        """The place of a text among `texts` (not SQL), from 1 on; 0 where it is none of them."""
        places = [(self.string(text), str(at)) for at, text in enumerate(texts, 1)]
        return switch(x, places, "0")

    def numbers(self, many: int, name: str) -> str:
        """What follows `from` for the integers from 0 to below `many` in a column of that name.

        Only where `looks_codes_up`.
        """
        raise NotImplementedError

    def bits(self, x: str, start: int, many: int) -> str:
        """`many` bits of a 64-bit integer from `start` on, the lowest being 0."""
        return f"({x} >> {start}) & {2**many - 1}"
