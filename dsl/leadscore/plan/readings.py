"""Which readings of which properties and attributes a plan asks for.

A reading has a letter: t, the folded text; w, its words; n, the number; d, the instant; b, yes or
no; N and D are n and d where a failure is not worth a word in the report. Every target reads a
value in one order: what is blank or among the file's `unknown values` is unknown; then comes the
reading as the declared type, without which the value is unknown too; then those asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.plan import terms as t
from leadscore.plan.walk import conditions, operands, roots, stream_attributes, streams

EXPECTED = {"n": "number", "d": "date", "b": "boolean"}
"""What a failed reading is reported as."""

DECLARED = {kind: letter for letter, kind in EXPECTED.items()}
"""The reading of a declared type; text and `one of` have none that can fail."""


class Asked:
    """The letters of the readings of each property and attribute of a plan."""

    def __init__(self, plan: t.Plan) -> None:
        self.specs = {spec.key: spec for spec in plan.properties}
        self._forms: dict[t.Field, str] = {}
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

    def _need(self, operand: t.Field, letters: str) -> None:
        have = self._forms.get(operand, "")
        self._forms[operand] = have + "".join(letter for letter in letters if letter not in have)

    def _of_condition(self, root: t.Condition) -> None:
        for condition in conditions(root):
            for operand in operands(condition):
                if isinstance(operand, t.Measure):
                    if operand.attribute is not None:
                        self._need(t.Attribute(operand.attribute), measured(operand))
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
                return DECLARED.get(kind or "", "t")
        raise AssertionError(condition)

    def known(self, operand: t.Field) -> str:
        """The reading that is None exactly where the value is unknown."""
        spec = self.specs.get(operand.key) if isinstance(operand, t.Property) else None
        return DECLARED.get((spec.kind if spec else None) or "", "t")

    def forms(self, operand: t.Field) -> str:
        """All readings of a property or attribute, in order."""
        return self._forms[operand]


def measured(measure: t.Measure) -> str:
    """The reading of its attribute that a measure looks at."""
    return "t" if measure.kind == "different" else "n"


def attributes_looked_at(plan: t.Plan) -> Iterator[tuple[str, t.Types]]:
    """Each attribute with the types of events of which it is read, with repetitions.

    An attribute of an event is read, and reported where it cannot be, only if a stream that takes
    the event's type looks at it.
    """
    for stream, attributes in stream_attributes(plan):
        for attribute in attributes:
            yield attribute, stream.types
