"""Statements put together as blocks, and what stands where it cannot.

A `Document` is the tree of one file: its head, and its blocks in order. Every statement is there
with its place and its comments, also those that could not be parsed (their node is None), so
that the passes after this one see all that is sound, and a formatter loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leadscore.diagnostics import Diagnostic, Source, Span, shifted
from leadscore.syntax import nodes as n
from leadscore.syntax.parser import Parsed, parse_statement
from leadscore.syntax.splitter import Comment, Piece, first_word, keyword_meant, split


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement at its place. Add `start` to a span of the node to get its offset."""

    parsed: Parsed
    start: int
    line: int
    before: tuple[Comment, ...]
    inside: tuple[Comment, ...]
    suffix: Comment | None

    @property
    def node(self) -> n.Line | None:
        """The node; None where the statement could not be parsed."""
        return self.parsed.node

    @property
    def span(self) -> Span:
        """The whole statement, in the file."""
        return Span(self.start, self.start + len(self.parsed.text))


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """A rule with the cases of its table; a rule without a table has none."""

    head: Statement
    cases: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """A group. A head of None stands for one that could not be recognised."""

    head: Statement | None
    description: Statement | None
    rules: tuple[RuleBlock, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """`properties`, `events`, `labels` or `matrix`, with its lines."""

    kind: Literal["properties", "events", "labels", "matrix"]
    head: Statement
    lines: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class TestBlock:
    """A test: what is given, and what is expected."""

    head: Statement
    given: tuple[Statement, ...]
    expect: tuple[Statement, ...]


Item = Statement | GroupBlock | TableBlock | TestBlock


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `items` are in order; a plain statement stands for itself."""

    source: Source
    statements: tuple[Statement, ...]
    edition: Statement | None
    header: Statement | None
    description: Statement | None
    items: tuple[Item, ...]
    trailing: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def broken(self) -> bool:
        """Whether any statement could not be parsed."""
        return any(statement.node is None for statement in self.statements)


def parse(text: str, name: str = "<text>") -> Document:
    """The document of `text`. Never raises: what is wrong is in `diagnostics`.

    Statements whose text was parsed before, in this or any other document, are taken from
    memory.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    source = Source(name, text)
    pieces, trailing = split(text)
    statements = tuple(_statement(text, piece) for piece in pieces)
    diagnostics: list[Diagnostic] = []
    for statement in statements:
        diagnostics += [shifted(found, statement.start) for found in statement.parsed.diagnostics]
    assembly = _Assembly(source)
    for statement in statements:
        assembly.add(statement)
    assembly.close()
    diagnostics += assembly.diagnostics
    diagnostics.sort(key=lambda found: found.span)
    return Document(
        source,
        statements,
        assembly.edition,
        assembly.header,
        assembly.description,
        tuple(assembly.items),
        trailing,
        tuple(diagnostics),
    )


def _statement(text: str, piece: Piece) -> Statement:
    return Statement(
        parse_statement(text[piece.start : piece.end], piece.symbol),
        piece.start,
        piece.line,
        piece.before,
        piece.inside,
        piece.suffix,
    )


_EXAMPLES: dict[type, str] = {
    n.ByLine: "1 to 10: +2",
    n.FirstOfLine: 'event "Visit" in the last 30 days: +3',
}
_LINES = {
    "properties": "employees: number",
    "events": '"Email open" from "EMAIL_OPEN"',
    "labels": '"Warm" from 40',
}


class _Assembly:
    """Takes statements in order and puts them into the block that is open."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.edition: Statement | None = None
        self.header: Statement | None = None
        self.description: Statement | None = None
        self.items: list[Item] = []
        self.diagnostics: list[Diagnostic] = []
        self._headed = False
        self._after_header = False
        self._headless = False  # the file does not begin with a score line, and this is said
        self._head_broken = False  # the score line is there, but could not be parsed
        self._expected = False  # the open test has an `expect` line
        # The open block: its head, its lines, and for a group the open rule and its cases.
        self._head: Statement | None = None
        self._lines: list[Statement] = []
        self._kind: Literal["", "group", "properties", "events", "labels", "matrix", "test"] = ""
        self._rules: list[RuleBlock] = []
        self._rule: Statement | None = None
        self._group_description: Statement | None = None
        self._broken = False  # a statement of the open block, or the last one, is broken

    def add(self, statement: Statement) -> None:
        node = statement.node
        after_header, self._after_header = self._after_header, False
        if node is None:
            self._add_broken(statement)
            return
        match node:
            case n.EditionLine():
                if self._headed or self.edition is not None:
                    self._misplaced(
                        statement,
                        "`edition` stands once, before the score line",
                        hint="Make it the first line.",
                    )
                self.edition = self.edition or statement
                return
            case n.ScoreLine():
                self._close_block()
                if self.header is not None:
                    self._misplaced(
                        statement,
                        "A file describes one score",
                        "a second score line",
                        "E201",
                        "Put it into a file of its own.",
                    )
                elif self.items and not self._head_broken and not self._headless:
                    self._misplaced(
                        statement,
                        "The score line is the first of a file",
                        hint="Move it to the top.",
                    )
                self.header = self.header or statement
                self._headed = self._after_header = True
                return
            case n.DescriptionLine():
                self._describe(statement, after_header)
                return
        if not self._headed:
            self._headed = self._headless = True
            self.diagnostics.append(
                Diagnostic(
                    "S010",
                    statement.span,
                    "A file begins with its score line",
                    "something else comes first",
                    'Write `score "Name of the score"` above this.',
                )
            )
        self._place(statement, node)

    def _add_broken(self, statement: Statement) -> None:
        """A broken statement belongs to the open block, if it was to be parsed as its line."""
        if not self._headed:
            # What comes first is most likely the score line.
            self._headed = self._after_header = self._head_broken = True
        self._broken = True
        self._expected = False  # it may be the head of another test
        text = statement.parsed.text
        if statement.parsed.symbol == "line":
            first = keyword_meant(first_word(text))
            if self._kind == "group" and first in ("by", "first"):
                self._close_rule()
                self._rule = statement
            elif self._kind == "group" and not first:
                self._close_rule()  # a broken rule
            else:
                self._close_block()
                if first == "score":
                    self._after_header = self._head_broken = True
                elif first == "group":
                    self._kind, self._head = "group", statement
                elif first in ("by", "first"):
                    self._kind, self._rule = "group", statement
                elif first in ("properties", "events", "labels", "matrix", "test"):
                    self._kind, self._head = first, statement  # type: ignore[assignment]  # one of the kinds
                self.items.append(statement)
                self._broken = True
        self._lines.append(statement)

    def _describe(self, statement: Statement, after_header: bool) -> None:
        if after_header:
            self.description = statement
        elif (
            self._kind == "group"
            and not self._rules
            and self._rule is None
            and self._group_description is None
        ):
            self._group_description = statement
        elif not self._broken:
            self._misplaced(
                statement,
                "A description stands right under the score line or a group's line",
                hint="Move it up, or make it a comment: `# …`.",
            )

    def _place(self, statement: Statement, node: n.Line) -> None:
        match node:
            case n.PropertyLine() | n.EventTypeLine() | n.LabelLine() | n.AxisLine():
                self._lines.append(statement)
            case n.GivenValues() | n.GivenEvent() | n.GivenList():
                if self._expected:
                    self._misplaced(
                        statement,
                        "What is given stands before what is expected",
                        hint="Move it above the `expect` line.",
                    )
                else:
                    self._lines.append(statement)
            case n.ExpectLine():
                self._expected = True
                self._lines.append(statement)
            case n.CaseLine() | n.FirstCaseLine():
                head = self._rule.node if self._rule is not None else None
                other = n.FirstOfLine if isinstance(node, n.CaseLine) else n.ByLine
                if isinstance(head, other):  # the head of its table is the broken line above
                    self._close_rule()
                self._lines.append(statement)
            case n.PointsLine():
                self._open_rule(statement)
                self._close_rule()
            case n.FirstOfLine() | n.ByLine():
                self._open_rule(statement)
            case n.GroupLine():
                self._open_block("group", statement)
            case n.PropertiesLine():
                self._open_block("properties", statement)
            case n.EventsLine():
                self._open_block("events", statement)
            case n.LabelsLine():
                self._open_block("labels", statement)
            case n.MatrixLine():
                self._open_block("matrix", statement)
            case n.TestLine():
                self._open_block("test", statement)
            case _:
                self._close_block()
                self.items.append(statement)

    def _open_block(
        self,
        kind: Literal["group", "properties", "events", "labels", "matrix", "test"],
        head: Statement,
    ) -> None:
        self._close_block()
        self._kind, self._head = kind, head

    def _open_rule(self, statement: Statement) -> None:
        if self._kind != "group":
            broken = self._broken
            self._close_block()
            if not broken:
                self._misplaced(
                    statement,
                    "A rule stands in a group",
                    "no group is open here",
                    hint='Write `group "Name"` above it.',
                )
            self._kind, self._head = "group", None
        self._close_rule()
        self._rule = statement

    def _close_rule(self) -> None:
        if self._rule is None:
            # Cases without a table can only come after a head that could not be recognised.
            self._lines = []
            return
        node = self._rule.node
        if not self._lines and isinstance(node, n.ByLine | n.FirstOfLine) and not self._broken:
            self._empty(
                self._rule,
                "This table has no cases",
                "write the cases under it",
                _EXAMPLES[type(node)],
            )
        self._rules.append(RuleBlock(self._rule, tuple(self._lines)))
        self._rule = None
        self._lines = []

    def _close_block(self) -> None:
        lines = self._lines
        match self._kind:
            case "group":
                self._close_rule()
                self.items.append(
                    GroupBlock(self._head, self._group_description, tuple(self._rules))
                )
            case "test" if self._head is not None:
                given: list[Statement] = []
                expect: list[Statement] = []
                for line in lines:
                    expects = isinstance(line.node, n.ExpectLine) or (
                        line.node is None and line.parsed.text.startswith("expect")
                    )
                    (expect if expects else given).append(line)
                if not expect and not self._broken:
                    self._empty(
                        self._head,
                        "This test expects nothing",
                        "add an `expect` line",
                        "expect score = 40",
                    )
                self.items.append(TestBlock(self._head, tuple(given), tuple(expect)))
            case "properties" | "events" | "labels" | "matrix" if self._head is not None:
                kind = self._kind
                if kind == "matrix":
                    if len(lines) != 2 and not self._broken:
                        self._empty(
                            self._head,
                            "A matrix has two axes",
                            "one line for fit, one for engagement",
                            'fit "A" from 30, "B" below 30',
                        )
                elif not lines and not self._broken:
                    self._empty(
                        self._head, f"`{kind}` has no lines", "write them under it", _LINES[kind]
                    )
                self.items.append(TableBlock(kind, self._head, tuple(lines)))
        self._head = self._rule = self._group_description = None
        self._lines, self._rules = [], []
        self._kind = ""
        self._broken = self._expected = False

    def close(self) -> None:
        """The end of the file."""
        self._close_block()
        if self.header is None and not self._headless and not self._head_broken:
            self.diagnostics.append(
                Diagnostic(
                    "S010",
                    Span(0, min(1, len(self.source.text))),
                    "A file begins with its score line",
                    "there is none",
                    'Write `score "Name of the score"` as the first line.',
                )
            )

    def _misplaced(
        self,
        statement: Statement,
        message: str,
        label: str = "not here",
        code: str = "S008",
        hint: str = "",
    ) -> None:
        self.diagnostics.append(Diagnostic(code, statement.span, message, label, hint))

    def _empty(self, statement: Statement, message: str, label: str, example: str) -> None:
        self.diagnostics.append(
            Diagnostic("S009", statement.span, message, label, f"Such as `{example}`.")
        )
