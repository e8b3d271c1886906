"""`and` or `or` after a bare `where`."""

from __future__ import annotations

import re

from lark import Token

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Span
from leadscore.syntax.mistakes.wrong import Wrong


def where_and(w: Wrong) -> Diagnostic | None:
    """`and` or `or` after a bare `where`, in a rule on a stream."""
    if w.word not in ("and", "or"):
        return None
    since: list[Token] = []
    for token in reversed(w.before):
        if token.type == "WHERE":
            break
        if token.type in ("IN", "SINCE", "IF", *_MODIFIER_TERMINALS):
            return None
        since.append(token)
    else:
        return None
    if not since or since[-1] == "(":
        return None
    comparison = Span(since[-1].start_pos or 0, since[0].end_pos or 0)
    second = _second_part(w)
    fixes: list[Fix] = []
    if second is not None:
        fixes.append(_both_inside(comparison.start, second.end))
        rest = w.text[second.end :].rstrip()
        guard = " and " if re.search(r"(?<!\w)if(?!\w)", rest) else " if "
        end = len(w.text.rstrip())
        fixes.append(
            Fix(
                "The second is about the lead: make it the rule's `if`",
                (
                    Edit(Span(comparison.end, second.end), ""),
                    Edit(Span(end, end), guard + w.written(second)),
                ),
            )
        )
    return _where_joined(
        w.word,
        w.span,
        comparison,
        "write it as the rule's condition at the end: `… if …`.",
        tuple(fixes),
    )


_MODIFIER_TERMINALS = ("LIMIT", "DECAY", "NO", "LATEST", "UP", "RESET", "NAMED")
_AFTER_SECOND = re.compile(
    r'"(?:[^"\n]|"")*"?|\[(?:[^\]\n]|\]\])*\]?'
    r"|(?P<stop>[):]|(?<!\w)(?:in the last|since|limit|decay|no decay|latest|up to|reset by|named"
    r"|if|(?<!is )(?:more than|between))(?!\w))"
)


def _second_part(w: Wrong) -> Span | None:
    """What follows the `and` of a bare `where`, up to a time window, a modifier or `if`."""
    end = len(w.text)
    for found in _AFTER_SECOND.finditer(w.text, w.span.end):
        if found.group("stop"):
            end = found.start()
            break
    part = w.text[w.span.end : end]
    start = w.span.end + len(part) - len(part.lstrip())
    end = w.span.end + len(part.rstrip())
    return Span(start, end) if end > start else None


def _both_inside(start: int, end: int) -> Fix:
    return Fix(
        "Both are about the event: put them in parentheses",
        (Edit(Span(start, start), "("), Edit(Span(end, end), ")")),
    )


def where_joined(
    word: str, joint: Span, comparison: Span, event: Span, second: Span | None
) -> Diagnostic:
    """The error of a condition in which `and` or `or` follows a bare `where`, with the ways out.

    `event` is the event test, `second` the comparison after the joint; None where it is one that
    cannot be about the event.
    """
    outside = Fix(
        "The second is about the lead: put the event's part in parentheses",
        (Edit(Span(event.start, event.start), "("), Edit(Span(event.end, event.end), ")")),
    )
    fixes: tuple[Fix, ...] = (outside,)
    if second is not None:
        fixes = (_both_inside(comparison.start, second.end), outside)
    return _where_joined(
        word,
        joint,
        comparison,
        f"put the first in parentheses: `(event … where …) {word} …`.",
        fixes,
    )


def _where_joined(
    word: str, joint: Span, comparison: Span, outside: str, fixes: tuple[Fix, ...]
) -> Diagnostic:
    return Diagnostic(
        "E109",
        joint,
        f"`{word}` after a bare `where` is not clear",
        "about the event, or about the lead?",
        f"If both parts are about the event, put them in parentheses: `where (… {word} …)`.\n"
        f"If the second is about the lead, {outside}",
        notes=(Note(comparison, "this much is `where`"),),
        fixes=fixes,
    )
