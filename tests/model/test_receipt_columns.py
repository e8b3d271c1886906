"""Receipts as columns: which there are, what they are called, and that they add up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.independent.support import Sample, samples

import leadscore
from leadscore.receipt_columns import receipt_amounts, receipt_columns

TEXT = """\
score "Contact score"
limit at least 0
fit limit 40
group "Company" as fit
  +20 if industry is any of "Software",
    "SaaS"   # the ones that we know
  +10 if employees >= 50 limit 5
  by employees
    1 to 10: +2
group "Engagement" as engagement limit -30 to 55 decay 50% every 30 days
  +6 for each "Click" limit 20
  +1 for each "Visit" no decay
  +25 once for "Webinar" named "Saw us"
  -20 if event "Unsubscribe"
group "Rest"
  +1 for each 10 of seats limit 3
"""


def headers(text: str, prefix: str = "", taken: Sequence[str] = ()) -> list[str]:
    """The names of the receipts' columns of a model."""
    plan = leadscore.loads(text).plan
    return [column.name for column in receipt_columns(plan, prefix, taken)]


def test_the_columns_are_in_the_order_of_the_file():
    columns = receipt_columns(leadscore.loads(TEXT).plan)
    assert [(c.name, c.what, c.group, c.rule, c.target) for c in columns] == [
        ('Company: +20 if industry is any of "Software", "SaaS"', "points", 0, 0, None),
        ("Company: +10 if employees >= 50 limit 5", "points", 0, 1, None),
        ("Company: +10 if employees >= 50 limit 5 (limited)", "limited", 0, 1, None),
        ("Company: by employees", "points", 0, 2, None),
        ("Company", "points", 0, None, None),
        ('Engagement: +6 for each "Click" limit 20', "points", 1, 0, None),
        ('Engagement: +6 for each "Click" limit 20 (decayed)', "decayed", 1, 0, None),
        ('Engagement: +6 for each "Click" limit 20 (limited)', "limited", 1, 0, None),
        ('Engagement: +1 for each "Visit" no decay', "points", 1, 1, None),
        ("Engagement: Saw us", "points", 1, 2, None),
        ("Engagement: Saw us (decayed)", "decayed", 1, 2, None),
        ('Engagement: -20 if event "Unsubscribe"', "points", 1, 3, None),
        ("Engagement (group)", "points", 1, None, None),  # beside the output `engagement`
        ("Engagement (group) (limited)", "limited", 1, None, None),
        ("Rest: +1 for each 10 of seats limit 3", "points", 2, 0, None),
        ("Rest: +1 for each 10 of seats limit 3 (limited)", "limited", 2, 0, None),
        ("Rest", "points", 2, None, None),
        ("fit (limited)", "limited", None, None, "fit"),
        ("score (limited)", "limited", None, None, "score"),
    ]


def test_doubles_have_their_lines():
    assert headers(
        'score "S"\n'
        'group "A"\n'
        "  first of\n"
        "    a = 1: +1\n"
        "  first of limit 2\n"
        "    b = 1: +1\n"
        "  +1 if a = 1\n"
        '  +2 if a = 2 named "FIRST OF"\n'
        'group "A: +1 if a = 1"\n'
        "  +1 if c = 1\n"
    ) == [
        "A: first of (line 3)",
        "A: first of limit 2",
        "A: first of limit 2 (limited)",
        "A: +1 if a = 1 (line 7)",
        "A: FIRST OF (line 8)",
        "A",
        "A: +1 if a = 1: +1 if c = 1",
        "A: +1 if a = 1 (line 9)",
    ]


def test_a_lost_column_is_no_rules_double():
    assert headers(
        'score "S"\nlimit 10\n'
        'group "A" limit 5\n  +1 if a = 1\ngroup "a (Limited)"\n  +1 if a = 2\n'
        'group "Score (limited)"\n  +1 if a = 3\n'
    ) == [
        "A: +1 if a = 1",
        "A (line 3)",
        "A (line 3) (limited)",
        "a (Limited): +1 if a = 2",
        "a (Limited) (line 5)",
        "Score (limited): +1 if a = 3",
        "Score (limited) (line 7)",
        "score (limited)",
    ]


@pytest.mark.parametrize(
    "output", ["score", "LABEL", "Fit", "fit_label", "matrix", "Fast_Track", "excluded", "ID"]
)
def test_a_group_is_never_taken_for_an_output(output):
    text = f'score "S"\ngroup "{output}"\n  +1 if a = 1\n'
    assert headers(text) == [f"{output}: +1 if a = 1", f"{output} (group)"]
    assert headers(text, "x_") == [f"x_{output}: +1 if a = 1", f"x_{output} (group)"]


def test_other_columns_of_the_table_are_left_alone():
    text = 'score "S"\ngroup "Company"\n  +1 if a = 1\n'
    assert headers(text, "", ["company"])[-1] == "Company (group)"
    assert headers(text, "", ["COMPANY: +1 IF A = 1"])[0] == "Company: +1 if a = 1 (line 3)"
    assert headers(text, "x_", ["company"])[-1] == "x_Company"
    # the output `score` of a file `a_b.score`, and a group of `a.score`
    other = 'score "S"\ngroup "b_score"\n  +1 if a = 1\n'
    assert headers(other, "a_", ["a_b_score"])[-1] == "a_b_score (group)"
    taken = ["company", "Company (group)", "Company (group) (line 2)"]
    assert headers(text, "", taken)[-1] == "Company (group) (line 2) (2)"


def test_a_header_is_one_line_without_control_characters():
    bad = "\x00\x1b[31m\x7f\x85\u2028\u202e"
    assert headers(
        f'score "S"\ngroup "A{bad}B"\n  +1 if a = 1 named "N{bad}"\n  +1 if a = 2 named "\x07"\n'
    ) == ["A [31m B: N [31m", 'A [31m B: +1 if a = 2 named " "', "A [31m B"]
    assert headers('score "S"\ngroup "\x01"\n  +1 if a = 1\n') == [
        "group: +1 if a = 1",
        "group",
    ]


def test_a_header_is_as_long_as_the_rule_is():
    options = ", ".join(f'"option {number}"' for number in range(500))
    (rule, _) = headers(f'score "S"\ngroup "A"\n  +1 if a is any of {options}\n')
    assert rule == f"A: +1 if a is any of {options}"


PIECES = ["A", "a", "fit", "Score", "(limited)", "(decayed)", "(group)", "(line 3)", "(2)", ":"]
TITLES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)


@given(st.lists(st.tuples(TITLES, st.lists(TITLES, max_size=4)), max_size=4), st.lists(TITLES))
def test_no_two_headers_are_the_same(groups, taken):
    lines = ['score "S"', "limit 5", "fit limit 5", 'group "as fit" as fit', "  +1 if z = 1"]
    names = set()
    for title, rules in groups:
        if title.casefold() not in names:
            names.add(title.casefold())
            lines += [f'group "{title}" limit 9']
            lines += [
                f'  +1 for each "E" limit 9 decay 1% every 1 day named "{rule}"' for rule in rules
            ]
    found = headers("\n".join(lines) + "\n", "", taken)
    folded = [name.casefold() for name in found]
    others = {"id", "score", "label", "fit", "excluded", *(name.casefold() for name in taken)}
    assert len({*folded, *others}) == len(folded) + len(others)


few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(samples())
@few
def test_the_columns_hold_the_receipt_and_add_up(sample: Sample) -> None:
    plan = sample.model.plan
    columns = receipt_columns(plan)
    for call in sample.calls:
        try:
            result = sample.model.score(
                call.lead, call.events, call.lists, as_of=call.as_of, time_zone=call.zone
            )
        except leadscore.EvaluationError:
            continue
        if result.excluded is not None:
            continue
        receipt = result.receipt
        amounts = receipt_amounts(columns, receipt.groups, receipt.limited)
        by_place = {
            (column.group, column.rule, column.target, column.what): amount
            for column, amount in zip(columns, amounts, strict=True)
        }
        sums = {"fit": 0, "engagement": 0, None: 0}
        for at, group in enumerate(plan.groups):
            for number in range(len(group.rules)):
                rule = receipt.groups[at].rules[number]
                # What has no column is 0: a rule's points tell what it earned.
                lost = [
                    by_place.get((at, number, None, what), 0) for what in ("decayed", "limited")
                ]
                assert by_place[at, number, None, "points"] + sum(lost) == rule.earned
            inside = sum(by_place[at, number, None, "points"] for number in range(len(group.rules)))
            points = by_place[at, None, None, "points"]
            assert inside - by_place.get((at, None, None, "limited"), 0) == points
            sums[group.category] += points
        for category in ("fit", "engagement"):
            sums[category] -= by_place.get((None, None, category, "limited"), 0)
        total = sum(sums.values()) - by_place.get((None, None, "score", "limited"), 0)
        assert result.score is not None
        assert total == int(result.score.scaleb(7))


def test_a_table_has_the_columns_as_doubles():
    model = leadscore.loads(TEXT + 'exclude when industry is "Bank"\n')
    leads = [
        {"Company": "1", "industry": "SaaS", "employees": 60, "seats": 75},
        {"Company": "2", "industry": "Bank", "employees": 60, "seats": 75},
    ]
    events = [
        {"Company": "1", "event": "Click", "time": f"2026-01-{day:02}"} for day in range(1, 6)
    ]
    events += [{"Company": "1", "event": "Webinar", "time": "2025-12-01"}]
    table = model.score_table(
        leads, events, as_of="2026-01-31", id="Company", receipt=True
    ).to_arrow()
    first, second = table.to_pylist()
    names = [column.name for column in receipt_columns(model.plan, "", ["Company"])]
    assert table.column_names == ["Company", "score", "fit", "engagement", "excluded", *names]
    assert {str(table.schema.field(name).type) for name in names} == {"double"}
    assert first == {
        "Company": "1",
        "score": 48.0,
        "fit": 25.0,
        "engagement": 20.0,
        "excluded": None,
        'Company: +20 if industry is any of "Software", "SaaS"': 20.0,
        "Company: +10 if employees >= 50 limit 5": 5.0,
        "Company: +10 if employees >= 50 limit 5 (limited)": 5.0,
        "Company: by employees": 0.0,
        "Company (group)": 25.0,
        'Engagement: +6 for each "Click" limit 20': 20.0,
        'Engagement: +6 for each "Click" limit 20 (decayed)': 3.0,
        'Engagement: +6 for each "Click" limit 20 (limited)': 7.0,
        'Engagement: +1 for each "Visit" no decay': 0.0,
        "Engagement: Saw us": 0.0,
        "Engagement: Saw us (decayed)": 25.0,
        'Engagement: -20 if event "Unsubscribe"': 0.0,
        "Engagement (group)": 20.0,
        "Engagement (group) (limited)": 0.0,
        "Rest: +1 for each 10 of seats limit 3": 3.0,
        "Rest: +1 for each 10 of seats limit 3 (limited)": 4.0,
        "Rest": 3.0,
        "fit (limited)": 0.0,
        "score (limited)": 0.0,
    }
    assert {second[name] for name in names} == {None}
    assert second["excluded"] == 'exclude when industry is "Bank"'


def test_without_receipts_there_are_no_such_columns():
    model = leadscore.loads('score "S"\ngroup "G"\n  +1 if a = 1\n')
    assert model.score_table([{"id": "1", "a": 1}]).to_arrow().column_names == ["id", "score"]
