"""Counting events by a code, and a table of what each code adds to the counters.

Of an event counters look at three things: its type, between which bounds its age lies, and the
answers of tests of its attributes. These make one small number, its code. For every code that there
can be, a table has the words that an event of it adds to those of its lead, points that decay
included: so a rule more costs a field of the words, whatever it asks. Answers that would make the
table too large are left out of the code; masks that are worked out for each event stand in for
them, as in `counting.Packed`. A counter of which only matters whether there is such an event takes
one bit of a word whose bits are not added up.

The words of the table are laid out as those of `Packed`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from leadscore.targets.sql.counting import (
    WORD_BITS,
    Choice,
    Packed,
    Weight,
    bits_of,
    tests_and_age,
)
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.query import Column, Names, Select, all_of, search_tree, switch

_MOST_CODES = 2**13
"""Of a table with tests: it is to stay in the cache of a processor."""
_MOST_BARE_CODES = 2**16
"""Of types and ages alone."""
_MOST_STEPS = 128
"""Steps of decay that are told apart by the code."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A counter: of `weight`, or of whether there is an event at all."""

    name: str
    choice: Choice
    weight: Weight | None
    flag: bool

    @property
    def bits(self) -> int:
        """How many bits it takes."""
        return 1 if self.flag else bits_of(self.weight)

    def amount(self, age: int) -> int:
        """What an event of an age adds."""
        return 1 if self.weight is None else self.weight.values[age // self.weight.every]


@dataclass(slots=True)
class _Word:
    flags: bool
    fields: dict[_Field, int] = field(default_factory=dict)
    """Each with its lowest bit."""
    used: int = 0

    def add(self, item: _Field) -> None:
        """Add a field, for which there is room."""
        self.fields[item] = self.used
        self.used += item.bits

    def bits(self, fields: Iterable[_Field]) -> int:
        """All bits of some of the fields."""
        return sum(((1 << item.bits) - 1) << self.fields[item] for item in fields)

    def asks(self, test: str) -> bool:
        """Whether a field has such a test."""
        return any(test in item.choice.tests for item in self.fields)


class Coded(Packed):
    """See the head of the module."""

    def __init__(self, dialect: Dialect, age: str, facts: Select) -> None:
        """See `Counting`."""
        super().__init__(dialect, age, facts)
        self._flags: dict[Choice, str] = {}
        self._chosen: dict[str, list[tuple[str, _Word]]] = {}
        """By type column: columns of bits that say which aggregates an event is chosen for."""
        self._tables: list[list[Select]] = []

    def some(self, choice: Choice, stem: str) -> str:
        """See `Counting.some`."""
        if choice not in self._flags:
            self._flags[choice] = self._facts.names.new(stem)
        return self._flags[choice]

    def count(self, choice: Choice, stem: str, weight: Weight | None = None) -> str:
        """See `Counting.count`."""
        if weight is not None and len(weight.values) > _MOST_STEPS:
            return self.aggregate(self.dialect.sum_if(weight.expression, self.chosen(choice)), stem)
        return super().count(choice, stem, weight)

    def chosen(self, choice: Choice) -> str:
        """See `Counting.chosen`; what types and ages there are to look at, the code knows."""
        words = self._chosen.setdefault(choice.type, [])
        bare = _Field("", replace(choice, tests=()), None, True)
        if not any(bare in word.fields for _, word in words):
            if not words or words[-1][1].used == WORD_BITS:
                words.append((self._facts.names.new("chosen"), _Word(True)))
            words[-1][1].add(bare)
        name, word = next(item for item in words if bare in item[1].fields)
        bit = self.dialect.both(name, str(1 << word.fields[bare]))
        return all_of([f"({bit}) <> 0", *choice.tests])

    def tables(self) -> list[list[Select]]:
        """See `Counting.tables`."""
        return self._tables

    def selects(self, events: str) -> list[Select]:
        """See `Counting.selects`."""
        counted = [_Field(name, *key, False) for key, name in self._fields.items()]
        fields = [*counted, *(_Field(name, key, None, True) for key, name in self._flags.items())]
        coded = Select("event_coded", events, self._facts.names, "*")
        joins: list[str] = []
        plain: list[_Field] = []
        for column in dict.fromkeys([*(item.choice.type for item in fields), *self._chosen]):
            of_column = [item for item in fields if item.choice.type == column]
            chosen = self._chosen.get(column, [])
            codes = _Codes(self.dialect, self._facts.names, column, self._age, of_column, chosen)
            if codes.many > _MOST_BARE_CODES:
                plain += of_column
                for name, word in chosen:
                    bits = [
                        f"case when {self.test(item.choice)} then {1 << bit} else 0 end"
                        for item, bit in word.fields.items()
                    ]
                    coded.columns[name] = Column(" + ".join(bits), name)
                continue
            code = coded.add(codes.code(), "code")
            table = f"event_codes_{len(self._tables) + 1}"
            selects, words = codes.table(table)
            self._tables.append(selects)
            self._add_up(words)
            joins.append(f"\njoin {table} on {table}.of_code = {coded.name}.{code}")
        self._fields = {(item.choice, item.weight): item.name for item in plain}
        below = [coded] if coded.columns else []
        found = super().selects("".join([coded.name if below else events, *joins]))
        for item in plain:
            # There may be two of a choice: how many, and whether there is one.
            same = self._fields[item.choice, item.weight]
            self.unpacked[item.name] = self.unpacked[same]
        return [*below, *found]

    def _add_up(self, words: Sequence[tuple[str, _Word]]) -> None:
        """Add up words over the events; by what an event adds to each."""
        for added, word in words:
            total = self.dialect.any_bits(added) if word.flags else self.dialect.sum(added)
            name = self._facts.add(total, "word")
            for item, start in word.fields.items():
                self._unpack(item.name, start, item.bits, name)


class _Codes:
    """The codes of the events by one type column, and what each adds."""

    def __init__(
        self,
        dialect: Dialect,
        names: Names,
        column: str,
        age: str,
        fields: Sequence[_Field],
        chosen: Sequence[tuple[str, _Word]],
    ) -> None:
        """`column` is that of the types, `age` that of the ages.

        `chosen` are words that are not added up, each with its column.
        """
        self._dialect = dialect
        self._names = names
        self._column = column
        self._age = age
        self._fields = fields
        self._chosen = chosen
        told_apart = [*fields, *(item for _, word in chosen for item in word.fields)]
        self._types = sorted(
            {key for item in told_apart for types in item.choice.types for key in types.keys}
        )
        self._ages = sorted({age for item in told_apart for age in _ages(item)})
        """The greatest age of each class but the last, which has all that are older."""
        many = (len(self._types) + 1) * (len(self._ages) + 1)
        asked = Counter(test for item in fields for test in item.choice.tests)
        self._tests: list[str] = []
        for test, _ in asked.most_common():
            if many * 2 > _MOST_CODES:
                break
            many *= 2
            self._tests.append(test)
        self._others = [test for test in asked if test not in self._tests]
        self.many = many
        """How many codes there are."""
        first = (len(self._types) + 1) * (len(self._ages) + 1)
        self._places = {test: first << at for at, test in enumerate(self._tests)}
        """What a code is higher by where a test holds."""

    def code(self) -> str:
        """The code of an event, over the columns of the events."""
        parts = [self._dialect.place(self._column, self._types)] if self._types else ["0"]
        if self._ages:
            starts = [age + 1 for age in self._ages]
            classes = [(len(self._types) + 1) * at for at in range(len(starts) + 1)]
            parts.append(search_tree(self._age, starts, classes))
        parts += [f"case when {test} then {many} else 0 end" for test, many in self._places.items()]
        return "\n+ ".join(parts)

    def table(self, name: str) -> tuple[list[Select], list[tuple[str, _Word]]]:
        """The table of all codes, and its words, each by what an event adds to it."""
        dialect = self._dialect
        types, ages = len(self._types) + 1, len(self._ages) + 1
        parts = Select(f"{name}_of", dialect.numbers(self.many, "number"), self._names)
        table = Select(name, parts.name, self._names)
        table.columns["number"] = Column(parts.keep("number"), "of_code")
        type_ = parts.add(f"number % {types}", "type_of_code")
        age = parts.add(f"{dialect.divide('number', str(types))} % {ages}", "age_of_code")
        answers = {
            test: parts.add(f"{dialect.divide('number', str(many))} % 2 = 1", "answer", test)
            for test, many in self._places.items()
        }
        words: list[tuple[str, _Word]] = []
        for word in self._words():
            added = dialect.whole(self._added(word, type_, age, answers))
            words.append((self._left(word, table.add(added, "added")), word))
        for name, word in self._chosen:
            said = dialect.whole(self._added(word, type_, age, answers))
            table.columns[name] = Column(said, name)
        return [parts, table], words

    def _added(self, word: _Word, type_: str, age: str, answers: Mapping[str, str]) -> str:
        """What a code adds to a word: bits of its type, its age and its answers at once."""
        classes = [self._at_age(word, at) for at in range(len(self._ages) + 1)]
        masks = [switch(age, _pairs(classes[:-1], 0), str(classes[-1]))]
        others = word.bits(item for item in word.fields if item.choice.takes(None))
        of_types = [
            word.bits(item for item in word.fields if item.choice.takes(key)) for key in self._types
        ]
        masks.append(switch(type_, _pairs(of_types, 1), str(others)))
        masks += [
            self._answered(word, test, answers[test]) for test in self._tests if word.asks(test)
        ]
        return _all_masks(self._dialect, masks)

    def _at_age(self, word: _Word, at: int) -> int:
        """What an event of a class of ages adds to all fields."""
        total = 0
        for item, start in word.fields.items():
            high = item.choice.high
            if high is None or (at < len(self._ages) and self._ages[at] <= high):
                total += item.amount(self._ages[at] if at < len(self._ages) else 0) << start
        return total

    def _left(self, word: _Word, added: str) -> str:
        """What an event adds, by the answers that are not in its code too."""
        masks = [self._answered(word, test, test) for test in self._others if word.asks(test)]
        return _all_masks(self._dialect, [added, *masks])

    def _answered(self, word: _Word, test: str, holds: str) -> str:
        """The bits of the fields that an event may count for, by whether a test holds."""
        rest = word.bits(item for item in word.fields if test not in item.choice.tests)
        return f"case when {holds} then {word.bits(word.fields)} else {rest} end"

    def _words(self) -> list[_Word]:
        """The fields in words, those with the same tests together."""

        def order(item: _Field) -> tuple[object, ...]:
            others = [test for test in item.choice.tests if test in self._others]
            return item.flag, sorted(others), tests_and_age(((item.choice, item.weight), item.name))

        words: list[_Word] = []
        for item in sorted(self._fields, key=order):
            for word in words:
                if word.flags == item.flag and word.used + item.bits <= WORD_BITS:
                    break
            else:
                word = _Word(item.flag)
                words.append(word)
            word.add(item)
        return words


def _ages(item: _Field) -> Iterator[int]:
    """The ages after which an event adds another amount to a counter."""
    if item.choice.high is not None:
        yield item.choice.high
    if item.weight is not None:
        yield from (nth * item.weight.every - 1 for nth in range(1, len(item.weight.values)))


def _pairs(values: Iterable[int], first: int) -> list[tuple[str, str]]:
    return [(str(at), str(value)) for at, value in enumerate(values, first)]


def _all_masks(dialect: Dialect, masks: Sequence[str]) -> str:
    return reduce(dialect.both, masks)
