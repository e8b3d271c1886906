"""The grammar: without conflicts, in step with the builder, the same by statement and by file."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Token
from lark.exceptions import UnexpectedInput
from tests.syntax.sentences import sentences, whole
from tests.syntax.texts import FULL, valid_models

from leadscore.analysis import analyse
from leadscore.syntax import nodes as n
from leadscore.syntax.builder import Builder
from leadscore.syntax.document import Document, parse
from leadscore.syntax.grammar import STARTS, grammar_text, keywords
from leadscore.syntax.parser import lark_parser, parse_statement, tokens
from leadscore.syntax.walk import walk


def test_it_has_no_conflict_and_no_colliding_terminals() -> None:
    parser = whole()  # strict: Lark raises at a conflict, and at terminals that overlap
    assert set(parser.options.start) == {"file", *STARTS}


def test_every_rule_has_a_method_and_every_method_a_rule() -> None:
    called = set()
    for rule in lark_parser().rules:
        name = rule.alias or rule.origin.name
        passed_on = rule.options.expand1 and len(rule.expansion) == 1 and not rule.alias
        if not name.startswith("_") and not passed_on:
            called.add(name)
    methods = {name for name in vars(Builder) if not name.startswith("_")}
    assert methods == called


def test_every_node_class_is_built_by_some_text() -> None:
    """The corpus of the other tests leaves no construct out."""
    kinds = {
        kind
        for kind in vars(n).values()
        if isinstance(kind, type) and issubclass(kind, n.Node) and kind is not n.Node
    }
    texts = [*valid_models(), f"edition 1\n{FULL}", _RARE]
    built = {
        type(node)
        for text in texts
        for statement in parse(text).statements
        if statement.node is not None
        for node in walk(statement.node)
    }
    assert kinds - built == set()


_RARE = """\
score "x"
test "y"
  in list "a"
  expect fit label "b", fast track "c", no fast track, group "d" > 3
"""


def test_the_comment_in_the_grammar_is_true() -> None:
    """Reserved are the quoted words and the units, and nothing else."""
    for word in keywords():
        assert word.islower()
        assert f'"{word}"' in grammar_text() or word.rstrip("s") in (
            "minute", "hour", "day", "week", "month", "year",
        )  # fmt: skip


# Where a name can stand, with the start symbol of its statement.
NAME_PLACES = {
    "for": ("line", 'score "x" for {}'),
    "define": ("line", "define {} as a = 1"),
    "property": ("property", "{}: number"),
    "reference": ("line", "only when b = 1 and {}"),
    "not": ("line", "only when not {}"),
    "is": ("line", "only when {} is 1"),
    "is not": ("line", "exclude when {} is not 1"),
    "contains": ("line", 'define x as {} contains "a"'),
    "starts": ("line", 'define x as {} starts with "a"'),
    "compare": ("line", "+1 if {} > 1"),
    "other": ("line", "+1 if a > {}"),
    "percent": ("line", "+1 if a > 5% of {}"),
    "where": ("line", '+1 for each "x" where {} = 1'),
    "amount": ("line", "+1 for each 5 of {}"),
    "elapsed": ("line", "+1 for each 5 days since {}"),
    "by": ("line", "by {}"),
    "different": ("line", 'by count of different {} in "x"'),
    "total": ("line", 'by total of {} in "x"'),
    "case": ("first_case", "{}: +1"),
    "given": ("test_line", "given {} = 1"),
    "with": ("test_line", 'event "x" now with {} = 1'),
}


@pytest.mark.parametrize("place", NAME_PLACES)
def test_reserved_words_are_refused_as_names_and_taken_in_brackets(place: str) -> None:
    symbol, form = NAME_PLACES[place]
    for word in sorted(keywords()):
        text = form.format(word)
        bare = parse_statement(text, symbol)
        if bare.node is not None:
            # The word says something else there: `is not`, `otherwise:`, `= yes`.
            assert word not in _names(bare.node), text
        bracketed = parse_statement(form.format(f"[{word}]"), symbol)
        assert bracketed.node is not None, text
        assert word in _names(bracketed.node), text


def test_the_error_at_a_reserved_word_has_the_brackets_as_its_fix() -> None:
    for word in sorted(keywords() - {"and", "or", "where"}):  # these carry on the line above
        found = analyse(parse(f'score "x"\nproperties\n  {word}: number\n')).diagnostics
        assert [(d.code, d.fixes[0].edits[0].text) for d in found] == [("S004", f"[{word}]")], word


def _names(node: n.Node) -> set[str]:
    return {part.text for part in walk(node) if isinstance(part, n.Name)}


# The same language, by statement and by file


def _whole_file_accepts(document: Document) -> bool:
    """Whether `file` accepts the tokens of all statements, each closed with _END."""
    parser = whole().parse_interactive("", start="file")
    try:
        for statement in document.statements:
            for token in tokens(statement.parsed.text):
                parser.feed_token(token)
            parser.feed_token(Token("_END", "\n"))
        parser.feed_eof()
    except UnexpectedInput:
        return False
    return True


def _no_syntax_errors(document: Document) -> bool:
    return not any(
        found.code.startswith("S") or "score line" in found.label for found in document.diagnostics
    )


def test_both_ways_agree_on_all_models() -> None:
    for text in valid_models():
        document = parse(text)
        assert document.diagnostics == (), text
        assert _whole_file_accepts(document), text


@given(sentences())
def test_both_ways_agree_on_sentences_of_the_grammar(text: str) -> None:
    document = parse(text)
    assert [found for found in document.diagnostics if found.code != "S007"] == []
    assert _whole_file_accepts(document)
    assert len(document.statements) == text.count("\n")


@given(sentences(size=120), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_both_ways_agree_on_shuffled_lines(text: str, random: random.Random) -> None:
    lines = text.splitlines()
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        if random.random() < 0.5:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        elif len(lines) > 1:
            del lines[at]
    document = parse("\n".join(lines))
    assert _whole_file_accepts(document) == _no_syntax_errors(document)


@pytest.mark.parametrize("symbol", STARTS)
@given(data=st.data())
@settings(max_examples=60)
def test_every_start_symbol_has_its_sentences(symbol: str, data: st.DataObject) -> None:
    text = data.draw(sentences(symbol, 25))
    parsed = parse_statement(text, symbol)
    assert parsed.node is not None or parsed.diagnostics[0].code == "S007"
    if parsed.node is not None:
        assert parsed.node.span == (0, len(text))
        for node in walk(parsed.node):
            assert 0 <= node.span.start < node.span.end <= len(text)
