"""What of a model some leads exercise: rules, cases, labels, cells, fast tracks, scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from leadscore.cli.common import prefixes
from leadscore.data import open_tables, parse_contacts_argument, parse_events_argument
from leadscore.engines.python import scorer as scorer_of
from leadscore.engines.run import Request, merged_needs
from leadscore.model import Model, as_of_seconds_of, load
from leadscore.plan import terms as t
from leadscore.receipt import Receipt, ValueSeen
from leadscore.testing import run_tests


def receipts(options: Mapping[str, Any]) -> dict[str, tuple[Model, list[Receipt]]]:
    """For each model of a `leadscore score`, the receipts of its tests and of all leads."""
    models = [load(file) for file in options["files"]]
    found = {model.source.name: (model, _of_tests(model)) for model in models}
    needs = merged_needs(models)
    moment = as_of_seconds_of(options["as_of"], UTC)
    contacts = options["contacts"]
    with open_tables(
        needs,
        options["leads"],
        [parse_events_argument(text) for text in options["events"]] or None,
        options["lists"],
        contacts=None if contacts is None else parse_contacts_argument(contacts),
        as_of=moment,
    ) as tables:
        request = Request(
            tuple(models),
            prefixes(options["files"]),
            tables,
            needs,
            UTC,
            moment,
            None,
            with_receipt=False,
            keep=False,
        )
        scorers = [scorer_of(request, model) for model in models]
        for batch in tables.batches():
            for row in batch:
                for scorer in scorers:
                    values, events, lists = scorer.inputs(row)
                    raw = scorer.bound.run(
                        values, events, lists, scorer.as_of, scorer.report, str(row.id)
                    )
                    found[scorer.model.source.name][1].append(
                        scorer.model.receipt_of(
                            raw, values, events, lists, scorer.as_of, scorer.bound, row.id
                        )
                    )
    return found


def _of_tests(model: Model) -> list[Receipt]:
    return [test.result.receipt for test in run_tests(model)]


def missing(model: Model, given: Iterable[Receipt]) -> list[str]:
    """What no receipt shows."""
    seen = {item for receipt in given for item in _shown(receipt)}
    return [f"{what}: {name}" for what, name in _wanted(model.plan) if (what, name) not in seen]


def _wanted(plan: t.Plan) -> Iterator[tuple[str, str]]:
    for group in plan.groups:
        for rule in group.rules:
            yield "rule", f"line {rule.line}"
            if isinstance(rule.body, t.Choice) and len(rule.body.cases) > 1:
                for case in rule.body.cases:
                    yield "case", f"line {rule.line}, {case.text}"
    for target, labels in plan.labels:
        for label in labels:
            yield "label" if target == "score" else f"{target}_label", label.title
    if plan.matrix is not None:
        first, second = plan.matrix
        for left in first.steps:
            for right in second.steps:
                yield "matrix", left.title + right.title
    for track in plan.fast_tracks:
        yield "fast_track", track.title
    for scope in plan.scope:
        yield "excluded", scope.text


def _shown(receipt: Receipt) -> Iterator[tuple[str, str]]:
    if receipt.excluded is not None:
        yield "excluded", receipt.excluded
    for name, value in receipt.outputs.items():
        if value is not None:
            yield name, value
    for group in receipt.groups:
        for rule in group.rules:
            if rule.earned or rule.points:
                yield "rule", f"line {rule.line}"
            for reason in rule.looked:
                if isinstance(reason, ValueSeen) and reason.kind == "case":
                    yield "case", f"line {rule.line}, {reason.value}"
