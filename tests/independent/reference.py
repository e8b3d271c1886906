"""A second evaluator, written from the contract alone: slow, plain, on the syntax tree.

It shares the tree with the package, nothing else: no plan, no target, no reading of values. Points
are Fractions of a point, times are datetimes, and every rule looks through all events again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, assert_never

from tests.independent.readings import (
    as_boolean,
    as_instant,
    as_number,
    as_text,
    holds_words,
    key,
    like,
    words_of,
)

from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, GroupBlock, RuleBlock, Statement, TableBlock

UNIT = Fraction(1, 10_000_000)
MOST = (2**63 - 1) * UNIT
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class TooLarge(Exception):
    """A sum past 64 bits."""


@dataclass(frozen=True)
class Seen:
    """An event that is seen."""

    place: int
    type: str
    time: datetime
    attributes: Mapping[str, Any]


@dataclass
class Out:
    """What comes out; None where there is none."""

    score: Fraction | None = None
    fit: Fraction | None = None
    engagement: Fraction | None = None
    label: str | None = None
    fit_label: str | None = None
    engagement_label: str | None = None
    matrix: str | None = None
    fast_track: str | None = None
    excluded: str | None = None
    future_events: int = 0
    untimed_events: int = 0


class Reference:
    """The meaning of one document."""

    def __init__(self, document: Document) -> None:
        self.properties: dict[str, n.PropertyLine] = {}
        self.types: dict[str, str] = {}
        self.definitions: dict[str, n.Condition] = {}
        self.unknown: set[str] = set()
        self.scope: list[tuple[Statement, n.ScopeLine]] = []
        self.limits: dict[str | None, n.Bounds] = {}
        self.groups: list[GroupBlock] = []
        self.labels: dict[str | None, list[n.LabelLine]] = {}
        self.axes: list[n.AxisLine] = []
        self.tracks: list[n.FastTrackLine] = []
        for item in document.items:
            if isinstance(item, GroupBlock):
                self.groups.append(item)
            elif isinstance(item, TableBlock):
                self._table(item)
            elif isinstance(item, Statement):
                self._statement(item)

    def _table(self, block: TableBlock) -> None:
        for line in block.lines:
            match line.node:
                case n.PropertyLine() as node:
                    self.properties[key(node.name.text)] = node
                case n.EventTypeLine(name=name, raw=raw):
                    for text in raw:
                        self.types[key(text.value)] = key(name.value)
                case n.LabelLine() as node:
                    assert isinstance(block.head.node, n.LabelsLine)
                    self.labels.setdefault(block.head.node.category, []).append(node)
                case n.AxisLine() as node:
                    self.axes.append(node)

    def _statement(self, statement: Statement) -> None:
        match statement.node:
            case n.DefineLine(name=name, condition=condition):
                self.definitions[key(name.text)] = condition
            case n.LimitLine(category=category, bounds=bounds):
                self.limits[category] = bounds
            case n.UnknownValuesLine(texts=texts):
                self.unknown |= {key(text.value) for text in texts}
            case n.ScopeLine() as node:
                self.scope.append((statement, node))
            case n.FastTrackLine() as node:
                self.tracks.append(node)

    def score(
        self,
        lead: Mapping[Any, Any],
        events: Sequence[Mapping[Any, Any]],
        lists: Iterable[str],
        as_of: datetime,
        zone: tzinfo,
    ) -> Out:
        """The outputs for one lead; `as_of` is aware."""
        return _Run(self, lead, events, lists, as_of, zone).run()


class _Run:
    def __init__(
        self,
        model: Reference,
        lead: Mapping[Any, Any],
        events: Sequence[Mapping[Any, Any]],
        lists: Iterable[str],
        as_of: datetime,
        zone: tzinfo,
    ) -> None:
        self.model = model
        self.zone = zone
        self.as_of = as_of.astimezone(UTC).replace(microsecond=0)
        self.lists = {key(name) for name in lists}
        self.lead: dict[str, Any] = {}
        for name, value in lead.items():
            self.lead.setdefault(key(str(name)), value)
        self.out = Out()
        self.events: list[Seen] = []
        for place, event in enumerate(events):
            attributes: dict[str, Any] = {}
            for name, value in event.items():
                attributes.setdefault(key(str(name)), value)
            time = as_instant(attributes.get("time"), zone)
            type = key(as_text(attributes["event"]) or "")
            if time is None:
                self.out.untimed_events += 1
            elif time > self.as_of:
                self.out.future_events += 1
            else:
                self.events.append(Seen(place, model.types.get(type, type), time, attributes))
        self.events.sort(key=lambda event: (event.time, event.place))

    def run(self) -> Out:
        out, model = self.out, self.model
        for statement, node in model.scope:
            if self.holds(node.condition, None) == node.excludes:
                out.excluded = " ".join(statement.parsed.text.split())
                return out
        sums: dict[str | None, Fraction] = {
            "fit": Fraction(),
            "engagement": Fraction(),
            None: Fraction(),
        }
        for group in model.groups:
            assert group.head is not None
            assert isinstance(group.head.node, n.GroupLine)
            sums[group.head.node.category] += self.group(group)
        for category in ("fit", "engagement"):
            sums[category] = clamp(within(sums[category]), model.limits.get(category))
        total = clamp(within(sum(sums.values(), Fraction())), model.limits.get(None))
        targets: dict[str | None, Fraction] = {
            "score": total,
            "fit": sums["fit"],
            "engagement": sums["engagement"],
        }
        out.score = total
        used = {
            g.head.node.category
            for g in model.groups
            if g.head and isinstance(g.head.node, n.GroupLine)
        }
        out.fit = sums["fit"] if "fit" in used else None
        out.engagement = sums["engagement"] if "engagement" in used else None
        out.label = self.label(None, targets)
        out.fit_label = self.label("fit", targets)
        out.engagement_label = self.label("engagement", targets)
        if model.axes:
            cells = [
                next(
                    (s.title.value.strip() for s in a.steps if bound(targets[a.category], s)), None
                )
                for a in model.axes
            ]
            if None not in cells:
                out.matrix = "".join(cell for cell in cells if cell)
        for track in model.tracks:
            if self.holds(track.condition, None):
                out.fast_track = out.label = track.title.value.strip()
                break
        return out

    def label(self, category: str | None, targets: Mapping[str | None, Fraction]) -> str | None:
        for line in self.model.labels.get(category, ()):
            if all(bound(targets[b.target or category or "score"], b) for b in line.bounds) and (
                line.condition is None or self.holds(line.condition, None)
            ):
                return line.title.value.strip()
        return None

    # Groups and rules

    def group(self, block: GroupBlock) -> Fraction:
        assert block.head is not None
        head = block.head.node
        assert isinstance(head, n.GroupLine)
        if head.guard is not None and not self.holds(head.guard, None):
            return Fraction()
        total = sum((self.rule(rule, head) for rule in block.rules), Fraction())
        return clamp(within(total), limit_of(head.modifiers))

    def rule(self, block: RuleBlock, group: n.GroupLine) -> Fraction:
        head = block.head.node
        assert isinstance(head, n.PointsLine | n.FirstOfLine | n.ByLine)
        if head.guard is not None and not self.holds(head.guard, None):
            return Fraction()
        resets = resets_of(group.modifiers) | resets_of(head.modifiers)
        match head:
            case n.PointsLine():
                earned = self.points(head, group, resets)
            case n.FirstOfLine():
                earned = Fraction()
                for case in block.cases:
                    assert isinstance(case.node, n.FirstCaseLine)
                    if case.node.condition is None or self.holds(case.node.condition, None):
                        earned = Fraction(case.node.points.value)
                        break
            case _:
                earned = Fraction()
                subject = self.subject(head, resets)
                for case in block.cases:
                    assert isinstance(case.node, n.CaseLine)
                    if self.pattern(case.node.pattern, subject):
                        earned = Fraction(case.node.points.value)
                        break
        return clamp(within(earned), limit_of(head.modifiers))

    def points(self, rule: n.PointsLine, group: n.GroupLine, resets: set[str]) -> Fraction:
        points = [Fraction(number.value) for number in rule.points]
        match rule.trigger:
            case n.When(condition=condition):
                return points[0] if self.holds(condition, None) else Fraction()
            case n.Always():
                return points[0]
            case n.EachAmount(step=step, name=name):
                number = as_number(self.value(name, None))
                if number is None or number < 0:
                    return Fraction()
                return floor(Fraction(number) / Fraction(step.value)) * points[0]
            case n.EachSince(every=every, name=name):
                since = self.instant(name, None)
                if since is None or since > self.as_of:
                    return Fraction()
                return (self.as_of - since) // length(every) * points[0]
            case n.EachWithout(every=every, stream=stream):
                left = self.stream(stream, rule.modifiers, resets)
                if not left:
                    return Fraction()
                return (self.as_of - left[-1].time) // length(every) * points[0]
            case n.EachEvent(stream=stream):
                left = self.stream(stream, rule.modifiers, resets)
            case n.OnceFor(stream=stream):
                left = self.stream(stream, rule.modifiers, resets)[-1:]
            case _:
                assert_never(rule.trigger)
        decay = next((m for m in rule.modifiers if isinstance(m, n.Decay | n.NoDecay)), None)
        if decay is None:
            decay = next((m for m in group.modifiers if isinstance(m, n.Decay)), None)
        total = Fraction()
        for number_, event in enumerate(left):
            if len(points) == 1:
                given = points[0]
            elif number_ < len(points):
                given = points[number_]
            else:
                given = Fraction()
            total += decayed(given, decay, self.as_of - event.time)
        return total

    # Tables

    def subject(self, rule: n.ByLine, resets: set[str]) -> Any:
        match rule.subject:
            case n.Name() as name:
                return name
            case n.CountOf(stream=stream, different=different):
                left = self.stream(stream, rule.modifiers, resets)
                if different is None:
                    return Fraction(len(left))
                texts = [self.text(different, event) for event in left]
                return Fraction(len({text for text in texts if text is not None}))
            case n.Aggregate(kind=kind, name=name, stream=stream):
                left = self.stream(stream, rule.modifiers, resets)
                read = [as_number(self.value(name, event)) for event in left]
                numbers = [number for number in read if number is not None]
                if kind in ("highest", "lowest"):
                    return (max if kind == "highest" else min)(numbers, default=None)
                total = sum((ten_thousandths(number) for number in numbers), Fraction())
                if abs(total) * 10_000 > 2**63 - 1:
                    raise TooLarge
                if kind == "total":
                    return total
                return total / len(numbers) if numbers else None

    def pattern(self, pattern: n.Pattern, subject: Any) -> bool:
        if isinstance(pattern, n.OtherwisePattern):
            return True
        if isinstance(subject, n.Name):
            name = subject
            match pattern:
                case n.UnknownPattern():
                    return self.value(name, None) is None
                case n.TextPattern(kind="is", texts=texts):
                    return any(self.text(name, None) == key(text.value) for text in texts)
                case n.TextPattern(kind=kind, texts=texts):
                    return self.finds(self.text(name, None), kind, texts)
                case n.RangePattern(low=low, high=high):
                    number = as_number(self.value(name, None))
                    return number is not None and float(low.value) <= number <= float(high.value)
                case n.ComparePattern(operator=operator, value=value):
                    return self.compare(name, operator, value, None)
        match pattern:
            case n.UnknownPattern():
                return subject is None
            case n.RangePattern(low=low, high=high):
                return measured(subject, ">=", low.value) and measured(subject, "<=", high.value)
            case n.ComparePattern(operator="!=", value=n.Number(value=number_)):
                return not measured(subject, "=", number_)
            case n.ComparePattern(operator=operator, value=n.Number(value=number_)):
                return measured(subject, operator, number_)
        raise AssertionError(pattern)

    # Streams

    def stream(
        self, stream: n.Stream, modifiers: Iterable[n.Modifier] = (), resets: set[str] | None = None
    ) -> list[Seen]:
        """The events left, oldest first."""
        left = self.select(stream.kinds, stream.where, stream.window)
        if resets:
            latest = [event.time for event in self.events if event.type in resets]
            left = [event for event in left if not latest or event.time > max(latest)]
        for modifier in modifiers:
            if isinstance(modifier, n.UpTo):
                counts: dict[object, int] = {}
                kept = []
                for event in left:
                    period = period_of(event.time.astimezone(self.zone), modifier.period)
                    counts[period] = counts.get(period, 0) + 1
                    if counts[period] <= modifier.count.value:
                        kept.append(event)
                left = kept
        for modifier in modifiers:
            if isinstance(modifier, n.Latest):
                left = left[-int(modifier.count.value) :]
        return left

    def select(
        self, kinds: n.Kinds | None, where: n.Where | None, window: n.Window | None
    ) -> list[Seen]:
        left = self.events
        if kinds is not None:
            named = {key(text.value) for text in kinds.texts}
            left = [event for event in left if (event.type in named) != kinds.any]
        if where is not None:
            left = [event for event in left if self.holds(where.test, event)]
        return [event for event in left if self.in_window(event.time, window)]

    def in_window(self, time: datetime, window: n.Window | None) -> bool:
        age = self.as_of - time
        match window:
            case None:
                return True
            case n.InTheLast(duration=duration):
                return timedelta(0) <= age <= length(duration)
            case n.MoreThanAgo(duration=duration):
                return age > length(duration)
            case n.BetweenAgo(near=near, far=far):
                return length(near) < age <= length(far)
            case n.SinceDate(date=date):
                return self.dates(time, ">=", date)
            case n.BetweenDates(first=first, last=last):
                return self.dates(time, ">=", first) and self.dates(time, "<=", last)
            case n.SinceEvent(texts=texts):
                named = {key(text.value) for text in texts}
                return all(time > event.time for event in self.events if event.type in named)

    # Conditions; with an event, names are its attributes

    def holds(self, node: n.Condition, event: Seen | None) -> bool:
        match node:
            case n.Either(items=items):
                return any(self.holds(item, event) for item in items)
            case n.AllOf(items=items):
                return all(self.holds(item, event) for item in items)
            case n.Negation(item=item):
                return not self.holds(item, event)
            case n.Parentheses(item=item):
                return self.holds(item, event)
            case n.Reference(name=name):
                return self.holds(self.model.definitions[key(name.text)], None)
            case n.InList(list=text):
                return key(text.value) in self.lists
            case n.EventTest(frequency=frequency, negated=negated):
                count = len(self.select(node.kinds, node.where, node.window))
                if frequency is None:
                    return (count == 0) == negated
                low, high = frequency.low, frequency.high
                return (low is None or count >= low.value) and (high is None or count <= high.value)
            case n.Is(name=name, values=values, negated=negated):
                return any(self.compare(name, "=", value, event) for value in values) != negated
            case n.IsKnown(name=name, known=known):
                return (self.value(name, event) is not None) == known
            case n.IsBetween(name=name, low=low_, high=high_):
                return self.compare(name, ">=", low_, event) and self.compare(
                    name, "<=", high_, event
                )
            case n.IsWithin(name=name, direction=direction, duration=duration):
                date = self.instant(name, event)
                if date is None:
                    return False
                span = self.as_of - date if direction == "last" else date - self.as_of
                return timedelta(0) <= span <= length(duration)
            case n.IsOlder(name=name, duration=duration):
                date = self.instant(name, event)
                return date is not None and self.as_of - date > length(duration)
            case n.TextTest(kind=kind, name=name, texts=texts, negated=negated):
                return self.finds(self.text(name, event), kind, texts) != negated
            case n.Compare(name=name, operator=operator, value=value):
                return self.compare(name, operator, value, event)
            case n.CompareNames(name=name, operator=operator, other=other):
                if operator == "!=":
                    return not self.compare_names(name, "=", other, event)
                return self.compare_names(name, operator, other, event)
            case n.ComparePercent(name=name, operator=operator, percent=percent, other=other):
                left = as_number(self.value(name, event))
                right = as_number(self.value(other, event))
                if left is None or right is None:
                    return operator == "!="
                a, b = 100.0 * left, float(percent.value) * right
                return a != b if operator == "!=" else SIGNS[operator](a, b)

    def compare(self, name: n.Name, operator: str, value: n.Value, event: Seen | None) -> bool:
        if operator == "!=":
            return not self.compare(name, "=", value, event)
        match value:
            case n.Text(value=text):
                found: Any = self.text(name, event)
                literal: Any = key(text)
            case n.Number(value=number):
                found, literal = as_number(self.value(name, event)), float(number)
            case n.YesNo(value=literal):
                found = as_boolean(self.value(name, event))
            case n.DateLiteral():
                instant = self.instant(name, event)
                return instant is not None and self.dates(instant, operator, value)
            case _:
                assert_never(value)
        return found is not None and SIGNS[operator](found, literal)

    def dates(self, instant: datetime, operator: str, literal: n.DateLiteral) -> bool:
        """Against a date without a time a value counts as its whole day."""
        assert literal.value is not None
        if literal.timed:
            moment = literal.value.replace(tzinfo=self.zone).astimezone(UTC)
            return SIGNS[operator](instant, moment)
        return SIGNS[operator](instant.astimezone(self.zone).date(), literal.value.date())

    def compare_names(self, name: n.Name, operator: str, other: n.Name, event: Seen | None) -> bool:
        kind = None
        if event is None:
            declared = [self.model.properties.get(key(one.text)) for one in (name, other)]
            kind = next((line.type.kind for line in declared if line is not None), None)
        ways: dict[str, Callable[[n.Name], Any]] = {
            "number": lambda one: as_number(self.value(one, event)),
            "date": lambda one: self.instant(one, event),
            "text": lambda one: self.text(one, event),
            "one of": lambda one: self.text(one, event),
            "boolean": lambda one: as_boolean(self.value(one, event)),
        }
        for way in [kind] if kind else ["number", "date", "text"]:
            left, right = ways[way](name), ways[way](other)
            if left is not None and right is not None:
                return SIGNS[operator](left, right)
        return False

    def finds(self, found: str | None, kind: str, texts: Iterable[n.Text]) -> bool:
        if found is None:
            return False
        for text in texts:
            wanted = key(text.value)
            match kind:
                case "contains":
                    yes = wanted in found
                case "word":
                    yes = bool(words_of(wanted)) and holds_words(found, wanted)
                case "starts":
                    yes = found[: len(wanted)] == wanted
                case "ends":
                    yes = len(found) >= len(wanted) and found[len(found) - len(wanted) :] == wanted
                case _:
                    yes = like(found, wanted)
            if yes:
                return True
        return False

    # Values

    def value(self, name: n.Name, event: Seen | None) -> Any:
        """The value as it stands, or None where it is unknown."""
        wanted = key(name.text)
        if event is not None:
            return self.known(event.attributes.get(wanted))
        declared = self.model.properties.get(wanted)
        if declared is None:
            return self.known(self.lead.get(wanted))
        column = key(declared.column.value) if declared.column else wanted
        value = self.known(self.lead[column] if column in self.lead else self.lead.get(wanted))
        if value is None:
            return None
        match declared.type.kind:
            case "number":
                readable = as_number(value) is not None
            case "boolean":
                readable = as_boolean(value) is not None
            case "date":
                readable = as_instant(value, self.zone, self.pattern_of(wanted)) is not None
            case _:
                readable = True
        return value if readable else None

    def known(self, value: Any) -> Any:
        text = as_text(value)
        return None if text is None or key(text) in self.model.unknown else value

    def text(self, name: n.Name, event: Seen | None) -> str | None:
        text = as_text(self.value(name, event))
        return None if text is None else key(text)

    def instant(self, name: n.Name, event: Seen | None) -> datetime | None:
        pattern = self.pattern_of(key(name.text)) if event is None else None
        return as_instant(self.value(name, event), self.zone, pattern)

    def pattern_of(self, name: str) -> str | None:
        declared = self.model.properties.get(name)
        if declared is None or declared.type.pattern is None:
            return None
        return declared.type.pattern.value


def length(duration: n.Duration) -> timedelta:
    days = {"week": 7, "month": 30, "year": 365}
    if duration.unit in days:
        return timedelta(days=days[duration.unit]) * int(duration.amount)
    return timedelta(**{duration.unit + "s": int(duration.amount)})


def bound(value: Fraction, bound: n.LabelBound | n.AxisStep) -> bool:
    return value >= bound.value.value if bound.kind == "from" else value < bound.value.value


def within(total: Fraction) -> Fraction:
    if abs(total) > MOST:
        raise TooLarge
    return total


def resets_of(modifiers: Iterable[n.Modifier]) -> set[str]:
    return {
        key(text.value)
        for modifier in modifiers
        if isinstance(modifier, n.ResetBy)
        for text in modifier.texts
    }


def limit_of(modifiers: Iterable[n.Modifier]) -> n.Bounds | None:
    return next((m.bounds for m in modifiers if isinstance(m, n.LimitModifier)), None)


def clamp(total: Fraction, bounds: n.Bounds | None) -> Fraction:
    if bounds is None:
        return total
    low, high = Fraction(bounds.low.value), Fraction(bounds.high.value)
    if bounds.kind in ("range", "least") or (bounds.kind == "bare" and low < 0):
        total = max(total, low)
    if bounds.kind in ("range", "most") or (bounds.kind == "bare" and high > 0):
        total = min(total, high)
    return total


def decayed(points: Fraction, decay: n.Decay | n.NoDecay | None, age: timedelta) -> Fraction:
    if not isinstance(decay, n.Decay):
        return points
    share = Fraction(decay.percent.value) / 100
    if decay.gradually:
        hours = age // timedelta(hours=1) * timedelta(hours=1)
        lost = share * Fraction(
            hours // timedelta(seconds=1), length(decay.every) // timedelta(seconds=1)
        )
    else:
        lost = share * (age // length(decay.every))
    units = points * max(Fraction(), 1 - lost) / UNIT
    return (floor(units) if units >= 0 else -floor(-units)) * UNIT


def ten_thousandths(number: float) -> Fraction:
    scaled = Fraction(number * 10000.0)
    rounded = floor(abs(scaled) + Fraction(1, 2))
    return Fraction(rounded if scaled >= 0 else -rounded, 10000)


def measured(value: Fraction | float | None, operator: str, literal: Decimal) -> bool:
    """Counts, totals and averages exactly; highest and lowest as doubles, like their bounds."""
    if value is None:
        return False
    return SIGNS[operator](value, float(literal) if isinstance(value, float) else Fraction(literal))


def period_of(local: datetime, period: str) -> object:
    match period:
        case "hour":
            return (local.date(), local.hour)
        case "day":
            return local.date()
        case "week":
            return local.date() - timedelta(days=local.weekday())
        case "month":
            return (local.year, local.month)
        case "quarter":
            return (local.year, (local.month - 1) // 3)
        case _:
            return local.year
