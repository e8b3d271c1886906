"""Running the tests of a .score file.

A test runs with nothing but what it states. Its lead goes the way of any lead; a failure carries
the result with its receipt, so that it can be shown why.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from leadscore.model import Lead, Model
from leadscore.result import Result
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement, TestBlock
from leadscore.syntax.tidy import tidy
from leadscore.values.dates import seconds_of
from leadscore.values.text import fold
from leadscore.values.units import decimal_text, plain

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met."""

    line: int
    expected: str
    """As the file says it."""
    got: str
    group: str | None = None
    """The group that the expectation is about, if it is about one."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test."""

    __test__ = False

    name: str
    line: int
    failures: tuple[Failure, ...]
    result: Result

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures


def run_tests(model: Model) -> Iterator[TestResult]:
    """The tests of a model, in the order of the file."""
    for block in model.analysis.symbols.tests:
        yield _run(model, block)


def _run(model: Model, block: TestBlock) -> TestResult:
    head = block.head.node
    assert isinstance(head, n.TestLine)
    as_of = datetime.now(UTC).replace(microsecond=0)
    if head.as_of is not None and head.as_of.value is not None:
        as_of = head.as_of.value.replace(tzinfo=UTC)
    lead: dict[str, Any] = {}
    events: list[tuple[Any, ...]] = []
    lists: set[str] = set()
    for line in block.given:
        match line.node:
            case n.GivenValues(assignments=assignments):
                lead |= {item.name.key: _value(item.value) for item in assignments}
            case n.GivenEvent() as event:
                given = {item.name.key: _value(item.value) for item in event.attributes}
                attributes = [given.get(spec.key) for spec in model.plan.attributes]
                row = (event.type.value, _time(event, as_of), *attributes)
                events += [row] * (int(event.times.value) if event.times else 1)
            case n.GivenList(list=text):
                lists.add(text.key)
    # By key, not by column: a test names properties, wherever their values come from.
    result = model.score_row(
        [lead.get(spec.key) for spec in model.plan.properties],
        events if model.plan.uses_events else [],
        frozenset(lists),
        seconds_of(as_of, UTC),
        model.bound(UTC),
        Lead(),
    )
    failures = [
        failure
        for line in block.expect
        if isinstance(line.node, n.ExpectLine)
        for expectation in line.node.expectations
        if (failure := _check(expectation, line, result)) is not None
    ]
    return TestResult(head.title.value, block.head.line, tuple(failures), result)


def _value(value: n.Value) -> Any:
    """A value of a test as data would have it."""
    match value:
        case n.Text():
            return value.value
        case n.Number():
            number = value.value
            return int(number) if number == number.to_integral_value() else float(number)
        case n.YesNo():
            return value.value
        case n.DateLiteral():
            moment = value.value
            assert moment is not None
            return moment if value.timed else moment.date()


def _time(event: n.GivenEvent, as_of: datetime) -> datetime:
    if event.on is not None and event.on.value is not None:
        return event.on.value.replace(tzinfo=UTC)
    return as_of - timedelta(seconds=event.ago.seconds) if event.ago else as_of


def _check(expectation: n.Expectation, line: Statement, result: Result) -> Failure | None:
    """The failure of one expectation; None where it is met."""
    text = line.parsed.text
    expected = tidy(text[expectation.span.start : expectation.span.end])

    def failure(got: str, group: str | None = None) -> Failure:
        return Failure(line.line, expected, got, group)

    if result.excluded is not None and not isinstance(expectation, n.ExpectExcluded):
        if isinstance(expectation, n.ExpectLabel) and expectation.negated:
            return None
        if isinstance(expectation, n.ExpectFastTrack) and expectation.text is None:
            return None
        return failure(f"excluded: {result.excluded}")
    match expectation:
        case n.ExpectNumber():
            return _check_number(expectation, result, failure)
        case n.ExpectLabel(category=category, text=wanted, negated=negated):
            got = getattr(result, f"{category}_label" if category else "label")
            same = got is not None and (wanted is None or fold(got) == wanted.key)
            return None if same != negated else failure(_shown(got, "label"))
        case n.ExpectMatrix(text=wanted):
            got = result.matrix
            same = got is not None and fold(got) == wanted.key
            return None if same else failure(_shown(got, "matrix"))
        case n.ExpectFastTrack(text=wanted):
            got = result.fast_track
            same = got is None if wanted is None else got is not None and fold(got) == wanted.key
            return None if same else failure(_shown(got, "fast track"))
        case n.ExpectExcluded(negated=negated):
            if (result.excluded is not None) != negated:
                return None
            return failure(
                "not excluded" if result.excluded is None else f"excluded: {result.excluded}"
            )


def _check_number(
    expectation: n.ExpectNumber, result: Result, failure: Callable[..., Failure]
) -> Failure | None:
    compare = _OPERATORS[expectation.operator]
    wanted = expectation.value.value
    if expectation.group is not None:
        for group in result.receipt.groups:
            if fold(group.name) == expectation.group.key:
                points = decimal_text(group.points)
                if compare(Decimal(points), wanted):
                    return None
                return failure(f'group "{group.name}" = {points}', group.name)
        return failure("no such group")
    target = expectation.target or "score"
    got = getattr(result, target)
    if got is not None and compare(got, wanted):
        return None
    return failure(f"{target} = {plain(got) or 'none'}", None)


def _shown(got: str | None, what: str) -> str:
    return f"no {what}" if got is None else f'{what} "{got}"'
