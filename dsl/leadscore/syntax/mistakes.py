"""From the parser's error to a sentence about what was probably meant, and how to mend it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Span
from leadscore.syntax.grammar import keywords

_CURLY = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
_SINGLE = "'\u2018\u2019\u201a\u201b`"
_DASHES = "\u2212\u2013\u2014"

# What may follow, in the words of a reader; terminals not named here are shown as they are written.
_PHRASES = {
    "TEXT": 'a text in double quotes, such as "SaaS"',
    "NAME": "a name",
    "BRACKETED": "",
    "INT": "a number",
    "NUM": "a number",
    "SIGNED": "points with a sign, such as +10",
    "DATE": "a date, such as 2026-01-31",
    "PERCENT": "a percentage, such as 50%",
    "UNIT": "a unit of time, such as days",
    "UNKNOWN_VALUES": "`unknown values`",
    "$END": "the end of the statement",
}

_SUBJECTS = {
    "line": "a statement",
    "property": "a property, such as `employees: number`",
    "event_type": 'an event type, such as `"Email open" from "EMAIL_OPEN"`',
    "case": "a case, such as `1 to 10: +2` or `otherwise: 0`",
    "first_case": 'a case, such as `event "Visit" in the last 30 days: +3`',
    "label": 'a label, such as `"Warm" from 40`',
    "axis": 'an axis, such as `fit "A" from 30, "B" below 30`',
    "test_line": "a line of a test: `given …`, `event …`, `in list …` or `expect …`",
}

_INSTEAD = {
    "&": ("and", "and"),
    "&&": ("and", "and"),
    "|": ("or", "or"),
    "||": ("or", "or"),
    "!": ("not", "not"),
    "==": ("=", "="),
    "=>": (">=", ">="),
    "=<": ("<=", "<="),
    "<>": ("!=", "!="),
    "\u2265": (">=", ">="),
    "\u2264": ("<=", "<="),
    "\u2260": ("!=", "!="),
}

# `is empty` and its like, which the language says in another way.
_WORDINGS = {
    "empty": "unknown",
    "blank": "unknown",
    "missing": "unknown",
    "null": "unknown",
    "present": "known",
    "set": "known",
    "filled": "known",
}

_MODIFIERS = ("limit", "decay", "latest", "up", "reset", "named")


def explain(text: str, symbol: str, error: UnexpectedInput) -> Diagnostic:
    """The diagnostic of a statement that could not be parsed. Spans are in the statement."""
    if isinstance(error, UnexpectedCharacters):
        return _character(text, error.pos_in_stream or 0)
    assert isinstance(error, UnexpectedToken)
    token: Token = error.token
    expected = set(error.expected)
    if token.type == "$END":
        return _early_end(text, symbol, expected)
    span = Span(token.start_pos or 0, token.end_pos or 0)
    for guess in (_where_and, _number_forms, _operators, _words, _signs, _order):
        found = guess(text, symbol, token, span, expected)
        if found is not None:
            return found
    if span.start == 0 or not text[: span.start].strip():
        return _misplaced(text, symbol, token, span)
    return Diagnostic(
        "S001",
        span,
        f"This cannot stand here: {_shown(token)}",
        f"expected {_list(expected)}",
    )


# Characters that no token begins with


def _character(text: str, at: int) -> Diagnostic:
    char = text[at]
    rest = text[at:].split("\n", 1)[0]
    if char == '"':
        return Diagnostic(
            "S002",
            Span(at, at + len(rest.rstrip())),
            "This text is not closed on its line",
            'a closing " is missing',
            'Close the text with ". A quote inside a text is doubled: "5"" pipe".',
        )
    if char == "[":
        empty = rest.startswith("[]")
        return Diagnostic(
            "S002",
            Span(at, at + (2 if empty else len(rest.rstrip()))),
            "A name in brackets is empty" if empty else "This bracket is not closed on its line",
            "" if empty else "a closing ] is missing",
            "Write the name between the brackets: [Number of Employees].",
        )
    if char in _CURLY:
        return _curly(text, at)
    if char in _SINGLE:
        return _single(text, at, rest)
    if char.isdigit():
        return _bad_number(text, at)
    if char in _DASHES or char in "+-":
        return _bad_sign(text, at, rest)
    for size in (2, 1):
        if rest[:size] in _INSTEAD:
            return _instead(Span(at, at + size), rest[:size])
    if not char.isprintable():
        return Diagnostic(
            "S005",
            Span(at, at + 1),
            f"The invisible character U+{ord(char):04X} cannot stand here",
            "delete it",
            fixes=(Fix("Delete the character", (Edit(Span(at, at + 1), ""),), True),),
        )
    return Diagnostic(
        "S005",
        Span(at, at + 1),
        f"`{char}` means nothing here",
        "",
        "Text goes in double quotes, a name with blanks or signs in brackets: [Number of Employees].",
    )


def _curly(text: str, at: int) -> Diagnostic:
    places = [found.start() for found in re.finditer(f"[{_CURLY}]", text)]
    close = next((p for p in places if p > at), at)
    shown = text[at + 1 : close] if close > at else ""
    return Diagnostic(
        "S003",
        Span(at, close + 1),
        "Text goes in straight double quotes",
        f'write "{shown}"' if shown else 'write "',
        "Curly quotes come from word processors; the language has straight ones only.",
        fixes=(
            Fix(
                "Make the quotes straight",
                tuple(Edit(Span(p, p + 1), '"') for p in places),
                True,
            ),
        ),
    )


def _single(text: str, at: int, rest: str) -> Diagnostic:
    found = re.match(rf"[{_SINGLE}]([^{_SINGLE}\"]*)[{_SINGLE}]", rest)
    if found is None:
        return Diagnostic("S003", Span(at, at + 1), "Text goes in straight double quotes", 'write "')
    span = Span(at, at + found.end())
    return Diagnostic(
        "S003",
        span,
        "Text goes in straight double quotes",
        f'write "{found.group(1)}"',
        fixes=(Fix("Use double quotes", (Edit(span, f'"{found.group(1)}"'),), True),),
    )


def _bad_number(text: str, at: int) -> Diagnostic:
    found = re.match(r"[\w.,:%-]+", text[at:])
    word = found.group().rstrip(",:") if found else text[at]
    span = Span(at, at + len(word))
    apart = re.fullmatch(r"([0-9]+)([^\W\d]+)", word)
    if apart:
        number, unit = apart.groups()
        if unit in ("K", "m", "M", "k"):
            right = f"{number}{'k' if unit in 'Kk' else 'M'}"
            hint = "Thousands are written 10k, millions 1.5M."
        else:
            right = f"{number} {unit}"
            hint = "Put a space between a number and its unit."
        return Diagnostic(
            "S001",
            span,
            f"`{word}` is not a number",
            f"write `{right}`",
            hint,
            fixes=(Fix(f"Write `{right}`", (Edit(span, right),), unit not in "mM"),),
        )
    if re.match(r"[0-9]{1,4}[-.][0-9]{1,2}[-.][0-9]{1,4}", word) or "T" in word:
        return Diagnostic(
            "E112",
            span,
            f"`{word}` is not a date of the language",
            "write dates as 2026-01-31 or 2026-01-31T09:30",
        )
    return Diagnostic(
        "S001",
        span,
        f"`{word}` is not a number",
        "",
        "Numbers are written 10, 2.5, 10k or 1.5M; a name cannot start with a digit, "
        "so put it in brackets.",
    )


def _bad_sign(text: str, at: int, rest: str) -> Diagnostic:
    found = re.match(r"(.)\s*([0-9]+(?:\.[0-9]+)?[kM]?)", rest)
    if found is None:
        return Diagnostic(
            "S001", Span(at, at + 1), f"A number must follow `{text[at]}`", "", "Points: +10 or -5."
        )
    sign = "+" if found.group(1) == "+" else "-"
    right = sign + found.group(2)
    span = Span(at, at + found.end())
    return Diagnostic(
        "S001",
        span,
        "The sign stands right before its number, and minus is a plain hyphen",
        f"write `{right}`",
        fixes=(Fix(f"Write `{right}`", (Edit(span, right),), True),),
    )


def _instead(span: Span, found: str) -> Diagnostic:
    word, text = _INSTEAD[found]
    return Diagnostic(
        "S001",
        span,
        f"`{found}` is written `{word}`",
        f"write `{word}`",
        fixes=(Fix(f"Write `{word}`", (Edit(span, text),), True),),
    )


# Tokens that cannot stand where they do


def _early_end(text: str, symbol: str, expected: set[str]) -> Diagnostic:
    last = len(text.rstrip())
    span = Span(max(0, last - 1), last)
    if text.count("(") > text.count(")"):
        return unclosed(text)
    return Diagnostic(
        "S001",
        span,
        "The statement stops too early",
        f"expected {_list(expected - {'$END'})}",
        "A line that starts with a statement's keyword or with signed points begins a new "
        "statement; it cannot carry this one on."
        if text.rstrip().endswith((",", "and", "or"))
        else "",
    )


def unclosed(text: str) -> Diagnostic:
    """The error of a statement in which a parenthesis stays open."""
    open_at: list[int] = []
    for found in re.finditer(r'"(?:[^"\n]|"")*"?|\[(?:[^\]\n]|\]\])*\]?|#[^\n]*|[()]', text):
        if found.group() == "(":
            open_at.append(found.start())
        elif found.group() == ")" and open_at:
            open_at.pop()
    at = open_at[-1] if open_at else 0
    return Diagnostic(
        "S006",
        Span(at, at + 1),
        "This parenthesis is not closed",
        "opened here",
        "Add the closing `)`.",
    )


def _where_and(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    """`and` or `or` after a bare `where`, in a rule on a stream."""
    if token not in ("and", "or"):
        return None
    found = None
    for found in re.finditer(r"(?<!\w)where\s+(?!\()", text[: span.start]):
        pass
    if found is None:
        return None
    return where_joined(text, Span(found.end(), span.start), span, None)


def where_joined(text: str, comparison: Span, joint: Span, whole: Span | None) -> Diagnostic:
    """The error of a bare `where` comparison followed by `and` or `or`, with both ways out.

    `whole` is the event test in a condition; None in a rule on a stream.
    """
    word = text[joint.start : joint.end]
    stop = re.compile(
        r"(?<!\w)(?:and|or|in the last|more than|between|since|at least|at most|exactly|limit|decay|no"
        r"|latest|up to|reset by|named|if)(?!\w)|[):]"
    ).search(text, joint.end + 1)
    end = len(text[: stop.start()].rstrip()) if stop else len(text.rstrip())
    inside = Fix(
        "Both are about the event: put them in parentheses",
        (
            Edit(Span(comparison.start, comparison.start), "("),
            Edit(Span(end, end), ")"),
        ),
    )
    if whole is None:
        outside = Fix(
            "The second is about the lead: make it the rule's `if`",
            (Edit(joint, "if"),),
        )
    else:
        outside = Fix(
            "The second is about the lead: put the event's part in parentheses",
            (Edit(Span(whole.start, whole.start), "("), Edit(Span(whole.end, whole.end), ")")),
        )
    return Diagnostic(
        "E109",
        joint,
        f"`{word}` after a bare `where` is not clear",
        "about the event, or about the lead?",
        "If both parts are about the event, put them in parentheses: `where (… "
        f"{word} …)`.\nIf the second is about the lead, "
        + (
            "write it as the rule's condition at the end: `… if …`."
            if whole is None
            else f"put the first in parentheses: `(event … where …) {word} …`."
        ),
        notes=(Note(Span(comparison.start, len(text[: comparison.end].rstrip())), "this much is `where`"),),
        fixes=(inside, outside),
    )


def _number_forms(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    before = text[: span.start]
    after = text[span.end :]
    if token.type in ("INT", "NUM", "SIGNED") and "SIGNED" in expected and token.type != "SIGNED":
        right = f"+{token}"
        return Diagnostic(
            "S001",
            span,
            "Points carry a sign",
            f"write `{right}` or `-{token}`",
            fixes=(Fix(f"Write `{right}`", (Edit(span, right),)),),
        )
    date = re.search(r"[0-9]+-[0-9]*$", before + str(token))
    if token.type == "SIGNED" and date and not before.endswith(" "):
        low = re.search(r"([0-9]+)$", before)
        if low is not None and re.match(r"[-/.][0-9]", after) is None:
            whole = Span(span.start - len(low.group(1)), span.end)
            right = f"{low.group(1)} to {str(token)[1:]}"
            return Diagnostic(
                "S001",
                whole,
                "A range is written with `to`",
                f"write `{right}`",
                fixes=(Fix(f"Write `{right}`", (Edit(whole, right),), True),),
            )
        return Diagnostic(
            "E112",
            Span(span.start - (len(low.group(1)) if low else 0), span.end),
            "This is not a date of the language",
            "write dates as 2026-01-31, with two digits for month and day",
        )
    if token == "," and re.search(r"[0-9]$", before) and re.match(r"[0-9]", after):
        return Diagnostic(
            "S001",
            span,
            "A decimal has a point, and thousands have no separator",
            "write 2.5, 10000 or 10k",
        )
    return None


def _operators(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    for left in (1, 0):
        pair = Span(span.start - left, span.start - left + 2)
        if pair.start >= 0 and text[pair.start : pair.end] in _INSTEAD:
            return _instead(pair, text[pair.start : pair.end])
    return None


def _words(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    word = str(token)
    if not word.replace("_", "").isalnum():
        return None
    reserved = word in keywords()
    if word in ("known", "unknown") and re.search(r"\bis\s+not\s+$", text[: span.start]):
        right = "unknown" if word == "known" else "known"
        start = text.rindex("not", 0, span.start)
        whole = Span(start, span.end)
        return Diagnostic(
            "S001",
            whole,
            f"`is not {word}` is written `is {right}`",
            f"write `{right}`",
            fixes=(Fix(f"Write `is {right}`", (Edit(whole, right),), True),),
        )
    if word.lower() in _WORDINGS and re.search(r"\bis\s+(?:not\s+)?$", text[: span.start]):
        right = _WORDINGS[word.lower()]
        negated = re.search(r"\bnot\s+$", text[: span.start])
        if negated:
            right = "known" if right == "unknown" else "unknown"
        whole = Span(negated.start() if negated else span.start, span.end)
        return Diagnostic(
            "S001",
            whole,
            f"`{text[whole.start : whole.end]}` is written `{right}`",
            f"write `is {right}`",
            fixes=(Fix(f"Write `is {right}`", (Edit(whole, right),), True),),
        )
    wanted = {_keyword(name) for name in expected}
    if reserved and expected & {"NAME", "BRACKETED"} and not _starts_condition(word):
        right = f"[{word}]"
        return Diagnostic(
            "S004",
            span,
            f"`{word}` is a word of the language, and cannot be a name as it is",
            f"as a name, write `{right}`",
            fixes=(Fix(f"Write `{right}`", (Edit(span, right),), True),),
        )
    if not reserved:
        if word.lower() in wanted:
            return Diagnostic(
                "S001",
                span,
                "Keywords are written in lower case",
                f"write `{word.lower()}`",
                fixes=(Fix(f"Write `{word.lower()}`", (Edit(span, word.lower()),), True),),
            )
        candidates = sorted(w for w in wanted if w)
        close = [w for w in candidates if sorted(w) == sorted(word.lower())] or get_close_matches(
            word.lower(), candidates, 1, 0.6
        )
        if close:
            return Diagnostic(
                "S001",
                span,
                f"`{word}` is not understood here",
                f"expected {_list(expected)}",
                f"Did you mean `{close[0]}`?",
                fixes=(Fix(f"Write `{close[0]}`", (Edit(span, close[0]),)),),
            )
        if "TEXT" in expected and token.type in ("NAME", "BRACKETED"):
            right = f'"{word}"'
            return Diagnostic(
                "S001",
                span,
                "Text goes in double quotes",
                f"write `{right}`",
                fixes=(Fix(f"Write `{right}`", (Edit(span, right),)),),
            )
    return None


def _signs(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    if token == ")" and text.count(")") > text.count("("):
        return Diagnostic("S006", span, "This parenthesis closes none", "no `(` stands before it")
    return None


def _order(
    text: str, symbol: str, token: Token, span: Span, expected: set[str]
) -> Diagnostic | None:
    before = text[: span.start]
    if token in _MODIFIERS and re.search(r"(?<!\w)if(?!\w)", before):
        return Diagnostic(
            "S001",
            span,
            f"`{token}` stands before the `if` of its rule",
            "move this before `if`",
            "A rule says its points, what they are for, its modifiers, and last its `if`.",
        )
    if token == "in" and symbol == "line" and re.search(r"(?<!\w)in(?!\w)", before):
        return Diagnostic(
            "S001",
            span,
            "A rule has one time window",
            f"expected {_list(expected)}",
        )
    return None


def _misplaced(text: str, symbol: str, token: Token, span: Span) -> Diagnostic:
    word = str(token)
    homes = {
        "given": "under `test`",
        "expect": "under `test`",
        "event": "under `test`, or in a condition",
        "in": "under `test`, or in a condition",
        "otherwise": "as the last case under `by` or `first of`",
    }
    if word in homes:
        return Diagnostic(
            "S008", span, f"`{word}` stands {homes[word]}", "not here", "Check the lines above."
        )
    return Diagnostic(
        "S001",
        span,
        f"This is not {_SUBJECTS[symbol]}",
        f"{_shown(token)} cannot begin it",
        "A statement starts with a keyword (group, by, labels, test, …) or with signed points (+10)."
        if symbol == "line"
        else "",
    )


def _starts_condition(word: str) -> bool:
    return word in ("not", "in", "event", "any", "no", "and", "or", "if", "where", "is")


def _keyword(terminal: str) -> str:
    """The word that a terminal of a keyword stands for; empty for other terminals."""
    return "" if terminal in _PHRASES or terminal.startswith("__") else terminal.lower()


def _shown(token: Token) -> str:
    text = str(token)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:39]}…`"


def _list(expected: set[str]) -> str:
    """What may follow, as a phrase; long lists are cut to what is most telling."""
    names = {"COLON": ":", "COMMA": ",", "LPAR": "(", "RPAR": ")", "EQUAL": "="}
    phrases: list[str] = []
    for terminal in sorted(expected, key=lambda name: (name not in _PHRASES, name)):
        if terminal in _PHRASES:
            phrase = _PHRASES[terminal]
        elif terminal in names:
            phrase = f"`{names[terminal]}`"
        elif terminal.isalpha():
            phrase = f"`{terminal.lower()}`"
        else:
            phrase = "a comparison such as `>=`" if "LESSTHAN" in terminal or "MORETHAN" in terminal else ""
        if phrase and phrase not in phrases:
            phrases.append(phrase)
    if not phrases:
        return "something else"
    if len(phrases) > 7:
        phrases = phrases[:6] + ["…"]
        return ", ".join(phrases)
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " or " + phrases[-1]
