"""Time zones in SQL: what to add to or take from seconds, as a search tree of comparisons.

Databases have time zones of their own, of other years' rules, and differ where a local time occurs
twice or not at all. So the changes of the zone are taken from where Python has them and written
out. From year 2037 on zones have rules without end; as the calendar repeats every 400 years, a
time after the last change of the table is looked up that many years earlier.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from leadscore.targets.sql.dialect import Dialect

_FIRST = -5_364_662_400
"""The year 1800, before the first change that the data of zones has."""
_CYCLE = 146_097 * 86_400
"""400 years, after which the calendar repeats itself with its days of the week."""
_LAST = 4_102_444_800 + _CYCLE  # 2100 and one cycle on
_STEP = 6 * 86_400

Change = tuple[int, int]
"""(the UTC second of a change, the offset from then on)."""


@lru_cache(maxsize=8)
def changes(zone: tzinfo) -> tuple[int, tuple[Change, ...]]:
    """The first offset of a zone, and its changes up to 400 years after 2100."""
    first = before = _offset(zone, _FIRST)
    found: list[Change] = []
    at = _FIRST
    while at < _LAST:
        after = _offset(zone, at + _STEP)
        if after != before:
            low, high = at, at + _STEP  # the offset changes in (low, high]
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(zone, middle) == before:
                    low = middle
                else:
                    high = middle
            found.append((high, _offset(zone, high)))
            before = _offset(zone, high)
            if before != after:
                at = high
                continue
        at += _STEP
    return first, tuple(found)


def _offset(zone: tzinfo, second: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    offset = moment.astimezone(zone).utcoffset() or timedelta(0)
    return offset.days * 86_400 + offset.seconds


def returns(zone: tzinfo) -> bool:
    """Whether the offsets of a zone change for ever, so that `cycled` is needed."""
    _, found = changes(zone)
    return bool(found) and found[-1][0] >= _LAST - _CYCLE


def cycled(dialect: Dialect, second: str) -> str:
    """A time after 2100 as many cycles earlier as it takes to be in the first; others as is."""
    start = _LAST - _CYCLE
    cycles = dialect.divide(f"({second} - {start})", str(_CYCLE))
    return f"case when {second} >= {start} then {second} - {_CYCLE} * {cycles} else {second} end"


def offset_at_local(dialect: Dialect, local: str, zone: tzinfo) -> str:
    """The offset of a local time, which is `cycled` where the zone `returns`.

    A time that occurs twice is the first; one that is skipped has the offset from before the gap:
    so an offset holds up to the later of the two local times at which it ends.
    """
    first, found = changes(zone)
    offsets = [first, *(offset for _, offset in found)]
    starts = [
        at + max(before, after)
        for (at, _), (before, after) in zip(found, pairwise(offsets), strict=True)
    ]
    return dialect.step(local, starts, offsets)


def offset_at_utc(dialect: Dialect, second: str, zone: tzinfo) -> str:
    """The offset at an instant, which is `cycled` where the zone `returns`."""
    first, found = changes(zone)
    starts = [at for at, _ in found]
    return dialect.step(second, starts, [first, *(offset for _, offset in found)])
