"""The conformance cases as tables: all leads of a model in one, through the reader and the engines.

Columns whose cells differ in type become text on the way, which must not change a single digit.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from tests.conformance.cases import Case, cases

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.receipt_columns import receipt_columns
from leadscore.report import Report
from leadscore.syntax.tidy import tidy
from leadscore.values.text import fold

ENGINES = ("duckdb", "python")
"""Those that are always there. On Spark, tests/sql runs all cases."""

Key = tuple[str, str, str, tuple[str, ...]]


def tables() -> dict[Key, list[Case]]:
    groups: dict[Key, list[Case]] = defaultdict(list)
    for case in cases():
        # Whether a property is read from its column or from one of its own name depends on
        # the columns of the table, so leads with different ones are different tables.
        columns = tuple(sorted(case.lead)) if " from " in case.model else ()
        if "error" in case.expect:
            columns = (case.id,)  # it is an error of the whole table
        groups[case.model, case.as_of, case.time_zone, columns].append(case)
    return groups


TABLES = tables()
SCORED = [key for key, group in TABLES.items() if "error" not in group[0].expect]
FAILING = [key for key, group in TABLES.items() if "error" in group[0].expect]


def ident(key: Key) -> str:
    return TABLES[key][0].id


def scores_of(group: list[Case], model: leadscore.Model, engine: str) -> leadscore.Scores:
    leads: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    lists: list[dict[str, Any]] = []
    for number, case in enumerate(group):
        own = f"case {number}"
        # The case's own properties can have any name, so the id has one that none of them has.
        leads.append({"lead of the case": own, **case.lead})
        for event in case.events:
            # One table has one column for an attribute, however the cases spell it.
            row = {fold(name): value for name, value in event.items()}
            events.append({"lead of the case": own, "event": None, "time": None, **row})
        lists += [{"lead of the case": own, "list": name} for name in case.lists]
    return model.score_table(
        leads,
        events or None,
        lists or None,
        as_of=group[0].as_of,
        id="lead of the case",
        time_zone=group[0].time_zone,
        allow_missing=True,
        engine=engine,
        receipt=True,
    )


@pytest.mark.parametrize("key", SCORED, ids=ident)
@pytest.mark.parametrize("engine", ENGINES)
def test_table(engine: str, key: Key) -> None:
    model, group = leadscore.loads(key[0]), TABLES[key]
    scores = scores_of(group, model, engine)
    for case, row in zip(group, scores.to_arrow().to_pylist(), strict=True):
        for name, expected in case.expect.items():
            if name in NUMBERS:
                assert row.get(name) == (float(expected) if expected else None), (case.id, name)
            elif isinstance(expected, str):
                assert (row.get(name) or "") == expected, (case.id, name)
        for name, points in receipt_of(case, model).items():
            assert row[name] == points, (case.id, name)
    singly = Report()
    for case in group:
        singly.merge(case.run(model).report)
    assert counts(scores.report) == counts(singly)


@pytest.mark.parametrize("key", FAILING, ids=ident)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_sum_past_64_bits_names_the_lead(engine: str, key: Key) -> None:
    model = leadscore.loads(key[0])
    fine = Case("fine", *key[:3], {}, [], [], {})
    with pytest.raises(leadscore.EvaluationError, match=r"lead case 1 .*64 bits"):
        scores_of([fine, *TABLES[key]], model, engine)


def receipt_of(case: Case, model: leadscore.Model) -> dict[str, float]:
    """What a case says of the receipt, by the names of the columns."""
    plan = model.plan
    names = {(c.group, c.rule, c.what): c.name for c in receipt_columns(plan)}
    places = {group.name: place for place, group in enumerate(plan.groups)}
    rules = {
        tidy(rule.text): (place, number)
        for place, group in enumerate(plan.groups)
        for number, rule in enumerate(group.rules)
    }
    found = {
        names[places[name], None, "points"]: float(points)
        for name, points in case.expect.get("groups", {}).items()
    }
    for text, amounts in case.expect.get("rules", {}).items():
        for what in ("points", "decayed", "limited"):
            name = names.get((*rules[tidy(text)], what))
            if name is not None and what in amounts:
                found[name] = float(amounts[what])
    return found


def counts(report: Report) -> dict[str, Any]:
    """The counts of a report, which those of single leads add up to."""
    return {
        "excluded": report.excluded,
        "events": report.events,
        "future": report.future_events,
        "untimed": report.untimed_events,
        "unreadable": {key: entry.count for key, entry in report.unreadable.items()},
    }
