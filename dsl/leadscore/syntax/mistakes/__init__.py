"""From the parser's error to a sentence about what was probably meant, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from leadscore.diagnostics import Diagnostic, Span
from leadscore.syntax import characters
from leadscore.syntax.expected import END, Place, phrase
from leadscore.syntax.mistakes.joints import where_and, where_joined
from leadscore.syntax.mistakes.lines import first_word, not_begun
from leadscore.syntax.mistakes.numbers import number_forms, several_points, signs
from leadscore.syntax.mistakes.order import event_forms, order
from leadscore.syntax.mistakes.outputs import own_output
from leadscore.syntax.mistakes.parentheses import open_parenthesis, parenthesis, unclosed
from leadscore.syntax.mistakes.parts import needless, no_trigger, percentage, unfinished
from leadscore.syntax.mistakes.windows import late_window
from leadscore.syntax.mistakes.words import (
    lost_quote,
    missing,
    misspelt,
    rephrased_phrase,
    reserved,
    synonym,
    unbracketed,
    unknown_forms,
    unquoted,
    upper_case,
)
from leadscore.syntax.mistakes.wrong import Wrong, shown

__all__ = ["explain", "where_joined"]

Guess = Callable[[Wrong], Diagnostic | None]


def explain(text: str, symbol: str, error: UnexpectedInput) -> Diagnostic:
    """The diagnostic of a statement that could not be parsed. Spans are in the statement."""
    if isinstance(error, UnexpectedCharacters):
        stop: int = error.pos_in_stream  # type: ignore[assignment]  # Lark declares it as None
        found = None
        if text[stop] == "+":  # of `3+ times`
            found = _advised(
                Wrong(
                    text, symbol, Token("", "+"), Span(stop, stop + 1), Place(text, symbol, stop)
                ),
                (rephrased_phrase,),
            )
        return found or characters.mistake(text, stop)
    assert isinstance(error, UnexpectedToken)
    token: Token = error.token
    ends = token.type == END
    at = len(text) if ends else token.start_pos or 0
    end = token.end_pos or at
    if not ends and end < len(text) and not text[end].isprintable() and not text[end].isspace():
        return characters.mistake(text, end)  # an invisible character breaks the word apart
    place = Place(text, symbol, at + 1 if ends else at)
    if ends:
        last = len(text.rstrip())
        span = Span(max(0, last - 1), last)
        return _advised(Wrong(text, symbol, token, span, place), _AT_END) or _early_end(text, place)
    wrong = Wrong(text, symbol, token, Span(at, token.end_pos or at), place)
    found = _advised(wrong, _GUESSES)
    if found is not None:
        return found
    return Diagnostic(
        "S001",
        wrong.span,
        f"{shown(wrong.word)} cannot stand here",
        f"expected {phrase(wrong.accepted)}",
    )


def _advised(wrong: Wrong, guesses: tuple[Guess, ...]) -> Diagnostic | None:
    """What the first guess says whose fixes help, if it has any; only those are offered."""
    for guess in guesses:
        found = guess(wrong)
        if found is None:
            continue
        if wrong.is_long and found.fixes:  # they cannot be tried
            if guess in _FIRM:
                return found
            continue
        fixes = tuple(filter(wrong.helped_by, found.fixes))
        whole = tuple(filter(wrong.mended_by, fixes))
        if guess not in _FIRM and whole:
            fixes = whole  # one that leaves an error is not what was meant
        if fixes or not found.fixes or guess in _FIRM:
            return replace(found, fixes=fixes)
    return None


def _early_end(text: str, place: Place) -> Diagnostic:
    last = len(text.rstrip())
    accepted = place.accepted()
    if ")" in accepted and open_parenthesis(text) is not None:
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


_GUESSES: tuple[Guess, ...] = (
    where_and,
    late_window,
    percentage,
    rephrased_phrase,
    unfinished,
    several_points,
    number_forms,
    signs,
    parenthesis,
    unknown_forms,
    first_word,
    event_forms,
    upper_case,
    unbracketed,
    order,
    synonym,
    own_output,
    reserved,
    misspelt,
    no_trigger,
    lost_quote,
    unquoted,
    missing,
    needless,
    not_begun,
)
"""From the most to the least telling."""
_AT_END: tuple[Guess, ...] = (
    rephrased_phrase,
    percentage,
    unfinished,
    needless,
)
"""Of a statement that stops too early."""
_FIRM = frozenset(
    (
        where_and,
        several_points,
        number_forms,
        signs,
        parenthesis,
        first_word,
        event_forms,
        order,
        own_output,
        reserved,
        lost_quote,
    )
)
"""Guesses that are certain, even where their fixes do not help."""
