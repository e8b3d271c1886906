"""Models and leads as Hypothesis draws them, and as many as the environment asks for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.independent.generate import Call, LeadMaker, ModelMaker, Written
from tests.independent.generate_tables import TableMaker, together
from tests.independent.reference import Reference
from tests.sql.tables import Tables

import leadscore

EXAMPLES = int(os.environ.get("LEADSCORE_EXAMPLES", "150"))
"""Models of each property test; each is tried with several leads."""
LEADS = 6

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Sample:
    """A model, and leads that try its edges. Shown, where a test fails, as what to run again."""

    model: leadscore.Model
    reference: Reference
    calls: tuple[Call, ...]

    def __repr__(self) -> str:
        return self.model.source.text + "\n".join(map(repr, self.calls))


@lru_cache(maxsize=1000)
def _model(text: str) -> leadscore.Model:
    return leadscore.loads(text)


def sample(random: Random, size: int = 3) -> Sample:
    """A random model with leads."""
    written: Written = ModelMaker(random, size).model()
    model = _model(written.text)
    leads = LeadMaker(random, written)
    calls = tuple(leads.call() for _ in range(LEADS))
    return Sample(model, Reference(model.analysis.document), calls)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Small models that shrink, and larger ones, of a seed, that say more in the same time."""
    if draw(st.integers(0, 3)):
        return sample(Random(draw(st.integers(0, 2**48))))
    return sample(draw(st.randoms(use_true_random=False)), 2)


@dataclass(frozen=True)
class Scene:
    """Models, and tables of leads that try their edges."""

    models: tuple[leadscore.Model, ...]
    tables: Tables

    def __repr__(self) -> str:
        texts = "\n".join(model.source.text for model in self.models)
        return f"{texts}\n{self.tables}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis shows."""
        printer.text(repr(self))


def scene(random: Random, size: int = 3, models: int = 1, leads: int = LEADS) -> Scene:
    """Random models with tables that suit all of them."""
    written = [ModelMaker(random, size).model() for _ in range(models)]
    tables = TableMaker(random, together(written)).tables(leads)
    return Scene(tuple(_model(one.text) for one in written), tables)


@st.composite
def scenes(draw: st.DrawFn, least: int = 1, most: int = 1) -> Scene:
    """As `samples`, of `least` to `most` models each."""
    models = draw(st.integers(least, most))
    if draw(st.integers(0, 3)):
        return scene(Random(draw(st.integers(0, 2**48))), models=models)
    return scene(draw(st.randoms(use_true_random=False)), 2, models, 3)
