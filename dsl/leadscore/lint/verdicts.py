"""Which conditions, or parts of them, never or always hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from leadscore.diagnostics import Note, Span
from leadscore.lint.view import Placed, View
from leadscore.plan import terms as t
from leadscore.plan import walk
from leadscore.plan.reach import empty
from leadscore.syntax import nodes as n

_PAIRED = 8
"""Items of one `and` or `or` of which each is put beside each other."""
_SCOPE = 20
"""Statements of scope that rules, and each other, are held against."""
_WITHIN = frozenset(("rule", "case", "rule guard", "group guard", "only when"))
"""What counts nothing where a guard or the scope around it fails."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A condition, or a part of it, that never or always holds. Spans are in the file."""

    placed: Placed
    holds: bool
    """Whether it always holds; else it never does."""
    whole: bool
    """Whether it is the whole condition."""
    span: Span
    notes: tuple[Note, ...] = ()


def verdicts(view: View) -> tuple[Verdict, ...]:
    """What is proven of the conditions of a model, worked out once."""
    known = view.memo.get("verdicts")
    if isinstance(known, tuple):
        return known
    found = tuple(_Judge(view).all())
    view.memo["verdicts"] = found
    return found


class _Judge:
    def __init__(self, view: View) -> None:
        self.view = view
        self.prover = view.prover
        self.definitions = dict(view.plan.definitions)
        self._fixed: dict[str, bool] = {}
        self._fields: dict[t.Condition, frozenset[object]] = {}

    def all(self) -> Iterator[Verdict]:
        for placed in self.view.conditions:
            found = list(self._of(placed))
            yield from found
            if not found and placed.role in _WITHIN:
                yield from self._beside(placed)

    # A condition by itself

    def _of(self, placed: Placed) -> Iterator[Verdict]:
        """The outermost parts that never or always hold."""
        if self._spoken_for(placed.term):
            return
        start = placed.statement.start
        waiting = [(placed.node, placed.term, True)]
        while waiting:
            node, term, whole = waiting.pop()
            never = self.prover.never(term)
            if never or self.prover.always(term):
                span, notes = self._narrow(node, term, never)
                yield Verdict(
                    placed,
                    not never,
                    whole,
                    span.shift(start),
                    tuple(Note(note.span.shift(start), note.text) for note in notes),
                )
                continue
            waiting += [(part, item, False) for part, item in reversed(_parts(node, term))]

    def _spoken_for(self, term: t.Condition) -> bool:
        """Whether what is wrong stands elsewhere: in a definition, or as a renamed event type."""
        for condition in walk.conditions(term):
            if isinstance(condition, t.Defined) and self._is_fixed(condition):
                return True
            for operand in walk.operands(condition):
                if isinstance(operand, t.Measure) and self.prover.has_no_events(
                    operand.stream.types
                ):
                    return True
        return False

    def _is_fixed(self, defined: t.Defined) -> bool:
        if defined.key not in self._fixed:
            self._fixed[defined.key] = self.prover.never(defined) or self.prover.always(defined)
        return self._fixed[defined.key]

    def _narrow(
        self, node: n.Condition, term: t.Condition, never: bool
    ) -> tuple[Span, tuple[Note, ...]]:
        """The place to point at, in the statement: the two parts that clash, if two do."""
        kind = t.AllOf if never else t.AnyOf
        proven = self.prover.never if never else self.prover.always
        parts = _parts(node, term)
        if isinstance(term, kind) and len(parts) > 1:
            for part, item in parts[:_PAIRED]:
                if proven(item):
                    return part.span, ()
            for (one, first), (two, second) in combinations(parts[:_PAIRED], 2):
                if proven(kind((first, second))):
                    return two.span, (Note(one.span, "the one"),)
        return node.span, ()

    # A rule beside what else must hold

    def _beside(self, placed: Placed) -> Iterator[Verdict]:
        """Whether a condition contradicts a guard or the scope, without which it counts nothing."""
        fields = self._fields_of(placed.term)
        for other in self._around.get(placed.statement.start, ()):
            if other.span == placed.span or not fields & self._fields_of(other.term):
                continue
            excluded = other.role == "exclude when"
            must = t.Not(other.term) if excluded else other.term
            if self._spoken_for(other.term) or self.prover.never(must):
                continue
            if self.prover.never(t.AllOf((must, placed.term))):
                text = (
                    "who fulfils this has no score" if excluded else "without this, nothing counts"
                )
                yield Verdict(placed, False, True, placed.span, (Note(other.span, text),))
                return

    @property
    def _around(self) -> dict[int, list[Placed]]:
        """By where a statement starts: the conditions without which it gives nothing."""
        known = self.view.memo.get("around")
        if isinstance(known, dict):
            return known
        by_start: dict[int, list[Placed]] = {}
        for placed in self.view.conditions:
            by_start.setdefault(placed.statement.start, []).append(placed)
        scope = [p for p in self.view.conditions if p.role in ("only when", "exclude when")]
        # Of two statements of scope that leave nobody, one is named.
        around: dict[int, list[Placed]] = {}
        excluding = [p for p in scope if p.role == "exclude when"][:_SCOPE]
        for place, placed in enumerate(scope):
            if placed.role == "only when":
                before = [p for p in scope[max(0, place - _SCOPE) : place] if p.role == "only when"]
                around[placed.statement.start] = before + excluding
        for group in self.view.groups:
            outer = scope[:_SCOPE]
            head = [p for p in by_start.get(group.head.start, []) if p.role == "group guard"]
            around[group.head.start] = outer
            for rule in group.rules:
                own = by_start.get(rule.statement.start, [])
                guards = [p for p in own if p.role == "rule guard"]
                around[rule.statement.start] = outer + head
                for case in rule.cases:
                    around[case.statement.start] = outer + head + guards
        self.view.memo["around"] = around
        return around

    def _fields_of(self, term: t.Condition) -> frozenset[object]:
        """What a condition looks at, for leaving out those that have nothing in common."""
        if term not in self._fields:
            found: set[object] = set()
            for condition in walk.definitions_under(self.definitions, (term,)):
                if isinstance(condition, t.InList):
                    found.add(condition)
                for operand in walk.operands(condition):
                    found.add("events" if isinstance(operand, t.Measure) else operand)
            self._fields[term] = frozenset(found)
        return self._fields[term]


def _parts(node: n.Condition, term: t.Condition) -> list[tuple[n.Condition, t.Condition]]:
    """The parts of a condition, each beside its term; none of a comparison."""
    match node, term:
        case n.Parentheses(item=item), _:
            return _parts(item, term) if _compound(item) else [(item, term)]
        case n.Negation(item=item), t.Not(item=inner):
            return [(item, inner)]
        case (n.Either(items=nodes), t.AnyOf(items=terms)) | (
            n.AllOf(items=nodes),
            t.AllOf(items=terms),
        ):
            return list(zip(nodes, terms, strict=True))
        case _:
            return []


def _compound(node: n.Condition) -> bool:
    return isinstance(node, n.Either | n.AllOf | n.Parentheses)


def takes_nothing(view: View, stream: t.Stream) -> bool:
    """Whether it is proven that a stream never takes an event, but for a renamed type (W301)."""
    return not view.prover.has_no_events(stream.types) and empty(stream, view.prover)
