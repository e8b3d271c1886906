"""What every engine is asked for, and what it answers: batches of Arrow, and a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from leadscore.needs import AttributeNeed, Needs, PropertyNeed
from leadscore.outputs import NUMBERS
from leadscore.receipt_columns import ReceiptColumn, receipt_columns
from leadscore.report import Report
from leadscore.targets.python.runtime import in_zone
from leadscore.values.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

    from leadscore.data.relations import EventCounts, Relations
    from leadscore.model import Model

Progress = Callable[[int, int], None]
"""Called with the leads done, and all there are."""


class Opened(Protocol):
    """Open tables, as engines that work on whole relations need them."""

    @property
    def id_column(self) -> str:
        """The name of the leads' id column."""

    @property
    def passthrough_columns(self) -> tuple[str, ...]:
        """The names of the leads' own columns, where they are kept."""

    @property
    def relations(self) -> Relations:
        """What the relations hold."""

    @property
    def report(self) -> Report:
        """What there is to say about the tables."""

    @property
    def lead_count(self) -> int:
        """How many leads there are."""

    def note_events(self, counts: Sequence[EventCounts]) -> None:
        """Say which events are of no lead."""


class Run(Protocol):
    """Models over tables, about to be scored."""

    @property
    def request(self) -> Request:
        """What was asked for."""

    @property
    def excluded(self) -> list[int]:
        """How many leads each model excludes; complete when all batches are out."""

    def batches(self, progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """One row a lead, in the order of the leads, with the columns of ``request.columns``.

        Points are 64-bit integers of units, in fields that :mod:`leadscore.data.unit_columns`
        knows. Raises EvaluationError at a sum past 64 bits, with the lead, and DataError where
        the tables cannot be read after all.
        """

    def report(self) -> Report:
        """What there is to say about the data; complete when all batches are out."""


@dataclass(frozen=True)
class Request:
    """Models, open tables, and how they are to be scored."""

    models: tuple[Model, ...]
    prefixes: tuple[str, ...]
    """Before the columns of each model; empty for a single one."""
    tables: Opened
    needs: Needs
    """Those that the tables were opened with."""
    zone: tzinfo
    as_of: int
    """In seconds."""
    time_pattern: str | None
    with_receipt: bool
    keep: bool
    """Whether the leads' own columns come out, instead of their id."""

    @cached_property
    def receipts(self) -> tuple[tuple[ReceiptColumn, ...], ...]:
        """The columns of each model's receipts, in one table with those of the others."""
        if not self.with_receipt:
            return tuple(() for _ in self.models)
        taken = [self.tables.id_column, *self.tables.passthrough_columns]
        for names in self._outputs:
            taken += names
        found = []
        for model, prefix in zip(self.models, self.prefixes, strict=True):
            found.append(receipt_columns(model.plan, prefix, taken))
            taken += [column.name for column in found[-1]]
        return tuple(found)

    @property
    def _outputs(self) -> list[list[str]]:
        """The columns of each model's outputs."""
        return [
            [prefix + name for name in model.outputs.names]
            for model, prefix in zip(self.models, self.prefixes, strict=True)
        ]

    @cached_property
    def scored(self) -> list[str]:
        """The names of what is computed, model by model: its outputs, then its receipt."""
        names: list[str] = []
        for outputs, receipt in zip(self._outputs, self.receipts, strict=True):
            names += [*outputs, *(column.name for column in receipt)]
        return names

    @cached_property
    def columns(self) -> list[str]:
        """The names of all columns; the first is the leads' own id column, unless all are kept."""
        if self.keep:
            return [*self.tables.passthrough_columns, *self.scored]
        own_id = self.tables.id_column
        return ["id" if own_id in self.scored else own_id, *self.scored]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The names of the columns that hold points."""
        found = {column.name for receipt in self.receipts for column in receipt}
        for model, outputs in zip(self.models, self._outputs, strict=True):
            own = model.outputs.names
            found.update(name for name, bare in zip(outputs, own, strict=True) if bare in NUMBERS)
        return frozenset(found)

    @property
    def first_scored(self) -> int:
        """The place of the first column that is computed."""
        return len(self.columns) - len(self.scored)

    @property
    def as_of_text(self) -> str:
        """The instant of the evaluation, local to the zone of the run."""
        return in_zone(self.zone)(self.as_of).isoformat(timespec="seconds")

    def scored_fields(self) -> list[pa.Field]:
        """The fields of Arrow of what is computed."""
        import pyarrow as pa

        from leadscore.data.unit_columns import UNITS

        return [
            pa.field(name, pa.int64(), metadata=UNITS)
            if name in self.numbers
            else pa.field(name, pa.string())
            for name in self.scored
        ]

    def places(self, model: Model) -> tuple[list[int], list[int]]:
        """The places of a model's properties and attributes among those of the tables."""
        properties = {_columns(need): at for at, need in enumerate(self.needs.properties)}
        attributes = {fold(need.name): at for at, need in enumerate(self.needs.attributes)}
        return (
            [properties[_columns(need)] for need in model.needs.properties],
            [attributes[fold(need.name)] for need in model.needs.attributes],
        )


def lead_of(id: str | None) -> str:
    """A lead of a table, for errors."""
    return "a lead without an id" if id is None else f"lead {id}"


def merged_needs(models: Sequence[Model]) -> Needs:
    """What several models read, each column once."""
    properties: dict[tuple[str, ...], PropertyNeed] = {}
    attributes: dict[str, AttributeNeed] = {}
    for model in models:
        for need in model.needs.properties:
            properties.setdefault(_columns(need), need)
        for attribute in model.needs.attributes:
            attributes.setdefault(fold(attribute.name), attribute)
    return Needs(
        tuple(properties.values()),
        tuple(attributes.values()),
        any(model.needs.events for model in models),
        any(model.needs.lists for model in models),
    )


def _columns(need: PropertyNeed) -> tuple[str, ...]:
    return tuple(fold(source) for source in need.sources)


def merged_report(reports: Sequence[Report], tables: Opened) -> Report:
    """The report of a run, from those of its models and of the reader."""
    report = Report()
    first, *others = reports
    report.merge(first)
    for other in others:
        report.alongside(other)
    report.merge(tables.report)
    return report
