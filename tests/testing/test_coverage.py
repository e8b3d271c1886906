"""Coverage: what each kind of thing takes, by examples; and that it tells the truth, by mutants."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from tests.independent.support import many
from tests.testing.support import MODEL, models_with_tests

import leadscore
from leadscore.plan import terms as t
from leadscore.testing import Item, run_tests

TESTS = {
    "nothing": "expect not excluded",
    "customer": 'given stage = "customer"\n  expect excluded',
    "fits": 'given industry = "SaaS", country = "DE", employees = 8\n  expect fit = 22',
    "large": 'given industry = "SaaS", country = "DE", employees = 80\n  expect fit = 25',
    "other": 'given country = "DE"\n  expect fit = 0',
    "visits": 'given opted_in = yes\n  event "Visit" now\n  expect engagement = 5',
    "old": 'given opted_in = yes\n  event "Visit" 40 days ago\n  expect engagement = 2.5',
    "older": 'given opted_in = yes\n  event "Meeting" 20 days ago\n  expect engagement = 16',
    "complains": 'given opted_in = yes\n  event "Complaint" 90 days ago\n  expect score = 0',
    "meets": 'given opted_in = yes\n  event "Meeting" 2 times now\n  expect engagement = 30',
    "asks": 'event "Contact us" now\n  expect fast track "MQL"',
    "competes": 'in list "Competitors"\n  expect excluded',
    "hot": 'given opted_in = yes, industry = "SaaS"\n  event "Meeting" 2 times now\n'
    "  expect score = 50",
}


def lacking(*names: str) -> dict[str, str]:
    """Of a model with some of `TESTS`: what is not exercised, and what it lacks."""
    blocks = [f'test "{name}" as of 2026-01-31\n  {TESTS[name]}\n' for name in names]
    suite = leadscore.loads("\n".join([MODEL, *blocks])).test()
    assert suite.passed, [result.failures for result in suite.failed]
    return {f"{item.line} {item.kind} {item.text}": item.lacks for item in suite.coverage.missing}


ITEMS = {
    "2 limit at most 90 of limit 0 to 90": "took nothing",
    "2 limit at least 0 of limit 0 to 90": "gave nothing",
    '4 scope only when stage is not "customer"': "excluded no lead",
    '5 scope exclude when in list "Competitors"': "excluded no lead",
    '7 limit group "Company" as fit limit 25': "took nothing",
    '8 rule +20 if industry is any of "Software", "SaaS"': "gave nothing",
    '9 rule by employees if country is "DE"': "gave nothing",
    '9 if by employees if country is "DE"': "never looked at",
    "10 case 1 to 10: +2": "never held",
    "11 case 11 to 200: +10": "never held",
    "12 case otherwise: 0": "never held",
    '14 if group "Interest" as engagement decay 50% every 30 days if opted_in is yes': (
        "never looked at"
    ),
    '14 decay group "Interest" as engagement decay 50% every 30 days if opted_in is yes': (
        "took nothing"
    ),
    '15 rule +5 for each "Visit" latest 5': "gave nothing",
    '16 rule -40 for each "Complaint" no decay': "gave nothing",
    '17 rule +20 for each "Meeting" decay 10% every 7 days limit 30': "gave nothing",
    '17 limit +20 for each "Meeting" decay 10% every 7 days limit 30': "took nothing",
    '17 decay +20 for each "Meeting" decay 10% every 7 days limit 30': "took nothing",
    '20 label "Call now" from 40 color green': "no lead got it",
    '21 label "Cold"': "no lead got it",
    '24 matrix "A1"': "no lead got it",
    '24 matrix "A2"': "no lead got it",
    '24 matrix "B1"': "no lead got it",
    '24 matrix "B2"': "no lead got it",
    '27 fast track fast track "MQL" if event "Contact us"': "never held",
}
"""All that the model has, as it is without tests. Its ceiling of 90 no lead reaches."""
del ITEMS["2 limit at most 90 of limit 0 to 90"]


def exercised(*names: str) -> set[str]:
    """The items that some tests exercise, by their lines and kinds."""
    left = lacking(*names)
    assert set(left) <= set(ITEMS)
    return {" ".join(key.split(" ", 2)[:2]) for key in set(ITEMS) - set(left)}


def test_without_tests_nothing_is_exercised_and_everything_is_listed():
    assert lacking() == ITEMS


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["nothing"], {"21 label", "24 matrix"}),
        (["customer"], {"4 scope"}),
        (["competes"], {"5 scope"}),
        (["fits"], {"8 rule", "9 rule", "10 case", "21 label", "24 matrix"}),
        (["large"], {"7 limit", "8 rule", "9 rule", "11 case", "21 label", "24 matrix"}),
        (["other"], {"12 case", "21 label", "24 matrix"}),
        (["other", "nothing"], {"9 if", "12 case", "21 label", "24 matrix"}),
        (["visits"], {"15 rule", "21 label", "24 matrix"}),
        (["visits", "nothing"], {"14 if", "15 rule", "21 label", "24 matrix"}),
        (["old"], {"14 decay", "15 rule", "21 label", "24 matrix"}),
        (["older"], {"17 decay", "17 rule", "21 label", "24 matrix"}),
        (["complains"], {"2 limit", "16 rule", "21 label", "24 matrix"}),
        (["meets"], {"17 rule", "17 limit", "21 label", "24 matrix"}),
        (["asks"], {"24 matrix", "27 fast"}),  # not the label that the fast track replaced
        (["hot"], {"8 rule", "17 rule", "17 limit", "20 label", "24 matrix"}),
    ],
)
def test_what_a_test_exercises(names, wanted):
    assert exercised(*names) == wanted


def test_an_if_lacks_what_it_was_not():
    held = lacking("fits")['9 if by employees if country is "DE"']
    failed = lacking("nothing")['9 if by employees if country is "DE"']
    assert (held, failed) == ("never failed", "never held")


def test_the_if_of_a_rule_is_not_looked_at_where_that_of_its_group_fails():
    model = leadscore.loads(
        'score "S"\ngroup "G" if a is 1\n  +1 for each "V" if b is 1\n'
        'test "t" as of 2026-01-31\n  expect score = 0\n'
    )
    assert [(item.kind, item.lacks) for item in model.test().coverage.items] == [
        ("if", "never held"),
        ("rule", "gave nothing"),
        ("if", "never looked at"),
    ]


def test_all_of_it():
    coverage = (
        leadscore.loads(
            "\n".join([MODEL, *(f'test "{n}" as of 2026-01-31\n  {t}\n' for n, t in TESTS.items())])
        )
        .test()
        .coverage
    )
    assert coverage.missing == ()
    assert (coverage.covered, coverage.total, coverage.percent) == (len(ITEMS), len(ITEMS), 100.0)


def test_points_of_events_that_add_up_to_nothing_are_points():
    model = leadscore.loads(
        'score "S"\ngroup "G" decay 50% every 1 day\n  +5, -5 for each "V"\n'
        'test "t" as of 2026-01-31\n  event "V" 2 times 1 day ago\n  expect score = 0\n'
    )
    assert model.test().coverage.missing == ()


def test_a_table_of_nothing_but_0_has_cases_only():
    model = leadscore.loads('score "S"\ngroup "G"\n  by x\n    1: 0\n    otherwise: 0\n')
    assert [item.kind for item in model.test().coverage.items] == ["case", "case"]


def test_a_share_is_cut_and_not_rounded():
    rules = "".join(f"  +1 if a{number} is 1\n" for number in range(3))
    given = 'test "t" as of 2026-01-31\n  given a0 = 1, a1 = 1\n  expect score = 2\n'
    coverage = leadscore.loads(f'score "S"\ngroup "G"\n{rules}{given}').test().coverage
    assert coverage.percent == 66.6
    assert leadscore.loads('score "S"\n').test().coverage.percent == 100.0


# Mutants: what is not exercised can be changed, and no test notices; what is, cannot


@given(models_with_tests())
@many
def test_what_is_not_exercised_can_be_changed_unnoticed(model: leadscore.Model) -> None:
    before = seen(model, model.plan)
    for item in model.test().coverage.items:
        for why, changed in mutants(model.plan, item):
            if not item.covered and why in ("", item.lacks):
                assert seen(model, changed) == before, item
            elif item.covered and item.kind != "if":
                assert seen(model, changed) != before, item


def seen(model: leadscore.Model, plan: t.Plan) -> list[Any]:
    """What all tests of a model get from a plan: outputs and receipts."""
    mutant = leadscore.Model(model.analysis)
    mutant.plan = plan
    found: list[Any] = []
    for result in run_tests(mutant):
        if result.error is not None:
            found.append(str(result.error))
        else:
            record = result.result.receipt.to_dict()
            found.append((result.result.to_dict(), json.dumps(record)))
    return found


def mutants(plan: t.Plan, item: Item) -> list[tuple[str, t.Plan]]:
    """Plans that differ in what an item is about; for an `if`, each with what it then lacks."""
    rules = [
        (at, place, rule)
        for at, group in enumerate(plan.groups)
        for place, rule in enumerate(group.rules)
        if rule.line == item.line
    ]
    groups = [(at, group) for at, group in enumerate(plan.groups) if group.line == item.line]
    match item.kind:
        case "scope":
            scopes = tuple(idle(one) if one.line == item.line else one for one in plan.scope)
            return [("", replace(plan, scope=scopes))]
        case "fast track":
            tracks = tuple(
                replace(track, condition=never(track.condition))
                if track.line == item.line
                else track
                for track in plan.fast_tracks
            )
            return [("", replace(plan, fast_tracks=tracks))]
        case "label":
            blocks = tuple(
                (target, tuple(map(renamed(item), all_))) for target, all_ in plan.labels
            )
            return [("", replace(plan, labels=blocks))]
        case "rule":
            at, place, rule = rules[0]
            return [("", with_rule(plan, at, place, replace(rule, body=doubled(rule.body))))]
        case "case":
            return [("", plan_) for plan_ in with_cases(plan, item)]
        case "if" if rules:
            at, place, rule = rules[0]
            assert rule.guard is not None
            return [
                (why, with_rule(plan, at, place, replace(rule, guard=change(rule.guard))))
                for why, change in GUARDS
            ]
        case "if":
            at, group = groups[0]
            assert group.guard is not None
            return [
                (why, with_group(plan, at, replace(group, guard=change(group.guard))))
                for why, change in GUARDS
            ]
        case "decay" if rules:
            at, place, rule = rules[0]
            return [("", with_rule(plan, at, place, undecayed(rule)))]
        case "limit" if rules:
            at, place, rule = rules[0]
            return [("", with_rule(plan, at, place, replace(rule, limit=lifted(rule.limit, item))))]
        case "limit" if groups:
            at, group = groups[0]
            return [("", with_group(plan, at, replace(group, limit=lifted(group.limit, item))))]
    return []


def always(condition: t.Condition) -> t.Condition:
    return t.AnyOf((condition, t.Constant(True)))


def never(condition: t.Condition) -> t.Condition:
    return t.AllOf((condition, t.Constant(False)))


GUARDS = (("never failed", always), ("never held", never))


def idle(scope: t.Scope) -> t.Scope:
    """A scope that excludes nobody."""
    change = never if scope.excludes else always
    return replace(scope, condition=change(scope.condition))


def with_group(plan: t.Plan, at: int, group: t.Group) -> t.Plan:
    return replace(plan, groups=(*plan.groups[:at], group, *plan.groups[at + 1 :]))


def with_rule(plan: t.Plan, at: int, place: int, rule: t.Rule) -> t.Plan:
    group = plan.groups[at]
    rules = (*group.rules[:place], rule, *group.rules[place + 1 :])
    return with_group(plan, at, replace(group, rules=rules))


def with_cases(plan: t.Plan, item: Item) -> list[t.Plan]:
    """The plan with other points in the case of an item."""
    found = []
    for at, group in enumerate(plan.groups):
        for place, rule in enumerate(group.rules):
            if isinstance(rule.body, t.Choice) and rule.line != item.line:
                cases = tuple(
                    replace(case, points=case.points + 10_000) if case.line == item.line else case
                    for case in rule.body.cases
                )
                if cases != rule.body.cases:
                    body = t.Choice(cases)
                    found.append(with_rule(plan, at, place, replace(rule, body=body)))
    assert found
    return found


def doubled(body: t.Body) -> t.Body:
    match body:
        case t.Choice(cases=cases):
            return t.Choice(tuple(replace(case, points=case.points * 2) for case in cases))
        case t.EachEvent(points=points):
            return replace(body, points=tuple(value * 2 for value in points))
        case _:
            return replace(body, points=body.points * 2)


def undecayed(rule: t.Rule) -> t.Rule:
    assert isinstance(rule.body, t.EachEvent)
    return replace(rule, body=replace(rule.body, decay=None))


def lifted(limit: t.Limit | None, item: Item) -> t.Limit | None:
    """A limit without the end that an item is about."""
    assert limit is not None
    if limit.low is not None and limit.high is not None:
        low = item.text.startswith("at least")
        return replace(limit, low=None) if low else replace(limit, high=None)
    return None


def renamed(item: Item):
    return lambda label: replace(label, title="?") if label.line == item.line else label
