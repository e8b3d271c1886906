"""Random sentences of the grammar, drawn from its own rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st
from lark import Lark
from lark.grammar import Rule, Symbol

from leadscore.syntax.grammar import STARTS, grammar_text

WORDS = {
    "TEXT": ('"a"', '"5"" pipe"', '"a # b"', '"open ("', '"and,"', '"é\u3000"', '"[x"'),
    "NAME": ("a", "b_1", "größe", "件数", "İd"),
    "BRACKETED": ("[Number of Employees]", "[a]]b]", "[# (]", "[score]", "[x, and]"),
    "INT": ("0", "3", "365"),
    "NUM": ("2.5", "10k", "1.5M"),
    "SIGNED": ("+10", "-2.5", "+1k"),
    "DATE": ("2026-01-31", "2026-01-31T09:30", "2026-01-31T09:30:15"),
    "PERCENT": ("50%", "12.5%"),
    "UNIT": ("day", "hours", "weeks", "month"),
    "UNKNOWN_VALUES": ("unknown values", "unknown  values"),
    "_END": ("\n",),
}


@cache
def whole() -> Lark:
    """The parser of whole files, in strict mode: a conflict or a collision is an error."""
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer="basic",
        start=["file", *STARTS],
        keep_all_tokens=True,
        maybe_placeholders=False,
        strict=True,
    )


@cache
def _rules() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for rule in whole().rules:
        rules.setdefault(rule.origin.name, []).append(rule)
    return rules


@cache
def _heights() -> dict[str, int]:
    """The least depth of a tree of each rule."""
    heights: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for name, rules in _rules().items():
            for rule in rules:
                height = _height(rule, heights)
                if height is not None and height < heights.get(name, 1000):
                    heights[name] = height
                    changed = True
    return heights


def _height(rule: Rule, heights: dict[str, int]) -> int | None:
    depths = [0 if symbol.is_term else heights.get(symbol.name) for symbol in rule.expansion]
    return None if None in depths else 1 + max((d for d in depths if d is not None), default=0)


@st.composite
def sentences(draw: Callable[[Any], Any], start: str = "file", size: int = 60) -> str:
    """A text that the grammar accepts, its words separated by single blanks."""
    patterns = {terminal.name: terminal.pattern.value for terminal in whole().terminals}
    out: list[str] = []
    stack: list[Symbol] = list(draw(st.sampled_from(_rules()[start])).expansion[::-1])
    left = size
    while stack:
        symbol = stack.pop()
        if symbol.is_term:
            out.append(draw(st.sampled_from(WORDS.get(symbol.name, (patterns.get(symbol.name),)))))
            continue
        rules = _rules()[symbol.name]
        left -= 1
        if left < 0:
            rule = min(rules, key=lambda rule: _height(rule, _heights()) or 1000)
        else:
            rule = draw(st.sampled_from(rules))
        stack += rule.expansion[::-1]
    return " ".join(out).replace("\n ", "\n")
