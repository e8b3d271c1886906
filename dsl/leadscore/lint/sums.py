"""What sums can be before each limit: for findings about limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from leadscore.lint.view import View
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval, bounds_of


@dataclass(frozen=True, slots=True)
class Sums:
    """Intervals where all guards of groups hold: rules and groups by their places."""

    bodies: tuple[tuple[Interval, ...], ...]
    """What rules give before their own limits, where their guards hold."""
    given: tuple[tuple[Interval, ...], ...]
    """What rules give where their guards hold."""
    rules: tuple[tuple[Interval, ...], ...]
    """What rules give."""
    groups: tuple[Interval, ...]
    """The sums of groups' rules before the limits of the groups."""
    targets: dict[t.Target, Interval]
    """Fit, engagement and the score before their own limits."""


def sums_of(view: View) -> Sums:
    """The intervals before limits, worked out once, in time linear in the plan."""
    known = view.memo.get("sums")
    if isinstance(known, Sums):
        return known
    found = _sums_of(view.plan)
    view.memo["sums"] = found
    return found


def _sums_of(plan: t.Plan) -> Sums:
    def changed(*, guards: bool, limits: bool, sums: bool) -> t.Plan:
        groups = []
        for group in plan.groups:
            rules = tuple(
                replace(
                    rule,
                    guard=rule.guard if guards else None,
                    limit=rule.limit if limits else None,
                )
                for rule in group.rules
            )
            limit = group.limit if sums else None
            groups.append(replace(group, guard=None, rules=rules, limit=limit))
        return replace(plan, groups=tuple(groups))

    inside = bounds_of(changed(guards=True, limits=True, sums=False))
    outside = bounds_of(replace(plan, limits=()))
    others = tuple(limit for limit in plan.limits if limit[0] != "score")
    return Sums(
        bounds_of(changed(guards=False, limits=False, sums=False)).rules,
        bounds_of(changed(guards=False, limits=True, sums=False)).rules,
        inside.rules,
        inside.groups,
        {
            "fit": outside.fit,
            "engagement": outside.engagement,
            "score": bounds_of(replace(plan, limits=others)).score,
        },
    )
