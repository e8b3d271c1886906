"""Streams in which the order of events matters: `up to N per P`, and most of `latest N`.

The events of each such stream are taken by themselves (one `select` a stream, put together), then
numbered: within each period from the earliest on, what is left from the latest on, what is left
again from the earliest on. An event that several streams take is there several times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from leadscore.plan import terms as t
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.query import Column, Names, Select, switch

_ALL = "9223372036854775807"


@dataclass(frozen=True, slots=True)
class Taken:
    """A stream whose events are numbered."""

    number: int
    test: str
    up_to: tuple[int, t.Period] | None
    latest: int | None
    title: str


@dataclass(slots=True)
class Ranked:
    """The streams whose events are numbered, and the aggregates over what is left of each."""

    dialect: Dialect
    names: Names
    period: Callable[[t.Period], str]
    """The column of an event's period; asked for before `selects`."""
    order: Sequence[str]
    """The columns that order the events of one lead, the oldest first."""
    taken: dict[tuple[str, tuple[int, t.Period] | None, int | None], Taken] = field(
        default_factory=dict
    )
    buckets: dict[int, str] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    """Further columns of the events that aggregates look at."""
    counted: bool = False
    """Whether an aggregate looks at `nth`, the number of an event from the oldest on."""
    aggregates: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(
        self, test: str, up_to: tuple[int, t.Period] | None, latest: int | None, title: str
    ) -> Taken:
        """The stream of the events for which `test` holds."""
        key = (test, up_to, latest)
        known = self.taken.get(key)
        if known is None:
            known = self.taken[key] = Taken(len(self.taken) + 1, test, up_to, latest, title)
            if up_to is not None:
                self.buckets[known.number] = self.period(up_to[1])
        return known

    def aggregate(self, expression: str, stem: str, note: str = "") -> str:
        """The column of an aggregate over the events that are left of all streams."""
        known = self.aggregates.get(expression)
        if known is None:
            known = self.aggregates[expression] = (self.names.new(stem), note)
        return known[0]

    def selects(self, events: str) -> list[Select]:
        """From the select of the events to one row a lead, `ranked_facts`."""
        base = ["lead", *self.order, *self.columns]
        parts: list[str] = []
        for one in self.taken.values():
            bucket = self.buckets.get(one.number)
            chosen = ", ".join([*base, f"{one.number} as stream"])
            if self.buckets:
                chosen += f", {bucket or '0'} as period"
            parts.append(f"-- {one.title}\nselect {chosen}\nfrom {events}\nwhere {one.test}")
        listed = Select("ranked_event", "", self.names, body="\n\nunion all\n\n".join(parts))
        listed.notes.append("The streams in which the order of the events matters.")
        found = [listed]
        ascending = ", ".join(self.order)
        descending = ", ".join(f"{name} desc" for name in self.order)
        if self.buckets:
            per = {one.number: one.up_to[0] for one in self.taken.values() if one.up_to}
            partition = "lead, stream, period"
            self._number(found, partition, ascending, "nth_of_period", "earliest_event", per)
        latest = {one.number: one.latest for one in self.taken.values() if one.latest is not None}
        if latest:
            self._number(found, "lead, stream", descending, "nth_latest", "latest_event", latest)
        if self.counted:
            self._number(found, "lead, stream", ascending, "nth", "counted_event", {})
        facts = Select("ranked_facts", found[-1].name, self.names)
        facts.columns["lead"] = Column("lead", "lead")
        for expression, (name, note) in self.aggregates.items():
            facts.columns[expression] = Column(expression, name, note)
        facts.group.append("lead")
        return [*found, facts]

    def _number(
        self,
        found: list[Select],
        partition: str,
        order: str,
        column: str,
        name: str,
        most: dict[int, int],
    ) -> None:
        """Number the events, and leave those with a number of at most that of their stream."""
        below = found[-1].name
        numbered = Select(f"{name}_number" if most else name, below, self.names, "*")
        expression = f"row_number() over (partition by {partition} order by {order})"
        numbered.columns[expression] = Column(expression, column, "")
        found.append(numbered)
        if most:
            left = Select(name, numbered.name, self.names, "*")
            pairs = [(str(number), str(many)) for number, many in most.items()]
            left.where.append(f"{column} <= {switch('stream', pairs, _ALL)}")
            found.append(left)
