"""The relations of open tables as the inputs of a query, for every engine that speaks SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadscore.data.kinds import BOOLEAN, DATE, DOUBLE, INSTANT, INTEGER, TEXT, TIMESTAMP
from leadscore.data.relations import EVENT_INPUT, LEAD_INPUT, LIST_INPUT
from leadscore.engines.run import Request
from leadscore.targets.sql.dialect import ColumnKind
from leadscore.targets.sql.inputs import (
    EventInput,
    InputColumn,
    Inputs,
    LeadInput,
    ListInput,
    ModelInput,
)

if TYPE_CHECKING:
    from leadscore.model import Model

KINDS: dict[str, ColumnKind] = {
    TEXT: "text",
    INTEGER: "integer",
    DOUBLE: "double",
    BOOLEAN: "boolean",
    DATE: "date",
    TIMESTAMP: "timestamp",
    INSTANT: "instant",
}


def inputs_of(request: Request, prefix: str = "") -> Inputs:
    """The inputs of a query; `prefix` stands before the names of the three relations."""
    found = request.tables.relations
    kept = range(len(found.kept)) if request.keep else ()
    sources = len(found.sources)
    return Inputs(
        LeadInput(prefix + LEAD_INPUT, "id", "row", tuple(f"c{at}" for at in kept)),
        EventInput(
            prefix + EVENT_INPUT,
            "lead",
            InputColumn("type", "text"),
            InputColumn("time", KINDS[found.time_kind]),
            "seq",
            "source" if sources > 1 else None,
            sources,
        ),
        ListInput(prefix + LIST_INPUT, "lead", "list"),
        tuple(_model_input(request, model) for model in request.models),
    )


def _model_input(request: Request, model: Model) -> ModelInput:
    found = request.tables.relations
    properties, attributes = request.places(model)
    return ModelInput(
        tuple(InputColumn(f"p{at}", KINDS[found.property_kinds[at]]) for at in properties),
        tuple(InputColumn(f"a{at}", KINDS[found.attribute_kinds[at]]) for at in attributes),
    )
