"""What a file declares: properties, event types, definitions, groups, labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Span
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, GroupBlock, Statement, TableBlock, TestBlock
from leadscore.syntax.splitter import first_word, keyword_meant
from leadscore.values.text import fold


@dataclass(slots=True)
class Symbols:
    """The names of a file, by their keys, each with the statement that declares it.

    Where something is declared twice the first one counts; the second is a diagnostic.
    """

    properties: dict[str, n.PropertyLine] = field(default_factory=dict)
    event_types: dict[str, n.Text] = field(default_factory=dict)
    """The name of the file for a raw type, or for the name itself; by key."""
    definitions: dict[str, tuple[Statement, n.DefineLine]] = field(default_factory=dict)
    groups: dict[str, tuple[Statement, n.GroupLine]] = field(default_factory=dict)
    limits: dict[str, tuple[Statement, n.LimitLine]] = field(default_factory=dict)
    """By `score`, `fit` or `engagement`."""
    labels: dict[str, TableBlock] = field(default_factory=dict)
    """By `score`, `fit` or `engagement`."""
    matrix: TableBlock | None = None
    fast_tracks: list[tuple[Statement, n.FastTrackLine]] = field(default_factory=list)
    tests: list[TestBlock] = field(default_factory=list)
    scope: list[tuple[Statement, n.ScopeLine]] = field(default_factory=list)
    unknown_values: list[n.Text] = field(default_factory=list)
    group_blocks: list[GroupBlock] = field(default_factory=list)
    broken_names: set[str] = field(default_factory=set)
    """Definitions whose statement is broken: their uses are no further mistakes."""
    nameless_definition: bool = False
    """A definition is so broken that its name is not known: it may be any that is missing."""

    def categories(self) -> set[str]:
        """The categories that have groups."""
        return {
            block.head.node.category
            for block in self.group_blocks
            if block.head is not None
            and isinstance(block.head.node, n.GroupLine)
            and block.head.node.category is not None
        }

    def kind_of(self, name: n.Name) -> str | None:
        """The declared type of a property, or None."""
        declared = self.properties.get(name.key)
        return None if declared is None else declared.type.kind


_DEFINED = re.compile(r"\s*(?:\[((?:[^\]\n]|\]\])*)\]|([^\W\d]\w*))\s+as(?!\w)")


class _Gather:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.symbols = Symbols()
        self.diagnostics: list[Diagnostic] = []
        self._spans: dict[tuple[str, str], Span] = {}
        self._tables: dict[str, Span] = {}

    def _first(self, space: str, key: str, span: Span, what: str, shown: str) -> bool:
        """Whether this is the first of its name; if not, say so."""
        first = self._spans.setdefault((space, key), span)
        if first is span:
            return True
        self.diagnostics.append(
            Diagnostic(
                "E201",
                span,
                f"{what} {shown} stands twice",
                "the second one",
                "Keep one of them."
                if space == "limit"
                else "Keep one of them, or give this one another name.",
                notes=(Note(first, "the first one"),),
            )
        )
        return False

    def run(self) -> None:
        for item in self.document.items:
            match item:
                case GroupBlock():
                    self._group(item)
                case TableBlock():
                    self._table(item)
                case TestBlock():
                    self.symbols.tests.append(item)
                case Statement():
                    self._statement(item)

    def _group(self, block: GroupBlock) -> None:
        self.symbols.group_blocks.append(block)
        head = block.head
        if head is None or not isinstance(head.node, n.GroupLine):
            return
        title = head.node.title
        span = title.span.shift(head.start)
        if self._first("group", title.key, span, "The group", f'"{title.value}"'):
            self.symbols.groups[title.key] = (head, head.node)

    def _table(self, block: TableBlock) -> None:
        name: str = block.kind
        node = block.head.node
        if isinstance(node, n.LabelsLine):
            target = node.category or "score"
            name = f"labels for {target}" if node.category else "labels"
            self.symbols.labels.setdefault(target, block)
        first = block.head.span
        if node is not None:  # in a broken head, what it is for may be what is broken
            first = self._tables.setdefault(name, first)
        if first != block.head.span:
            self.diagnostics.append(
                Diagnostic(
                    "E201",
                    block.head.span,
                    f"A file has one `{name}`",
                    "the second one",
                    "Move these lines up to the first.",
                    notes=(Note(first, "the first one"),),
                )
            )
        elif block.kind == "matrix":
            self.symbols.matrix = block
        for line in block.lines:
            match line.node:
                case n.PropertyLine() as node:
                    self._property(line, node)
                case n.EventTypeLine() as node:
                    self._event_type(line, node)

    def _property(self, line: Statement, node: n.PropertyLine) -> None:
        span = node.name.span.shift(line.start)
        if self._first("property", node.name.key, span, "The property", f"`{node.name.text}`"):
            self.symbols.properties[node.name.key] = node

    def _event_type(self, line: Statement, node: n.EventTypeLine) -> None:
        for text in (node.name, *node.raw):
            if not text.key:
                continue  # an error of its own
            known = self.symbols.event_types.get(text.key)
            span = text.span.shift(line.start)
            if known is None:
                self.symbols.event_types[text.key] = node.name
                self._spans["type", text.key] = span
            elif known.key != node.name.key:
                self.diagnostics.append(
                    Diagnostic(
                        "E201",
                        span,
                        f'The event type "{text.value}" has two names',
                        f'here it is "{node.name.value}"',
                        "An event has one type, so a raw type can stand under one name only.",
                        notes=(Note(self._spans["type", text.key], f'here it is "{known.value}"'),),
                    )
                )

    def _statement(self, statement: Statement) -> None:
        match statement.node:
            case n.DefineLine() as node:
                span = node.name.span.shift(statement.start)
                if self._first(
                    "define", node.name.key, span, "The definition", f"`{node.name.text}`"
                ):
                    self.symbols.definitions[node.name.key] = (statement, node)
            case n.LimitLine() as node:
                target = node.category or "score"
                what = target if node.category else "the score"
                first = self.symbols.limits.get(target)
                if self._first("limit", target, statement.span, "The limit of", what):
                    self.symbols.limits[target] = (statement, node)
                elif first is not None:
                    self._join_limits(first, statement, node)
            case n.UnknownValuesLine() as node:
                self.symbols.unknown_values += node.texts
            case n.ScopeLine() as node:
                self.symbols.scope.append((statement, node))
            case n.FastTrackLine() as node:
                self.symbols.fast_tracks.append((statement, node))
            case None:
                self._broken(statement.parsed.text)

    def _join_limits(
        self, first: tuple[Statement, n.LimitLine], second: Statement, node: n.LimitLine
    ) -> None:
        """A floor and a ceiling in two lines: the advice to write them in one."""
        source = self.document.source.text
        sides: dict[str, tuple[n.Number, Span]] = {}
        for line, limit in (first, (second, node)):
            end = _end_of(limit.bounds)
            if end is not None:
                sides[end[0]] = end[1], end[1].span.shift(line.start)
        if len(sides) < 2 or sides["low"][0].value >= sides["high"][0].value:
            return
        low, high = (source[span.start : span.end] for _, span in (sides["low"], sides["high"]))
        statement = first[0]
        bounds = first[1].bounds.span.shift(statement.start)
        right = f"{source[statement.span.start : bounds.start]}{low} to {high}"
        fix = Fix(
            f"Write `{right}`",
            (Edit(bounds, f"{low} to {high}"), Edit(_line_of(second.span, source), "")),
        )
        self.diagnostics[-1] = replace(
            self.diagnostics[-1],
            label=f"write `{right}` in one line",
            hint=f"A floor and a ceiling stand in one line: `{right}`.",
            fixes=(fix,),
        )

    def _broken(self, text: str) -> None:
        """Take note of the name that a broken statement would have defined."""
        word = first_word(text)
        if keyword_meant(word) != "define":
            return
        found = _DEFINED.match(text, len(word))
        if found is None:
            self.symbols.nameless_definition = True
        else:
            bracketed, bare = found.groups()
            name = bare if bracketed is None else bracketed.replace("]]", "]")
            self.symbols.broken_names.add(fold(name))


def _end_of(bounds: n.Bounds) -> tuple[str, n.Number] | None:
    """The one side that a limit bounds, with its number; None where it bounds both."""
    match bounds.kind:
        case "least":
            return "low", bounds.low
        case "most":
            return "high", bounds.low
        case "bare" if bounds.low.value:
            return ("high" if bounds.low.value > 0 else "low"), bounds.low
    return None


def _line_of(span: Span, text: str) -> Span:
    """A statement with its whole line, where nothing else stands on it."""
    start, end = span.start, span.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    while end < len(text) and text[end] in " \t\r":
        end += 1
    if (start == 0 or text[start - 1] == "\n") and text[end : end + 1] == "\n":
        return Span(start, end + 1)
    return span


def gather(document: Document) -> tuple[Symbols, list[Diagnostic]]:
    """The symbols of a document, and what is declared twice."""
    work = _Gather(document)
    work.run()
    return work.symbols, work.diagnostics
