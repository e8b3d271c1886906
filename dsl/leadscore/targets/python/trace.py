"""Keeping the receipt while a traced function runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from leadscore.plan import terms as t
from leadscore.receipt import EventSeen, GroupReceipt, Reason, RuleReceipt, ValueSeen
from leadscore.targets.python.runtime import Item, in_zone, kept
from leadscore.values.text import normal, text_of

Seen = tuple[tuple[str, str, Any], ...]
"""What a rule looked at: ('property', name, raw value), ('list', name, bool) or
('events', '', items)."""


class Trace:
    """Takes what a traced function says, in the order of groups and rules."""

    def __init__(self, plan: t.Plan, zone: tzinfo) -> None:
        self._plan = plan
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
                True,
            )
        )

    def unguarded(self) -> None:
        """A group whose `if` fails: nothing of it counts."""
        assert self._group is not None
        rules = tuple(
            RuleReceipt(rule.text, rule.name, rule.line, 0, 0, 0, 0, (), ())
            for rule in self._group.rules
        )
        self.groups.append(GroupReceipt(self._group.name, self._group.category, 0, 0, rules, False))

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
            )
        )

    def skipped(self, seen: Seen) -> None:
        """A rule whose `if` fails."""
        self._add(0, 0, 0, (), self._reasons(seen))

    def choice(self, case: int, before: int, after: int, seen: Seen) -> None:
        """A rule on conditions or on a property: the case that held (-1: none)."""
        assert self._group is not None
        looked = self._reasons(seen)
        because: tuple[Reason, ...] = looked if case >= 0 and before else ()
        body = self._group.rules[len(self._rules)].body
        if case >= 0 and isinstance(body, t.Choice) and len(body.cases) > 1:
            held = ValueSeen("case", "case", body.cases[case].text)
            looked = (held, *looked)
            because = (held, *because) if before else ()
        self._add(before, before, after, because, looked)

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
        return EventSeen(
            text_of(normal(item[2][0])) or "(no type)",
            self._local(item[0]).isoformat(timespec="seconds"),
            points,
            left,
        )

    def _reasons(self, seen: Seen) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for kind, name, value in seen:
            if kind == "property":
                reasons.append(ValueSeen(kind, name, text_of(normal(value))))
            elif kind == "list":
                reasons.append(ValueSeen(kind, name, "yes" if value else "no"))
            else:
                reasons += [self._event(item, None, None) for item in sorted(value)]
        return tuple(dict.fromkeys(reasons))
