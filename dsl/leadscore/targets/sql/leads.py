"""One model over the columns of a lead: definitions, groups, sums, labels, receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from decimal import Decimal

from leadscore.plan import terms as t
from leadscore.plan.bounds import bounds_of, may_pass, may_pass_alone
from leadscore.plan.readings import Asked
from leadscore.plan.walk import conditions
from leadscore.receipt_columns import ReceiptColumn
from leadscore.targets.sql.conditions import Conditions, Look, compare_integer
from leadscore.targets.sql.counting import MOST_PACKED
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.events import ModelEvents
from leadscore.targets.sql.ladder import Ladder
from leadscore.targets.sql.query import case, slug
from leadscore.targets.sql.rules import Rules, Sum, clamped
from leadscore.values.units import MAX_UNITS

Line = Callable[[int], AbstractContextManager[None]]
"""Says which line of the model is being written."""


@dataclass(slots=True)
class _RuleColumns:
    """Columns of one rule; `before` its limit, `earned` before decay."""

    after: str
    before: str
    earned: str


@dataclass(slots=True)
class _GroupColumns:
    group: t.Group
    rules: list[_RuleColumns]
    guard: str
    """The test of its guard; empty: none."""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LeadLook:
    """What a model finds on the ladder of leads: readings, lists, and the instant."""

    readings: dict[tuple[str, str], str]
    in_list: Callable[[str], str]
    as_of: str


@dataclass
class ModelLeads:
    """Writes one plan on top of the ladder of leads, rung by rung."""

    dialect: Dialect
    ladder: Ladder
    plan: t.Plan
    asked: Asked
    look: LeadLook
    events: ModelEvents | None
    zone: tzinfo
    prefix: str
    """Before the names of the rungs, where there are several models."""
    line: Line
    checked: bool
    few_events: bool
    receipt: Sequence[ReceiptColumn]
    _suspects: list[tuple[str, int]] = field(default_factory=list)
    """Tests of sums past 64 bits, each with the line of the model, that have no column yet."""
    _problems: list[str] = field(default_factory=list)
    """Columns with the line of the first such sum."""
    _definitions: dict[str, str] = field(default_factory=dict)
    _groups: list[_GroupColumns] = field(default_factory=list)
    _targets: dict[str, str] = field(default_factory=dict)
    _before: dict[str, str] = field(default_factory=dict)
    excluded: str = ""
    """The column with the number of the statement that excludes the lead, from 1; empty: none."""

    def __post_init__(self) -> None:
        look = Look(
            reading=self._reading,
            definition=self._definitions.__getitem__,
            in_list=self.look.in_list,
            measure=self._measure,
            some=self._some,
            as_of=self.look.as_of,
        )
        self._bounds = bounds_of(_of_few_events(self.plan) if self.few_events else self.plan)
        self.conditions = Conditions(self.dialect, self.asked, self.zone, look)
        self._rules = Rules(
            self.dialect,
            self.conditions,
            self._reading,
            self.events,
            self.look.as_of,
            checked=self.checked,
            few_events=self.few_events,
            receipt=bool(self.receipt),
        )

    def _reading(self, operand: t.Field, letter: str) -> str:
        return self.look.readings[operand.key, letter]

    def _measure(self, measure: t.Measure) -> tuple[str, str]:
        assert self.events is not None
        return self.events.measure(measure)

    def _some(self, stream: t.Stream) -> str:
        assert self.events is not None
        return self.events.some(stream)

    def write(self) -> None:
        """Write the rungs up to the score."""
        self._define()
        self._scope()
        for group in self.plan.groups:
            self._group(group)
        self._sum_groups()
        self._sum_categories()
        self._sum_score()

    def _rung(self, name: str, *notes: str) -> None:
        self.ladder.rung(f"{self.prefix}{name}", *notes)

    def _add(self, expression: str, stem: str, note: str = "") -> str:
        return self.ladder.rungs[-1].add(expression, f"{self.prefix}{stem}", note)

    # Definitions and scope

    def _define(self) -> None:
        """Definitions, those that use others above them."""
        depths: dict[str, int] = {}
        for key, condition in self.plan.definitions:
            used = [c.key for c in conditions(condition) if isinstance(c, t.Defined)]
            depths[key] = 1 + max((depths[name] for name in used), default=0)
        for depth in sorted(set(depths.values())):
            self._rung(f"definitions_{depth}" if depth > 1 else "definitions")
            for key, condition in self.plan.definitions:
                if depths[key] == depth:
                    test = self.conditions.write(condition)
                    self._definitions[key] = self._add(
                        f"coalesce({test}, false)", f"is_{slug(key)}", f"define {key}"
                    )

    def _scope(self) -> None:
        if not self.plan.scope:
            return
        pairs: list[tuple[str, str]] = []
        notes: list[str] = []
        for number, scope in enumerate(self.plan.scope, 1):
            with self.line(scope.line):
                test = scope.condition if scope.excludes else t.Not(scope.condition)
                pairs.append((self.conditions.write(test), str(number)))
                notes.append(f"{number}: {scope.text}")
        self._rung("scope", "Which statement excludes the lead.", *notes)
        self.excluded = self._add(case(pairs, "null"), "excluded_by")

    # Groups and sums

    def _group(self, group: t.Group) -> None:
        with self.line(group.line):
            guard = self.conditions.inner(group.guard) if group.guard is not None else ""
        self._rung(f"group_{slug(group.name)}", group.text)
        rules: list[_RuleColumns] = []
        for rule in group.rules:
            with self.line(rule.line):
                rules.append(self._rule(rule, guard))
        self._groups.append(_GroupColumns(group, rules, guard))

    def _rule(self, rule: t.Rule, outer: str) -> _RuleColumns:
        found = self._rules.sum(rule.body)
        guard = self.conditions.inner(rule.guard) if rule.guard is not None else ""
        stem = f"rule_{rule.line}"
        before = self._checked(found, rule.line, (outer, guard))
        holds = [test for test in (guard,) if test]
        if not self.checked and may_pass_alone(rule.body):
            # The database raises at a sum past 64 bits, so it is not to look at one that no one
            # asks for.
            scope = f"{self.excluded} is null" if self.excluded else ""
            holds = [test for test in (scope, outer, guard) if test]

        def guarded(expression: str) -> str:
            return case([(" and ".join(holds), expression)], "0") if holds else expression

        note = rule.text
        after = self._add(guarded(clamped(before, rule.limit)), stem, note)
        if not self.receipt:
            return _RuleColumns(after, after, after)
        whole = after if rule.limit is None else self._add(guarded(before), f"{stem}_before")
        earned = whole
        if found.earned:
            full = self._checked(Sum(found.earned, found.wide), 0, ())
            earned = self._add(guarded(full), f"{stem}_earned")
        return _RuleColumns(after, whole, earned)

    def _checked(self, found: Sum, line: int, guards: tuple[str, ...]) -> str:
        """A sum in 64 bits; where it is past them, the lead gets an error of that line."""
        tests: list[str] = [found.problem] if found.problem else []
        expression = found.expression
        if found.wide:
            tests.append(f"abs({expression}) > {MAX_UNITS}")
            dialect = self.dialect
            most = dialect.wide(str(MAX_UNITS))
            expression = dialect.narrow(f"greatest(least({expression}, {most}), -{most})")
        if line:
            for test in tests:
                parts = [guard for guard in guards if guard]
                self._suspects.append((" and ".join([*parts, f"({test})"]), line))
        return expression

    def _sum_groups(self) -> None:
        if not self._groups:
            return
        self._note_problems()
        self._rung("group_points")
        for place, item in enumerate(self._groups):
            with self.line(item.group.line):
                wide = self.checked and may_pass(self._bounds.rules[place])
                total = self._total([rule.after for rule in item.rules], wide)
                before = self._checked(Sum(total, wide), item.group.line, (item.guard,))

                def guarded(expression: str, guard: str = item.guard) -> str:
                    return case([(guard, expression)], "0") if guard else expression

                stem = f"{slug(item.group.name)}_points"
                after = clamped(before, item.group.limit)
                item.after = self._add(guarded(after), stem, item.group.name)
                item.before = item.after
                if self.receipt and item.group.limit is not None:
                    item.before = self._add(guarded(before), f"{stem}_before")

    def _total(self, names: Sequence[str], wide: bool) -> str:
        if not names:
            return self.dialect.whole("0")
        parts = [self.dialect.wide(name) if wide else name for name in names]
        lines: list[str] = []
        line = parts[0]
        for part in parts[1:]:
            if len(line) + len(part) > 80:
                lines.append(line)
                line = f"  + {part}"
            else:
                line += f" + {part}"
        return "\n".join([*lines, line])

    def _sum_categories(self) -> None:
        wide = self.checked and may_pass(self._bounds.groups)
        limits = dict(self.plan.limits)
        self._note_problems()
        self._rung("category_points")
        for category in ("fit", "engagement"):
            names = [item.after for item in self._groups if item.group.category == category]
            before = self._checked(Sum(self._total(names, wide), wide and bool(names)), -1, ())
            self._limited(category, before, limits.get(category))
        rest = [item.after for item in self._groups if item.group.category is None]
        if rest:
            before = self._checked(Sum(self._total(rest, wide), wide), -1, ())
            self._targets["rest"] = self._add(before, "other_points")

    def _sum_score(self) -> None:
        wide = self.checked and may_pass(self._bounds.groups)
        self._note_problems()
        self._rung("score_points")
        names = [
            self._targets[name]
            for name in ("fit", "engagement", "rest")
            if name == "rest" or name in self.plan.categories
            if name in self._targets
        ]
        before = self._checked(Sum(self._total(names, wide), wide), -1, ())
        self._limited("score", before, dict(self.plan.limits).get("score"))
        self._note_problems()

    def _limited(self, target: str, before: str, limit: t.Limit | None) -> None:
        stem = f"{target}_points"
        self._targets[target] = self._add(clamped(before, limit), stem)
        if limit is not None and self.receipt:
            self._before[target] = self._add(before, f"{stem}_before")

    def _note_problems(self) -> None:
        """A column, on the rung at hand, with the line of the first suspect that is one."""
        if self._suspects:
            pairs = [(test, str(line)) for test, line in self._suspects]
            self._problems.append(self._add(case(pairs, "null"), "problem_line"))
            self._suspects.clear()

    # What comes out

    def problem(self) -> str:
        """The line of the first sum that is past 64 bits, NULL for none; empty: there can be none.

        -1 stands for the sums of categories and the score, which have no line.
        """
        names = self._problems
        if not names:
            return ""
        found = names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"
        return self._in_scope(found)

    def _in_scope(self, expression: str) -> str:
        if not self.excluded:
            return expression
        return case([(f"{self.excluded} is null", expression)], "null")

    def units(self, target: str) -> str:
        """The score or a category in units; NULL for a lead that is excluded."""
        return self._in_scope(self._targets[target])

    def texts(self, name: str) -> str:
        """An output that is text: a label, the matrix, the fast track, the excluding statement."""
        string = self.dialect.string
        match name:
            case "label":
                pairs = [*self._tracks(), *self._label_pairs("score")]
            case "fit_label":
                pairs = self._label_pairs("fit")
            case "engagement_label":
                pairs = self._label_pairs("engagement")
            case "fast_track":
                pairs = self._tracks()
            case "matrix":
                return self._in_scope(self._matrix())
            case "excluded":
                statements = [
                    (f"{self.excluded} = {number}", string(scope.text))
                    for number, scope in enumerate(self.plan.scope, 1)
                ]
                return case(statements, "null")
            case _:
                raise AssertionError(name)
        if self.excluded and pairs:
            pairs = [(f"{self.excluded} is not null", "null"), *pairs]
        return case(pairs, "null") if pairs else "cast(null as varchar)"

    def _tracks(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for track in self.plan.fast_tracks:
            with self.line(track.line):
                test = self.conditions.write(track.condition)
                pairs.append((test, self.dialect.string(track.title)))
        return pairs

    def _label_pairs(self, target: str) -> list[tuple[str, str]]:
        for name, labels in self.plan.labels:
            if name == target:
                return [self._label(label) for label in labels]
        return []

    def _label(self, label: t.Label) -> tuple[str, str]:
        with self.line(label.line):
            tests: list[str] = []
            for bound in label.bounds:
                x = self._targets[bound.target]
                if bound.low is not None:
                    tests.append(compare_integer(x, ">=", Decimal(bound.low)))
                if bound.high is not None:
                    tests.append(compare_integer(x, "<", Decimal(bound.high)))
            if label.condition is not None:
                tests.append(self.conditions.inner(label.condition))
            return " and ".join(tests) or "true", self.dialect.string(label.title)

    def _matrix(self) -> str:
        assert self.plan.matrix is not None
        first, second = (
            case([self._label(step) for step in axis.steps], "null") for axis in self.plan.matrix
        )
        return f"{first} || {second}"

    def receipts(self) -> list[tuple[ReceiptColumn, str]]:
        """The columns of the receipt, in units; NULL for a lead that is excluded."""
        return [(column, self._in_scope(self._safe_amount(column))) for column in self.receipt]

    def _safe_amount(self, column: ReceiptColumn) -> str:
        """The amount; not the difference of sums that are past 64 bits, which may be so too."""
        amount = self._amount(column)
        problem = self.problem() if self.checked and column.what != "points" else ""
        return case([(f"({problem}) is null", amount)], "null") if problem else amount

    def _amount(self, column: ReceiptColumn) -> str:
        if column.group is None:
            assert column.target is not None
            return f"({self._before[column.target]} - {self._targets[column.target]})"
        group = self._groups[column.group]
        if column.rule is None:
            return group.after if column.what == "points" else f"({group.before} - {group.after})"
        rule = group.rules[column.rule]
        amounts = {
            "points": rule.after,
            "limited": f"({rule.before} - {rule.after})",
            "decayed": f"({rule.earned} - {rule.before})",
        }
        amount = amounts[column.what]
        return case([(group.guard, amount)], "0") if group.guard else amount


def _of_few_events(plan: t.Plan) -> t.Plan:
    """The plan with a bound on the events that rules count: twice what packed counters hold."""
    groups = tuple(
        replace(group, rules=tuple(_of_few(rule) for rule in group.rules)) for group in plan.groups
    )
    return replace(plan, groups=groups)


def _of_few(rule: t.Rule) -> t.Rule:
    match rule.body:
        case t.EachEvent(stream=t.Stream(latest=None) as stream) as body:
            few = replace(body, stream=replace(stream, latest=2 * MOST_PACKED))
            return replace(rule, body=few)
        case _:
            return rule
