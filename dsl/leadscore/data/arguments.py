"""Which tables a caller names: paths with a part, tables with a mapping of columns."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadscore.errors import DataError
from leadscore.values.text import WHITE_SPACE, trim

Source = object
"""A path, a ``pyarrow.Table``, a pandas or polars frame, a DuckDB relation, a list of dicts, or
anything with ``__arrow_c_stream__``."""

_KEYS = ("lead", "type", "time", "contact")
_CONTACT_KEYS = ("contact", "company")
_BLANK = f"[{WHITE_SPACE}]*"
_MAPPING_START = re.compile(f":(?={_BLANK}(?:lead|type|time|contact|company){_BLANK}=)")
_PAIR = re.compile(
    rf"""{_BLANK}(?P<key>\w+){_BLANK}={_BLANK}
    (?: \[(?P<bracketed>[^\]]*)\] | "(?P<quoted>(?:[^"]|"")*)" | (?P<bare>[^,]*?) )
    {_BLANK}(?:,|\Z)""",
    re.VERBOSE,
)
_WITH_PART = re.compile(r"(?P<path>.+?\.(?:xlsx|xlsm|duckdb|ddb|db))#(?P<part>.+)\Z", re.I | re.S)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which columns of an event table hold what; None leaves it to the rules of "Tables"."""

    lead: str | None = None
    type: str | None = None
    time: str | None = None
    constant_type: str | None = None
    """The type of every event of a table that has no column for it."""
    contact: str | None = None
    """The contact of an event that counts for the contact's company, in place of ``lead``."""

    def under(self, other: ColumnMapping) -> ColumnMapping:
        """This mapping, with what `other` says in place of what this one says."""
        owned = other.lead is not None or other.contact is not None
        return ColumnMapping(
            other.lead if owned else self.lead,
            other.type or (None if other.constant_type is not None else self.type),
            other.time or self.time,
            other.constant_type
            if other.constant_type is not None
            else (None if other.type else self.constant_type),
            other.contact if owned else self.contact,
        )


@dataclass(frozen=True, slots=True)
class EventTable:
    """One table of events and the mapping of its columns."""

    source: Source
    mapping: ColumnMapping = ColumnMapping()


@dataclass(frozen=True, slots=True)
class ContactTable:
    """The table of the contacts of companies, and its columns; None leaves them to the rules."""

    source: Source
    contact: str | None = None
    """The contact's own id."""
    company: str | None = None
    """The id of the contact's company."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and the sheet, Excel Table or database table in it (None: the only, or first)."""

    path: Path
    part: str | None
    given: str
    """As the caller wrote it; for messages."""


def parse_place(given: str | os.PathLike[str]) -> Place:
    """A path as it is written on the command line: ``book.xlsx#Sheet``, ``file.duckdb#table``.

    A file whose own name has a ``#`` is taken as that file. An address (``https://…``) is
    refused with a DataError: nothing is fetched.
    """
    text = os.fspath(given)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        raise DataError(
            f"{text}: an address on the network is not read. Download the file and give its path."
        )
    found = _WITH_PART.match(text)
    if found and not os.path.exists(text):
        return Place(Path(found["path"]), found["part"], text)
    return Place(Path(text), None, text)


def parse_event_columns(text: str) -> ColumnMapping:
    """What ``--event-columns`` says: ``lead=lead_id,type=touch_type,time=touch_timestamp``.

    A column whose name holds a comma stands in brackets; ``type="Session"``, in quotes, is the
    type of all events of a table that has no column for it.
    """
    values, constant = _pairs(text, _KEYS, _wrong_mapping)
    if {"lead", "contact"} <= values.keys():
        raise _both_owners()
    return ColumnMapping(
        values.get("lead"), values.get("type"), values.get("time"), constant, values.get("contact")
    )


def _pairs(
    text: str, keys: Sequence[str], wrong: Callable[[str], DataError]
) -> tuple[dict[str, str], str | None]:
    """The columns of a mapping by their keys, and the text of ``type="…"``."""
    values: dict[str, str] = {}
    constant: str | None = None
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        key = pair["key"] if pair else ""
        if pair is None or key not in keys or key in values or (key == "type" and constant):
            raise wrong(text)
        if pair["quoted"] is not None:
            if key != "type":
                raise wrong(text)
            constant = trim(pair["quoted"].replace('""', '"'))
        else:
            value = pair["bracketed"] if pair["bracketed"] is not None else pair["bare"]
            if not trim(value):
                raise wrong(text)
            values[key] = trim(value)
        at = pair.end()
    if not values and not constant:
        raise wrong(text)
    return values, constant


def parse_events_argument(text: str) -> EventTable:
    """What ``--events`` says: a table, and after a colon the mapping of its columns.

    ``touches.csv:lead=lead_id,type=touch_type,time=touch_timestamp``. The colon of a Windows
    drive and a ``#part`` stay with the path.
    """
    start = _MAPPING_START.search(text, 1)
    if start is None:
        return EventTable(text)
    return EventTable(text[: start.start()], parse_event_columns(text[start.end() :]))


def parse_contacts_argument(text: str) -> ContactTable:
    """What ``--contacts`` says: a table, and after a colon which columns hold the ids.

    ``contacts.csv:contact=email,company=account``.
    """
    start = _MAPPING_START.search(text, 1)
    if start is None:
        return ContactTable(text)
    values, _ = _pairs(text[start.end() :], _CONTACT_KEYS, _wrong_contacts)
    return ContactTable(text[: start.start()], values.get("contact"), values.get("company"))


def contact_table(given: object) -> ContactTable | None:
    """The ``contacts`` argument of Python: a source, alone or with a mapping of its columns.

    The mapping is a dict with the keys ``contact`` and ``company``.
    """
    if given is None or isinstance(given, ContactTable):
        return given
    if not _is_pair(given):
        return ContactTable(given)
    assert isinstance(given, Sequence)
    source, mapping = given
    if not isinstance(mapping, Mapping) or any(key not in _CONTACT_KEYS for key in mapping):
        raise DataError(
            "A mapping of the table of contacts knows contact and company, as in "
            '(contacts, {"contact": "id", "company": "company_id"}).'
        )
    return ContactTable(source, mapping.get("contact"), mapping.get("company"))


def event_tables(events: object) -> list[EventTable]:
    """The tables of the ``events`` argument of Python: one source, or a list of several.

    Each of several is a source, an :class:`EventTable`, or a pair of a source and a mapping with
    the keys ``lead`` (or ``contact``), ``type``, ``time``. A list of dicts is one table of events.
    """
    if events is None:
        return []
    if isinstance(events, EventTable):
        return [events]
    if isinstance(events, list | tuple):
        if is_records(events):
            return [EventTable(events)] if events else []
        if _is_pair(events):
            return [_pair(events)]
        return [
            one
            if isinstance(one, EventTable)
            else (_pair(one) if _is_pair(one) else EventTable(one))
            for one in events
        ]
    return [EventTable(events)]


def as_mapping(given: Mapping[str, str] | ColumnMapping | str | None) -> ColumnMapping:
    """A mapping of event columns, however it was given; raises DataError for an unknown key."""
    if given is None:
        return ColumnMapping()
    if isinstance(given, ColumnMapping):
        return given
    if isinstance(given, str):
        return parse_event_columns(given)
    wrong = [key for key in given if key not in (*_KEYS, "constant_type")]
    if wrong:
        raise DataError(
            "A mapping of event columns knows lead (or contact), type and time, not "
            f"{', '.join(wrong)}."
        )
    if given.get("lead") is not None and given.get("contact") is not None:
        raise _both_owners()
    type_ = given.get("type")
    constant = given.get("constant_type")
    if type_ is not None and len(type_) > 1 and type_[0] == type_[-1] == '"':
        constant = type_[1:-1].replace('""', '"')
        type_ = None
    return ColumnMapping(
        given.get("lead"), type_, given.get("time"), constant, given.get("contact")
    )


def is_records(given: object) -> bool:
    """Whether `given` is a table as a list of dicts."""
    return isinstance(given, list) and all(isinstance(record, Mapping) for record in given)


def _is_pair(given: object) -> bool:
    return (
        isinstance(given, list | tuple)
        and len(given) == 2
        and isinstance(given[1], Mapping | ColumnMapping)
        and not isinstance(given[0], Mapping)
    )


def _pair(given: object) -> EventTable:
    assert isinstance(given, Sequence)
    return EventTable(given[0], as_mapping(given[1]))


def _wrong_mapping(text: str) -> DataError:
    return DataError(
        f"{text!r} is not a mapping of event columns. Write lead=COLUMN,type=COLUMN,time=COLUMN "
        '(each at most once; brackets around a name with a comma; type="Session" in quotes for '
        "a table whose events are all of one type; contact=COLUMN in place of lead= for events "
        "of a company's contacts)."
    )


def _wrong_contacts(text: str) -> DataError:
    return DataError(
        f"{text!r} is not a mapping of the table of contacts. Write contact=COLUMN,company=COLUMN "
        "(each at most once; brackets around a name with a comma)."
    )


def _both_owners() -> DataError:
    return DataError(
        "An event is of the lead (lead=COLUMN) or of one of its contacts (contact=COLUMN), not "
        "of both. Leave out one of them."
    )
