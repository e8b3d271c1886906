"""Going through a plan: the conditions under a condition, and the streams that a plan reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from leadscore.plan import terms as t


def conditions(root: t.Condition) -> Iterator[t.Condition]:
    """`root` and all conditions under it, not entering streams or definitions."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case t.AllOf(items=items) | t.AnyOf(items=items):
                stack += reversed(items)
            case t.Not(item=item):
                stack.append(item)


def operands(condition: t.Condition) -> Iterator[t.Operand]:
    """The operands of one comparison."""
    match condition:
        case t.CompareFields(left=left, right=right) | t.ComparePercent(left=left, right=right):
            yield left
            yield right
        case (
            t.Known(operand=operand)
            | t.TextIs(operand=operand)
            | t.TextFind(operand=operand)
            | t.TextCompare(operand=operand)
            | t.NumberCompare(operand=operand)
            | t.DateCompare(operand=operand)
            | t.DateAge(operand=operand)
            | t.BooleanIs(operand=operand)
        ):
            yield operand


def rule_conditions(rule: t.Rule) -> Iterator[t.Condition]:
    """The guard and the cases of a rule."""
    if rule.guard is not None:
        yield rule.guard
    if isinstance(rule.body, t.Choice):
        yield from (case.condition for case in rule.body.cases)


def roots(plan: t.Plan) -> Iterator[t.Condition]:
    """Every condition of a plan that stands by itself: definitions, scope, rules, outputs."""
    yield from (condition for _, condition in plan.definitions)
    yield from (scope.condition for scope in plan.scope)
    for group in plan.groups:
        if group.guard is not None:
            yield group.guard
        for rule in group.rules:
            yield from rule_conditions(rule)
    for _, labels in plan.labels:
        yield from (label.condition for label in labels if label.condition is not None)
    yield from (track.condition for track in plan.fast_tracks)


MOST_SHOWN = 50


def definitions_under(
    definitions: Mapping[str, t.Condition], roots: Iterable[t.Condition]
) -> Iterator[t.Condition]:
    """The conditions of `roots` and of the definitions that they use, the nearest first.

    For showing what a rule looks at: each definition once, and no more than `MOST_SHOWN`, so that
    rules on long chains of definitions do not make the square of their number.
    """
    entered: set[str] = set()
    waiting = deque(roots)
    while waiting:
        for condition in conditions(waiting.popleft()):
            yield condition
            if (
                isinstance(condition, t.Defined)
                and condition.key not in entered
                and len(entered) < MOST_SHOWN
            ):
                entered.add(condition.key)
                waiting.append(definitions[condition.key])


def streams(plan: t.Plan) -> Iterator[t.Stream]:
    """Every stream of a plan, with repetitions."""
    yield from (stream for stream, _ in stream_attributes(plan))


def stream_attributes(plan: t.Plan) -> Iterator[tuple[t.Stream, frozenset[str]]]:
    """Every stream of a plan, with repetitions, and the attributes that it or its measure reads."""
    for root in roots(plan):
        for condition in conditions(root):
            for operand in operands(condition):
                if isinstance(operand, t.Measure):
                    measured = {operand.attribute} if operand.attribute is not None else set()
                    yield operand.stream, _where_attributes(operand.stream) | measured
    for group in plan.groups:
        for rule in group.rules:
            match rule.body:
                case t.EachEvent(stream=stream) | t.EachElapsed(since=t.Stream() as stream):
                    yield stream, _where_attributes(stream)


def _where_attributes(stream: t.Stream) -> frozenset[str]:
    if stream.where is None:
        return frozenset()
    return frozenset(
        operand.key
        for condition in conditions(stream.where)
        for operand in operands(condition)
        if isinstance(operand, t.Attribute)
    )
