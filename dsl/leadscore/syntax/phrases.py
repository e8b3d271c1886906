"""Whole phrases that people write, and how the language says them.

Each is looked for around the place where the parser stopped; text elsewhere in the statement does
not matter. A phrase is a guess: it is kept where the statement reads better with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from leadscore.diagnostics import Span

_TEXT = r'"(?:[^"\n]|"")*"'
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?"
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?[kM]?(?![\w%.-])"
_NAME = r"(?:[^\W\d]\w*|\[(?:[^\]\n]|\]\])+\])"
_UNIT = r"(?:minute|hour|day|week|month|year)"
_AGE = rf"[0-9]+\s+{_UNIT}s?\b"
# What a comparison can be with, but for a name.
_VALUE = rf"(?:{_TEXT}|{_DATE}|{_NUMBER}(?!\s+(?:{_UNIT}s?|times?)\b))"
_OPERAND = rf"({_VALUE}|(?!(?:than|or|equal|to)\b){_NAME})"
# After a name, not after a word that a name would follow.
_NO_NAME = r"(?<!\bis )(?<!\bif )(?<!\bor )(?<!\band )(?<!\bnot )"
_AFTER_NAME = r"(?<=[\w\]] )"
_BEGINS = r"(?:(?<=\bif )|(?<=\bwhen )|(?<=\band )|(?<=\bor )|(?<=\bnot )|(?<=\()|(?<=\bas ))"
_MODIFIERS = "limit|decay|no decay|latest|up to|reset by|named"
_LAST = r"(?:last|past|previous|recent)"
_VERBS = (
    "opened|clicked|visited|submitted|downloaded|attended|received|sent|did|had|has|booked|viewed|"
    "requested|registered|replied|called|filled|watched|joined|signed|answered|completed|started"
)
_EVENTS = re.compile(
    r'[+-][^"]*?\b(?:for\s+each|once\s+for)\s+(?:"|any\b|[0-9]+\s+\w+\s+without\b)'
    r"|by\s+(?:count|total|highest|lowest|average)\s+of\b"
)

_AROUND = 2_000
"""How far from the place a phrase may begin or end: time does not grow with the text."""

Right = str | Callable[[re.Match[str]], str | tuple[str, ...]]


def _any_of(found: re.Match[str]) -> str:
    texts = ", ".join(re.findall(_TEXT, found.group(2)))
    return f"is {'none' if found.group(1) else 'any'} of {texts}"


def _label_range(found: re.Match[str]) -> str:
    low, high = found.groups()
    return f"from {low} and below {_next(high, 1)}"


def _next(digits: str, step: int) -> str:
    """A number beside another; no arithmetic on thousands of digits."""
    return str(int(digits) + step) if len(digits) < 10 else digits


def _sign(sign: str) -> Right:
    return lambda found: f"{sign} {found.group(1)}"


def _equal(found: re.Match[str]) -> str:
    negated, value = found.groups()
    if value.startswith('"'):
        return f"is not {value}" if negated else f"is {value}"
    return f"!= {value}" if negated else f"= {value}"


def _age(found: re.Match[str]) -> tuple[str, ...]:
    """A date that is compared with a duration. With `ago` the sign says which side is meant."""
    sign, age, word = found.groups()
    ways = (f"is within the last {age}", f"is more than {age} ago")
    if word == "ago":
        return ways[1:] if sign[0] == "<" else ways[:1]
    ways = ways if sign[0] == "<" else ways[::-1]
    return ways[:1] if word == "old" else ways


def _frequency(found: re.Match[str]) -> str:
    sign, count = found.groups()
    match sign:
        case ">=":
            return f"at least {count} times"
        case ">":
            return f"at least {_next(count, 1)} times"
        case "<=":
            return f"at most {count} times"
        case "<" if count.strip("0"):
            return f"at most {_next(count, -1)} times"
        case _:
            return f"exactly {count} times"


def _fewer(found: re.Match[str]) -> str:
    count = found.group(1)
    return f"at most {_next(count, -1) if count.strip('0') else '0'} times"


def _up_to(found: re.Match[str]) -> str:
    count = {"once": "1", "one": "1", "twice": "2"}.get(found.group(1), found.group(1))
    return f"up to {count} per {found.group(2)}"


def _decay(found: re.Match[str]) -> str:
    percent, count, unit = found.groups()
    return f"decay {percent} every {count or '1 '}{unit}"


def _event(found: re.Match[str]) -> tuple[str, ...]:
    return f"event {found.group(2)}", f"{found.group(1)} is {found.group(2)}"


def _is_text(found: re.Match[str]) -> str:
    return f"{found.group(1)} is {found.group(2)}"


_MORE = r"(?:greater|more|bigger|larger|higher|later)\s+than"
_LESS = r"(?:less|fewer|smaller|lower|earlier)\s+than"
_OR_EQUAL = r"\s+or\s+equal(?:s)?(?:\s+to)?"

_PHRASES: tuple[tuple[re.Pattern[str], Right], ...] = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"\bis\s+one\s+of\b", "is any of"),
        (r"\bis\s+not\s+one\s+of\b", "is none of"),
        (rf"\bis\s+(not\s+)?({_TEXT}(?:\s*(?:,|\bor\b)\s*{_TEXT})+)", _any_of),
        (rf"\bis\s+(not\s+)?in\s+({_TEXT}(?:\s*,\s*{_TEXT})*)", _any_of),
        (rf"{_AFTER_NAME}{_NO_NAME}between(?=\s+\S+\s+and\s)", "is between"),
        # how old a date is
        (rf"([<>]=?)\s*({_AGE})(?:\s+(ago|old)\b)?", _age),
        (rf"\b(?:is\s+)?older\s+than\s+({_AGE})(?:\s+(?:ago|old)\b)?", r"is more than \1 ago"),
        (rf"\b(?:is\s+)?more\s+than\s+({_AGE})(?:\s+(?:ago|old)\b)?", r"is more than \1 ago"),
        (
            rf"\b(?:is\s+)?(?:less|newer|younger|fewer)\s+than\s+({_AGE})(?:\s+(?:ago|old)\b)?",
            r"is within the last \1",
        ),
        (
            rf"\b(?:is\s+|was\s+)?(?:in|within|during)\s+(?:the\s+)?(?:{_LAST}\s+)?({_AGE})",
            r"is within the last \1",
        ),
        (
            rf"\b(?:is\s+|was\s+)?(?:in|within|during)\s+(?:the\s+)?next\s+({_AGE})",
            r"is within the next \1",
        ),
        (rf"\b(?:is\s+)?(?:after|since)\s+({_DATE})", r"> \1"),
        (rf"\b(?:is\s+)?before\s+({_DATE})", r"< \1"),
        # the windows of events
        (
            rf"\b(?:in|within|during|over|for|of)\s+(?:the\s+)?(?:{_LAST}\s+)?({_AGE})",
            r"in the last \1",
        ),
        (rf"\b(?:the\s+)?{_LAST}\s+({_AGE})", r"in the last \1"),
        (rf"\bin\s+the\s+last\s+({_UNIT})\b", r"in the last 1 \1"),
        # how large a number is
        (rf"{_AFTER_NAME}(?:is\s+)?{_MORE}{_OR_EQUAL}\s+{_OPERAND}", _sign(">=")),
        (rf"{_AFTER_NAME}(?:is\s+)?{_LESS}{_OR_EQUAL}\s+{_OPERAND}", _sign("<=")),
        (rf"{_AFTER_NAME}(?:is\s+)?(?:at\s+least|(?:no|not)\s+{_LESS})\s+{_OPERAND}", _sign(">=")),
        (rf"{_AFTER_NAME}(?:is\s+)?(?:at\s+most|(?:no|not)\s+{_MORE})\s+{_OPERAND}", _sign("<=")),
        (rf"{_AFTER_NAME}(?:is\s+)?(?:{_MORE}|above|over|exceeds)\s+{_OPERAND}", _sign(">")),
        (rf"{_AFTER_NAME}(?:is\s+)?(?:{_LESS}|below|under)\s+{_OPERAND}", _sign("<")),
        (
            rf"{_AFTER_NAME}(?:(is\s+not|does\s+not|doesn't|isn't|not)\s+|is\s+)?"
            rf"(?:equals?(?:\s+to)?|the\s+same\s+as|exactly)\s+{_OPERAND}",
            _equal,
        ),
        (rf"\bis\s+([<>]=?|!?=)\s*{_OPERAND}", r"\1 \2"),
        # whether there is a value
        (rf"{_AFTER_NAME}(?:does\s+not|doesn't|do\s+not)\s+exists?\b", "is unknown"),
        (rf"{_AFTER_NAME}exists?\b", "is known"),
        (r"\bis\s+not\s+filled\s+(?:in|out)\b", "is unknown"),
        (r"\bis\s+filled\s+(?:in|out)\b", "is known"),
        (rf"{_BEGINS}(?:has|have)\s+(?:(?:an?|any|the|some)\s+)?({_NAME})", r"\1 is known"),
        # how often
        (r"(>=|<=|>|<|=)\s*([0-9]+)(?:\s+times?\b)?", _frequency),
        (r"\b([0-9]+)\s*(?:\+\s*times?\b|times?\s+or\s+more\b)", r"at least \1 times"),
        (r"\b([0-9]+)\s+or\s+more(?:\s+times?\b)?", r"at least \1 times"),
        (r"\b([0-9]+)\s+(?:times?\s+or\s+(?:less|fewer)|or\s+(?:less|fewer)\s+times?)\b",
         r"at most \1 times"),
        (r"\b(?:less|fewer)\s+than\s+([0-9]+)\s+times?\b", _fewer),
        (r"\b(?:no\s+more\s+than|up\s+to|max|maximum|limit)\s+([0-9]+)\s+times?\b",
         r"at most \1 times"),
        # events
        (rf"\b(if|and|or|not|no|when)\s+({_TEXT})", r"\1 event \2"),
        (rf"\b(for\s+each|once\s+for)\s+[^\W\d]\w*\s+({_TEXT})", r"\1 \2"),
        (rf"{_BEGINS}({_VERBS})\s+({_TEXT})", _event),
        (rf"{_BEGINS}({_NAME})\s+({_TEXT})", _is_text),
        (
            r"\b(?:(?:only|limit|limited\s+to|max|maximum|maximum\s+of|at\s+most|no\s+more\s+than|"
            r"capped\s+at|cap|up\s+to)\s+)*(once|one|twice|[0-9]+)(?:\s+times?)?"
            r"\s+(?:per|an?|every|each)\s+(hour|day|week|month|quarter|year)\b",
            _up_to,
        ),
        (
            r"\bdecay(?:s|ing|ed)?\s+(?:by\s+)?([0-9]+(?:\.[0-9]+)?%)\s+"
            rf"(?:per|an?|every|each)\s+([0-9]+\s+)?({_UNIT}s?)\b",
            _decay,
        ),
        # labels, signs
        (r"\bfrom\s+([0-9]+)\s+to\s+([0-9]+)\b", _label_range),
        (r'\bcolor\s+"(\w+)"', r"color \1"),
        (r"\b([0-9]+(?:\.[0-9]+)?)\s+million\b", r"\1M"),
        (r"\b([0-9]+(?:\.[0-9]+)?)\s+thousand\b", r"\1k"),
        (rf",\s*({_MODIFIERS})\b", r" \1"),
    )
)  # fmt: skip
"""What comes first is tried first: the longer of two that begin alike."""


def rephrased(text: str, at: int) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The phrases around offset `at` that the language may say in another way, and those ways.

    A phrase may end right before `at`: only what follows shows that it goes wrong.
    """
    counts_events = _EVENTS.match(text, 0, _AROUND) is not None
    for pattern, right in _PHRASES:
        if right is _up_to and not counts_events:
            continue
        for found in pattern.finditer(text, max(0, at - _AROUND), at + _AROUND):
            if found.start() > at:
                break
            if found.end() == at + _AROUND:
                continue  # cut off
            if at <= found.end() or not text[found.end() : at].strip():
                said = right(found) if callable(right) else found.expand(right)
                yield Span(*found.span()), (said,) if isinstance(said, str) else said
