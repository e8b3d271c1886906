"""What a plan reads, as the readers of tables want to know it."""

from __future__ import annotations

from leadscore.needs import AttributeNeed, Needs, PropertyNeed
from leadscore.plan.terms import Plan


def needs_of(plan: Plan) -> Needs:
    """The needs of `plan`, parallel to its properties and attributes."""
    return Needs(
        tuple(PropertyNeed(spec.name, spec.sources, spec.line) for spec in plan.properties),
        tuple(AttributeNeed(spec.name, spec.line) for spec in plan.attributes),
        plan.uses_events,
        plan.uses_lists,
    )
