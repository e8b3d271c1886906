"""The conformance cases on the SQL of the plan, in every database that can run here.

The cases of one model with one as-of instant are the leads of one table: once with columns of text
only, once with columns of the type that all of their values have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from tests.conformance.cases import Case, cases
from tests.sql.databases import database
from tests.sql.runners import Columns, Runner
from tests.sql.tables import OWN_ID, Tables, column, packings, queried

import leadscore
from leadscore.receipt_columns import receipt_columns
from leadscore.syntax.tidy import tidy
from leadscore.values.text import fold

COMPILED = (
    "combined-1-page: the example of the interface",
    "combined-2-account: a good one",
    "up_to_latest-12-order: everything together",
)
"""Groups, by their first cases, that Spark also compiles."""
OVERFLOW = {
    "duckdb": "Out of Range Error",
    "postgres": "out of range",
    "spark": "ARITHMETIC_OVERFLOW",
}

Key = tuple[str, str, str, tuple[str, ...]]


def groups() -> dict[Key, list[Case]]:
    found: dict[Key, list[Case]] = defaultdict(list)
    for case in cases():
        # Whether a property is read from its column or from one of its own name depends on
        # the columns of the table, so leads with different ones are different tables.
        columns = tuple(sorted(case.lead)) if " from " in case.model else ()
        if "error" in case.expect:
            columns = (case.id,)  # a sum past 64 bits fails for the whole table
        found[case.model, case.as_of, case.time_zone, columns].append(case)
    return found


GROUPS = groups()
assert {group[0].id for group in GROUPS.values()}.issuperset(COMPILED)
SCORED = {key: group for key, group in GROUPS.items() if "error" not in group[0].expect}
FAILING = {
    key: group
    for key, group in GROUPS.items()
    # Totals are wide enough for any: where the query is not checked, past 64 bits they are right.
    if "error" in group[0].expect and not group[0].id.endswith("totals: past 64 bits")
}


def ident(key: Key) -> str:
    return GROUPS[key][0].id


def columns_of(rows: Sequence[dict[str, Any]], names: Sequence[str], typed: bool) -> Columns:
    """Rows as columns; the first of those that some row has under a name, in any case."""
    spelt: dict[str, str] = {fold(name): name for name in names}
    for row in rows:
        for name in row:
            spelt.setdefault(fold(name), name)
    folded = [{fold(name): value for name, value in reversed(row.items())} for row in rows]
    return {
        name: column([row.get(key) for row in folded], typed=typed) for key, name in spelt.items()
    }


def tables_of(group: Sequence[Case], *, typed: bool) -> Tables:
    leads: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    lists: list[dict[str, Any]] = []
    for number, case in enumerate(group):
        own = {OWN_ID: f"case {number}"}
        leads.append(own | case.lead)
        events += [own | event for event in case.events]
        lists += [own | {"list": name} for name in case.lists]
    return Tables(
        columns_of(leads, [OWN_ID], typed),
        (columns_of(events, [OWN_ID, "event", "time"], typed),),
        columns_of(lists, [OWN_ID, "list"], typed),
        group[0].as_of,
        group[0].time_zone,
    )


def check(group: Sequence[Case], model: leadscore.Model, rows: Sequence[Any]) -> None:
    """The outputs, and of the receipts what the cases state."""
    wrong: dict[str, Any] = {}
    for case, row in zip(group, rows, strict=True):
        for name, expected in expectations(case, model).items():
            if (row.get(name) or "") != expected:
                wrong[f"{case.id}: {name}"] = (row.get(name), expected)
    assert wrong == {}


def expectations(case: Case, model: leadscore.Model) -> dict[str, str]:
    """By the name of the column."""
    found = {name: value for name, value in case.expect.items() if isinstance(value, str)}
    columns = receipt_columns(model.plan)
    named = model.plan.groups
    rules = {
        tidy(rule.text): (place, number)
        for place, group in enumerate(named)
        for number, rule in enumerate(group.rules)
    }
    places = {group.name: place for place, group in enumerate(named)}
    by_place = {(c.group, c.rule, c.what): c.name for c in columns}
    for text, amounts in case.expect.get("rules", {}).items():
        place, number = rules[tidy(text)]
        for what, amount in amounts.items():
            header = by_place.get((place, number, what))
            if header is not None:
                found[header] = amount
            else:
                # What a rule earned is the sum of its columns; those that it has not are 0.
                assert what == "earned" or amount == "0"
    for name, points in case.expect.get("groups", {}).items():
        found[by_place[places[name], None, "points"]] = points
    return found


FORMS = [
    pytest.param(key, typed, id=f"{ident(key)}-{'typed' if typed else 'text'}")
    for key, group in SCORED.items()
    for typed in (False, True)
    if not typed or tables_of(group, typed=True) != tables_of(group, typed=False)
]


@pytest.mark.parametrize(("key", "typed"), FORMS)
def test_cases(runner: Runner, key: Key, typed: bool) -> None:
    group, model = SCORED[key], leadscore.loads(key[0])
    tables = tables_of(group, typed=typed)
    forms = packings(runner, [model])
    if typed and runner.dialect.name == "spark":
        forms = forms[-1:]  # it takes its time
    for packed in forms:
        check(group, model, queried(database(runner), [model], tables, packed=packed))
    if runner.dialect.name == "spark" and ident(key) in COMPILED:
        compiled = database(runner, compiled=True)
        check(group, model, queried(compiled, [model], tables))


@pytest.mark.parametrize("key", FAILING, ids=ident)
def test_a_sum_past_64_bits_is_never_a_number(runner: Runner, key: Key) -> None:
    """The plain query leaves it to the database, which has to raise."""
    group, model = FAILING[key], leadscore.loads(key[0])
    with pytest.raises(Exception, match=OVERFLOW[runner.dialect.name]):
        queried(database(runner), [model], tables_of(group, typed=False))
