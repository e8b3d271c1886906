"""Counting events for many rules in one pass over them.

`Plain` writes one filtered aggregate a counter, which reads well. `Packed` gives the same numbers
in less time: several counters share a 64-bit word, each in a field of its own bits; an event adds
1 to the fields of the rules that it counts for. Which fields those are is the AND of a few masks:
one for its type, one for its age, one for each test of an attribute. `coded.Coded` looks most of
them up. A lead with 2^15 events or more would spill over into the next field: who runs a packed
query looks at the number of events of each lead first, and takes the plain query where one has so
many.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from leadscore.plan import terms as t
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.query import Select, all_of

COUNT_BITS = 15
MOST_PACKED: int = 2**COUNT_BITS - 1
"""Events of one lead that packed counters hold."""
MANY = "many_events"
"""The column with the number of events of a lead, beside packed counters."""
WORD_BITS = 62


@dataclass(frozen=True, slots=True)
class Weight:
    """What an event adds to a counter, if not 1: an integer that changes with its age."""

    expression: str
    values: tuple[int, ...]
    """By how often `every` has passed; none below 0. The counter has no older events."""
    every: int
    """In seconds."""

    @property
    def most(self) -> int:
        """The greatest of them."""
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events are counted, over the columns of the events.

    Of any of the `types` by the column `type`, at most `high` seconds old, and satisfying all
    `tests`, each a single comparison or in parentheses, and there once.
    """

    type: str
    types: tuple[t.Types, ...]
    high: int | None = None
    tests: tuple[str, ...] = ()

    def takes(self, key: str | None) -> bool:
        """Whether events of a type are taken; None: of a type that the model does not name."""
        return any((key in types.keys) != types.exclude for types in self.types)


class Counting(ABC):
    """Makes the aggregates over the events; `facts` is the select that has them."""

    def __init__(self, dialect: Dialect, age: str, facts: Select) -> None:
        """`age` is the column of an event's age."""
        self.dialect = dialect
        self._age = age
        self._facts = facts
        self.unpacked: dict[str, tuple[str, str]] = {}
        """Columns that `facts` does not have itself: one that it has, and what to make of it.

        There after `selects`.
        """

    @abstractmethod
    def count(self, choice: Choice, stem: str, weight: Weight | None = None) -> str:
        """The column with the number of events, or the sum of their weights; 0 for none."""

    def some(self, choice: Choice, stem: str) -> str:
        """A column that is 0 where there is no such event, and else some number above it."""
        return self.count(choice, stem)

    def aggregate(self, expression: str, stem: str) -> str:
        """The column of any other aggregate."""
        return self._facts.add(expression, stem)

    def tables(self) -> list[list[Select]]:
        """Small tables that `selects` look at, each by the selects that lead to it; before them."""
        return []

    @abstractmethod
    def selects(self, events: str) -> list[Select]:
        """The select that aggregates the events, and what is below it; the last is `facts`."""

    def test(self, choice: Choice) -> str:
        """Whether an event is taken, as one expression; may be NULL where it is not."""
        tests = self.type_tests(choice.type, choice.types)
        if choice.high is not None:
            tests.append(f"{self._age} <= {choice.high}")
        return all_of([*tests, *choice.tests])

    def chosen(self, choice: Choice) -> str:
        """As `test`, for the expression of an `aggregate`."""
        return self.test(choice)

    def type_tests(self, column: str, types: tuple[t.Types, ...]) -> list[str]:
        """The test of the type; none where every type is taken."""
        parts: list[str] = []
        for one in types:
            texts = [self.dialect.string(key) for key in sorted(one.keys)]
            if one.exclude and not texts:
                return []
            if one.exclude:
                parts.append(f"coalesce({column}, '') not in ({', '.join(texts)})")
            elif len(texts) == 1:
                parts.append(f"{column} = {texts[0]}")
            elif texts:
                parts.append(f"{column} in ({', '.join(texts)})")
        if not parts:
            return ["false"]
        return [parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"]


class Plain(Counting):
    """A filtered aggregate for each counter."""

    def count(self, choice: Choice, stem: str, weight: Weight | None = None) -> str:
        """See `Counting.count`."""
        test = self.test(choice)
        if weight is None:
            return self._facts.add(self.dialect.count_if(test), stem)
        return self._facts.add(self.dialect.sum_if(weight.expression, test), stem)

    def selects(self, events: str) -> list[Select]:
        """See `Counting.selects`."""
        self._facts.source = events
        return [self._facts]


def bits_of(weight: Weight | None) -> int:
    """The bits that a counter of the most events takes."""
    most = weight.most if weight is not None else 1
    return (MOST_PACKED * most).bit_length()


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    choice: Choice
    bits: int


@dataclass(slots=True)
class _Word:
    """Fields that are added up together: of one type column, and of one weight."""

    kind: tuple[str, str]
    fields: list[_Field] = field(default_factory=list)
    used: int = 0


def tests_and_age(item: tuple[tuple[Choice, Weight | None], str]) -> tuple[Any, ...]:
    """What counters are sorted by: those that ask the same are neighbours."""
    (choice, _), name = item
    return sorted(choice.tests), choice.high is None, choice.high or 0, name


_Mask = Callable[[Iterable[_Field]], int]


class Packed(Counting):
    """Counters in fields of words; other aggregates beside them."""

    def __init__(self, dialect: Dialect, age: str, facts: Select) -> None:
        """See `Counting`."""
        super().__init__(dialect, age, facts)
        self.aggregate("count(*)", MANY)
        self._fields: dict[tuple[Choice, Weight | None], str] = {}
        self._joins: list[str] = []
        self._masks_of: dict[str, list[dict[str, int]]] = {}
        """By type column: the masks of each type, a column of the table of masks each."""

    def count(self, choice: Choice, stem: str, weight: Weight | None = None) -> str:
        """See `Counting.count`."""
        known = self._fields.get((choice, weight))
        if known is None:
            known = self._fields[choice, weight] = self._facts.names.new(stem)
        return known

    def selects(self, events: str) -> list[Select]:
        """See `Counting.selects`."""
        for word in self._packed():
            self._write(word)
        tables = self._mask_tables()
        self._facts.source = events + "".join(f"\n{join}" for join in self._joins)
        return [*tables, self._facts]

    def _unpack(self, name: str, start: int, many: int, word: str) -> None:
        """Say that a column is some bits of a word."""
        self.unpacked[name] = (word, self.dialect.bits(word, start, many))

    def _mask_tables(self) -> list[Select]:
        """A table of masks for each type column; joined to the events."""
        tables: list[Select] = []
        for place, (column, masks) in enumerate(self._masks_of.items()):
            name = f"event_masks_{place + 1}"
            keys = sorted({key for mask in masks for key in mask if key})
            rows = []
            for key in keys:
                values = [str(mask.get(key, mask[""])) for mask in masks]
                rows.append(f"({', '.join([self.dialect.string(key), *values])})")
            listed = ", ".join(["masked_type", *(f"mask_{at + 1}" for at in range(len(masks)))])
            listed_rows = ",\n  ".join(rows)
            body = f"select *\nfrom values\n  {listed_rows}\nas masks({listed})"
            tables.append(Select(name, "", self._facts.names, body=body))
            self._joins.append(f"left join {name} on {name}.masked_type = {column}")
        return tables

    def _packed(self) -> list[_Word]:
        """The fields in words, those with the same tests together: a word makes all of its own."""
        words: list[_Word] = []
        for (choice, weight), name in sorted(self._fields.items(), key=tests_and_age):
            bits = bits_of(weight)
            kind = (choice.type, weight.expression if weight is not None else "")
            for word in words:
                if word.kind == kind and word.used + bits <= WORD_BITS:
                    break
            else:
                word = _Word(kind)
                words.append(word)
            word.fields.append(_Field(name, choice, bits))
            word.used += bits
        return words

    def _write(self, word: _Word) -> None:
        dialect = self.dialect
        offsets: dict[str, int] = {}
        at = 0
        for item in word.fields:
            offsets[item.name] = at
            at += item.bits

        def mask(fields: Iterable[_Field]) -> int:
            return sum(1 << offsets[item.name] for item in fields)

        parts = self._masks(word, mask)
        total = parts[0]
        for part in parts[1:]:
            total = dialect.both(total, part)
        if word.kind[1]:
            total = f"({total}) * {word.kind[1]}"
        highs = [item.choice.high for item in word.fields]
        oldest = max((high for high in highs if high is not None), default=0)
        if None not in highs:
            # All masks are left out for the events that are too old for any of them.
            total = f"case when {self._age} <= {oldest} then {total} end"
        name = self._facts.add(dialect.sum(total), "word")
        for item in word.fields:
            self._unpack(item.name, offsets[item.name], item.bits, name)

    def _masks(self, word: _Word, mask: _Mask) -> list[str]:
        everything = mask(word.fields)
        masks = [self._type_mask(word, mask), self._age_mask(word, mask)]
        tests: dict[str, list[_Field]] = {}
        for item in word.fields:
            for test in item.choice.tests:
                tests.setdefault(test, []).append(item)
        for test, those in tests.items():
            rest = everything - mask(those)
            masks.append(f"case when {test} then {everything} else {rest} end")
        return [part for part in masks if part] or [str(everything)]

    def _type_mask(self, word: _Word, mask: _Mask) -> str:
        keys = sorted({key for f in word.fields for types in f.choice.types for key in types.keys})
        others = mask(f for f in word.fields if f.choice.takes(None))
        pairs = [(key, mask(f for f in word.fields if f.choice.takes(key))) for key in keys]
        parts = [
            f"when {self.dialect.string(key)} then {value}"
            for key, value in pairs
            if value != others
        ]
        if not parts:
            return "" if others == mask(word.fields) else str(others)
        if self.dialect.joins_types:
            masks = self._masks_of.setdefault(word.kind[0], [])
            masks.append(dict(pairs) | {"": others})
            table = list(self._masks_of).index(word.kind[0]) + 1
            return f"coalesce(event_masks_{table}.mask_{len(masks)}, {others})"
        return f"case {word.kind[0]} {' '.join(parts)} else {others} end"

    def _age_mask(self, word: _Word, mask: _Mask) -> str:
        highs = sorted({f.choice.high for f in word.fields if f.choice.high is not None})
        parts = [
            f"when {self._age} <= {high} then "
            f"{mask(f for f in word.fields if f.choice.high is None or f.choice.high >= high)}"
            for high in highs
        ]
        unlimited = mask(f for f in word.fields if f.choice.high is None)
        return f"case {' '.join(parts)} else {unlimited} end" if parts else ""
