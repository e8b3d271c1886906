"""When two conditions or rules are the same, however they are put."""

from __future__ import annotations

from collections.abc import Hashable

from leadscore.plan import terms as t


def condition_key(root: t.Condition | None) -> Hashable:
    """Equal for conditions that differ only in the order of `and`, `or` and lists."""
    match root:
        case None:
            return None
        case t.AllOf(items=items):
            return "and", frozenset(map(condition_key, items))
        case t.AnyOf(items=items):
            return "or", frozenset(map(condition_key, items))
        case t.Not(item=item):
            return "not", condition_key(item)
        case t.TextIs(operand=operand, texts=texts):
            return "is", operand, frozenset(texts)
        case t.TextFind(operand=operand, kind=kind, texts=texts):
            return kind, operand, frozenset(texts)
        case _:
            return root


def body_key(body: t.Body) -> Hashable:
    """Equal for bodies that give the same for the same reason; lines and spelling aside."""
    match body:
        case t.Choice(cases=cases):
            return tuple((condition_key(case.condition), case.points) for case in cases)
        case _:
            return body
