"""Points, numbers, dates and signs in another form."""

from __future__ import annotations

import re

from lark import Token

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax import characters
from leadscore.syntax.mistakes.wrong import Wrong, replaced

_SIGNED_NEXT = re.compile(r"\s*[+-][0-9]")


def several_points(w: Wrong) -> Diagnostic | None:
    """Several points in a case."""
    last = w.place.last
    if (
        w.word == ","
        and last is not None
        and last.type == "SIGNED"
        and w.symbol in ("case", "first_case")
        and _SIGNED_NEXT.match(w.text, w.span.end)
    ):
        return Diagnostic(
            "E106",
            Span(last.start_pos or 0, len(w.text.rstrip())),
            "Several points can stand only before `for each` of events",
            "one number of points here",
            "The first event gives the first points, the next the second: "
            '`+1, +2 for each "Click"`.',
        )
    return None


def number_forms(w: Wrong) -> Diagnostic | None:
    """Points without a sign; ranges, dates, decimals and percentages in another form."""
    last, kind = w.place.last, w.token.type
    touching = last is not None and last.end_pos == w.span.start
    if kind in ("INT", "NUM") and not w.before and "SIGNED" in w.accepted:
        right = f"+{w.word}"
        return Diagnostic(
            "S001",
            w.span,
            "Points carry a sign",
            f"write `{right}` or `-{w.word}`",
            fixes=(Fix(f"Write `{right}`", (Edit(w.span, right),)),),
        )
    if kind == "SIGNED" and last is not None and last.type in ("INT", "NUM") and w.word[0] == "-":
        return _hyphen(w, last)
    if w.word in (",", ".") and touching:
        span = characters.numberish(w.text, w.span.start)
        return None if span is None else characters.date_or_decimal(w.text, span)
    if kind == "INT" and last is not None and last.type == "DATE":
        right = "T"
        gap = Span(last.end_pos or 0, w.span.start)
        return Diagnostic(
            "E112",
            Span(last.start_pos or 0, w.span.end),
            "Between a date and its time stands a T",
            "write it as 2026-01-31T09:30",
            fixes=(Fix("Put a T between", (Edit(gap, right),)),),
        )
    if kind == "INT" and w.last("since"):
        span = Span(w.before[-1].start_pos or 0, w.before[-1].end_pos or 0)
        return replaced(span, "`since` goes with a date or an event", "in the last")
    if kind == "INT" and w.last(",") and touching and len(w.before) > 1:
        points = w.before[-2]
        if points.type == "SIGNED" and "." not in points and points.end_pos == w.span.start - 1:
            span = Span(points.start_pos or 0, w.span.end)
            return replaced(span, "A decimal has a point", f"{points}.{w.word}")
    if kind in ("INT", "NUM") and "PERCENT" in w.accepted:
        right = f"{w.word}%"
        return Diagnostic(
            "S001",
            w.span,
            "A percentage has its sign",
            f"write `{right}`",
            fixes=(Fix(f"Write `{right}`", (Edit(w.span, right),)),),
        )
    return None


def _hyphen(w: Wrong, low: Token) -> Diagnostic:
    """A number and one with a minus, next to each other: a range, or a date."""
    start = low.start_pos or 0
    whole = characters.numberish(w.text, start)
    if whole is not None and w.text.count("-", whole.start, whole.end) > 1:
        written = w.written(whole)
        return characters.not_a_date(whole, written, characters.iso_of(written))
    return characters.range_with_to(Span(start, w.span.end), f"{low} to {w.word[1:]}")


def signs(w: Wrong) -> Diagnostic | None:
    """Signs of other languages, such as `==`."""
    for left in (1, 0):
        start = w.span.start - left
        pair = w.text[start : start + 2] if start >= 0 else ""
        if pair in characters.SIGNS:
            return characters.sign_instead(Span(start, start + len(pair)), pair)
    return None
