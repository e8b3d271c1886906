"""Reading cells: the formula of each reading, and what it gives, known beforehand.

A `Field` is a property or an attribute. It has columns of readings in a grid; `Field.cell` turns a
value into the cell that stands in the data, and the readings that the formulas would get wrong.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from leadscore.errors import DataError
from leadscore.plan import terms as t
from leadscore.plan.readings import DECLARED
from leadscore.targets.formulas.grid import MOST, ROW, Grid, compared, minus, quoted
from leadscore.targets.formulas.zones import offset_at, table_of
from leadscore.values.dates import Reader, date_of, seconds_of
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS, boolean_of, number_of
from leadscore.values.text import lower, normal, text_of, words

EPOCH = 2_209_161_600
"""Seconds from the day 0 of spreadsheets to 1970."""
DAY = 86_400
EARLIEST = 62 * DAY - EPOCH
"""1900-03-02, which is March everywhere: before, spreadsheets have a day too many, or no dates."""
LATEST = 2_958_464 * DAY - EPOCH
"""Before the last day of the year 9999, wherever on earth."""

_PUNCTUATION = "".join(c for c in map(chr, range(33, 127)) if not c.isalnum())
_HUGE, _TINY = 1e290, 1e-270
"""Past them spreadsheets, or differences in them, have no such numbers."""
LONGEST = 32_767
"""Characters of a cell."""
_GUARDED = 200
"""Characters of a text that are compared to see whether it is still the one that was read."""

Read = str | float | int
"""A reading in a cell; unknown is the empty text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the data: nothing, a text, a number, or a date as a serial number."""

    kind: Literal["blank", "text", "number", "date"]
    value: str | float | int | None


NOT_AVAILABLE = "NA()"

BLANK = Cell("blank", None)


@dataclass(frozen=True, slots=True)
class Held:
    """A reading that is put in as it is, in place of the formula."""

    letter: str
    formula: str | None
    """With a check that the data is still the same; None: only the value."""
    value: Read


@dataclass(slots=True)
class Field:
    """A property, an attribute, the type or the time of events."""

    name: str
    forms: str
    spec: t.PropertySpec | None
    unknown: frozenset[str]
    zone: tzinfo
    pattern: Reader | None
    source: str
    """The reference of the cell in the data."""
    counted: bool = False
    """Whether single signs of the text are counted, for a pattern with `?`."""
    columns: dict[str, str] = field(default_factory=dict)
    """The column of each reading, by its letter; ``0`` is the text before it is judged."""
    _memory: dict[tuple[type, Any], tuple[Cell, tuple[Held, ...]]] = field(default_factory=dict)

    @property
    def dates(self) -> bool:
        """Whether a number in a cell is a date."""
        return set(self.forms.lower()) == {"d"}

    def place(self, grid: Grid) -> None:
        """Add the columns of the readings."""
        x = self.source
        wanted = set(self.forms.lower())
        gate = self.gate
        if gate:
            wanted.add(gate)
        texts = bool(wanted & set("twb"))

        def add(letter: str, title: str, formula: str) -> None:
            if gate in self.columns and letter != "k":
                formula = f'IF({self.columns[gate]}{ROW}="","",{formula})'
            self.columns[letter] = grid.add(f"{self.name}: {title}", formula)

        numbers = {"n": self._number()}
        if "d" in wanted:
            numbers["d"] = self._instant(grid)
        if texts:
            add("0", "text", _text_formula(x))
        if gate in numbers and gate in wanted:
            add(gate, _TITLES[gate], numbers[gate])
        if texts:
            add("k", "known text", self._judged(self.columns["0"] + ROW))
        if "b" in wanted:
            known = self.columns["k"] + ROW
            yes, no = _any_of(known, TRUE_WORDS), _any_of(known, FALSE_WORDS)
            add("b", "yes or no", f'IF({yes},1,IF({no},0,""))')
        for letter, formula in numbers.items():
            if letter in wanted and letter not in self.columns:
                add(letter, _TITLES[letter], formula)
        if wanted & set("tw"):
            add("t", "folded text", self.columns["k"] + ROW)
        if "w" in wanted:
            cleaned = self.columns["t"] + ROW
            for character in _PUNCTUATION:
                cleaned = f'SUBSTITUTE({cleaned},{quoted(character)}," ")'
            trimmed = grid.own(f"{self.name}: words trimmed", f"TRIM({cleaned})")
            add("w", "words", f'IF({trimmed}="",""," "&{trimmed}&" ")')

    @property
    def gate(self) -> str:
        """The reading without which the value is unknown; empty where there is none."""
        return DECLARED.get((self.spec.kind if self.spec else None) or "", "")

    def _instant(self, grid: Grid) -> str:
        x = self.source
        if not self.dates:
            return f'IF(ISTEXT({x}),NA(),"")'
        table = table_of(self.zone)
        local = local_seconds(x)
        if table is None:
            return f'IF(ISNUMBER({x}),{local},"")'
        there = grid.own(f"{self.name}: local seconds", f'IF(ISNUMBER({x}),{local},"")')
        return f'IF({there}="","",{table.to_instant(there)})'

    def _judged(self, text: str) -> str:
        """The text, or nothing where it is among the unknown values, or no value as declared."""
        result = text
        if self.unknown:
            result = f'IF({_any_of(text, self.unknown)},"",{text})'
        if self.gate in self.columns:
            result = f'IF({self.columns[self.gate]}{ROW}="","",{result})'
        return result

    def _number(self) -> str:
        """The number of a cell that holds one, or nothing where it is an unknown value."""
        x = self.source
        found = [
            number
            for text in sorted(self.unknown)
            if (number := number_of(text)) is not None and text_of(number) == text
        ]
        kept = x
        if found:
            tests = ",".join(compared(x, "=", minus(number)) for number in found)
            kept = f'IF(OR({tests}),"",{x})'
        return f'IF(ISNUMBER({x}),{kept},"")'

    # Values

    def cell(self, value: Any) -> tuple[Cell, tuple[Held, ...]]:
        """The cell of a value, and the readings of it that formulas would not get right.

        Raises DataError where a sheet cannot hold the value.
        """
        if not self._hashable(value):
            return self._cell(value)
        key = type(value), value
        found = self._memory.get(key)
        if found is None:
            found = self._memory[key] = self._cell(value)
        return found

    def _hashable(self, value: Any) -> bool:
        # Date-times that differ in `fold` alone are equal as keys, 0.0 and -0.0 are, too.
        return isinstance(value, str)

    def _cell(self, value: Any) -> tuple[Cell, tuple[Held, ...]]:
        true = self._true(value)
        best: tuple[Cell, tuple[Held, ...]] | None = None
        for candidate in self._candidates(value, true):
            if lost := self._lost(true):
                return candidate, (Held(lost, NOT_AVAILABLE, ""),)
            wrong = self._wrong(candidate, true)
            if not wrong:
                return candidate, ()
            if best is None or candidate.kind == "text":
                best = candidate, wrong
        return best or (BLANK, ())

    def _lost(self, true: Mapping[str, Read]) -> str:
        """A reading that no sheet can have, so that it has to be #N/A; empty where all is well."""
        number = true.get("n", "")
        if isinstance(number, float) and (abs(number) > _HUGE or 0 < abs(number) < _TINY):
            return "n"
        text = str(true.get("t", ""))
        # Some spreadsheets count these as two signs, and `?` is one.
        return "t" if self.counted and any(character > "\uffff" for character in text) else ""

    def _true(self, value: Any) -> Mapping[str, Read]:
        """The readings by the language, in the order of the columns."""
        plain = normal(value)
        text = text_of(plain)
        folded = lower(text) if text else ""
        found: dict[str, Read] = {}
        unknown = not folded or folded in self.unknown
        for letter in self.columns:
            got: Any
            match letter:
                case "0":
                    found[letter] = holdable(folded)
                    continue
                case "t" | "k":
                    got = holdable(folded)
                case "w":
                    got = words(folded)
                case "n":
                    got = number_of(plain)
                case "d":
                    got = date_of(plain, self.zone, self.pattern)
                case _:
                    yes = boolean_of(plain)
                    got = None if yes is None else int(yes)
            found[letter] = "" if unknown or got is None else got
        for letter in found:
            if self._shut(letter, found):
                found[letter] = ""
        return found

    def _shut(self, letter: str, readings: Mapping[str, Read]) -> bool:
        """Whether a reading is unknown because the value is none of the declared type."""
        gate = self.gate
        if letter in ("0", gate) or (letter == "k" and gate == "b"):
            return False
        return gate in readings and readings[gate] == ""

    def _candidates(self, value: Any, true: Mapping[str, Read]) -> list[Cell]:
        """Cells that may stand for a value, the best first."""
        plain = normal(value)
        text = text_of(plain)
        if not text:
            return [BLANK]
        held = Cell("text", holdable(text))
        if len(text) > LONGEST:
            raise DataError(
                f"{self.name}: a cell holds {LONGEST:,} characters, and the value that begins "
                f"{text[:40]!r} has more"
            )
        found: list[Cell] = []
        instant = true.get("d", "")
        if self.dates and instant != "":
            assert isinstance(instant, int)
            if EARLIEST <= instant < LATEST:
                found.append(Cell("date", serial(instant, self.zone)))
        elif not self.dates and not isinstance(plain, bool):
            number = number_of(plain)
            if number is not None and (number == 0 or _TINY < abs(number) < _HUGE):
                whole = int(number) if number == int(number) and abs(number) < MOST else number
                found.append(Cell("number", whole))
        if isinstance(value, str) and "n" not in self.columns and not self.dates:
            return [held, *found]
        return [*found, held]

    def _wrong(self, cell: Cell, true: Mapping[str, Read]) -> tuple[Held, ...]:
        return tuple(
            self._held(cell, letter, value)
            for letter, value in true.items()
            if self._computed(cell, letter, true) != value
        )

    def _computed(self, cell: Cell, letter: str, true: Mapping[str, Read]) -> Read | None:
        """What the formula of a reading gives, the other readings being right; None: not known."""
        x = cell.value
        if self._shut(letter, true):
            return ""
        match letter:
            case "0":
                return _computed_text(cell)
            case "k":
                return "" if true["0"] in self.unknown else true["0"]
            case "t":
                return true["k"]
            case "w":
                text = str(true["t"])
                sound = all(c.isalnum() or c == " " or c in string.punctuation for c in text)
                return words(text) if sound else None
            case "b":
                text = str(true["k"])
                return 1 if text in TRUE_WORDS else 0 if text in FALSE_WORDS else ""
            case "n":
                if cell.kind != "number":
                    return ""
                assert isinstance(x, int | float)
                return "" if text_of(x) in self.unknown else float(x)
            case _:
                if self.dates:
                    if cell.kind != "date":
                        return ""
                    assert isinstance(x, int | float)
                    return _instant_of(x, self.zone)
                return None if cell.kind == "text" else ""

    def _held(self, cell: Cell, letter: str, value: Read) -> Held:
        x = self.source
        if isinstance(value, str):
            if len(value) > 5 * _GUARDED:
                return Held(letter, None, value)
            shown = quoted(value)
        else:
            shown = repr(value)
            if len(shown.partition("e")[0].replace(".", "").replace("-", "")) > 15:
                return Held(letter, None, value)
            shown = shown.replace("e", "E")
        if cell.kind == "text":
            text = str(cell.value)
            same = f"EXACT({x},{quoted(text)})"
            if len(text) > _GUARDED:
                same = f"EXACT(LEFT({x},{_GUARDED}),{quoted(text[:_GUARDED])})"
            if any(ord(c) > 0xFFFF for c in text[:_GUARDED]) and len(text) > _GUARDED:
                return Held(letter, None, value)
        else:
            number = repr(cell.value).replace("e", "E")
            same = f"IF(ISNUMBER({x}),ABS(SUM({x},-({number})))<=ABS({x})*1E-14,FALSE)"
        return Held(letter, f"IF({same},{shown},NA())", value)


_TITLES = {"n": "number", "d": "seconds"}


def _any_of(text: str, options: frozenset[str]) -> str:
    tests = [f"EXACT({text},{quoted(option)})" for option in sorted(options)]
    chunks = [tests[start : start + 100] for start in range(0, len(tests), 100)]
    inner = [f"OR({','.join(chunk)})" if len(chunk) > 1 else chunk[0] for chunk in chunks]
    return inner[0] if len(inner) == 1 else f"OR({','.join(inner)})"


def _text_formula(x: str) -> str:
    """The folded text of a cell.

    What a person types later with a blank around it gives #N/A rather than a text that equals
    nothing: taking blanks away would take TRIM, which also takes those inside.
    """
    number = f'IF(AND(ABS({x})<=2E+14,INT({x})={x}),TEXT({x},"0"),SUBSTITUTE({x}&"",",","."))'
    blanks = f'OR(EXACT(LEFT({x},1)," "),EXACT(RIGHT({x},1)," "))'
    return f'IF({x}="","",IF(ISNUMBER({x}),{number},IF({blanks},NA(),LOWER({x}))))'


def _computed_text(cell: Cell) -> str | None:
    """What `_text_formula` gives; None where spreadsheets may differ."""
    x = cell.value
    if x is None:
        return ""
    if cell.kind == "text":
        text = str(x)
        return lower(text) if all(map(_lowered_alike, text)) else None
    if cell.kind == "date":
        return None
    assert isinstance(x, int | float)
    if x == int(x) and abs(x) <= MOST:
        return str(int(x))
    shown = repr(x)
    short = len(shown) <= 11 and 1e-4 <= abs(x) < 1e10 and "e" not in shown
    return shown if short else None


def _lowered_alike(character: str) -> bool:
    """Whether every spreadsheet has the same lower case of a letter."""
    if character <= "~":
        return True
    if character in "İŉſǅǈǋǲΣςẞ":
        return False
    if "\u00a1" <= character <= "\u017f" or "\u0391" <= character <= "\u045f":
        return len(character.lower()) == 1
    return character.lower() == character.upper() == character and character <= "\uffff"


def holdable(text: str) -> str:
    """The text with what XML cannot hold as U+FFFD, which is a sign and no letter either."""
    if all(character >= " " or character in "\t\n" for character in text) and not any(
        "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff" for character in text
    ):
        return text
    return "".join(
        "\ufffd"
        if (c < " " and c not in "\t\n") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"
        else c
        for c in text
    )


def local_seconds(x: str) -> str:
    """The local seconds since 1970 of a cell with a date, fractions cut off."""
    return f"INT({x}*{DAY}+0.001)-{EPOCH}"


def serial(instant: int, zone: tzinfo) -> float:
    """The local date and time of an instant, as spreadsheets count days."""
    whole, rest = divmod(instant + offset_at(zone, instant) + EPOCH, DAY)
    return whole + rest / DAY if rest else whole


def _instant_of(number: float, zone: tzinfo) -> int:
    """The instant of a local date and time, as `serial` has it."""
    local = int(number * DAY + 0.001) - EPOCH
    return seconds_of(datetime(1970, 1, 1) + timedelta(seconds=local), zone)
