"""What a model computes, asked for by its own rules."""

from __future__ import annotations

import re

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.mistakes.wrong import Wrong

_OUTPUTS = ("score", "fit", "engagement")
_BOUND = re.compile(r"if\s+(score|fit|engagement)\s*(>=|<)\s*([0-9]+(?:\.[0-9]+)?)(?![\w.%])")


def own_output(w: Wrong) -> Diagnostic | None:
    """A condition on the score, or on fit or engagement, as if it were a property."""
    span, word = w.span, w.word
    # Where a definition could stand, a condition is meant: not in `where`, nor as a name.
    asks = {"NAME", "not", "event"} <= w.accepted or w.last("by")
    if word not in _OUTPUTS or not asks:
        return None
    fixes: tuple[Fix, ...] = ()
    remedy = f'Labels can: `"Hot" from 70`{_prefixed(word)}.'
    what = "A rule"
    if w.symbol == "label":
        what = "The `if` of a label"
        remedy = f"A label's bound stands before its `if`: `{_name(word)}from 70`."
        bound = _BOUND.search(w.text)
        if bound is not None and bound.start(1) == span.start:
            side = "from" if bound.group(2) == ">=" else "below"
            right = f"{_name(word)}{side} {bound.group(3)}"
            as_bound = Fix(f"Write `{right}`", (Edit(Span(*bound.span()), right),))
            fixes = (as_bound,) if w.mended_by(as_bound) else ()
    elif w.text.startswith(("define", "only", "exclude", "fast", "group")):
        what = "A condition"
    return Diagnostic(
        "S004",
        span,
        f"{what} cannot ask for {_shown(word)}: the rules make it",
        "it is computed last",
        f"{remedy} If your data has a column of this name, write `[{word}]`.",
        fixes=fixes,
    )


def _shown(word: str) -> str:
    return "the score" if word == "score" else f"`{word}`"


def _name(word: str) -> str:
    return "" if word == "score" else f"{word} "


def _prefixed(word: str) -> str:
    return "" if word == "score" else f', or for {word} `"Hot" {word} from 70`'
