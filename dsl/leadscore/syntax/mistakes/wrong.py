"""The word at which a statement stopped, and the form that most advice has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.syntax.expected import END, Place
from leadscore.syntax.parser import lark_parser

_LONGEST = 10_000
"""Longer statements are not read again to try advice on them; people write none."""


@dataclass(frozen=True, slots=False)
class Wrong:
    """The token at fault, with what stands around it. At the end of the text it is empty."""

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

    @property
    def is_long(self) -> bool:
        """Whether the statement is too long to try advice on it."""
        return len(self.text) > _LONGEST

    @cached_property
    def _left(self) -> int:
        return _unread(self.text, self.symbol)

    def helped_by(self, fix: Fix) -> bool:
        """Whether the parser gets further in the statement once a fix is made."""
        if self.is_long:
            return False
        # Behind what the fix changes here: in a shorter text the same error stands nearer the end.
        size = len(self.text.rstrip())
        ends = (e.span.end for e in fix.edits if e.span.start <= size - self._left)
        most = min(self._left - 1, size - max(ends, default=0))
        return _unread(made(self.text, fix), self.symbol) <= most

    def mended_by(self, fix: Fix) -> bool:
        """Whether the statement has no error of syntax once a fix is made."""
        return not self.is_long and _unread(made(self.text, fix), self.symbol) < 0


def made(text: str, fix: Fix) -> str:
    """`text` with a fix made."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _unread(text: str, symbol: str) -> int:
    """How many letters stand behind the place where the parser stops; -1 where it does not."""
    text = text.rstrip()
    try:
        lark_parser().parse(text, start=symbol)
    except UnexpectedCharacters as error:
        return len(text) - (error.pos_in_stream or 0)  # type: ignore[redundant-expr]  # Lark declares it as None
    except UnexpectedToken as error:
        token: Token = error.token
        return 0 if token.type == END else len(text) - (token.start_pos or 0)
    except UnexpectedInput:
        return len(text)
    return -1


def replaced(span: Span, message: str, *rights: str, safe: bool = False) -> Diagnostic:
    """The advice to write `rights[0]`, or one of the others, in place of `span`; as fixes too."""
    shown_rights = [f"`{right.strip()}`" for right in rights]
    return Diagnostic(
        "S001",
        span,
        message,
        f"write {shown_rights[0]}" if len(rights) == 1 else f"{' or '.join(shown_rights)}?",
        fixes=tuple(
            Fix(f"Write `{right.strip()}`", (Edit(span, right),), safe) for right in rights
        ),
    )


def shown(word: str) -> str:
    """A word in a message; a long one is cut."""
    return f"`{word}`" if len(word) <= 40 else f"`{word[:39]}…`"


def is_word(w: Wrong) -> bool:
    """Whether a word stands here, rather than a sign, a text or a name in brackets."""
    return w.token.type not in ("TEXT", "BRACKETED") and w.word.replace("_", "").isalnum()
