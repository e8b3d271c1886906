"""Time zones as a sheet: from when on which offset holds, to be looked up.

A sheet shows local times, and ages are of instants. From 2100 on the offset is #N/A, so that what
lies behind the table is not computed with an offset that may be another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from leadscore.targets.formulas.grid import FIRST_ROW

NAME = "Zone"
BEGINNING = -(10**12)
END = 4_102_444_800
"""2100-01-01."""

_FIRST = -2_208_988_800  # 1900
_STEP = 6 * 86_400


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """Offsets in seconds, each from a local time on, and from an instant on; in seconds."""

    local: tuple[tuple[int, int], ...]
    instants: tuple[tuple[int, int], ...]

    def to_instant(self, local: str) -> str:
        """The instant of a local time; `local` is a reference."""
        return f"{local}-{_lookup(local, 'A', 'B', len(self.local))}"

    def to_local(self, instant: str) -> str:
        """The local time of an instant; `instant` is a reference."""
        return f"{instant}+{_lookup(instant, 'C', 'D', len(self.instants))}"


def _lookup(x: str, keys: str, values: str, size: int) -> str:
    end = FIRST_ROW + size  # one more, of the end
    return (
        f"LOOKUP({x},{NAME}!${keys}${FIRST_ROW}:${keys}${end},"
        f"{NAME}!${values}${FIRST_ROW}:${values}${end})"
    )


@lru_cache(maxsize=8)
def table_of(zone: tzinfo) -> ZoneTable | None:
    """The offsets of a zone up to 2100; None of UTC."""
    if zone is UTC:
        return None
    changes = _changes(zone)
    # A local time that occurs twice is the first, one that is skipped has the offset from before
    # the gap: an offset holds up to the later of the two local times at which it ends.
    local = [(at + max(before, after), after) for (_, before), (at, after) in pairwise(changes)]
    return ZoneTable(((BEGINNING, changes[0][1]), *local), tuple(changes))


def _changes(zone: tzinfo) -> list[tuple[int, int]]:
    """(instant, the offset from then on), the first from the beginning on."""
    before = offset_at(zone, _FIRST)
    found = [(BEGINNING, before)]
    at = _FIRST
    while at < END:
        after = offset_at(zone, at + _STEP)
        if after == before:
            at += _STEP
            continue
        low, high = at, at + _STEP  # the offset changes in (low, high]
        while high - low > 1:
            middle = (low + high) // 2
            if offset_at(zone, middle) == before:
                low = middle
            else:
                high = middle
        before = offset_at(zone, high)
        found.append((high, before))
        at = high
    return found


def offset_at(zone: tzinfo, second: int) -> int:
    """The offset of a zone at an instant, in seconds."""
    if zone is UTC:
        return 0
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    offset = moment.astimezone(zone).utcoffset() or timedelta(0)
    return offset.days * 86_400 + offset.seconds
