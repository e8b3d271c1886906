"""Comments that suppress findings, and those that no longer do."""

from __future__ import annotations

import pytest
from tests.syntax.texts import applied

import leadscore
from leadscore.analysis import analyse
from leadscore.lint import Choice, lint
from leadscore.syntax.document import parse

# L101: no lead reaches "Hot".
MODEL = """score "S"
group "G"
  +10 if industry is "SaaS"
labels
  "Hot" from 70
  "Cold" from 0
"""


def codes(text: str, choice: Choice | None = None) -> list[tuple[int, str]]:
    document = parse(text)
    return [
        (document.source.place(found.span.start)[0], found.code)
        for found in lint(analyse(document), choice=choice)
    ]


def with_comment(line: str, comment: str, *, above: bool = False) -> str:
    assert line in MODEL
    return MODEL.replace(line, f"# {comment}\n{line}" if above else f"{line}  # {comment}")


def test_without_a_comment_it_is_found() -> None:
    assert codes(MODEL) == [(5, "L101")]


@pytest.mark.parametrize(
    "comment",
    [
        "allow L101",
        "allow L101: sales asked for it",
        "allow l101",
        "Allow L101: as agreed",
        "allow   L101  ",
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_a_comment_at_the_statement_suppresses(comment: str, above: bool) -> None:
    assert codes(with_comment('  "Hot" from 70', comment, above=above)) == []


@pytest.mark.parametrize(
    "comment", ["L101", "allow", "allow L1011", "allow it: L101", "please allow L101"]
)
def test_other_comments_do_not(comment: str) -> None:
    assert codes(with_comment('  "Hot" from 70', comment)) == [(5, "L101")]


def test_a_comment_elsewhere_suppresses_nothing_and_is_a_finding() -> None:
    assert codes(with_comment("labels", "allow L101")) == [(4, "L001"), (5, "L101")]
    assert codes(MODEL + "# allow L101\n") == [(5, "L101"), (7, "L001")]


def test_one_for_the_file_stands_anywhere() -> None:
    assert codes(f"# allow-file L101\n{MODEL}") == []
    assert codes(f"{MODEL}# allow-file L101\n") == []
    fine = MODEL.replace("70", "5")
    assert codes(f"# allow-file L101\n{fine}") == [(1, "L001")]


def test_of_several_codes_each_is_judged() -> None:
    text = with_comment('  "Hot" from 70', "allow L101, W301")
    assert codes(text) == [(5, "L001")]
    [found] = leadscore.check(text)
    assert text[slice(*found.span)] == "W301"


def test_errors_cannot_be_allowed() -> None:
    text = MODEL.replace('"SaaS"', '"SaaS" limit 0  # allow E102')
    assert codes(text) == [(3, "E102"), (3, "L001")]


def test_codes_that_there_are_not_are_found() -> None:
    assert codes(with_comment("labels", "allow L999")) == [(4, "L001"), (5, "L101")]


def test_of_a_code_that_there_is_not_a_near_one_is_named() -> None:
    def of(code: str) -> tuple[str, str]:
        found = leadscore.check(with_comment("labels", f"allow {code}"))[0]
        return found.message, found.hint

    message, hint = of("L999")
    assert (message, hint) == ("There is no code L999", "Take it out of the comment.")
    message, hint = of("L191")
    assert message == "There is no code L191"
    assert hint.startswith("Did you mean L101 (")
    assert of("L101") == ("Nothing here has to be allowed as L101", "Take it out of the comment.")


def test_what_did_not_run_is_not_judged() -> None:
    assert codes(with_comment('  "Hot" from 70', "allow L101"), Choice(ignore=("L101",))) == []
    broken = with_comment('  "Hot" from 70', "allow L101").replace("+10 if", "+10 iff")
    assert codes(broken) == [(3, "S001")]


def test_itself_can_be_left_out() -> None:
    text = with_comment("labels", "allow L101")
    assert codes(text, Choice(ignore=("L001",))) == [(5, "L101")]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a # allow L999\n", "a\n"),
        ("a  # allow L999: because\n", "a\n"),
        ("# allow L999\na\n", "a\n"),
        ("a # allow L999, L998\n", "a # allow L998\n"),
        ("a # allow L998, L999\n", "a # allow L998\n"),
    ],
)
def test_the_fix_takes_the_code_out(text: str, mended: str) -> None:
    line = "  +10 if industry is 1"
    whole = f'score "S"\ngroup "G"\n{text.replace("a", line, 1) if text[0] == "a" else text}'
    if text[0] == "#":
        whole = whole.replace("\na\n", f"\n{line}\n")
    found = [item for item in leadscore.check(whole) if "L999" in whole[slice(*item.span)]]
    [fix] = found[0].fixes
    expected = f'score "S"\ngroup "G"\n{line}{mended[1:]}'
    assert applied(whole, fix) == expected
