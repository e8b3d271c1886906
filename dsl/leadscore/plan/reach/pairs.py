"""Whether comparisons of fields with each other leave them any order.

Two values that can be compared are in one of three orders: -1, 0 or 1. A comparison that holds
says that they can be compared; one that fails, only together with another.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from leadscore.plan import terms as t
from leadscore.plan.reach.fields import FieldFacts

_ORDERS: dict[t.Operator, frozenset[int]] = {
    "=": frozenset((0,)),
    "<": frozenset((-1,)),
    "<=": frozenset((-1, 0)),
    ">": frozenset((1,)),
    ">=": frozenset((0, 1)),
}
_ALL = frozenset((-1, 0, 1))

_Pair = tuple[t.Field, t.Field, Decimal | t.Kind | None]


class PairFacts:
    """The comparisons of fields with each other, all of which are as said."""

    def __init__(self, field: Callable[[t.Field], FieldFacts]) -> None:
        self._field = field
        self._left: dict[_Pair, frozenset[int]] = {}
        """The orders that are left, where a pair can be compared."""
        self._comparable: set[_Pair] = set()

    def add(self, condition: t.CompareFields | t.ComparePercent, holds: bool) -> None:
        """Take one comparison; tells the fields what it says of them."""
        left, right = condition.left, condition.right
        orders = _ORDERS[condition.operator]
        pair: _Pair
        if isinstance(condition, t.ComparePercent):
            pair = left, right, condition.percent
        elif right.key < left.key:
            pair, orders = (right, left, condition.kind), frozenset(-one for one in orders)
        else:
            pair = left, right, condition.kind
        before = self._left.get(pair, _ALL)
        if left == right and isinstance(condition, t.CompareFields):
            before &= {0}
        self._left[pair] = before & orders if holds else before - orders
        if not holds:
            return
        self._comparable.add(pair)
        for side in (left, right):
            facts = self._field(side)
            facts.known = True
            if isinstance(condition, t.ComparePercent) or condition.kind == "number":
                facts.number = True
            elif condition.kind == "date":
                facts.date = True

    def refuted(self) -> bool:
        """Whether a pair is in no order; asked when all facts of fields are there."""
        return any(
            not orders and (pair in self._comparable or self._can_compare(pair))
            for pair, orders in self._left.items()
        )

    def _can_compare(self, pair: _Pair) -> bool:
        """Whether both are known to have the reading that is compared."""
        left, right, kind = pair
        facts = (self._field(left), self._field(right))
        if not all(one.known for one in facts):
            return False
        if isinstance(kind, Decimal) or kind == "number":
            return all(one.number for one in facts)
        if kind == "date":
            return all(one.date for one in facts)
        return kind is None or kind == "text"  # every known value has a text
