"""A word of everyday English, misspelt, in capitals, without its quotes or brackets, or missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span, nearest
from leadscore.syntax.expected import END
from leadscore.syntax.grammar import keywords
from leadscore.syntax.mistakes.wrong import Wrong, is_word, replaced, shown
from leadscore.syntax.phrases import rephrased
from leadscore.syntax.vocabulary import NEGATED_WORDINGS, SYNONYMS, WORDINGS

_WORDS_THEN_SIGN = re.compile(
    r"\w+(?:[ \t]+\w+){1,6}?(?=[ \t]*(?:[=<>!:]|$|(?<=[ \t])"
    r"(?:is|contains|does|starts|ends|matches|as|limit|named|if)(?!\w)))"
)


def rephrased_phrase(w: Wrong) -> Diagnostic | None:
    """A whole phrase that is said in another way."""
    for span, rights in rephrased(w.text, w.span.start if w.word else len(w.text)):
        message = f"{shown(w.written(span).strip())} is written another way"
        found = replaced(span, message, *rights)
        if any(map(w.helped_by, found.fixes)):
            return found
    return None


def unknown_forms(w: Wrong) -> Diagnostic | None:
    """`is empty`, `is not known` and their like, which the language says in another way."""
    negated = w.last("is", "not")
    if not negated and not w.last("is"):
        return None
    right = (NEGATED_WORDINGS if negated else WORDINGS).get(w.word.lower())
    if right is None:
        return None
    start = (w.before[-1].start_pos or 0) if negated else w.span.start
    span = Span(start, w.span.end)
    return replaced(span, f"`is {w.written(span)}` is written `is {right}`", right, safe=True)


def upper_case(w: Wrong) -> Diagnostic | None:
    """A word of the language in capitals."""
    right = w.word.lower()
    if not is_word(w) or right == w.word or right not in w.accepted | _units(w):
        return None
    return replaced(w.span, "Keywords are written in lower case", right, safe=True)


def _units(w: Wrong) -> frozenset[str]:
    units = ("minute", "hour", "day", "week", "month", "year")
    if "UNIT" not in w.accepted:
        return frozenset()
    one = w.last("1") or w.last("per")
    return frozenset(unit if one else f"{unit}s" for unit in units)


def unbracketed(w: Wrong) -> Diagnostic | None:
    """A name of several words, which stands before a comparison or a colon."""
    last = w.place.last
    if last is None or last.type != "NAME" or not is_word(w):
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
    return replaced(span, "A name of several words goes in brackets", f"[{name}]")


def reserved(w: Wrong) -> Diagnostic | None:
    """A word of the language as a name."""
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


def synonym(w: Wrong) -> Diagnostic | None:
    """A word of everyday English for one of the language."""
    short = _CONTRACTED.get(w.word.lower())
    if short is not None and w.text[w.span.end : w.span.end + 2] in ("'t", "\u2019t"):
        return replaced(Span(w.span.start, w.span.end + 2), "The words are written in full", short)
    if w.word == "of" and w.last("by", str(w.place.last)):
        meant = _AGGREGATES.get(str(w.place.last).lower())
        if meant is not None:
            span = Span(w.before[-1].start_pos or 0, w.before[-1].end_pos or 0)
            return replaced(span, f"`{w.place.last}` is written `{meant}` here", meant)
    for right in SYNONYMS.get(w.word.lower(), ()):
        if right != w.word and w.place.can_follow(*right.split()):
            return replaced(w.span, f"`{w.word}` is written `{right}` here", right)
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


def misspelt(w: Wrong) -> Diagnostic | None:
    """A word that is nearly one of those that may stand here."""
    if not is_word(w) or (w.word in keywords() and w.word not in ("form",) and len(w.word) < 3):
        return None
    close = nearest(w.word.lower(), [*_words(w.accepted), *sorted(_units(w))])
    if close is None or close == w.word:
        return None
    return Diagnostic(
        "S001",
        w.span,
        f"{shown(w.word)} is not understood here",
        f"did you mean `{close}`?",
        fixes=(Fix(f"Write `{close}`", (Edit(w.span, close),)),),
    )


def unquoted(w: Wrong) -> Diagnostic | None:
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
    return replaced(span, "Text goes in double quotes", right)


def lost_quote(w: Wrong) -> Diagnostic | None:
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


def missing(w: Wrong) -> Diagnostic | None:
    """The one word that must stand here, and does not."""
    kind = w.token.type
    words = [name for name in w.accepted if name not in ("NUM", "SIGNED", "BRACKETED", END)]
    if kind in ("INT", "NUM", "SIGNED") and w.symbol in ("label", "axis", "test_line"):
        words = [name for name in words if name in ("from", "=")]
    elif (
        (kind in ("INT", "SIGNED") or w.word in (",", "="))
        and w.symbol in ("case", "first_case")
        and ":" in words
    ):
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
            f"`{right}` is missing before {shown(w.word)}",
            f"write `{right} {w.word}`" if len(w.word) < 30 else f"write `{right}` before it",
            fixes=(Fix(f"Write `{right}`", (Edit(at, f"{right} "),)),),
        )
    if right in _IN_PLACE_OF and w.word in _IN_PLACE_OF[right]:
        return replaced(w.span, f"`{right}` stands here, not {shown(w.word)}", right)
    return None


_IN_PLACE_OF = {
    "as": ("=", "is", ":"),
    "=": ("is", ":"),
    ":": ("=", "is", ","),
    "from": ("=", ":"),
}
"""Words that stand in the place of another, where only that other can."""
