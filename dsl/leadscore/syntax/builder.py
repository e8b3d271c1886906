"""From the parser's reductions to nodes: one method a rule or alias of the grammar.

Lark calls the methods while it parses, with all children in order, keywords included
(``keep_all_tokens``). A node spans from its first to its last child.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from lark import Token

from leadscore.diagnostics.diagnostic import Span
from leadscore.syntax import nodes as n
from leadscore.values.text import fold, trim

SECONDS = {
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
    "month": 30 * 86400,
    "year": 365 * 86400,
}

_FACTORS = {"k": 3, "M": 6}
# Where the fields of 2026-01-31T09:30:15 are. Python's own reader changes from version to version.
_DATE_FIELDS = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))

Children = list[Any]


def over(children: Children) -> Span:
    """From the start of the first child to the end of the last; tokens or nodes."""
    first, last = children[0], children[-1]
    return Span(
        (first.start_pos or 0) if isinstance(first, Token) else first.span.start,
        (last.end_pos or 0) if isinstance(last, Token) else last.span.end,
    )


MAX_DIGITS = 400
"""More digits than any double has before and after its point: such a number is an error."""
_TOO_LONG = Decimal(10) ** MAX_DIGITS


def number(token: Token) -> n.Number:
    """The number of an INT, NUM, SIGNED or PERCENT token, exactly.

    One with too many digits is 10^400, which no place in a model allows.
    """
    text = str(token).rstrip("%")
    sign = text[0] if text[0] in "+-" else ""
    if len(text) > MAX_DIGITS:
        return n.Number(over([token]), _TOO_LONG, sign)
    exponent = _FACTORS.get(text[-1])
    value = Decimal(text if exponent is None else f"{text[:-1]}E{exponent}")
    return n.Number(over([token]), value, sign)


def pick(children: Children, *kinds: type) -> list[Any]:
    return [child for child in children if isinstance(child, kinds)]


def one(children: Children, *kinds: type) -> Any:
    """The first child of a kind, or None."""
    return next((child for child in children if isinstance(child, kinds)), None)


def plain(token: str) -> Any:
    """A keyword as a plain text; which keywords can stand there is the grammar's business."""
    return str(token)


def word(children: Children, *words: str) -> bool:
    """Whether one of the keywords is among the children."""
    return any(isinstance(child, Token) and child in words for child in children)


_MODIFIERS = (
    n.LimitModifier,
    n.Decay,
    n.NoDecay,
    n.Latest,
    n.UpTo,
    n.ResetBy,
    n.Named,
)
_VALUES = (n.Text, n.Number, n.DateLiteral, n.YesNo)
_WINDOWS = (
    n.InTheLast,
    n.MoreThanAgo,
    n.BetweenAgo,
    n.SinceDate,
    n.BetweenDates,
    n.SinceEvent,
)
_CONDITIONS = (
    n.Either,
    n.AllOf,
    n.Negation,
    n.Parentheses,
    n.Reference,
    n.InList,
    n.EventTest,
    n.Is,
    n.IsKnown,
    n.IsBetween,
    n.IsWithin,
    n.IsOlder,
    n.TextTest,
    n.Compare,
    n.CompareNames,
    n.ComparePercent,
)


class _Guard:
    """`if` and its condition, until the line that they belong to takes them up."""

    __slots__ = ("condition", "span")

    def __init__(self, span: Span, condition: n.Condition) -> None:
        self.span = span
        self.condition = condition


class _Group:
    """Texts, values or words with their span, until a node takes them up."""

    __slots__ = ("items", "span")

    def __init__(self, span: Span, items: tuple[Any, ...]) -> None:
        self.span = span
        self.items = items


class Builder:
    """The callbacks. Without state: one instance serves every parse."""

    # Small parts

    def text(self, c: Children) -> n.Text:
        value = str(c[0])[1:-1].replace('""', '"')
        return n.Text(over(c), value, fold(value))

    def name(self, c: Children) -> n.Name:
        token = c[0]
        bracketed = token.type == "BRACKETED"
        text = trim(str(token)[1:-1].replace("]]", "]")) if bracketed else str(token)
        return n.Name(over(c), text, fold(text), bracketed)

    def date(self, c: Children) -> n.DateLiteral:
        text = str(c[0])
        fields = [int(text[at : at + size]) for at, size in _DATE_FIELDS if at < len(text)]
        try:
            value = datetime(*fields)  # type: ignore[arg-type]  # at most six integers
        except ValueError:
            value = None
        return n.DateLiteral(over(c), value, "T" in text)

    def yes_no(self, c: Children) -> n.YesNo:
        return n.YesNo(over(c), c[0] in ("yes", "true"))

    def num(self, c: Children) -> n.Number:
        return number(c[0])

    def number(self, c: Children) -> n.Number:
        return number(c[0])

    def duration(self, c: Children) -> n.Duration:
        amount = number(c[0]).value
        unit = str(c[1]).rstrip("s")
        whole = int(amount) if amount < 10**12 else 10**12  # an error anyway, past 100 years
        return n.Duration(over(c), amount, unit, whole * SECONDS[unit])

    def category(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def cmp(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def texts(self, c: Children) -> _Group:
        return _Group(over(c), tuple(pick(c, n.Text)))

    def values(self, c: Children) -> _Group:
        return _Group(over(c), tuple(pick(c, *_VALUES)))

    def points(self, c: Children) -> _Group:
        return _Group(
            over(c),
            tuple(number(t) for t in c if t.type == "SIGNED"),
        )

    def the_words(self, c: Children) -> Token:
        return Token.new_borrow_pos("THE_WORDS", "the words", c[0])

    # The head of a file

    def edition(self, c: Children) -> n.EditionLine:
        return n.EditionLine(over(c), number(c[1]))

    def score(self, c: Children) -> n.ScoreLine:
        return n.ScoreLine(over(c), c[1], one(c, n.Name))

    def description(self, c: Children) -> n.DescriptionLine:
        return n.DescriptionLine(over(c), c[1])

    def limit(self, c: Children) -> n.LimitLine:
        return n.LimitLine(over(c), None, c[1])

    def category_limit(self, c: Children) -> n.LimitLine:
        return n.LimitLine(over(c), plain(c[0]), c[2])

    def unknown_values(self, c: Children) -> n.UnknownValuesLine:
        return n.UnknownValuesLine(over(c), c[1].items)

    def only_when(self, c: Children) -> n.ScopeLine:
        return n.ScopeLine(over(c), c[2], False)

    def exclude_when(self, c: Children) -> n.ScopeLine:
        return n.ScopeLine(over(c), c[2], True)

    def define(self, c: Children) -> n.DefineLine:
        return n.DefineLine(over(c), c[1], c[3])

    def properties(self, c: Children) -> n.PropertiesLine:
        return n.PropertiesLine(over(c))

    def property(self, c: Children) -> n.PropertyLine:
        return n.PropertyLine(over(c), c[0], c[2], c[4] if len(c) > 4 else None)

    def type_number(self, c: Children) -> n.PropertyType:
        return n.PropertyType(over(c), "number", None, ())

    def type_text(self, c: Children) -> n.PropertyType:
        return n.PropertyType(over(c), "text", None, ())

    def type_date(self, c: Children) -> n.PropertyType:
        return n.PropertyType(over(c), "date", c[1] if len(c) > 1 else None, ())

    def type_boolean(self, c: Children) -> n.PropertyType:
        return n.PropertyType(over(c), "boolean", None, ())

    def type_one_of(self, c: Children) -> n.PropertyType:
        return n.PropertyType(over(c), "one of", None, c[2].items)

    def events(self, c: Children) -> n.EventsLine:
        return n.EventsLine(over(c))

    def event_type(self, c: Children) -> n.EventTypeLine:
        return n.EventTypeLine(over(c), c[0], c[2].items)

    # Groups and rules

    def group(self, c: Children) -> n.GroupLine:
        guard = one(c, _Guard)
        category = plain(c[3]) if len(c) > 3 and c[2] == "as" else None
        return n.GroupLine(
            over(c),
            c[1],
            category,
            tuple(pick(c, *_MODIFIERS)),
            guard.condition if guard else None,
        )

    def guard(self, c: Children) -> _Guard:
        return _Guard(over(c), c[1])

    def _points_line(self, c: Children, trigger: n.Trigger) -> n.PointsLine:
        guard = one(c, _Guard)
        return n.PointsLine(
            over(c),
            c[0].items,
            trigger,
            tuple(pick(c, *_MODIFIERS)),
            guard.condition if guard else None,
        )

    def each_event(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.EachEvent(over(c[1:4]), c[3]))

    def once_for(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.OnceFor(over(c[1:4]), c[3]))

    def each_amount(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.EachAmount(over(c[1:6]), number(c[3]), c[5]))

    def each_since(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.EachSince(over(c[1:6]), c[3], c[5]))

    def each_without(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.EachWithout(over(c[1:6]), c[3], c[5]))

    def points_if(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.When(over(c[1:3]), c[2]))

    def points_always(self, c: Children) -> n.PointsLine:
        return self._points_line(c, n.Always(over(c[1:2])))

    def first_of(self, c: Children) -> n.FirstOfLine:
        guard = one(c, _Guard)
        return n.FirstOfLine(
            over(c), tuple(pick(c, *_MODIFIERS)), guard.condition if guard else None
        )

    def first_case(self, c: Children) -> n.FirstCaseLine:
        condition = None if isinstance(c[0], Token) else c[0]
        return n.FirstCaseLine(over(c), condition, c[2])

    def by(self, c: Children) -> n.ByLine:
        guard = one(c, _Guard)
        return n.ByLine(
            over(c), c[1], tuple(pick(c, *_MODIFIERS)), guard.condition if guard else None
        )

    def count_of(self, c: Children) -> n.CountOf:
        return n.CountOf(over(c), c[-1], one(c, n.Name))

    def aggregate(self, c: Children) -> n.Aggregate:
        return n.Aggregate(over(c), plain(c[0]), c[2], c[4])

    def case(self, c: Children) -> n.CaseLine:
        return n.CaseLine(over(c), c[0], c[2])

    def pattern_texts(self, c: Children) -> n.TextPattern:
        return n.TextPattern(over(c), "is", c[0].items)

    def pattern_contains(self, c: Children) -> n.TextPattern:
        return n.TextPattern(over(c), "word" if word(c, "the words") else "contains", c[-1].items)

    def pattern_number(self, c: Children) -> n.RangePattern:
        return n.RangePattern(over(c), c[0], c[0])

    def pattern_range(self, c: Children) -> n.RangePattern:
        return n.RangePattern(over(c), c[0], c[2])

    def pattern_between(self, c: Children) -> n.RangePattern:
        return n.RangePattern(over(c), c[1], c[3])

    def pattern_compare(self, c: Children) -> n.ComparePattern:
        return n.ComparePattern(over(c), plain(c[0]), over(c[:1]), c[1])

    def pattern_unknown(self, c: Children) -> n.UnknownPattern:
        return n.UnknownPattern(over(c))

    def pattern_otherwise(self, c: Children) -> n.OtherwisePattern:
        return n.OtherwisePattern(over(c))

    # Modifiers

    def limit_modifier(self, c: Children) -> n.LimitModifier:
        return n.LimitModifier(over(c), c[1])

    def decay(self, c: Children) -> n.Decay:
        return n.Decay(over(c), number(c[1]), c[3], word(c, "gradually"))

    def no_decay(self, c: Children) -> n.NoDecay:
        return n.NoDecay(over(c))

    def latest(self, c: Children) -> n.Latest:
        return n.Latest(over(c), number(c[1]))

    def up_to(self, c: Children) -> n.UpTo:
        return n.UpTo(over(c), number(c[2]), str(c[4]), over(c[4:]))

    def reset_by(self, c: Children) -> n.ResetBy:
        return n.ResetBy(over(c), c[2].items)

    def named(self, c: Children) -> n.Named:
        return n.Named(over(c), c[1])

    def span(self, c: Children) -> n.Bounds:
        return n.Bounds(over(c), "bare", c[0], c[0])

    def span_range(self, c: Children) -> n.Bounds:
        return n.Bounds(over(c), "range", c[0], c[2])

    def span_least(self, c: Children) -> n.Bounds:
        return n.Bounds(over(c), "least", c[2], c[2])

    def span_most(self, c: Children) -> n.Bounds:
        return n.Bounds(over(c), "most", c[2], c[2])

    # Events

    def stream(self, c: Children) -> n.Stream:
        return n.Stream(over(c), c[0], one(c, n.Where), one(c, *_WINDOWS))

    def kinds(self, c: Children) -> n.Kinds:
        return n.Kinds(over(c), c[0].items, False)

    def any_event(self, c: Children) -> n.Kinds:
        return n.Kinds(over(c), c[3].items if len(c) > 3 else (), True)

    def where(self, c: Children) -> n.Where:
        if isinstance(c[1], Token):
            return n.Where(over(c), c[2], True)
        return n.Where(over(c), c[1], False)

    def in_the_last(self, c: Children) -> n.InTheLast:
        return n.InTheLast(over(c), c[3])

    def more_than_ago(self, c: Children) -> n.MoreThanAgo:
        return n.MoreThanAgo(over(c), c[2])

    def between_ago(self, c: Children) -> n.BetweenAgo:
        return n.BetweenAgo(over(c), c[1], c[3])

    def since_date(self, c: Children) -> n.SinceDate:
        return n.SinceDate(over(c), c[1])

    def between_dates(self, c: Children) -> n.BetweenDates:
        return n.BetweenDates(over(c), c[1], c[3])

    def since_event(self, c: Children) -> n.SinceEvent:
        return n.SinceEvent(over(c), c[1].items)

    # Conditions

    def either(self, c: Children) -> n.Either:
        return n.Either(over(c), tuple(c[::2]))

    def all_of(self, c: Children) -> n.AllOf:
        return n.AllOf(over(c), tuple(c[::2]))

    def negation(self, c: Children) -> n.Negation:
        return n.Negation(over(c), c[1])

    def parentheses(self, c: Children) -> n.Parentheses:
        return n.Parentheses(over(c), c[1])

    def reference(self, c: Children) -> n.Reference:
        return n.Reference(over(c), c[0])

    def in_list(self, c: Children) -> n.InList:
        return n.InList(over(c), c[2])

    def event_test(self, c: Children) -> n.EventTest:
        return self._event_test(c, False)

    def any_event_test(self, c: Children) -> n.EventTest:
        return self._event_test(c, False)

    def no_event_test(self, c: Children) -> n.EventTest:
        return self._event_test(c, True)

    def _event_test(self, c: Children, negated: bool) -> n.EventTest:
        texts = one(c, _Group)
        kinds: n.Kinds | None = None
        if texts is not None:
            kinds = n.Kinds(texts.span, texts.items, word(c, "except"))
        return n.EventTest(
            over(c), kinds, one(c, n.Where), one(c, *_WINDOWS), one(c, n.Frequency), negated
        )

    def freq_least(self, c: Children) -> n.Frequency:
        return n.Frequency(over(c), number(c[2]), None)

    def freq_most(self, c: Children) -> n.Frequency:
        return n.Frequency(over(c), None, number(c[2]))

    def freq_exactly(self, c: Children) -> n.Frequency:
        return n.Frequency(over(c), number(c[1]), number(c[1]))

    def freq_range(self, c: Children) -> n.Frequency:
        return n.Frequency(over(c), number(c[0]), number(c[2]))

    def is_value(self, c: Children) -> n.Is:
        return n.Is(over(c), c[0], (c[2],), False)

    def is_not_value(self, c: Children) -> n.Is:
        return n.Is(over(c), c[0], (c[3],), True)

    def is_any_of(self, c: Children) -> n.Is:
        return n.Is(over(c), c[0], c[-1].items, False)

    def is_none_of(self, c: Children) -> n.Is:
        return n.Is(over(c), c[0], c[-1].items, True)

    def is_known(self, c: Children) -> n.IsKnown:
        return n.IsKnown(over(c), c[0], True)

    def is_unknown(self, c: Children) -> n.IsKnown:
        return n.IsKnown(over(c), c[0], False)

    def is_between(self, c: Children) -> n.IsBetween:
        return n.IsBetween(over(c), c[0], c[3], c[5])

    def is_within(self, c: Children) -> n.IsWithin:
        return n.IsWithin(over(c), c[0], plain(c[4]), c[5])

    def is_older(self, c: Children) -> n.IsOlder:
        return n.IsOlder(over(c), c[0], c[4])

    def contains(self, c: Children) -> n.TextTest:
        kind = "word" if word(c, "the words") else "contains"
        return n.TextTest(over(c), plain(kind), c[0], c[-1].items, False)

    def contains_not(self, c: Children) -> n.TextTest:
        return n.TextTest(over(c), "contains", c[0], c[-1].items, True)

    def starts_with(self, c: Children) -> n.TextTest:
        return n.TextTest(over(c), "starts", c[0], c[-1].items, False)

    def ends_with(self, c: Children) -> n.TextTest:
        return n.TextTest(over(c), "ends", c[0], c[-1].items, False)

    def matches(self, c: Children) -> n.TextTest:
        return n.TextTest(over(c), "matches", c[0], c[-1].items, False)

    def compare(self, c: Children) -> n.Compare:
        return n.Compare(over(c), c[0], plain(c[1]), over(c[1:2]), c[2])

    def compare_names(self, c: Children) -> n.CompareNames:
        return n.CompareNames(over(c), c[0], plain(c[1]), c[2])

    def compare_percent(self, c: Children) -> n.ComparePercent:
        return n.ComparePercent(over(c), c[0], plain(c[1]), number(c[2]), c[4])

    # What comes out

    def labels(self, c: Children) -> n.LabelsLine:
        return n.LabelsLine(over(c), plain(c[2]) if len(c) > 2 else None)

    def label(self, c: Children) -> n.LabelLine:
        guard = one(c, _Guard)
        color = None
        if len(c) > 2 and c[-2] == "color":
            color = self.name(c[-1:])
        return n.LabelLine(
            over(c),
            c[0],
            tuple(pick(c, n.LabelBound)),
            guard.condition if guard else None,
            color,
        )

    def bound(self, c: Children) -> n.LabelBound:
        target = plain(c[0]) if len(c) > 2 else None
        return n.LabelBound(over(c), target, plain(c[-2]), c[-1])

    def matrix(self, c: Children) -> n.MatrixLine:
        return n.MatrixLine(over(c))

    def axis(self, c: Children) -> n.AxisLine:
        return n.AxisLine(over(c), plain(c[0]), tuple(pick(c, n.AxisStep)))

    def step(self, c: Children) -> n.AxisStep:
        return n.AxisStep(over(c), c[0], plain(c[1]), c[2])

    def fast_track(self, c: Children) -> n.FastTrackLine:
        return n.FastTrackLine(over(c), c[2], c[4])

    # Tests

    def test(self, c: Children) -> n.TestLine:
        return n.TestLine(over(c), c[1], c[4] if len(c) > 4 else None)

    def given_values(self, c: Children) -> n.GivenValues:
        return n.GivenValues(over(c), tuple(pick(c, n.Assignment)))

    def given_event(self, c: Children) -> n.GivenEvent:
        times = next((number(t) for t in c if isinstance(t, Token) and t.type == "INT"), None)
        when = one(c, _Group)
        return n.GivenEvent(
            over(c),
            c[1],
            times,
            one(list(when.items), n.Duration),
            one(list(when.items), n.DateLiteral),
            tuple(pick(c, n.Assignment)),
        )

    def when_given(self, c: Children) -> _Group:
        return _Group(over(c), tuple(c))

    def given_list(self, c: Children) -> n.GivenList:
        return n.GivenList(over(c), c[2])

    def assignment(self, c: Children) -> n.Assignment:
        return n.Assignment(over(c), c[0], c[2])

    def expect(self, c: Children) -> n.ExpectLine:
        return n.ExpectLine(
            over(c),
            tuple(child for child in c if not isinstance(child, Token)),
        )

    def expect_score(self, c: Children) -> n.ExpectNumber:
        return n.ExpectNumber(over(c), "score", None, plain(c[1]), c[2])

    def expect_category(self, c: Children) -> n.ExpectNumber:
        return n.ExpectNumber(over(c), plain(c[0]), None, plain(c[1]), c[2])

    def expect_group(self, c: Children) -> n.ExpectNumber:
        return n.ExpectNumber(over(c), None, c[1], plain(c[2]), c[3])

    def expect_label(self, c: Children) -> n.ExpectLabel:
        return n.ExpectLabel(over(c), None, one(c, n.Text), c[0] == "no")

    def expect_category_label(self, c: Children) -> n.ExpectLabel:
        return n.ExpectLabel(over(c), plain(c[0]), c[2], False)

    def expect_matrix(self, c: Children) -> n.ExpectMatrix:
        return n.ExpectMatrix(over(c), c[1])

    def expect_fast_track(self, c: Children) -> n.ExpectFastTrack:
        return n.ExpectFastTrack(over(c), c[2])

    def expect_no_fast_track(self, c: Children) -> n.ExpectFastTrack:
        return n.ExpectFastTrack(over(c), None)

    def expect_excluded(self, c: Children) -> n.ExpectExcluded:
        return n.ExpectExcluded(over(c), c[0] == "not")
