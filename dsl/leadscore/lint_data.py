"""Reading what rules want to know of tables: `read_facts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from leadscore.analysis import Analysis
from leadscore.data import kinds
from leadscore.data.relations import EVENT_INPUT, LEAD_INPUT, LIST_INPUT
from leadscore.lint.facts import LONGEST, EventFacts, Facts, Found, Texts, Unread
from leadscore.model import Model
from leadscore.needs import Needs
from leadscore.plan import terms as t
from leadscore.plan.walk import conditions, roots
from leadscore.report import Report
from leadscore.scores import open_run
from leadscore.values.text import WHITE_SPACE, fold, trim

if TYPE_CHECKING:
    from leadscore.data import Tables

MOST = 10_000
"""Different texts of one column that are looked at; of more, the most frequent ones."""


def read_facts(
    analysis: Analysis,
    open: Callable[[Needs], Tables],
    *,
    as_of: int,
    time_zone: tzinfo,
    time_pattern: str | None = None,
) -> Facts:
    """What tables say about a model without errors.

    Args:
        analysis: of the model.
        open: opens the tables for what the model needs, with ``allow_missing``: what is missing
            is a finding. They are closed here.
        as_of: the instant of the evaluation, in seconds.
        time_zone: of times without an offset.
        time_pattern: how times of events are written, where it is not ISO 8601.

    The leads are scored once, since what cannot be read is what evaluators cannot read; beside
    that, each column that is compared with texts is gone over once, and the events once.

    Raises:
        DataError: the tables cannot be read.
        EvaluationError: a sum past 64 bits; it would be one in scoring, too.
        ValueError: the model has errors.
    """
    if analysis.errors:
        raise ValueError("a model with errors reads nothing")
    model = Model(analysis)
    with open(model.needs) as tables:
        report = _report(model, tables, as_of, time_zone, time_pattern)
        with tables.reading():
            there = tables.columns
            return Facts(
                leads=tables.lead_count,
                columns=there.leads,
                missing=frozenset(model.plan.properties[at].key for at in there.lacking),
                values=dict(_values(model.plan, tables)),
                unread=tuple(
                    Unread(entry.column, entry.expected, entry.count, entry.example)
                    for entry in report.unreadable.values()
                ),
                events=_events(model.plan, tables, report),
                lists=_lists(tables) if there.lists else None,
                notes=tuple(report.notes),
            )


def _report(
    model: Model, tables: Tables, as_of: int, time_zone: tzinfo, time_pattern: str | None
) -> Report:
    """What a run over the tables has to say; its scores are not kept."""
    run = open_run(
        [model],
        tables,
        model.needs,
        as_of=as_of,
        time_zone=time_zone,
        time_pattern=time_pattern,
    )
    for _ in run.batches():
        pass
    return run.report()


def _values(plan: t.Plan, tables: Tables) -> Iterator[tuple[str, Texts]]:
    """The known values of each property that is compared with whole texts."""
    compared = {
        condition.operand.key
        for root in roots(plan)
        for condition in conditions(root)
        if isinstance(condition, t.TextIs) and isinstance(condition.operand, t.Property)
    }
    for at, spec in enumerate(plan.properties):
        if at in tables.columns.lacking or (spec.key not in compared and spec.kind != "one of"):
            continue
        kind = tables.relations.property_kinds[at]
        text = kinds.as_text(f"p{at}", kind)
        there = f"p{at} IS NOT NULL" + (f" AND NOT isnan(p{at})" if kind == kinds.DOUBLE else "")
        rows = _rows(
            tables,
            f"SELECT {_short(text)}, count(*) FROM {LEAD_INPUT} WHERE {there} "
            f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST + 1}",
        )
        yield spec.key, _texts(rows, plan.unknown_values)


def _events(plan: t.Plan, tables: Tables, report: Report) -> EventFacts | None:
    columns = tables.columns.events
    if columns is None:
        return None
    there = [_there(f"a{at}", kind) for at, kind in enumerate(tables.relations.attribute_kinds)]
    counts = "".join(f", count(*) FILTER (WHERE {test})" for test in there)
    rows = _rows(
        tables,
        f"SELECT {_short('type')}, count(*){counts} FROM {EVENT_INPUT} "
        f"WHERE type IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST + 1}",
    )
    attributes: dict[str, dict[str, int]] = {spec.key: {} for spec in plan.attributes}
    for kind, _, *present in rows:
        if kind is None:
            continue  # longer than any that a model names
        for held, count in zip(attributes.values(), present, strict=True):
            key = fold(kind)
            held[key] = held.get(key, 0) + count
    total = _rows(tables, f"SELECT count(*) FROM {EVENT_INPUT}")[0][0]
    return EventFacts(
        columns,
        total,
        _texts(rows),
        attributes,
        report.untimed_events,
        report.untimed_example,
    )


def _short(text: str) -> str:
    """SQL for a text that is not longer than those that are kept; NULL stands for all others."""
    trimmed = f"trim({text}, '{WHITE_SPACE}')"
    return (
        f"CASE WHEN length({text}) <= {LONGEST} THEN {text} "
        f"WHEN length({trimmed}) <= {LONGEST} THEN {trimmed} END"
    )


def _there(column: str, kind: str) -> str:
    """SQL for whether there is a value: nothing blank is."""
    if kind != kinds.TEXT:
        return f"{column} IS NOT NULL"
    # Trimming by a set of characters is slow, and nearly no value needs it.
    return (
        f"CASE WHEN {column} BETWEEN '!' AND '~' THEN true "
        f"ELSE trim({column}, '{WHITE_SPACE}') <> '' END"
    )


def _lists(tables: Tables) -> Texts:
    rows = _rows(
        tables,
        f"SELECT {_short('list')}, count(*) FROM {LIST_INPUT} WHERE list IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST + 1}",
    )
    return _texts(rows)


def _texts(rows: Iterable[tuple[Any, ...]], unknown: frozenset[str] = frozenset()) -> Texts:
    """The texts of rows of (text, count, …), the most frequent ones first, by key."""
    found: dict[str, Found] = {}
    whole, longer = True, False
    for number, (text, count, *_) in enumerate(rows):
        if number == MOST:
            whole = False
            break
        if text is None:
            longer = True
            continue
        key = fold(text)
        if not key or key in unknown:
            continue
        known = found.get(key)
        found[key] = (
            Found(trim(text), count) if known is None else Found(known.shown, known.count + count)
        )
    return Texts(found, whole, longer)


def _rows(tables: Tables, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = tables.connection.execute(sql).fetchall()
    return rows
