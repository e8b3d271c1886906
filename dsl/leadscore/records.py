"""Records of Python (a dict a lead, a dict an event) as the tuples that evaluators take.

What a record's keys mean depends on the keys alone, so it is worked out once for each set of
keys that is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from leadscore.columns import ID_COLUMNS, TYPE_COLUMNS, find_any, find_time
from leadscore.errors import DataError
from leadscore.plan import terms as t
from leadscore.values.text import fold, normal, text_of

_KNOWN_SHAPES = 1000

Take = Callable[[Mapping[Any, Any]], tuple[Any, ...]]


class LeadRecords:
    """Leads as tuples parallel to the properties of a plan."""

    def __init__(self, plan: t.Plan) -> None:
        self._sources = [[fold(source) for source in spec.sources] for spec in plan.properties]
        self._shapes: dict[tuple[Any, ...], Take] = {}

    def values(self, lead: Mapping[Any, Any]) -> tuple[Any, ...]:
        """The values of the plan's properties; None for those that the record lacks."""
        keys = tuple(lead)
        take = self._shapes.get(keys)
        if take is None:
            if len(self._shapes) >= _KNOWN_SHAPES:
                self._shapes.clear()
            take = self._shapes[keys] = self._take(keys)
        return take(lead)

    def _take(self, keys: tuple[Any, ...]) -> Take:
        by_name = _by_name(keys)
        return _taker(
            [
                next((by_name[source] for source in sources if source in by_name), _ABSENT)
                for sources in self._sources
            ]
        )


class EventRecords:
    """Events as tuples (type, time, attributes of the plan …)."""

    def __init__(self, plan: t.Plan) -> None:
        self._attributes = [spec.key for spec in plan.attributes]
        self._shapes: dict[tuple[Any, ...], Take] = {}
        self._whole: tuple[int, Take] = (-1, tuple)
        """The number of keys of a shape that has no others than those taken, and what takes them: a
        dict with as many keys, of which none is missing, has that shape, whatever their order."""

    def rows(self, events: Iterable[Mapping[Any, Any]]) -> list[tuple[Any, ...]]:
        """The events in their order. Raises DataError where one has no type to be found."""
        rows: list[tuple[Any, ...]] = []
        size, whole = self._whole
        for event in events:
            if event.__class__ is dict and len(event) == size:
                try:
                    row = whole(event)
                except KeyError:
                    size = -1
                    row = self._row(event)
            else:
                row = self._row(event)
                size, whole = self._whole
            if row[0].__class__ is not str or row[1].__class__ not in _PLAIN:
                row = (text_of(normal(row[0])), _time(row[1]), *row[2:])
            rows.append(row)
        return rows

    def _row(self, event: Mapping[Any, Any]) -> tuple[Any, ...]:
        shapes = self._shapes
        keys = tuple(event)
        take = shapes.get(keys)
        if take is None:
            if not hasattr(event, "keys"):
                raise DataError(
                    "an event is a record, such as {'event': 'Visit', 'time': '2026-01-31'}, "
                    f"and not a {type(event).__name__}"
                )
            if len(shapes) >= _KNOWN_SHAPES:
                shapes.clear()
            take = shapes[keys] = self._take(keys)
        return take(event)

    def _take(self, keys: tuple[Any, ...]) -> Take:
        names = [str(key) for key in keys]
        kind = find_any(names, TYPE_COLUMNS)
        if kind is None:
            raise DataError(
                'an event has no type: give it a key "event", "event_type" or "type"; '
                f"its keys are {', '.join(map(repr, keys)) or 'none'}"
            )
        time = find_time(names)
        by_name = _by_name(keys)
        taken = [
            keys[kind],
            _ABSENT if time is None else keys[time],
            *(by_name.get(attribute, _ABSENT) for attribute in self._attributes),
        ]
        if time is None or _ABSENT in taken:
            return _taker(taken)
        if len(taken) == len(set(taken)) == len(by_name) == len(keys):
            # In another order, would the same key be the type, and the same the time?
            names.reverse()
            last = len(keys) - 1
            if (find_any(names, TYPE_COLUMNS), find_time(names)) == (last - kind, last - time):
                self._whole = len(keys), itemgetter(*taken)
        return _taker(taken)


def _plain(time: Any) -> bool:
    """Whether a time is of a type that a mapping takes as a key, whatever its value."""
    return time.__class__ in _PLAIN


_PLAIN = frozenset((str, datetime, date, type(None)))


def _time(time: Any) -> Any:
    """A time as a key: what is no date of any library is its text."""
    plain = normal(time)
    return plain if _plain(plain) else text_of(plain) or "(no time)"


_ABSENT = object()


def _by_name(keys: tuple[Any, ...]) -> dict[str, Any]:
    """The keys by their folded names; the first of several that fold alike."""
    names: dict[str, Any] = {}
    for key in keys:
        names.setdefault(fold(str(key)), key)
    return names


def _taker(keys: list[Any]) -> Take:
    """A function that takes the values of `keys` out of a record; None for absent ones."""
    if not keys:
        return lambda record: ()
    if _ABSENT not in keys:
        if len(keys) == 1:
            only = keys[0]
            return lambda record: (record[only],)
        return itemgetter(*keys)
    return lambda record: tuple(None if key is _ABSENT else record[key] for key in keys)


def lead_id(lead: Mapping[Any, Any]) -> str | None:
    """The id of a record, found as in tables; None where no key is one."""
    keys = tuple(lead)
    place = find_any([str(key) for key in keys], ID_COLUMNS)
    return None if place is None else text_of(normal(lead[keys[place]]))
