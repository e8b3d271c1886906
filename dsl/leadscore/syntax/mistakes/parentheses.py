"""Parentheses that are open, closed twice, or not needed."""

from __future__ import annotations

import re

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.mistakes.wrong import Wrong

_PIECES = re.compile(r'"(?:[^"\n]|"")*"?|\[(?:[^\]\n]|\]\])*\]?|#[^\n]*|[()]')


def open_parenthesis(text: str, end: int | None = None) -> int | None:
    """The innermost parenthesis that is open at `end`."""
    open_at: list[int] = []
    for found in _PIECES.finditer(text, 0, len(text) if end is None else end):
        if found.group() == "(":
            open_at.append(found.start())
        elif found.group() == ")" and open_at:
            open_at.pop()
    return open_at[-1] if open_at else None


def unclosed(text: str) -> Diagnostic:
    """The error of a statement in which a parenthesis stays open."""
    return unclosed_at(open_parenthesis(text) or 0, len(text.rstrip()))


def unclosed_at(at: int, end: int) -> Diagnostic:
    """The error of the parenthesis at `at`; it can be closed at `end`."""
    return Diagnostic(
        "S006",
        Span(at, at + 1),
        "This parenthesis is not closed",
        "opened here",
        "Add the closing `)`.",
        fixes=(Fix("Close it before the rest", (Edit(Span(end, end), ")"),)),),
    )


def parenthesis(w: Wrong) -> Diagnostic | None:
    """A parenthesis that closes none, stays open, or is not needed."""
    if w.word == ")" and open_parenthesis(w.text, w.span.start) is None:
        return Diagnostic(
            "S006",
            w.span,
            "This parenthesis closes none",
            "no `(` stands before it",
            fixes=(Fix("Delete it", (Edit(w.span, ""),)),),
        )
    if w.word == "(" and "TEXT" in w.accepted and w.last("of"):
        return Diagnostic(
            "S001",
            w.span,
            "A list stands without parentheses",
            "delete it",
            'Write the values one after the other: `is any of "a", "b"`.',
            fixes=_without_parentheses(w),
        )
    if ")" not in w.accepted or w.word not in w.place.accepted_after(")"):
        return None
    at = open_parenthesis(w.text, w.span.start)
    return None if at is None else unclosed_at(at, w.before[-1].end_pos or at)


def _without_parentheses(w: Wrong) -> tuple[Fix, ...]:
    close = w.text.find(")", w.span.end)
    if close < 0:
        return ()
    edits = (Edit(w.span, ""), Edit(Span(close, close + 1), ""))
    return (Fix("Take the parentheses away", edits),)
