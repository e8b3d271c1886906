"""What of a model its tests exercise.

A statement that no test reaches can be wrong without anyone noticing. Each thing that a model
decides is an item, and is exercised when some test shows it at work:

- `rule`: it gave points for something, whatever decay and limits took of them.
- `case`, of a `by …` or `first of`: it was the first that held, where the rule's `if` held.
- `if`, of a group or a rule: it held in one test and failed in another. That of a rule is not
  looked at where its group's fails.
- `limit`, a ceiling and a floor each by itself: it took, or gave, points. An end that provably no
  lead reaches is no item.
- `decay`, where it is written: it took points.
- `label`: a lead got it. One that a fast track replaced does not count.
- `matrix`, each cell: a lead got it.
- `fast track`: it was the first that held.
- `scope`, that is `only when` and `exclude when`: it excluded a lead.

The condition of `+5 if …` is exercised with its rule, that of a label with its label, and a
definition with what uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from leadscore.model import Model
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval, bounds_of
from leadscore.receipt import GroupReceipt, RuleReceipt
from leadscore.result import Result
from leadscore.syntax import nodes as n
from leadscore.syntax.document import GroupBlock
from leadscore.syntax.tidy import tidy
from leadscore.testing.run import TestResult
from leadscore.values.units import decimal_text

_Key = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a model that tests can exercise, and what is lacking; '' where nothing is."""

    kind: str
    line: int
    text: str
    lacks: str

    @property
    def covered(self) -> bool:
        """Whether the tests exercise it."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Coverage:
    """The items of a model, or of several, in the order of lines."""

    items: tuple[Item, ...]

    @property
    def covered(self) -> int:
        """How many items the tests exercise."""
        return sum(item.covered for item in self.items)

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def percent(self) -> float:
        """The part that is exercised, cut (not rounded) to one decimal; 100 where there is none.

        So 100 means all, and a share that is shown reaches a bound where the true one does.
        """
        return self.covered * 1000 // self.total / 10 if self.items else 100.0

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items that no test exercises."""
        return tuple(item for item in self.items if item.lacks)


def coverage_of(model: Model, results: Iterable[TestResult]) -> Coverage:
    """What of `model` the tests that gave `results` exercise. Reads their receipts."""
    seen: set[_Key] = set()
    for result in results:
        if isinstance(result.outcome, Result):
            seen.update(_seen(result.outcome))
    items = [_item(wanted, seen) for wanted in _wanted(model)]
    return Coverage(tuple(sorted(items, key=lambda item: item.line)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An item with what it takes: of each of some sets of keys, one; else it lacks what it says."""

    kind: str
    line: int
    text: str
    takes: tuple[tuple[frozenset[_Key], str], ...]


def _item(wanted: _Wanted, seen: set[_Key]) -> Item:
    lacks = [why for keys, why in wanted.takes if not keys & seen]
    why = "" if not lacks else "never looked at" if len(lacks) > 1 else lacks[0]
    return Item(wanted.kind, wanted.line, wanted.text, why)


# What there is


def _wanted(model: Model) -> Iterator[_Wanted]:
    plan, symbols = model.plan, model.analysis.symbols
    texts = {
        statement.line: tidy(statement.parsed.text)
        for statement in model.analysis.document.statements
    }
    for place, scope in enumerate(plan.scope):
        yield _single("scope", scope.line, scope.text, ("scope", place), "excluded no lead")
    reach = _reach(plan)
    for at, (group, block) in enumerate(zip(plan.groups, symbols.group_blocks, strict=True)):
        yield from _of_group(group, at, block, reach)
    for target, limit in plan.limits:
        line = symbols.limits[target][0].line
        yield from _of_limit(limit, line, texts[line], target, reach)
    for target, labels in plan.labels:
        for place, label in enumerate(labels):
            named: _Key = ("label", (target, place))
            yield _single("label", label.line, texts[label.line], named, "no lead got it")
    if plan.matrix is not None:
        first, second = plan.matrix
        for a, left in enumerate(first.steps):
            for b, right in enumerate(second.steps):
                cell = f'"{left.title}{right.title}"'
                yield _single("matrix", left.line, cell, ("matrix", (a, b)), "no lead got it")
    for place, track in enumerate(plan.fast_tracks):
        named = ("fast track", place)
        yield _single("fast track", track.line, texts[track.line], named, "never held")


def _reach(plan: t.Plan) -> dict[object, Interval]:
    """What each owner of a limit can give without it, by its key."""
    lax_rules = tuple(
        replace(group, rules=tuple(replace(rule, limit=None) for rule in group.rules))
        for group in plan.groups
    )
    lax_groups = tuple(replace(group, limit=None) for group in plan.groups)
    limits = tuple(item for item in plan.limits if item[0] != "score")
    lax = bounds_of(replace(plan, limits=()))
    found: dict[object, Interval] = {
        "score": bounds_of(replace(plan, limits=limits)).score,
        "fit": lax.fit,
        "engagement": lax.engagement,
    }
    found.update(enumerate(bounds_of(replace(plan, groups=lax_groups)).groups))
    for at, intervals in enumerate(bounds_of(replace(plan, groups=lax_rules)).rules):
        found.update({(at, place): interval for place, interval in enumerate(intervals)})
    return found


def _of_group(
    group: t.Group, at: int, block: GroupBlock, reach: Mapping[object, Interval]
) -> Iterator[_Wanted]:
    if group.guard is not None:
        yield _guard(group.line, group.text, ("group", at))
    yield from _of_limit(group.limit, group.line, group.text, at, reach)
    head = block.head.node if block.head is not None else None
    if isinstance(head, n.GroupLine) and _decays(head.modifiers):
        heirs = frozenset(_heirs(group, at, block))
        if heirs:
            yield _Wanted("decay", group.line, group.text, ((heirs, "took nothing"),))
    for place, (rule, written) in enumerate(zip(group.rules, block.rules, strict=True)):
        key = (at, place)
        if _can_give(rule.body):
            yield _single("rule", rule.line, rule.text, ("rule", key), "gave nothing")
        if rule.guard is not None:
            yield _guard(rule.line, rule.text, ("rule", key))
        if isinstance(rule.body, t.Choice) and written.cases:
            for number, case in enumerate(rule.body.cases):
                yield _single("case", case.line, case.text, ("case", (*key, number)), "never held")
        yield from _of_limit(rule.limit, rule.line, rule.text, key, reach)
        node = written.head.node
        if isinstance(node, n.PointsLine) and _decays(node.modifiers):
            yield _single("decay", rule.line, rule.text, ("decay", key), "took nothing")


def _heirs(group: t.Group, at: int, block: GroupBlock) -> Iterator[_Key]:
    """The keys of the rules that have the decay of their group."""
    for place, (rule, written) in enumerate(zip(group.rules, block.rules, strict=True)):
        node = written.head.node
        if isinstance(rule.body, t.EachEvent) and rule.body.decay is not None:
            assert isinstance(node, n.PointsLine)
            if not _decays(node.modifiers):
                yield "decay", (at, place)


def _single(kind: str, line: int, text: str, key: _Key, why: str) -> _Wanted:
    return _Wanted(kind, line, text, ((frozenset((key,)), why),))


def _guard(line: int, text: str, owner: object) -> _Wanted:
    held: frozenset[_Key] = frozenset((("if", (owner, True)),))
    failed: frozenset[_Key] = frozenset((("if", (owner, False)),))
    return _Wanted("if", line, text, ((held, "never held"), (failed, "never failed")))


def _of_limit(
    limit: t.Limit | None,
    line: int,
    text: str,
    owner: object,
    reach: Mapping[object, Interval],
) -> Iterator[_Wanted]:
    """A ceiling and a floor, each by itself, that some lead may reach."""
    if limit is None:
        return
    low, high = reach[owner].low, reach[owner].high
    both = limit.high is not None and limit.low is not None
    if limit.high is not None and (high is None or high > limit.high):
        what = f"at most {decimal_text(limit.high)} of {text}" if both else text
        yield _single("limit", line, what, ("limit", (owner, "high")), "took nothing")
    if limit.low is not None and (low is None or low < limit.low):
        what = f"at least {decimal_text(limit.low)} of {text}" if both else text
        yield _single("limit", line, what, ("limit", (owner, "low")), "gave nothing")


def _decays(modifiers: Sequence[n.Modifier]) -> bool:
    return any(isinstance(modifier, n.Decay) for modifier in modifiers)


def _can_give(body: t.Body) -> bool:
    """Whether a rule states any points but 0."""
    match body:
        case t.Choice(cases=cases):
            return any(case.points for case in cases)
        case t.EachEvent(points=points):
            return any(points)
        case _:
            return bool(body.points)


# What a lead shows


def _seen(result: Result) -> Iterator[_Key]:
    raw = result.raw
    if isinstance(raw, int):
        yield "scope", raw
        return
    places = dict(zip(("score", "fit", "engagement"), raw[3:6], strict=True))
    if raw[8] >= 0:
        places["score"] = -1  # the fast track's label stands in its place
        yield "fast track", raw[8]
    for target, place in places.items():
        yield "label", (target, place)
    yield "matrix", (raw[6], raw[7])
    receipt = result.receipt
    for target, taken in receipt.limited.items():
        yield from _limited(taken, target)
    for at, seen in enumerate(receipt.groups):
        yield from _of_groups_receipt(at, seen)


def _of_groups_receipt(at: int, seen: GroupReceipt) -> Iterator[_Key]:
    yield "if", (("group", at), seen.failed is None)
    if seen.failed is not None:
        return
    yield from _limited(seen.limited, at)
    for place, one in enumerate(seen.rules):
        key = (at, place)
        yield "if", (("rule", key), one.held)
        yield from _of_rules_receipt(key, one)


def _of_rules_receipt(key: tuple[int, int], seen: RuleReceipt) -> Iterator[_Key]:
    if seen.earned or seen.because:  # points of several events can add up to nothing
        yield "rule", key
    if seen.case is not None:
        yield "case", (*key, seen.case)
    yield from _limited(seen.limited, key)
    if _lost_to_decay(seen):
        yield "decay", key


def _lost_to_decay(seen: RuleReceipt) -> bool:
    """Whether decay took of any event: of points up and down, the sum can be nothing."""
    return seen.decayed != 0 or any(
        getattr(reason, "points", None) != getattr(reason, "left", None) for reason in seen.because
    )


def _limited(taken: int, owner: object) -> Iterator[_Key]:
    if taken:
        yield "limit", (owner, "high" if taken > 0 else "low")
