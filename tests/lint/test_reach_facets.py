"""Comparisons of one field or count, held against every value that matters.

A number, an age and a count have few places where anything changes, so that trying them all says
exactly what can hold: there the prover must be right both ways.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.independent.generate import Call
from tests.lint.reach_probe import Truth

import leadscore
from leadscore.plan import terms as t
from leadscore.plan.reach import Prover, empty

PLAN = leadscore.loads(
    """score "Fields"
unknown values "n/a"
properties
  n: number
  b: boolean
  d: date
group "All"
  +1 if n is known or b is known or d is known or s is known or n < s
  +1 for each "A" where x is known
"""
).plan
AS_OF = datetime(2026, 3, 29, 12, tzinfo=UTC)
OPERATORS: tuple[t.Operator, ...] = ("=", "<", "<=", ">", ">=")
N, B, D, S = (t.Property(key) for key in "nbds")

NUMBERS = tuple(
    map(Decimal, ("1", "1.0000000000000002", "1.00000000000000023", "2", "2.000000000000000001"))
)
TEXTS = ("a", "ab", "abc", "b", "ba", "1", "n/a", "a b")
POINTS = tuple(
    t.DatePoint(datetime.fromisoformat(text), len(text) > 10)
    for text in (
        "2011-12-29",
        "2011-12-30",
        "2011-12-31",
        "2011-12-30T10:00",
        "2011-12-31T00:00",
        "2011-12-31T01:00",
        "2026-03-28",
        "2026-03-29",
        "2026-03-29T02:10",
        "2026-03-29T02:50",
        "2026-03-29T03:10",
        "2026-03-30",
    )
)
AGES = (-3600, 0, 3600, 3601, 86_400)
STREAM = t.Stream(t.Types(frozenset("a"), False))
STREAMS = (
    STREAM,
    t.Stream(t.Types(frozenset("a"), False), window=t.AgeWindow(0, 86_400)),
    t.Stream(t.Types(frozenset("ab"), False)),
    t.Stream(t.Types(frozenset("b"), False)),
    t.Stream(t.Types(frozenset("b"), True)),
    t.Stream(
        t.Types(frozenset("a"), False),
        t.NumberCompare(t.Attribute("x"), ">", Decimal(1)),
    ),
)
CUT = t.Stream(t.Types(frozenset("a"), False), latest=2)


def doubles() -> list[Any]:
    """Each bound, the doubles beside it, and what is no number."""
    found = {float(number) for number in NUMBERS}
    beside = {math.nextafter(one, way) for one in found for way in (-math.inf, math.inf)}
    return [*sorted(found | beside), 1.5, None, "word", "n/a"]


def instants(zone: str) -> list[Any]:
    """The ends of each date in a zone, the seconds beside them, and what is no date."""
    found: list[Any] = [None, "word"]
    for point in POINTS:
        for day in (0, 1):
            local = (point.moment + timedelta(days=day)).replace(tzinfo=ZoneInfo(zone))
            instant = local.astimezone(UTC)
            found += [(instant + timedelta(seconds=step)).isoformat() for step in (-1, 0, 1)]
    return found


def ages() -> list[Any]:
    return [
        *(
            (AS_OF - timedelta(seconds=age + step)).isoformat()
            for age in AGES
            for step in (-1, 0, 1)
        ),
        None,
        "word",
    ]


def texts() -> list[Any]:
    ends = ("", "c", " b", "-a")
    return [
        None,
        "a-b",
        "b, a",
        *(start + text + end for text in TEXTS for start in ("", "b") for end in ends),
    ]


@dataclass(frozen=True)
class Facet:
    """Comparisons, and the leads that matter to them."""

    atom: Callable[[Random], t.Condition]
    calls: Callable[[], list[Call]]
    exact: bool
    """Whether the leads are all that matter, so that what none satisfies is to be proven."""
    least: int
    """How many of 50 conditions are to be proven dead, on average."""


def of(key: str, values: list[Any], zone: str = "UTC") -> list[Call]:
    return [Call({key: value}, [], [], AS_OF, zone) for value in values]


def number(
    field: t.Operand, pool: tuple[Decimal, ...] = NUMBERS
) -> Callable[[Random], t.Condition]:
    def make(random: Random) -> t.Condition:
        if random.randrange(6) == 0:
            return t.Known(field)
        return t.NumberCompare(field, random.choice(OPERATORS), random.choice(pool))

    return make


def date(field: t.Field) -> Callable[[Random], t.Condition]:
    def make(random: Random) -> t.Condition:
        if random.randrange(6) == 0:
            return t.Known(field)
        return t.DateCompare(field, random.choice(OPERATORS), random.choice(POINTS))

    return make


def in_zones(key: str) -> list[Call]:
    return [one for zone in ZONES for one in of(key, instants(zone), zone)]


def part(random: Random) -> t.Condition:
    """A text looked for in one way, among texts that share their beginnings and ends."""
    one = random.choice(("a", "ab", "b", "ba"))
    match random.randrange(4):
        case 0:
            return t.TextFind(S, "word", (random.choice((" a ", " b ", " a b ")),))
        case 1:
            return t.TextFind(S, "contains", (random.choice(("a b", one)),))
        case _:
            return t.TextFind(S, random.choice(("starts", "ends")), (one,))


def age(random: Random) -> t.Condition:
    if random.randrange(6) == 0:
        return t.Known(D)
    low, high = sorted(random.sample(AGES, 2))
    return t.DateAge(D, *random.choice(((low, high), (None, high), (low, None), (low, low))))


def text(random: Random) -> t.Condition:
    pool = tuple(random.sample(TEXTS, random.randint(1, 2)))
    match random.randrange(8):
        case 0:
            return t.Known(S)
        case 1 | 2:
            return t.TextIs(S, pool)
        case 3:
            return t.TextCompare(S, random.choice(("<", "<=", ">", ">=")), pool[0])
        case 4:
            return t.TextFind(
                S, "word", tuple(f" {one} " for one in pool if one != "n/a") or (" a ",)
            )
        case 5:
            patterns = tuple(
                random.choice(("*a", "a*", "?", "*a*b*", "*b*", "ab", "*")) for _ in pool
            )
            return t.TextFind(S, "matches", patterns)
        case _:
            return t.TextFind(S, random.choice(("starts", "ends", "contains")), pool)


def boolean(random: Random) -> t.Condition:
    return random.choice(
        (
            t.Known(B),
            t.BooleanIs(B, True),
            t.BooleanIs(B, False),
            t.TextIs(B, ("yes", "no")),
            t.TextIs(B, ("on", "off", "1")),
            t.NumberCompare(B, ">", Decimal(0)),
        )
    )


def counted() -> list[Call]:
    found = []
    for many in range(6):
        for value in ("1", "word"):
            events = [
                {"event": "A", "time": AS_OF - timedelta(hours=one), "x": value}
                for one in range(many)
            ]
            found.append(Call({}, events, [], AS_OF, "UTC"))
    return found


def among(random: Random) -> t.Condition:
    """About one of several measures of streams that lie inside one another."""
    stream = random.choice(STREAMS)
    kind: Any = random.choice(("count", "count", "different", "total", "average", "highest"))
    measure = t.Measure(kind, stream, None if kind == "count" else "x")
    return number(measure, COUNTS)(random)


def several() -> list[Call]:
    """Up to three events of a few sorts, in every way."""
    sorts = [
        {"event": kind, "time": AS_OF - timedelta(hours=hours), "x": x}
        for kind, hours, x in (("A", 1, "1"), ("A", 30, "2"), ("A", 1, "word"), ("B", 1, "0.5"))
    ]
    return [
        Call({}, list(events), [], AS_OF, "UTC")
        for many in range(4)
        for events in combinations_with_replacement(sorts, many)
    ]


WORDS = ("1", "0", "yes", "no", "y", "n", "t", "f", "true", "false", "on", "off", "maybe")
YESES = (None, *WORDS, True, False, 1, 0, 2, 1.0)
ZONES = ("UTC", "Pacific/Apia", "Europe/Berlin", "America/New_York")
COUNTS = tuple(map(Decimal, ("0", "1", "1.5", "2", "3", "-1")))

FACETS = {
    "declared number": Facet(number(N), lambda: of("n", doubles()), True, 5),
    "any number": Facet(number(S), lambda: of("s", doubles()), True, 5),
    "date": Facet(date(D), lambda: in_zones("d"), False, 8),
    "any date": Facet(date(S), lambda: in_zones("s"), False, 8),
    "part": Facet(part, lambda: of("s", texts()), False, 5),
    "age": Facet(age, lambda: of("d", ages()), True, 5),
    "text": Facet(text, lambda: of("s", texts()), False, 8),
    "boolean": Facet(boolean, lambda: of("b", list(YESES)), True, 5),
    "count": Facet(number(t.Measure("count", STREAM, None), COUNTS), counted, True, 5),
    "latest": Facet(number(t.Measure("count", CUT, None), COUNTS), counted, True, 5),
    "measures": Facet(among, several, False, 5),
    "highest": Facet(number(t.Measure("highest", STREAM, "x"), COUNTS[:2]), counted, False, 5),
    "average": Facet(number(t.Measure("average", STREAM, "x"), COUNTS[:2]), counted, False, 5),
}


def some(facet: Facet, random: Random) -> t.Condition:
    """A conjunction of comparisons that hold or fail, or a disjunction inside one."""
    parts: list[t.Condition] = []
    for _ in range(random.randint(1, 4)):
        atom = facet.atom(random)
        if random.randrange(5) == 0:
            atom = t.AnyOf((atom, facet.atom(random)))
        parts.append(random.choice((atom, t.Not(atom))))
    return t.AllOf(tuple(parts))


@pytest.mark.parametrize("name", FACETS)
def test_what_is_proven_of_one_operand(name: str) -> None:
    facet = FACETS[name]
    calls = facet.calls()
    proven = 0
    rounds = 20
    for seed in range(rounds):
        random = Random(f"{name} {seed}")
        conditions = [some(facet, random) for _ in range(50)]
        truth = Truth(PLAN, conditions)
        held = [False] * len(conditions)
        failed = [False] * len(conditions)
        for call in calls:
            for place, holds in enumerate(truth.of(call)):
                held[place] = held[place] or holds
                failed[place] = failed[place] or not holds
        prover = Prover(PLAN)
        for place, condition in enumerate(conditions):
            dead = prover.never(condition)
            proven += dead
            assert not (dead and held[place]), condition
            assert not (prover.always(condition) and failed[place]), condition
            if facet.exact:
                assert dead or held[place], condition
    assert proven >= facet.least * rounds


def window(random: Random) -> t.Window:
    match random.randrange(4):
        case 0:
            low, high = sorted(random.sample(AGES[1:], 2))
            return t.AgeWindow(low, random.choice((high, low, None)))
        case 1:
            return t.DateWindow(random.choice(POINTS), None)
        case _:
            return t.DateWindow(random.choice(POINTS), random.choice(POINTS))


@pytest.mark.parametrize("late", [datetime(2026, 3, 31, tzinfo=UTC), AS_OF])
def test_windows_within_windows(late: datetime) -> None:
    """One event, at each instant that matters, in each window."""
    times = {zone: [one for one in instants(zone) if one and one != "word"] for zone in ZONES}
    calls = [
        Call({}, [{"event": "A", "time": time}], [], late, zone)
        for zone in ZONES
        for time in (*times[zone], *(one for one in ages() if one and one != "word"))
    ]
    proven = 0
    for seed in range(8):
        random = Random(seed)
        streams = list(dict.fromkeys(replace(STREAM, window=window(random)) for _ in range(50)))
        some: list[t.Condition] = [
            t.NumberCompare(t.Measure("count", one, None), ">=", Decimal(1)) for one in streams
        ]
        truth = Truth(PLAN, some)
        held = [truth.of(call) for call in calls]
        prover = Prover(PLAN)
        for one, inner in enumerate(streams):
            if empty(inner, prover):
                assert not any(holds[one] for holds in held), inner
            for other, outer in enumerate(streams):
                if one != other and prover.within(inner, outer):
                    proven += 1
                    assert all(holds[other] for holds in held if holds[one]), (inner, outer)
    assert proven > 1000
