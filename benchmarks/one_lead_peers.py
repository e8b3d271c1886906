"""One lead at a time: `Model.score` beside rule engines, and beside a function in Python.

Run it with `python -m benchmarks.one_lead_peers`. The model is `models/many_leads.score`: first its
20 rules on properties alone, then these and its 20 on events, with 20 events a lead. We get a lead
as a request's JSON has it, with dates as text; the peers get it made ready (peer_inputs). The first
column of ratios leaves out what making it ready costs: the peers then start from a better input
than we do. The second adds it: all start from the same dict. A further line is our compiled model
alone, from a tuple of values. All outputs are compared before anything is timed; the sides take
turns, in short runs of leads.

Every round has leads of its own, so that what was remembered of one does not help with the next
more than it does in practice; with `--again`, all rounds have the same, as where a few leads are
scored again and again. With `--processor`, times are of the processor alone: steadier on a machine
that is shared, but a peer that hands its work to another thread waits for nothing then.

- datalogic-py (JSONLogic in Rust): one compiled rule for each category, in a session;
- zen-engine (GoRules, in Rust): one compiled expression for each category, and a decision graph;
- rule-engine (Python): one compiled expression for each category;
- by hand: a function in Python for each category.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import json_logic, python_peer, rule_engine_rules, zen_rules
from benchmarks.crm_data import AS_OF, tables
from benchmarks.many_leads import DATA
from benchmarks.peer_inputs import NOW, UNIT, Raw, outcome, ready
from benchmarks.timing import (
    library,
    middle_ratio,
    print_goal,
    print_table,
    ratio,
    versions,
)

import leadscore
from leadscore.records import EventRecords, LeadRecords
from leadscore.report import Report

MODELS = Path(__file__).parent / "models"
EVENTS = 20
RUN = 25
"""Leads in a row before the next side takes its turn."""

Side = Callable[[Any], tuple[int, str]]
"""From a lead, raw or made ready, to the score in units and the label."""

OURS = "leadscore"
ALONE = "leadscore, the evaluator alone"
READY = "making ready for the peers"
DATALOGIC = "datalogic-py"
ZEN = "zen-engine, expressions"
GRAPH = "zen-engine, decision graph"


def leads(folder: Path, count: int, rounds: int = 1) -> list[str]:
    """Leads with 20 events each, as JSON: so many a round."""
    from pyarrow import parquet

    of = tables(folder, count * rounds, count * rounds * EVENTS)
    people = parquet.read_table(of.leads).to_pylist()
    seen = parquet.read_table(of.events).drop_columns(["lead_id"]).to_pylist()
    # Every so-and-so-many-th event, so that the 20 of a lead lie in all of the year.
    made = [(lead, seen[number :: len(people)]) for number, lead in enumerate(people)]
    return [
        json.dumps(made[start : start + count], default=lambda moment: moment.isoformat())
        for start in range(0, len(made), count)
    ]


def ours(model: leadscore.Model, *, events: bool) -> Side:
    def run(lead: Raw) -> tuple[int, str]:
        result = model.score(lead[0], lead[1] if events else (), as_of=AS_OF)
        assert result.score is not None
        assert result.label is not None
        return int(result.score * UNIT), result.label

    return run


def score_and_label(model: leadscore.Model, *, events: bool) -> Callable[[Raw], object]:
    """What is timed: no arithmetic of ours on the result."""

    def run(lead: Raw) -> object:
        result = model.score(lead[0], lead[1] if events else (), as_of=AS_OF)
        return result.score, result.label

    return run


def evaluator(model: leadscore.Model) -> Callable[[Any], object]:
    """The compiled model, from values and events as tuples: what bulk evaluation runs."""
    run, report, nobody = model.bound("UTC").run, Report(), frozenset[str]()
    return lambda row: run(row[0], row[1], nobody, NOW, report, "a lead")


def as_tuples(model: leadscore.Model, some: list[Raw], *, events: bool) -> list[Any]:
    """The leads as the evaluator takes them."""
    of_lead, of_events = LeadRecords(model.plan), EventRecords(model.plan)
    return [
        (of_lead.values(properties), of_events.rows(acts) if events else [])
        for properties, acts in some
    ]


def peers(*, events: bool) -> dict[str, Side]:
    """By name, each from a lead that was made ready."""
    datalogic, zen, rule_engine = map(library, ("datalogic_py", "zen", "rule_engine"))
    session = datalogic.Engine().session()
    fit_logic, acts_logic = (
        datalogic.Engine().compile(rule) for rule in (json_logic.fit(), json_logic.engagement())
    )
    fit_zen, acts_zen = (
        zen.compile_expression(text)
        for text in (zen_rules.fit_expression(), zen_rules.engagement_expression())
    )
    decision = zen.ZenEngine().create_decision(zen_rules.graph(events=events))
    fit_rule, acts_rule = (
        rule_engine.Rule(text) for text in (rule_engine_rules.FIT, rule_engine_rules.ENGAGEMENT)
    )

    def datalogic_side(lead: dict[str, Any]) -> tuple[int, str]:
        fit = session.evaluate(fit_logic, lead)
        acts = session.evaluate(acts_logic, lead) if events else 0
        return outcome(fit * UNIT, acts)

    def zen_side(lead: dict[str, Any]) -> tuple[int, str]:
        fit = fit_zen.evaluate(lead)
        acts = acts_zen.evaluate(lead) if events else 0
        return outcome(int(fit) * UNIT, int(acts))

    def graph_side(lead: dict[str, Any]) -> tuple[int, str]:
        found = decision.evaluate(lead)["result"]
        return outcome(int(found["fit"]) * UNIT, int(found["engagement"]) if events else 0)

    def rule_side(lead: dict[str, Any]) -> tuple[int, str]:
        fit = fit_rule.evaluate(lead)
        acts = acts_rule.evaluate(lead) if events else 0
        return outcome(int(fit) * UNIT, int(acts))

    def hand_side(lead: dict[str, Any]) -> tuple[int, str]:
        return outcome(python_peer.fit(lead) * UNIT, python_peer.engagement(lead) if events else 0)

    return {
        DATALOGIC: datalogic_side,
        ZEN: zen_side,
        GRAPH: graph_side,
        "rule-engine": rule_side,
        "by hand, in Python": hand_side,
    }


def made_ready(some: list[Raw], *, events: bool) -> list[dict[str, Any]]:
    return [ready(properties, acts if events else ()) for properties, acts in some]


def compare(own: Side, others: dict[str, Side], text: str, *, events: bool) -> None:
    """All sides say the same of every lead; raises SystemExit where they do not."""
    some: list[Raw] = json.loads(text)
    for lead, document in zip(some, made_ready(some, events=events), strict=True):
        wanted = own(lead)
        for name, side in others.items():
            found = side(document)
            if found != wanted:
                raise SystemExit(
                    f"{name} says {found}, {OURS} says {wanted}, in units of "
                    f"{Decimal(1) / UNIT:f} points, of {document}"
                )


def measure(
    model: leadscore.Model,
    others: dict[str, Side],
    texts: list[str],
    clock: Callable[[], float],
    *,
    events: bool,
) -> dict[str, list[float]]:
    """Seconds a lead, one figure a round; the first round warms up and is left out.

    `texts` are the leads of each round, as JSON.
    """
    sides: dict[str, Callable[[Any], object]] = {
        OURS: score_and_label(model, events=events),
        ALONE: evaluator(model),
        READY: lambda lead: ready(lead[0], lead[1] if events else ()),
        **others,
    }
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number, text in enumerate(texts):
        # New objects for each side, as requests bring them: nobody's cached hashes help another.
        inputs: dict[str, list[Any]] = {}
        for name in sides:
            some = json.loads(text)
            if name == ALONE:
                some = as_tuples(model, some, events=events)
            elif name not in (OURS, READY):
                some = made_ready(some, events=events)
            inputs[name] = some
        size = len(inputs[OURS])
        spent = dict.fromkeys(sides, 0.0)
        gc.collect()
        gc.disable()
        for place in range(0, size, RUN):
            for name in list(sides) if place // RUN % 2 else list(sides)[::-1]:
                side, batch = sides[name], inputs[name][place : place + RUN]
                start = clock()
                for lead in batch:
                    side(lead)
                spent[name] += clock() - start
        gc.enable()
        if number > 0:
            for name in sides:
                found[name].append(spent[name] / size)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--leads", type=int, default=400, help="leads in a round")
    parser.add_argument("--again", action="store_true", help="the same leads in all rounds")
    parser.add_argument("--processor", action="store_true", help="time of the processor")
    parser.add_argument("--data", type=Path, default=DATA, help="folder for the tables")
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("--rounds: at least 2, or there are no quartiles")
    if given.leads < 1:
        parser.error("--leads: at least 1")
    print(
        f"{given.rounds} rounds of {given.leads} leads, {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}, "
        + versions("leadscore", "datalogic-py", "zen-engine", "rule-engine")
    )
    clock = time.process_time if given.processor else time.perf_counter
    if given.again:
        texts = leads(given.data, given.leads) * (given.rounds + 1)
    else:
        texts = leads(given.data, given.leads, given.rounds + 1)
    for title, name, events, goals in (
        ("20 rules on properties", "many_leads_properties", False, ((DATALOGIC, 1.5),)),
        (
            f"20 rules on properties, 20 on events, {EVENTS} events a lead",
            "many_leads",
            True,
            ((DATALOGIC, 4.0),),
        ),
    ):
        model = leadscore.load(MODELS / f"{name}.score")
        others = peers(events=events)
        compare(ours(model, events=events), others, texts[0], events=events)
        times = measure(model, others, texts, clock, events=events)
        rows = []
        for side, seconds in times.items():
            row = [side, f"{1e6 * statistics.median(seconds):.1f}", ratio(seconds, times[OURS])]
            whole = [a + b for a, b in zip(seconds, times[READY], strict=True)]
            row.append(ratio(whole, times[OURS]) if side in others else "")
            rows.append(row)
        print(f"\n{title}: the same from all; medians, in brackets the quartiles")
        print_table(("", "µs a lead", f"times {OURS}", "made ready in the time"), rows)
        for peer, bound in (*goals, (GRAPH, 30.0)):
            found = middle_ratio(times[peer], times[OURS])
            print_goal(f"{peer}, times ours", found, bound, least=True)
            whole = [a + b for a, b in zip(times[peer], times[READY], strict=True)]
            found = middle_ratio(whole, times[OURS])
            print_goal(f"{peer} from the same dict, times ours", found, bound, least=True)


if __name__ == "__main__":
    main()
