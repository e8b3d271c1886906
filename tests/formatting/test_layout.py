"""What the formatter changes, and what it must not: the plan, comments, lines with errors."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conformance.cases import cases
from tests.formatting.mess import comments_of, meanings, messed, shape, words
from tests.independent.generate import ModelMaker
from tests.syntax.sentences import sentences
from tests.syntax.test_recovery import _SCRAPS, TYPOS
from tests.syntax.texts import FULL, valid_models

import leadscore
from leadscore.diagnostics import Edit
from leadscore.formatting import lay_out
from leadscore.plan.terms import Case, Group, Rule, Scope
from leadscore.syntax import nodes as n
from leadscore.syntax.document import parse
from leadscore.syntax.parser import tokens
from leadscore.syntax.tidy import tidy
from leadscore.syntax.walk import walk

PAIRS = sorted((Path(__file__).parent / "pairs").glob("*.before.score"))
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.score"))
seeds = st.integers(0, 2**48)


def read(path: Path) -> str:
    return path.read_bytes().decode()


# What it looks like


@pytest.mark.parametrize("before", PAIRS, ids=lambda path: path.name.split(".")[0])
def test_pairs(before: Path) -> None:
    after = before.with_name(before.name.replace(".before.", ".after."))
    assert leadscore.format(read(before)) == read(after)
    assert leadscore.format(read(after)) == read(after)
    if before.name.startswith("errors."):
        assert lay_out(read(before)).errors
    else:
        assert not parse(read(before)).broken


def test_the_pairs_have_every_construct() -> None:
    seen: set[type] = set()
    for path in PAIRS:
        for statement in parse(read(path)).statements:
            if statement.node is not None:
                seen |= {type(node) for node in walk(statement.node)}
    concrete = {
        kind
        for kind in vars(n).values()
        if isinstance(kind, type) and issubclass(kind, n.Node) and kind is not n.Node
    }
    assert {kind.__name__ for kind in concrete - seen} == set()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_examples_are_laid_out(path: Path) -> None:
    assert lay_out(read(path), str(path)).edits == ()


def test_an_empty_file_stays_empty() -> None:
    for text in ("", "\n", " \n\t\n", "\r\n"):
        assert leadscore.format(text) == ""
    assert leadscore.format("\n\n# only this") == "# only this\n"


def test_line_ends_and_byte_order_marks_stay() -> None:
    unix = 'score "S"\n\ngroup "G"\n  +1 always  # one\n'
    messy = 'score   "S"\ngroup "G"\n+1 always # one'
    assert leadscore.format(messy) == unix
    windows = messy.replace("\n", "\r\n")
    assert leadscore.format(windows) == unix.replace("\n", "\r\n")
    assert leadscore.format(windows.replace("\r", "", 1)) == unix, "mixed line ends"
    assert leadscore.format("\ufeff" + messy) == "\ufeff" + unix
    # A mark that stands elsewhere is an error, and must not become the file's.
    assert parse(leadscore.format('\n\ufeffscore "S"\n')).broken


def test_edits_are_of_single_statements() -> None:
    text = 'score "S"\n\ngroup "G"\n  +1   always\n  # note\n  +2 if a=1\n  +3 if b = 1\n'
    layout = lay_out(text)
    changed = [(text[e.span.start : e.span.end], e.text) for e in layout.edits]
    assert changed == [
        ("  +1   always\n", "  +1 always\n"),
        ("  # note\n  +2 if a=1\n", "  # note\n  +2 if a = 1\n"),
    ]
    assert layout.errors == ()


def test_errors_have_their_place_in_the_file() -> None:
    text = 'score "S"\ngroup "G"\n  +1 always\n  +2 iff a = 1\n'
    (error,) = lay_out(text).errors
    assert text[error.span.start : error.span.end] == "iff"


# What it must not change


def joined(text: str) -> str:
    return text.replace("( ", "(").replace(" )", ")")


def counted(text: str) -> Counter[str]:
    return Counter(words(text))


def plan_of(text: str, spelt: Any) -> Any:
    """The plan of a model, without line numbers, its texts of statements as `spelt` has them."""

    def part(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return tuple(part(item) for item in value)
        if isinstance(value, dict):
            return tuple((part(key), part(item)) for key, item in value.items())
        if not dataclasses.is_dataclass(value) or isinstance(value, Enum):
            return value
        kept = [type(value).__name__]
        for each in dataclasses.fields(value):
            item = getattr(value, each.name)
            if each.name == "line":
                continue
            if each.name == "text" and isinstance(value, (Case, Group, Rule, Scope)):
                kept.append(spelt(item))
            else:
                kept.append(part(item))
        return tuple(kept)

    return part(leadscore.loads(text).plan)


@given(seeds)
def test_the_plan_stays(seed: int) -> None:
    """All of it is equal but what says the author's layout: lines, blanks, order of modifiers."""
    random = Random(seed)
    text = messed(ModelMaker(random).model().text, random)
    assert plan_of(leadscore.format(text), counted) == plan_of(text, counted)


@given(seeds)
def test_texts_of_statements_stay_but_for_blanks(seed: int) -> None:
    """Where modifiers are in order already, receipts quote the same words in the same order."""
    random = Random(seed)
    in_order = leadscore.format(ModelMaker(random).model().text)
    text = messed(in_order, random, shuffle=False)
    assert plan_of(leadscore.format(text), words) == plan_of(text, words)
    # A line break beside a parenthesis stays, and is a blank in the text of a receipt.
    assert plan_of(leadscore.format(text), joined) == plan_of(in_order, joined)


@pytest.mark.parametrize("text", dict.fromkeys(case.model for case in cases()))
def test_conformance_models_keep_their_plan(text: str) -> None:
    assert plan_of(leadscore.format(text), counted) == plan_of(text, counted)


def line_ends(found: list[Any]) -> list[Any]:
    """Broken statements may go over lines, whose ends become the file's."""
    return [(s, re.sub("\r*\n", "\n", m) if isinstance(m, str) else m) for s, m in found]


def assert_only_layout_changes(text: str) -> str:
    before = parse(text)
    formatted = leadscore.format(text)
    after = parse(formatted)
    assert line_ends(meanings(after)) == line_ends(meanings(before))
    assert shape(after) == shape(before)
    assert comments_of(after) == comments_of(before)
    assert leadscore.format(formatted) == formatted, "not the same when formatted again"
    assert edited(text.removeprefix("\ufeff"), lay_out(text).edits) == formatted.removeprefix(
        "\ufeff" if text.startswith("\ufeff") else ""
    )
    return formatted


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def no_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(seeds)
def test_messed_up_models(seed: int) -> None:
    """The words of each statement, each comment and its statement, the blocks: all as before."""
    random = Random(seed)
    text = messed(ModelMaker(random).model().text, random)
    assert not parse(text).broken
    formatted = assert_only_layout_changes(text)
    assert Counter(no_blanks(formatted)) == Counter(no_blanks(text))
    assert "\n\n\n" not in formatted.replace("\r", "")
    assert not re.search(r"[ \t]\r?$", formatted, re.MULTILINE)


@given(seeds)
def test_one_layout_for_all_ways_to_write_a_model(seed: int) -> None:
    """Blanks, indentation and the order of modifiers leave no trace."""
    random = Random(seed)
    text = ModelMaker(random).model().text.replace("\r", "")
    flush = "\n".join(
        re.sub(r" (?=(?:[^\"\[\]]|\"(?:[^\"]|\"\")*\"|\[[^\]]*\])*$)", "   ", line.strip())
        for line in text.split("\n")
    )
    assert leadscore.format(flush) == leadscore.format(text)


@given(sentences())
def test_sentences_of_the_grammar(text: str) -> None:
    assert_only_layout_changes(text)


@given(seeds)
def test_broken_lines_stay_to_the_letter(seed: int) -> None:
    """And the rest is formatted as ever: nothing is lost, and no line changes its meaning."""
    random = Random(seed)
    text = random.choice((FULL, *valid_models(), ModelMaker(random).model().text))
    if random.random() < 0.7:
        text = messed(text, random)
    lines = text.split("\n")
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(lines))
        lines[at] = TYPOS[random.choice(sorted(TYPOS))](lines[at], random.randrange(200))
    text = "\n".join(lines)
    formatted = assert_only_layout_changes(text)
    ends = {line.rstrip("\r") for line in formatted.split("\n")}
    document = parse(text)
    for statement in document.statements:
        if statement.node is None:
            first = statement.line - 1
            last = first + statement.parsed.text.count("\n")
            assert {
                line.rstrip("\r")
                for line in text.removeprefix("\ufeff").split("\n")[first : last + 1]
            } <= ends
    assert Counter(no_blanks(formatted)) == Counter(no_blanks(text))


@given(
    st.one_of(
        st.text(),
        st.lists(st.one_of(_SCRAPS, st.just("\n"), st.just("\n  ")), max_size=60).map(" ".join),
        st.lists(st.one_of(_SCRAPS, st.just("\n")), max_size=60).map("".join),
    )
)
def test_any_text(text: str) -> None:
    assert_only_layout_changes(text)


@pytest.mark.parametrize("text", valid_models(), ids=lambda text: text.split("\n", 1)[0][:40])
def test_a_receipt_quotes_a_rule_as_the_layout_has_it(text: str) -> None:
    """`tidy` and the layout set the same blanks, but for columns, line breaks and modifiers."""
    laid_out = leadscore.format(text)
    for statement in parse(laid_out).statements:
        words = [str(token) for token in tokens(statement.parsed.text)]
        line = re.sub(r" ([,):])|(\() ", r"\1\2", " ".join(words))
        assert tidy(statement.parsed.text) == line
