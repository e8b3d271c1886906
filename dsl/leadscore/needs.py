"""What a plan needs of the data: the contract between the plan and the readers of tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PropertyNeed:
    """One property of the lead, and the columns that it may come from.

    ``sources`` are tried in order: the column of ``from``, then the column of the property's own
    name. Columns match without regard to case and outer white space.
    """

    name: str
    sources: tuple[str, ...]
    line: int
    """Line of the model where the property is first used; for messages."""


@dataclass(frozen=True, slots=True)
class AttributeNeed:
    """One attribute of events; it is a column of at least one of the event tables."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a plan reads.

    Rows of the reader are parallel to ``properties``, events to ``attributes``.
    """

    properties: tuple[PropertyNeed, ...]
    attributes: tuple[AttributeNeed, ...]
    events: bool
    lists: bool
