"""Edits that several rules' fixes are made of. Spans are in the file."""

from __future__ import annotations

from leadscore.diagnostics import Edit, Source, Span
from leadscore.syntax.document import RuleBlock, Statement


def without(source: Source, span: Span) -> Edit:
    """The edit that takes a text away, and its lines with it where nothing else stands on them."""
    text = source.text
    start, end = span
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    rest = len(text) if after < 0 else after
    if not text[line:start].strip() and not text[end:rest].strip():
        return Edit(Span(line, min(len(text), rest + 1)), "")
    return Edit(span, "")


def without_modifier(source: Source, span: Span) -> Edit:
    """The edit that takes a modifier away, with the blanks before it."""
    return Edit(Span(len(source.text[: span.start].rstrip()), span.end), "")


def whole(block: RuleBlock | Statement) -> Span:
    """Where a rule stands with its cases, or a statement."""
    if isinstance(block, Statement):
        return block.span
    last = block.cases[-1] if block.cases else block.head
    return Span(block.head.start, last.span.end)


def span_in(statement: Statement, span: Span) -> Span:
    """A span of a statement's node, in the file."""
    return span.shift(statement.start)
