"""What can be wrong with a statement by itself, whatever else the file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Span, nearest
from leadscore.syntax import nodes as n
from leadscore.syntax.builder import MAX_DIGITS
from leadscore.syntax.mistakes import where_joined
from leadscore.syntax.parser import Parsed
from leadscore.syntax.walk import walk
from leadscore.values.dates import pattern_reader
from leadscore.values.text import words

COLORS = ("blue", "gray", "green", "magenta", "orange", "purple", "red", "yellow")
PERIODS = ("hour", "day", "week", "month", "quarter", "year")
EDITION = 1

MAX_POINTS = Decimal(100_000)
MAX_LIMIT = Decimal(900_000_000_000)
"""About what 64 bits of units hold."""
MAX_COUNT = Decimal(1_000_000_000)
MAX_STEP = Decimal(10**15)
MAX_GIVEN = Decimal(100_000)
MAX_EXPONENT = 300
"""Of a power of ten. A double goes to 308."""
MAX_SECONDS = 100 * 365 * 86400

Found = Iterator[Diagnostic]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is found out about a statement once: what is wrong, and which names it uses."""

    diagnostics: tuple[Diagnostic, ...]
    references: tuple[n.Name, ...]
    """Uses of definitions."""
    types: tuple[n.Text, ...]
    """Event types that streams, event tests, windows and resets name."""


def facts_of(parsed: Parsed) -> Facts:
    """The facts of a statement, from its memo where they are known. Spans are the statement's."""
    known = parsed.memo.get("facts")
    if isinstance(known, Facts):
        return known
    diagnostics: list[Diagnostic] = []
    references: list[n.Name] = []
    types: list[n.Text] = []
    if parsed.node is not None:
        for node in walk(parsed.node):
            check = _CHECKS.get(type(node))
            if check is not None:
                diagnostics += check(node, parsed.text)
            match node:
                case n.Reference():
                    references.append(node.name)
                case n.Kinds() | n.SinceEvent() | n.ResetBy():
                    types += node.texts
    # A node can hang at two places: `limit 40` is low and high.
    facts = Facts(tuple(dict.fromkeys(diagnostics)), tuple(references), tuple(types))
    parsed.memo["facts"] = facts
    return facts


def decimals(value: Decimal) -> int:
    """The number of digits after the point, trailing zeros not counted."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not value:
        return 0
    zeros = 0
    while zeros < len(digits) and digits[-1 - zeros] == 0:
        zeros += 1
    return max(0, -exponent - zeros)


def _sound(number: n.Number) -> bool:
    """Whether a number has no more digits than can be; if not, that is said once."""
    return number.value.adjusted() <= MAX_EXPONENT


def _points(number: n.Number) -> Found:
    if not _sound(number):
        return
    if not number.sign and number.value != 0:
        right = f"+{_plain(number.value)}"
        yield Diagnostic(
            "S001",
            number.span,
            "Points carry a sign",
            f"write `{right}`",
            fixes=(Fix(f"Write `{right}`", (Edit(number.span, right),)),),
        )
    if decimals(number.value) > 3:
        yield Diagnostic(
            "E101", number.span, "Points have at most three decimals", "too many decimals"
        )
    if abs(number.value) > MAX_POINTS:
        yield Diagnostic(
            "E101", number.span, "Points are at most 100,000, up or down", "too many points"
        )


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _count(number: n.Number, least: int, most: Decimal, what: str) -> Found:
    if not _sound(number):
        return
    if number.value < least:
        yield Diagnostic(
            "E104", number.span, f"{what} is at least {least}", f"{_plain(number.value)} is too few"
        )
    elif number.value > most:
        yield Diagnostic(
            "E104", number.span, f"{what} is at most {int(most):,}", "this is too many"
        )


def _wrong_way(text: str, span: Span, first: n.Node, last: n.Node) -> Diagnostic:
    low, high = _source(text, first), _source(text, last)
    return Diagnostic(
        "E103",
        span,
        "This range ends before it begins",
        f"{_short(low)} does not come before {_short(high)}",
        "The smaller comes first.",
        fixes=(Fix("Turn it around", (Edit(first.span, high), Edit(last.span, low))),),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _source(text: str, node: n.Node) -> str:
    return text[node.span.start : node.span.end]


def _check_number(number: n.Number, text: str) -> Found:
    if not _sound(number):
        yield Diagnostic(
            "E104",
            number.span,
            "This number has too many digits",
            f"larger than a number can be, or more than {MAX_DIGITS} digits",
        )


def _check_date(date: n.DateLiteral, text: str) -> Found:
    if date.value is None:
        yield Diagnostic(
            "E112",
            date.span,
            f"{_source(text, date)} is not a date of the calendar",
            "no such day or time",
        )


def _check_duration(duration: n.Duration, text: str) -> Found:
    if duration.amount.adjusted() > MAX_EXPONENT:
        yield Diagnostic("E104", duration.span, "A duration is at most 100 years", "this is longer")
    elif duration.amount < 1:
        yield Diagnostic("E104", duration.span, "A duration is at least 1", "this is none")
    elif duration.seconds > MAX_SECONDS:
        yield Diagnostic("E104", duration.span, "A duration is at most 100 years", "this is longer")


def _check_bounds(bounds: n.Bounds, text: str) -> Found:
    ends = (bounds.low, bounds.high) if bounds.kind == "range" else (bounds.low,)
    if not all(map(_sound, ends)):
        return
    for number in ends:
        if decimals(number.value) > 3:
            yield Diagnostic(
                "E101", number.span, "A limit has at most three decimals", "too many decimals"
            )
        if abs(number.value) > MAX_LIMIT:
            yield Diagnostic("E101", number.span, "A limit is at most 900,000,000,000", "too large")
    if bounds.kind == "bare" and bounds.low.value == 0:
        yield Diagnostic(
            "E102",
            bounds.span,
            "`limit 0` can be read in two ways",
            "`at least 0` or `at most 0`?",
            "`limit at least 0` keeps it from going below zero, "
            "`limit at most 0` from going above.",
            fixes=(
                Fix("Not below zero", (Edit(bounds.span, "at least 0"),)),
                Fix("Not above zero", (Edit(bounds.span, "at most 0"),)),
            ),
        )
    if bounds.kind == "range" and bounds.low.value > bounds.high.value:
        yield _wrong_way(text, bounds.span, bounds.low, bounds.high)


def _check_frequency(frequency: n.Frequency, text: str) -> Found:
    for number in {frequency.low, frequency.high} - {None}:
        assert number is not None
        yield from _count(number, 0, MAX_COUNT, "A number of times")
    low, high = frequency.low, frequency.high
    if low is not None and high is not None and low.value > high.value:
        yield _wrong_way(text, frequency.span, low, high)


def _check_between_ago(window: n.BetweenAgo, text: str) -> Found:
    if window.near.seconds >= window.far.seconds:
        yield _wrong_way(text, window.span, window.near, window.far)


def _check_between_dates(window: n.BetweenDates, text: str) -> Found:
    first, last = window.first.value, _end(window.last)
    if first is not None and last is not None and first > last:
        yield _wrong_way(text, window.span, window.first, window.last)


def _check_is_between(test: n.IsBetween, text: str) -> Found:
    if type(test.low) is not type(test.high) or isinstance(test.low, n.YesNo):
        yield Diagnostic(
            "E115",
            Span(test.low.span.start, test.high.span.end),
            "`between` takes two numbers, two dates or two texts",
            "these are not of one kind",
        )
        return
    low, high = _key(test.low), _key(test.high)
    if isinstance(test.high, n.DateLiteral):
        high = _end(test.high)
    if low is not None and high is not None and low > high:
        span = Span(test.low.span.start, test.high.span.end)
        yield _wrong_way(text, span, test.low, test.high)


def _end(date: n.DateLiteral) -> datetime | None:
    """The last second of a date: one without a time is its whole day."""
    if date.value is None or date.timed:
        return date.value
    return date.value.replace(hour=23, minute=59, second=59)


def _key(value: n.Value) -> Any:
    match value:
        case n.Text():
            return value.key
        case n.DateLiteral() | n.Number() | n.YesNo():
            return value.value


def _check_range(pattern: n.RangePattern, text: str) -> Found:
    if pattern.low.value > pattern.high.value:
        yield _wrong_way(text, pattern.span, pattern.low, pattern.high)


def _check_compare(test: n.Compare, text: str) -> Found:
    if isinstance(test.value, n.YesNo) and test.operator not in ("=", "!="):
        yield Diagnostic(
            "E115",
            test.span,
            f"`{_source(text, test.value)}` is neither more nor less than anything",
            "use `is` or `is not`",
        )
    yield from _blank_value(test.name, (test.value,))


def _check_is(test: n.Is, text: str) -> Found:
    yield from _blank_value(test.name, test.values)


def _blank_value(name: n.Name, values: tuple[n.Value, ...]) -> Found:
    for value in values:
        if isinstance(value, n.Text) and not value.key:
            yield Diagnostic(
                "E110",
                value.span,
                "A blank value is unknown, so nothing is equal to an empty text",
                "empty text",
                f"Write `{name.text} is unknown`, or `is known` for its opposite.",
            )


def _check_text_test(test: n.TextTest, text: str) -> Found:
    yield from _looked_for(test.kind, test.texts)


def _check_text_pattern(pattern: n.TextPattern, text: str) -> Found:
    yield from _looked_for(pattern.kind, pattern.texts)


def _looked_for(kind: str, texts: tuple[n.Text, ...]) -> Found:
    for item in texts:
        if not item.key:
            yield Diagnostic(
                "E110",
                item.span,
                "There is nothing to look for in an empty text",
                "empty text",
                "Use `is known` or `is unknown` to ask whether there is a value.",
            )
        elif kind == "word" and not words(item.key):
            yield Diagnostic(
                "E110",
                item.span,
                "A word is made of letters and digits",
                "no letter or digit in it",
                "Use plain `contains` to look for signs.",
            )


def _check_name(name: n.Name, text: str) -> Found:
    if not name.key:
        yield Diagnostic("E110", name.span, "A name is empty", "nothing between the brackets")


def _named(node: n.Text, what: str) -> Found:
    if not node.key:
        yield Diagnostic("E110", node.span, f"{what} is empty", "write its name")


def _check_titled(node: Any, text: str) -> Found:
    yield from _named(node.title, "This name")


def _check_kinds(node: n.Kinds | n.SinceEvent | n.ResetBy, text: str) -> Found:
    for item in node.texts:
        yield from _named(item, "An event type")


def _check_event_type(node: n.EventTypeLine, text: str) -> Found:
    for item in (node.name, *node.raw):
        yield from _named(item, "An event type")


def _check_in_list(node: n.InList | n.GivenList, text: str) -> Found:
    yield from _named(node.list, "The name of a list")


def _check_percent(number: n.Number) -> Found:
    if not _sound(number):
        return
    if decimals(number.value) > 2:
        yield Diagnostic(
            "E101", number.span, "A percentage has at most two decimals", "too many decimals"
        )
    if number.value > 1_000_000:
        yield Diagnostic("E104", number.span, "A percentage is at most 1,000,000%", "too large")


def _check_decay(node: n.Decay, text: str) -> Found:
    yield from _check_percent(node.percent)


def _check_compare_percent(node: n.ComparePercent, text: str) -> Found:
    yield from _check_percent(node.percent)


def _check_latest(node: n.Latest, text: str) -> Found:
    yield from _count(node.count, 1, MAX_COUNT, "`latest`")


def _check_up_to(node: n.UpTo, text: str) -> Found:
    yield from _count(node.count, 1, MAX_COUNT, "`up to`")
    if node.period not in PERIODS:
        right = nearest(node.period, PERIODS) or "hour"
        yield Diagnostic(
            "E104",
            node.period_span,
            "`up to` counts per hour, day, week, month, quarter or year",
            f"write `{right}`",
            fixes=(Fix(f"Write `{right}`", (Edit(node.period_span, right),)),),
        )


def _check_each_amount(node: n.EachAmount, text: str) -> Found:
    yield from _count(node.step, 1, MAX_STEP, "The step of `for each`")


# Which modifiers mean something where.
_ALL = (
    n.LimitModifier,
    n.Decay,
    n.NoDecay,
    n.Latest,
    n.UpTo,
    n.ResetBy,
    n.Named,
)
_COUNTING = (n.LimitModifier, n.Latest, n.UpTo, n.ResetBy, n.Named)
_PLAIN = (n.LimitModifier, n.Named)
_GROUP = (n.LimitModifier, n.Decay, n.ResetBy)
_SPELT = {
    n.LimitModifier: "limit",
    n.Decay: "decay",
    n.NoDecay: "no decay",
    n.Latest: "latest",
    n.UpTo: "up to",
    n.ResetBy: "reset by",
    n.Named: "named",
}


def _with_blank(span: Span, text: str) -> Span:
    """A span with the white space before it."""
    return Span(len(text[: span.start].rstrip()), span.end)


def _modifiers(
    modifiers: tuple[n.Modifier, ...], allowed: tuple[type, ...], where: str, text: str
) -> Found:
    seen: dict[type, n.Modifier] = {}
    for modifier in modifiers:
        kind = type(modifier)
        spelt = _SPELT[kind]
        slot = n.Decay if kind is n.NoDecay else kind  # `decay` and `no decay` say opposite things
        if kind not in allowed:
            yield Diagnostic(
                "E108",
                modifier.span,
                f"`{spelt}` has no meaning in {where}",
                "take this out",
                f"Here can stand: {', '.join(_SPELT[k] for k in allowed)}.",
                fixes=(Fix(f"Take out `{spelt}`", (Edit(_with_blank(modifier.span, text), ""),)),),
            )
        elif slot in seen:
            other = _SPELT[type(seen[slot])]
            yield Diagnostic(
                "E107",
                modifier.span,
                f"`{spelt}` stands twice"
                if other == spelt
                else f"`{spelt}` and `{other}` contradict each other",
                "the second one",
                "Keep one of them.",
                notes=(Note(seen[slot].span, "the first one"),),
                fixes=(
                    Fix("Keep the first one", (Edit(_with_blank(modifier.span, text), ""),)),
                    Fix(
                        "Keep the second one",
                        (Edit(_with_blank(seen[slot].span, text), ""),),
                    ),
                ),
            )
        else:
            seen[slot] = modifier


def _check_group(node: n.GroupLine, text: str) -> Found:
    yield from _named(node.title, "The name of a group")
    yield from _modifiers(node.modifiers, _GROUP, "a group", text)


def _check_points_line(node: n.PointsLine, text: str) -> Found:
    for number in node.points:
        yield from _points(number)
    allowed: tuple[type, ...]
    match node.trigger:
        case n.EachEvent():
            allowed, where = _ALL, "`for each`"
        case n.OnceFor():
            allowed, where = _ALL, "`once for`"
        case n.EachWithout():
            allowed, where = _COUNTING, "`for each … without`"
        case n.EachAmount():
            allowed, where = _PLAIN, "`for each … of` a property"
        case n.EachSince():
            allowed, where = _PLAIN, "`for each … since` a date"
        case n.When():
            allowed, where = _PLAIN, "a rule with `if`"
        case _:
            allowed, where = _PLAIN, "a rule with `always`"
    yield from _modifiers(node.modifiers, allowed, where, text)
    if len(node.points) > 1 and not isinstance(node.trigger, n.EachEvent):
        yield Diagnostic(
            "E106",
            Span(node.points[0].span.start, node.points[-1].span.end),
            "Several points can stand only before `for each` of events",
            "one number of points here",
            "The first event gives the first points, the next the second: "
            '`+1, +2 for each "Click"`.',
        )


def _check_first_of(node: n.FirstOfLine, text: str) -> Found:
    yield from _modifiers(node.modifiers, _PLAIN, "`first of`", text)


def _check_by(node: n.ByLine, text: str) -> Found:
    if isinstance(node.subject, n.Name):
        yield from _modifiers(node.modifiers, _PLAIN, "`by` a property", text)
    else:
        yield from _modifiers(node.modifiers, _COUNTING, "a table of events", text)


def _check_case(node: n.CaseLine | n.FirstCaseLine, text: str) -> Found:
    yield from _points(node.points)


def _check_property_type(node: n.PropertyType, text: str) -> Found:
    if node.pattern is not None:
        try:
            pattern_reader(node.pattern.value)
        except ValueError as error:
            yield Diagnostic(
                "E112",
                node.pattern.span,
                "This is not a pattern of dates",
                str(error),
                "Such as D.M.YYYY, MM/DD/YY h:mm AM/PM or YYYY-MM-DD hh:mm:ss "
                "(MM is the month, mm the minute).",
            )
    for option in node.options:
        yield from _named(option, "A value")


def _check_label(node: n.LabelLine, text: str) -> Found:
    yield from _named(node.title, "A label")
    if node.color is not None and node.color.text not in COLORS:
        close = nearest(node.color.text.lower(), (*COLORS, "grey"), 0.5)
        right = "gray" if close == "grey" else close or ""
        yield Diagnostic(
            "E113",
            node.color.span,
            f"`{node.color.text}` is not a color of labels",
            f"did you mean `{right}`?" if close else "not one of the eight",
            f"The colors are {', '.join(COLORS[:-1])} and {COLORS[-1]}.",
            fixes=(Fix(f"Write `{right}`", (Edit(node.color.span, right),)),) if close else (),
        )


def _check_threshold(node: n.LabelBound | n.AxisStep | n.ExpectNumber, text: str) -> Found:
    if _sound(node.value) and abs(node.value.value) > MAX_LIMIT:
        yield Diagnostic("E104", node.value.span, "A bound is at most 900,000,000,000", "too large")
    if isinstance(node, n.AxisStep):
        yield from _named(node.title, "A label")


def _check_edition(node: n.EditionLine, text: str) -> Found:
    if node.number.value != EDITION:
        yield Diagnostic(
            "E114",
            node.number.span,
            f"This program knows edition {EDITION} of the language only",
            "a newer leadscore may know this one",
            "Update leadscore, or write `edition 1`.",
            fixes=(Fix(f"Write `edition {EDITION}`", (Edit(node.number.span, str(EDITION)),)),),
        )


def _check_given_event(node: n.GivenEvent, text: str) -> Found:
    yield from _named(node.type, "An event type")
    if node.times is not None:
        yield from _count(node.times, 1, MAX_GIVEN, "The number of events of a test")


def _check_joined(node: n.Either | n.AllOf, text: str) -> Found:
    for left, right in zip(node.items, node.items[1:], strict=False):
        event = _bare_where(left)
        if event is not None and event.where is not None:
            between = text[left.span.end : right.span.start]
            word = "and" if isinstance(node, n.AllOf) else "or"
            at = left.span.end + between.index(word)
            yield where_joined(
                word,
                Span(at, at + len(word)),
                event.where.test.span,
                event.span,
                right.span if isinstance(right, _COMPARISONS) else None,
            )


_COMPARISONS = get_args(n.Comparison)


def _bare_where(node: n.Condition) -> n.EventTest | None:
    """The event test that ends `node` with an unparenthesised `where`, if one does."""
    while True:
        match node:
            case n.AllOf() | n.Either():
                node = node.items[-1]
            case n.Negation():
                node = node.item
            case n.EventTest(where=n.Where(parenthesised=False) as where):
                return node if where.span.end == node.span.end else None
            case _:
                return None


_CHECKS: dict[type[n.Node], Callable[[Any, str], Found]] = {
    n.Number: _check_number,
    n.Name: _check_name,
    n.DateLiteral: _check_date,
    n.Duration: _check_duration,
    n.Bounds: _check_bounds,
    n.Frequency: _check_frequency,
    n.BetweenAgo: _check_between_ago,
    n.BetweenDates: _check_between_dates,
    n.IsBetween: _check_is_between,
    n.RangePattern: _check_range,
    n.Compare: _check_compare,
    n.Is: _check_is,
    n.TextTest: _check_text_test,
    n.TextPattern: _check_text_pattern,
    n.ScoreLine: _check_titled,
    n.FastTrackLine: _check_titled,
    n.TestLine: _check_titled,
    n.Kinds: _check_kinds,
    n.SinceEvent: _check_kinds,
    n.ResetBy: _check_kinds,
    n.EventTypeLine: _check_event_type,
    n.InList: _check_in_list,
    n.GivenList: _check_in_list,
    n.Decay: _check_decay,
    n.ComparePercent: _check_compare_percent,
    n.Latest: _check_latest,
    n.UpTo: _check_up_to,
    n.EachAmount: _check_each_amount,
    n.GroupLine: _check_group,
    n.PointsLine: _check_points_line,
    n.FirstOfLine: _check_first_of,
    n.ByLine: _check_by,
    n.CaseLine: _check_case,
    n.FirstCaseLine: _check_case,
    n.PropertyType: _check_property_type,
    n.LabelLine: _check_label,
    n.LabelBound: _check_threshold,
    n.AxisStep: _check_threshold,
    n.ExpectNumber: _check_threshold,
    n.EditionLine: _check_edition,
    n.GivenEvent: _check_given_event,
    n.Either: _check_joined,
    n.AllOf: _check_joined,
}
