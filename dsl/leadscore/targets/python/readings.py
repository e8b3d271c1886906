"""What the readings of properties and attributes are called in generated code, and how it reads.

Values of the commonest types are read in place. The rest goes to the reader of the runtime, which
knows all of the language and keeps the report.
"""

from __future__ import annotations

from datetime import UTC

from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.values.dates import date_of
from leadscore.values.number import number_of

LARGE = 10**9
"""Whole numbers from here on are left to the reader, which knows what a double holds."""


class Readings(Asked):
    """The readings that a plan asks for, with a variable or a place for each.

    A property's readings are the variables ``t0``, ``n0``, …, numbered by its place in the plan;
    an attribute's are places in the items of events, from `first` on.
    """

    def __init__(self, plan: t.Plan, first: int) -> None:
        super().__init__(plan)
        self._unknown = plan.unknown_values
        self._instants_known = all(date_of(text, UTC) is None for text in plan.unknown_values)
        self._numbers_known = all(number_of(text) is None for text in plan.unknown_values)
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

    def reading(self, operand: t.Field, taken: str, value: str, names: str) -> str:
        """The expression of all readings of a value: one, or a tuple of several.

        `taken` is the value where it is looked at first, `value` from then on; `names` stands
        behind `m` and `r` in the names of the memory and the reader.
        """
        forms = self.forms(operand)
        kind = self.kind(operand)
        rest = f"r{names}({value}, report)"
        remembered = f"m{names}.get({value}) or {rest}"
        if len(forms) > 1:
            nothing = f"({', '.join('None' for _ in forms)})"
            return f"{nothing} if {taken} is None else {value}.__class__ is str and {remembered}"
        match forms:
            case "t" | "w" if self.always_read(operand):
                memory = f"m{names}[{value}]"
                return (
                    f"None if {taken} is None else {memory} if {value}.__class__ is str else {rest}"
                )
            case "n" | "N" if kind in (None, "number", "text") and self._numbers_known:
                # Finite, and a double's own text is no unknown value.
                return (
                    f"{value} if {taken} is None "
                    f"or (c := {value}.__class__) is float and {value} - {value} == 0.0 "
                    f"else {value} + 0.0 if c is int and {-LARGE} < {value} < {LARGE} "
                    f"else c is str and {remembered}"
                )
            case "b" if kind in (None, "boolean", "text") and not (
                self._unknown & {"true", "false"}
            ):
                return (
                    f"{value} if {taken} is None or {value} is True or {value} is False "
                    f"else {value}.__class__ is str and {remembered}"
                )
        return f"None if {taken} is None else {value}.__class__ is str and {remembered}"

    def has_clock(self, operand: t.Field) -> bool:
        """Whether the instant of most texts can be added up in place; see `instants.Clock`."""
        spec = self.specs.get(operand.key) if isinstance(operand, t.Property) else None
        if self.forms(operand) != "d" or not self._instants_known:
            return False
        return spec is None or (spec.kind in (None, "date") and not spec.pattern)

    def kind(self, operand: t.Field) -> str | None:
        """The declared type of a property; None where it has none, and of attributes."""
        spec = self.specs.get(operand.key) if isinstance(operand, t.Property) else None
        return spec.kind if spec else None

    def always_read(self, operand: t.Field) -> bool:
        """Whether any text can be read: then the memory reads those that it lacks by itself."""
        return self.forms(operand) in ("t", "w") and self.kind(operand) in (None, "text")

    def place(self, operand: t.Property) -> int:
        """The place of a property in the plan."""
        return self._places[operand.key]
