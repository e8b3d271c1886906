"""Names of columns: how they match, which ones are looked for, and what to say when none fits.

The rules are those of "Tables", in the command line's reference.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from leadscore.values.text import WHITE_SPACE, fold, trim

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
_LIKELY = 20
"""Names that are compared letter by letter with one that is not there."""
_COMPARED = 60
"""Characters of a name that count for near misses."""
_SPACES = re.compile(f"[{WHITE_SPACE}]+")
_LOOSE = re.compile(f"[{WHITE_SPACE}_]+")


def loose(name: str) -> str:
    """`name` folded, without spaces and underscores: `Lead ID`, `lead_id` and `LeadId` agree."""
    return _LOOSE.sub("", fold(name))


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
        if _SPACES.sub("_", fold(name)).endswith(TIME_ENDINGS):
            return position
    return None


def positions(columns: Sequence[str]) -> dict[str, int]:
    """The first position of each folded name: `find`, for looking up many names."""
    found: dict[str, int] = {}
    for at, name in enumerate(columns):
        if key := fold(name):
            found.setdefault(key, at)
    return found


class Near:
    """Finds names that look like one that is not there; made once for the names of a table.

    Comparing two names letter by letter is slow, so it is done only for those that share the
    most letters and pairs of letters with the one that is sought.
    """

    def __init__(self, columns: Iterable[str]) -> None:
        by_fold: dict[str, str] = {}
        for name in columns:
            if shown := trim(name):
                by_fold.setdefault(loose(name)[:_COMPARED], shown)
        self._names = by_fold
        self._pieces = [(key, _pieces(key)) for key in by_fold]

    def to(self, wanted: str) -> list[str]:
        """At most three names that look like `wanted`, the nearest first."""
        key = loose(wanted)[:_COMPARED]
        sought = _pieces(key)
        likely = heapq.nlargest(
            _LIKELY,
            self._pieces,
            lambda pair: len(sought & pair[1]) / (len(sought) + len(pair[1]) or 1),
        )
        nearest = difflib.get_close_matches(key, [pair[0] for pair in likely], 3, 0.6)
        return [self._names[found] for found in nearest]


def _pieces(name: str) -> frozenset[str]:
    return frozenset((*name, *map("".join, pairwise(name))))


def listed(names: Sequence[str]) -> str:
    """The names of columns for a message: at most forty, the unnamed ones left out."""
    named = [shown for name in names if (shown := trim(name))]
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
