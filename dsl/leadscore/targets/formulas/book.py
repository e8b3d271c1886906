"""What a workbook is made of: its sheets, its columns, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from leadscore.targets.formulas.grid import Grid
from leadscore.targets.formulas.readings import Field
from leadscore.targets.formulas.sheet import ModelSheet
from leadscore.targets.formulas.zones import ZoneTable

LEADS, EVENTS, LISTS, CHECK = "Leads", "Events", "Lists", "Check"
"""Sheets with data, and the one that says whether the data still suits the formulas."""

CHOSEN = "Receipt!$B$1"
"""The id of the lead whose receipt is shown."""

LEAD_WORK, EVENT_WORK, LIST_WORK = "Leads_work", "Events_work", "Lists_work"

OWN_COLUMNS = {
    LEADS: ("no.", "id"),
    EVENTS: ("no.", "id", "event", "time"),
    LISTS: ("no.", "id", "list"),
}
"""The columns before those of the model. The number is that of the lead."""

EVENTS_FINE, LISTS_FINE = "$B$3", "$B$4"


@dataclass(frozen=True, slots=True)
class Sizes:
    """The rows of the three tables."""

    leads: int
    events: int
    lists: int


@dataclass(frozen=True, slots=True)
class Options:
    """How times are read, as in `Model.score_table`."""

    zone: tzinfo
    time_pattern: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A sum of the model for the receipt: its row there, and its reference in the grid of leads."""

    row: int
    reference: str
    level: int
    """0: score and categories, 1: groups, 2: rules."""
    inside: tuple[int, ...] = ()
    """The rows of what is summed up; what is missing of it, a limit took."""


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the sheet `Check`: what is right, and the formula that says so."""

    text: str
    formula: str


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets. Grids of what the model does not look at are None."""

    model: ModelSheet
    leads: Grid
    events: Grid | None
    lists: Grid | None
    properties: tuple[Field, ...]
    """Parallel to the plan's."""
    attributes: tuple[Field, ...]
    event_type: Field
    event_time: Field
    list_name: Field
    zone: ZoneTable | None
    last_places: Mapping[str, str]
    """For events and lists, the column of leads' last places, which the writer fills."""
    chosen: str
    """In the grid of leads, 1 for the one whose receipt is shown."""
    outputs: tuple[tuple[str, str], ...]
    """Names and formulas of the outputs, for rows of `Leads`."""
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
