"""The conformance cases as tables: all leads of a model in one, through the reader and the scorer.

Columns whose cells differ in type become text on the way, which must not change a single digit.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from tests.conformance.cases import Case, cases

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.values.text import fold

Key = tuple[str, str, str, tuple[str, ...]]


def tables() -> dict[Key, list[Case]]:
    groups: dict[Key, list[Case]] = defaultdict(list)
    for case in cases():
        if "error" not in case.expect:
            # Whether a property is read from its column or from one of its own name depends on
            # the columns of the table, so leads with different ones are different tables.
            columns = tuple(sorted(case.lead)) if " from " in case.model else ()
            groups[case.model, case.as_of, case.time_zone, columns].append(case)
    return groups


TABLES = tables()


@pytest.mark.parametrize("key", TABLES, ids=lambda key: TABLES[key][0].id)
def test_table(key: Key) -> None:
    text, as_of, time_zone, _ = key
    group = TABLES[key]
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
    scores = leadscore.loads(text).score_table(
        leads,
        events or None,
        lists or None,
        as_of=as_of,
        id="lead of the case",
        time_zone=time_zone,
        allow_missing=True,
    )
    for case, row in zip(group, scores.to_arrow().to_pylist(), strict=True):
        for name, expected in case.expect.items():
            if name in NUMBERS:
                assert row.get(name) == (float(expected) if expected else None), (case.id, name)
            elif isinstance(expected, str):
                assert (row.get(name) or "") == expected, (case.id, name)
