"""Parts of a rule in another order, or said twice: windows, how often, modifiers, `if`."""

from __future__ import annotations

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.mistakes.wrong import Wrong, replaced
from leadscore.syntax.vocabulary import MODIFIERS


def order(w: Wrong) -> Diagnostic | None:
    """A modifier after the `if` of its rule."""
    if w.word not in MODIFIERS:
        return None
    guard = next((token for token in reversed(w.before) if token.type == "IF"), None)
    if guard is None or w.symbol != "line":
        return None
    if w.accepted & {"NAME", "BRACKETED"}:
        return None  # no condition stands before it yet: it is meant as a name
    start, end = guard.start_pos or 0, len(w.text.rstrip())
    condition = w.text[start : w.span.start].strip()
    rest = w.text[w.span.start : end]
    fixes = (
        (Fix("Move the `if` to the end", (Edit(Span(start, end), f"{rest} {condition}"),), True),)
        if "#" not in w.text
        else ()
    )
    return Diagnostic(
        "S001",
        w.span,
        f"`{w.word}` stands before the `if` of its rule",
        "move this before `if`",
        "A rule says its points, what they are for, its modifiers, and last its `if`.",
        fixes=fixes,
    )


def event_forms(w: Wrong) -> Diagnostic | None:
    """Ways to say how often, or in what time, that nearly work."""
    if w.word in ("times", "time") and len(w.before) > 1 and w.before[-1].type == "INT":
        count = w.before[-1]
        if str(w.before[-2]) in ("than", "most", "least", "exactly"):
            what = f"at least {int(count) + 1}" if len(count) < 10 else "at least …"
            start = w.before[-3].start_pos or 0 if len(w.before) > 2 else count.start_pos or 0
            span = Span(start, count.end_pos or 0)
            return replaced(span, "`more than` is for durations", what)
        span = Span(count.start_pos or 0, count.end_pos or 0)
        return Diagnostic(
            "S001",
            span,
            "Say whether this is a minimum",
            f"`at least {count}` or `exactly {count}`?",
            fixes=tuple(
                Fix(f"Write `{right}`", (Edit(span, right),))
                for right in (f"at least {count}", f"exactly {count}")
            ),
        )
    if w.word in ("at", "exactly") and any(
        one == "no" and two == "event" for one, two in zip(w.before, w.before[1:], strict=False)
    ):
        return Diagnostic(
            "S001",
            w.span,
            "`no event` already says how often: never",
            "no number of times here",
            'To set a limit, write `event "…" at most 2 times`.',
        )
    if w.word == "in" and any(token.type == "LAST" for token in w.before):
        return Diagnostic(
            "S001",
            w.span,
            "There is one time window",
            "the second one",
            "Keep the narrower one.",
        )
    return None
