"""What the readings of properties and attributes are called in generated code."""

from __future__ import annotations

from leadscore.plan import terms as t
from leadscore.plan.readings import Asked


class Readings(Asked):
    """The readings that a plan asks for, with a variable or a place for each.

    A property's readings are the variables ``t0``, ``n0``, …, numbered by its place in the plan;
    an attribute's are places in the items of events, from `first` on.
    """

    def __init__(self, plan: t.Plan, first: int) -> None:
        super().__init__(plan)
        self._places = {spec.key: place for place, spec in enumerate(plan.properties)}
        self.slots: dict[tuple[str, str], int] = {}
        """(attribute, letter) → place in an item."""
        for attribute in plan.attributes:
            for letter in self.forms(t.Attribute(attribute.key)):
                self.slots[attribute.key, letter] = first + len(self.slots)

    def variable(self, operand: t.Field, letter: str) -> str:
        """The expression of a reading: a variable, or a place of the event `e`."""
        if isinstance(operand, t.Attribute):
            return f"e[{self.slots[operand.key, letter]}]"
        return f"{letter}{self._places[operand.key]}"

    def place(self, operand: t.Property) -> int:
        """The place of a property in the plan."""
        return self._places[operand.key]
