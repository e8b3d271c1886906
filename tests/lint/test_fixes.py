"""Making fixes: what they leave alone, where they stop, and that they never make matters worse."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.errors.test_errors import PROGRAMS
from tests.hostile.growth import assert_linear
from tests.lint.support import findings
from tests.syntax.test_recovery import TYPOS
from tests.syntax.texts import FULL, valid_models

import leadscore
from leadscore import rulebook
from leadscore.diagnostics import Diagnostic, Edit, Fix, Span
from leadscore.fixing import Fixed, fix
from leadscore.lint import Example, check
from leadscore.syntax.document import parse


def errors(text: str) -> int:
    return sum(item.severity == "error" for item in check(text))


def statements_that_parse(text: str) -> int:
    return sum(statement.node is not None for statement in parse(text).statements)


# Real fixes


def test_all_safe_fixes_of_a_text_are_made() -> None:
    text = (
        'score "A"\ngroup "G" as fit\n  +1 if a == 1;\n  +2 if b is “x” and c <> 3\n'
        "  +3 if limit is 5  # allow L101, L999\n"
    )
    fixed = fix(text, check)
    assert fixed.text == (
        'score "A"\ngroup "G" as fit\n  +1 if a = 1\n  +2 if b is "x" and c != 3\n'
        "  +3 if [limit] is 5\n"
    )
    assert [item for item in fixed.left if item.severity == "error"] == []
    assert fixed.made == 7


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    text = 'score "A"\nlimit 0\ngroup "G" as fit\n  +1 if industry is "SaaS"\n'
    assert fix(text, check) == Fixed(text, 0, check(text))
    mended = fix(text, check, unsafe=True)
    assert mended.text == text.replace("limit 0", "limit at least 0")  # the first of two
    assert mended.made == 1


def broken(text: str, data: st.DataObject) -> str:
    """A text with some typos in its lines."""
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        typo = data.draw(st.sampled_from(sorted(TYPOS)))
        lines[at] = TYPOS[typo](lines[at], data.draw(st.integers(0, 200)))
    return "\n".join(lines) + "\n"


@given(st.sampled_from([FULL, *valid_models()]), st.booleans(), st.data())
@settings(max_examples=150)
def test_fixed_texts_are_no_worse(text: str, unsafe: bool, data: st.DataObject) -> None:
    assume(text.strip())
    text = broken(text, data)
    fixed = fix(text, check, unsafe=unsafe)
    assert errors(fixed.text) <= errors(text)
    assert statements_that_parse(fixed.text) >= statements_that_parse(text) - (
        text.count("\n") - fixed.text.count("\n")
    )
    assert fixed.left == check(fixed.text)
    assert (fixed.made == 0) == (fixed.text == text)
    again = fix(fixed.text, check, unsafe=unsafe)
    assert (again.text, again.made) == (fixed.text, 0)


@given(st.sampled_from([FULL, *valid_models()]))
@settings(max_examples=60)
def test_safe_fixes_of_sound_models_keep_what_they_mean(text: str) -> None:
    fixed = fix(text, check)
    before, after = leadscore.loads(text).plan, leadscore.loads(fixed.text).plan
    assert before == after


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.file}-{p.number}")
@pytest.mark.parametrize("unsafe", [False, True])
def test_programs_with_errors(program, unsafe: bool) -> None:
    fixed = fix(program.text, check, unsafe=unsafe)
    before = errors(program.text)
    offered = any(f.safe or unsafe for item in check(program.text) for f in item.fixes)
    assert errors(fixed.text) <= before
    assert bool(fixed.made) == offered
    assert fix(fixed.text, check, unsafe=unsafe).made == 0


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{entry.code}-{number}")
        for entry in rulebook.entries()
        for number, example in enumerate(entry.examples, 1)
        if example.bad
    ],
)
def test_bad_examples_of_all_pages(example: Example) -> None:
    """All that offers a fix is mended, all at once, and safe fixes keep what a model means."""

    def find(text: str) -> tuple[Diagnostic, ...]:
        return findings(Example(text, True, example.tables))

    before = find(example.text)
    fixed = fix(example.text, find, unsafe=True)
    assert not any(item.fixes for item in fixed.left), fixed
    assert len(fixed.left) <= len(before)
    safe = fix(example.text, find)
    if not any(item.severity == "error" for item in before):
        assert not any(item.severity == "error" for item in fixed.left)
        assert leadscore.loads(safe.text).plan == leadscore.loads(example.text).plan


def test_much_to_mend_takes_time_in_step_with_it() -> None:
    def work(lines: int) -> Fixed:
        return fix('score "A"\ngroup "G" as fit\n' + "  +1 if a == 1;\n" * lines, check)

    fixed = assert_linear(work, 150)
    assert isinstance(fixed, Fixed)
    assert fixed.text.count("  +1 if a = 1\n") == 600


# Fixes that behave badly, of a language of letters


def finder(rules: dict[str, tuple[str, ...]], errors: str = ""):
    """What finds each of the letters, with fixes that put others in their place."""

    def find(text: str) -> tuple[Diagnostic, ...]:
        return tuple(
            Diagnostic(
                letter,
                Span(at, at + 1),
                letter,
                fixes=tuple(
                    Fix(new, (Edit(Span(at, at + 1), new),), safe=True)
                    for new in rules.get(letter, ())
                ),
                severity="error" if letter in errors else "warning",
            )
            for at, letter in enumerate(text)
            if letter in rules or letter in errors
        )

    return find


def test_fixes_are_made_until_there_are_none() -> None:
    find = finder({"a": ("b",), "b": ("c",), "c": ("",)})
    assert fix("xaxbxc", find) == Fixed("xxx", 6, ())


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    fixed = fix("a", finder({"a": ("b",), "b": ("a",)}))
    assert (fixed.text, fixed.made) == ("b", 1)  # before it would come back to where it was
    assert fixed.left == finder({"a": ("b",), "b": ("a",)})("b")


def test_a_fix_that_grows_the_text_comes_to_an_end() -> None:
    def find(text: str) -> tuple[Diagnostic, ...]:
        return (Diagnostic("A", Span(0, 1), "", fixes=(Fix("", (Edit(Span(0, 0), "a"),), True),)),)

    assert set(fix("a", find).text) == {"a"}


def test_a_fix_that_brings_an_error_is_left_out_and_the_others_are_made() -> None:
    find = finder({"a": ("b",), "c": ("!!",), "e": ("!",)}, errors="!e")
    # An error may become another; a warning must not become one.
    fixed = fix("aacaae", find)
    assert fixed.text == "bbcbb!"
    assert fixed.made == 5
    assert [item.code for item in fixed.left] == ["c", "!"]


def test_many_bad_fixes_among_good_ones_cost_few_looks() -> None:
    looks = 0
    inner = finder({"a": ("b",), "c": ("!",)}, errors="!")

    def find(text: str) -> tuple[Diagnostic, ...]:
        nonlocal looks
        looks += 1
        return inner(text)

    text = "ac" * 100
    fixed = fix(text, find)
    assert "!" not in fixed.text
    assert looks < 800


def test_edits_that_overlap_wait_for_the_next_round() -> None:
    def find(text: str) -> tuple[Diagnostic, ...]:
        found = []
        for word, new in (("abc", "b"), ("bcd", "x"), ("b", "")):
            at = text.find(word)
            if at >= 0:
                edits = (Edit(Span(at, at + len(word)), new),)
                found.append(Diagnostic(word, edits[0].span, word, fixes=(Fix("", edits, True),)))
        return tuple(sorted(found, key=lambda item: item.span))

    assert fix("abcd", find).text == "d"


def test_a_fix_with_several_edits_is_made_whole_or_not() -> None:
    def find(text: str) -> tuple[Diagnostic, ...]:
        if "(" not in text:
            return ()
        ends = Edit(Span(0, 1), "["), Edit(Span(len(text) - 1, len(text)), "]")
        inner = Edit(Span(len(text) - 1, len(text)), "}")
        return (
            Diagnostic("A", Span(0, 1), "", fixes=(Fix("", ends, True),)),
            Diagnostic("B", inner.span, "", fixes=(Fix("", (inner,), True),)),
        )

    assert fix("(xyz)", find).text == "[xyz]"


def test_insertions_at_one_place_are_not_mixed() -> None:
    def find(text: str) -> tuple[Diagnostic, ...]:
        return tuple(
            Diagnostic(new, Span(0, 0), "", fixes=(Fix("", (Edit(Span(0, 0), new),), True),))
            for new in ("a", "b")
            if new not in text
        )

    assert sorted(fix("x", find).text) == ["a", "b", "x"]
    assert fix("x", find).made == 2
