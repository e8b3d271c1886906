"""The parser that is taken from score.table.json is the parser of the grammar."""

from __future__ import annotations

import pytest
from lark import Lark
from lark.exceptions import UnexpectedInput
from tests.conformance.cases import cases

from leadscore.syntax.builder import Builder
from leadscore.syntax.grammar import grammar_text, table_text
from leadscore.syntax.parser import OPTIONS
from leadscore.syntax.splitter import split
from leadscore.syntax.table import taken


@pytest.fixture(scope="module")
def stored() -> Lark:
    content = table_text()
    assert content is not None, "grammar/score.table.json is missing: make table"
    found = taken(content, grammar_text(), OPTIONS, Builder())
    assert found is not None, "grammar/score.table.json is of another grammar or Lark: make table"
    return found


def outcome(parser: Lark, text: str, symbol: str) -> object:
    try:
        return parser.parse(text, start=symbol)
    except UnexpectedInput as error:
        return error.pos_in_stream, type(error), getattr(error, "accepts", None)


def test_it_parses_the_same(stored: Lark) -> None:
    built = Lark(grammar_text(), **OPTIONS, transformer=Builder())
    seen: set[tuple[str, str]] = set()
    for model in {case.model for case in cases()}:
        for piece in split(model)[0]:
            text = model[piece.start : piece.end]
            # As it is, and broken in two ways.
            seen |= {(text, piece.symbol), (text[:-1], piece.symbol), (text + " +", piece.symbol)}
    assert len(seen) > 1000
    for text, symbol in seen:
        assert outcome(stored, text, symbol) == outcome(built, text, symbol), text


def test_its_terminals_are_the_same(stored: Lark) -> None:
    built = Lark(grammar_text(), **OPTIONS)
    assert sorted(map(repr, stored.terminals)) == sorted(map(repr, built.terminals))


def test_a_table_of_another_grammar_is_not_taken() -> None:
    content = table_text()
    assert content is not None
    assert taken(content, grammar_text() + "\n", OPTIONS, None) is None
