"""One lead, through `Model.score`, beside functions in Python written by hand for the same model.

Run it with `python benchmarks/one_lead.py`. Both get the same new dicts, with new texts in them, as
a request brings them: every round makes its leads anew, so that nothing that is remembered from a
round before helps more than it does in practice. They take turns, in short runs of leads; medians
of the rounds. Before anything is timed, all outputs are compared.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import by_hand  # type: ignore[import-not-found]  # it is beside this file, where Python looks
import leadscore

MODELS = Path(__file__).parent / "models"
AS_OF = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
SECONDS = int(AS_OF.timestamp())
LEADS = 2_000
RUN = 50
"""Leads in a row before the other side takes its turn."""
EVENTS = 20

TYPES = (
    *("Email open",) * 5,
    *("Email click",) * 3,
    *("Web visit",) * 5,
    *("Whitepaper download", "Webinar", "Form", "Unsubscribe", "Video", "Call", "Call"),
    *("Meeting", "Demo", "Trial", "Chat", "SMS"),
)

Lead = tuple[dict[str, Any], list[dict[str, Any]]]


def lead(r: Random) -> Lead:
    """A lead as a CRM's JSON has it: texts mostly, some typed, some missing, some untidy."""

    def some(percent: int, value: Any) -> Any:
        return value if r.randrange(100) < percent else r.choice((None, "", "n/a", " "))

    def moment(days: int) -> str:
        return (AS_OF - timedelta(seconds=r.randrange(-86400, days * 86400))).strftime(
            "%Y-%m-%dT%H:%M:%S"
        )

    number = r.randrange(10**9)
    host = r.choice(("gmail.com", "Yahoo.com", "acme.example", "big.example", "shop.example"))
    titles = ("VP Sales", "Head of IT", "Marketing Manager", "Student", "CEO", "Director, Ops")
    industries = ("SaaS", "software ", "Education", "Retail", "Government", "Banking")
    countries = ("Germany", "France", "Austria", "USA", "India")
    properties = {
        "id": number,
        "email": some(90, f"p{number}@{host}"),
        "employees": some(85, r.choice((str(r.randrange(1, 3000)), r.randrange(1, 3000)))),
        "industry": some(85, r.choice(industries)),
        "country": some(80, r.choice(countries)),
        "revenue": some(70, r.choice((str(r.randrange(10**7)), f"{r.randrange(10**7)}.50"))),
        "job_title": some(80, r.choice(titles)),
        "phone": some(60, f"+49 {number}"),
        "source": some(90, r.choice(("Referral", "Webinar", "Paid search", "Event", "Other"))),
        "newsletter": some(90, r.choice(("yes", "no", "Yes", True, False))),
        "signup": some(90, moment(60)[:10]),
        "last_seen": some(80, moment(400)),
        "page_views": some(80, str(r.randrange(120))),
        "budget": some(60, str(r.randrange(100) * 500)),
        "deal_size": some(60, str(r.randrange(100) * 500)),
        "lifecycle": some(90, r.choice(("lead", "Lead", "opportunity", "customer"))),
        "owner": some(50, f"rep {r.randrange(40)}"),
        "created_by": f"import {number}",
    }
    events = [
        {
            "event": r.choice(TYPES),
            "time": moment(200),
            "campaign": r.choice(("pricing-q1", "Newsletter", "", "spring")),
            "url": f"https://example.com/{r.choice(('pricing', 'blog', 'docs'))}/{number % 97}",
            "duration": r.choice((str(r.randrange(60)), None, r.randrange(60))),
            "outcome": r.choice(("connected", "no answer", "sent", "Meeting set", "")),
        }
        for _ in range(EVENTS)
    ]
    return properties, events


def leads(seed: int) -> list[Lead]:
    """New leads, with texts that no other round has seen as objects."""
    r = Random(seed)
    made = [lead(r) for _ in range(LEADS)]
    copies: list[Lead] = [tuple(one) for one in json.loads(json.dumps(made))]
    return copies


Side = Callable[[dict[str, Any], list[dict[str, Any]]], Any]


def seconds(side: Side, some: list[Lead]) -> float:
    start = time.perf_counter()
    for properties, events in some:
        side(properties, events)
    return time.perf_counter() - start


def measure(sides: dict[str, Side], rounds: int) -> dict[str, list[float]]:
    """Seconds a lead, by side, one figure a round."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(-1, rounds):
        copies = {name: leads(number) for name in sides}
        spent = dict.fromkeys(sides, 0.0)
        gc.collect()
        gc.disable()
        for place in range(0, LEADS, RUN):
            order = list(sides) if place // RUN % 2 else list(sides)[::-1]
            for name in order:
                spent[name] += seconds(sides[name], copies[name][place : place + RUN])
        gc.enable()
        if number >= 0:  # the first round warms up
            for name in sides:
                found[name].append(spent[name] / LEADS)
    return found


def compare(hand: Side, ours: Callable[..., Any]) -> None:
    """Both sides say the same of every lead, or there is nothing to measure."""
    for seed in range(3):
        for properties, events in leads(seed):
            mine = hand(properties, events)
            result = ours(properties, events)
            for name in ("score", "fit", "engagement", "label"):
                if getattr(mine, name) != getattr(result, name):
                    raise SystemExit(f"{name}: {mine.score} {result} of {properties} {events}")


def report(title: str, times: dict[str, list[float]]) -> None:
    base, *others = times
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"{title}\n  {base:<34} {1e6 * middle[base]:7.1f} µs a lead")
    for name in others:
        ratios = [a / b for a, b in zip(times[name], times[base], strict=True)]
        low, _, high = statistics.quantiles(ratios, n=4)
        print(
            f"  {name:<34} {1e6 * middle[name]:7.1f} µs a lead   "
            f"{middle[name] / middle[base]:.2f} times  (quartiles {low:.2f} to {high:.2f})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help=f"rounds of {LEADS} leads")
    rounds = parser.parse_args().rounds
    if rounds < 2:
        parser.error("--rounds: at least 2, or there are no quartiles")

    fit = leadscore.load(MODELS / "properties.score")
    both = leadscore.load(MODELS / "events.score")

    def ours(model: leadscore.Model, with_events: bool, receipt: bool = False) -> Side:
        def run(properties: dict[str, Any], events: list[dict[str, Any]]) -> Any:
            result = model.score(properties, events if with_events else (), as_of=AS_OF)
            if receipt:
                return result.receipt
            return result.score, result.label

        return run

    def hand(properties: dict[str, Any], events: list[dict[str, Any]]) -> Any:
        outcome = by_hand.score_properties(properties, SECONDS)
        return outcome.score, outcome.label

    def hand_events(properties: dict[str, Any], events: list[dict[str, Any]]) -> Any:
        outcome = by_hand.score_events(properties, events, SECONDS)
        return outcome.score, outcome.label

    compare(
        lambda properties, _: by_hand.score_properties(properties, SECONDS),
        lambda properties, _: fit.score(properties, as_of=AS_OF),
    )
    compare(
        lambda properties, events: by_hand.score_events(properties, events, SECONDS),
        lambda properties, events: both.score(properties, events, as_of=AS_OF),
    )
    for title, by, model, with_events in (
        ("20 property rules", hand, fit, False),
        (f"20 property rules, 20 event rules, {EVENTS} events", hand_events, both, True),
    ):
        report(
            title,
            measure(
                {
                    "by hand": by,
                    "Model.score, score and label": ours(model, with_events),
                    "Model.score, and its receipt": ours(model, with_events, True),
                },
                rounds,
            ),
        )


if __name__ == "__main__":
    main()
