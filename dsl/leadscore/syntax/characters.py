"""Mistakes in the letters: quotes, brackets, numbers, dates and signs that form no word.

Each function returns the diagnostic of the character at `at`; spans are in the statement.
"""

from __future__ import annotations

import re
from datetime import date

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span

CURLY = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
_SINGLE = "'\u2018\u2019\u201a\u201b`"
_DASHES = "\u2212\u2013\u2014"
_CURRENCY = "$€£¥"

SIGNS = {
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
    "!": "not",
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2260": "!=",
}
"""Signs of other languages, and what they are here."""

_QUOTED_OR_CURLY = re.compile(rf'"(?:[^"\n]|"")*"|([{CURLY}])')
_IN_CURLY = re.compile(rf'[^{CURLY}"\n]*')
_NUMBERISH = re.compile(r"(?<![\w.])[0-9]+(?:[./,:-][0-9]+)+")
_WORDISH = re.compile(r"[\w.,:%/-]+")


def mistake(text: str, at: int) -> Diagnostic:
    """The diagnostic of a character that begins no word of the language."""
    char = text[at]
    stop = text.find("\n", at)
    rest = text[at:] if stop < 0 else text[at:stop]
    if char == '"':
        return unclosed_text(text, at)
    if char == "[":
        return _bracket(at, rest)
    if char in CURLY:
        return _curly(text, at)
    if char in _SINGLE:
        return _single(text, at, rest)
    wrong = _date_or_decimal(text, at)
    if wrong is not None:
        return wrong
    if char.isdigit():
        return _number(text, at)
    if char in _DASHES or char in "+-":
        return _sign(text, at, rest)
    if char in _CURRENCY:
        return _deleted(at, f"`{char}` means nothing here", "write the number alone")
    for sign in (rest[:2], rest[:1]):
        if sign in SIGNS:
            return sign_instead(Span(at, at + len(sign)), sign)
    if char in ";." and not rest[1:].strip():
        return _deleted(at, f"No `{char}` stands at the end of a line", "delete it", safe=True)
    if not char.isprintable():
        return _deleted(
            at,
            f"The invisible character U+{ord(char):04X} cannot stand here",
            "delete it",
            safe=True,
        )
    return Diagnostic(
        "S005",
        Span(at, at + 1),
        f"`{char}` means nothing here",
        "not a sign of the language",
        "Text goes in double quotes, a name with blanks or signs in brackets: "
        "[Number of Employees].",
    )


def _deleted(at: int, message: str, label: str, *, safe: bool = False) -> Diagnostic:
    span = Span(at, at + 1)
    return Diagnostic(
        "S005", span, message, label, fixes=(Fix("Delete it", (Edit(span, ""),), safe),)
    )


def unclosed_text(text: str, at: int) -> Diagnostic:
    """The error of a quote that has no other on its line."""
    stop = text.find("\n", at)
    end = at + len((text[at:] if stop < 0 else text[at:stop]).rstrip())
    return Diagnostic(
        "S002",
        Span(at, end),
        "This text is not closed on its line",
        'a closing " is missing',
        'Close the text with ". A quote inside a text is doubled: "5"" pipe".',
        fixes=(Fix("Close the text at the end of the line", (Edit(Span(end, end), '"'),)),)
        if end > at + 1
        else (),
    )


def _bracket(at: int, rest: str) -> Diagnostic:
    if rest.startswith("[]"):
        return Diagnostic(
            "E110",
            Span(at, at + 2),
            "A name in brackets is empty",
            "no name in it",
            "Write the name between the brackets: [Number of Employees].",
        )
    return Diagnostic(
        "S002",
        Span(at, at + len(rest.rstrip())),
        "This bracket is not closed on its line",
        "a closing ] is missing",
        "Write the name between the brackets: [Number of Employees].",
    )


def _curly(text: str, at: int) -> Diagnostic:
    """Curly quotes, all of the statement mended at once; those in straight quotes are text."""
    edits: list[Edit] = []
    shown, end = "", at + 1
    place = at
    while (found := _QUOTED_OR_CURLY.search(text, place)) is not None:
        place = found.end()
        if found.group(1) is None:
            continue
        first = not edits
        edits.append(Edit(Span(found.start(), place), '"'))
        inside = _IN_CURLY.match(text, place)
        close = inside.end() if inside is not None else place
        if close < len(text) and text[close] in CURLY:
            edits.append(Edit(Span(close, close + 1), '"'))
        elif close == len(text) or text[close] != '"':
            continue  # alone on its line
        if first:
            shown, end = text[place:close], close + 1
        place = close + 1
    return Diagnostic(
        "S003",
        Span(at, end),
        "Text goes in straight double quotes",
        f'write "{shown}"' if shown else 'write "',
        "Curly quotes come from word processors; the language has straight ones only.",
        fixes=(Fix("Make the quotes straight", tuple(edits), True),),
    )


def _single(text: str, at: int, rest: str) -> Diagnostic:
    found = re.match(rf"[{_SINGLE}]([^{_SINGLE}\"]*)[{_SINGLE}](?!\w)", rest)
    if found is None:
        return Diagnostic(
            "S003",
            Span(at, at + 1),
            "Text goes in straight double quotes",
            'write "',
            "No apostrophe stands outside of quotes: `isn't` is written `is not`.",
        )
    span = Span(at, at + found.end())
    return Diagnostic(
        "S003",
        span,
        "Text goes in straight double quotes",
        f'write "{found.group(1)}"',
        fixes=(Fix("Use double quotes", (Edit(span, f'"{found.group(1)}"'),), True),),
    )


# Numbers and dates


def not_a_date(span: Span, written: str, right: str | None) -> Diagnostic:
    """The error of a date in another form than the language's."""
    return Diagnostic(
        "E112",
        span,
        f"`{written}` is not how a date is written here",
        f"write `{right}`" if right else "year, month, day: 2026-01-31",
        "Dates are written 2026-01-31, or with a time 2026-01-31T09:30.",
        fixes=(Fix(f"Write `{right}`", (Edit(span, right),)),) if right else (),
    )


def iso_of(word: str) -> str | None:
    """The date that a text in a common form certainly means, in the language's form."""
    numbers = [int(part) for part in re.findall(r"[0-9]+", word[:40])]
    if len(numbers) != 3:
        return None
    if re.match(r"[0-9]{4}", word):
        year, month, day = numbers
    elif "." in word:
        day, month, year = numbers
    else:  # 1/2/2026 is in January here and in February there
        month, day, year = numbers
        if month > 12:
            month, day = day, month
        elif day <= 12 and day != month:
            return None
    try:
        return date(year, month, day).isoformat() if year >= 1000 else None
    except ValueError:
        return None


def numberish(text: str, at: int) -> Span | None:
    """The run of digits with points, commas, strokes or colons that holds a place."""
    start = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    for found in _NUMBERISH.finditer(text, start, stop if stop >= 0 else len(text)):
        if found.start() <= at < found.end():
            return Span(*found.span())
        if found.start() > at:
            break
    return None


_DATE_FORM = re.compile(
    r"[0-9]{4}([./-])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([./-])[0-9]{1,2}\2(?:[0-9]{4}|[0-9]{2})"
).fullmatch


def date_or_decimal(text: str, span: Span) -> Diagnostic | None:
    """The error of a date or a decimal number in another form than the language's."""
    word = text[span.start : span.end]
    if _DATE_FORM(word):
        return not_a_date(span, word, iso_of(word))
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", word):
        right = word.replace(",", "")
    elif re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}", word):
        right = word.replace(".", "")
    elif re.fullmatch(r"[0-9]+,[0-9]{1,2}", word):
        right = word.replace(",", ".")
    else:
        return None
    return Diagnostic(
        "S001",
        span,
        "A decimal has a point, and thousands have no separator",
        f"write `{right}`",
        "Numbers are written 2.5, 10000 or 10k.",
        fixes=(Fix(f"Write `{right}`", (Edit(span, right),)),),
    )


def _date_or_decimal(text: str, at: int) -> Diagnostic | None:
    if text[at] not in "./," and not text[at].isdigit():
        return None
    span = numberish(text, at)
    return None if span is None else date_or_decimal(text, span)


def _number(text: str, at: int) -> Diagnostic:
    found = _WORDISH.match(text, at)
    word = found.group().rstrip(",:.") if found else text[at]
    span = Span(at, at + max(1, len(word)))
    if word.isdigit() and text[at + len(word) : at + len(word) + 1] == ".":
        return _deleted(at + len(word), "A number does not end in a point", "delete it")
    apart = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([^\W\d]+)", word)
    if apart and len(word) <= 60:
        number, unit = apart.groups()
        if unit in ("K", "m", "M", "k"):
            right = f"{number}{'k' if unit in 'Kk' else 'M'}"
            hint = "Thousands are written 10k, millions 1.5M."
        else:
            right = f"{number} {unit}"
            hint = "Put a blank between a number and its unit."
        return Diagnostic(
            "S001",
            span,
            f"`{word}` is not a number",
            f"write `{right}`",
            hint,
            fixes=(Fix(f"Write `{right}`", (Edit(span, right),), unit not in "mM"),),
        )
    if re.match(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}T", word):
        return not_a_date(span, word, None)
    return Diagnostic(
        "S001",
        span,
        f"`{word}` is not a number",
        "not a number",
        "Numbers are written 10, 2.5, 10k or 1.5M. A name that starts with a digit goes in "
        "brackets: [2nd phone].",
    )


def _sign(text: str, at: int, rest: str) -> Diagnostic:
    found = re.match(r"(.)\s*([0-9]+(?:\.[0-9]+)?[kM]?)(?![\w%])", rest)
    whole = _hyphened(text, at)
    if whole is not None:
        name = text[whole.start : whole.end]
        return Diagnostic(
            "S001",
            whole,
            "A name with a hyphen goes in brackets",
            f"write `[{name}]`",
            fixes=(Fix(f"Write `[{name}]`", (Edit(whole, f"[{name}]"),)),),
        )
    if found is None:
        return Diagnostic(
            "S001",
            Span(at, at + 1),
            f"A number must follow `{text[at]}`",
            "no number after it",
            "Points are written +10 or -5.",
        )
    low = re.search(r"[0-9]+(?:\.[0-9]+)?[kM]?[ \t]*$", text[max(0, at - 60) : at])
    if text[at] != "+" and low is not None:
        start = at - len(low.group())
        span, right = Span(start, at + found.end()), f"{low.group().strip()} to {found.group(2)}"
        return range_with_to(span, right)
    right = ("+" if found.group(1) == "+" else "-") + found.group(2)
    span = Span(at, at + found.end())
    return Diagnostic(
        "S001",
        span,
        "The sign stands right before its number, and minus is a plain hyphen",
        f"write `{right}`",
        fixes=(Fix(f"Write `{right}`", (Edit(span, right),), True),),
    )


def _hyphened(text: str, at: int) -> Span | None:
    """The name that a hyphen stands in, such as `my-name`."""
    before = re.search(r"[^\W\d]\w*$", text[max(0, at - 60) : at])
    after = re.match(r"-\w+", text[at : at + 60])
    if before is None or after is None:
        return None
    return Span(at - len(before.group()), at + after.end())


def range_with_to(span: Span, right: str) -> Diagnostic:
    """The error of a range that is written with a hyphen."""
    return Diagnostic(
        "S001",
        span,
        "A range is written with `to`",
        f"write `{right}`",
        fixes=(Fix(f"Write `{right}`", (Edit(span, right),), True),),
    )


def sign_instead(span: Span, found: str) -> Diagnostic:
    """The error of a sign of another language."""
    right = SIGNS[found]
    return Diagnostic(
        "S001",
        span,
        f"`{found}` is written `{right}`",
        f"write `{right}`",
        fixes=(
            Fix(
                f"Write `{right}`", (Edit(span, f" {right} " if right.isalpha() else right),), True
            ),
        ),
    )
