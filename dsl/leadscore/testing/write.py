"""Writing a test from a lead: a block of the language that gives the same score, and says so.

Only what the model reads goes into it: its properties, the events whose types some rule counts
with the attributes that are looked at, the lists that are asked for. The lead's id does not.

What is written is run before it is handed out, and must give the same outputs and the same
receipt, rule by rule. A test has no time zone: its times are UTC. Data of another zone is written
as that zone's clocks show it, or, where that changes the score, as UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from itertools import groupby
from typing import Any

from leadscore.errors import DataError, ScoreError
from leadscore.model import Lead, Model, as_of_seconds_of, loads
from leadscore.plan import terms as t
from leadscore.plan.walk import stream_attributes
from leadscore.receipt import Receipt
from leadscore.records import EventRecords, LeadRecords
from leadscore.result import Result
from leadscore.syntax import nodes as n
from leadscore.syntax.walk import walk
from leadscore.targets.python.runtime import Times
from leadscore.testing.literals import Clock, cleaned, day_or_moment, literal, name_of, quoted
from leadscore.testing.run import run_tests
from leadscore.testing.select import name_of as test_name
from leadscore.values.dates import date_of, pattern_reader
from leadscore.values.number import boolean_of, number_of
from leadscore.values.text import fold, normal, text_of, trim
from leadscore.values.units import plain

_WIDTH = 100
"""Columns of a line, where what stands on it can be cut."""
_MOST = Decimal(900_000_000_000)
"""The largest number that a test can expect."""
_MOST_TIMES = 100_000
"""Events that one line can give."""


class Unwritable(DataError):
    """No test of the language says what this lead is."""


@dataclass(frozen=True, slots=True)
class Written:
    """A test, several lines with a final line break, and sentences about what it leaves out."""

    text: str
    notes: tuple[str, ...]
    values: tuple[str, ...]
    """The properties whose values stand in it."""
    attributes: tuple[str, ...]
    """The attributes of events whose values stand in it."""


def written_test(
    model: Model,
    lead: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]] = (),
    lists: Iterable[str] = (),
    as_of: str | date | datetime | None = None,
    *,
    name: str | None = None,
    time_zone: str | tzinfo = "UTC",
    time_pattern: str | None = None,
) -> Written:
    """The test of one lead, given as `Model.score` takes it.

    Raises Unwritable (a DataError) where no test gives the same, and what `Model.score` raises.
    """
    plan = model.plan
    zone = model.bound(time_zone, time_pattern).zone
    names = (lists,) if isinstance(lists, str) else lists
    return written_row(
        model,
        LeadRecords(plan).values(lead),
        EventRecords(plan).rows(events),
        frozenset(fold(text) for one in names if (text := text_of(normal(one)))),
        as_of_seconds_of(as_of, zone),
        zone,
        time_pattern,
        name,
    )


def written_row(
    model: Model,
    values: Sequence[Any],
    events: Sequence[tuple[Any, ...]],
    lists: frozenset[str],
    as_of: int,
    zone: tzinfo,
    time_pattern: str | None = None,
    name: str | None = None,
) -> Written:
    """The test of one lead, given as `Model.score_row` takes it; raises as `written_test`."""
    bound = model.bound(zone, time_pattern)
    seen = events if model.plan.uses_events else []
    result = model.score_row(values, seen, lists, as_of, bound, Lead())
    title = _title(model, result, name)
    clocks = [Clock(zone, zone)]
    if zone is not UTC:
        clocks.append(Clock(zone, UTC))
    why = ""
    replaced: dict[str, None] = {}
    for clock in clocks:
        writer = _Writer(model, clock, Times(zone, time_pattern), as_of)
        written = writer.test(title, values, seen, lists, result)
        why, replaced = _difference(model, written.text, result), writer.replaced
        if not why:
            return written
    raise Unwritable(_reason(why, replaced, zone))


def _reason(why: str, replaced: Mapping[str, None], zone: tzinfo) -> str:
    cause = ""
    if replaced:
        cause = (
            f" No text of the language holds line breaks and control characters, which are in: "
            f"{', '.join(replaced)}."
        )
    if zone is not UTC:
        cause += f" A test has no time zone, and this lead's score depends on {zone}."
    return f"no test says what this lead is: {why}.{cause}"


def _title(model: Model, result: Result, name: str | None) -> str:
    """The name of the test: what is given, or what came out; with a number where it is taken."""
    if name is not None:
        title = trim(cleaned(name))
        if not title:
            raise DataError("the name of a test is empty; give it one, such as --name 'a big one'")
    elif result.excluded is not None:
        title = "an excluded lead"
    else:
        points = f"{plain(result.score)} {'point' if result.score == 1 else 'points'}"
        title = f"{result.label}, {points}" if result.label is not None else points
    taken = {fold(test_name(block)) for block in model.analysis.symbols.tests}
    number, free = 2, title
    while fold(free) in taken:
        free, number = f"{title} ({number})", number + 1
    return free


def _difference(model: Model, block: str, wanted: Result) -> str:
    """In what the test differs from the lead that it is of; '' where in nothing."""
    text = model.source.text
    try:
        again = loads(f"{text}\n{block}", model.source.name)
    except ScoreError as error:
        return f"the test that would say it is not sound ({error.diagnostics[0].message})"
    [result] = run_tests(again, again.analysis.symbols.tests[-1:])
    if result.failures:
        first = result.failures[0]
        return f"a test of it has {first.got}, where it is to have {first.expected}"
    if result.result.raw != wanted.raw or _amounts(result.result) != _amounts(wanted):
        return "a test of it gets other points from some rule"
    return ""


def _amounts(result: Result) -> list[Any]:
    """What every rule gave and lost."""
    receipt: Receipt = result.receipt
    return [
        [(r.earned, r.decayed, r.limited, r.held, r.case) for r in group.rules]
        for group in receipt.groups
    ]


class _Writer:
    def __init__(self, model: Model, clock: Clock, times: Times, as_of: int) -> None:
        self.model = model
        self.clock = clock
        self.times = times
        self.as_of = as_of
        self.replaced: dict[str, None] = {}
        """What had characters that no text holds."""
        self.notes: list[str] = []
        self._written: dict[str, None] = {}
        """The attributes of which there are values."""
        plan = model.plan
        self._renames = dict(plan.renames)
        self._names = dict(plan.type_names)
        self._streams = list(stream_attributes(plan))
        self._by_type: dict[str, frozenset[str] | None] = {}

    def test(
        self,
        title: str,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        result: Result,
    ) -> Written:
        when = day_or_moment(self.clock.local(self.as_of))
        lines = [f"test {quoted(title)} as of {when}"]
        given = list(self._properties(values))
        lines += _packed("given ", [text for _, text in given])
        lines += self._events(events)
        lines += [f"  in list {quoted(name)}" for name in self._lists(lists)]
        lines += _expectations(result)
        if self.replaced:
            self.notes.append(
                "line breaks and control characters are replaced, since no text of the language "
                f"holds them, in: {', '.join(self.replaced)}"
            )
        names = tuple(name for name, _ in given)
        return Written("\n".join(lines) + "\n", tuple(self.notes), names, tuple(self._written))

    # What is given

    def _properties(self, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
        """The name of each known property with its assignment."""
        unread = []
        for spec, value in zip(self.model.plan.properties, values, strict=True):
            found = self._known(value)
            if found is None:
                continue
            if not _readable(found, spec, self.clock.data):
                unread.append(spec.name)
                continue
            yield spec.name, f"{name_of(spec.name)} = {self._literal(found, spec, spec.name)}"
        if unread:
            self.notes.append(
                "left out, since the value cannot be read as its type, and so is unknown: "
                + ", ".join(unread)
            )

    def _known(self, value: Any) -> Any:
        """A value as a plain one of Python; None where it is unknown."""
        found = normal(value)
        text = text_of(found)
        if not text or fold(text) in self.model.plan.unknown_values:
            return None
        return found

    def _literal(self, value: Any, spec: t.PropertySpec | None, name: str) -> str:
        return self._clean(literal(value, spec, self.clock), name)

    def _clean(self, text: str, name: str) -> str:
        clean = cleaned(text)
        if clean != text:
            self.replaced[name] = None
        return clean

    def _events(self, events: Sequence[tuple[Any, ...]]) -> list[str]:
        """The events that some rule looks at, the oldest first, alike ones on one line."""
        seen: list[tuple[int, str]] = []
        later = untimed = 0
        for event in events:
            text = text_of(normal(event[0])) or ""
            raw = fold(text)
            key = self._renames.get(raw, raw)
            looked_at = self._looked_at(key)
            if looked_at is None:
                continue
            second = self.times[event[1]]
            if second is None:
                untimed += 1
            elif second > self.as_of:
                later += 1
            else:
                name = self._names.get(key, text) or self._no_type()
                seen.append((second, self._event(name, second, event, looked_at)))
        for many, what in ((later, "after the as-of time"), (untimed, "without a time")):
            if many:
                self.notes.append(f"left out: {many} {'event' if many == 1 else 'events'} {what}")
        seen.sort(key=lambda item: item[0])
        lines = []
        for line, alike in groupby(text for _, text in seen):
            many = len(list(alike))
            while many:
                part = min(many, _MOST_TIMES)
                lines.append(line.replace("\0", f" {part} times" if part > 1 else "", 1))
                many -= part
        return lines

    def _looked_at(self, key: str) -> frozenset[str] | None:
        """The attributes that are looked at in events of a type; None where no rule takes it."""
        if key not in self._by_type:
            takes = [attributes for stream, attributes in self._streams if _takes(stream, key)]
            resets = any(_resets(stream, key) for stream, _ in self._streams)
            found = frozenset[str]().union(*takes) if takes or resets else None
            self._by_type[key] = found
        return self._by_type[key]

    def _no_type(self) -> str:
        """A type that the model does not name, for events that have none."""
        name = "(no type)"
        named = {key for stream, _ in self._streams for key in stream.types.keys}
        while name in named or name in self._renames:
            name = f"({name})"
        return name

    def _event(
        self, name: str, second: int, event: tuple[Any, ...], looked_at: frozenset[str]
    ) -> str:
        """The line of an event, with a NUL where the number of those alike goes."""
        when = day_or_moment(self.clock.local(second))
        moment = "now" if second == self.as_of else f"on {when}"
        line = f"  event {quoted(self._clean(name, 'event'))}\0 {moment}"
        given: list[str] = []
        for spec, value in zip(self.model.plan.attributes, event[2:], strict=True):
            if spec.key in looked_at and (found := self._known(value)) is not None:
                given.append(f"{name_of(spec.name)} = {self._literal(found, None, spec.name)}")
                self._written[spec.name] = None
        return f"{line} with {', '.join(given)}" if given else line

    def _lists(self, lists: frozenset[str]) -> list[str]:
        """The lists that the model asks for and the lead is in, as the model spells them."""
        asked = {
            node.list.key: trim(node.list.value)
            for statement in self.model.analysis.document.statements
            if statement.node is not None
            for node in walk(statement.node)
            if isinstance(node, n.InList)
        }
        return sorted(spelt for key, spelt in asked.items() if key in lists)


def _readable(value: Any, spec: t.PropertySpec, zone: tzinfo) -> bool:
    """Whether a value can be read as the declared type of its property."""
    match spec.kind:
        case "number":
            return number_of(value) is not None
        case "boolean":
            return boolean_of(value) is not None
        case "date":
            pattern = pattern_reader(spec.pattern) if spec.pattern is not None else None
            return date_of(value, zone, pattern) is not None
        case _:
            return True


def _takes(stream: t.Stream, key: str) -> bool:
    return (key in stream.types.keys) != stream.types.exclude


def _resets(stream: t.Stream, key: str) -> bool:
    after = stream.window.types if isinstance(stream.window, t.AfterLatest) else frozenset()
    return key in stream.resets or key in after


# What is expected


def _expectations(result: Result) -> list[str]:
    if result.excluded is not None:
        return ["  expect excluded"]
    outputs = result.to_dict()
    numbers: list[str] = []
    labels: list[str] = []
    for name, value in outputs.items():
        match name:
            case "score" | "fit" | "engagement":
                assert isinstance(value, Decimal)
                numbers.append(_number(name, value))
            case "label":
                labels.append("no label" if value is None else f"label {quoted(str(value))}")
            case "fast_track":
                none = "no fast track"
                labels.append(none if value is None else f"fast track {quoted(str(value))}")
            case "excluded":
                labels.append("not excluded")
            case _:  # a label of a category, or a cell: that there is none cannot be said
                if value is not None:
                    labels.append(f"{name.replace('_', ' ')} {quoted(str(value))}")
    return [*_packed("expect ", numbers), *_packed("expect ", labels)]


def _number(name: str, value: Decimal) -> str:
    if abs(value) > _MOST:
        return f"{name} {'<' if value < 0 else '>'} {'-' if value < 0 else ''}{_MOST}"
    return f"{name} = {plain(value)}"


def _packed(head: str, parts: Sequence[str]) -> list[str]:
    """Statements with as many of `parts` as a line holds."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= _WIDTH:
            lines[-1] += f", {part}"
        else:
            lines.append(f"  {head}{part}")
    return lines
