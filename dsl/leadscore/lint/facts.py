"""What tables of leads, events and lists say, as rules look at it. Nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

LONGEST = 200
"""Characters of a text that is kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the data: how it is written there most often, and in how many rows."""

    shown: str
    count: int


@dataclass(frozen=True, slots=True)
class Texts:
    """The different texts of a column, by key (trimmed and folded); the most frequent ones."""

    found: Mapping[str, Found]
    whole: bool
    """Whether these are all of them; if not, nothing can be said about what is missing."""
    longer: bool = False
    """Whether there are texts of more than `LONGEST` characters; these are not among them."""

    def lack(self, key: str) -> bool:
        """Whether a text certainly does not occur."""
        return self.whole and key not in self.found and not (self.longer and len(key) > LONGEST)


@dataclass(frozen=True, slots=True)
class Unread:
    """Values of a property or attribute that are there and cannot be read as what is asked for."""

    name: str
    """Of the property or attribute, as the model has it."""
    expected: str
    """``number``, ``date``, ``boolean`` or ``one of``."""
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What the tables of events say."""

    columns: tuple[str, ...]
    """Of all tables, as they are named there."""
    count: int
    """Events in the tables, whether or not their leads are known."""
    types: Texts
    """As they are in the data, before the model renames any."""
    attributes: Mapping[str, Mapping[str, int]]
    """By attribute that the model reads: by type, how many events have a value."""
    untimed: int
    """Events of leads whose time cannot be read."""
    untimed_example: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What tables say about one model; keys are those of its plan."""

    leads: int
    columns: tuple[str, ...]
    """Of the leads, as they are named there."""
    missing: frozenset[str] = frozenset()
    """Properties that the model reads and no column holds."""
    values: Mapping[str, Texts] = field(default_factory=dict)
    """Known values of the properties that the model compares with texts."""
    unread: tuple[Unread, ...] = ()
    events: EventFacts | None = None
    """None: no events were given, or the model looks at none."""
    lists: Texts | None = None
    """Names of lists, with the number of entries; None where no lists were given."""
    notes: tuple[str, ...] = ()
    """Whole sentences of the reader: leads of the same id, events of unknown leads, …"""


def without_leads(facts: Facts) -> Facts:
    """What tables of events and lists say by themselves, read beside a table of no leads."""
    return replace(facts, columns=(), missing=frozenset(), values={}, notes=())
