"""docs/cookbook.md: each recipe is sound, says what it prints, and its wrong way fails as it says.

That its blocks are run, and its models have no finding, is in test_docs.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.docs.mutants import survivors
from tests.docs.pages import Block, page

import leadscore
from leadscore.cli.main import main
from leadscore.diagnostics import LEVELS, Source
from leadscore.testing import run_tests

PAGE = "docs/cookbook.md"
ASKED_FOR = (
    "Recency", "Frequency", "Inactivity", "Recycling", "Direct qualification", "Personas",
    "Negative scoring", "Capping noisy channels", "Bot clicks",
)  # fmt: skip

_INSTEAD = re.compile(r"\s+# but (?P<got>.+)")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A section of the page."""

    title: str
    right: Block
    session: Block
    wrong: Block


def recipes() -> Iterator[Recipe]:
    """The sections of the page. Raises ValueError where one has not these three blocks."""
    cookbook = page(PAGE)
    lines = cookbook.path.read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines, 1) if line.startswith("## ")]
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        blocks = [block for block in cookbook.blocks if start < block.line < end]
        right, session, wrong = blocks
        yield Recipe(lines[start - 1].removeprefix("## "), right, session, wrong)


ALL = list(recipes())
each = pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.title)


def _by_name(model: str) -> dict[str, str]:
    """The text of each test of a model, by its name; without comments."""
    tests = re.split(r"(?m)^(?=test \")", re.sub(r" +# .*", "", model))[1:]
    return {text.split('"')[1]: text.strip() for text in tests}


def test_all_recipes_are_there_and_listed() -> None:
    titles = [recipe.title for recipe in ALL]
    assert set(ASKED_FOR) <= set(titles)
    (table,) = page(PAGE).tables
    links = [f"[{title}](#{title.lower().replace(' ', '-')})" for title in titles]
    assert [row[0] for row in table.rows] == links


@each
def test_shape(recipe: Recipe) -> None:
    assert recipe.right.kind == "score"
    assert recipe.right.file is not None
    assert recipe.session.text.startswith(f"$ leadscore test {recipe.right.file}\n")
    assert recipe.wrong.kind == "score fails"
    assert recipe.wrong.file is None


@each
def test_the_recipe_says_what_it_promises(recipe: Recipe) -> None:
    """No finding, and several tests, each with a time of its own, that tell leads apart."""
    model = leadscore.loads(recipe.right.text)
    assert leadscore.check(recipe.right.text) == ()
    results = list(run_tests(model))
    assert [result.name for result in results if not result.passed] == []
    texts = _by_name(recipe.right.text)
    assert len(results) == len(texts) >= 3
    assert all(" as of 2026-06-01\n" in text for text in texts.values())
    scores = {result.result.score for result in results}
    assert len(scores) >= 2, "the tests do not tell leads apart"


@each
def test_what_check_says_of_the_wrong_way(recipe: Recipe) -> None:
    text = recipe.wrong.text
    said = {
        (number, level, code)
        for number, line in enumerate(text.split("\n"), 1)
        for level, code in re.findall(r"# (error|warning|hint) ([A-Z]\d{3})", line)
    }
    source = Source(recipe.title, text)
    found = {
        (source.place(d.span.start)[0], LEVELS[d.severity], d.code) for d in leadscore.check(text)
    }
    assert found == said


@each
def test_it_is_in_the_layout_of_the_formatter(recipe: Recipe) -> None:
    for block in (recipe.right, recipe.wrong):
        assert leadscore.format(block.text) == block.text, str(block)


@each
def test_its_tests_notice_every_mistake(recipe: Recipe) -> None:
    assert survivors(recipe.right.text) == []


@each
def test_its_tests_cover_it(
    recipe: Recipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / str(recipe.right.file)
    file.write_text(recipe.right.text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["test", str(file), "--coverage", "--fail-under", "100"])
    assert ended.value.code == 0, capsys.readouterr().out


@each
def test_the_wrong_way_fails_the_same_tests_as_the_page_says(recipe: Recipe) -> None:
    right, wrong = _by_name(recipe.right.text), _by_name(recipe.wrong.text)
    assert wrong
    assert wrong == {name: right.get(name) for name in wrong}
    said = {
        number: found["got"]
        for number, line in enumerate(recipe.wrong.text.split("\n"), 1)
        if (found := _INSTEAD.search(line))
    }
    assert said
    results = list(run_tests(leadscore.loads(recipe.wrong.text)))
    assert all(result.failures for result in results), "each test of the wrong way shows something"
    got = {failure.line: failure.got for result in results for failure in result.failures}
    assert got == said
