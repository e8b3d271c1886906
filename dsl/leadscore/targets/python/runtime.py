"""What generated code calls: readings with memory, selections of events, sums with bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from leadscore.plan import terms as t
from leadscore.plan.readings import DECLARED, EXPECTED
from leadscore.report import Report
from leadscore.targets.python.instants import in_utc
from leadscore.values.dates import date_of, iso, pattern_reader, seconds_of
from leadscore.values.number import boolean_of, number_of, ten_thousandths
from leadscore.values.text import WHITE_SPACE, fold, lower, normal, text_of, words
from leadscore.values.units import MAX_UNITS

MEMORY = 20_000
"""Values that one reader remembers; past it, it forgets all and starts again."""

LONGEST = 200
"""Longer texts are not remembered."""

BEGINNING = -(10**15)
"""Before every event."""

Reader = Callable[[Any, Report], Any]
Item = tuple[Any, ...]
"""An event that is seen: (second, place in the input, the event, class, readings …)."""


class Overflow(Exception):
    """A sum past 64 bits; the evaluator adds the lead and the line."""


def reader(
    name: str,
    forms: str,
    spec: t.PropertySpec | None,
    unknown: frozenset[str],
    zone: tzinfo,
) -> tuple[Reader, dict[str, Any]]:
    """A function from a raw value to its readings, one for each letter of `forms`; and its memory.

    t: folded text, w: its words, n: number, d: instant, b: boolean; N and D: the same as n and d,
    without a word in the report where they fail. None stands for unknown. With one letter the
    reading itself, with several a tuple. What cannot be read is counted in the report.

    The memory holds the readings of texts that were met, but for those that the report counts.
    Generated code looks there before it calls.
    """
    kind = spec.kind if spec else None
    pattern = pattern_reader(spec.pattern) if spec and spec.pattern else None
    options = spec.options if spec else frozenset()
    nothing: Any = None if len(forms) == 1 else (None,) * len(forms)
    memory: dict[str, Any] = {}
    if forms in ("t", "w") and kind in (None, "text"):
        memory = Texts(unknown, words if forms == "w" else None)

    plain_utc = zone is UTC and pattern is None

    def read_date(value: Any, folded: str) -> int | None:
        if plain_utc and value.__class__ is str:
            return in_utc(value)
        return date_of(value, zone, pattern)

    readings: dict[str, Callable[[Any, str], Any]] = {
        "t": lambda value, folded: folded,
        "w": lambda value, folded: words(folded),
        "n": lambda value, folded: number_of(value),
        "d": read_date,
        "b": lambda value, folded: boolean_of(value),
    }
    declared = DECLARED.get(kind or "", "")
    read_declared = readings[declared] if declared else None
    rest = [(readings[letter.lower()], EXPECTED.get(letter, "")) for letter in forms]
    as_declared = forms == declared

    def read(value: Any, report: Report) -> Any:
        text: str | None
        if value.__class__ is str:
            found = memory.get(value)
            if found is not None:
                return found
            plain = text = value.strip(WHITE_SPACE)
        else:
            plain = normal(value)
            text = text_of(plain)
        if not text:
            return nothing
        folded = lower(text)
        if folded in unknown:
            return nothing
        sound = True
        kept = None
        if read_declared is not None:
            kept = read_declared(plain, folded)
            if kept is None:
                report.unread(name, kind, value)  # type: ignore[arg-type]  # there is a kind
                return nothing
        elif kind == "one of" and folded not in options:
            report.unread(name, kind, value)
            sound = False
        if as_declared:
            result = kept
        else:
            got = []
            for reading, expected in rest:
                # A reading that was made for the declared type need not be made again.
                found = kept if reading is read_declared else reading(plain, folded)
                if found is None and expected:
                    report.unread(name, expected, value)
                    sound = False
                got.append(found)
            result = got[0] if len(got) == 1 else tuple(got)
        if sound and value.__class__ is str and len(value) <= LONGEST:
            if len(memory) >= MEMORY:
                memory.clear()
            memory[value] = result
        return result

    return read, memory


class Texts(dict[str, Any]):
    """The folded form, or what `further` makes of it, of each text that was met; None: unknown."""

    def __init__(self, unknown: frozenset[str], further: Callable[[str], str] | None) -> None:
        super().__init__()
        self._unknown = unknown
        self._further = further

    def __missing__(self, value: str) -> str | None:
        trimmed = value.strip(WHITE_SPACE)
        found: str | None = trimmed.lower() if trimmed.isascii() else lower(trimmed)
        if not found or found in self._unknown:
            found = None
        elif self._further is not None:
            found = self._further(found)
        if len(value) <= LONGEST:
            if len(self) >= MEMORY:
                self.clear()
            self[value] = found
        return found


class Times(dict[Any, Any]):
    """The second of each time that was met; None where it cannot be read.

    `pattern` is how times are written in the data, where that is not ISO 8601 only.
    """

    def __init__(self, zone: tzinfo, pattern: str | None = None) -> None:
        super().__init__()
        self._zone = zone
        self._pattern = pattern_reader(pattern) if pattern is not None else None

    def __missing__(self, value: Any) -> int | None:
        if value.__class__ is not str:
            # Not remembered: date-times that differ in `fold` alone are equal as keys.
            return date_of(normal(value), self._zone, self._pattern)
        moment = iso(value) if self._pattern is None else None
        if moment is None:
            second = date_of(value, self._zone, self._pattern)
        else:
            second = seconds_of(moment, self._zone)
        if len(value) <= LONGEST:
            if len(self) >= MEMORY:
                self.clear()
            self[value] = second
        return second


class Classes(dict[Any, int]):
    """The class of each raw event type that was met: its place among those that the plan names.

    Types that the plan does not name are of the class `other`.
    """

    def __init__(self, keys: Sequence[str], renames: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._classes = {key: place for place, key in enumerate(keys)}
        self._renames = dict(renames)
        self.other = len(keys)

    def __missing__(self, value: Any) -> int:
        text = text_of(normal(value))
        key = fold(text) if text else ""
        found = self._classes.get(self._renames.get(key, key), self.other)
        if value.__class__ is str and len(value) <= LONGEST:
            if len(self) >= MEMORY:
                self.clear()
            self[value] = found
        return found


Reads = tuple[tuple[int, int, int, Reader], ...]
"""Readings of attributes: the first place in the item, how many, the column, the reader."""


def read_item(head: Item, usual: Reads, own: Reads, size: int, report: Report) -> Item:
    """An item of an event: its head, then `size` places, those of `usual` and `own` filled."""
    item: list[Any] = [*head, *[None] * size]
    event = head[2]
    for reads in (usual, own):
        for slot, many, column, read in reads:
            found = read(event[column], report)
            if many == 1:
                item[slot] = found
            else:
                item[slot : slot + many] = found
    return tuple(item)


def in_zone(zone: tzinfo) -> Callable[[int], datetime]:
    """A function from an instant to the local date and time in `zone`, without its offset."""
    epoch = datetime(1970, 1, 1)

    def local(second: int) -> datetime:
        try:
            moment = epoch + timedelta(seconds=second)
            if zone is UTC:
                return moment
            return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        except OverflowError:  # an offset leads out of the years 1 to 9999
            return datetime.min if second < 0 else datetime.max.replace(microsecond=0)

    return local


def period_of(period: t.Period, zone: tzinfo) -> Callable[[int], object]:
    """A function from an instant to its clock hour, day, Monday week, month, quarter or year."""
    if zone is UTC and period in ("hour", "day", "week"):
        if period == "hour":
            return lambda second: second // 3600
        if period == "day":
            return lambda second: second // 86400
        return lambda second: (second // 86400 + 3) // 7  # 1970-01-01 was a Thursday
    local = in_zone(zone)
    match period:
        case "hour":
            return lambda second: local(second).replace(minute=0, second=0)
        case "day":
            return lambda second: local(second).date()
        case "week":
            return lambda second: (local(second).toordinal() - 1) // 7
        case "month":
            return lambda second: local(second).timetuple()[:2]
        case "quarter":
            return lambda second: (local(second).year, (local(second).month - 1) // 3)
        case "year":
            return lambda second: local(second).year


def up_to(items: list[Item], most: int, period: Callable[[int], object]) -> list[Item]:
    """The earliest `most` of each period, oldest first."""
    seen: dict[object, int] = {}
    kept: list[Item] = []
    for item in sorted(items):
        bucket = period(item[0])
        count = seen.get(bucket, 0)
        if count < most:
            seen[bucket] = count + 1
            kept.append(item)
    return kept


def latest_time(*lists: list[Item]) -> int:
    """The second of the latest event in any of the lists; `BEGINNING` where there is none."""
    return max((max(items)[0] for items in lists if items), default=BEGINNING)


def different(items: list[Item], place: int) -> int:
    """The number of distinct known readings at `place`."""
    return len({item[place] for item in items} - {None})


def totals(items: list[Item], place: int) -> tuple[int, int] | None:
    """The sum of the readings at `place` in ten-thousandths, and how many are known.

    None past 64 bits: an error where the total is asked for, and not where an `if` before fails.
    """
    total = count = 0
    for item in items:
        number = item[place]
        if number is not None:
            part = ten_thousandths(number)
            if part is None:
                return None
            total += part
            count += 1
    return (total, count) if -MAX_UNITS <= total <= MAX_UNITS else None


def highest(items: list[Item], place: int) -> float | None:
    """The highest of the known readings at `place`."""
    return max((item[place] for item in items if item[place] is not None), default=None)


def lowest(items: list[Item], place: int) -> float | None:
    """The lowest of the known readings at `place`."""
    return min((item[place] for item in items if item[place] is not None), default=None)


def kept(points: int, decay: t.Decay, age: int) -> int:
    """What is left of `points` after `age` seconds; both in units, toward zero, never past it."""
    size = abs(points)
    if decay.gradual:
        scale = 10_000 * decay.every
        left = scale - decay.rate * (age // 3600) * 3600
        size = size * left // scale if left > 0 else 0
    else:
        size = max(0, size - size // 10_000 * decay.rate * (age // decay.every))
    return -size if points < 0 else size


def each_decayed(items: list[Item], points: Sequence[int], decay: t.Decay, as_of: int) -> int:
    """The sum of decayed points where the oldest event gives the first of them, and so on."""
    return sum(
        kept(value, decay, as_of - item[0])
        for item, value in zip(sorted(items), points, strict=False)
    )


def compare_any(
    operator: t.Operator, left: tuple[Any, Any, Any], right: tuple[Any, Any, Any]
) -> bool:
    """Compare two values without a declared type, each given as (number, instant, text).

    The first reading that both have decides.
    """
    for a, b in zip(left, right, strict=True):
        if a is not None and b is not None:
            match operator:
                case "=":
                    return bool(a == b)
                case "<":
                    return bool(a < b)
                case "<=":
                    return bool(a <= b)
                case ">":
                    return bool(a > b)
                case ">=":
                    return bool(a >= b)
    return False


def overflow() -> None:
    """Stop: a sum is past 64 bits."""
    raise Overflow


floor = math.floor
