"""No lead shows a proof to be wrong: of models that contradict themselves, and of any models."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.independent.support import Sample, samples
from tests.lint.reach_probe import Claims, contradictions

import leadscore


def test_proofs_of_a_fixed_sample_hold_and_are_many() -> None:
    made: Counter[str] = Counter()
    for seed in range(50):
        model, calls = contradictions(Random(seed), 100)
        claims = Claims(model.plan)
        for call in calls:
            assert not claims.refuted(call), (seed, model.source.text, call)
        made += claims.made
    # What is there to be refuted: without it the tests below say nothing.
    least = Counter(never=200, always=100, implied=4000, covered=1000, within=500, empty=50)
    assert made >= least, made


@given(st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_no_lead_refutes_a_proof(random: Random) -> None:
    model, calls = contradictions(random, 40)
    claims = Claims(model.plan)
    for call in calls:
        assert not claims.refuted(call), (model.source.text, call)


@given(st.integers(0, 2**48))
@settings(max_examples=30)
def test_no_lead_refutes_a_proof_of_a_seed(seed: int) -> None:
    """The same with other choices: a seed varies more in one step than the choices themselves."""
    model, calls = contradictions(Random(seed), 60)
    claims = Claims(model.plan)
    for call in calls:
        assert not claims.refuted(call), (model.source.text, call)


@given(samples())
@settings(max_examples=100)
def test_no_lead_refutes_a_proof_of_any_model(sample: Sample) -> None:
    claims = Claims(sample.model.plan)
    for call in sample.calls:
        try:
            refuted = claims.refuted(call)
        except leadscore.EvaluationError:  # a total past 64 bits
            continue
        assert not refuted, (sample, call)
