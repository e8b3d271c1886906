"""Whether the comparisons of one property or attribute leave it any value.

A comparison that holds says that its field is known, and that it has the reading that is
compared. One that fails says neither: it fails where the value is unknown, too. So failures count
only where another comparison, or the declared type, says that there is the reading.
"""

from __future__ import annotations

from decimal import Decimal

from leadscore.plan import terms as t
from leadscore.plan.reach.effort import Effort
from leadscore.plan.reach.ranges import Instants, Range, no_double
from leadscore.plan.reach.texts import Alternative, alternatives, cost, found, implies, merged
from leadscore.values.dates import iso, pattern_reader
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS, boolean_of, number_of
from leadscore.values.text import words

_NUMERALS = frozenset("0123456789+-.e")
"""All letters of the folded text of a number."""

_FAR = 10**15
"""Seconds past every age."""


class FieldFacts:
    """The comparisons of one field, all of which are as said for one lead or event."""

    def __init__(self, spec: t.PropertySpec | None, unknown: frozenset[str]) -> None:
        self._kind = spec.kind if spec else None
        self._pattern = spec.pattern if spec else None
        self._unknown_texts = unknown
        self.known = False
        """Whether something says that the value is known."""
        self._missing = False
        self.number = self._kind == "number"
        """Whether a known value has the reading."""
        self.date = self._kind == "date"
        self._boolean: bool | None = None
        self._texts: list[list[Alternative]] = []
        self._not_texts: list[Alternative] = []
        self._order: list[t.TextCompare] = []
        self._not_order: list[t.TextCompare] = []
        self._numbers: list[tuple[t.Operator, Decimal, bool]] = []
        self._dates: list[tuple[t.DateCompare, bool]] = []
        self._ages: list[tuple[t.DateAge, bool]] = []
        self._not_boolean: set[bool] = set()
        self._clash = False

    def add(self, condition: t.Comparison, holds: bool) -> None:
        """Take one comparison that looks at this field alone."""
        self.known = self.known or holds
        match condition:
            case t.Known():
                self._missing = self._missing or not holds
            case t.TextIs() | t.TextFind():
                if holds:
                    self._texts.append(alternatives(condition))
                else:
                    self._not_texts += alternatives(condition)
            case t.TextCompare():
                (self._order if holds else self._not_order).append(condition)
            case t.NumberCompare(operator=operator, value=value):
                self.number = self.number or holds
                self._numbers.append((operator, value, holds))
            case t.DateCompare():
                self.date = self.date or holds
                self._dates.append((condition, holds))
            case t.DateAge():
                self.date = self.date or holds
                self._ages.append((condition, holds))
            case t.BooleanIs(value=value):
                if not holds:
                    self._not_boolean.add(value)
                elif self._boolean is None:
                    self._boolean = value
                else:
                    self._clash = self._clash or self._boolean != value

    def refuted(self, effort: Effort) -> bool:
        """Whether no value is as all comparisons say."""
        if self._clash or (self.known and self._missing):
            return True
        if not self.known:  # all of them fail for an unknown value
            return False
        return (
            self._no_text(effort)
            or (self.number and no_double(self._numbers))
            or (self.number and self.date and self._pattern is None)  # no text is both
            or (self.date and (self._no_instant() or self._no_age()))
        )

    # Texts: every known value has one

    def _no_text(self, effort: Effort) -> bool:
        effort.spend(cost(self._not_texts) + sum(cost(some) for some in self._texts))
        order = Range[str]("")
        order.add(">", "")
        for item in self._order:
            order.add(item.operator, item.text)
        for item in self._not_order:
            order.add(item.operator, item.text, False)
        if order.empty:
            return True
        candidates = self._candidates(order)
        if candidates is not None:
            return not any(self._fits(text, order, effort) for text in sorted(candidates))
        left = [[one for one in some if self._possible(one, order, effort)] for some in self._texts]
        if not all(left):
            return True
        return not (merged("starts", left, effort) and merged("ends", left, effort))

    def _candidates(self, order: Range[str]) -> frozenset[str] | None:
        """All texts that the value can have; None where they are not a few."""
        sets: list[frozenset[str]] = []
        if self._boolean is not None:
            sets.append(TRUE_WORDS if self._boolean else FALSE_WORDS)
        elif self._kind == "boolean":
            sets.append(TRUE_WORDS | FALSE_WORDS)
        if order.only is not None:
            sets.append(frozenset((order.only,)))
        sets += (
            frozenset(one.text for one in some)
            for some in self._texts
            if all(one.way == "is" for one in some)
        )
        return min(sets, key=len) if sets else None

    def _possible(self, one: Alternative, order: Range[str], effort: Effort) -> bool:
        """Whether some text might be as one alternative of a comparison that holds."""
        if one.way == "is":
            return self._fits(one.text, order, effort)
        if one.way == "starts" and order.high is not None and one.text > order.high:
            return False
        if (
            self._kind == "number"
            and one.way != "matches"
            and not _NUMERALS.issuperset(one.text.replace(" ", ""))
        ):
            return False
        effort.spend(len(self._not_texts))
        return not any(implies(one, other) for other in self._not_texts)

    def _fits(self, text: str, order: Range[str], effort: Effort) -> bool:
        """Whether a value of this very text might be as all comparisons say.

        The number, the words and the yes or no of a value are those of its text.
        """
        tried = cost(self._not_texts) + sum(cost(some) for some in self._texts)
        effort.spend(1 + len(self._numbers) + tried * (1 + len(text) // 50))
        if not text or text in self._unknown_texts:
            return False
        number, boolean, text_words = number_of(text), boolean_of(text), words(text)
        if (
            (self.number and number is None)
            or (self.date and not self._reads_as_date(text))
            or (self._kind == "boolean" and boolean is None)
            or (self._boolean is not None and boolean is not self._boolean)
            or boolean in self._not_boolean
        ):
            return False
        if not all(any(found(one, text, text_words) for one in some) for some in self._texts):
            return False
        if any(found(one, text, text_words) for one in self._not_texts):
            return False
        if number is not None and no_double([("=", Decimal(number), True), *self._numbers]):
            return False
        alone = Range[str](order.low, order.high)
        alone.low_open, alone.high_open = order.low_open, order.high_open
        alone.add("=", text)
        return not alone.empty

    def _reads_as_date(self, text: str) -> bool:
        if iso(text) is not None:
            return True
        return self._pattern is not None and pattern_reader(self._pattern)(text) is not None

    # Dates

    def _no_instant(self) -> bool:
        left = Instants()
        for condition, holds in self._dates:
            left.add(condition.operator, condition.point, holds)
        return left.empty

    def _no_age(self) -> bool:
        low: int | None = None
        high: int | None = None
        for condition, holds in self._ages:
            if holds:
                low = _higher(low, condition.low)
                high = _lower(high, condition.high)
        failing = [condition for condition, holds in self._ages if not holds]
        # In order of their lows from below, then of their highs from above, each can only
        # take from an end what those before it left there.
        for condition in sorted(failing, key=lambda one: -_FAR if one.low is None else one.low):
            low, high = _without(low, high, condition)
        for condition in sorted(failing, key=lambda one: -_FAR if one.high is None else -one.high):
            low, high = _without(low, high, condition)
        return low is not None and high is not None and low > high


def _higher(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else max(one, other)


def _lower(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else min(one, other)


def _without(low: int | None, high: int | None, gone: t.DateAge) -> tuple[int | None, int | None]:
    """The ages from `low` to `high` that are not of a range which takes one end of them, or all."""
    if gone.low is None or (low is not None and gone.low <= low):
        if gone.high is None:
            return 1, 0
        if low is None or gone.high >= low:
            low = gone.high + 1
    if gone.high is None or (high is not None and gone.high >= high):
        if gone.low is None:
            return 1, 0
        if high is None or gone.low <= high:
            high = gone.low - 1
    return low, high
