"""A table of one lead gives what the lead gives: the reader changes no value on the way.

What several leads in one table come to, on every engine: tests/sql/test_differential.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.independent.generate import Call
from tests.independent.support import EXAMPLES, Sample, samples

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.report import Report

OWN = "id of the test"
"""No property or attribute that the generator makes is called so."""

few = settings(
    max_examples=max(20, EXAMPLES // 8),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@given(samples())
@few
def test_a_table_of_one_lead(sample: Sample) -> None:
    for call in sample.calls:
        try:
            single = sample.model.score(
                call.lead, call.events, call.lists, as_of=call.as_of, time_zone=call.zone
            )
        except leadscore.EvaluationError as error:
            said = str(error).replace("the lead", "lead 1", 1)
            with pytest.raises(leadscore.EvaluationError) as raised:
                table_of(sample, call)
            assert str(raised.value) == said
            continue
        scores = table_of(sample, call)
        (row,) = scores.to_arrow().to_pylist()
        for name, value in single.to_dict().items():
            number = name in NUMBERS and value is not None
            assert row[name] == (float(value or 0) if number else value), (name, call)
        assert counts(scores.report) == counts(single.report), call


def table_of(sample: Sample, call: Call) -> leadscore.Scores:
    own: dict[str, Any] = {OWN: "1"}
    return sample.model.score_table(
        [own | call.lead],
        [own | event for event in call.events],
        [own | {"list": name} for name in call.lists],
        call.as_of,
        id=OWN,
        time_zone=call.zone,
        allow_missing=True,
    )


def counts(report: Report) -> dict[str, Any]:
    return {
        "excluded": report.excluded,
        "events": report.events,
        "future": report.future_events,
        "untimed": report.untimed_events,
        "unreadable": {key: entry.count for key, entry in report.unreadable.items()},
    }
