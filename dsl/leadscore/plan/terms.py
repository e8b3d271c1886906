"""The vocabulary of plans: frozen records, compared by value, without behaviour.

Points are integers in units of 1/10,000,000 of a point; times are whole seconds; names are keys
(trimmed and folded). A comparison with an unknown value is false, so `is not` is `Not` of its
positive form, and no term knows a third truth value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Category = Literal["fit", "engagement"]
Target = Literal["score", "fit", "engagement"]
Operator = Literal["=", "<", "<=", ">", ">="]
Kind = Literal["number", "text", "date", "boolean", "one of"]
Period = Literal["hour", "day", "week", "month", "quarter", "year"]

# What a comparison looks at


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the lead, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the event at hand, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about a stream.

    `count`: how many events; `different`: how many distinct known texts of the attribute;
    `total`, `average`: of the attribute's numbers in ten-thousandths; `highest`, `lowest`: of its
    numbers.
    """

    kind: Literal["count", "different", "total", "average", "highest", "lowest"]
    stream: Stream
    attribute: str | None


Operand = Property | Attribute | Measure
Field = Property | Attribute


@dataclass(frozen=True, slots=True)
class DatePoint:
    """A date of the model, local to the zone of the run. Without a time it is a whole day."""

    moment: datetime
    timed: bool


# Conditions


@dataclass(frozen=True, slots=True)
class Constant:
    """Always or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition of the plan, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class InList:
    """The lead is in a list, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """There is a value, and it can be read as the type that is declared."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class TextIs:
    """The folded text is one of `texts`."""

    operand: Field
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextFind:
    """The folded text contains, begins or ends with, or matches any of `texts`.

    `word`: the words of the text hold the words of one of `texts` in a row.
    """

    operand: Field
    kind: Literal["contains", "word", "starts", "ends", "matches"]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextCompare:
    """By code point, of folded texts."""

    operand: Field
    operator: Operator
    text: str


@dataclass(frozen=True, slots=True)
class NumberCompare:
    """As doubles; counts, totals and averages exactly against the decimal."""

    operand: Operand
    operator: Operator
    value: Decimal


@dataclass(frozen=True, slots=True)
class DateCompare:
    """An instant against a date of the model."""

    operand: Field
    operator: Operator
    point: DatePoint


@dataclass(frozen=True, slots=True)
class DateAge:
    """`low <= as-of - date <= high` in seconds; None: no such bound."""

    operand: Field
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class BooleanIs:
    """The value says yes, or says no."""

    operand: Field
    value: bool


@dataclass(frozen=True, slots=True)
class CompareFields:
    """Two fields with each other, as `kind`; None: as numbers, else dates, else texts."""

    left: Field
    operator: Operator
    right: Field
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class ComparePercent:
    """`100 · left CMP percent · right`, on doubles."""

    left: Field
    operator: Operator
    percent: Decimal
    right: Field


Comparison = (
    Known
    | TextIs
    | TextFind
    | TextCompare
    | NumberCompare
    | DateCompare
    | DateAge
    | BooleanIs
    | CompareFields
    | ComparePercent
)
Condition = Constant | AllOf | AnyOf | Not | Defined | InList | Comparison

# Streams


@dataclass(frozen=True, slots=True)
class Types:
    """Event types by key: these, or with `exclude` all but these."""

    keys: frozenset[str]
    exclude: bool


@dataclass(frozen=True, slots=True)
class AgeWindow:
    """`low <= age <= high` in seconds; a high of None: no such bound."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class DateWindow:
    """From `first` on, up to and with `last` (None: without end)."""

    first: DatePoint
    last: DatePoint | None


@dataclass(frozen=True, slots=True)
class AfterLatest:
    """Strictly after the latest event of these types; everything where there is none."""

    types: frozenset[str]


Window = AgeWindow | DateWindow | AfterLatest


@dataclass(frozen=True, slots=True)
class Stream:
    """A choice of events.

    In this order: types, where, window, after the latest reset, up to N per period, latest N.
    """

    types: Types
    where: Condition | None = None
    window: Window | None = None
    resets: frozenset[str] = frozenset()
    up_to: tuple[int, Period] | None = None
    latest: int | None = None


# Rules


@dataclass(frozen=True, slots=True)
class Limit:
    """Clamps a sum, in units; None: no such bound."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Decay:
    """`rate` hundredths of a percent of the original points, for each full `every` seconds.

    `gradual`: along the same line, hour by hour.
    """

    rate: int
    every: int
    gradual: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A line of a table; `points` in units."""

    condition: Condition
    points: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The points of the first case that holds, else 0."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class EachEvent:
    """Points for each event; several: the oldest event gives the first, and so on."""

    stream: Stream
    points: tuple[int, ...]
    decay: Decay | None


@dataclass(frozen=True, slots=True)
class EachAmount:
    """`floor(value / step)` times the points; none where unknown or below 0."""

    operand: Property
    step: int
    points: int


@dataclass(frozen=True, slots=True)
class EachElapsed:
    """`floor(age / every)` times the points: since a date, or since the latest event left."""

    since: Property | Stream
    every: int
    points: int


Body = Choice | EachEvent | EachAmount | EachElapsed


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: where its guard holds, its body clamped to its limit; else 0."""

    text: str
    """The rule's own line, tidied."""
    name: str | None
    line: int
    guard: Condition | None
    body: Body
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Group:
    """The sum of rules clamped to a limit; 0 where the guard does not hold."""

    name: str
    text: str
    """The group's own line, tidied."""
    category: Category | None
    line: int
    guard: Condition | None
    rules: tuple[Rule, ...]
    limit: Limit | None
    description: str | None


# What comes out


@dataclass(frozen=True, slots=True)
class Bound:
    """`low <= value < high` of a target, in units; None: no such bound."""

    target: Target
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Label:
    """A label, for leads within all bounds for which the condition holds."""

    title: str
    bounds: tuple[Bound, ...]
    condition: Condition | None
    color: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of the matrix; its steps are labels without conditions."""

    category: Category
    steps: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class FastTrack:
    """A label that a condition gives whatever the score is."""

    title: str
    condition: Condition
    line: int


@dataclass(frozen=True, slots=True)
class Scope:
    """A lead is out where the condition fails, or, with `excludes`, where it holds."""

    text: str
    condition: Condition
    excludes: bool
    line: int


# The whole


@dataclass(frozen=True, slots=True)
class PropertySpec:
    """A property that the plan reads. `kind` of None: not declared."""

    key: str
    name: str
    sources: tuple[str, ...]
    kind: Kind | None
    pattern: str | None
    options: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """An attribute of events that the plan reads; `line` is where the model first names it."""

    key: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model computes. Definitions are in an order in which each uses earlier ones only."""

    name: str
    subject: str | None
    description: str | None
    properties: tuple[PropertySpec, ...]
    attributes: tuple[AttributeSpec, ...]
    renames: tuple[tuple[str, str], ...]
    """(raw event type, the type that it counts as), by key; the latter may be any name."""
    type_names: tuple[tuple[str, str], ...]
    """(event type by key, its name as the file declares it), for those that it declares."""
    unknown_values: frozenset[str]
    uses_events: bool
    uses_lists: bool
    definitions: tuple[tuple[str, Condition], ...]
    scope: tuple[Scope, ...]
    groups: tuple[Group, ...]
    limits: tuple[tuple[Target, Limit], ...]
    labels: tuple[tuple[Target, tuple[Label, ...]], ...]
    matrix: tuple[Axis, Axis] | None
    fast_tracks: tuple[FastTrack, ...]

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that are outputs: those that have groups, fit first."""
        found = {group.category for group in self.groups}
        both: tuple[Category, ...] = ("fit", "engagement")
        return tuple(category for category in both if category in found)
