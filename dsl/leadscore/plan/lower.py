"""From a sound tree to its plan. Assumes that analysis found no error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, Context, Decimal
from typing import Any, TypeVar, assert_never

from leadscore.analysis import Analysis
from leadscore.analysis.statements import facts_of
from leadscore.analysis.symbols import Symbols
from leadscore.plan import terms as t
from leadscore.syntax import nodes as n
from leadscore.syntax.document import GroupBlock, RuleBlock, Statement
from leadscore.syntax.tidy import tidy
from leadscore.values.text import trim, words
from leadscore.values.units import units_of

_EVERYTHING = t.Types(frozenset(), True)


def lower(analysis: Analysis) -> t.Plan:
    """The plan of a document without errors."""
    return _Lowering(analysis).plan()


class _Lowering:
    def __init__(self, analysis: Analysis) -> None:
        self.document = analysis.document
        self.symbols: Symbols = analysis.symbols
        self.properties: dict[str, t.PropertySpec] = {}
        self.attributes: dict[str, t.AttributeSpec] = {}
        self.uses_events = False
        self.uses_lists = False
        self._line = 0
        self._on_event = False
        """Whether a name is an attribute of an event, not a property of the lead."""

    def plan(self) -> t.Plan:
        header = self.document.header.node if self.document.header else None
        assert isinstance(header, n.ScoreLine)
        description = self.document.description
        text = description.node if description else None
        scope = tuple(self._scope(*item) for item in self.symbols.scope)
        groups = tuple(self._group(block) for block in self.symbols.group_blocks)
        labels = tuple(
            (target, self._labels(target))
            for target in self._targets()
            if target in self.symbols.labels
        )
        matrix = self._matrix()
        fast_tracks = tuple(
            t.FastTrack(trim(node.title.value), self._at(statement, node.condition), statement.line)
            for statement, node in self.symbols.fast_tracks
        )
        definitions = tuple(
            (key, self._at(statement, node.condition))
            for key in self._definition_order()
            for statement, node in (self.symbols.definitions[key],)
        )
        return t.Plan(
            name=trim(header.title.value),
            subject=header.subject.text if header.subject else None,
            description=text.text.value if isinstance(text, n.DescriptionLine) else None,
            properties=tuple(self.properties.values()),
            attributes=tuple(self.attributes.values()),
            renames=tuple(
                (raw, name.key) for raw, name in self.symbols.event_types.items() if raw != name.key
            ),
            type_names=tuple(
                {name.key: trim(name.value) for name in self.symbols.event_types.values()}.items()
            ),
            unknown_values=frozenset(text.key for text in self.symbols.unknown_values if text.key),
            uses_events=self.uses_events,
            uses_lists=self.uses_lists,
            definitions=definitions,
            scope=scope,
            groups=groups,
            limits=tuple(
                (target, _limit(self.symbols.limits[target][1].bounds))
                for target in self._targets()
                if target in self.symbols.limits
            ),
            labels=labels,
            matrix=matrix,
            fast_tracks=fast_tracks,
        )

    @staticmethod
    def _targets() -> tuple[t.Target, ...]:
        return ("score", "fit", "engagement")

    def _definition_order(self) -> list[str]:
        """The definitions that are used, each after those that it uses. No recursion."""
        roots = [
            name.key
            for statement in self.document.statements
            if not isinstance(statement.node, n.DefineLine)
            for name in facts_of(statement.parsed).references
        ]
        order: list[str] = []
        done: set[str] = set()
        stack = [(key, False) for key in reversed(roots)]
        while stack:
            key, leave = stack.pop()
            if leave:
                order.append(key)
            elif key not in done:
                done.add(key)
                stack.append((key, True))
                used = facts_of(self.symbols.definitions[key][0].parsed).references
                stack += [(name.key, False) for name in reversed(used)]
        return order

    # Groups and rules

    def _scope(self, statement: Statement, node: n.ScopeLine) -> t.Scope:
        condition = self._at(statement, node.condition)
        return t.Scope(tidy(statement.parsed.text), condition, node.excludes, statement.line)

    def _group(self, block: GroupBlock) -> t.Group:
        assert block.head is not None
        node = block.head.node
        assert isinstance(node, n.GroupLine)
        decay = _pick(node.modifiers, n.Decay)
        reset = _pick(node.modifiers, n.ResetBy)
        resets = frozenset(text.key for text in reset.texts) if reset else frozenset()
        text = block.description.node if block.description else None
        return t.Group(
            name=trim(node.title.value),
            text=tidy(block.head.parsed.text),
            category=node.category,
            line=block.head.line,
            guard=self._at(block.head, node.guard) if node.guard else None,
            rules=tuple(
                self._rule(rule, _decay(decay) if decay else None, resets) for rule in block.rules
            ),
            limit=_limit_of(node.modifiers),
            description=text.text.value if isinstance(text, n.DescriptionLine) else None,
        )

    def _rule(self, block: RuleBlock, decay: t.Decay | None, resets: frozenset[str]) -> t.Rule:
        head = block.head
        self._line = head.line
        node = head.node
        body: t.Body
        match node:
            case n.PointsLine():
                body = self._points(node, head, decay, resets)
            case n.FirstOfLine():
                body = t.Choice(tuple(self._first_case(case) for case in block.cases))
            case n.ByLine():
                body = self._table(node, block.cases, resets)
            case _:
                raise AssertionError(node)
        self._line = head.line
        named = _pick(node.modifiers, n.Named)
        return t.Rule(
            text=tidy(head.parsed.text),
            name=named.text.value if named else None,
            line=head.line,
            guard=self._condition(node.guard) if node.guard else None,
            body=body,
            limit=_limit_of(node.modifiers),
        )

    def _points(
        self,
        node: n.PointsLine,
        head: Statement,
        decay: t.Decay | None,
        resets: frozenset[str],
    ) -> t.Body:
        points = tuple(units_of(number.value) for number in node.points)
        own = _pick(node.modifiers, n.Decay)
        if own:
            decay = _decay(own)
        elif _pick(node.modifiers, n.NoDecay):
            decay = None
        match node.trigger:
            case n.EachEvent(stream=stream):
                return t.EachEvent(self._stream(stream, node.modifiers, resets), points, decay)
            case n.OnceFor(stream=stream):
                once = self._stream(stream, node.modifiers, resets, once=True)
                return t.EachEvent(once, points, decay)
            case n.EachAmount(step=step, name=name):
                return t.EachAmount(self._property(name), int(step.value), points[0])
            case n.EachSince(every=every, name=name):
                return t.EachElapsed(self._property(name), every.seconds, points[0])
            case n.EachWithout(every=every, stream=stream):
                latest = self._stream(stream, node.modifiers, resets, once=True)
                return t.EachElapsed(latest, every.seconds, points[0])
            case n.When(condition=condition):
                text = tidy(head.parsed.text)
                return t.Choice((t.Case(self._condition(condition), points[0], text, head.line),))
            case n.Always():
                text = tidy(head.parsed.text)
                return t.Choice((t.Case(t.Constant(True), points[0], text, head.line),))
            case _:
                assert_never(node.trigger)

    def _first_case(self, case: Statement) -> t.Case:
        node = case.node
        assert isinstance(node, n.FirstCaseLine)
        condition: t.Condition = t.Constant(True)
        if node.condition is not None:
            condition = self._at(case, node.condition)
        return t.Case(condition, units_of(node.points.value), tidy(case.parsed.text), case.line)

    def _table(
        self, node: n.ByLine, cases: Iterable[Statement], resets: frozenset[str]
    ) -> t.Choice:
        operand: t.Operand
        match node.subject:
            case n.Name() as name:
                operand = self._property(name)
            case n.CountOf(stream=stream, different=different):
                operand = t.Measure(
                    "different" if different else "count",
                    self._stream(stream, node.modifiers, resets),
                    self._attribute(different).key if different else None,
                )
            case n.Aggregate(kind=kind, name=name, stream=stream):
                operand = t.Measure(
                    kind,
                    self._stream(stream, node.modifiers, resets),
                    self._attribute(name).key,
                )
            case _:
                assert_never(node.subject)
        lowered: list[t.Case] = []
        for case in cases:
            assert isinstance(case.node, n.CaseLine)
            lowered.append(
                t.Case(
                    _pattern(case.node.pattern, operand),
                    units_of(case.node.points.value),
                    tidy(case.parsed.text),
                    case.line,
                )
            )
        return t.Choice(tuple(lowered))

    # Streams

    def _stream(
        self,
        node: n.Stream,
        modifiers: tuple[n.Modifier, ...],
        resets: frozenset[str],
        *,
        once: bool = False,
    ) -> t.Stream:
        reset = _pick(modifiers, n.ResetBy)
        if reset:
            resets |= frozenset(text.key for text in reset.texts)
        up_to = _pick(modifiers, n.UpTo)
        latest = _pick(modifiers, n.Latest)
        period: Any = up_to.period if up_to else None
        return t.Stream(
            types=_types(node.kinds),
            where=self._where(node.where),
            window=self._window(node.window),
            resets=resets,
            up_to=(int(up_to.count.value), period) if up_to else None,
            latest=1 if once else int(latest.count.value) if latest else None,
        )

    def _where(self, where: n.Where | None) -> t.Condition | None:
        self.uses_events = True
        if where is None:
            return None
        outer, self._on_event = self._on_event, True
        condition = self._condition(where.test)
        self._on_event = outer
        return condition

    def _window(self, window: n.Window | None) -> t.Window | None:
        match window:
            case None:
                return None
            case n.InTheLast(duration=duration):
                return t.AgeWindow(0, duration.seconds)
            case n.MoreThanAgo(duration=duration):
                return t.AgeWindow(duration.seconds + 1, None)
            case n.BetweenAgo(near=near, far=far):
                return t.AgeWindow(near.seconds + 1, far.seconds)
            case n.SinceDate(date=date):
                return t.DateWindow(_point(date), None)
            case n.BetweenDates(first=first, last=last):
                return t.DateWindow(_point(first), _point(last))
            case n.SinceEvent(texts=texts):
                return t.AfterLatest(frozenset(text.key for text in texts))
            case _:
                assert_never(window)

    # Conditions

    def _at(self, statement: Statement, condition: n.Condition) -> t.Condition:
        self._line = statement.line
        return self._condition(condition)

    def _condition(self, node: n.Condition) -> t.Condition:
        match node:
            case n.Either(items=items):
                return t.AnyOf(tuple(self._condition(item) for item in items))
            case n.AllOf(items=items):
                return t.AllOf(tuple(self._condition(item) for item in items))
            case n.Negation(item=item):
                return _not(self._condition(item))
            case n.Parentheses(item=item):
                return self._condition(item)
            case n.Reference(name=name):
                return t.Defined(name.key)
            case n.InList(list=text):
                self.uses_lists = True
                return t.InList(text.key)
            case n.EventTest():
                return self._event_test(node)
            case _:
                return self._comparison(node)

    def _event_test(self, node: n.EventTest) -> t.Condition:
        stream = t.Stream(
            types=_types(node.kinds) if node.kinds else _EVERYTHING,
            where=self._where(node.where),
            window=self._window(node.window),
        )
        count = t.Measure("count", stream, None)
        frequency = node.frequency
        if frequency is None:
            some: t.Condition = t.NumberCompare(count, ">=", Decimal(1))
            return t.Not(some) if node.negated else some
        bounds: list[t.Condition] = []
        if frequency.low is not None:
            bounds.append(t.NumberCompare(count, ">=", frequency.low.value))
        if frequency.high is not None:
            bounds.append(t.NumberCompare(count, "<=", frequency.high.value))
        return bounds[0] if len(bounds) == 1 else t.AllOf(tuple(bounds))

    def _comparison(self, node: n.Comparison) -> t.Condition:
        match node:
            case n.Is(name=name, values=values, negated=negated):
                operand = self._field(name)
                texts = tuple(v.key for v in values if isinstance(v, n.Text))
                items: list[t.Condition] = [t.TextIs(operand, texts)] if texts else []
                items += [_equal(operand, v) for v in values if not isinstance(v, n.Text)]
                found = items[0] if len(items) == 1 else t.AnyOf(tuple(items))
                return t.Not(found) if negated else found
            case n.IsKnown(name=name, known=known):
                test = t.Known(self._field(name))
                return test if known else t.Not(test)
            case n.IsBetween(name=name, low=low, high=high):
                operand = self._field(name)
                return t.AllOf((_compare(operand, ">=", low), _compare(operand, "<=", high)))
            case n.IsWithin(name=name, direction="last", duration=duration):
                return t.DateAge(self._field(name), 0, duration.seconds)
            case n.IsWithin(name=name, duration=duration):
                return t.DateAge(self._field(name), -duration.seconds, 0)
            case n.IsOlder(name=name, duration=duration):
                return t.DateAge(self._field(name), duration.seconds + 1, None)
            case n.TextTest(kind=kind, name=name, texts=texts_, negated=negated):
                find = t.TextFind(self._field(name), kind, _looked_for(kind, texts_))
                return t.Not(find) if negated else find
            case n.Compare(name=name, operator=operator, value=value):
                return _with(operator, lambda op: _compare(self._field(name), op, value))
            case n.CompareNames(name=name, operator=operator, other=other):
                return _with(operator, lambda op: self._compare_names(name, op, other))
            case n.ComparePercent(name=name, operator=operator, percent=percent, other=other):
                return _with(
                    operator,
                    lambda op: t.ComparePercent(
                        self._field(name), op, percent.value, self._field(other)
                    ),
                )
            case _:
                assert_never(node)

    def _compare_names(self, name: n.Name, operator: t.Operator, other: n.Name) -> t.Condition:
        kind = None
        if not self._on_event:
            kind = self.symbols.kind_of(name) or self.symbols.kind_of(other)
        declared: Any = "text" if kind == "one of" else kind
        return t.CompareFields(self._field(name), operator, self._field(other), declared)

    # Names

    def _field(self, name: n.Name) -> t.Field:
        return self._attribute(name) if self._on_event else self._property(name)

    def _attribute(self, name: n.Name) -> t.Attribute:
        self.attributes.setdefault(name.key, t.AttributeSpec(name.key, name.text, self._line))
        return t.Attribute(name.key)

    def _property(self, name: n.Name) -> t.Property:
        if name.key not in self.properties:
            declared = self.symbols.properties.get(name.key)
            if declared is None:
                spec = t.PropertySpec(
                    name.key, name.text, (name.text,), None, None, frozenset(), self._line
                )
            else:
                own = declared.name.text
                column = trim(declared.column.value) if declared.column else ""
                spec = t.PropertySpec(
                    key=name.key,
                    name=own,
                    sources=(column, own) if column else (own,),
                    kind=declared.type.kind,
                    pattern=declared.type.pattern.value if declared.type.pattern else None,
                    options=frozenset(option.key for option in declared.type.options),
                    line=self._line,
                )
            self.properties[name.key] = spec
        return t.Property(name.key)

    # What comes out

    def _labels(self, target: t.Target) -> tuple[t.Label, ...]:
        labels: list[t.Label] = []
        for line in self.symbols.labels[target].lines:
            node = line.node
            assert isinstance(node, n.LabelLine)
            labels.append(
                t.Label(
                    trim(node.title.value),
                    tuple(
                        _bound(bound.target or target, bound.kind, bound.value.value)
                        for bound in node.bounds
                    ),
                    self._at(line, node.condition) if node.condition else None,
                    node.color.text if node.color else None,
                    line.line,
                )
            )
        return tuple(labels)

    def _matrix(self) -> tuple[t.Axis, t.Axis] | None:
        if self.symbols.matrix is None:
            return None
        axes: list[t.Axis] = []
        for line in self.symbols.matrix.lines:
            node = line.node
            assert isinstance(node, n.AxisLine)
            axes.append(
                t.Axis(
                    node.category,
                    tuple(
                        t.Label(
                            trim(step.title.value),
                            (_bound(node.category, step.kind, step.value.value),),
                            None,
                            None,
                            line.line,
                        )
                        for step in node.steps
                    ),
                )
            )
        return axes[0], axes[1]


M = TypeVar("M", bound=n.Modifier)


def _pick(modifiers: tuple[n.Modifier, ...], kind: type[M]) -> M | None:
    return next((modifier for modifier in modifiers if isinstance(modifier, kind)), None)


def _limit_of(modifiers: tuple[n.Modifier, ...]) -> t.Limit | None:
    found = _pick(modifiers, n.LimitModifier)
    return _limit(found.bounds) if found else None


def _limit(bounds: n.Bounds) -> t.Limit:
    low, high = units_of(bounds.low.value), units_of(bounds.high.value)
    match bounds.kind:
        case "range":
            return t.Limit(low, high)
        case "least":
            return t.Limit(low, None)
        case "most":
            return t.Limit(None, high)
        case "bare":
            return t.Limit(None, high) if high > 0 else t.Limit(low, None)
        case _:
            assert_never(bounds.kind)


def _decay(node: n.Decay) -> t.Decay:
    return t.Decay(int(node.percent.value.scaleb(2)), node.every.seconds, node.gradually)


def _bound(target: t.Target, kind: str, value: Decimal) -> t.Bound:
    # Units are integers: `>= x` and `< x` are so of the next integer up.
    exact = Context(prec=len(value.as_tuple().digits) + 20)
    scaled = value.scaleb(7, exact)
    units = int(scaled.to_integral_value(ROUND_CEILING, exact))
    return t.Bound(target, units, None) if kind == "from" else t.Bound(target, None, units)


def _types(kinds: n.Kinds) -> t.Types:
    return t.Types(frozenset(text.key for text in kinds.texts), kinds.any)


def _point(date: n.DateLiteral) -> t.DatePoint:
    assert date.value is not None
    return t.DatePoint(date.value, date.timed)


def _not(condition: t.Condition) -> t.Condition:
    return condition.item if isinstance(condition, t.Not) else t.Not(condition)


def _with(operator: n.Operator, make: Callable[[t.Operator], t.Condition]) -> t.Condition:
    """`!=` is exactly `not` of `=`."""
    return t.Not(make("=")) if operator == "!=" else make(operator)


def _equal(operand: t.Field, value: n.Value) -> t.Condition:
    return _compare(operand, "=", value)


def _compare(operand: t.Field, operator: t.Operator, value: n.Value) -> t.Condition:
    match value:
        case n.Text():
            if operator == "=":
                return t.TextIs(operand, (value.key,))
            return t.TextCompare(operand, operator, value.key)
        case n.Number():
            return t.NumberCompare(operand, operator, value.value)
        case n.DateLiteral():
            return t.DateCompare(operand, operator, _point(value))
        case n.YesNo():
            return t.BooleanIs(operand, value.value)
        case _:
            assert_never(value)


def _looked_for(kind: str, texts: Iterable[n.Text]) -> tuple[str, ...]:
    return tuple(words(text.key) if kind == "word" else text.key for text in texts)


def _pattern(pattern: n.Pattern, operand: t.Operand) -> t.Condition:
    match pattern:
        case n.OtherwisePattern():
            return t.Constant(True)
        case n.UnknownPattern():
            return t.Not(t.Known(operand))
        case n.RangePattern(low=low, high=high):
            if low is high:
                return t.NumberCompare(operand, "=", low.value)
            return t.AllOf(
                (
                    t.NumberCompare(operand, ">=", low.value),
                    t.NumberCompare(operand, "<=", high.value),
                )
            )
        case n.ComparePattern(operator=operator, value=n.Number(value=value)):
            return _with(operator, lambda op: t.NumberCompare(operand, op, value))
    assert not isinstance(operand, t.Measure)
    match pattern:
        case n.ComparePattern(operator=operator, value=n.DateLiteral() as date):
            return _with(operator, lambda op: t.DateCompare(operand, op, _point(date)))
        case n.TextPattern(kind="is", texts=texts):
            return t.TextIs(operand, tuple(text.key for text in texts))
        case n.TextPattern(kind=kind, texts=texts):
            find: Any = kind
            return t.TextFind(operand, find, _looked_for(kind, texts))
        case _:
            raise AssertionError(pattern)
