"""The nodes of the tree: frozen records with a span, and no behaviour.

Spans count from the start of the statement. A statement is one `Line` node; conditions, streams
and values stand inside. Names carry the key by which they are compared (`fold`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from leadscore.diagnostics.diagnostic import Span

Category = Literal["fit", "engagement"]
Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    span: Span


# Small parts


@dataclass(frozen=True, slots=True)
class Name(Node):
    text: str
    key: str
    bracketed: bool


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted text: `value` as written, `key` trimmed and folded."""

    value: str
    key: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An exact decimal; `sign` is `+`, `-` or empty, as written."""

    value: Decimal
    sign: str


@dataclass(frozen=True, slots=True)
class DateLiteral(Node):
    """`value` is None where the text is no date of the calendar."""

    value: datetime | None
    timed: bool


@dataclass(frozen=True, slots=True)
class YesNo(Node):
    value: bool


Value = Text | Number | DateLiteral | YesNo


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """`amount` units; a month is 30 days and a year 365."""

    amount: Decimal
    unit: str
    seconds: int


# Events


@dataclass(frozen=True, slots=True)
class Kinds(Node):
    """The types of a stream: `texts`, or with `any` all types except `texts`."""

    texts: tuple[Text, ...]
    any: bool


@dataclass(frozen=True, slots=True)
class Where(Node):
    test: Condition
    parenthesised: bool


@dataclass(frozen=True, slots=True)
class InTheLast(Node):
    duration: Duration


@dataclass(frozen=True, slots=True)
class MoreThanAgo(Node):
    duration: Duration


@dataclass(frozen=True, slots=True)
class BetweenAgo(Node):
    near: Duration
    far: Duration


@dataclass(frozen=True, slots=True)
class SinceDate(Node):
    date: DateLiteral


@dataclass(frozen=True, slots=True)
class BetweenDates(Node):
    first: DateLiteral
    last: DateLiteral


@dataclass(frozen=True, slots=True)
class SinceEvent(Node):
    texts: tuple[Text, ...]


Window = InTheLast | MoreThanAgo | BetweenAgo | SinceDate | BetweenDates | SinceEvent


@dataclass(frozen=True, slots=True)
class Stream(Node):
    kinds: Kinds
    where: Where | None
    window: Window | None


@dataclass(frozen=True, slots=True)
class Frequency(Node):
    """At least `low` times, and at most `high` times; None: no such bound."""

    low: Number | None
    high: Number | None


# Conditions


@dataclass(frozen=True, slots=True)
class Either(Node):
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    item: Condition


@dataclass(frozen=True, slots=True)
class Parentheses(Node):
    item: Condition


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """A definition, by its name."""

    name: Name


@dataclass(frozen=True, slots=True)
class InList(Node):
    list: Text


@dataclass(frozen=True, slots=True)
class EventTest(Node):
    """`event …` and, with `negated`, `no event …`. Kinds of None are any event."""

    kinds: Kinds | None
    where: Where | None
    window: Window | None
    frequency: Frequency | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Is(Node):
    """`is`, `is any of` and, with `negated`, `is not`, `is none of`."""

    name: Name
    values: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsKnown(Node):
    name: Name
    known: bool


@dataclass(frozen=True, slots=True)
class IsBetween(Node):
    name: Name
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class IsWithin(Node):
    name: Name
    direction: Literal["last", "next"]
    duration: Duration


@dataclass(frozen=True, slots=True)
class IsOlder(Node):
    name: Name
    duration: Duration


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    kind: Literal["contains", "word", "starts", "ends", "matches"]
    name: Name
    texts: tuple[Text, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Compare(Node):
    name: Name
    operator: Operator
    operator_span: Span
    value: Value


@dataclass(frozen=True, slots=True)
class CompareNames(Node):
    name: Name
    operator: Operator
    other: Name


@dataclass(frozen=True, slots=True)
class ComparePercent(Node):
    name: Name
    operator: Operator
    percent: Number
    other: Name


Comparison = (
    Is
    | IsKnown
    | IsBetween
    | IsWithin
    | IsOlder
    | TextTest
    | Compare
    | CompareNames
    | ComparePercent
)
Condition = Either | AllOf | Negation | Parentheses | Reference | InList | EventTest | Comparison


# Modifiers


@dataclass(frozen=True, slots=True)
class Bounds(Node):
    """What follows `limit`: a bare number (`kind` is bare), `A to B`, `at least A`, `at most B`."""

    kind: Literal["bare", "range", "least", "most"]
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class LimitModifier(Node):
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Decay(Node):
    percent: Number
    every: Duration
    gradually: bool


@dataclass(frozen=True, slots=True)
class NoDecay(Node):
    pass


@dataclass(frozen=True, slots=True)
class Latest(Node):
    count: Number


@dataclass(frozen=True, slots=True)
class UpTo(Node):
    count: Number
    period: str
    period_span: Span


@dataclass(frozen=True, slots=True)
class ResetBy(Node):
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Named(Node):
    text: Text


Modifier = LimitModifier | Decay | NoDecay | Latest | UpTo | ResetBy | Named


# Rules: what stands between the points and the modifiers


@dataclass(frozen=True, slots=True)
class EachEvent(Node):
    stream: Stream


@dataclass(frozen=True, slots=True)
class OnceFor(Node):
    stream: Stream


@dataclass(frozen=True, slots=True)
class EachAmount(Node):
    step: Number
    name: Name


@dataclass(frozen=True, slots=True)
class EachSince(Node):
    every: Duration
    name: Name


@dataclass(frozen=True, slots=True)
class EachWithout(Node):
    every: Duration
    stream: Stream


@dataclass(frozen=True, slots=True)
class When(Node):
    condition: Condition


@dataclass(frozen=True, slots=True)
class Always(Node):
    pass


Trigger = EachEvent | OnceFor | EachAmount | EachSince | EachWithout | When | Always


@dataclass(frozen=True, slots=True)
class CountOf(Node):
    """The number of events, or of different values of the attribute `different`."""

    stream: Stream
    different: Name | None


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    kind: Literal["total", "highest", "lowest", "average"]
    name: Name
    stream: Stream


Subject = Name | CountOf | Aggregate


# Lines: one statement each


@dataclass(frozen=True, slots=True)
class EditionLine(Node):
    number: Number


@dataclass(frozen=True, slots=True)
class ScoreLine(Node):
    title: Text
    subject: Name | None


@dataclass(frozen=True, slots=True)
class DescriptionLine(Node):
    text: Text


@dataclass(frozen=True, slots=True)
class LimitLine(Node):
    """A limit of the score, or of a category."""

    category: Category | None
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class UnknownValuesLine(Node):
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ScopeLine(Node):
    """`only when` and, with `excludes`, `exclude when`."""

    condition: Condition
    excludes: bool


@dataclass(frozen=True, slots=True)
class DefineLine(Node):
    name: Name
    condition: Condition


@dataclass(frozen=True, slots=True)
class PropertiesLine(Node):
    pass


@dataclass(frozen=True, slots=True)
class PropertyType(Node):
    kind: Literal["number", "text", "date", "boolean", "one of"]
    pattern: Text | None
    options: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PropertyLine(Node):
    name: Name
    type: PropertyType
    column: Text | None


@dataclass(frozen=True, slots=True)
class EventsLine(Node):
    pass


@dataclass(frozen=True, slots=True)
class EventTypeLine(Node):
    name: Text
    raw: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class GroupLine(Node):
    title: Text
    category: Category | None
    modifiers: tuple[Modifier, ...]
    guard: Condition | None


@dataclass(frozen=True, slots=True)
class PointsLine(Node):
    points: tuple[Number, ...]
    trigger: Trigger
    modifiers: tuple[Modifier, ...]
    guard: Condition | None


@dataclass(frozen=True, slots=True)
class FirstOfLine(Node):
    modifiers: tuple[Modifier, ...]
    guard: Condition | None


@dataclass(frozen=True, slots=True)
class FirstCaseLine(Node):
    """A condition of None is `otherwise`."""

    condition: Condition | None
    points: Number


@dataclass(frozen=True, slots=True)
class ByLine(Node):
    subject: Subject
    modifiers: tuple[Modifier, ...]
    guard: Condition | None


@dataclass(frozen=True, slots=True)
class TextPattern(Node):
    """Equality with any of `texts`, or that they (or their words) are contained."""

    kind: Literal["is", "contains", "word"]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RangePattern(Node):
    """Both ends are included; a single number is a range of itself."""

    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class ComparePattern(Node):
    operator: Operator
    operator_span: Span
    value: Number | DateLiteral


@dataclass(frozen=True, slots=True)
class UnknownPattern(Node):
    pass


@dataclass(frozen=True, slots=True)
class OtherwisePattern(Node):
    pass


Pattern = TextPattern | RangePattern | ComparePattern | UnknownPattern | OtherwisePattern


@dataclass(frozen=True, slots=True)
class CaseLine(Node):
    pattern: Pattern
    points: Number


@dataclass(frozen=True, slots=True)
class LabelsLine(Node):
    category: Category | None


@dataclass(frozen=True, slots=True)
class LabelBound(Node):
    """`from` or `below` a number. A target of None is what the block of labels is for."""

    target: Literal["score", "fit", "engagement"] | None
    kind: Literal["from", "below"]
    value: Number


@dataclass(frozen=True, slots=True)
class LabelLine(Node):
    title: Text
    bounds: tuple[LabelBound, ...]
    condition: Condition | None
    color: Name | None


@dataclass(frozen=True, slots=True)
class MatrixLine(Node):
    pass


@dataclass(frozen=True, slots=True)
class AxisStep(Node):
    title: Text
    kind: Literal["from", "below"]
    value: Number


@dataclass(frozen=True, slots=True)
class AxisLine(Node):
    category: Category
    steps: tuple[AxisStep, ...]


@dataclass(frozen=True, slots=True)
class FastTrackLine(Node):
    title: Text
    condition: Condition


@dataclass(frozen=True, slots=True)
class TestLine(Node):
    title: Text
    as_of: DateLiteral | None


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    name: Name
    value: Value


@dataclass(frozen=True, slots=True)
class GivenValues(Node):
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class GivenEvent(Node):
    """`times` events of one type, a duration before the as-of, on a date, or (neither) now."""

    type: Text
    times: Number | None
    ago: Duration | None
    on: DateLiteral | None
    attributes: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class GivenList(Node):
    list: Text


@dataclass(frozen=True, slots=True)
class ExpectNumber(Node):
    """The score, a category's or a group's points."""

    target: Literal["score", "fit", "engagement"] | None
    group: Text | None
    operator: Operator
    value: Number


@dataclass(frozen=True, slots=True)
class ExpectLabel(Node):
    """A label, of the score or of a category. No text: any label; `negated`: not that, or none."""

    category: Category | None
    text: Text | None
    negated: bool


@dataclass(frozen=True, slots=True)
class ExpectMatrix(Node):
    text: Text


@dataclass(frozen=True, slots=True)
class ExpectFastTrack(Node):
    """A text of None: no fast track."""

    text: Text | None


@dataclass(frozen=True, slots=True)
class ExpectExcluded(Node):
    negated: bool


Expectation = ExpectNumber | ExpectLabel | ExpectMatrix | ExpectFastTrack | ExpectExcluded


@dataclass(frozen=True, slots=True)
class ExpectLine(Node):
    expectations: tuple[Expectation, ...]


RuleLine = PointsLine | FirstOfLine | ByLine
GivenLine = GivenValues | GivenEvent | GivenList
Line = (
    EditionLine
    | ScoreLine
    | DescriptionLine
    | LimitLine
    | UnknownValuesLine
    | ScopeLine
    | DefineLine
    | PropertiesLine
    | PropertyLine
    | EventsLine
    | EventTypeLine
    | GroupLine
    | PointsLine
    | FirstOfLine
    | FirstCaseLine
    | ByLine
    | CaseLine
    | LabelsLine
    | LabelLine
    | MatrixLine
    | AxisLine
    | FastTrackLine
    | TestLine
    | GivenValues
    | GivenEvent
    | GivenList
    | ExpectLine
)
