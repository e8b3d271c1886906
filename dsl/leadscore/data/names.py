"""Names of columns: how they match, which ones are looked for, and what to say when none fits.

The rules are those of "Tables", in the command line's reference.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

from leadscore.values.text import fold

ID_COLUMNS = (
    "id",
    "lead_id",
    "contact_id",
    "company_id",
    "Record ID",
    "Prospect ID",
    "email",
)
"""Where the id of a lead is looked for, in this order; else it is the first column."""
EVENT_ID_COLUMNS = ("lead_id", "contact_id")
"""Where the lead of an event is looked for, after the name of the leads' own id column."""
TYPE_COLUMNS = ("event", "event_type", "type")
TIME_COLUMNS = ("time", "timestamp", "occurred_at", "date")
TIME_ENDINGS = ("_at", "_timestamp")
LIST_COLUMNS = ("list",)

_SHOWN = 40


def loose(name: str) -> str:
    """`name` folded, without spaces and underscores: `Lead ID`, `lead_id` and `LeadId` agree."""
    return re.sub(r"[\s_]+", "", fold(name))


def find(columns: Sequence[str], wanted: str) -> int | None:
    """Position of the first column named `wanted`, without regard to case and outer space."""
    return _first(columns, fold(wanted), fold)


def find_any(columns: Sequence[str], candidates: Sequence[str]) -> int | None:
    """Position of the first of `candidates` that is there; inner spaces do not matter either."""
    for candidate in candidates:
        found = find(columns, candidate)
        if found is None:
            found = _first(columns, loose(candidate), loose)
        if found is not None:
            return found
    return None


def find_time(columns: Sequence[str]) -> int | None:
    """Position of the column with the time of an event."""
    found = find_any(columns, TIME_COLUMNS)
    if found is not None:
        return found
    for position, name in enumerate(columns):
        if re.sub(r"\s+", "_", fold(name)).endswith(TIME_ENDINGS):
            return position
    return None


def near(columns: Sequence[str], wanted: str) -> list[str]:
    """At most three names of `columns` that look like `wanted`, the nearest first."""
    by_fold: dict[str, str] = {}
    for name in columns:
        if name.strip():
            by_fold.setdefault(loose(name), name.strip())
    return [by_fold[key] for key in difflib.get_close_matches(loose(wanted), by_fold, 3, 0.6)]


def listed(names: Sequence[str]) -> str:
    """The names of columns for a message: at most forty, the unnamed ones left out."""
    named = [name.strip() for name in names if name.strip()]
    if not named:
        return "no named column"
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return ", ".join(named[:_SHOWN]) + more


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 row`, `2 rows`, `1,234 rows`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _first(columns: Sequence[str], key: str, how: Callable[[str], str]) -> int | None:
    if not key:
        return None
    return next((at for at, name in enumerate(columns) if how(name) == key), None)
