"""Which readings of which properties and attributes a plan asks for, and what they are called."""

from __future__ import annotations

from leadscore.plan import terms as t
from leadscore.plan.walk import conditions, operands, roots, streams

_BY_KIND = {"number": "n", "date": "d", "boolean": "b"}


class Readings:
    """The letters of `runtime.reader` that each property and attribute needs.

    A property's readings are the variables ``t0``, ``n0``, …, numbered by its place in the plan;
    an attribute's are places in the items of events.
    """

    def __init__(self, plan: t.Plan, first: int) -> None:
        self.specs = {spec.key: spec for spec in plan.properties}
        self._places = {spec.key: place for place, spec in enumerate(plan.properties)}
        self._forms: dict[t.Field, str] = {}
        self._first = first
        for spec in plan.properties:
            self._forms[t.Property(spec.key)] = ""
        for root in roots(plan):
            self._of_condition(root)
        for stream in streams(plan):
            if stream.where is not None:
                self._of_condition(stream.where)
        for group in plan.groups:
            for rule in group.rules:
                match rule.body:
                    case t.EachAmount(operand=operand):
                        self._need(operand, "n")
                    case t.EachElapsed(since=t.Property() as operand):
                        self._need(operand, "d")
        for operand_, letters in self._forms.items():
            if not letters:  # only asked whether it is known
                self._forms[operand_] = self.known(operand_)
        self.slots: dict[tuple[str, str], int] = {}
        """(attribute, letter) → place in an item."""
        for attribute in plan.attributes:
            for letter in self._forms[t.Attribute(attribute.key)]:
                self.slots[attribute.key, letter] = first + len(self.slots)

    def _need(self, operand: t.Field, letters: str) -> None:
        have = self._forms.get(operand, "")
        self._forms[operand] = have + "".join(letter for letter in letters if letter not in have)

    def _of_condition(self, root: t.Condition) -> None:
        for condition in conditions(root):
            for operand in operands(condition):
                if isinstance(operand, t.Measure):
                    if operand.attribute is not None:
                        letter = "t" if operand.kind == "different" else "n"
                        self._need(t.Attribute(operand.attribute), letter)
                else:
                    self._need(operand, self.letters(condition, operand))

    def letters(self, condition: t.Condition, operand: t.Field) -> str:
        """The readings of `operand` that a comparison looks at."""
        match condition:
            case t.Known():
                return self.known(operand)
            case t.TextFind(kind="word"):
                return "w"
            case t.TextIs() | t.TextFind() | t.TextCompare():
                return "t"
            case t.NumberCompare() | t.ComparePercent():
                return "n"
            case t.DateCompare() | t.DateAge():
                return "d"
            case t.BooleanIs():
                return "b"
            case t.CompareFields(kind=None):
                return "NDt"
            case t.CompareFields(kind=kind):
                return _BY_KIND.get(kind or "", "t")
        raise AssertionError(condition)

    def known(self, operand: t.Field) -> str:
        """The reading that is None exactly where the value is unknown."""
        spec = self.specs.get(operand.key) if isinstance(operand, t.Property) else None
        return _BY_KIND.get((spec.kind if spec else None) or "", "t")

    def forms(self, operand: t.Field) -> str:
        """All readings of a property or attribute, in order."""
        return self._forms[operand]

    def variable(self, operand: t.Field, letter: str) -> str:
        """The expression of a reading: a variable, or a place of the event `e`."""
        if isinstance(operand, t.Attribute):
            return f"e[{self.slots[operand.key, letter]}]"
        return f"{letter}{self._places[operand.key]}"

    def place(self, operand: t.Property) -> int:
        """The place of a property in the plan."""
        return self._places[operand.key]
