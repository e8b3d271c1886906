"""No lead shows a finding to be wrong: what is called dead never lives."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.independent.support import Sample, samples
from tests.lint.muddles import Claims, muddle
from tests.syntax.texts import applied

import leadscore
from leadscore.analysis import analyse
from leadscore.lint import Choice, lint
from leadscore.syntax.document import parse


def test_findings_of_a_fixed_sample_hold_and_are_of_every_kind() -> None:
    made: Counter[str] = Counter()
    for seed in range(80):
        found = muddle(Random(seed), 25)
        assert found is not None
        model, calls = found
        claims = Claims(model)
        for call in calls:
            assert not claims.refuted(call), (claims.refuted(call), model.source.text, call)
        made += claims.made
    # What is there to be refuted: without it the tests below say nothing.
    least = Counter(
        {"L101": 80, "L102": 10, "L103": 40, "L104": 90, "L105": 50, "L106": 80, "L107": 15}
        | {"L108": 100, "L110": 8, "L201": 50, "L202": 15, "L203": 20, "L304": 150, "L305": 60}
        | {"L307": 40}
    )
    assert made >= least, made


@given(st.integers(0, 2**48))
@settings(max_examples=40)
def test_no_lead_refutes_a_finding(seed: int) -> None:
    found = muddle(Random(seed), 30)
    if found is None:
        return
    model, calls = found
    claims = Claims(model)
    for call in calls:
        assert not claims.refuted(call), (claims.refuted(call), model.source.text, call)


@given(samples())
@settings(max_examples=60)
def test_no_lead_refutes_a_finding_of_any_model(sample: Sample) -> None:
    claims = Claims(sample.model)
    for call in sample.calls:
        try:
            refuted = claims.refuted(call)
        except leadscore.EvaluationError:  # a total past 64 bits
            continue
        assert not refuted, (refuted, sample, call)


@given(samples(), st.integers(0, 2**48))
@settings(max_examples=60)
def test_what_is_mended_is_a_model(sample: Sample, seed: int) -> None:
    models = [sample.model]
    found = muddle(Random(seed), 0)
    if found is not None:
        models.append(found[0])
    for model in models:
        text = model.source.text
        for finding in lint(model.analysis, choice=Choice(("L1", "L2", "L3"))):
            for fix in finding.fixes:
                assert not analyse(parse(applied(text, fix))).errors, (finding, text)
