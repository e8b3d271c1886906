"""A whole file: blank lines, indentation, columns, and the comments between statements.

Each statement has a stretch of the file: the blank lines and comments above it, and its own
lines. The layout gives each stretch its new text, so that a change can be told by statement.

A statement that could not be parsed keeps its lines to the letter, and the comments above and below
it keep how far they are in: what it was to be is not known, so neither is where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from leadscore.diagnostics import Diagnostic, Edit, Source, Span, shifted
from leadscore.formatting.columns import POINTS_REACH, REACH, column_widths
from leadscore.formatting.statement import INDENT, Row, rows_of
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, Statement, parse

_TAB = 4
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Layout:
    """A file as it should be laid out."""

    source: Source
    """The text as it was, without a byte order mark: edits and errors count in it."""
    edits: tuple[Edit, ...]
    """What to change, a statement each, in order."""
    errors: tuple[Diagnostic, ...]
    """What is wrong with the statements that were left as they are."""

    @property
    def text(self) -> str:
        """The text as it should be."""
        text = self.source.text
        parts: list[str] = []
        end = 0
        for edit in self.edits:
            parts += [text[end : edit.span.start], edit.text]
            end = edit.span.end
        return "".join(parts) + text[end:]


def format(text: str) -> str:
    """`text` in the canonical layout; see docs/format.md for its rules.

    The model that it describes stays the same, and so does every comment. Lines with errors of
    syntax stay as they are. Formatting twice gives what formatting once gives. Line ends become
    line feeds, but where all are of Windows; a byte order mark stays. Never raises.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    return mark + lay_out(text).text


def lay_out(text: str, name: str = "<text>") -> Layout:
    """What to change in `text`, and the errors of what cannot be laid out. Never raises."""
    document = parse(text, name)
    text = document.source.text
    line_end = "\r\n" if 0 < text.count("\n") == text.count("\r\n") else "\n"
    edits: list[Edit] = []
    for span, rows in _stretches(document):
        new = "".join(_written(row) + line_end for row in rows)
        if new != text[span.start : span.end]:
            edits.append(Edit(span, new))
    errors = tuple(
        shifted(found, statement.start)
        for statement in document.statements
        if statement.node is None
        for found in statement.parsed.diagnostics
    )
    return Layout(document.source, tuple(edits), errors)


def _written(row: Row) -> str:
    code = " " * row.indent + row.text
    if row.text and row.comment:
        return f"{code}  {row.comment}"
    return code + row.comment if row.comment else code if row.text else ""


@dataclass(slots=True)
class _Entry:
    """A statement with what stands above it; at the end of the file, without a statement."""

    span: Span
    statement: Statement | None
    level: int
    column: int
    """How far its first line is in, in the source."""
    above: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        return self.statement is not None and self.statement.node is None


def _stretches(document: Document) -> Iterator[tuple[Span, list[Row]]]:
    """The stretches of a file, and the lines that each should have."""
    entries: list[_Entry] = []
    ancestors: list[_Entry] = []  # the last statement and those that it stands under
    before: _Entry | None = None
    for entry, lines in _entries(document):
        entry.above = _above(entry, lines, before, ancestors)
        if entry.statement is None and before is None and not any(r.comment for r in entry.above):
            entry.above = []
        while ancestors and ancestors[-1].level >= entry.level:
            ancestors.pop()
        ancestors.append(entry)
        entries.append(entry)
        before = entry
    _align(entries)
    for entry in entries:
        yield entry.span, [*entry.above, *entry.rows]


def _entries(document: Document) -> Iterator[tuple[_Entry, list[str]]]:
    """The statements, each with the lines between the one before and itself."""
    text = document.source.text
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(min(starts[-1] + len(line) + 1, len(text)))
    at = 0
    in_group = False
    for statement in document.statements:
        first = statement.line - 1
        after = first + statement.parsed.text.count("\n") + 1
        level = _level(statement, in_group)
        entry = _Entry(Span(starts[at], starts[after]), statement, level, _column(lines[first]))
        if entry.broken:
            entry.rows = [Row(0, line.rstrip("\r")) for line in lines[first:after]]
        else:
            entry.rows = rows_of(statement, level)
        yield entry, lines[at:first]
        if level == 0 and not isinstance(statement.node, n.DescriptionLine):
            in_group = isinstance(statement.node, n.GroupLine)
        at = after
    yield _Entry(Span(starts[at], len(text)), None, 0, 0), lines[at:]


def _column(line: str) -> int:
    """How far a line is in."""
    return len(line[: len(line) - len(line.lstrip())].expandtabs(_TAB))


def _level(statement: Statement, in_group: bool) -> int:
    """How many blocks a statement stands in."""
    if statement.parsed.symbol in ("case", "first_case"):
        return 2
    if statement.parsed.symbol != "line":
        return 1
    match statement.node:
        case n.PointsLine() | n.ByLine() | n.FirstOfLine():
            return 1
        case n.DescriptionLine():
            return 1 if in_group else 0
    return 0


# Between statements


def _above(
    entry: _Entry, lines: list[str], before: _Entry | None, ancestors: list[_Entry]
) -> list[Row]:
    """The comments above a statement, and the blank lines around them: never two in a row."""
    comments: list[str] = []
    blanks = [False]  # before each comment, and before the statement
    for line in lines:
        if line.strip():
            comments.append(line)
            blanks.append(False)
        else:
            blanks[-1] = True
    unsure = entry.broken or any(above.broken for above in ancestors)
    rows: list[Row] = []
    lower = 0  # comments that belong to the block above
    level = max((above.level for above in ancestors), default=0)
    for place, line in enumerate(comments):
        level = min(level, _level_of_comment(_column(line), entry, ancestors))
        level = max(level, entry.level)
        if level > entry.level and lower == place and not unsure:
            lower = place + 1
        indent = " " * (level * INDENT)
        if unsure:
            indent = line[: len(line) - len(line.lstrip())]
        rows.append(Row(0, comment=indent + line.strip()))
    if before is None:
        # A lost byte order mark, which is an error, must not become the one of the file.
        blanks[0] = blanks[0] and bool(entry.rows) and entry.rows[0].text.startswith(_BOM)
    else:
        match _blank_between(before, entry):
            case True if not any(blanks[lower:]):
                blanks[lower] = True
            case False:
                blanks[0] = False
    if entry.statement is None:
        blanks[-1] = False
    out: list[Row] = []
    for blank, row in zip(blanks, [*rows, None], strict=True):
        out += [Row()] if blank else []
        out += [row] if row is not None else []
    return out


def _level_of_comment(column: int, entry: _Entry, ancestors: list[_Entry]) -> int:
    """A comment that is farther in than the statement under it may belong to the block above."""
    if column > entry.column:
        for above in reversed(ancestors):
            if above.level > entry.level and above.column <= column:
                return above.level
    return entry.level


_HEADS = (n.EditionLine, n.ScoreLine, n.DescriptionLine)
_BLOCKS = (
    n.PropertiesLine,
    n.EventsLine,
    n.GroupLine,
    n.LabelsLine,
    n.MatrixLine,
    n.TestLine,
)


def _blank_between(before: _Entry, entry: _Entry) -> bool | None:
    """Whether a blank line stands between two statements; None: as the author has it."""
    one, two = (e.statement.node if e.statement is not None else None for e in (before, entry))
    if one is None or two is None:
        return None
    if entry.level:
        return False if before.level < entry.level else None
    if before.level or isinstance(two, _BLOCKS) or isinstance(one, _BLOCKS):
        return True
    if isinstance(one, _HEADS):
        return not isinstance(two, _HEADS)
    return None


# Columns


def _align(entries: list[_Entry]) -> None:
    """Fill up the cells of tables, of the points of rules that follow each other, and comments."""
    tables: dict[tuple[int, str], list[Row]] = {}
    run = 0
    for entry in entries:
        if entry.statement is None or entry.broken:
            run += 1
            continue
        symbol = entry.statement.parsed.symbol
        is_rule = isinstance(entry.statement.node, n.PointsLine)
        if symbol == "line" and (not is_rule or entry.above):
            run += 1
        if entry.rows[0].cell:
            tables.setdefault((run, symbol), []).append(entry.rows[0])
    for (_, symbol), rows in tables.items():
        reach = POINTS_REACH if symbol == "line" else REACH
        for row, width in zip(rows, column_widths([row.cell for row in rows], reach), strict=True):
            row.text = (row.text[: row.cell].ljust(width) + row.text[row.cell :]).rstrip()
    beside: list[Row] = []
    for entry in entries:
        for row in [*entry.above, *entry.rows]:
            if row.text and row.comment:
                beside.append(row)
            else:
                _align_comments(beside)
                beside = []
    _align_comments(beside)


def _align_comments(rows: list[Row]) -> None:
    lengths = [row.indent + len(row.text) for row in rows]
    for row, width in zip(rows, column_widths(lengths, REACH), strict=True):
        row.text = row.text.ljust(width - row.indent)
