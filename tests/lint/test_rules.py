"""Every rule: its page, the examples on it, its fixes."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest
from tests.lint.support import data_of, findings
from tests.syntax.texts import applied

import leadscore
from leadscore.diagnostics.catalog import CATALOG
from leadscore.lint import rules
from leadscore.lint.registry import RULES, by_code
from leadscore.lint.rule import Example, Rule

ALL = [
    (rule, example, f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples, 1)
]
EXAMPLES = [pytest.param(rule, example, id=name) for rule, example, name in ALL]
BAD = [pytest.param(rule, example, id=name) for rule, example, name in ALL if example.bad]
REPOSITORY = Path(__file__).parents[2]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_every_file_is_a_rule_of_the_registry() -> None:
    files = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert files == {rule.find.__module__.rpartition(".")[2] for rule in RULES}


def test_codes_and_names_are_in_order_and_there_once() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES} | {entry.name for entry in CATALOG.values()}) == len(
        RULES
    ) + len(CATALOG)
    assert not set(codes) & set(CATALOG)
    assert all(by_code(code) is rule for code, rule in zip(codes, RULES, strict=True))


@each_rule
def test_the_page_says_what_why_and_what_to_do(rule: Rule) -> None:
    assert re.fullmatch(r"L[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", rule.name)
    page = rule.page or ""
    title, blank, *_ = page.splitlines()
    assert title.endswith(".")
    assert not blank
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == ["What", "Why", "Example", "Remedy"]
    assert any(example.bad for example in rule.examples)
    assert any(not example.bad for example in rule.examples)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_examples(rule: Rule, example: Example) -> None:
    """A bad example has this finding and no other; a good one has none."""
    found = [item.code for item in findings(example)]
    assert set(found) == ({rule.code} if example.bad else set()), found


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_fixes_are_what_the_rule_promises(rule: Rule, example: Example) -> None:
    found = findings(example)
    fixes = [fix for item in found for fix in item.fixes]
    assert bool(fixes) == (rule.fix is not None)
    assert all(fix.safe == (rule.fix == "safe") for fix in fixes)
    for item in found:
        for fix in item.fixes:
            text = applied(example.text, fix)
            left = findings(Example(text, True, example.tables))
            assert len(left) < len(found)
            assert not any(other.severity == "error" for other in left)
            if fix.safe:
                before, after = leadscore.loads(example.text), leadscore.loads(text)
                assert before.plan == after.plan


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "examples").glob("**/*.score")), ids=lambda path: path.parent.name
)
def test_the_examples_of_the_project_are_clean(path: Path) -> None:
    assert leadscore.check(path.read_text(encoding="utf-8"), path.name) == ()


def test_data_of_an_example_is_read() -> None:
    example = Example('score "S"\n', False, (("leads", "id,a\n1,x\n"),))
    facts = data_of(example)
    assert facts is not None
