"""Large and deep models: a right answer or one clear error, in time linear in the size."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal
from typing import Any

import pytest
from tests.hostile.growth import assert_linear

import leadscore
from leadscore.diagnostics import Diagnostic
from leadscore.syntax import parser
from leadscore.values.text import wildcard

GROUP = 'score "x"\ngroup "g"\n'


def check(text: str) -> tuple[Diagnostic, ...]:
    """All findings, of a text as if it were never seen."""
    parser.parse_statement.cache_clear()
    return leadscore.check(text)


def score(text: str, lead: dict[str, Any]) -> Decimal | None:
    parser.parse_statement.cache_clear()
    return leadscore.loads(text).score(lead, as_of="2026-01-31").score


# Nesting


@pytest.mark.parametrize(
    "condition",
    ["(" * 20_000 + "a = 1" + ")" * 20_000, "not " * 20_000 + "a = 1", "not (" * 20_000 + "a = 1",
     "(" * 20_000, "(a = 1 and " * 20_000],
    ids=["parentheses", "nots", "both", "open", "and"],
)  # fmt: skip
def test_deep_nesting_is_one_error(condition: str) -> None:
    (found,) = check(f"{GROUP}  +1 if {condition}\n  +2 always\n")
    assert found.code == "S007"


def test_the_deepest_nesting_that_is_allowed_is_scored() -> None:
    for opening, closing in (("(", ")"), ("not (", ")"), ("(not ", ")"), ("not ", "")):
        depth = 60 // (2 if "not" in opening and closing else 1)
        text = f"{GROUP}  +1 if {opening * depth}a = 1{closing * depth}\n"
        expected = 1 if opening == "(" or depth % 2 == 0 else 0
        assert score(text, {"a": 1}) == expected
        events = text.replace("a = 1", 'event "x" where a = 1')
        assert score(events, {}) == (0 if expected else 1)


def test_mixed_nesting_at_the_limit_is_scored() -> None:
    inner = "a = 1"
    for depth in range(58):
        inner = f"(b = 1 {'or' if depth % 2 else 'and'} {inner})"
    assert score(f"{GROUP}  +1 if {inner}\n", {"a": 1, "b": 1}) == 1
    assert score(f"{GROUP}  +1 if {inner}\n", {"a": 1, "b": 0}) == 0


# Many lines


def test_fifty_thousand_valid_lines() -> None:
    text = GROUP + "".join(f"  +1 if a{i % 50} = {i}\n" for i in range(50_000))
    assert check(text) == ()


def test_valid_lines_are_linear() -> None:
    lead = {"a3": 3}
    assert assert_linear(
        lambda n: score(GROUP + "".join(f"  +1 if a{i} = {i}\n" for i in range(n)), lead), 1000
    ) == Decimal(1)


INVALID = {
    "misspelt words": lambda n: GROUP + "".join(f"  +1 iff a{i} = {i}\n" for i in range(n)),
    "no statements": lambda n: "".join(f"line {i} of prose, (some of it\n" for i in range(n)),
    "unknown definitions": lambda n: "".join(f"only when d{i}\n" for i in range(n)),
    "near misses": lambda n: "".join(f"define d{i} as a\nonly when e{i}\n" for i in range(n)),
    "parentheses": lambda n: "(\n" * n,
    "brackets": lambda n: "[\n" * n,
    "quotes": lambda n: '"\n' * n,
    "one line of parentheses": lambda n: "(" * 20 * n,
    "one line of brackets": lambda n: "[" * 20 * n,
    "one line of quotes": lambda n: '"' * (20 * n + 1),
    "one line of curly quotes": lambda n: "“" * 10 * n,
    "one line of closing ones": lambda n: ")" * 20 * n,
    "garbage": lambda n: '([")]#"(\n' * n,
    "one line of garbage": lambda n: '([")]"(' * 5 * n,
    "commas": lambda n: 'only when a is any of "x",\n' * n,
    "doubled groups": lambda n: 'group "g"\n' * n,
    "doubled properties": lambda n: "properties\n" + "  a: number\n" * n,
    "bare wheres": lambda n: GROUP + "  +1 if " + " and ".join(['event "x" where a = 1'] * n),
    "circles": lambda n: "".join(f"define a{i} as a{i + 1} or a0\n" for i in range(n))
    + f"define a{n} as a0\n",
    "cases after otherwise": lambda n: GROUP + "  by a\n    otherwise: 0\n" + "    1: +1\n" * n,
    "a label below all": lambda n: GROUP + "labels\n" + '  "x" from 5\n  "y" from 6\n' * n,
    "broken tests": lambda n: 'test "x"\n  given a = 1\n  expect\n' * n,
    "given after expect": lambda n: 'test "x"\n  expect score = 1\n' + "  given a = 1\n" * n,
    "expectations": lambda n: 'score "x"\nlabels\n'
    + "".join(f'  "l{i}" from {n - i}\n' for i in range(n))
    + 'test "x"\n'
    + "".join(f'  expect label "k{i}", group "h{i}" = 1, matrix "m{i}"\n' for i in range(n)),
}  # fmt: skip


@pytest.mark.parametrize("kind", INVALID)
def test_invalid_lines_are_linear(kind: str) -> None:
    found = assert_linear(lambda n: check(INVALID[kind](n)), 400)
    assert found


def test_fifty_thousand_invalid_lines_give_as_many_errors() -> None:
    found = check(GROUP + "".join(f"  +1 iff a{i} = {i}\n" for i in range(50_000)))
    assert len(found) == 50_000
    with pytest.raises(leadscore.ScoreSyntaxError) as caught:
        leadscore.loads(GROUP + "  +1 iff a\n" * 1000)
    assert "and 950 more errors" in str(caught.value)


def test_a_matrix_with_many_cells_is_not_written_out() -> None:
    def text(n: int) -> str:
        fit = ", ".join(f'"f{i}" from {n - i}' for i in range(n))
        engagement = ", ".join(f'"e{i}" from {n - i}' for i in range(n))
        return (
            'score "x"\ngroup "f" as fit\n  +1 always\ngroup "e" as engagement\n  +1 always\n'
            f"matrix\n  fit {fit}\n  engagement {engagement}\n"
            'test "t" as of 2026-01-31\n' + '  expect matrix "f3e4"\n  expect matrix "f3g4"\n' * 50
        )

    found = assert_linear(lambda n: check(text(n)), 500)
    assert isinstance(found, tuple)
    assert [d.code for d in found] == ["E206"] * 50


def test_labels_are_linear() -> None:
    def text(n: int) -> str:
        lines = "".join(f'  "l{i}" from {2 * i} and below {2 * i + 1}\n' for i in range(n))
        return f"{GROUP}  +1 always\nlabels\n{lines}"

    found = assert_linear(lambda n: check(text(n)), 1000)
    assert isinstance(found, tuple)
    assert {item.code for item in found} <= {"L101", "L102", "L103"}, "the score is 1"


# Definitions


def test_doubling_definitions_are_scored_in_linear_time() -> None:
    lines = "".join(f"define a{i} as a{i - 1} and a{i - 1}\n" for i in range(1, 61))
    text = f'score "x"\ndefine a0 as b = 1\n{lines}group "g"\n  +1 if a60\n'
    assert score(text, {"b": 1}) == 1
    assert score(text, {"b": 2}) == 0


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_twenty_thousand_definitions(backwards: bool) -> None:
    lines = [f"define a{i} as not a{i - 1}\n" for i in range(1, 20_001)]
    if backwards:
        lines.reverse()
    text = f'score "x"\ndefine a0 as b = 1\n{"".join(lines)}group "g"\n  +1 if a20000\n'
    assert score(text, {"b": 1}) == 1
    assert score(text, {"b": 2}) == 0


def test_a_circle_of_twenty_thousand_definitions_is_one_error() -> None:
    lines = "".join(f"define a{i} as a{(i + 1) % 20_000}\n" for i in range(20_000))
    (found,) = check(f'score "x"\n{lines}')
    assert found.code == "E203"
    assert len(found.label) < 100


# Long statements


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_hundred_thousand_terms(word: str) -> None:
    model = leadscore.loads(f"{GROUP}  +1 if " + f" {word} ".join(["a = 1"] * 100_000))
    assert model.score({"a": 1}).score == 1
    assert model.score({"a": 2}).score == 0


def test_terms_are_linear() -> None:
    assert assert_linear(
        lambda n: score(f"{GROUP}  +1 if " + " and ".join(["a = 1"] * n), {"a": 1}), 3000
    ) == Decimal(1)


def test_many_values_and_many_lines_of_one_statement() -> None:
    values = ",\n".join(f'"v{i}"' for i in range(20_000))
    text = f"{GROUP}  +1 if a is any of {values}\n"
    assert score(text, {"a": "V19999"}) == 1
    joined = f"{GROUP}  +1 if b = 1\n" + "  # why\n\n  or b = 2\n" * 5000
    assert score(joined, {"b": 2}) == 1


LONG = {
    "a name": lambda n: f"{GROUP}  +1 if {'a' * n} = 1",
    "a name in brackets": lambda n: f"{GROUP}  +1 if [{'a ' * n}] = 1",
    "an unknown name": lambda n: f"{GROUP}  +1 if {'a' * n}",
    "a text": lambda n: f'{GROUP}  +1 if a = "{"x" * n}"',
    "doubled quotes": lambda n: f'{GROUP}  +1 if a = "{"x" + chr(34) * 2 * n}"',
    "blanks": lambda n: f"{GROUP}  +1 if a{' ' * n}= 1",
    "blanks at the end": lambda n: f"{GROUP}  +1 if a ={' ' * n}",
    "tabs and no end": lambda n: f"{GROUP}  +1 if a is not{chr(9) * n}known",
    "a comment": lambda n: f"{GROUP}  +1 if a = 1 #{'#' * n}",
    "an unclosed text": lambda n: f'{GROUP}  +1 if a = "{"x" * n}',
    "an unclosed bracket": lambda n: f"{GROUP}  +1 if [{'x' * n}",
    "a misspelt word": lambda n: f"{GROUP}  +1 if a {'contains' * n}",
    "digits": lambda n: f"{GROUP}  +1 if a > {'1' * n}",
    "digits and a factor": lambda n: f"{GROUP}  +1 if a > {'1' * n}k",
    "digits after the point": lambda n: f"{GROUP}  +1 if a > 0.{'1' * n}",
    "digits of points": lambda n: f"{GROUP}  +{'1' * n} always",
    "digits of a count": lambda n: f'{GROUP}  +1 for each "x" latest {"1" * n}',
    "digits of a duration": lambda n: f'{GROUP}  +1 for each "x" in the last {"1" * n} days',
    "digits of a percentage": lambda n: f"{GROUP}  +1 if a > {'1' * n}% of b",
    "digits of a limit": lambda n: f"{GROUP}limit at most {'1' * n}",
    "digits of a label": lambda n: f'{GROUP}labels\n  "x" from {"1" * n}',
    "digits and dots": lambda n: f"{GROUP}  +1 if a > {'1.' * n}",
    "digits and commas": lambda n: f"{GROUP}  +1 if a > {'1,' * n}2",
    "dashes": lambda n: f"{GROUP}  +1 if a{'-' * n}b",
    "words": lambda n: f"{GROUP}  +1 if {'a b ' * n}",
    "joints": lambda n: f'{GROUP}  +1 for each "x" where a = 1 {"and b = 1 " * n}',
    "blank lines": lambda n: f"{GROUP}  +1 if a = 1\n" + "\n" * n + "and b = 1",
    "comment lines": lambda n: f"{GROUP}  +1 if a = 1\n" + "# x\n" * n + "and b = 1",
}  # fmt: skip


@pytest.mark.parametrize("kind", LONG)
def test_long_lines_are_linear(kind: str) -> None:
    assert_linear(lambda n: check(LONG[kind](n)), 60_000)


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_is_no_finding_or_one_that_can_be_printed(kind: str) -> None:
    found = check(LONG[kind](250_000))
    assert len(found) <= 1
    if found:
        with pytest.raises(leadscore.ScoreError) as caught:
            leadscore.loads(LONG[kind](250_000))
        assert len(str(caught.value)) < 3000


def test_memory_is_linear() -> None:
    def peak(n: int) -> int:
        parser.parse_statement.cache_clear()
        text = GROUP + "".join(f"  +1 if a{i} = {i}\n" for i in range(n))
        tracemalloc.start()
        leadscore.check(text)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(4000) < 8 * peak(1000)


# Numbers


def test_a_literal_past_a_double_is_an_error_and_a_value_is_unknown() -> None:
    (found,) = check(f"{GROUP}  +1 if a > 1e99999\n")
    assert found.code == "S001"
    text = f"{GROUP}  +1 if a is known and a > 5\n  +2 if a <= 5\n  +4 if a is unknown\n"
    beyond: tuple[Any, ...] = ("1e99999", "9" * 1_000_000, 10**400)
    for value in (*beyond, "-1e99999", "1" * 400):
        # It is no number: neither above nor below, and, having no declared type, known as text.
        assert score(text, {"a": value}) == 0
    declared = 'score "x"\nproperties\n  a: number\ngroup "g"\n  +1 if a is unknown\n'
    for value in (*beyond, float("inf"), float("-inf")):
        assert score(declared, {"a": value}) == 1


def test_a_million_digits_that_say_little() -> None:
    text = f"{GROUP}  +1 if a = 1\n"
    assert score(text, {"a": "0" * 1_000_000 + "1"}) == 1
    assert score(text, {"a": "1." + "0" * 1_000_000}) == 1
    assert score(text, {"a": "1" + "0" * 300 + "e-300"}) == 1


def test_numbers_of_a_model_are_exact_up_to_four_hundred_digits() -> None:
    number = "1" + "0" * 30 + "1"
    assert check(f"{GROUP}  +1.{'0' * 40}1 always\n")[0].code == "E101"
    assert check(f"{GROUP}  +1.{'0' * 200} always\n") == ()
    assert score(f"{GROUP}  +1 if a = {number}k\n", {"a": f"{number}000"}) == 1


# Patterns


def test_stars_do_not_blow_up() -> None:
    def matches(n: int) -> bool:
        return wildcard("*a" * n + "*b")("a" * 20 * n)

    assert assert_linear(matches, 2000) is False
    text = f'{GROUP}  +1 if a matches "{"*a" * 2000}*"\n  +2 if a matches "{"*?" * 500}*b"\n'
    assert score(text, {"a": "a" * 100_000}) == 1
    assert score(text, {"a": "ab" * 50_000}) == 3
