"""Proofs about conditions, for every lead that there can be.

A condition never holds where its assumption leads to a contradiction in every way in which it can
come about. The assumption is taken apart into comparisons, each held to be true or false; where an
`or` leaves a choice, each way is followed. `fields`, `pairs` and `measures` find contradictions
among comparisons. What costs too much is not proven.
"""

from __future__ import annotations

from collections.abc import Sequence

from leadscore.plan import terms as t
from leadscore.plan.reach import streams
from leadscore.plan.reach.effort import Effort, TooMuch
from leadscore.plan.reach.fields import FieldFacts
from leadscore.plan.reach.measures import MeasureFacts
from leadscore.plan.reach.pairs import PairFacts

NEAREST = 200
"""How many earlier cases are looked at."""

REMEMBERED = 8
"""The goals of proofs that are remembered, at most."""

_Goal = tuple[t.Condition, bool]
"""A condition, and whether it is held to be true."""


class Prover:
    """Proves facts about the conditions of one plan. Sound, not complete; False: not proven.

    Facts hold for any values of any types, any events, any as-of and time zone.
    """

    def __init__(self, plan: t.Plan) -> None:
        self._definitions = dict(plan.definitions)
        self._specs = {spec.key: spec for spec in plan.properties}
        self._unknown = plan.unknown_values
        targets = {name for _, name in plan.renames}
        self._renamed = {raw for raw, _ in plan.renames} - targets
        """The types of no event: each has another name."""
        self._effort = Effort()
        self._proofs: dict[tuple[_Goal, ...], bool] = {}
        self._within: dict[tuple[t.Stream, t.Stream], bool] = {}

    def never(self, condition: t.Condition) -> bool:
        """Whether it is proven that no lead satisfies a condition."""
        return self._contradicts(((condition, True),))

    def always(self, condition: t.Condition) -> bool:
        """Whether it is proven that every lead satisfies a condition."""
        return self._contradicts(((condition, False),))

    def implies(self, one: t.Condition, other: t.Condition) -> bool:
        """Whether it is proven that each lead that satisfies `one` satisfies `other`."""
        return self._contradicts(((one, True), (other, False)))

    def covered(self, condition: t.Condition, earlier: Sequence[t.Condition]) -> bool:
        """Whether it is proven that wherever a condition holds, one of the earlier holds.

        So a case behind those is never reached. Of very many only the nearest are looked at.
        """
        near = earlier[-NEAREST:]
        return self._contradicts(((condition, True), *((one, False) for one in near)))

    def behind(self, cases: Sequence[t.Condition]) -> tuple[bool, ...]:
        """For each case of a table, whether it is proven `covered` by those before it.

        In time that grows with the length of the table only: cases of single values are looked up,
        and of long tables' other cases only the nearest are looked at.
        """
        nearest = max(20, min(NEAREST, 20_000 // max(1, len(cases))))
        same: dict[tuple[t.Operand, str | float], t.Condition] = {}
        others: list[t.Condition] = []
        found: list[bool] = []
        for place, case in enumerate(cases):
            keys = _values(case)
            if keys:
                alike = dict.fromkeys(same[key] for key in keys if key in same)
                found.append(self.covered(case, [*others[-nearest:], *alike]))
                for key in keys:
                    same.setdefault(key, case)
            else:
                found.append(self.covered(case, cases[max(0, place - nearest) : place]))
                others.append(case)
        return tuple(found)

    def within(self, inner: t.Stream, outer: t.Stream) -> bool:
        """As :func:`leadscore.plan.reach.within`, remembered."""
        pair = inner, outer
        if pair not in self._within:
            self._within[pair] = streams.within(inner, outer, self)
        return self._within[pair]

    def has_no_events(self, types: t.Types) -> bool:
        """Whether there are no events of any of these types, since the file renames all of them."""
        return not types.exclude and types.keys <= self._renamed

    def _contradicts(self, goals: tuple[_Goal, ...]) -> bool:
        """Whether it is proven that not all goals are as said for any one lead or event."""
        remembered = len(goals) <= REMEMBERED
        known = self._proofs.get(goals) if remembered else None
        if known is None:
            before = self._effort.begin()
            try:
                known = _Assumption(self, self._effort).closes(list(goals), 0)
            except TooMuch:
                known = False
            finally:
                self._effort.end(before)
            if remembered:
                self._proofs[goals] = known
        return known

    def definition(self, key: str) -> t.Condition:
        """The condition of a definition."""
        return self._definitions[key]

    def field(self, operand: t.Field) -> FieldFacts:
        """Facts of a field, none so far."""
        spec = self._specs.get(operand.key) if isinstance(operand, t.Property) else None
        return FieldFacts(spec, self._unknown)


def _values(case: t.Condition) -> list[tuple[t.Operand, str | float]]:
    """The single values that a case is about, where it is about nothing else."""
    match case:
        case t.TextIs(operand=operand, texts=texts):
            return [(operand, text) for text in texts]
        case t.NumberCompare(operand=measured, operator="=", value=value):
            return [(measured, float(value))]
        case _:
            return []


class _Assumption:
    """Comparisons and definitions that are held to be true or false, and choices left to make."""

    def __init__(self, prover: Prover, effort: Effort) -> None:
        self._prover = prover
        self._effort = effort
        self._held: dict[t.Condition, bool] = {}
        """Comparisons, lists and definitions."""
        self._choices: list[list[_Goal]] = []

    def _copy(self) -> _Assumption:
        copy = _Assumption(self._prover, self._effort)
        self._effort.spend(len(self._held) // 4 + len(self._choices))
        copy._held = dict(self._held)
        copy._choices = list(self._choices)
        return copy

    def closes(self, goals: list[_Goal], depth: int) -> bool:
        """Whether `goals` and what is held so far contradict each other."""
        while True:
            if self._hold(goals):
                return True
            choice = self._simpler()
            if choice is None:
                return True
            if not choice:
                break
            goals = choice
        if self._refuted():
            return True
        if not self._choices:
            return False
        if depth >= Effort.DEEPEST:
            raise TooMuch
        least = min(range(len(self._choices)), key=lambda place: len(self._choices[place]))
        ways = self._choices.pop(least)
        return all(self._copy().closes([way], depth + 1) for way in ways)

    def _hold(self, goals: list[_Goal]) -> bool:
        """Take goals apart; whether one contradicts what is held."""
        while goals:
            condition, holds = goals.pop()
            self._effort.spend(2)
            match condition:
                case t.Constant(value=value):
                    if value != holds:
                        return True
                case t.Not(item=item):
                    goals.append((item, not holds))
                case t.AllOf(items=items) | t.AnyOf(items=items):
                    self._effort.spend(len(items))
                    parts = [(item, holds) for item in items]
                    if isinstance(condition, t.AllOf) == holds:
                        goals += parts
                    else:
                        self._choices.append(parts)
                case t.Defined(key=key):
                    held = self._held.get(condition)
                    if held is None:
                        self._held[condition] = holds
                        goals.append((self._prover.definition(key), holds))
                    elif held != holds:
                        return True
                case _:
                    if self._held.setdefault(condition, holds) != holds:
                        return True
        return False

    def _simpler(self) -> list[_Goal] | None:
        """Leave out ways that are contradicted, and choices that are made already.

        Gives the one way that a choice leaves; nothing where each leaves several; None where one
        leaves none.
        """
        kept: list[list[_Goal]] = []
        for place, ways in enumerate(self._choices):
            self._effort.spend(len(ways))
            left: list[_Goal] = []
            for way, holds in ways:
                while isinstance(way, t.Not):
                    way, holds = way.item, not holds
                if isinstance(way, t.Constant):
                    held: bool | None = way.value
                elif isinstance(way, (t.AllOf, t.AnyOf)):
                    held = None
                else:
                    held = self._held.get(way)
                if held is None:
                    left.append((way, holds))
                elif held == holds:
                    break
            else:
                if len(left) < 2:
                    self._choices = kept + self._choices[place + 1 :]
                    return left or None
                kept.append(left)
        self._choices = kept
        return []

    def _refuted(self) -> bool:
        """Whether the comparisons that are held contradict each other."""
        effort = self._effort
        effort.spend(3 * len(self._held))
        fields: dict[t.Field, FieldFacts] = {}

        def field(operand: t.Field) -> FieldFacts:
            if operand not in fields:
                fields[operand] = self._prover.field(operand)
            return fields[operand]

        pairs = PairFacts(field)
        measures = MeasureFacts(self._prover)
        for condition, holds in self._held.items():
            match condition:
                case t.InList() | t.Defined():
                    pass
                case t.CompareFields() | t.ComparePercent():
                    pairs.add(condition, holds)
                case t.Known(operand=t.Measure()) | t.NumberCompare(operand=t.Measure()):
                    measures.add(condition, holds)
                case t.Constant() | t.AllOf() | t.AnyOf() | t.Not():
                    raise AssertionError(condition)
                case _:
                    operand = condition.operand
                    assert not isinstance(operand, t.Measure)
                    field(operand).add(condition, holds)
        return (
            any(facts.refuted(effort) for facts in fields.values())
            or pairs.refuted()
            or measures.refuted(effort)
        )
