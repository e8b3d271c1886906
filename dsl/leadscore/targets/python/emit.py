"""From a plan to the source of its function.

Order of the source: readings of properties, the loop over events, definitions, scope, groups,
sums, labels. What a rule's expressions need (streams, measures) is written before the rule,
outside its guard, so that later rules can use it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval, bounds_of, may_pass, may_pass_alone
from leadscore.plan.walk import conditions, definitions_under, operands
from leadscore.targets.python.conditions import Conditions
from leadscore.targets.python.events import FIRST_READING, Events
from leadscore.targets.python.readings import Readings
from leadscore.targets.python.source import Source
from leadscore.values.units import MAX_UNITS

LONG_CHAIN = 200
"""Tests in one chain of `elif`."""

_VARIABLES = {"score": "score", "fit": "fit", "engagement": "engagement"}


@dataclass(frozen=True, slots=True)
class Emitted:
    """A source with what is needed to compile and bind it."""

    source: Source
    readings: Readings
    event_keys: tuple[str, ...]


def emit(plan: t.Plan, *, traced: bool) -> Emitted:
    """The function of `plan`; `traced`: with a further parameter that takes the receipt."""
    return _Emitter(plan, traced).run()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule whose expressions are written."""

    rule: t.Rule
    guard: str | None
    parts: tuple[str, ...]
    """Expressions of the cases, or the variable of the stream or property."""
    seen: str
    """What the rule looks at, for the receipt, as two arguments; empty in the fast function."""
    unbounded: bool
    totals: tuple[str, ...]
    """Totals that the rule asks for, which must be within 64 bits where its guard holds."""


class _Emitter:
    def __init__(self, plan: t.Plan, traced: bool) -> None:
        self.plan = plan
        self.traced = traced
        self.source = Source()
        self.readings = Readings(plan, FIRST_READING)
        self.conditions = Conditions(self.source, self.readings)
        self.events = Events(plan, self.source, self.readings, self.conditions)
        self.bounds = bounds_of(plan)
        self._definitions = dict(plan.definitions)

    def run(self) -> Emitted:
        self.events.write_tables()
        trace = ", trace" if self.traced else ""
        with self.source.block(f"def run(values, events, lists, as_of, report{trace}):"):
            self._properties()
            if self.plan.uses_events:
                self.events.write_loop()
            self._define()
            self._scope()
            self._groups()
            self._outputs()
        return Emitted(self.source, self.readings, tuple(self.events.keys))

    def _properties(self) -> None:
        specs = self.plan.properties
        if not specs:
            return
        self.source.add(", ".join(f"p{place}" for place in range(len(specs))) + ", = values")
        for place, spec in enumerate(specs):
            self.source.line = spec.line
            operand = t.Property(spec.key)
            names = ", ".join(f"{letter}{place}" for letter in self.readings.forms(operand))
            value = f"p{place}"
            reading = self.readings.reading(operand, value, value, value)
            if not self.readings.has_clock(operand):
                self.source.add(f"{names} = {reading}")
                continue
            with self.source.block(f"if {value}.__class__ is clocked and len({value}) > 10:"):
                with self.source.block("try:"):
                    self.source.add(f"{names} = hours[{value}[:13]] + minutes[{value}[13:]]")
                with self.source.block("except KeyError:"):
                    self.source.add(f"{names} = r{value}({value}, report)")
            with self.source.block("else:"):
                self.source.add(f"{names} = {reading}")

    def _define(self) -> None:
        for place, (key, condition) in enumerate(self.plan.definitions):
            name = f"d{place}_"
            self.source.add(f"{name} = {self.conditions.write(condition)}")
            self.conditions.definitions[key] = name

    def _scope(self) -> None:
        for place, scope in enumerate(self.plan.scope):
            self.source.line = scope.line
            test = self.conditions.write(scope.condition)
            with self.source.block(f"if {test}:" if scope.excludes else f"if not {test}:"):
                self.source.add(f"return {place}")

    # Groups and rules

    def _groups(self) -> None:
        add, block = self.source.add, self.source.block
        add("fit = engagement = rest = 0")
        for place, group in enumerate(self.plan.groups):
            self.source.line = group.line
            guard = self.conditions.write(group.guard) if group.guard is not None else None
            ready = []
            for number, rule in enumerate(group.rules):
                self.source.line = rule.line
                ready.append(self._prepare(rule, self.bounds.rules[place][number]))
            self.source.line = group.line
            target = group.category or "rest"
            if self.traced:
                add(f"trace.group({place})")
            add("g = 0")
            with block(f"if {guard}:" if guard else "if True:"):
                for item in ready:
                    self._write_rule(item)
                self.source.line = group.line
                if may_pass(self.bounds.rules[place]):
                    self._check("g")
                if self.traced:
                    add("h = g")
                self._clamp("g", group.limit)
                if self.traced:
                    add("trace.total(h, g)")
            if guard and self.traced:
                with block("else:"):
                    add("trace.unguarded()")
            add(f"{target} += g")
        self._sums()

    def _sums(self) -> None:
        add = self.source.add
        limits = dict(self.plan.limits)
        self.source.line = 0
        wide = may_pass(self.bounds.groups)
        if wide:
            for name in ("fit", "engagement", "rest"):
                self._check(name)
        categories: tuple[t.Category, ...] = ("fit", "engagement")
        for name in categories:
            if self.traced:
                add(f"h = {name}")
            self._clamp(name, limits.get(name))
            if self.traced:
                add(f"trace.limited({name!r}, h, {name})")
        add("score = fit + engagement + rest")
        if wide:
            self._check("score")
        if self.traced:
            add("h = score")
        self._clamp("score", limits.get("score"))
        if self.traced:
            add("trace.limited('score', h, score)")

    def _prepare(self, rule: t.Rule, interval: Interval) -> _Ready:
        guard = self.conditions.write(rule.guard) if rule.guard is not None else None
        match rule.body:
            case t.Choice(cases=cases):
                parts = tuple(self.conditions.write(case.condition) for case in cases)
            case t.EachEvent(stream=stream):
                parts = (self.events.stream(stream),)
            case t.EachAmount(operand=operand):
                parts = (self.readings.variable(operand, "n"),)
            case t.EachElapsed(since=t.Property() as operand):
                parts = (self.readings.variable(operand, "d"),)
            case t.EachElapsed(since=since):
                assert isinstance(since, t.Stream)
                parts = (self.events.stream(since),)
            case _:
                assert_never(rule.body)
        seen = self._seen_of_rule(rule) if self.traced else ""
        return _Ready(rule, guard, parts, seen, may_pass_alone(rule.body), self._totals(rule.body))

    def _totals(self, body: t.Body) -> tuple[str, ...]:
        if not isinstance(body, t.Choice):
            return ()
        names = {
            self.events.measure(operand): None
            for case in body.cases
            for condition in conditions(case.condition)
            for operand in operands(condition)
            if isinstance(operand, t.Measure) and operand.kind in ("total", "average")
        }
        return tuple(names)

    def _seen(self, roots: Sequence[t.Condition]) -> str:
        """What conditions look at: a tuple of (kind, name, value)."""
        parts: dict[str, None] = {}
        for condition in definitions_under(self._definitions, roots):
            if isinstance(condition, t.InList):
                parts[f"('list', {condition.key!r}, {condition.key!r} in lists)"] = None
            for operand in operands(condition):
                if isinstance(operand, t.Property):
                    parts[self._seen_property(operand)] = None
                elif isinstance(operand, t.Measure):
                    if operand.kind != "count" or condition != _any(operand):
                        value = self.events.shown(operand)
                        parts[f"('measure', {self._measure_name(operand)!r}, {value})"] = None
                    items = self.events.stream(operand.stream)
                    parts[f"('events', '', {items})"] = None
        return f"({''.join(part + ', ' for part in parts)})"

    def _measure_name(self, measure: t.Measure) -> str:
        if measure.attribute is None:
            return "count"
        names = {spec.key: spec.name for spec in self.plan.attributes}
        return f"{measure.kind} {names[measure.attribute]}"

    def _seen_of_rule(self, rule: t.Rule) -> str:
        """What a rule's guard looks at, then what each of its cases does."""
        guard = self._seen([rule.guard] if rule.guard is not None else [])
        match rule.body:
            case t.Choice(cases=cases):
                seen = [self._seen([case.condition]) for case in cases]
            case t.EachAmount(operand=operand) | t.EachElapsed(since=t.Property() as operand):
                seen = [f"({self._seen_property(operand)},)"]
            case _:
                seen = []
        return f"{guard}, ({''.join(part + ', ' for part in seen)})"

    def _seen_property(self, operand: t.Property) -> str:
        place = self.readings.place(operand)
        return f"('property', {self.plan.properties[place].name!r}, p{place})"

    def _write_rule(self, ready: _Ready) -> None:
        rule = ready.rule
        add, block = self.source.add, self.source.block
        self.source.line = rule.line
        plain = ready.guard is None and rule.limit is None and not ready.totals
        if plain and not self.traced:
            match rule.body:
                case t.Choice(cases=(case,)):  # the commonest rule, in the fewest steps
                    with block(f"if {ready.parts[0]}:"):
                        add(f"g += {case.points}")
                    return
                case t.EachEvent(points=(value,), decay=decay) if not ready.unbounded:
                    x = ready.parts[0]
                    if decay is None:
                        add(f"if {x}: g += len({x}) * {value}")
                    else:
                        with block(f"if {x}:"):
                            self._add_decayed("g", x, value, decay)
                    return
        if ready.guard is None:
            self._write_body(ready)
        else:
            with block(f"if {ready.guard}:"):
                self._write_body(ready)
            if self.traced:
                with block("else:"):
                    add(f"trace.skipped({ready.seen})")

    def _write_body(self, ready: _Ready) -> None:
        rule, add = ready.rule, self.source.add
        for name in ready.totals:
            add(f"if {name} is None: overflow()")
        match rule.body:
            case t.Choice(cases=cases):
                self._write_choice(cases, ready.parts)
            case t.EachEvent() as body:
                self._write_each(body, ready.parts[0])
            case t.EachAmount(step=step, points=points):
                x = ready.parts[0]
                add(f"s = 0 if {x} is None or {x} < 0 else floor({x} / {step}) * {points}")
            case t.EachElapsed(since=t.Property(), every=every, points=points):
                x = ready.parts[0]
                add(f"s = 0 if {x} is None or {x} > as_of else (as_of - {x}) // {every} * {points}")
            case t.EachElapsed(every=every, points=points):
                x = ready.parts[0]
                add(f"s = (as_of - {x}[-1][0]) // {every} * {points} if {x} else 0")
            case _:
                assert_never(rule.body)
        if ready.unbounded:
            self._check("s")
        if self.traced:
            add("h = s")
        self._clamp("s", rule.limit)
        if self.traced:
            self._write_trace(ready)
        add("g += s")

    def _write_trace(self, ready: _Ready) -> None:
        add = self.source.add
        match ready.rule.body:
            case t.Choice():
                add(f"trace.choice(c, h, s, {ready.seen})")
            case t.EachEvent(points=points, decay=decay):
                decayed = self.source.constant(decay) if decay else "None"
                add(f"trace.each({ready.parts[0]}, {points!r}, {decayed}, as_of, h, s)")
            case t.EachAmount() | t.EachElapsed(since=t.Property()):
                add(f"trace.choice(0 if h else -1, h, s, {ready.seen})")
            case t.EachElapsed():
                add(f"trace.elapsed({ready.parts[0]}, h, s)")

    def _write_choice(self, cases: tuple[t.Case, ...], tests: tuple[str, ...]) -> None:
        lines = [
            (test, case.line, [f"s = {case.points}", *([f"c = {place}"] if self.traced else [])])
            for place, (case, test) in enumerate(zip(cases, tests, strict=True))
        ]
        self._chain(lines, ["s = 0", *(["c = -1"] if self.traced else [])])

    def _chain(self, lines: list[tuple[str, int, list[str]]], otherwise: list[str]) -> None:
        """Write (test, line of the model, statements): those of the first test that holds.

        Python's compiler goes down one level for each `elif`, so long chains are cut into pieces,
        each of which is only looked at while no test has held.
        """
        add, block = self.source.add, self.source.block
        if len(lines) <= LONG_CHAIN:
            word = "if"
            for test, line, statements in lines:
                self.source.line = line
                if test == "True":
                    with block("else:" if word == "elif" else "if True:"):
                        for statement in statements:
                            add(statement)
                    return  # nothing is left for the tests after it
                with block(f"{word} {test}:"):
                    for statement in statements:
                        add(statement)
                word = "elif"
            with block("else:" if word == "elif" else "if True:"):
                for statement in otherwise:
                    add(statement)
            return
        add("found = True")
        for start in range(0, len(lines), LONG_CHAIN):
            piece = lines[start : start + LONG_CHAIN]
            if start == 0:
                self._chain(piece, ["found = False"])
            else:
                with block("if not found:"):
                    add("found = True")
                    self._chain(piece, ["found = False"])
        with block("if not found:"):
            for statement in otherwise:
                add(statement)

    def _write_each(self, body: t.EachEvent, x: str) -> None:
        add = self.source.add
        points, decay = body.points, body.decay
        if len(points) > 1:
            if decay is not None:
                name = self.source.constant(decay)
                add(f"s = each_decayed({x}, {points!r}, {name}, as_of)")
                return
            sums = [0]
            for value in points:
                sums.append(sums[-1] + value)
            table = self.source.constant(tuple(sums))
            add(f"s = {table}[len({x})] if len({x}) < {len(sums)} else {sums[-1]}")
            return
        if decay is None:
            add(f"s = len({x}) * {points[0]}")
            return
        add("s = 0")
        self._add_decayed("s", x, points[0], decay)

    def _add_decayed(self, total: str, x: str, value: int, decay: t.Decay) -> None:
        """Add to a variable what is left of each event's points."""
        add = self.source.add
        size = abs(value)
        if decay.gradual:
            scale = 10_000 * decay.every
            left = f"{scale} - (as_of - e[0]) // 3600 * {decay.rate * 3600}"
            kept = f"{size} * left // {scale}"
        else:
            left = f"{size} - (as_of - e[0]) // {decay.every} * {size // 10_000 * decay.rate}"
            kept = "left"
        with self.source.block(f"for e in {x}:"):
            add(f"left = {left}")
            add(f"if left > 0: {total} {'-' if value < 0 else '+'}= {kept}")

    def _check(self, name: str) -> None:
        self.source.add(f"if not {-MAX_UNITS} <= {name} <= {MAX_UNITS}: overflow()")

    def _clamp(self, name: str, limit: t.Limit | None) -> None:
        if limit is None:
            return
        add = self.source.add
        if limit.high is not None:
            add(f"if {name} > {limit.high}: {name} = {limit.high}")
        if limit.low is not None:
            add(f"if {name} < {limit.low}: {name} = {limit.low}")

    # What comes out

    def _outputs(self) -> None:
        add = self.source.add
        blocks = dict(self.plan.labels)
        variables: tuple[tuple[t.Target, str], ...] = (
            ("score", "label"),
            ("fit", "fit_label"),
            ("engagement", "engagement_label"),
        )
        for target, variable in variables:
            self._labels(variable, blocks.get(target, ()))
        axes = [axis.steps for axis in self.plan.matrix] if self.plan.matrix else [(), ()]
        for variable, steps in zip(("axis1", "axis2"), axes, strict=True):
            self._labels(variable, steps)
        tests: list[tuple[str, int]] = []
        for track in self.plan.fast_tracks:
            self.source.line = track.line
            tests.append((self.conditions.write(track.condition), track.line))
        self._first("fast", tests)
        add("return fit, engagement, score, label, fit_label, engagement_label, axis1, axis2, fast")

    def _labels(self, variable: str, labels: tuple[t.Label, ...]) -> None:
        tests: list[tuple[str, int]] = []
        for label in labels:
            self.source.line = label.line
            parts = []
            for bound in label.bounds:
                name = _VARIABLES[bound.target]
                if bound.low is not None:
                    parts.append(f"{name} >= {bound.low}")
                if bound.high is not None:
                    parts.append(f"{name} < {bound.high}")
            if label.condition is not None:
                parts.append(self.conditions.write(label.condition))
            tests.append((" and ".join(parts) or "True", label.line))
        self._first(variable, tests)

    def _first(self, variable: str, tests: list[tuple[str, int]]) -> None:
        """Set a variable to the place of the first test that holds, or -1."""
        lines = [(test, line, [f"{variable} = {n}"]) for n, (test, line) in enumerate(tests)]
        self._chain(lines, [f"{variable} = -1"])


def _any(count: t.Measure) -> t.Condition:
    """That there is an event at all: the events themselves say it."""
    return t.NumberCompare(count, ">=", Decimal(1))
