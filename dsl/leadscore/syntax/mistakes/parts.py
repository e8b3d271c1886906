"""A part too many, or one too few: signs that mean nothing, rules without a trigger, decay."""

from __future__ import annotations

import re

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.mistakes.wrong import Wrong, replaced, shown

_NEEDLESS = (":", ",", "=")


def needless(w: Wrong) -> Diagnostic | None:
    """A colon, a comma or a sign without which the statement goes on, or ends."""
    span, word = w.span, w.word
    if not word and w.place.last is not None:  # at the end
        span = Span(w.place.last.start_pos or 0, w.place.last.end_pos or 0)
        word = str(w.place.last)
    if word not in _NEEDLESS or (word == "=" and w.symbol == "test_line"):
        return None
    blank = w.text[span.end : span.end + 1] == " " == w.text[span.start - 1 : span.start]
    fix = Fix("Delete it", (Edit(Span(span.start - blank, span.end), ""),))
    if not w.helped_by(fix):
        return None
    return Diagnostic("S001", span, f"No `{word}` stands here", "delete it", fixes=(fix,))


def no_trigger(w: Wrong) -> Diagnostic | None:
    """Points that are followed by an event or a condition, without a word between."""
    if w.symbol != "line" or not w.before or w.before[-1].type != "SIGNED":
        return None
    if any(token.type not in ("SIGNED", "COMMA") for token in w.before):
        return None
    at = Span(w.span.start, w.span.start)
    words = ("for each", "if event") if w.token.type == "TEXT" else ("if",)
    fixes = tuple(Fix(f"Write `{word}`", (Edit(at, f"{word} "),)) for word in words)
    # A name that is nothing but one may be anything; an event is one, whatever follows.
    helps = w.helped_by if w.token.type == "TEXT" else w.mended_by
    fixes = tuple(filter(helps, fixes))
    if not fixes:
        return None
    told = " or ".join(f"`{word} {w.word}`" for word in words if len(w.word) < 40)
    return Diagnostic(
        "S001",
        w.span,
        "Between the points and what they are for, a word is missing",
        f"write {told}" if told else f"write `{words[0]}` before it",
        "`for each` gives the points for every such event, `if event` once where there is one."
        if w.token.type == "TEXT"
        else "",
        fixes=fixes,
    )


def percentage(w: Wrong) -> Diagnostic | None:
    """A percentage as a value."""
    last = w.place.last
    if w.token.type == "PERCENT":
        span = w.span
    elif last is not None and last.type == "PERCENT" and w.accepted == {"of"}:
        span = Span(last.start_pos or 0, last.end_pos or 0)
    else:
        return None
    written = w.written(span)[:-1]
    if len(written) > 12:
        return None
    rights = (written, _hundredth(written))
    found = replaced(span, "A percentage is no value", *rights)
    if not any(map(w.helped_by, found.fixes)):
        return None
    return Diagnostic(
        "S001",
        span,
        "A percentage is a part of another property, and no value by itself",
        f"`{rights[0]}` or `{rights[1]}`, as the data has it?",
        f"Or say of what: `{written}% of [List price]`.",
        fixes=found.fixes,
    )


def _hundredth(digits: str) -> str:
    """A percentage as a part of one, exactly."""
    whole, _, part = digits.partition(".")
    whole = whole.zfill(3)
    text = f"{whole[:-2]}.{whole[-2:]}{part}"
    return text.rstrip("0").rstrip(".")


_DECAY_BY = re.compile(r"decay\s+(?:by\s+)?([0-9]+(?:\.[0-9]+)?%)\s*")


def unfinished(w: Wrong) -> Diagnostic | None:
    """`decay by 50%`, and `decay 50%` without a time."""
    found = None
    for found in _DECAY_BY.finditer(w.text):
        if found.start() <= w.span.start <= found.end():
            break
    else:
        return None
    rest = w.text[found.end() :]
    percent = found.group(1)
    span = Span(found.start(), found.start() + len(found.group().rstrip()))
    if re.match(r"every(?!\w)", rest):
        by = replaced(span, f"{shown(w.written(span))} is written another way", f"decay {percent}")
        return by if w.helped_by(by.fixes[0]) else None
    if "every" not in w.accepted and w.word != "by":
        return None
    return Diagnostic(
        "S001",
        span,
        "This does not say how often it decays",
        f"such as `decay {percent} every 30 days`",
        f"After every such time, {percent} of the original points are gone.",
    )
