"""What a run has to say about its data: nothing is lost or silently wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Unreadable:
    """Values of one column that are there and cannot be read as the type asked for."""

    column: str
    expected: str
    """``number``, ``date``, ``boolean`` or ``one of``."""
    count: int = 0
    example: str = ""
    """The first such value, as text, at most 80 characters."""


@dataclass(slots=True)
class Report:
    """Counts and notes gathered while leads are read and scored.

    Evaluators add to it lead by lead; reports of several leads, or of reader and evaluator, are
    put together with :meth:`merge`.
    """

    leads: int = 0
    excluded: int = 0
    events: int = 0
    """Events that reached a lead, whether or not they count."""
    future_events: int = 0
    """Events after the as-of instant, which are not seen."""
    untimed_events: int = 0
    """Events whose time cannot be read, which are not seen."""
    untimed_example: str = ""
    unreadable: dict[tuple[str, str], Unreadable] = field(default_factory=dict)
    """By (column, expected type)."""
    notes: list[str] = field(default_factory=list)
    """Whole sentences of the readers of tables: duplicate ids, events of unknown leads, …"""

    def unread(self, column: str, expected: str, value: object, count: int = 1) -> None:
        """Count values of `column`, `value` the first, that cannot be read as `expected`."""
        entry = self.unreadable.get((column, expected))
        if entry is None:
            entry = self.unreadable[column, expected] = Unreadable(
                column, expected, 0, _shown(value)
            )
        entry.count += count

    def untimed(self, value: object, count: int = 1) -> None:
        """Count events, the first with the time `value`, whose time cannot be read."""
        if not self.untimed_events:
            self.untimed_example = "" if value is None else _shown(value)
        self.untimed_events += count

    def merge(self, other: Report) -> None:
        """Add the counts and notes of `other` to this report."""
        self.leads += other.leads
        self.excluded += other.excluded
        self.events += other.events
        self.future_events += other.future_events
        if not self.untimed_events:
            self.untimed_example = other.untimed_example
        self.untimed_events += other.untimed_events
        for key, theirs in other.unreadable.items():
            ours = self.unreadable.get(key)
            if ours is None:
                self.unreadable[key] = Unreadable(
                    theirs.column, theirs.expected, theirs.count, theirs.example
                )
            else:
                ours.count += theirs.count
        self.notes.extend(note for note in other.notes if note not in self.notes)

    def alongside(self, other: Report) -> None:
        """Take in the report of another model on the same tables: what both saw counts once."""
        self.events = max(self.events, other.events)
        self.future_events = max(self.future_events, other.future_events)
        if other.untimed_events > self.untimed_events:
            self.untimed_events = other.untimed_events
            self.untimed_example = other.untimed_example
        for key, theirs in other.unreadable.items():
            ours = self.unreadable.get(key)
            if ours is None or theirs.count > ours.count:
                self.unreadable[key] = theirs

    def lines(self) -> list[str]:
        """The report as sentences, one a line; empty where there is nothing to say."""
        out = list(self.notes)
        for entry in self.unreadable.values():
            values = "1 value" if entry.count == 1 else f"{entry.count:,} values"
            remedy = ""
            if entry.expected == "one of":
                keep = "kept as it is" if entry.count == 1 else "kept as they are"
                what = f"outside the declared ones, {keep}"
            else:
                kind = "yes or no" if entry.expected == "boolean" else f"a {entry.expected}"
                what = f"not read as {kind}, taken as unknown"
                remedy = _REMEDIES.get(entry.expected, "").replace("NAME", entry.column)
            out.append(f"{entry.column}: {values} {what}, such as {entry.example!r}{remedy}")
        if self.untimed_events:
            out.append(
                f"{_events(self.untimed_events)} without a time that can be read "
                f"(such as {self.untimed_example!r}), not counted"
                + (_TIME_REMEDY if self.untimed_example else "")
            )
        if self.future_events:
            out.append(f"{_events(self.future_events)} after the as-of time, not counted")
        return out

    def __str__(self) -> str:
        return "\n".join(self.lines())


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


_TIME_REMEDY = (
    ' (--time-pattern "M/D/YY h:mm" says how times are written; in Python: time_pattern=)'
)
_REMEDIES = {
    "number": " (numbers are written as 1200.5)",
    "date": ' (say how it is written, under `properties`: [NAME]: date "D.M.YYYY")',
}


def _shown(value: object) -> str:
    """The start of a value's text, whatever the value does when it is asked for it."""
    try:
        return str(value)[:80]
    except Exception:  # a number of a million digits, an object of the caller's own
        return f"a value of type {type(value).__name__}"
