"""Putting a query together: select statements with named columns, and how they are printed.

A query is a chain of selects. A column is added by its expression and gets a name; the same
expression in the same select is the same column, so rules (and models) that look at the same thing
share it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

INDENT = "  "
_WIDTH = 96
_SPECIAL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MOST_NAME = 48
"""Letters of a name that is made from a text; PostgreSQL cuts names at 63 bytes."""


class Names:
    """Names that are all different, in lower case and of ASCII, so that none needs quotes."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, stem: str) -> str:
        """`stem`, or with a number behind it where that is taken."""
        name, number = stem, 1
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._taken.add(name)
        return name


def slug(text: str) -> str:
    """The letters and digits of `text` as the start of a name: `number_of_employees`."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:_MOST_NAME].strip("_")
    return plain if plain and not plain[0].isdigit() else f"_{plain}".rstrip("_") or "value"


def comment(text: str) -> str:
    """`text` as it may stand behind `--`: on one line, whatever is in it.

    Spark replaces `${…}` in comments too, and goes on with one that ends in a backslash.
    """
    plain = _SPECIAL.sub(" ", text).replace("${", "$ {")
    return f"{plain}." if plain.endswith("\\") else plain


@dataclass(slots=True)
class Column:
    """A column of a select: what it is, what it is called, and a word about it."""

    expression: str
    name: str
    note: str = ""


@dataclass(slots=True)
class Select:
    """One select statement, which may be a common table expression.

    Args:
        name: its name, where it is one.
        source: what follows `from`, on one or several lines.
        names: hands out the names of its columns.
        everything: `*`, or `lead.*`: the columns that come along, before its own.
    """

    name: str
    source: str
    names: Names
    everything: str = ""
    notes: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    """By expression."""
    where: list[str] = field(default_factory=list)
    """Each a single comparison, or in parentheses."""
    group: list[str] = field(default_factory=list)
    order: str = ""
    pinned: bool = False
    """Whether the source stays as it is when rungs below are left out."""
    body: str = ""
    """The whole statement, where it is no single select; columns and source are then unused."""

    def add(self, expression: str, stem: str, note: str = "") -> str:
        """The name of the column that is `expression`; made where it is not there yet."""
        known = self.columns.get(expression)
        if known is None:
            known = Column(expression, self.names.new(stem), note)
            self.columns[expression] = known
        return known.name

    def keep(self, name: str) -> str:
        """A column of the source under its own name."""
        self.columns.setdefault(name, Column(name, name))
        return name

    def lines(self) -> Iterator[str]:
        """The statement, laid out."""
        if self.body:
            yield from self.body.split("\n")
            return
        yield "select"
        listed: list[tuple[str, str]] = [(self.everything, "")] if self.everything else []
        for column in self.columns.values():
            same = column.expression == column.name
            listed.append(
                (
                    column.expression if same else f"{column.expression} as {column.name}",
                    column.note,
                )
            )
        yield from _items(listed)
        yield from clause("from", self.source)
        if self.where:
            yield "where"
            yield from indented("\nand ".join(self.where))
        if self.group:
            yield f"group by {', '.join(self.group)}"
        if self.order:
            yield f"order by {self.order}"


def _items(listed: Sequence[tuple[str, str]]) -> Iterator[str]:
    for place, (text, note) in enumerate(listed):
        comma = "," if place < len(listed) - 1 else ""
        lines = f"{text}{comma}".split("\n")
        if note and (len(lines) > 1 or len(lines[0]) + len(note) > _WIDTH):
            yield f"{INDENT}-- {comment(note)}"
        elif note:
            lines[0] += f"  -- {comment(note)}"
        yield from (INDENT + line for line in lines)


def clause(word: str, text: str) -> Iterator[str]:
    """A clause with its word on the first line."""
    first, *rest = text.split("\n")
    yield f"{word} {first}"
    yield from rest


def indented(text: str | Iterable[str]) -> Iterator[str]:
    """Lines, one step further in."""
    for line in text.split("\n") if isinstance(text, str) else text:
        yield INDENT + line if line else line


def with_selects(selects: Sequence[Select], last: Select, *, materialized: str = "") -> str:
    """A statement that begins with `selects` and gives `last`; no selects: `last` alone.

    `materialized` stands behind the `as` of each, for a database that is to compute it once.
    """
    lines: list[str] = []
    for place, select in enumerate(selects):
        lines += [f"-- {comment(note)}" for note in select.notes]
        head = "with " if place == 0 else ""
        if place == 0 and select.notes:
            # `with` stands before the comments of the first.
            lines = ["with", *lines]
            head = ""
        lines.append(f"{head}{select.name} as {materialized}(")
        lines += indented(select.lines())
        lines.append(")," if place < len(selects) - 1 else ")")
        lines.append("")
    lines += [f"-- {comment(note)}" for note in last.notes]
    lines += last.lines()
    return "\n".join(lines) + "\n"


def case(pairs: Sequence[tuple[str, str]], otherwise: str) -> str:
    """The value of the first condition that holds, on one line or several."""
    if not pairs:
        return otherwise
    parts = [f"when {condition} then {value}" for condition, value in pairs]
    line = f"case {' '.join(parts)} else {otherwise} end"
    if len(line) <= _WIDTH - 20 and "\n" not in line and len(parts) == 1:
        return line
    inner: list[str] = []
    for part in parts:
        inner += indented(part)
    return "\n".join(["case", *inner, f"{INDENT}else {otherwise}", "end"])


def switch(subject: str, pairs: Sequence[tuple[str, str]], otherwise: str) -> str:
    """`case subject when … end`: the value that stands beside the first equal one."""
    if not pairs:
        return otherwise
    parts = [f"when {key} then {value}" for key, value in pairs]
    return f"case {subject} {' '.join(parts)} else {otherwise} end"


def all_of(tests: Sequence[str]) -> str:
    """All of the tests, each of which is a single comparison or in parentheses; true for none."""
    return " and ".join(tests) if tests else "true"


_LEAF = 4
_NEAR = (915_148_800, 2_208_988_800)
"""The years 1999 to 2039, in which nearly all dates are."""


def search_tree(x: str, starts: Sequence[int], values: Sequence[int]) -> str:
    """The value that holds at `x`: each from its start on, the first of all before the second.

    A tree of comparisons, so that as many of them are made as the number of values has bits.
    """
    if not starts:
        return str(values[0])
    if len(starts) <= _LEAF:
        parts = [
            f"when {x} < {start} then {value}"
            for start, value in zip(starts, values[:-1], strict=True)
        ]
        return f"case {' '.join(parts)} else {values[-1]} end"
    middle = len(starts) // 2
    left = search_tree(x, starts[:middle], values[: middle + 1])
    right = search_tree(x, starts[middle + 1 :], values[middle + 1 :])
    return f"case when {x} < {starts[middle]}\n{INDENT}then {left}\n{INDENT}else {right} end"


def near_tree(x: str, starts: Sequence[int], values: Sequence[int], far: str) -> str:
    """As `search_tree` of seconds for the years that data has; `far` for all others.

    A tree of a time zone's thousand changes takes a database seconds to plan. `far` may give
    anything where `x` is NULL.
    """
    first, last = bisect_left(starts, _NEAR[0]), bisect_left(starts, _NEAR[1])
    near = search_tree(x, starts[first:last], values[first : last + 1])
    if first == 0 and last == len(starts):
        return near
    tests = [f"{x} >= {starts[first - 1]}"] if first else []
    if last < len(starts):
        tests.append(f"{x} < {starts[last]}")
    return case([(" and ".join(tests), near)], f"case when {x} is not null then {far} end")
