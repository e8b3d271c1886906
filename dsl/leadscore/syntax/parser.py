"""One statement: from its text to its node, or to the error that stands in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from leadscore.diagnostics import Diagnostic, Span
from leadscore.syntax import nodes as n
from leadscore.syntax.builder import Builder
from leadscore.syntax.grammar import STARTS, grammar_text, table_text
from leadscore.syntax.table import taken

MAX_DEPTH = 60
"""Parentheses and `not`s inside each other. Python's own parser stops at 200 parentheses, and
nobody reads ten."""


@dataclass(eq=False, slots=True)
class Parsed:
    """What a statement's text is, wherever it stands: a node, or None and an error.

    Spans count from the start of the statement. `memo` is for passes that keep what they found
    out about the statement with it.
    """

    text: str
    symbol: str
    node: n.Line | None
    diagnostics: tuple[Diagnostic, ...]
    memo: dict[str, object] = field(default_factory=dict)


OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "basic",
    "start": list(STARTS),
    "keep_all_tokens": True,
    "maybe_placeholders": False,
}
"""How Lark makes a parser of the grammar."""


@cache
def lark_parser() -> Lark:
    """The parser of single statements, with nodes instead of trees."""
    grammar, content, builder = grammar_text(), table_text(), Builder()
    found = taken(content, grammar, OPTIONS, builder) if content is not None else None
    return found or Lark(grammar, **OPTIONS, transformer=builder)


@lru_cache(maxsize=20_000)
def parse_statement(text: str, symbol: str) -> Parsed:
    """The node of a statement, remembered by its text."""
    deep = _too_deep(text)
    if deep is not None:
        return Parsed(text, symbol, None, (deep,))
    try:
        node = lark_parser().parse(text, start=symbol)
    except UnexpectedInput as error:
        from leadscore.syntax.mistakes import explain

        return Parsed(text, symbol, None, (explain(text, symbol, error),))
    return Parsed(text, symbol, node, ())  # type: ignore[arg-type]  # the builder's callbacks make nodes


_NESTING = re.compile(
    r'"(?:[^"\n]|"")*"?|\[(?:[^\]\n]|\]\])*\]?|#[^\n]*|[()]|(?<!\w)(?:not|and|or)(?!\w)'
)


def _too_deep(text: str) -> Diagnostic | None:
    """The error where conditions are nested too deeply to be read, by people or by programs."""
    if text.count("(") + text.count("not") <= MAX_DEPTH:
        return None
    nots = 0
    outer: list[int] = []
    total = 0
    for found in _NESTING.finditer(text):
        match found.group():
            case "(":
                outer.append(nots)
                total += nots + 1
                nots = 0
            case ")":
                if outer:
                    nots = outer.pop()
                    total -= nots + 1
            case "not":
                nots += 1
            case "and" | "or":
                nots = 0
        if total + nots > MAX_DEPTH:
            return Diagnostic(
                "S007",
                Span(*found.span()),
                f"Conditions are nested more than {MAX_DEPTH} deep",
                "this level is too many",
                "Take parts out into definitions: `define worth_a_call as …`.",
            )
    return None


def tokens(text: str) -> list[Token]:
    """The tokens of a statement, comments left out. Raises Lark's error at a bad character."""
    interactive = lark_parser().parse_interactive(text, start=STARTS[0])
    return list(interactive.lexer_thread.lex(interactive.parser_state))  # type: ignore[no-untyped-call]  # Lark has no types here
