"""Whole phrases that people write, and how the language says them.

Each is looked for around the place where the parser stopped; text elsewhere in the statement does
not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from leadscore.diagnostics import Span

_TEXT = r'"(?:[^"\n]|"")*"'
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?"
# Not after a word that a name would follow.
_NO_NAME = r"(?<!\bis )(?<!\bif )(?<!\bor )(?<!\band )(?<!\bnot )"
_MODIFIERS = "limit|decay|no decay|latest|up to|reset by|named"

Right = str | Callable[[re.Match[str]], str]


def _any_of(found: re.Match[str]) -> str:
    texts = ", ".join(re.findall(_TEXT, found.group(2)))
    return f"is {'none' if found.group(1) else 'any'} of {texts}"


def _label_range(found: re.Match[str]) -> str:
    low, high = found.groups()
    return f"from {low} and below {int(high) + 1}"


_PHRASES: tuple[tuple[re.Pattern[str], Right], ...] = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"\bis\s+one\s+of\b", "is any of"),
        (r"\bis\s+not\s+one\s+of\b", "is none of"),
        (rf"\bis\s+(not\s+)?({_TEXT}(?:\s*(?:,|\bor\b)\s*{_TEXT})+)", _any_of),
        (rf"\bis\s+(not\s+)?in\s+({_TEXT}(?:\s*,\s*{_TEXT})*)", _any_of),
        (rf"(?<=[\w\]] ){_NO_NAME}between(?=\s+\S+\s+and\s)", "is between"),
        (rf"\b(?:is\s+)?(?:after|since)\s+({_DATE})", r"> \1"),
        (rf"\b(?:is\s+)?before\s+({_DATE})", r"< \1"),
        (r"\b(?:is\s+)?older\s+than\s+([0-9]+\s+\w+)(?:\s+ago)?", r"is more than \1 ago"),
        (r"\bin\s+the\s+last\s+(minute|hour|day|week|month|year)\b", r"in the last 1 \1"),
        (r"\bfrom\s+([0-9]+)\s+to\s+([0-9]+)\b", _label_range),
        (rf"\bif\s+({_TEXT})", r"if event \1"),
        (r'\bcolor\s+"(\w+)"', r"color \1"),
        (r"\b([0-9]+(?:\.[0-9]+)?)\s+million\b", r"\1M"),
        (r"\b([0-9]+(?:\.[0-9]+)?)\s+thousand\b", r"\1k"),
        (rf",\s*({_MODIFIERS})\b", r" \1"),
    )
)


def rephrased(text: str, at: int) -> tuple[Span, str] | None:
    """The phrase around offset `at` that the language says in another way, and that way."""
    for pattern, right in _PHRASES:
        for found in pattern.finditer(text):
            if found.start() > at:
                break
            if at <= found.end():
                said = right(found) if callable(right) else found.expand(right)
                return Span(*found.span()), said
    return None
