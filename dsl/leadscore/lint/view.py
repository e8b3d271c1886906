"""What rules look at: a model's tree beside its plan, part by part.

The plan of a sound model has its parts in the order of the tree, so that each term is here next
to the statement that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from leadscore.analysis import Analysis
from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Source, Span
from leadscore.lint.uses import Role as UseRole
from leadscore.lint.uses import Space, Use, uses_of
from leadscore.plan import terms as t
from leadscore.plan.bounds import Bounds, Interval, bounds_of
from leadscore.plan.lower import lower
from leadscore.plan.walk import conditions, operands
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, GroupBlock, RuleBlock, Statement, TableBlock
from leadscore.syntax.walk import walk

if TYPE_CHECKING:
    from leadscore.lint.facts import Facts
    from leadscore.plan.reach import Prover

Role = Literal[
    "rule",
    "case",
    "rule guard",
    "group guard",
    "label",
    "fast track",
    "only when",
    "exclude when",
    "definition",
]


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition with its place in the file and what it decides."""

    term: t.Condition
    node: n.Condition
    span: Span
    role: Role
    statement: Statement


@dataclass(frozen=True, slots=True)
class CaseView:
    """A line of a table."""

    statement: Statement
    term: t.Case

    @property
    def span(self) -> Span:
        """What stands before the colon."""
        node = self.statement.node
        match node:
            case n.FirstCaseLine(condition=n.Node() as condition):
                return condition.span.shift(self.statement.start)
            case n.CaseLine(pattern=pattern):
                return pattern.span.shift(self.statement.start)
            case _:
                return self.statement.span


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule; `interval` is what it can give, after its limit and guards."""

    block: RuleBlock
    term: t.Rule
    interval: Interval
    group: GroupBlock
    group_term: t.Group

    @property
    def statement(self) -> Statement:
        """The rule's own line."""
        return self.block.head

    @property
    def node(self) -> n.RuleLine:
        """The node of the rule's own line."""
        node = self.block.head.node
        assert isinstance(node, n.RuleLine)
        return node

    @property
    def cases(self) -> tuple[CaseView, ...]:
        """The lines of its table; none for a rule without a table."""
        assert not self.block.cases or isinstance(self.term.body, t.Choice)
        if not isinstance(self.term.body, t.Choice):
            return ()
        return tuple(map(CaseView, self.block.cases, self.term.body.cases))

    @property
    def stream(self) -> t.Stream | None:
        """The events that it counts; None where it counts none."""
        match self.term.body:
            case t.EachEvent(stream=stream) | t.EachElapsed(since=t.Stream() as stream):
                return stream
            case t.Choice(cases=cases) if isinstance(self.node, n.ByLine):
                return next((s for case in cases if (s := _stream_of(case.condition))), None)
            case _:
                return None

    @property
    def stream_node(self) -> n.Stream | None:
        """The node of `stream`."""
        match self.node:
            case n.PointsLine(
                trigger=n.EachEvent(stream=stream)
                | n.OnceFor(stream=stream)
                | n.EachWithout(stream=stream)
            ):
                return stream
            case n.ByLine(subject=n.CountOf(stream=stream) | n.Aggregate(stream=stream)):
                return stream
            case _:
                return None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its rules; `interval` is what it can give, after its limit and guard."""

    block: GroupBlock
    term: t.Group
    interval: Interval
    rules: tuple[RuleView, ...]

    @property
    def head(self) -> Statement:
        """The group's own line."""
        assert self.block.head is not None
        return self.block.head

    @property
    def node(self) -> n.GroupLine:
        """The node of the group's own line."""
        node = self.head.node
        assert isinstance(node, n.GroupLine)
        return node


@dataclass(frozen=True, slots=True)
class StreamView:
    """A choice of events, of a rule (its trigger, or what its table counts) or in a condition."""

    term: t.Stream
    node: n.Stream | n.EventTest
    statement: Statement
    rule: RuleView | None
    """The rule whose trigger or subject it is; None in a condition."""

    @property
    def span(self) -> Span:
        """The place in the file."""
        return self.node.span.shift(self.statement.start)


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label of a block, or a step of an axis; `span` is its title's, or the step's."""

    term: t.Label
    span: Span
    statement: Statement


@dataclass(frozen=True, slots=True)
class LabelsView:
    """A block of labels."""

    target: t.Target
    block: TableBlock
    labels: tuple[LabelView, ...]


@dataclass(frozen=True, slots=True)
class AxisView:
    """One side of the matrix."""

    category: t.Category
    statement: Statement
    steps: tuple[LabelView, ...]


def _stream_of(condition: t.Condition) -> t.Stream | None:
    match condition:
        case t.AllOf(items=items) | t.AnyOf(items=items):
            return next((s for item in items if (s := _stream_of(item))), None)
        case t.Not(item=item):
            return _stream_of(item)
        case t.NumberCompare(operand=t.Measure(stream=stream)):
            return stream
        case t.Known(operand=t.Measure(stream=stream)):
            return stream
        case _:
            return None


class View:
    """A model, as rules look at it.

    Of a model with errors (`sound` is false) only `document`, `symbols` and `source` are there.
    """

    def __init__(self, analysis: Analysis, data: Facts | None = None) -> None:
        self.analysis = analysis
        self.data = data
        """What tables say; None where there are none."""
        self.memo: dict[str, object] = {}
        """What several rules work out, once."""

    @property
    def sound(self) -> bool:
        """Whether the model has no errors."""
        return not self.analysis.errors

    @property
    def document(self) -> Document:
        """The tree."""
        return self.analysis.document

    @property
    def symbols(self) -> Symbols:
        """What the file declares."""
        return self.analysis.symbols

    @property
    def source(self) -> Source:
        """The text."""
        return self.analysis.document.source

    def text(self, span: Span) -> str:
        """What stands there."""
        return self.source.text[span.start : span.end]

    @cached_property
    def memo(self) -> dict[str, object]:
        """What rules keep for other rules."""
        return {}

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Where properties, attributes, event types and lists are named, in order."""
        return tuple(uses_of(self.document))

    def named(self, space: Space, *roles: UseRole) -> dict[str, list[Use]]:
        """The uses of names in one space by key, in order; without `roles` all but in tests."""
        found = self._named.get((space, roles))
        if found is None:
            found = self._named[space, roles] = {}
            for use in self.uses:
                if use.space == space and (use.role in roles if roles else use.role != "given"):
                    found.setdefault(use.key, []).append(use)
        return found

    @cached_property
    def _named(self) -> dict[tuple[Space, tuple[UseRole, ...]], dict[str, list[Use]]]:
        """What `named` was asked for."""
        return {}

    @cached_property
    def declared(self) -> dict[str, tuple[Statement, n.PropertyLine]]:
        """The declarations of properties, by key."""
        found: dict[str, tuple[Statement, n.PropertyLine]] = {}
        for statement in self.document.statements:
            if isinstance(statement.node, n.PropertyLine):
                found.setdefault(statement.node.name.key, (statement, statement.node))
        return found

    @cached_property
    def event_lines(self) -> dict[str, list[tuple[Statement, n.EventTypeLine]]]:
        """The declarations of event types, by the key of their name."""
        found: dict[str, list[tuple[Statement, n.EventTypeLine]]] = {}
        for statement in self.document.statements:
            if isinstance(statement.node, n.EventTypeLine):
                found.setdefault(statement.node.name.key, []).append((statement, statement.node))
        return found

    @cached_property
    def plan(self) -> t.Plan:
        """The plan of a sound model."""
        return lower(self.analysis)

    @cached_property
    def bounds(self) -> Bounds:
        """What rules, groups, categories and the score can be."""
        return bounds_of(self.plan)

    @cached_property
    def prover(self) -> Prover:
        """What can be proven of conditions."""
        from leadscore.plan.reach import Prover

        return Prover(self.plan)

    @cached_property
    def groups(self) -> tuple[GroupView, ...]:
        """The groups, in order."""
        views = []
        for at, (block, term) in enumerate(
            zip(self.symbols.group_blocks, self.plan.groups, strict=True)
        ):
            rules = tuple(
                RuleView(rule, rule_term, interval, block, term)
                for rule, rule_term, interval in zip(
                    block.rules, term.rules, self.bounds.rules[at], strict=True
                )
            )
            views.append(GroupView(block, term, self.bounds.groups[at], rules))
        return tuple(views)

    @property
    def rules(self) -> Iterator[RuleView]:
        """The rules of all groups, in order."""
        return (rule for group in self.groups for rule in group.rules)

    @cached_property
    def labels(self) -> tuple[LabelsView, ...]:
        """The blocks of labels: of the score, of fit, of engagement."""
        views = []
        for target, terms in self.plan.labels:
            block = self.symbols.labels[target]
            labels = []
            for line, term in zip(block.lines, terms, strict=True):
                assert isinstance(line.node, n.LabelLine)
                labels.append(LabelView(term, line.node.title.span.shift(line.start), line))
            views.append(LabelsView(target, block, tuple(labels)))
        return tuple(views)

    @cached_property
    def axes(self) -> tuple[AxisView, ...]:
        """The axes of the matrix, in the order of the file; none without a matrix."""
        if self.plan.matrix is None or self.symbols.matrix is None:
            return ()
        views = []
        for line, axis in zip(self.symbols.matrix.lines, self.plan.matrix, strict=True):
            assert isinstance(line.node, n.AxisLine)
            steps = tuple(
                LabelView(term, step.span.shift(line.start), line)
                for step, term in zip(line.node.steps, axis.steps, strict=True)
            )
            views.append(AxisView(axis.category, line, steps))
        return tuple(views)

    @cached_property
    def definitions(self) -> dict[str, tuple[Statement, n.DefineLine, t.Condition]]:
        """The definitions that are used, by key."""
        return {key: (*self.symbols.definitions[key], term) for key, term in self.plan.definitions}

    @cached_property
    def conditions(self) -> tuple[Placed, ...]:
        """All whole conditions, each with its place. Not those inside of `where`."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[Placed]:
        def placed(
            term: t.Condition, node: n.Condition, role: Role, statement: Statement
        ) -> Placed:
            return Placed(term, node, node.span.shift(statement.start), role, statement)

        for statement, define, condition in self.definitions.values():
            yield placed(condition, define.condition, "definition", statement)
        for (statement, scope), scope_term in zip(self.symbols.scope, self.plan.scope, strict=True):
            role: Role = "exclude when" if scope.excludes else "only when"
            yield placed(scope_term.condition, scope.condition, role, statement)
        for group in self.groups:
            if group.term.guard is not None and group.node.guard is not None:
                yield placed(group.term.guard, group.node.guard, "group guard", group.head)
            for rule in group.rules:
                node = rule.node
                if rule.term.guard is not None and node.guard is not None:
                    yield placed(rule.term.guard, node.guard, "rule guard", rule.statement)
                match node, rule.term.body:
                    case n.PointsLine(trigger=n.When(condition=when)), t.Choice(cases=(only,)):
                        yield placed(only.condition, when, "rule", rule.statement)
                    case n.FirstOfLine(), _:
                        for case in rule.cases:
                            line = case.statement.node
                            if isinstance(line, n.FirstCaseLine) and line.condition is not None:
                                yield placed(
                                    case.term.condition, line.condition, "case", case.statement
                                )
        for labels in self.labels:
            for label in labels.labels:
                line = label.statement.node
                if label.term.condition is not None and isinstance(line, n.LabelLine):
                    assert line.condition is not None
                    yield placed(label.term.condition, line.condition, "label", label.statement)
        for (statement, track), track_term in zip(
            self.symbols.fast_tracks, self.plan.fast_tracks, strict=True
        ):
            yield placed(track_term.condition, track.condition, "fast track", statement)

    @cached_property
    def streams(self) -> tuple[StreamView, ...]:
        """All streams: those of rules first, then those in conditions."""
        found = []
        for rule in self.rules:
            if rule.stream is not None and rule.stream_node is not None:
                found.append(StreamView(rule.stream, rule.stream_node, rule.statement, rule))
        for placed in self.conditions:
            nodes = [node for node in walk(placed.node) if isinstance(node, n.EventTest)]
            for node, term in zip(nodes, _tested(placed.term), strict=True):
                found.append(StreamView(term, node, placed.statement, None))
        return tuple(found)


def _tested(root: t.Condition) -> Iterator[t.Stream]:
    """The stream of each event test, in order; one with two bounds is one."""
    last: t.Stream | None = None
    for condition in conditions(root):
        for operand in operands(condition):
            if isinstance(operand, t.Measure) and operand.stream is not last:
                last = operand.stream
                yield last
