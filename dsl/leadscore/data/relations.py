"""What engines that work on whole tables get: three relations, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

LEAD_INPUT, EVENT_INPUT, LIST_INPUT = "lead_input", "event_input", "list_input"


@dataclass(frozen=True, slots=True)
class EventSource:
    """One of the tables that ``event_input`` is made of."""

    label: str
    """What messages call it."""
    rows: int
    """Of the table, as it was given."""
    of_contacts: bool
    """Whether its events are those of contacts, and count for their companies."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Three views, which copy nothing that DuckDB can scan as often as it likes.

    They are temporary views: only the connection that they were made on sees them, not its
    cursors. All three are there, empty where there is nothing.

    - ``lead_input``: ``row`` (BIGINT, 0, 1, 2, … in the order of the input), ``id`` (trimmed,
      NULL where there is none), ``p0``, ``p1``, …, parallel to ``needs.properties``, and with
      ``keep_columns`` ``c0``, ``c1``, …, the columns of the input.
    - ``event_input``: ``lead`` (the id that ``lead_input.id`` is compared with, NULL where there
      is none), ``source`` (INTEGER, the position in `sources`), ``seq`` (BIGINT, ascending in the
      order of the input over all sources, with gaps; several rows have the same where a contact
      is of several companies), ``type`` (VARCHAR), ``time``, and ``a0``, ``a1``, …, parallel to
      ``needs.attributes``. Not joined with the leads: events of unknown leads are there.
    - ``list_input``: ``lead``, ``seq`` and ``list`` (VARCHAR, NULL where there is none).

    The types are those of :mod:`leadscore.data.kinds`.
    """

    id_kind: str
    """Of all ids: whole numbers where all tables have such, else text."""
    property_kinds: tuple[str, ...]
    attribute_kinds: tuple[str, ...]
    time_kind: str
    kept: tuple[str, ...]
    """Names of the input's own columns, as they are there; empty without ``keep_columns``."""
    kept_kinds: tuple[str, ...]
    lead_count: int
    same_ids: bool
    """Whether several leads have one id."""
    sources: tuple[EventSource, ...]


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many rows of one source in ``event_input`` reach a lead."""

    rows: int
    without_id: int
    """Rows whose ``lead`` is NULL."""
    strangers: int
    """Rows whose ``lead`` is the id of no lead."""
    examples: tuple[str, ...] | None = None
    """Ids of strangers; None: they are looked up where a sentence needs them."""


@dataclass(frozen=True, slots=True)
class InputColumns:
    """Which columns the tables have, by their names there; of tables that were opened."""

    leads: tuple[str, ...]
    lacking: frozenset[int]
    """Positions in ``needs.properties`` of what no column of the leads holds."""
    events: tuple[str, ...] | None
    """Of all tables of events, each name once; None: none was given."""
    lists: bool
    """Whether a table of lists was given."""
