"""Keeping the receipt while a traced function runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from leadscore.plan import terms as t
from leadscore.plan.walk import conditions, definitions_under, operands, rule_conditions
from leadscore.receipt import EventSeen, GroupReceipt, Reason, RuleReceipt, ValueSeen
from leadscore.targets.python.runtime import Item, in_zone, kept
from leadscore.values.text import fold, normal, text_of

Seen = tuple[tuple[str, str, Any], ...]
"""What a rule looked at: ('property', name, raw value), ('list', name, bool),
('measure', name, number) or ('events', '', items)."""


class TraceNames:
    """What receipts of a plan call things; worked out once."""

    def __init__(self, plan: t.Plan) -> None:
        self.plan = plan
        self._definitions = dict(plan.definitions)
        self._renames = dict(plan.renames)
        self._names = dict(plan.type_names)
        self._places = {spec.key: place + 2 for place, spec in enumerate(plan.attributes)}
        self._attributes = {spec.key: spec.name for spec in plan.attributes}
        self.of_rules = tuple(
            tuple(self._looked_at(rule) for rule in group.rules) for group in plan.groups
        )
        """For each rule the (name, place in an event) of the attributes that it looks at."""

    def _looked_at(self, rule: t.Rule) -> tuple[tuple[str, int], ...]:
        streams: list[t.Stream] = []
        keys: dict[str, None] = {}
        match rule.body:
            case t.EachEvent(stream=stream) | t.EachElapsed(since=t.Stream() as stream):
                streams.append(stream)
        for condition in definitions_under(self._definitions, rule_conditions(rule)):
            for operand in operands(condition):
                if isinstance(operand, t.Measure):
                    streams.append(operand.stream)
                    if operand.attribute is not None:
                        keys[operand.attribute] = None
        for stream in streams:
            if stream.where is not None:
                for condition in conditions(stream.where):
                    for operand in operands(condition):
                        if isinstance(operand, t.Attribute):
                            keys[operand.key] = None
        return tuple((self._attributes[key], self._places[key]) for key in keys)

    def type_of(self, raw: Any) -> str:
        """The name of an event's type, as the file has it where it declares it."""
        text = text_of(normal(raw)) or "(no type)"
        key = fold(text)
        return self._names.get(self._renames.get(key, key), text)


class Trace:
    """Takes what a traced function says, in the order of groups and rules."""

    def __init__(self, names: TraceNames, zone: tzinfo) -> None:
        self._names = names
        self._plan = names.plan
        self._local = in_zone(zone)
        self.groups: list[GroupReceipt] = []
        self.limits = {"fit": 0, "engagement": 0, "score": 0}
        """Points lost to each limit."""
        self._rules: list[RuleReceipt] = []
        self._group: t.Group | None = None

    def group(self, place: int) -> None:
        """The group that the following rules belong to."""
        self._group = self._plan.groups[place]
        self._rules = []

    def total(self, before: int, after: int) -> None:
        """The end of a group: its sum before and after its limit."""
        assert self._group is not None
        self.groups.append(
            GroupReceipt(
                self._group.name,
                self._group.category,
                after,
                before - after,
                tuple(self._rules),
                None,
            )
        )

    def unguarded(self) -> None:
        """A group whose `if` fails: nothing of it counts."""
        assert self._group is not None
        rules = tuple(
            RuleReceipt(rule.text, rule.name, rule.line, 0, 0, 0, 0, (), (), held=False)
            for rule in self._group.rules
        )
        self.groups.append(
            GroupReceipt(self._group.name, self._group.category, 0, 0, rules, self._group.text)
        )

    def limited(self, target: str, before: int, after: int) -> None:
        """The sum of a category, or of all, before and after its limit."""
        self.limits[target] = before - after

    # Rules

    def _add(
        self,
        earned: int,
        before: int,
        after: int,
        because: tuple[Reason, ...],
        looked: tuple[Reason, ...],
        *,
        held: bool = True,
        case: int | None = None,
    ) -> None:
        assert self._group is not None
        rule = self._group.rules[len(self._rules)]
        self._rules.append(
            RuleReceipt(
                rule.text,
                rule.name,
                rule.line,
                earned,
                earned - before,
                before - after,
                after,
                because,
                looked,
                held,
                case,
            )
        )

    def skipped(self, guard: Seen, cases: tuple[Seen, ...]) -> None:
        """A rule whose `if` fails."""
        self._add(0, 0, 0, (), self._reasons(guard, *cases), held=False)

    def choice(
        self, case: int, before: int, after: int, guard: Seen, cases: tuple[Seen, ...]
    ) -> None:
        """A rule on conditions or on a property: the case that held (-1: none)."""
        assert self._group is not None
        looked = self._reasons(guard, *cases)
        because: tuple[Reason, ...] = ()
        if case >= 0 and before:
            because = self._reasons(guard, cases[case])
            if not cases[case]:  # `otherwise`: what the cases before it looked at
                because += tuple(
                    item for item in looked if isinstance(item, ValueSeen) and item not in because
                )
        body = self._group.rules[len(self._rules)].body
        if case >= 0 and isinstance(body, t.Choice) and len(body.cases) > 1:
            held = ValueSeen("case", "case", body.cases[case].text)
            looked = (held, *looked)
            because = (held, *because) if before else ()
        held_case = case if case >= 0 and isinstance(body, t.Choice) else None
        self._add(before, before, after, because, looked, case=held_case)

    def each(
        self,
        items: list[Item],
        points: Sequence[int],
        decay: t.Decay | None,
        as_of: int,
        before: int,
        after: int,
    ) -> None:
        """A rule on events: each with its points and what decay left of them."""
        reasons: list[EventSeen] = []
        earned = 0
        for number, item in enumerate(sorted(items)):
            if len(points) > 1 and number >= len(points):
                break
            value = points[number] if len(points) > 1 else points[0]
            left = kept(value, decay, as_of - item[0]) if decay else value
            earned += value
            reasons.append(self._event(item, value, left))
        self._add(earned, before, after, tuple(reasons), tuple(reasons))

    def elapsed(self, items: list[Item], before: int, after: int) -> None:
        """A rule on the time since the latest of some events."""
        reasons = tuple(self._event(item, None, None) for item in items[-1:])
        self._add(before, before, after, reasons if before else (), reasons)

    def _event(self, item: Item, points: int | None, left: int | None) -> EventSeen:
        looked_at = self._names.of_rules[len(self.groups)][len(self._rules)]
        event = item[2]
        return EventSeen(
            self._names.type_of(event[0]),
            self._local(item[0]).isoformat(timespec="seconds"),
            tuple((name, text_of(normal(event[place]))) for name, place in looked_at),
            points,
            left,
        )

    def _reasons(self, *parts: Seen) -> tuple[Reason, ...]:
        reasons: dict[object, Reason] = {}
        for kind, name, value in (part for seen in parts for part in seen):
            if kind == "events":
                # Events that look the same are not the same: by their place in the input.
                for item in sorted(value):
                    if item[1] not in reasons:
                        reasons[item[1]] = self._event(item, None, None)
                continue
            text = text_of(normal(value)) if kind != "list" else "yes" if value else "no"
            seen_value = ValueSeen(kind, name, text)
            reasons.setdefault(seen_value, seen_value)
        return tuple(reasons.values())
