"""What holds for every model and every lead, whatever the points are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.independent.generate import Call
from tests.independent.readings import as_instant
from tests.independent.support import Sample, many, samples

import leadscore
from leadscore.plan.bounds import Interval
from leadscore.receipt import EventSeen
from leadscore.values.units import decimal_text, plain


def results(sample: Sample) -> Iterator[tuple[Call, leadscore.Result]]:
    """The results of the sample's leads that can be scored, and are not excluded."""
    for call in sample.calls:
        try:
            result = sample.model.score(
                call.lead, call.events, call.lists, as_of=call.as_of, time_zone=call.zone
            )
        except leadscore.EvaluationError:
            continue
        if result.excluded is None:
            yield call, result


@given(samples())
@many
def test_the_receipt_adds_up(sample: Sample) -> None:
    for call, result in results(sample):
        receipt = result.receipt
        sums = {"fit": 0, "engagement": 0, None: 0}
        for group in receipt.groups:
            for rule in group.rules:
                assert rule.earned - rule.decayed - rule.limited == rule.points, (rule, call)
                events = [r for r in rule.because if isinstance(r, EventSeen)]
                given_points = [event.points for event in events if event.points is not None]
                if given_points:
                    assert sum(given_points) == rule.earned, (rule, call)
                    left = sum(event.left or 0 for event in events)
                    assert left == rule.earned - rule.decayed, (rule, call)
            inside = sum(rule.points for rule in group.rules)
            assert inside - group.limited == group.points, (group, call)
            sums[group.category] += group.points
        for category in ("fit", "engagement"):
            sums[category] -= receipt.limited[category]
            shown = getattr(result, category)
            if shown is not None:
                assert decimal_text(sums[category]) == plain(shown), (category, call)
        total = sum(sums.values()) - receipt.limited["score"]
        assert decimal_text(total) == plain(result.score), call
        assert receipt.outputs == {
            name: None if value is None else plain(value)
            for name, value in result.to_dict().items()
            if name != "excluded"
        }


def inside(points: int, interval: Interval) -> bool:
    return (interval.low is None or interval.low <= points) and (
        interval.high is None or points <= interval.high
    )


@given(samples())
@many
def test_points_lie_within_the_bounds(sample: Sample) -> None:
    bounds = sample.model.bounds
    for call, result in results(sample):
        receipt = result.receipt
        for place, group in enumerate(receipt.groups):
            for rule, interval in zip(group.rules, bounds.rules[place], strict=True):
                assert inside(rule.points, interval), (rule, interval, call)
            assert inside(group.points, bounds.groups[place]), (group, call)
        for name in ("fit", "engagement", "score"):
            value = getattr(result, name)
            if value is not None:
                assert inside(int(value.scaleb(7)), getattr(bounds, name)), (name, call)


@given(samples(), st.integers(0, 2**32))
@many
def test_the_order_of_events_does_not_matter(sample: Sample, seed: int) -> None:
    """But for events of one second, which count in the order of the input."""
    for call, result in results(sample):
        by_time: dict[object, list[dict[str, object]]] = {}
        for place, event in enumerate(call.events):
            time = as_instant(event["time"], ZoneInfo(call.zone))
            by_time.setdefault(place if time is None else time, []).append(event)
        runs = list(by_time.values())
        Random(seed).shuffle(runs)
        shuffled = [event for run in runs for event in run]
        again = sample.model.score(
            call.lead, shuffled, call.lists, as_of=call.as_of, time_zone=call.zone
        )
        assert again.to_dict() == result.to_dict(), call


@given(samples())
@many
def test_the_spelling_of_names_does_not_matter(sample: Sample) -> None:
    """Properties, attributes, types and lists match without regard to case and outer space."""
    for call, result in results(sample):
        lead = {
            f"\u2003{name.upper() if name.isascii() else name} ": v for name, v in call.lead.items()
        }
        if len({name.strip().lower() for name in call.lead}) < len(call.lead):
            continue  # of several spellings the first counts; this would choose another
        events = [
            {f" {name.title() if name.isascii() else name}\t": v for name, v in event.items()}
            for event in call.events
        ]
        again = sample.model.score(
            lead,
            events,
            [f"{name.upper()} " for name in call.lists],
            as_of=call.as_of,
            time_zone=call.zone,
        )
        assert again.to_dict() == result.to_dict(), call
