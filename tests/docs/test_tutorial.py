"""docs/tutorial.md: its model grows a step at a time, and ends with tests that notice mistakes.

That its blocks are run, and print what it shows, is in test_docs.py; its pictures are in
test_pictures.py.
"""

from __future__ import annotations

import difflib
from itertools import pairwise

from tests.docs.mutants import survivors
from tests.docs.pages import page

import leadscore
from leadscore.testing import run_tests

TUTORIAL = page("docs/tutorial.md")
STEPS = [block for block in TUTORIAL.blocks if block.file == "contact.score"]
LAST = STEPS[-1]


def _changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came; blank ones do not count."""
    lines = list(difflib.ndiff(before.split("\n"), after.split("\n")))
    went = [line[2:] for line in lines if line.startswith("- ") and line[2:].strip()]
    came = [line[2:] for line in lines if line.startswith("+ ") and line[2:].strip()]
    return went, came


def test_it_is_one_file_that_grows() -> None:
    assert len(STEPS) >= 8
    for before, after in pairwise(STEPS):
        went, came = _changes(before.text, after.text)
        assert went or came, f"{after}: nothing is new"
        # A reader types along: a step adds, or mends a line or two, and never rewrites.
        assert len(went) <= 5, f"{after}: {went}"
        assert len(went) <= len(came) or "error" in before.text, f"{after}: {went}"


def test_it_starts_from_an_empty_file_and_ends_with_tests() -> None:
    assert len([line for line in STEPS[0].text.split("\n") if line.strip()]) <= 3
    model = leadscore.loads(LAST.text)
    assert leadscore.check(LAST.text) == ()
    results = list(run_tests(model))
    assert len(results) >= 7
    assert [result.name for result in results if not result.passed] == []


def test_its_tests_notice_every_mistake() -> None:
    # With the tests of the step before, what the page says goes unnoticed.
    assert '  +8  for each "Page view"' in survivors(STEPS[-2].text)
    assert survivors(LAST.text) == []


def test_the_test_that_fails_is_mended_by_one_line() -> None:
    (number,) = (i for i, block in enumerate(STEPS) if block.kind == "score fails")
    went, came = _changes(STEPS[number].text, STEPS[number + 1].text)
    assert [line.split("color")[0].strip() for line in went] == ['"Call now" from 40']
    assert len(came) == 1
    names = [r.name for r in run_tests(leadscore.loads(STEPS[number].text)) if not r.passed]
    assert names == ["the best fit alone is not called"]


def test_every_word_of_the_last_model_is_explained() -> None:
    prose = "\n".join(TUTORIAL.sections.values())
    model = LAST.text.split("\ntest ")[0]
    for keyword in ("as fit", "for each", "once for", "where", "latest", "decay", "limit",
                    "exclude when", "the words"):  # fmt: skip
        assert keyword in model
        assert keyword in prose, keyword
