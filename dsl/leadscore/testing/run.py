"""Running the tests of a .score file.

A test runs with nothing but what it states. Its lead goes the way of any lead; a failure carries
the result with its receipt, so that it can be shown why.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from leadscore.errors import EvaluationError
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
class Group:
    """The name of a group that an expectation is about."""

    name: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met."""

    line: int
    expected: str
    """As the file says it."""
    got: str
    about: Group | str | None = None
    """The group, or the output (`fit`, `label`, …), that the expectation is about."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test."""

    __test__ = False

    name: str
    line: int
    failures: tuple[Failure, ...]
    outcome: Result | EvaluationError
    """The lead's result, or why it cannot be scored."""
    seconds: float = 0.0
    """How long the test took."""

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures

    @property
    def error(self) -> EvaluationError | None:
        """Why the lead of the test cannot be scored; None where it can."""
        return self.outcome if isinstance(self.outcome, EvaluationError) else None

    @property
    def result(self) -> Result:
        """The lead's result; raises EvaluationError where it cannot be scored."""
        if isinstance(self.outcome, EvaluationError):
            raise self.outcome
        return self.outcome


def run_tests(model: Model, tests: Sequence[TestBlock] | None = None) -> Iterator[TestResult]:
    """The results of `tests`, or of all tests of the model, in the order of the file.

    A test whose lead cannot be scored (a sum past 64 bits) fails, and has an `error`.
    """
    for block in model.analysis.symbols.tests if tests is None else tests:
        yield _run(model, block)


def _run(model: Model, block: TestBlock) -> TestResult:
    head = block.head.node
    assert isinstance(head, n.TestLine)
    name, start = head.title.value, perf_counter()
    try:
        result = _score(model, block, head)
    except EvaluationError as error:
        unmet = Failure(block.head.line, "a lead that can be scored", str(error))
        return TestResult(name, block.head.line, (unmet,), error, perf_counter() - start)
    failures = tuple(
        failure
        for line in block.expect
        if isinstance(line.node, n.ExpectLine)
        for expectation in line.node.expectations
        if (failure := _check(expectation, line, result)) is not None
    )
    return TestResult(name, block.head.line, failures, result, perf_counter() - start)


def _score(model: Model, block: TestBlock, head: n.TestLine) -> Result:
    """The result of what a test states."""
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
    return model.score_row(
        [lead.get(spec.key) for spec in model.plan.properties],
        events if model.plan.uses_events else [],
        frozenset(lists),
        seconds_of(as_of, UTC),
        model.bound(UTC),
        Lead(),
    )


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

    def failure(got: str, about: Group | str | None = None) -> Failure:
        return Failure(line.line, expected, got, about)

    if result.excluded is not None and not isinstance(expectation, n.ExpectExcluded):
        if isinstance(expectation, n.ExpectLabel) and expectation.negated:
            return None
        if isinstance(expectation, n.ExpectFastTrack) and expectation.text is None:
            return None
        return failure(f"excluded: {result.excluded}", "excluded")
    match expectation:
        case n.ExpectNumber():
            return _check_number(expectation, result, failure)
        case n.ExpectLabel(category=category, text=wanted, negated=negated):
            name = f"{category}_label" if category else "label"
            got = getattr(result, name)
            same = got is not None and (wanted is None or fold(got) == wanted.key)
            return None if same != negated else failure(_shown(got, "label"), name)
        case n.ExpectMatrix(text=wanted):
            got = result.matrix
            same = got is not None and fold(got) == wanted.key
            return None if same else failure(_shown(got, "matrix"), "matrix")
        case n.ExpectFastTrack(text=wanted):
            got = result.fast_track
            same = got is None if wanted is None else got is not None and fold(got) == wanted.key
            return None if same else failure(_shown(got, "fast track"), "fast_track")
        case n.ExpectExcluded(negated=negated):
            if (result.excluded is not None) != negated:
                return None
            got = "not excluded" if result.excluded is None else f"excluded: {result.excluded}"
            return failure(got, "excluded")


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
                return failure(f'group "{group.name}" = {points}', Group(group.name))
        return failure("no such group")
    target = expectation.target or "score"
    got = getattr(result, target)
    if got is not None and compare(got, wanted):
        return None
    return failure(f"{target} = {plain(got) or 'none'}", target)


def _shown(got: str | None, what: str) -> str:
    return f"no {what}" if got is None else f'{what} "{got}"'
