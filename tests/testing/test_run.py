"""Running tests: what a failure says, which tests are meant, and what the API gives."""

from __future__ import annotations

import pytest
from tests.testing.support import MODEL

import leadscore
from leadscore.testing import run_tests
from leadscore.testing.page import failure_page, summary
from leadscore.testing.select import name_of, near_names, selected

TESTS = """
test "a SaaS company" as of 2026-01-31
  given industry = "SaaS", country = "DE",
    employees = 8
  expect fit = 23, engagement = 0
test "a Visit" as of 2026-01-31
  given opted_in = yes
  event "Visit" 3 days ago

  expect group "Interest" > 5
"""


def failure(test: str, rules: str = MODEL) -> str:
    """The page of a test that fails."""
    text = f'{rules}\ntest "t" as of 2026-01-31\n{test}\n'
    (result,) = leadscore.loads(text).test().failed
    page = failure_page("m.score", result)
    assert page.startswith('FAILED "t" (m.score:')
    return page


def test_a_failure_about_fit_shows_the_groups_of_fit_alone():
    page = failure('  given industry = "SaaS"\n  expect fit = 30, score = 20')
    assert "expected fit = 30\n" in page
    assert "got      fit = 20\n" in page
    assert "Company (fit)" in page
    assert "industry = SaaS" in page
    assert "Interest" not in page
    assert "Interest" in failure('  given industry = "SaaS"\n  expect fit = 30, score = 30')


def test_a_failure_about_a_group_shows_that_group_alone():
    page = failure('  given opted_in = yes\n  event "Visit" now\n  expect group "Interest" = 4')
    assert 'got      group "Interest" = 5\n' in page
    assert "Company" not in page
    assert "Visit at 2026-01-31" in page


def test_a_failure_shows_a_group_whose_if_does_not_hold():
    page = failure('  event "Visit" now\n  expect engagement = 5')
    assert "does not hold: group" in page


def test_an_excluded_lead_fails_what_it_was_to_have():
    page = failure('  given stage = "customer"\n  expect score = 0')
    assert "expected score = 0\n" in page
    assert 'got      excluded: only when stage is not "customer"\n' in page


def test_a_lead_that_cannot_be_scored_is_a_failure_and_the_rest_runs():
    model = leadscore.loads(
        'score "S"\ngroup "G"\n  +100000 for each 1 of x\n'
        'test "large" as of 2026-01-31\n  given x = 1000000000000000\n  expect score = 1\n'
        'test "small" as of 2026-01-31\n  given x = 1\n  expect score = 100000\n',
        "m.score",
    )
    large, small = run_tests(model)
    assert small.passed
    assert not large.passed
    assert "past 64 bits" in str(large.error)
    with pytest.raises(leadscore.EvaluationError):
        _ = large.result
    page = failure_page("m.score", large)
    assert "  line 4: expected a lead that can be scored\n" in page
    assert "got      m.score:3: the lead cannot be scored: a sum is past 64 bits" in page
    assert model.test().coverage.covered == 1


def test_hostile_names_are_made_harmless():
    text = (
        'score "S"\ngroup "G"\n  +1 always\ntest "a\x1b[2J" as of 2026-01-31\n  expect score = 2\n'
    )
    (result,) = leadscore.loads(text).test().failed
    assert "\x1b" not in failure_page("m\x1b.score", result)


@pytest.mark.parametrize(
    ("only", "lines", "wanted"),
    [
        ([], [], ["a SaaS company", "a Visit"]),
        (["saas"], [], ["a SaaS company"]),
        (["SAAS", "visit"], [], ["a SaaS company", "a Visit"]),
        (["nothing"], [], []),
        ([], [2], ["a SaaS company"]),
        ([], [4], ["a SaaS company"]),
        ([], [5], ["a SaaS company"]),
        ([], [9], ["a Visit"]),
        ([], [11], []),
        ([], [1], []),
        ([], [6, 3], ["a SaaS company", "a Visit"]),
        (["visit"], [3], []),
    ],
)
def test_which_tests_are_meant(only, lines, wanted):
    first = MODEL.count("\n")
    model = leadscore.loads(MODEL + TESTS)
    chosen = selected(model, only, [first + line for line in lines])
    assert [name_of(block) for block in chosen] == wanted
    assert [result.name for result in run_tests(model, chosen)] == wanted


def test_near_names():
    names = ["a director books a meeting", "a competitor", "asks for a call"]
    assert near_names(["a compettior"], names) == ["a competitor"]
    assert near_names(["directr"], names) == ["a director books a meeting"]
    assert near_names(["xyz"], names) == []


def test_the_api_gives_results_and_coverage():
    model = leadscore.loads(MODEL + TESTS)
    suite = model.test()
    assert not suite.passed
    assert [result.name for result in suite.failed] == ["a SaaS company", "a Visit"]
    assert [failure.got for failure in suite.failed[0].failures] == ["fit = 22"]
    assert suite.coverage.covered == 9
    assert [result.name for result in model.test("visit").results] == ["a Visit"]
    assert model.test(["nothing"]).results == ()


def test_summaries():
    assert summary(0, 0) == "no tests"
    assert summary(1, 0) == "1 test passed"
    assert summary(3, 0, 2) == "3 tests passed (2 not run)"
    assert summary(1, 2) == "2 of 3 tests failed"
