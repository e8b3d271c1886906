"""The one reader of tables, for every engine, and the writers.

`open_tables` reads, `open_writer` writes; DuckDB, Arrow and the libraries for workbooks are
imported when they are first used.
"""

from leadscore.data.arguments import (
    ColumnMapping,
    ContactTable,
    EventTable,
    parse_contacts_argument,
    parse_event_columns,
    parse_events_argument,
)
from leadscore.data.problems import BrokenRowsError
from leadscore.data.relations import EventCounts, EventSource, Relations
from leadscore.data.sinks import Writer, open_writer
from leadscore.data.stream import LeadRow
from leadscore.data.tables import Tables, open_tables

__all__ = [
    "BrokenRowsError",
    "ColumnMapping",
    "ContactTable",
    "EventCounts",
    "EventSource",
    "EventTable",
    "LeadRow",
    "Relations",
    "Tables",
    "Writer",
    "open_tables",
    "open_writer",
    "parse_contacts_argument",
    "parse_event_columns",
    "parse_events_argument",
]
