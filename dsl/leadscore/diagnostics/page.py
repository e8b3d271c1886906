"""A diagnostic as a small page: title, place, the line with carets, what to do."""

from __future__ import annotations

import unicodedata

from leadscore.diagnostics.diagnostic import LEVELS, Diagnostic, Source, Span

_WIDEST = 160
_LONGEST = 300
"""Characters of a message that are printed: names and texts in it can be of any length."""

_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;36m",
    "rule": "\x1b[34m",
    "end": "\x1b[0m",
}


def page(diagnostic: Diagnostic, source: Source, *, color: bool = False) -> str:
    """The page of `diagnostic`, several lines without a final line break.

    With `color`, ANSI sequences set off the title and the carets.
    """

    def paint(text: str, style: str) -> str:
        return f"{_STYLES[style]}{text}{_STYLES['end']}" if color else text

    line, column = source.place(diagnostic.span.start)
    places = [(diagnostic.span, diagnostic.label, "^")]
    places += [(note.span, note.text, "-") for note in diagnostic.notes]
    width = max(len(str(source.place(span.start)[0])) for span, _, _ in places)
    bar = paint("│", "rule")
    out = [
        paint(f"{LEVELS[diagnostic.severity]}[{diagnostic.code}]", diagnostic.severity)
        + f": {sentence(diagnostic.message)}",
        f"{' ' * width} {paint('┌─', 'rule')} {printable(source.name)}:{line}:{column}",
        f"{' ' * width} {bar}",
    ]
    places.sort(key=lambda place: place[0].start)
    shown = 0
    for span, label, mark in places:
        number, text, carets = _underlined(source, span, mark)
        if number != shown:
            out.append(f"{paint(str(number).rjust(width), 'rule')} {bar} {text}".rstrip())
            shown = number
        style = diagnostic.severity if mark == "^" else "rule"
        out.append(f"{' ' * width} {bar} {paint(f'{carets} {sentence(label)}'.rstrip(), style)}")
    if diagnostic.hint:
        out.append(f"{' ' * width} {bar}")
        out += [
            f"{' ' * width} {paint('=', 'rule')} {sentence(line)}"
            for line in diagnostic.hint.split("\n")
        ]
    return "\n".join(out)


def sentence(text: str) -> str:
    """`text` as it can be printed, cut where it is very long."""
    return printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def printable(text: str) -> str:
    """`text` with control characters and lone surrogates made visible and harmless."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else f"\\u{{{ord(c):x}}}" for c in text
    )


def _underlined(source: Source, span: Span, mark: str) -> tuple[int, str, str]:
    """Line number, its text and the carets under `span`; a long line is cut around them."""
    number, column = source.place(span.start)
    text = source.line(number)
    start = column - 1
    end = min(max(start + span.end - span.start, start + 1), max(len(text), start + 1))
    left = 0
    if len(text) > _WIDEST:
        left = max(0, start - 60)
        text, start, end = text[left : left + _WIDEST], start - left, min(end - left, _WIDEST)
    prefix, marked = printable(text[:start]), printable(text[start:end]) or " "
    lead = "…" if left else ""
    return (
        number,
        lead + printable(text),
        " " * (len(lead) + _columns(prefix)) + mark * max(1, _columns(marked)),
    )


def _columns(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
        for c in text
    )
