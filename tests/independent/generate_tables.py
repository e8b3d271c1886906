"""Tables of several leads for a random model, of one as-of instant and zone.

Every column is of one kind, as in a file: text in which anything may stand, or typed. So a lead is
the same thing alone and in its table, and every way of scoring has to give the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.independent.generate import (
    ATTRIBUTES,
    LISTS,
    PROPERTIES,
    RAW_TYPES,
    TYPES,
    LeadMaker,
    Written,
    plain,
)
from tests.sql.tables import OWN_ID, Tables, cell

from leadscore.targets.sql.dialect import ColumnKind
from leadscore.values.text import fold

KINDS: tuple[ColumnKind, ...] = (
    *("text",) * 6,
    "integer",
    "double",
    "boolean",
    "date",
    "timestamp",
    "instant",
)
TIME_KINDS: tuple[ColumnKind, ...] = (*("text",) * 3, "date", "timestamp", "instant")


def together(models: Sequence[Written]) -> Written:
    """The literals of several models, for leads that try the edges of all."""
    columns = [column for one in models for column in one.columns]
    patterns = [pattern for one in models for pattern in one.patterns]
    return Written(
        "\n".join(one.text for one in models),
        set().union(*(one.texts for one in models)),
        set().union(*(one.numbers for one in models)),
        set().union(*(one.dates for one in models)),
        set().union(*(one.ages for one in models)),
        columns,
        patterns,
    )


class TableMaker(LeadMaker):
    """Tables for a model, or for several."""

    def __init__(self, random: Random, written: Written) -> None:
        super().__init__(random, written)
        self.id_kind: ColumnKind = self.one(("text", "integer"))

    def tables(self, leads: int) -> Tables:
        """As many leads, with their events and lists, and with some of nobody."""
        ids = self.ids(leads)
        return Tables(
            {OWN_ID: (self.id_kind, ids), **self.columns(self.names(), leads)},
            self.events(ids),
            self.lists(ids),
            self.as_of,
            self.zone_name,
        )

    # Who

    def ids(self, many: int) -> list[Any]:
        """One of them is now and then another's, or blank; case tells ids apart, blanks do not."""
        found: list[Any] = []
        for number in range(many):
            if found and self.chance(8):
                found.append(self.one(found))
            elif self.chance(4):
                found.append(None)
            elif self.id_kind == "integer":
                found.append(self.one((number, -number, 2**40 + number)))
            else:
                found.append(
                    self.one(("Ab{}", "aB{}", " x{}\u00a0", "{}", "ß{}")).format(number // 2)
                )
        return found

    def whose(self, ids: Sequence[Any]) -> Any:
        """The id of a row of events or lists, which may be a stranger's."""
        if not ids or self.chance(6):
            return self.one((None, 777)) if self.id_kind == "integer" else self.one((None, "", "?"))
        own = self.one(ids)
        return f" {own} " if isinstance(own, str) and self.chance(10) else own

    # What

    def names(self) -> list[str]:
        """The columns of the leads, spelt in any case; the first of those that are one name."""
        found: dict[str, str] = {}
        for name in (*map(plain, PROPERTIES), *self.w.columns):
            if self.chance(80):
                upper = name.upper() if name.isascii() else name
                found.setdefault(fold(name), self.one((name, name, upper, f" {name}")))
        return list(found.values())

    def columns(self, names: Sequence[str], rows: int) -> dict[str, tuple[ColumnKind, list[Any]]]:
        kinds = [self.one(KINDS) for _ in names]
        return {
            name: (kind, [self.cell(kind) for _ in range(rows)])
            for name, kind in zip(names, kinds, strict=True)
        }

    def cell(self, kind: ColumnKind) -> Any:
        """A value of a column of a kind."""
        if kind == "text":
            return cell(self.value())
        if self.chance(12):
            return None
        match kind:
            case "integer":
                whole = (0, 1, 10, 20260131, 2**53 + 1, -(2**63), 2**63 - 1)
                return self.one(whole) if self.chance(25) else int(self.plain_number())
            case "double":
                odd = (float("nan"), float("inf"), -float("inf"), -0.0, 0.1 + 0.2, 1e16, 1e300, 1.0)
                return self.one(odd) if self.chance(25) else self.plain_number()
            case "boolean":
                return self.chance(50)
        return self.time(kind)

    def plain_number(self) -> float:
        number = self.number()
        return float(number) if not isinstance(number, Decimal) else float(str(number))

    def time(self, kind: ColumnKind) -> Any:
        """A time of a kind: on a bound of the model, or a fraction of a second beside it."""
        if kind == "text":
            return cell(self.moment(self.age()))
        instant = self.at(self.age())
        if self.chance(10):
            instant = instant.replace(microsecond=self.one((1, 500_000, 999_999)))
        if kind == "instant":
            return instant.astimezone(ZoneInfo("UTC"))
        local: datetime = instant.astimezone(self.zone).replace(tzinfo=None)
        return local.date() if kind == "date" else local

    # Events and lists

    def events(self, ids: Sequence[Any]) -> tuple[Any, ...]:
        """One table of events, or two of which the second lacks some attributes."""
        attributes = [name for name in map(plain, ATTRIBUTES) if self.chance(80)]
        kinds = {name: self.one(KINDS) for name in attributes}
        kinds["time"] = self.one(TIME_KINDS)
        made = []
        for lacking in (0, 30)[: self.one((1, 1, 2))]:
            has = {name: kind for name, kind in kinds.items() if not self.chance(lacking)}
            has["time"] = kinds["time"]
            rows = [self.row(ids, has) for _ in range(self.one((0, 2, 8, 8)) * len(ids))]
            for _ in range(len(rows) // 4):  # one second twice, and one event twice
                rows.append(
                    dict(self.one(rows), **{n: self.cell(k) for n, k in has.items() if n != "time"})
                )
                rows.append(dict(self.one(rows)))
            columns: dict[str, Any] = {
                OWN_ID: (self.id_kind, [row[OWN_ID] for row in rows]),
                "event": ("text", [row["event"] for row in rows]),
            }
            for name, kind in has.items():
                columns[name] = (kind, [row[name] for row in rows])
            made.append(columns)
        return tuple(made)

    def row(self, ids: Sequence[Any], kinds: dict[str, ColumnKind]) -> dict[str, Any]:
        event: dict[str, Any] = {OWN_ID: self.whose(ids), "event": self.type()}
        for name, kind in kinds.items():
            event[name] = self.cell(kind)
        if not self.chance(8):
            event["time"] = self.time(kinds["time"])
        return event

    def type(self) -> str | None:
        if self.chance(2):
            return self.one((None, "", "true", "4"))
        types = TYPES + RAW_TYPES if self.chance(40) else TYPES
        return self.odd(self.one(types)) if self.chance(20) else self.one(types)

    def lists(self, ids: Sequence[Any]) -> Any:
        pairs: list[tuple[Any, str | None]] = [
            (own, self.one((name, name.lower(), f" {name}")))
            for own, name in itertools.product(ids, LISTS)
            if self.chance(30)
        ]
        if self.chance(20):
            pairs.append((self.whose(ids), self.one((None, "", "Somewhere"))))
        return {
            OWN_ID: (self.id_kind, [own for own, _ in pairs]),
            "list": ("text", [name for _, name in pairs]),
        }
