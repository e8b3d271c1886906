"""A statement as one line of text: for receipts, and for the statement that excluded a lead."""

from __future__ import annotations

import re

_PARTS = re.compile(r'"(?:[^"\n]|"")*"|\[(?:[^\]\n]|\]\])*\]|#[^\n]*|\s+|.', re.DOTALL)


def tidy(text: str) -> str:
    """`text` without comments, and with single blanks where there was white space."""
    parts = (
        " " if part.isspace() or part[0] == "#" else part
        for part in (found.group() for found in _PARTS.finditer(text))
    )
    out: list[str] = []
    for part in parts:
        if part != " " or (out and out[-1] != " "):
            out.append(part)
    return "".join(out).strip()
