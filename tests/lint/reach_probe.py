"""What conditions and streams really are for a lead, and models that contradict themselves.

The models are on few fields with few literals, so that proofs happen; the leads are on and beside
those literals, so that a wrong proof meets its counterexample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.independent.generate import Call

import leadscore
from leadscore.plan import terms as t
from leadscore.plan.reach import Prover, most_of
from leadscore.plan.walk import conditions, roots, stream_attributes
from leadscore.records import EventRecords, LeadRecords
from leadscore.report import Report
from leadscore.targets.python.evaluator import Evaluator, Outcome
from leadscore.values.dates import as_of_seconds, zone
from leadscore.values.text import fold

MOST = 55
"""Conditions of one probe: each is a bit of the score."""

PAIRED = 35
"""Conditions of which each is held against each."""


class Probe:
    """Evaluates conditions, or counts streams, of a plan by the Python target."""

    def __init__(self, plan: t.Plan, rules: Sequence[t.Rule]) -> None:
        nothing = _rule(t.Choice((t.Case(t.Constant(True), 0, "", 0),)))
        group = t.Group("probe", "", None, 0, None, (nothing, *rules), None, None)
        self.plan = replace(
            plan, scope=(), groups=(group,), limits=(), labels=(), matrix=None, fast_tracks=()
        )
        looks = list(stream_attributes(self.plan))
        read = {key for _, keys in looks for key in keys}
        used = tuple(spec for spec in plan.attributes if spec.key in read)
        self.plan = replace(self.plan, attributes=used, uses_events=bool(looks))
        self._evaluator = Evaluator(self.plan, "probe")
        self._leads = LeadRecords(self.plan)
        self._events = EventRecords(self.plan)
        self._bound: dict[str, Any] = {}

    def score(self, call: Call) -> int:
        """The score of a lead, in units."""
        bound = self._bound.get(call.zone)
        if bound is None:
            bound = self._bound[call.zone] = self._evaluator.bound(zone(call.zone))
        raw = bound.run(
            self._leads.values(call.lead),
            self._events.rows(call.events),
            frozenset(map(fold, call.lists)),
            as_of_seconds(call.as_of, bound.zone),
            Report(),
            "the lead",
        )
        assert not isinstance(raw, int)
        return Outcome(*raw).score


def _rule(body: t.Body) -> t.Rule:
    return t.Rule("", None, 0, None, body, None)


class Truth:
    """Which of some conditions hold."""

    def __init__(self, plan: t.Plan, some: Sequence[t.Condition]) -> None:
        assert len(some) <= MOST
        self._many = len(some)
        rules = [
            _rule(t.Choice((t.Case(one, 1 << place, "", 0),))) for place, one in enumerate(some)
        ]
        self._probe = Probe(plan, rules)

    def of(self, call: Call) -> list[bool]:
        """Whether each holds for a lead."""
        bits = self._probe.score(call)
        return [bool(bits >> place & 1) for place in range(self._many)]


class Counts:
    """How many events some streams take: at most 12 streams, of less than 32 events each."""

    def __init__(self, plan: t.Plan, some: Sequence[t.Stream]) -> None:
        assert len(some) <= 12
        self._many = len(some)
        rules = [_rule(t.EachEvent(one, (1 << 5 * place,), None)) for place, one in enumerate(some)]
        self._probe = Probe(plan, rules)

    def of(self, call: Call) -> list[int]:
        """The number of events of each."""
        packed = self._probe.score(call)
        return [packed >> 5 * place & 31 for place in range(self._many)]


def every_condition(plan: t.Plan) -> list[t.Condition]:
    """The guards, cases, scope, labels and definitions of a plan, and the parts of them."""
    return list(dict.fromkeys(part for root in roots(plan) for part in conditions(root)))


def every_stream(plan: t.Plan) -> list[t.Stream]:
    """The streams of a plan."""
    return list(dict.fromkeys(stream for stream, _ in stream_attributes(plan)))


# Models that contradict themselves

PROPERTIES = """properties
  n: number
  k: number
  b: boolean
  d: date
  p: date "YYYYMMDD"
  o: one of "a", "ab"
"""
NAMES = ("n", "n", "k", "b", "d", "p", "o", "s", "s", "s", "u")
"""`s` and `u` are not declared."""
NUMBERS = ("1", "2", "3", "0.1", "0.100000000000000000001", "2.5", "-1", "20260131")
TEXTS = ("a", "ab", "abc", "b", "1", "2", "yes", "no", "N/A", "b-a", "a b", "2026-01-31")
PATTERNS = ("a*", "*b", "*a*", "?", "a?c", "*", "ab", "a*c")
WORDS = ("a", "b", "a b", "1")
DATES = (
    "2026-01-30",
    "2026-01-31",
    "2026-02-01",
    "2026-01-31T09:30",
    "2026-01-31T00:00",
    "2026-03-29T02:10",
    "2026-03-29T02:50",
    "2026-03-29",
    "2011-12-29",
    "2011-12-30",
    "2011-12-31",
    "2026-03-29T03:10",
)
DURATIONS = ("1 hour", "1 day", "2 days", "7 days")
SECONDS = (3600, 86_400, 172_800, 604_800)
TYPES = ("A", "B", "C", "raw")
LISTS = ("VIP", "Old")
ZONES = ("UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York", "Pacific/Kiritimati")


class Contradictor:
    """Random text of conditions and streams."""

    def __init__(self, random: Random) -> None:
        self.r = random

    def one(self, items: Sequence[Any]) -> Any:
        return items[self.r.randrange(len(items))]

    def quoted(self, pool: Sequence[str], most: int = 2) -> str:
        return ", ".join(f'"{self.one(pool)}"' for _ in range(self.r.randint(1, most)))

    def comparison(self, names: Sequence[str]) -> str:
        name, sign = self.one(names), self.one(("=", "!=", "<", "<=", ">", ">="))
        match self.r.randrange(18):
            case 16 | 17:
                bound = self.one((*NUMBERS[:2], '"a"', *DATES[:2], DATES[3]))
                low, high = self.one((("<", ">="), ("<=", ">"), (">=", "<")))
                known = self.maybe(f" and {name} is known")
                return f"(not {name} {low} {bound} and not {name} {high} {bound}{known})"
            case 0 | 1 | 2:
                return f"{name} {sign} {self.one(NUMBERS)}"
            case 3:
                return f"{name} {sign} {self.quoted(TEXTS, 1)}"
            case 4 | 5:
                return f"{name} {sign} {self.one(DATES)}"
            case 6:
                how = self.one(("last", "last", "next"))
                return f"{name} is within the {how} {self.one(DURATIONS)}"
            case 7:
                age = self.one(DURATIONS)
                if self.r.randrange(2):
                    return f"{name} is more than {age} ago"
                ways = (f"{name} is within the {one} {age}" for one in ("last", "next"))
                older = f"{name} is more than {age} ago"
                return f"(not {' and not '.join(ways)} and not {older})"
            case 8:
                return f"{name} is {self.one(('known', 'unknown', 'yes', 'no', 'not yes'))}"
            case 9:
                return f"{name} is {self.one(('any of', 'none of'))} {self.quoted(TEXTS, 3)}"
            case 10:
                word = self.one(("contains", "does not contain", "starts with", "ends with"))
                return f"{name} {word} {self.quoted(TEXTS)}"
            case 11:
                return f"{name} contains any of the words {self.quoted(WORDS)}"
            case 12:
                return f"{name} matches {self.quoted(PATTERNS)}"
            case 13:
                return f"{name} {sign} {self.one(names)}"
            case 14:
                return f"{name} {sign} {self.one(('50%', '100%'))} of {self.one(names)}"
            case _:
                low, high = sorted((self.one(NUMBERS), self.one(NUMBERS)), key=Decimal)
                return f"{name} is between {low} and {high}"

    def where(self) -> str:
        if self.r.randrange(2):
            return f" where {self.comparison(('x', 'y'))}"
        word = self.one((" and ", " or "))
        return f" where ({word.join(self.comparison(('x', 'y')) for _ in range(2))})"

    def kinds(self) -> str:
        if self.r.randrange(4):
            return self.quoted(TYPES)
        return "any event" + self.one(("", f" except {self.quoted(TYPES)}"))

    def window(self) -> str:
        near, far = sorted(self.r.sample(range(len(DURATIONS)), 2))
        first, last = sorted((self.one(DATES), self.one(DATES)))
        match self.r.randrange(6):
            case 0 | 1:
                return f" in the last {self.one(DURATIONS)}"
            case 2:
                return f" more than {self.one(DURATIONS)} ago"
            case 3:
                return f" between {DURATIONS[near]} and {DURATIONS[far]} ago"
            case 4:
                if self.r.randrange(2):
                    return f" since {self.one(DATES)}"
                return f" between {first} and {last}"
            case _:
                return f" since {self.quoted(TYPES)}"

    def maybe(self, text: str) -> str:
        return text if self.r.randrange(2) else ""

    def event(self) -> str:
        kinds = self.kinds()
        body = self.maybe(self.where()) + self.maybe(self.window())
        if self.r.randrange(3) == 0:
            return f"no event {self.quoted(TYPES)}{body}"
        kinds = kinds if kinds.startswith("any") else f"event {kinds}"
        low, high = sorted((self.r.randrange(4), self.r.randrange(4)))
        many = self.one(
            (
                "",
                "",
                f" at least {low} times",
                f" at most {low} times",
                f" exactly {low} times",
                f" {low} to {high} times",
            )
        )
        return f"{kinds}{body}{many}"

    def atom(self, names: Sequence[str]) -> str:
        match self.r.randrange(10):
            case 0 | 1 | 2:
                return self.event()
            case 3:
                return f'in list "{self.one(LISTS)}"'
            case _:
                return self.comparison(names)

    def condition(self, names: Sequence[str], depth: int) -> str:
        shape = self.r.randrange(7) if depth else 0
        if shape < 2:
            return self.atom(names)
        if shape == 2:
            return f"not ({self.condition(names, depth - 1)})"
        word = " and " if shape < 6 else " or "
        parts = [f"({self.condition(names, depth - 1)})" for _ in range(self.r.randint(2, 3))]
        return word.join(parts)

    def stream(self) -> str:
        text = self.kinds() + self.maybe(self.where()) + self.maybe(self.window())
        for modifier in (
            f" latest {self.r.randint(1, 3)}",
            f" up to {self.r.randint(1, 2)} per {self.one(('day', 'week'))}",
            f" reset by {self.quoted(TYPES)}",
        ):
            text += modifier if self.r.randrange(4) == 0 else ""
        return text

    def model(self) -> str:
        """Conditions about two fields at a time, tables of one, and streams."""
        lines = ['score "Contradictions"', 'unknown values "N/A"', "", PROPERTIES]
        lines += ["events", '  "A" from "raw"', ""]
        names = self.r.sample(NAMES, 2)
        for number in range(2):
            lines.append(f"define def{number} as {self.condition(names, 2)}")
        lines += ["", 'group "Conditions"']
        for _ in range(6):
            condition = self.condition(names, 2)
            lines.append(f"  +1 if ({condition}){self.one(('', '', ' and def0', ' and not def1'))}")
        lines.append(f"  by {self.one(('n', 's'))}")
        lines += [f"    {self.case()}: +1" for _ in range(5)]
        measure = self.one(("count of", "highest of x in", "count of different x in"))
        lines.append(f"  by {measure} {self.stream()}")
        lines += [f"    {self.number_case()}: +1" for _ in range(4)]
        lines += ["", 'group "Streams"']
        lines += [f"  +1 for each {self.stream()}" for _ in range(6)]
        return "\n".join(lines) + "\n"

    def number_case(self) -> str:
        low, high = sorted((self.one(NUMBERS[:3]), self.one(NUMBERS[:3])))
        return str(
            self.one(
                (
                    "unknown",
                    f"{low} to {high}",
                    f"{self.one(('<', '<=', '>', '>=', '=', '!='))} {self.one(NUMBERS)}",
                )
            )
        )

    def case(self) -> str:
        return self.number_case()

    # Leads

    def calls(self, many: int) -> list[Call]:
        """Leads on and beside the literals of the models."""
        return [self.call() for _ in range(many)]

    def call(self) -> Call:
        self.zone = self.one(ZONES)
        self.as_of = datetime(2026, 1, 31, 12, tzinfo=UTC) + timedelta(
            seconds=self.one((0, 0, 43_200, 86_400 * 57, -86_400 * 5145))
        )
        lead = {name: self.value() for name in dict.fromkeys(NAMES) if self.r.randrange(7)}
        if self.r.randrange(3) == 0:
            lead["s"] = lead.get("n")
        events = [self.event_of() for _ in range(self.one((0, 1, 2, 3, 6, 12)))]
        return Call(
            lead, events, [name for name in LISTS if self.r.randrange(2)], self.as_of, self.zone
        )

    def event_of(self) -> dict[str, Any]:
        event: dict[str, Any] = {
            "event": self.one((*TYPES, "other")),
            "time": self.instant().isoformat(),
        }
        for name in ("x", "y"):
            if self.r.randrange(5):
                event[name] = self.value()
        return event

    def instant(self) -> datetime:
        """At, just before or just after the end of a window or a date."""
        step = timedelta(seconds=self.one((0, 0, 1, -1, 86_399, 86_400, -3600, 1800)))
        if self.r.randrange(2):
            return self.as_of - timedelta(seconds=self.one((0, *SECONDS))) + step
        local = datetime.fromisoformat(self.one(DATES)).replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC) + step

    def value(self) -> Any:
        match self.r.randrange(8):
            case 0 | 1:
                number = float(self.one(NUMBERS))
                number += self.one((0, 0, 0, 0.5, -0.5, 1, 1e-17, 2e-17))
                return number if self.r.randrange(2) else repr(number)
            case 2 | 3:
                return (
                    self.one(("", "", "x", " ")) + self.one(TEXTS) + self.one(("", "", "c", " b"))
                )
            case 4 | 5:
                return self.instant().isoformat()
            case 6:
                return self.one((True, False, "yes", "No", 1, 0, "on"))
            case _:
                return self.one((None, "", "n/a", 20260131, "20260201", "soon"))


def contradictions(random: Random, leads: int) -> tuple[leadscore.Model, list[Call]]:
    """A model that contradicts itself here and there, and leads for it."""
    maker = Contradictor(random)
    return leadscore.loads(maker.model()), maker.calls(leads)


# What is claimed


class Claims:
    """All that a prover proves of a plan's conditions, tables and streams."""

    def __init__(self, plan: t.Plan) -> None:
        prover = Prover(plan)
        self.some = every_condition(plan)[:MOST]
        self.streams = every_stream(plan)[:12]
        places = range(len(self.some))
        self.never = [place for place in places if prover.never(self.some[place])]
        self.always = [place for place in places if prover.always(self.some[place])]
        self.implied = [
            (one, other)
            for one in places[:PAIRED]
            for other in places[:PAIRED]
            if one != other and prover.implies(self.some[one], self.some[other])
        ]
        self.covered = [
            (tuple(range(first, place)), place)
            for place in places
            for first in (max(0, place - 3), 0)
            if prover.covered(self.some[place], self.some[first:place])
        ]
        for cases in tables(plan):
            known = [self.some.index(case) for case in cases if case in self.some]
            dead = prover.behind([self.some[place] for place in known])
            self.covered += [
                (tuple(known[:place]), known[place]) for place, one in enumerate(dead) if one
            ]
        self.within = [
            (one, other)
            for one, inner in enumerate(self.streams)
            for other, outer in enumerate(self.streams)
            if one != other and prover.within(inner, outer)
        ]
        self.most = [most_of(t.Measure("count", one, None), prover) for one in self.streams]
        self._truth = Truth(plan, self.some)
        self._counts = Counts(plan, self.streams)

    @property
    def made(self) -> Counter[str]:
        """How many claims of each sort."""
        return Counter(
            never=len(self.never),
            always=len(self.always),
            implied=len(self.implied),
            covered=len(self.covered),
            within=len(self.within),
            empty=self.most.count(0),
        )

    def refuted(self, call: Call) -> str:
        """The claim that a lead shows to be false, as text; empty where there is none."""
        holds = self._truth.of(call)
        for place in self.never:
            if holds[place]:
                return f"never {self.some[place]}"
        for place in self.always:
            if not holds[place]:
                return f"always {self.some[place]}"
        for one, other in self.implied:
            if holds[one] and not holds[other]:
                return f"{self.some[one]} implies {self.some[other]}"
        for earlier, place in self.covered:
            if holds[place] and not any(holds[one] for one in earlier):
                return f"{self.some[place]} covered by {[self.some[one] for one in earlier]}"
        counts = self._counts.of(call)
        for one, other in self.within:
            if counts[one] > counts[other]:
                return f"{self.streams[one]} within {self.streams[other]}"
        for count, most, stream in zip(counts, self.most, self.streams, strict=True):
            if most is not None and count > most:
                return f"at most {most} of {stream}"
        return ""


def tables(plan: t.Plan) -> list[list[t.Condition]]:
    """The cases of each table of a plan."""
    bodies = [rule.body for group in plan.groups for rule in group.rules]
    return [[case.condition for case in one.cases] for one in bodies if isinstance(one, t.Choice)]
