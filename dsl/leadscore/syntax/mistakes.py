"""From the parser's error to a sentence about what was probably meant, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Span, nearest
from leadscore.syntax import characters
from leadscore.syntax.expected import END, Place, phrase
from leadscore.syntax.grammar import keywords
from leadscore.syntax.phrases import rephrased
from leadscore.syntax.vocabulary import (
    MODIFIERS,
    NEGATED_WORDINGS,
    SUBJECTS,
    SYNONYMS,
    WORDINGS,
)

_PIECES = re.compile(r'"(?:[^"\n]|"")*"?|\[(?:[^\]\n]|\]\])*\]?|#[^\n]*|[()]')
_WORDS_THEN_SIGN = re.compile(
    r"\w+(?:[ \t]+\w+){1,6}?(?=[ \t]*(?:[=<>!:]|$|(?<=[ \t])"
    r"(?:is|contains|does|starts|ends|matches|as|limit|named|if)(?!\w)))"
)
_SIGNED_NEXT = re.compile(r"\s*[+-][0-9]")


@dataclass(frozen=True, slots=False)
class _Wrong:
    """The token at fault, with what stands around it."""

    text: str
    symbol: str
    token: Token
    span: Span
    place: Place

    @cached_property
    def accepted(self) -> frozenset[str]:
        """What may stand instead."""
        return self.place.accepted()

    @property
    def word(self) -> str:
        """The token's text."""
        return str(self.token)

    @property
    def before(self) -> list[Token]:
        """The tokens before it."""
        return self.place.before

    def last(self, *words: str) -> bool:
        """Whether the tokens before are these words."""
        return tuple(map(str, self.before[-len(words) :])) == words

    def written(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]


def explain(text: str, symbol: str, error: UnexpectedInput) -> Diagnostic:
    """The diagnostic of a statement that could not be parsed. Spans are in the statement."""
    if isinstance(error, UnexpectedCharacters):
        return characters.mistake(text, error.pos_in_stream)  # type: ignore[arg-type]  # Lark declares it as None
    assert isinstance(error, UnexpectedToken)
    token: Token = error.token
    ends = token.type == END
    at = len(text) if ends else token.start_pos or 0
    end = token.end_pos or at
    if not ends and end < len(text) and not text[end].isprintable() and not text[end].isspace():
        return characters.mistake(text, end)  # an invisible character breaks the word apart
    place = Place(text, symbol, at + 1 if ends else at)
    if ends:
        return _early_end(text, place)
    wrong = _Wrong(text, symbol, token, Span(at, token.end_pos or at), place)
    for guess in _GUESSES:
        found = guess(wrong)
        if found is not None:
            return found
    return Diagnostic(
        "S001",
        wrong.span,
        f"{_shown(wrong.word)} cannot stand here",
        f"expected {phrase(wrong.accepted)}",
    )


def _early_end(text: str, place: Place) -> Diagnostic:
    last = len(text.rstrip())
    accepted = place.accepted()
    if ")" in accepted and _open_parenthesis(text) is not None:
        return unclosed(text)
    return Diagnostic(
        "S001",
        Span(max(0, last - 1), last),
        "The statement stops too early",
        f"expected {phrase(accepted)}",
        "A line that starts with a statement's keyword or with signed points begins a new "
        "statement; it cannot carry this one on."
        if place.last in (",", "and", "or")
        else "",
    )


# Parentheses


def _open_parenthesis(text: str, end: int | None = None) -> int | None:
    """The innermost parenthesis that is open at `end`."""
    open_at: list[int] = []
    for found in _PIECES.finditer(text, 0, len(text) if end is None else end):
        if found.group() == "(":
            open_at.append(found.start())
        elif found.group() == ")" and open_at:
            open_at.pop()
    return open_at[-1] if open_at else None


def unclosed(text: str) -> Diagnostic:
    """The error of a statement in which a parenthesis stays open."""
    return _unclosed(_open_parenthesis(text) or 0, len(text.rstrip()))


def _unclosed(at: int, end: int) -> Diagnostic:
    return Diagnostic(
        "S006",
        Span(at, at + 1),
        "This parenthesis is not closed",
        "opened here",
        "Add the closing `)`.",
        fixes=(Fix("Close it before the rest", (Edit(Span(end, end), ")"),)),),
    )


def _parenthesis(w: _Wrong) -> Diagnostic | None:
    if w.word == ")" and _open_parenthesis(w.text, w.span.start) is None:
        return Diagnostic(
            "S006",
            w.span,
            "This parenthesis closes none",
            "no `(` stands before it",
            fixes=(Fix("Delete it", (Edit(w.span, ""),)),),
        )
    if w.word == "(" and "TEXT" in w.accepted and w.last("of"):
        return Diagnostic(
            "S001",
            w.span,
            "A list stands without parentheses",
            "delete it",
            'Write the values one after the other: `is any of "a", "b"`.',
            fixes=_without_parentheses(w),
        )
    if ")" not in w.accepted or w.word not in w.place.accepted_after(")"):
        return None
    at = _open_parenthesis(w.text, w.span.start)
    return None if at is None else _unclosed(at, w.before[-1].end_pos or at)


def _without_parentheses(w: _Wrong) -> tuple[Fix, ...]:
    close = w.text.find(")", w.span.end)
    if close < 0:
        return ()
    edits = (Edit(w.span, ""), Edit(Span(close, close + 1), ""))
    return (Fix("Take the parentheses away", edits),)


# `and` or `or` after a bare `where`


def _where_and(w: _Wrong) -> Diagnostic | None:
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


def _second_part(w: _Wrong) -> Span | None:
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


# Numbers, dates and signs


def _several_points(w: _Wrong) -> Diagnostic | None:
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


def _number_forms(w: _Wrong) -> Diagnostic | None:
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
        return _replaced(w, span, "`since` goes with a date or an event", "in the last")
    if kind == "INT" and w.last(",") and touching and len(w.before) > 1:
        points = w.before[-2]
        if points.type == "SIGNED" and "." not in points and points.end_pos == w.span.start - 1:
            span = Span(points.start_pos or 0, w.span.end)
            return _replaced(w, span, "A decimal has a point", f"{points}.{w.word}")
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


def _hyphen(w: _Wrong, low: Token) -> Diagnostic:
    """A number and one with a minus, next to each other: a range, or a date."""
    start = low.start_pos or 0
    whole = characters.numberish(w.text, start)
    if whole is not None and w.text.count("-", whole.start, whole.end) > 1:
        written = w.written(whole)
        return characters.not_a_date(whole, written, characters.iso_of(written))
    return characters.range_with_to(Span(start, w.span.end), f"{low} to {w.word[1:]}")


def _signs(w: _Wrong) -> Diagnostic | None:
    for left in (1, 0):
        start = w.span.start - left
        pair = w.text[start : start + 2] if start >= 0 else ""
        if pair in characters.SIGNS:
            return characters.sign_instead(Span(start, start + 2), pair)
    return None


# Words


def _replaced(w: _Wrong, span: Span, message: str, right: str, *, safe: bool = False) -> Diagnostic:
    return Diagnostic(
        "S001",
        span,
        message,
        f"write `{right.strip()}`",
        fixes=(Fix(f"Write `{right.strip()}`", (Edit(span, right),), safe),),
    )


def _rephrased(w: _Wrong) -> Diagnostic | None:
    """A whole phrase that is said in another way."""
    found = rephrased(w.text, w.span.start)
    if found is None:
        return None
    span, right = found
    return _replaced(w, span, f"{_shown(w.written(span).strip())} is written another way", right)


def _is_word(w: _Wrong) -> bool:
    return w.token.type not in ("TEXT", "BRACKETED") and w.word.replace("_", "").isalnum()


def _unknown_forms(w: _Wrong) -> Diagnostic | None:
    """`is empty`, `is not known` and their like, which the language says in another way."""
    negated = w.last("is", "not")
    if not negated and not w.last("is"):
        return None
    right = (NEGATED_WORDINGS if negated else WORDINGS).get(w.word.lower())
    if right is None:
        return None
    start = (w.before[-1].start_pos or 0) if negated else w.span.start
    span = Span(start, w.span.end)
    return _replaced(w, span, f"`is {w.written(span)}` is written `is {right}`", right, safe=True)


def _upper_case(w: _Wrong) -> Diagnostic | None:
    right = w.word.lower()
    if not _is_word(w) or right == w.word or right not in w.accepted | _units(w):
        return None
    return _replaced(w, w.span, "Keywords are written in lower case", right, safe=True)


def _units(w: _Wrong) -> frozenset[str]:
    units = ("minute", "hour", "day", "week", "month", "year")
    if "UNIT" not in w.accepted:
        return frozenset()
    one = w.last("1") or w.last("per")
    return frozenset(unit if one else f"{unit}s" for unit in units)


def _unbracketed(w: _Wrong) -> Diagnostic | None:
    """A name of several words, which stands before a comparison or a colon."""
    last = w.place.last
    if last is None or last.type != "NAME" or not _is_word(w):
        return None
    if w.token.type != "NAME" and w.word not in ("of", "in", "date", "time", "number", "last"):
        return None  # `a = 1 if b = 2`: another word of the language
    start = last.start_pos or 0
    if w.symbol not in ("property", "line", "first_case", "test_line") or w.accepted == {"of"}:
        return None
    found = _WORDS_THEN_SIGN.match(w.text, start)
    if found is None or found.end() < w.span.end:
        return None
    name = found.group()
    if w.symbol != "line" and w.text[found.end() :].lstrip()[:1] not in tuple("=<>!:"):
        return None
    if nearest(w.word.lower(), _words(w.accepted), 0.8) or any(
        part in ("and", "or", "not", "if", "where") for part in name.split()
    ):
        return None
    span = Span(start, found.end())
    return _replaced(w, span, "A name of several words goes in brackets", f"[{name}]")


def _reserved(w: _Wrong) -> Diagnostic | None:
    if w.word not in keywords() or not w.accepted & {"NAME", "BRACKETED"}:
        return None
    if w.word in ("and", "or", "if", "where", "is") and w.symbol != "property":
        return None  # a condition is missing, not a name
    right = f"[{w.word}]"
    return Diagnostic(
        "S004",
        w.span,
        f"`{w.word}` is a word of the language, and cannot be a name as it is",
        f"as a name, write `{right}`",
        fixes=(Fix(f"Write `{right}`", (Edit(w.span, right),), True),),
    )


def _words(accepted: Iterable[str]) -> list[str]:
    return sorted(name for name in accepted if name.isalpha() and name.islower())


def _synonym(w: _Wrong) -> Diagnostic | None:
    """A word of everyday English for one of the language."""
    short = _CONTRACTED.get(w.word.lower())
    if short is not None and w.text[w.span.end : w.span.end + 2] in ("'t", "\u2019t"):
        return _replaced(
            w, Span(w.span.start, w.span.end + 2), "The words are written in full", short
        )
    if w.word == "of" and w.last("by", str(w.place.last)):
        meant = _AGGREGATES.get(str(w.place.last).lower())
        if meant is not None:
            span = Span(w.before[-1].start_pos or 0, w.before[-1].end_pos or 0)
            return _replaced(w, span, f"`{w.place.last}` is written `{meant}` here", meant)
    for right in SYNONYMS.get(w.word.lower(), ()):
        if right != w.word and w.place.can_follow(*right.split()):
            return _replaced(w, w.span, f"`{w.word}` is written `{right}` here", right)
    if w.word in ("then", "points", "point", "pts"):
        after = w.text[w.span.end :].split(None, 1)
        if (after[0] if after else END) in w.accepted:
            return Diagnostic(
                "S001",
                w.span,
                f"`{w.word}` is not needed here",
                "delete it",
                fixes=(Fix("Delete it", (Edit(w.span, ""),)),),
            )
    return None


_CONTRACTED = {"isn": "is not", "aren": "is not", "wasn": "is not", "doesn": "does not"}
_AGGREGATES = {
    "sum": "total",
    "max": "highest",
    "maximum": "highest",
    "min": "lowest",
    "minimum": "lowest",
    "mean": "average",
    "avg": "average",
    "amount": "total",
}


def _misspelt(w: _Wrong) -> Diagnostic | None:
    if not _is_word(w) or (w.word in keywords() and w.word not in ("form",) and len(w.word) < 3):
        return None
    close = nearest(w.word.lower(), [*_words(w.accepted), *sorted(_units(w))])
    if close is None or close == w.word:
        return None
    return Diagnostic(
        "S001",
        w.span,
        f"{_shown(w.word)} is not understood here",
        f"did you mean `{close}`?",
        fixes=(Fix(f"Write `{close}`", (Edit(w.span, close),)),),
    )


def _unquoted(w: _Wrong) -> Diagnostic | None:
    """Words without quotes where a text stands."""
    if "TEXT" not in w.accepted or w.token.type not in ("NAME", "BRACKETED"):
        return None
    found = re.match(r"\w+(?:[ \t]+\w+)*", w.text[w.span.start :])
    end = w.span.end
    if found is not None and w.token.type == "NAME":
        known = keywords()
        if w.symbol == "line" and w.text.startswith(("score", "description")):
            end = w.span.start + found.end()
        else:
            for part in re.finditer(r"\w+", found.group()):
                if part.group() in known:
                    break
                end = w.span.start + part.end()
    span = Span(w.span.start, end)
    right = '"' + w.written(span).strip("[]").replace('"', '""') + '"'
    return _replaced(w, span, "Text goes in double quotes", right)


def _lost_quote(w: _Wrong) -> Diagnostic | None:
    """A text that stands where none can, in a line with an odd number of quotes."""
    start = w.text.rfind("\n", 0, w.span.start) + 1
    stop = w.text.find("\n", w.span.end)
    line = w.text[start : stop if stop >= 0 else len(w.text)]
    if line.count('"') % 2 == 0 or w.token.type not in ("TEXT", "NAME"):
        return None
    if w.token.type == "NAME" and w.text[w.span.end : w.span.end + 1] == '"':
        right = f'"{w.word}"'
        return Diagnostic(
            "S002",
            w.span,
            "This text has no quote before it",
            f"write `{right}`",
            'Text stands between two quotes: "SaaS".',
            fixes=(Fix("Add the quote", (Edit(Span(w.span.start, w.span.start), '"'),)),),
        )
    return Diagnostic(
        "S002",
        w.span,
        "A quote is missing in this line",
        "this is where it goes wrong",
        'Text stands between two quotes: "SaaS".',
    )


def _missing(w: _Wrong) -> Diagnostic | None:
    """The one word that must stand here, and does not."""
    kind = w.token.type
    words = [name for name in w.accepted if name not in ("NUM", "SIGNED", "BRACKETED", END)]
    if kind in ("INT", "NUM", "SIGNED") and w.symbol in ("label", "axis", "test_line"):
        words = [name for name in words if name in ("from", "=")]
    elif kind in ("INT", "SIGNED") and w.symbol in ("case", "first_case") and ":" in words:
        words = [":"]
    if len(words) != 1 or words[0].isupper():
        return None
    right = words[0]
    names = {"NAME", "BRACKETED"}
    after = w.place.accepted_after(right)
    if w.word in after or kind in after or (kind in names and after & names):
        at = Span(w.span.start, w.span.start)
        return Diagnostic(
            "S001",
            w.span,
            f"`{right}` is missing before {_shown(w.word)}",
            f"write `{right} {w.word}`" if len(w.word) < 30 else f"write `{right}` before it",
            fixes=(Fix(f"Write `{right}`", (Edit(at, f"{right} "),)),),
        )
    if right in _IN_PLACE_OF and w.word in _IN_PLACE_OF[right]:
        return _replaced(w, w.span, f"`{right}` stands here, not {_shown(w.word)}", right)
    return None


_IN_PLACE_OF = {
    "as": ("=", "is", ":"),
    "=": ("is", ":"),
    ":": ("=", "is", ","),
    "from": ("=", ":"),
}
"""Words that stand in the place of another, where only that other can."""


def _order(w: _Wrong) -> Diagnostic | None:
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


def _event_forms(w: _Wrong) -> Diagnostic | None:
    """Ways to say how often, or in what time, that nearly work."""
    if w.word in ("times", "time") and len(w.before) > 1 and w.before[-1].type == "INT":
        count = w.before[-1]
        if str(w.before[-2]) in ("than", "most", "least", "exactly"):
            what = f"at least {int(count) + 1}" if len(count) < 10 else "at least …"
            start = w.before[-3].start_pos or 0 if len(w.before) > 2 else count.start_pos or 0
            span = Span(start, count.end_pos or 0)
            return _replaced(w, span, "`more than` is for durations", what)
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


# The first word of a statement

_HOMES = {
    "given": "under `test`",
    "expect": "under `test`",
    "event": "under `test`, or in a condition",
    "in": "under `test`, or in a condition",
    "otherwise": "as the last case under `by` or `first of`",
    "unknown": "as a case under `by`",
}


def _first_word(w: _Wrong) -> Diagnostic | None:
    if w.before:
        return None
    if w.word == "unknown" and w.symbol == "line":
        found = re.match(r"unknown\s+\w+", w.text)
        if found is not None:
            span = Span(0, found.end())
            return _replaced(w, span, "The statement is called `unknown values`", "unknown values")
    if w.word in _HOMES and not w.accepted & {"NAME"}:
        return Diagnostic(
            "S008",
            w.span,
            f"`{w.word}` stands {_HOMES[w.word]}",
            "not here",
            "Check the lines above.",
        )
    return None


def _not_begun(w: _Wrong) -> Diagnostic | None:
    if w.before:
        return None
    home = _home_of(w.text) if w.symbol == "line" else ""
    return Diagnostic(
        "S008" if home else "S001",
        w.span,
        f"This is not {SUBJECTS[w.symbol]}",
        f"{_shown(w.word)} cannot begin it",
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


_GUESSES: tuple[Callable[[_Wrong], Diagnostic | None], ...] = (
    _where_and,
    _rephrased,
    _several_points,
    _number_forms,
    _signs,
    _parenthesis,
    _unknown_forms,
    _first_word,
    _event_forms,
    _upper_case,
    _unbracketed,
    _order,
    _synonym,
    _reserved,
    _misspelt,
    _lost_quote,
    _unquoted,
    _missing,
    _not_begun,
)
"""From the most to the least telling."""


def _shown(word: str) -> str:
    return f"`{word}`" if len(word) <= 40 else f"`{word[:39]}…`"
