"""The readings of properties and attributes as columns; see `leadscore.plan.readings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo

from leadscore.plan.readings import DECLARED, EXPECTED
from leadscore.targets.sql import dates, zones
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.inputs import InputColumn
from leadscore.targets.sql.ladder import Ladder
from leadscore.targets.sql.query import case, slug
from leadscore.values.dates import iso, pattern_reader
from leadscore.values.number import boolean_of, number_of

_STEMS = {"t": "text", "w": "words", "n": "number", "d": "date", "b": "boolean"}


@dataclass(frozen=True, slots=True)
class Field:
    """What is read: a column with what the model says about it."""

    name: str
    column: InputColumn
    kind: str | None
    pattern: str | None
    options: frozenset[str]
    forms: str
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """Values of a field that are there and cannot be read."""

    name: str
    expected: str
    condition: str
    """Over the columns of the ladder; never NULL where it holds."""
    raw: str
    """The column of the value, as trimmed text or typed."""
    source: str
    """The same over the table of the data."""


class Reader:
    """Puts the readings of fields on a ladder; a value is read once for each way of reading it."""

    def __init__(self, dialect: Dialect, ladder: Ladder, zone: tzinfo) -> None:
        self._dialect = dialect
        self._ladder = ladder
        self._zone = zone

    def readings(self, field: Field) -> tuple[dict[str, str], list[Unread]]:
        """The column of each letter that the field is asked for, and what it cannot read.

        A column is NULL where the value is unknown.
        """
        return _One(self._dialect, self._ladder, self._zone, field).readings()

    def second(self, column: InputColumn, pattern: str | None, stem: str) -> tuple[str, str]:
        """The column of times as it is, and that of its UTC second, NULL where there is none."""
        field = Field(stem, column, None, pattern, frozenset(), "d", frozenset())
        one = _One(self._dialect, self._ladder, self._zone, field)
        return one.raw, one.date()

    def local(self, second: str, stem: str) -> str:
        """The column with the local second of one in UTC."""
        if self._zone is UTC:
            return second
        add = self._ladder.add
        at = second
        if zones.returns(self._zone):
            at = add(zones.cycled(self._dialect, second), f"{stem}_cycled", [second])
        expression = f"{second} + {zones.offset_at_utc(self._dialect, at, self._zone)}"
        return add(expression, f"{stem}_local", [second, at])


class _One:
    """The columns of one field."""

    def __init__(self, dialect: Dialect, ladder: Ladder, zone: tzinfo, field: Field) -> None:
        column = field.column
        self.dialect = dialect
        self.add = ladder.add
        self.zone = zone
        self.field = field
        self.kind = column.kind
        self.stem = slug(field.name)
        self.source = column.expression
        source = dialect.trim(column.expression) if self.kind == "text" else column.expression
        self.raw = self.add(source, f"{self.stem}_raw", note=field.name)

    def readings(self) -> tuple[dict[str, str], list[Unread]]:
        field = self.field
        declared = DECLARED.get(field.kind or "")
        unread: list[Unread] = []
        kept = self._read(declared) if declared else None
        if kept is not None and declared is not None:
            unread += self._unread(declared, kept)
        if field.kind == "one of":
            texts = self.text()
            options = ", ".join(map(self.dialect.string, sorted(field.options)))
            unread.append(
                Unread(field.name, "one of", f"{texts} not in ({options})", self.raw, self.source)
            )
        found: dict[str, str] = {}
        for letter in field.forms:
            low = letter.lower()
            if low == declared:
                assert kept is not None
                found[letter] = kept
                continue
            reading = self._read(low)
            if letter in EXPECTED:
                unread += self._unread(letter, reading, kept)
            if kept is not None:
                looks_at = [kept, reading]
                gated = case([(f"{kept} is not null", reading)], "null")
                reading = self.add(gated, f"{self.stem}_{_STEMS[low]}", looks_at)
            found[letter] = reading
        return found, unread

    def _read(self, letter: str) -> str:
        match letter:
            case "t":
                return self.text()
            case "w":
                text = self.text()
                return self.add(self.dialect.words(text), f"{self.stem}_words", [text])
            case "n":
                return self.number()
            case "b":
                return self.boolean()
            case "d":
                return self.date()
        raise AssertionError(letter)

    def _unread(self, letter: str, reading: str, kept: str | None = None) -> list[Unread]:
        """The report of a reading that can fail; `kept` is that of the declared type before it."""
        if letter == "n" and self.kind in ("integer", "double"):
            return []
        if letter == "d" and self.kind in ("date", "timestamp", "instant"):
            return []
        if letter == "b" and self.kind == "boolean":
            return []
        there = self._known() if kept is None else kept
        condition = f"{there} is not null and {reading} is null"
        return [Unread(self.field.name, EXPECTED[letter], condition, self.raw, self.source)]

    def _known(self) -> str:
        """A column that is NULL exactly where the value is unknown, whatever its type."""
        if self.field.unknown or self.kind == "double":
            return self.text()
        return self.raw

    def _gated(self, expression: str, stem: str, *, matters: Callable[[str], bool]) -> str:
        """A reading of `raw`, which is none where the value is among the unknown ones."""
        if any(matters(text) for text in self.field.unknown):
            text = self.text()
            gated = case([(f"{text} is not null", expression)], "null")
            return self.add(gated, stem, [self.raw, text])
        return self.add(expression, stem, [self.raw])

    def text(self) -> str:
        """The folded text, without the unknown values."""
        dialect, raw = self.dialect, self.raw
        text = raw if self.kind == "text" else dialect.text_of(raw, self.kind)
        folded = dialect.lower(text)
        unknown = sorted(self.field.unknown)
        if len(unknown) == 1:
            folded = f"nullif({folded}, {dialect.string(unknown[0])})"
        elif unknown:
            name = self.add(folded, f"{self.stem}_folded", [raw])
            listed = ", ".join(map(dialect.string, unknown))
            gated = case([(f"{name} not in ({listed})", name)], "null")
            return self.add(gated, f"{self.stem}_text", [name])
        return self.add(folded, f"{self.stem}_text", [raw])

    def number(self) -> str:
        expression = self.dialect.number_of(self.raw, self.kind)
        return self._gated(
            expression, f"{self.stem}_number", matters=lambda text: number_of(text) is not None
        )

    def boolean(self) -> str:
        stem = f"{self.stem}_boolean"
        if self.kind == "text":
            text = self.text()
            return self.add(self.dialect.boolean_of(text, self.kind), stem, [text])
        expression = self.dialect.boolean_of(self.raw, self.kind)
        return self._gated(expression, stem, matters=lambda text: boolean_of(text) is not None)

    def date(self) -> str:
        dialect, stem = self.dialect, f"{self.stem}_date"
        match self.kind:
            case "instant":
                return self._gated(dialect.second_of(self.raw), stem, matters=_any)
            case "date" | "timestamp":
                local = self.add(
                    dialect.local_of(self.raw, self.kind), f"{self.stem}_local", [self.raw]
                )
                return self._second(local, None, stem)
            case "text":
                return self._date_of_text(stem)
            case _:
                return self._date_of_number(stem)

    def _date_of_text(self, stem: str) -> str:
        dialect, raw, pattern = self.dialect, self.raw, self.field.pattern
        offset = self.add(_iso_offset(dialect, raw), f"{self.stem}_offset", [raw])
        local = self.add(_iso_local(dialect, raw), f"{self.stem}_local", [raw])
        if pattern is not None:
            folded = self.add(dialect.lower(raw), f"{self.stem}_folded", [raw])
            written = self.add(
                dates.pattern_local(dialect, folded, pattern), f"{self.stem}_written", [folded]
            )
            offset = self.add(
                case([(f"{written} is null", offset)], "null"),
                f"{self.stem}_offset",
                [written, offset],
            )
            local = self.add(
                f"coalesce({written}, {local})", f"{self.stem}_local", [written, local]
            )
        return self._second(local, offset, stem)

    def _date_of_number(self, stem: str) -> str:
        """A column of numbers such as 20260131 with the pattern YYYYMMDD."""
        if self.field.pattern is None or self.kind == "boolean":
            return self.add("cast(null as bigint)", stem, [self.raw])
        dialect = self.dialect
        text = dialect.text_of(self.raw, self.kind)
        folded = self.add(dialect.lower(text), f"{self.stem}_folded", [self.raw])
        expression = dates.pattern_local(dialect, folded, self.field.pattern)
        return self._second(self.add(expression, f"{self.stem}_written", [folded]), None, stem)

    def _second(self, local: str, offset: str | None, stem: str) -> str:
        """The UTC second of a local one; `offset` is the one that the value states."""
        looks_at = [local] if offset is None else [local, offset]
        if self.zone is UTC:
            second = local if offset is None else f"{local} - coalesce({offset}, 0)"
        else:
            at = local
            if zones.returns(self.zone):
                at = self.add(zones.cycled(self.dialect, local), f"{self.stem}_cycled", [local])
                looks_at.append(at)
            second = f"{local} - {zones.offset_at_local(self.dialect, at, self.zone)}"
            if offset is not None:
                second = case([(f"{offset} is not null", f"{local} - {offset}")], second)
        pattern = pattern_reader(self.field.pattern) if self.field.pattern else None

        def matters(text: str) -> bool:
            return iso(text) is not None or (pattern is not None and pattern(text) is not None)

        if any(map(matters, self.field.unknown)):
            text = self.text()
            second = case([(f"{text} is not null", second)], "null")
            looks_at.append(text)
        elif second == local:
            return local
        return self.add(second, stem, looks_at)


def _any(text: str) -> bool:
    return iso(text) is not None


def _iso_local(dialect: Dialect, raw: str) -> str:
    """The local second of a text in ISO 8601, by the dialect's own way where it has one."""
    return dialect.iso_local(raw) or dates.iso_local(dialect, raw)


def _iso_offset(dialect: Dialect, raw: str) -> str:
    """The stated offset of a text in ISO 8601, by the dialect's own way where it has one."""
    return dialect.iso_offset(raw) or dates.iso_offset(dialect, raw)
