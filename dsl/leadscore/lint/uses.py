"""Where a model names properties, attributes, event types and lists: `uses_of`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from leadscore.diagnostics import Span
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, Statement
from leadscore.syntax.parser import Parsed
from leadscore.syntax.walk import walk

Space = Literal["property", "attribute", "type", "list"]
Role = Literal["read", "except", "since", "reset", "given"]
"""`except`: a type that is left out; `since`, `reset`: one after which counting begins anew;
`given`: in a test."""

_COMPARISONS = get_args(n.Comparison)


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a name stands; `node` has it, with its key."""

    space: Space
    role: Role
    node: n.Name | n.Text
    within: n.Node
    """What it stands in: the comparison, the table, the stream's types, the list's test."""
    statement: Statement

    @property
    def key(self) -> str:
        """The name, trimmed and folded."""
        return self.node.key

    @property
    def shown(self) -> str:
        """The name as it is written there, without quotes or brackets."""
        return self.node.text if isinstance(self.node, n.Name) else self.node.value

    @property
    def span(self) -> Span:
        """Where it stands in the file, with its quotes or brackets."""
        return self.node.span.shift(self.statement.start)


def uses_of(document: Document) -> Iterator[Use]:
    """All uses, in the order of the text. A name that is declared is not used by that."""
    for statement in document.statements:
        for space, role, node, within in _of(statement.parsed):
            yield Use(space, role, node, within, statement)


@dataclass(frozen=True, slots=True)
class StreamUse:
    """Events that a statement counts or asks for, by the nodes that say which."""

    statement: Statement
    node: n.Stream | n.EventTest
    names: tuple[n.Name, ...]
    """The attributes that are read of them."""

    @property
    def kinds(self) -> n.Kinds | None:
        """The types; None: any event."""
        return self.node.kinds


def streams_of(document: Document) -> Iterator[StreamUse]:
    """All streams and tests of events, in the order of the text."""
    for statement in document.statements:
        if statement.node is None:
            continue
        measured: dict[int, n.Name] = {}
        for node in walk(statement.node):
            match node:
                case n.CountOf(stream=stream, different=n.Name() as name):
                    measured[id(stream)] = name
                case n.Aggregate(name=name, stream=stream):
                    measured[id(stream)] = name
                case n.Stream() | n.EventTest():
                    names = [measured[id(node)]] if id(node) in measured else []
                    if node.where is not None:
                        for test in walk(node.where.test):
                            if isinstance(test, _COMPARISONS):
                                names.append(test.name)
                            if isinstance(test, n.CompareNames | n.ComparePercent):
                                names.append(test.other)
                    yield StreamUse(statement, node, tuple(names))


Found = tuple[Space, Role, n.Name | n.Text, n.Node]


def _of(parsed: Parsed) -> tuple[Found, ...]:
    """The uses of one statement, from its memo where they are known."""
    known = parsed.memo.get("uses")
    if isinstance(known, tuple):
        return known
    found = () if parsed.node is None else tuple(_found(parsed.node))
    parsed.memo["uses"] = found
    return found


def _found(root: n.Node) -> Iterator[Found]:
    on_event: set[int] = set()
    """Comparisons inside of `where`, by identity: their names are attributes."""
    for node in walk(root):
        match node:
            case n.Where(test=test):
                on_event.update(map(id, walk(test)))
            case n.Kinds(texts=texts, any=any_):
                for text in texts:
                    yield "type", "except" if any_ else "read", text, node
            case n.SinceEvent(texts=texts):
                for text in texts:
                    yield "type", "since", text, node
            case n.ResetBy(texts=texts):
                for text in texts:
                    yield "type", "reset", text, node
            case n.InList(list=text):
                yield "list", "read", text, node
            case n.ByLine(subject=n.Name() as name):
                yield "property", "read", name, node
            case n.EachAmount(name=name) | n.EachSince(name=name):
                yield "property", "read", name, node
            case n.CountOf(different=n.Name() as name) | n.Aggregate(name=name):
                yield "attribute", "read", name, node
            case n.GivenValues(assignments=assignments):
                for assignment in assignments:
                    yield "property", "given", assignment.name, assignment
            case n.GivenEvent(type=text, attributes=attributes):
                yield "type", "given", text, node
                for assignment in attributes:
                    yield "attribute", "given", assignment.name, assignment
            case n.GivenList(list=text):
                yield "list", "given", text, node
            case _ if isinstance(node, _COMPARISONS):
                space: Space = "attribute" if id(node) in on_event else "property"
                yield space, "read", node.name, node
                if isinstance(node, n.CompareNames | n.ComparePercent):
                    yield space, "read", node.other, node
