"""The package and the second evaluator give the same outputs, to the last digit."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from tests.independent.generate import Call
from tests.independent.reference import Out, TooLarge
from tests.independent.support import Sample, many, samples

import leadscore

NUMBERS = ("score", "fit", "engagement")
TEXTS = ("label", "fit_label", "engagement_label", "matrix", "fast_track", "excluded")


def expected(sample: Sample, call: Call) -> Out | None:
    """What the reference says; None for a sum past 64 bits."""
    try:
        return sample.reference.score(
            call.lead, call.events, call.lists, call.as_of, ZoneInfo(call.zone)
        )
    except TooLarge:
        return None


@given(samples())
@many
def test_same_outputs(sample: Sample) -> None:
    for call in sample.calls:
        wanted = expected(sample, call)
        if wanted is None:
            with pytest.raises(leadscore.EvaluationError, match="64 bits"):
                call_model(sample, call)
            continue
        result = call_model(sample, call)
        for name in NUMBERS:
            got = getattr(result, name)
            assert (None if got is None else Fraction(got)) == getattr(wanted, name), (name, call)
        for name in TEXTS:
            assert getattr(result, name) == getattr(wanted, name), (name, call)
        if sample.model.needs.events:
            report = result.report
            assert report.future_events == wanted.future_events, call
            assert report.untimed_events == wanted.untimed_events, call


def call_model(sample: Sample, call: Call) -> leadscore.Result:
    return sample.model.score(
        call.lead, call.events, call.lists, as_of=call.as_of, time_zone=call.zone
    )
