"""What the prover proves, what it must not, and what a hostile model may cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest

import leadscore
from leadscore.plan import terms as t
from leadscore.plan.reach import FOREVER, Prover, empty, life_of, most_of
from leadscore.plan.reach.effort import Effort
from leadscore.targets.python.runtime import kept

HEAD = """score "Facts"

unknown values "N/A"

properties
  n: number
  m: number
  b: boolean
  d: date
  e: date
  p: date "D.M.YYYY"
  x: text
  o: one of "red", "green"

events
  "Open" from "raw open"

define big as n > 100
define small as n < 10
define odd as big and small
define fine as not big

group "Facts"
"""


def parsed(*conditions: str) -> tuple[Prover, list[t.Condition]]:
    """A prover, and conditions, written as in a model; `s` and `u` are not declared."""
    text = HEAD + "".join(f"  +1 if {one}\n" for one in conditions)
    plan = leadscore.loads(text).plan
    found: list[t.Condition] = []
    for rule in plan.groups[0].rules:
        assert isinstance(rule.body, t.Choice)
        found.append(rule.body.cases[0].condition)
    return Prover(plan), found


def streams(*written: str) -> tuple[Prover, list[t.Stream]]:
    plan = leadscore.loads(HEAD + "".join(f"  +1 for each {one}\n" for one in written)).plan
    found: list[t.Stream] = []
    for rule in plan.groups[0].rules:
        assert isinstance(rule.body, t.EachEvent)
        found.append(rule.body.stream)
    return Prover(plan), found


def table(head: str, *cases: str) -> tuple[Prover, list[t.Condition]]:
    lines = "".join(f"    {case}: +1\n" for case in cases)
    plan = leadscore.loads(f"{HEAD}  by {head}\n{lines}").plan
    body = plan.groups[0].rules[0].body
    assert isinstance(body, t.Choice)
    return Prover(plan), [case.condition for case in body.cases]


DEAD = """
n > 5 and n < 3
n > 5 and n < 5
n >= 5 and n < 5
s = 1 and s = 2
s is 1 and s is not 1
n is between 1 and 2 and n is between 3 and 4
n > 0.1 and n <= 0.1000000000000000000001
n > 5 and n is unknown
n is known and not n > 5 and not n <= 5
n > 3 and not n > 2
n is between 1 and 5 and not n is between 0 and 9
n > 5 and (n < 3 or n is unknown or n = 4)
odd
big and not big
big and not n > 100
big and n < 50
fine and n = 101
not (fine or big)
x is "a" and x is "b"
x is "A" and x is not "a"
x is any of "a", "b" and x is none of "b", "a", "c"
x is "abc" and x does not contain "b"
x is "abc" and x ends with "b"
x is "a" and x > "b"
x is any of "anna", "bert" and x starts with "c"
x is "big boss" and not x contains the word "boss"
x is "N/A"
x starts with "ab" and x starts with "b"
x ends with "@a.com" and x ends with "@b.com"
x starts with "abc" and not x starts with "ab"
x contains "pricing" and x does not contain "price", "pric"
x contains the words "head of", "vp of" and not x contains the word "of"
x matches "a*" and x is "bc"
x matches "ab*" and not x starts with "a"
x < "b" and x > "c"
x starts with "m" and x < "a"
n is "many"
b is yes and b is no
b is known and b is not yes and b is not no
b is yes and b is "no"
b is "maybe"
s is yes and s > 2
d <= 2026-01-31 and d > 2026-01-31
d = 2026-01-31 and d < 2026-01-31
d = 2026-01-31 and d is not 2026-01-31
d < 2026-01-31T09:30 and d >= 2026-01-31T09:30
d > 2026-03-01T10:00 and d < 2026-01-31
d is within the last 7 days and d is more than 8 days ago
d is within the next 7 days and d is more than 1 day ago
d is within the last 7 days and d is unknown
d is known and not d > 2026-01-31 and not d <= 2026-01-31
d is known and not d is within the last 7 days and d is within the last 2 days
d is "soon"
n <= 2026-01-31
d > 5
s > 5 and s is within the last 7 days
n < m and n > m
n < m and m < n
n < m and not m > n
n < n
n > 50% of m and n <= 50% of m
s = u and u is unknown
event "Open" and no event "Open"
event "open" at least 3 times and event "OPEN" at most 2 times
event "Open" more than 1 day ago and event "Open" in the last 1 day and no event
event "Open" in the last 7 days and no event "Open" in the last 30 days
event "Open" in the last 7 days and no event "Open", "Click"
(event "Open" where url contains "/pricing") and no event "Open"
(event "Open" where url is "a") and no event "Open" where url is known
event "Open" where (url is "a" and url is "b")
event "Open" since "Open"
event "Open" since "Click", "Open"
event "Open" between 2026-02-01 and 2026-02-03 and no event "Open" since 2026-01-31
event "Open", "Click" and no event "Open" and no event "Click"
event "Open", "Click" 2 to 3 times and event "Open" exactly 1 time and no event "Click"
event "Open" in the last 1 day at least 3 times and event "Open" exactly 2 times
event "raw open"
any event except "Open" and no event
not (n = 1 or n is not 1)
in list "A" and not in list "a"
(n > 5 or x is "a") and n < 3 and x is "b"
(n > 5 or b is yes) and (n > 6 or x is "a") and n <= 5 and b is no
""".strip().splitlines()


@pytest.mark.parametrize("condition", DEAD)
def test_a_dead_condition_is_proven(condition: str) -> None:
    prover, (found,) = parsed(condition)
    assert prover.never(found)
    assert not prover.always(found)


ALIVE = """
not n > 5 and not n <= 5
not n > 5 and n is unknown
n is not 1 and n is not 2 and n is unknown
s is known and not s > 5 and not s <= 5
s is known and not s is yes and not s is no
s is known and not s > 2026-01-31 and not s <= 2026-01-31
b is not yes and b is not no
x is none of "a", "b" and x is unknown
o is not "red" and o is not "green" and o is known
o is "blue"
n > 1 and n < 2
n >= 5 and n <= 5
n > 0.1 and n < 0.1000000000000001
s is "5" and s > 4
s is "yes" and s is yes
s is "1" and s is yes and s = 1
x is "ß" and x contains "ß"
x is any of "a", "b" and x is not "a"
x starts with "a" and x starts with "ab"
x starts with "b", "ab" and x starts with "a"
x starts with "a" and x ends with "b"
x contains "a" and not x starts with "a"
x contains the word "vp" and not x contains the word "vp sales"
x contains the words "vp sales" and x does not contain "vp sales"
x contains "vp" and not x contains the word "vp"
x matches "a*b" and not x is "ab"
x matches "*" and x is not "a"
x > "a" and x < "b"
x starts with "a" and x < "ab"
d >= 2026-01-31 and d <= 2026-01-31
d > 2026-01-31T09:30 and d <= 2026-01-31
d <= 2026-01-31 and d > 2026-01-31T23:59
d = 2026-01-31 and d = 2026-01-31T09:30
d = 2026-01-31 and d is not 2026-01-31T09:30
d >= 2026-03-29T03:10 and d < 2026-03-29T02:50
d is within the last 7 days and d is within the next 7 days
d is within the last 7 days and d > 2030-01-01
not d is within the last 7 days and not d is more than 7 days ago
d is known and not d is within the last 7 days and not d is more than 7 days ago
p is "31.1.2026"
p > 5
p is 2026-01-31 and p = 20260131
n <= m and n >= m
not n < m and not n >= m
not s < u and not s >= u
n > 50% of m and n <= 51% of m
event "Open" and no event "Click"
event "Open" more than 1 day ago and no event "Open" in the last 1 day
event "Open" in the last 30 days and no event "Open" in the last 7 days
event "Open" and no event "Open" where url is known
(event "Open" where url is not "a") and no event "Open" where url is known
event "Open" since "Click" and no event "Click"
event "Open" since "Click" and event "Click" since "Open"
any event and no event "Open"
event "Open" at least 2 times and event "Open" at most 2 times
event "Open", "Click" exactly 2 times and event "Open" exactly 1 time and event "Click"
event "Open" since 2026-01-31T09:30 and no event "Open" since 2026-02-01
event "Open" between 2026-01-31 and 2026-01-31
in list "A" and not in list "B"
(n > 5 or x is "a") and n < 3 and x is not "b"
big or small
event "Open" where (url is "a" or url is "b") and (no event "Open" where url is "a")
(event "Open" where url is "a") and (event "Open" where url is "b")
""".strip().splitlines()


@pytest.mark.parametrize("condition", ALIVE)
def test_nothing_is_said_of_what_can_hold(condition: str) -> None:
    prover, (found,) = parsed(condition)
    assert not prover.never(found)
    assert not prover.always(found)


ALWAYS = """
n is known or n is unknown
n is unknown or n > 5 or n <= 5
not (n > 5 and n < 3)
not odd
event "Open" or no event "Open"
event "Open" at least 0 times
no event "Open" since "Open"
x is not "N/A"
d is unknown or d <= 2026-01-31 or d > 2026-01-31
""".strip().splitlines()


@pytest.mark.parametrize("condition", ALWAYS)
def test_a_condition_that_always_holds_is_proven(condition: str) -> None:
    prover, (found,) = parsed(condition)
    assert prover.always(found)
    assert not prover.never(found)


IMPLIED = [
    ("n > 5", "n > 3"),
    ("n > 5", "n is known"),
    ("n is 5", "n is between 1 and 9"),
    ('x is "abc"', 'x contains "b"'),
    ('x starts with "abc"', 'x contains "bc"'),
    ("not n > 3", "not n > 5"),
    ("big", "n > 50"),
    ("n < 5", "fine"),
    ("b is yes", "b is not no"),
    ('event "Open" in the last 1 day', 'event "Open" in the last 2 days'),
    ('event "Open" at least 3 times', 'event "Open", "Click" at least 2 times'),
    ('event "Open" where amount > 10', 'event "Open" where amount is known'),
    ("d is within the last 3 days", "d is not 2026-01-01 or d is known"),
    ("n < m", "m is known"),
]


@pytest.mark.parametrize(("one", "other"), IMPLIED)
def test_one_implies_the_other_and_not_the_other_way(one: str, other: str) -> None:
    prover, (first, second) = parsed(one, other)
    assert prover.implies(first, second)
    assert not prover.implies(second, first)


@pytest.mark.parametrize(
    ("head", "cases", "dead"),
    [
        ("n", ["1 to 10", "2 to 5", "> 5", "< 1", "unknown", "otherwise"], [1, 5]),
        ("n", ["> 10", "> 20", "<= 10", "unknown", "= 5"], [1, 4]),
        ("n", ["1 to 5", "3 to 9", "2 to 8", "10", "9 to 10"], [2]),
        ("x", ['"a", "b"', '"b"', 'contains "c"', '"xcx"', '"b", "d"'], [1, 3]),
        ("d", ["< 2026-01-31", "<= 2026-01-30", "<= 2026-01-31"], [1]),
        ('count of "Open"', ["0", "1", "< 2", ">= 2", "3", "otherwise"], [2, 4, 5]),
        ('count of "Open" latest 3', ["> 3", "3", ">= 3", "unknown"], [0, 2, 3]),
        ('count of different url in "Open"', ["< 0", "0", ">= 1", "otherwise"], [0, 3]),
        ('total of amount in "Open"', ["<= 1.00001", "between 1.00002 and 1.00009"], [1]),
        ('total of amount in "Open"', ["<= 1", "between 1.2 and 1.3", ">= 2"], []),
        ('average of amount in "Open"', ["> 1", "unknown", "<= 1", "otherwise"], [3]),
        ('highest of amount in "Open"', ["> 1", "> 2", "<= 1", "otherwise"], [1]),
        ('lowest of amount in "Open" since "Open"', ["> 1", "unknown", "otherwise"], [0, 2]),
    ],
)
def test_cases_behind_others(head: str, cases: Sequence[str], dead: Sequence[int]) -> None:
    prover, conditions = table(head, *cases)
    assert [place for place, found in enumerate(prover.behind(conditions)) if found] == dead
    one_by_one = [
        prover.covered(condition, conditions[:place]) for place, condition in enumerate(conditions)
    ]
    assert tuple(one_by_one) == prover.behind(conditions)


WITHIN = [
    ('"Open"', '"Open", "Click"'),
    ('"Open"', "any event"),
    ('"Open"', 'any event except "Click"'),
    ('any event except "Click", "Open"', 'any event except "Click"'),
    ('"Open" in the last 7 days', '"Open"'),
    ('"Open" in the last 7 days', '"Open" in the last 8 days'),
    ('"Open" between 2 days and 3 days ago', '"Open" more than 1 day ago'),
    ('"Open" since 2026-02-01', '"Open" since 2026-01-31'),
    ('"Open" between 2026-02-01 and 2026-02-02', '"Open" since 2026-02-01'),
    ('"Open" since "Click", "Call"', '"Open" since "Call"'),
    ('"Open" reset by "Call", "Click"', '"Open" since "Call"'),
    ('"Open" where url is "a"', '"Open" where url is known'),
    ('"Open" up to 2 per day latest 3', '"Open"'),
    ('"Open" latest 2', '"Open" latest 5'),
    ('"Open" up to 1 per day', '"Open" up to 2 per day'),
    ('"Click" since "Click"', '"Open" latest 1'),
]


@pytest.mark.parametrize(("one", "other"), WITHIN)
def test_a_stream_is_within_another_and_not_the_other_way(one: str, other: str) -> None:
    prover, (inner, outer) = streams(one, other)
    assert prover.within(inner, outer)
    assert not prover.within(outer, inner)


APART = [
    ('"Open" in the last 7 days', '"Open" more than 1 day ago'),
    ('"Open" in the last 7 days', '"Open" latest 5'),
    ('"Open" latest 1', '"Open" up to 1 per day'),
    ('"Open" up to 1 per day', '"Open" up to 2 per week'),
    ('"Open" since "Click"', '"Open" since "Call"'),
    ('"Open" since 2026-01-31T02:50', '"Open" since 2026-01-31T02:10'),
    ('"Open" where url is not "a"', '"Open" where url is known'),
    ('"Open" since 2026-01-31', '"Open" in the last 100 years'),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_nothing_is_said_of_streams_that_overlap(one: str, other: str) -> None:
    prover, (inner, outer) = streams(one, other)
    assert not prover.within(inner, outer)
    assert not empty(inner, prover)


def test_the_most_of_a_measure() -> None:
    prover, (plain, latest, none) = streams('"Open"', '"Open" latest 3', '"Open" since "Open"')
    assert most_of(t.Measure("count", plain, None), prover) is None
    assert most_of(t.Measure("different", latest, "url"), prover) == 3
    assert most_of(t.Measure("total", latest, "url"), prover) is None
    assert most_of(t.Measure("count", none, None)) is None
    assert most_of(t.Measure("count", none, None), prover) == 0


@pytest.mark.parametrize("gradual", [False, True])
@pytest.mark.parametrize("rate", [1, 1250, 3333, 5000, 10_000, 15_000])
@pytest.mark.parametrize("every", [60, 2700, 3600, 25_200, 86_400])
def test_the_life_of_points_is_exact(rate: int, every: int, gradual: bool) -> None:
    decay = t.Decay(rate, every, gradual)
    life = life_of(decay)
    many = 10**12 * 10_000  # points enough that no truncation takes the last unit
    assert kept(many, decay, life) == 0
    assert kept(many, decay, life + 10_000) == 0
    assert kept(many, decay, life - 1) > 0


def test_points_that_lose_nothing_live_forever() -> None:
    assert life_of(t.Decay(0, 3600, False)) == FOREVER


# What a model may cost. Counted in steps, not in time.


def spent(prover: Prover) -> int:
    return prover._effort.spent


def numbered(place: int) -> t.NumberCompare:
    return t.NumberCompare(t.Property(f"n{place}"), ">", Decimal(1))


def plan_of(definitions: dict[str, t.Condition]) -> t.Plan:
    plan = leadscore.loads(HEAD + "  +1 always\n").plan
    return t.Plan(
        **{
            **{name: getattr(plan, name) for name in t.Plan.__slots__},
            "definitions": tuple(definitions.items()),
        }
    )


def test_definitions_that_double_cost_no_more_than_their_number() -> None:
    definitions: dict[str, t.Condition] = {"d0": numbered(0)}
    for place in range(1, 300):
        before = t.Defined(f"d{place - 1}")
        definitions[f"d{place}"] = t.AllOf((before, before))
    prover = Prover(plan_of(definitions))
    assert prover.never(t.AllOf((t.Defined("d299"), t.Not(numbered(0)))))
    assert spent(prover) <= Effort.ONE


@pytest.mark.parametrize("sign", [True, False])
def test_many_choices_are_given_up(sign: bool) -> None:
    pairs = [
        t.AnyOf((numbered(2 * place), t.AllOf((numbered(2 * place + 1), numbered(999)))))
        for place in range(2000)
    ]
    parts = tuple(t.Not(pair) if not sign else pair for pair in pairs)
    whole: t.Condition = t.AllOf(parts) if sign else t.Not(t.AnyOf(parts))
    last = t.NumberCompare(t.Property("n998"), "<", Decimal(0))
    prover = Prover(plan_of({}))
    assert not prover.never(
        t.AllOf((whole, last, t.Not(last.__class__(last.operand, ">", last.value))))
    )
    assert spent(prover) <= 3 * Effort.ONE


def test_choices_in_a_deep_row_are_given_up_or_proven() -> None:
    parts = tuple(t.AnyOf((numbered(place), numbered(place + 1))) for place in range(200))
    nowhere = tuple(t.Not(t.AllOf((numbered(place), numbered(500)))) for place in range(201))
    prover = Prover(plan_of({}))
    assert not prover.never(t.AllOf((*parts, *nowhere)))
    assert spent(prover) <= 3 * Effort.ONE


def test_long_lists_of_texts_against_each_other_are_given_up() -> None:
    texts = tuple(f"text {place}" for place in range(4000))
    found = tuple(
        t.TextFind(t.Property("x"), "contains", tuple(f"t {place} {n}" for n in range(100)))
        for place in range(50)
    )
    prover = Prover(plan_of({}))
    assert not prover.never(t.AllOf((t.TextIs(t.Property("x"), texts), *found)))
    assert spent(prover) <= 3 * Effort.ONE


def test_a_long_table_costs_a_few_steps_a_case() -> None:
    prover = Prover(plan_of({}))
    cases = [t.TextIs(t.Property("x"), (f"text {place % 2500}",)) for place in range(3000)]
    dead = prover.behind(cases)
    assert dead == tuple(place >= 2500 for place in range(3000))
    assert spent(prover) < 100 * len(cases)


def test_all_proofs_of_a_plan_have_an_end() -> None:
    prover = Prover(plan_of({}))
    row = [t.AnyOf((numbered(place), numbered(place + 1))) for place in range(100)]
    for place in range(3000):
        asked = t.AllOf((*row, t.Not(t.AllOf((numbered(place), numbered(7))))))
        assert not prover.never(asked)
    assert spent(prover) <= Effort.ALL
    assert not prover.never(t.Constant(False))  # even what is plain, now


def test_midnights_are_in_order_in_every_zone() -> None:
    """What comparisons of whole days rest on, in zones that skipped or repeated a day."""
    from leadscore.values.dates import midnight, zone

    days = {
        "Pacific/Apia": datetime(2011, 12, 28),
        "Pacific/Fakaofo": datetime(2011, 12, 28),
        "Pacific/Kwajalein": datetime(1993, 8, 19),
        "Pacific/Kiritimati": datetime(1994, 12, 29),
        "Asia/Manila": datetime(1844, 12, 29),
        "America/Juneau": datetime(1867, 10, 16),
        "America/Sao_Paulo": datetime(2018, 11, 2),
        "Africa/Cairo": datetime(2014, 5, 13),
    }
    for name, first in days.items():
        found = [
            midnight(datetime.fromordinal(first.toordinal() + day), zone(name)) for day in range(6)
        ]
        assert found == sorted(found), name
