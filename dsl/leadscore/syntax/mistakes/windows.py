"""A time window, or a `where`, that stands after what it must stand before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lark import Token

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.mistakes.wrong import Wrong

_AGE = r"[0-9]+\s+\w+"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?"
_TEXT = r'"(?:[^"\n]|"")*"'
_WINDOW = re.compile(
    rf"in\s+the\s+last\s+{_AGE}|more\s+than\s+{_AGE}\s+ago|between\s+{_AGE}\s+and\s+{_AGE}\s+ago"
    rf"|between\s+{_DATE}\s+and\s+{_DATE}|since\s+(?:{_DATE}|{_TEXT}(?:\s*,\s*{_TEXT})*)"
)
# The comparison of a `where`, up to what cannot belong to it.
_WHERE_PART = re.compile(
    rf"{_TEXT}|\[(?:[^\]\n]|\]\])*\]"
    r"|(?P<stop>[:#)]|(?<!\w)(?:in\s+the\s+last|since|limit|decay|no\s+decay|latest|up\s+to"
    r"|reset\s+by|named|if|and|or|at\s+least|at\s+most|exactly"
    r"|(?<!is )(?:more\s+than|between))(?!\w))"
)
_WHOLE_WHERE = re.compile(r"where\s*\([^()#]*\)")
_MODIFIERS = frozenset(("LIMIT", "DECAY", "LATEST", "UP", "RESET", "NAMED"))
_WINDOWS = frozenset(("IN", "MORE", "BETWEEN", "SINCE"))
_FREQUENCIES = frozenset(("AT", "EXACTLY"))


def late_window(w: Wrong) -> Diagnostic | None:
    """A window after a modifier, or a `where` after a window or a modifier."""
    is_where = w.token.type == "WHERE"
    if not is_where and w.token.type not in _WINDOWS:
        return None
    start = _event_start(w.before)
    if start is None:
        return None
    part = _where_part(w) if is_where else _window_part(w)
    if part is None:
        return None
    tokens = w.before[start:]
    kinds = {token.type for at, token in enumerate(tokens) if not _is_other(tokens, at)}
    if "WHERE" in kinds if is_where else kinds & _WINDOWS:
        return None  # it has one already
    if is_where and not kinds & _WINDOWS:
        rest = w.text[part.end :]
        window = _WINDOW.match(w.text, part.end + len(rest) - len(rest.lstrip()))
        part = part if window is None else Span(part.start, window.end())
    part_text = w.written(part)
    old = Span(len(w.text[: part.start].rstrip()), part.end)
    for place in _places(tokens, is_where):
        move = Fix(
            "Move it right after the event",
            (Edit(Span(place, place), f" {part_text}"), Edit(old, "")),
            safe=not is_where and "IF" not in {token.type for token in tokens},
        )
        if w.helped_by(move):
            break
    else:
        return None
    fixes: tuple[Fix, ...] = (move,)
    if is_where:
        meant_if = Fix("It is about the lead: write `if`", (Edit(w.span, "if"),))
        fixes = (move, meant_if) if w.mended_by(meant_if) else fixes
    what = "`where`" if is_where else "The time window"
    after = "the event" if is_where else "the event, or after its `where`"
    return Diagnostic(
        "S001",
        part,
        f"{what} stands right after {after}",
        "move this further to the front",
        _example(w, tokens, place, part_text),
        fixes=fixes,
    )


def _example(w: Wrong, tokens: list[Token], place: int, part: str) -> str:
    """The event with what belongs to it, as it should be."""
    first = tokens[0] if tokens[0].type == "EVENT" else tokens[1]
    right = f"{w.text[first.start_pos or 0 : place]} {part}"
    if len(right) > 80 or not right.isprintable():
        return "First the event, then its `where`, then the window, and then the modifiers."
    return f"Write `{right}`."


def _event_start(before: list[Token]) -> int | None:
    """Where the last stream or event test begins among some tokens."""
    for at in range(len(before) - 1, -1, -1):
        token = before[at]
        if token.type == "EVENT":
            return at
        if token.type in ("EACH", "FOR", "OF", "WITHOUT") and at + 1 < len(before):
            return at if before[at + 1].type in ("TEXT", "ANY") else None
        if token.type == "WITHOUT":
            return at
    return None


def _is_other(tokens: list[Token], at: int) -> bool:
    """Whether a token is a word of something else, such as the `in` of `in list`."""
    following = tokens[at + 1].type if at + 1 < len(tokens) else ""
    before = tokens[at - 1].type if at else ""
    match tokens[at].type:
        case "IN":
            return following == "LIST"
        case "MORE" | "BETWEEN":
            return before == "IS"
    return False


def _places(tokens: list[Token], is_where: bool) -> Iterator[int]:
    """Where the part may be put: the ends of the tokens that it may stand behind, in order."""
    for one, two in pairwise(tokens):
        ends = (
            two.type in _MODIFIERS
            or (two.type == "NO" and one.type != "EVENT")
            or two.type in ("IF", "AND", "OR")
            or (is_where and (two.type in _WINDOWS or two.type in _FREQUENCIES))
        )
        if ends:
            yield one.end_pos or 0


def _window_part(w: Wrong) -> Span | None:
    found = _WINDOW.match(w.text, w.span.start)
    return None if found is None else Span(*found.span())


def _where_part(w: Wrong) -> Span | None:
    whole = _WHOLE_WHERE.match(w.text, w.span.start)
    if whole is not None:
        return Span(*whole.span())
    end = len(w.text)
    for found in _WHERE_PART.finditer(w.text, w.span.end):
        if found.group("stop"):
            end = found.start()
            break
    end = w.span.start + len(w.text[w.span.start : end].rstrip())
    return Span(w.span.start, end) if end > w.span.end else None
