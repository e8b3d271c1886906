"""Models with tests in them: random ones, and the one that these pages are about."""

from __future__ import annotations

import contextlib
from random import Random

from hypothesis import strategies as st
from tests.independent.generate import Call
from tests.independent.support import Sample, sample

import leadscore
from leadscore.testing import Unwritable, written_test

MODEL = """\
score "Contact score" for contacts
limit 0 to 90

only when stage is not "customer"
exclude when in list "Competitors"

group "Company" as fit limit 25
  +20 if industry is any of "Software", "SaaS"
  by employees if country is "DE"
    1 to 10:   +2
    11 to 200: +10
    otherwise: 0

group "Interest" as engagement decay 50% every 30 days if opted_in is yes
  +5 for each "Visit" latest 5
  -40 for each "Complaint" no decay
  +20 for each "Meeting" decay 10% every 7 days limit 30

labels
  "Call now" from 40 color green
  "Cold"

matrix
  fit "A" from 20, "B" below 20
  engagement "1" from 10, "2" below 10

fast track "MQL" if event "Contact us"
"""


def scored(model: leadscore.Model, call: Call, zone: str) -> leadscore.Result | None:
    """What a call gives in a zone; None for a sum past 64 bits."""
    with contextlib.suppress(leadscore.EvaluationError):
        return model.score(call.lead, call.events, call.lists, call.as_of, time_zone=zone)
    return None


def drawn(draw: st.DrawFn) -> Sample:
    """A random model with leads."""
    return sample(Random(draw(st.integers(0, 2**48))))


@st.composite
def models_with_tests(draw: st.DrawFn) -> leadscore.Model:
    """A random model with tests of some leads in it."""
    made = drawn(draw)
    blocks = []
    for number, call in enumerate(made.calls[: draw(st.integers(1, 6))]):
        if scored(made.model, call, "UTC") is not None:
            with contextlib.suppress(Unwritable):
                blocks.append(
                    written_test(
                        made.model,
                        call.lead,
                        call.events,
                        call.lists,
                        call.as_of,
                        name=f"lead {number}",
                    ).text
                )
    return leadscore.loads("\n".join([made.model.source.text, *blocks]))
