"""Going through the nodes of a tree, without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from leadscore.syntax import nodes as n

_known: dict[type[n.Node], tuple[str, ...]] = {}


def _parts(kind: type[n.Node]) -> tuple[str, ...]:
    """The fields of a node class that can hold nodes."""
    known = _known.get(kind)
    if known is not None:
        return known
    plain = {"str", "bool", "int", "Span", "Decimal", "Category | None", "Category", "Operator"}
    parts = tuple(f.name for f in fields(kind) if str(f.type) not in plain)
    _known[kind] = parts
    return parts


def walk(node: n.Node) -> Iterator[n.Node]:
    """`node` and all nodes under it, each before what it holds, in the order of the text."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        found: list[n.Node] = []
        for name in _parts(type(node)):
            value = getattr(node, name)
            if isinstance(value, n.Node):
                found.append(value)
            elif isinstance(value, tuple):
                found += [item for item in value if isinstance(item, n.Node)]
        stack += reversed(found)
