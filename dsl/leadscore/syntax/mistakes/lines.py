"""Lines that begin in a way that none does, or stand where they cannot."""

from __future__ import annotations

import re

from leadscore.diagnostics import Diagnostic, Span
from leadscore.syntax.mistakes.wrong import Wrong, replaced, shown
from leadscore.syntax.vocabulary import SUBJECTS

_HOMES = {
    "given": "under `test`",
    "expect": "under `test`",
    "event": "under `test`, or in a condition",
    "in": "under `test`, or in a condition",
    "otherwise": "as the last case under `by` or `first of`",
    "unknown": "as a case under `by`",
}


def first_word(w: Wrong) -> Diagnostic | None:
    """The first word of a statement that stands elsewhere, or is called otherwise."""
    if w.before:
        return None
    if w.word == "unknown" and w.symbol == "line":
        found = re.match(r"unknown\s+\w+", w.text)
        if found is not None:
            span = Span(0, found.end())
            return replaced(span, "The statement is called `unknown values`", "unknown values")
    if w.word in _HOMES and not w.accepted & {"NAME"}:
        return Diagnostic(
            "S008",
            w.span,
            f"`{w.word}` stands {_HOMES[w.word]}",
            "not here",
            "Check the lines above.",
        )
    return None


def not_begun(w: Wrong) -> Diagnostic | None:
    """A line that begins in a way that none does."""
    if w.before:
        return None
    home = _home_of(w.text) if w.symbol == "line" else ""
    return Diagnostic(
        "S008" if home else "S001",
        w.span,
        f"This is not {SUBJECTS[w.symbol]}",
        f"{shown(w.word)} cannot begin it",
        home
        or (
            "A statement starts with a keyword (group, by, labels, test, …) or with signed "
            "points (+10)."
            if w.symbol == "line"
            else ""
        ),
    )


def _home_of(text: str) -> str:
    """Where a line of this form belongs."""
    if re.match(r"(?:\w+|\[[^\]\n]*\])\s*:\s*(?:number|text|date|boolean|one of)(?!\w)", text):
        return "A property stands under `properties`."
    if re.match(r'"[^"\n]*"\s+(?:from|below)\s+[0-9+-]', text):
        return "A label stands under `labels`."
    if re.match(r'"[^"\n]*"\s+from\s+"', text):
        return "An event type stands under `events`."
    if re.search(r":\s*[+-]?[0-9][0-9.kM]*\s*$", text[:500]):
        return "A case stands under `by` or `first of`, inside a group."
    return ""
