"""The grammar file, found where the package was installed or in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

STARTS = (
    "line",
    "property",
    "event_type",
    "case",
    "first_case",
    "label",
    "axis",
    "test_line",
)
"""The start symbols of single statements."""


@cache
def grammar_text() -> str:
    """The text of ``score.lark``.

    A wheel carries it beside this module; in a checkout, and so in an editable install, it is
    ``grammar/score.lark`` at the top.
    """
    found = _text_of("score.lark")
    if found is None:
        raise FileNotFoundError("score.lark is missing: install leadscore again")
    return found


def table_text() -> str | None:
    """The text of ``score.table.json``, from where the grammar is; None where it is missing."""
    return _text_of("score.table.json")


def _text_of(name: str) -> str | None:
    here = Path(__file__).resolve()
    for place in (here.with_name(name), here.parents[3] / "grammar" / name):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    return None


@cache
def keywords() -> frozenset[str]:
    """Every reserved word: the quoted words of the grammar and the units."""
    from leadscore.syntax.parser import lark_parser

    words = {
        terminal.pattern.value
        for terminal in lark_parser().terminals
        if terminal.pattern.type == "str" and terminal.pattern.value.isalpha()
    }
    units = ("minute", "hour", "day", "week", "month", "year")
    return frozenset(words) | set(units) | {f"{unit}s" for unit in units}
