"""Random models with random leads, as workbooks and by the Python target."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from tests.formulas.books import ERROR, ID, in_ironcalc
from tests.independent.generate import Call
from tests.independent.support import Sample, samples

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.targets.formulas.grid import MOST
from leadscore.values.number import number_of
from leadscore.values.text import fold, normal, text_of
from leadscore.values.units import UNIT

few = settings(
    max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@given(samples())
@few
def test_random_models(sample: Sample) -> None:
    """All points and texts are those of the Python target; only what is far is an error."""
    leads: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    lists: list[dict[str, Any]] = []
    for number, call in enumerate(sample.calls):
        own = {ID: f"lead {number}"}
        leads.append(own | {fold(name): value for name, value in call.lead.items()})
        for event in call.events:
            row = {fold(name): value for name, value in event.items()}
            events.append(own | {"event": None, "time": None} | row)
        lists += [own | {"list": name} for name in call.lists]
    model, first = sample.model, sample.calls[0]
    given_: dict[str, Any] = {
        "as_of": first.as_of,
        "id": ID,
        "time_zone": first.zone,
        "allow_missing": True,
    }
    try:
        scores = model.score_table(
            leads, events or None, lists or None, engine="python", receipt=True, **given_
        )
    except leadscore.EvaluationError:
        return  # of one lead; the workbook has it in that lead's row
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        try:
            model.to_workbook(path, leads, events or None, lists or None, **given_)
        except leadscore.ScoreError as error:
            assert "T402" in str(error)  # noqa: PT017 - what is raised is allowed, and all of it
            return
        rows = in_ironcalc(path)
    wanted_rows = scores.to_arrow().to_pylist()
    for call, wanted, found in zip(sample.calls, wanted_rows, rows, strict=True):
        for name, value in found.items():
            expected = wanted[name]
            if expected is None:
                expected = ""
            elif name in NUMBERS:
                expected = round(expected * UNIT)
            if value == ERROR:
                assert far(sample, call, wanted), (name, expected, wanted)
            else:
                assert value == expected, (wanted, found)


def far(sample: Sample, call: Call, wanted: dict[str, Any]) -> bool:
    """Whether points of a lead, or numbers it has, are past what formulas hold exactly."""
    groups = sample.model.plan.groups
    share = MOST // (sum(len(group.rules) for group in groups) + len(groups) + 3)
    if any(isinstance(value, float) and abs(value) * UNIT > share for value in wanted.values()):
        return True
    values = [*call.lead.values(), *(value for event in call.events for value in event.values())]
    numbers = [number_of(text) for value in values if (text := text_of(normal(value)))]
    return any(number is not None and abs(number) * 10_000 > share for number in numbers)
