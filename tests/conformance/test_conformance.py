"""The conformance cases on the Python target: single leads, and the receipt of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conformance.cases import Case, cases

import leadscore
from leadscore.syntax.tidy import tidy
from leadscore.values.units import decimal_text, plain

OUTPUTS = (
    "score",
    "fit",
    "engagement",
    "label",
    "fit_label",
    "engagement_label",
    "matrix",
    "fast_track",
    "excluded",
)

CASES = list(cases())


@pytest.fixture(scope="module")
def models() -> dict[str, leadscore.Model]:
    """Models by their text: each is loaded once."""
    return {}


def test_there_are_enough() -> None:
    assert len(CASES) >= 400


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, models: dict[str, leadscore.Model]) -> None:
    model = models.get(case.model)
    if model is None:
        model = models[case.model] = leadscore.loads(case.model)
    if case.expect.get("error") == "overflow":
        with pytest.raises(leadscore.EvaluationError, match="64 bits"):
            case.run(model)
        return
    result = case.run(model)
    for name in OUTPUTS:
        if name in case.expect:
            assert plain(getattr(result, name)) == case.expect[name], name
    _check_report(case, result)
    if not result.excluded:
        _check_receipt(case, result)


def _check_report(case: Case, result: leadscore.Result) -> None:
    expected: dict[str, Any] = case.expect.get("report", {})
    report = result.report
    for name in ("future_events", "untimed_events"):
        if name in expected:
            assert getattr(report, name) == expected[name], name
    if "unreadable" in expected:
        counts: dict[str, int] = {}
        for entry in report.unreadable.values():
            counts[entry.column] = counts.get(entry.column, 0) + entry.count
        assert counts == expected["unreadable"]


def _check_receipt(case: Case, result: leadscore.Result) -> None:
    """The receipt adds up, always; and its lines are what the case pins down."""
    receipt = result.receipt
    total = 0
    for group in receipt.groups:
        inside = sum(rule.points for rule in group.rules)
        assert inside - group.limited == group.points
        total += group.points
        for rule in group.rules:
            assert rule.earned - rule.decayed - rule.limited == rule.points
    total -= sum(receipt.limited.values())
    assert decimal_text(total) == plain(result.score)
    lines = {tidy(rule.rule): rule for group in receipt.groups for rule in group.rules}
    for text, amounts in case.expect.get("rules", {}).items():
        rule = lines[tidy(text)]
        for name, amount in amounts.items():
            assert decimal_text(getattr(rule, name)) == amount, (text, name)
    groups = {group.name: group for group in receipt.groups}
    for name, points in case.expect.get("groups", {}).items():
        assert decimal_text(groups[name].points) == points, name


def unknown_keys() -> Iterator[str]:
    known = {*OUTPUTS, "error", "report", "rules", "groups"}
    for case in CASES:
        yield from (f"{case.id}: {key}" for key in case.expect if key not in known)


def test_every_expectation_is_checked() -> None:
    assert list(unknown_keys()) == []
