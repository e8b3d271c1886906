"""A statement as one line of text: for receipts, and for the statement that excluded a lead."""

from __future__ import annotations

import re

_PARTS = re.compile(
    r'"(?:[^"\n]|"")*"'
    r"|\[(?:[^\]\n]|\]\])*\]"
    r"|(?P<comment>#[^\n]*)"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
    r"|[<>!]=|[<>=(),:]"
    r'|[^\s"\[#<>=!(),:]+'
    r"|\S"
)


def tidy(text: str) -> str:
    """`text` without comments, with the blanks between its words that the layout of models has."""
    out: list[str] = []
    before = "("
    for found in _PARTS.finditer(text):
        part = found.group()
        if found["comment"] is not None:
            continue
        if before != "(" and part not in (",", ")", ":"):
            out.append(" ")
        out.append(part)
        before = part
    return "".join(out)
