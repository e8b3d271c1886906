"""L1: what can never matter. Where a finding stands, and what is no finding."""

from __future__ import annotations

import pytest
from tests.lint.support import places

HEAD = 'score "Contacts"\n'
GROUP = HEAD + 'group "Company" as fit\n'
FIT_40 = 'group "Company" as fit\n  +40 if industry is "SaaS"\n'


@pytest.mark.parametrize(
    "labels",
    [
        '  "Hot" from 20\n',  # one threshold marks leads
        '  "A" from 20 if vip is yes\n  "B" from 20\n',
        '  "Hot" from 20\n  "Cold" from 0\n',  # nothing lies below 0
        '  "Hot" from 20\n  "Warm" from 10\n  "Cold" below 10\n',
        '  "Hot" from 20\n  "Warm" from 10\n  "Rest"\n',
        '  "Hot" from 20\n  "Warm" from 10\n  "Cold" if vip is yes\n',
    ],
)
def test_nothing_lies_below_the_labels(labels: str) -> None:
    assert places(HEAD + FIT_40 + "labels\n" + labels, "L102") == []


def test_the_matrix_has_a_step_below() -> None:
    text = (
        HEAD
        + FIT_40
        + 'group "G" as engagement\n  +5 for each "Visit"\n'
        + 'matrix\n  fit "A" from 30, "B" from 10\n  engagement "1" from 10, "2" below 10\n'
    )
    assert places(text, "L102") == ['"B" from 10']


@pytest.mark.parametrize(
    ("labels", "beside"),
    [
        ('  "Hot" from 30\n  "Cold" below 20\n', ['"Cold"']),
        ('  "Hot" from 20\n  "Cold" below 20\n', []),
        ('  "Hot" from 30\n  "Warm" from 10 and below 20\n  "Cold" below 10\n', ['"Warm"']),
        ('  "Hot" from 30\n  "Cold" below 20\n  "Rest"\n', []),
        ('  "Hot" from 30\n  "Some" from 20 if vip is yes\n  "Cold" below 20\n', []),
        ('  "Warm" from 20 and below 30\n  "Cold" below 20\n', ['"Warm"']),  # above all of them
    ],
)
def test_gaps_between_labels(labels: str, beside: list[str]) -> None:
    text = GROUP + "  +1 for each 1 of employees limit 40\nlabels\n" + labels
    assert places(text, "L103") == beside


def test_a_gap_that_no_sum_gets_into_is_none() -> None:
    text = HEAD + FIT_40 + 'labels\n  "Hot" from 31\n  "Cold" below 30\n'
    assert places(text, "L103") == []  # 0 and 40
    assert places(text.replace("+40", "+30"), "L103") == ['"Cold"']


@pytest.mark.parametrize(
    ("line", "idle"),
    [
        ("limit at most 50", True),
        ("limit at most 40", False),  # says how much there is
        ("limit at most 39", False),
        ("limit at least 0", False),
        ("limit at least -1", True),
        ("limit -10 to 50", True),
        ("limit 0 to 50", False),
        ("fit limit 41", True),
    ],
)
def test_idle_limits_of_sums(line: str, idle: bool) -> None:
    assert places(HEAD + line + "\n" + FIT_40, "L104") == ([line] if idle else [])


def test_idle_limits_of_rules_and_groups() -> None:
    text = (
        HEAD
        + 'group "G" limit 60\n'
        + '  +5 for each "Visit" limit 50\n'
        + '  +5 if event "Trial" limit 9\n'
        + '  +2 for each "Click" latest 3 limit 7\n'
    )
    assert places(text, "L104") == ["limit 9", "limit 7"]


def test_points_past_a_limit() -> None:
    text = (
        GROUP
        + '  +25 for each "Key page" limit 20\n'
        + '  +25 for each "Key page" limit 20 decay 50% every 30 days\n'  # fades into the limit
        + '  +5, +30 for each "Trial" limit 20\n'
        + "  -30 if bounced is yes limit -20\n"
        + '  +20 if industry is "SaaS" limit 20\n'
        + "  first of limit 10\n    vip is yes: +15\n    otherwise: +5\n"
    )
    assert places(text, "L105") == ["+25", "-30", "+15"]


def test_rules_that_a_full_group_swallows() -> None:
    full = HEAD + 'group "G" limit 20\n  +20 always\n'
    rule = "  +10 if vip is yes"
    assert places(full + rule, "L105") == [rule.strip()]
    assert places(full.replace("+20", "+19") + rule, "L105") == []
    assert places(full + rule.replace("+", "-"), "L105") == []
    assert places(full + rule + "\n  -10 if bounced is yes", "L105") == []
    floor = HEAD + 'group "G" limit at least -20\n  -20 always\n  -1 for each "Bounce"\n'
    assert places(floor, "L105") == ['-1 for each "Bounce"']


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ('+1 if a is "x" and a is "y"', 'a is "y"'),
        ('+1 if vip is yes or a = 1 and a = 2 and a is "z"', "a = 2"),
        ('+1 for each "Visit" where url is known and a is "x" and a is "y"', None),
        ('+1 for each "Visit" where (a is "x" and a is "y")', 'where (a is "x" and a is "y")'),
        ('+1 for each "Visit" since "Visit"', '"Visit" since "Visit"'),
        ('+1 for each "Visit" since "Recycled"', None),
        ('+1 for each "Visit", "Trial" reset by "Visit"', None),
        ('+1 if event "Visit" since "Visit"', 'event "Visit" since "Visit"'),
        ('+1 for each "Visit" if a > 2 and a < 1', "a < 1"),
        ('+1 if a is not "x" and a is not "y"', None),
        ("+1 if a is unknown and a != 3", None),
        ("+1 if event at least 2 times and event at most 1 time", "event at most 1 time"),
        ('+1 if not (a is not "x" or a is not "y")', 'not (a is not "x" or a is not "y")'),
    ],
)
def test_what_never_holds(rule: str, place: str | None) -> None:
    assert places(GROUP + "  " + rule + "\n", "L106") == ([] if place is None else [place])


def test_what_scope_and_guards_rule_out() -> None:
    scope = HEAD + 'only when stage is not "customer"\nexclude when country is "US"\n'
    group = 'group "G" if employees >= 50\n'
    rules = (
        '  +1 if stage is "customer"\n  +2 if country is "US"\n  +3 if employees < 10\n'
        '  +4 if country is "DE"\n  first of\n    country is any of "US", "DE": +5\n'
        '    country is "us": +6\n'
    )
    assert places(scope + group + rules, "L106") == [
        'stage is "customer"',
        'country is "US"',
        "employees < 10",
        'country is "us"',
    ]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ('only when a is "x"\nonly when a is "y"\n', ['a is "y"']),
        ('only when a is "x"\nexclude when a is any of "x", "y"\n', ['a is "x"']),
        ('exclude when b > 3\nonly when b > 5\nonly when a is "y"\n', ["b > 5"]),
        ('only when a is "x"\nonly when b is "y"\nonly when a is "x"\n', []),
        ("exclude when a is unknown\nonly when a is known\n", []),
    ],
)
def test_statements_of_scope_that_leave_nobody(scope: str, expected: list[str]) -> None:
    text = f'{HEAD}{scope}group "G"\n  +1 for each "Visit"\n'
    assert places(text, "L106") == expected


def test_fast_tracks_that_others_always_take_first() -> None:
    head = GROUP + '  +1 for each "Visit"\n'
    text = head + (
        'fast track "A" if a is any of "x", "y"\n'
        'fast track "B" if b is "z"\n'
        'fast track "C" if a is "x" and c is known\n'
        'fast track "D" if c > 5 and c < 3\n'
    )
    assert places(text, "L108") == ['a is "x" and c is known']
    assert places(text, "L106") == ["c < 3"]
    swapped = head + 'fast track "C" if a is "x"\nfast track "A" if a is any of "x", "y"\n'
    assert places(swapped, "L108") == []


def test_a_definition_is_told_of_once() -> None:
    text = (
        HEAD
        + "define nobody as a > 2 and a < 1\n"
        + 'group "G" if nobody\n  +1 if nobody\n  +2 if nobody and b is yes\n'
    )
    assert places(text, "L106") == ["a < 1"]


def test_a_renamed_type_is_told_of_once() -> None:
    text = (
        HEAD
        + 'events\n  "Open" from "EMAIL_OPEN"\n'
        + 'group "G"\n  +1 for each "EMAIL_OPEN"\n  +1 if event "EMAIL_OPEN"\n'
    )
    assert places(text, "L106") == []
    assert places(text, "W301") == ['"EMAIL_OPEN"', '"EMAIL_OPEN"']


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ('+1 if a is not "x" or a is not "y"', 'a is not "y"'),
        ('+1 if vip is yes and (a is not "x" or a is not "y")', 'a is not "y"'),
        ("+1 if a is known or a is unknown", "a is unknown"),
        ("+1 if event at least 0 times", "event at least 0 times"),
        ("+1 if a <= 2 or a > 2", None),  # an unknown value is neither
        ('+1 if a is "x" or a is not "X"', 'a is not "X"'),
    ],
)
def test_what_always_holds(rule: str, place: str | None) -> None:
    assert places(GROUP + "  " + rule, "L107") == ([] if place is None else [place])


def test_everybody_and_nobody() -> None:
    always = 'a is not "x" or a is not "y"'
    text = HEAD + f'exclude when {always}\nonly when {always}\nfast track "T" if {always}\n'
    assert places(text + 'group "G"\n', "L107") == ['a is not "y"'] * 3


def test_covered_lines() -> None:
    text = (
        GROUP
        + "  by employees\n    1 to 10: +1\n    2 to 5: +2\n    > 5: +3\n    7: +4\n    0: +5\n"
        + "    unknown: +6\n    otherwise: 0\n"
        + '  by country\n    "DE", "AT": +1\n    "at": +2\n    "CH": +3\n'
    )
    assert places(text, "L108") == ["2 to 5", "7", '"at"']


def test_an_otherwise_that_nobody_takes() -> None:
    table = "  by employees\n    <= 10: +1\n    > 10: +2\n    unknown: +3\n    otherwise: {}\n"
    number = GROUP.replace(HEAD, HEAD + "properties\n  employees: number\n")
    assert places(number + table.format("0"), "L108") == []
    assert places(number + table.format("+4"), "L108") == ["otherwise"]
    assert places(GROUP + table.format("+4"), "L108") == []  # "many" is known, and no number


@pytest.mark.parametrize(
    ("cases", "place"),
    [
        (("1 to 10: +1", "11 to 20: +2"), None),
        (("1 to 9: +1", "11 to 20: +2"), "11 to 20"),
        (("11 to 20: +2", "1 to 9: +1"), "11 to 20"),
        (("< 10: +1", "> 10: +2"), "> 10"),
        (("<= 10: +1", "> 10: +2"), None),
        (("< 10: -5", "> 10: +2"), None),  # what lies between is meant to give nothing
        (("1 to 9: +1", "11 to 20: +2", "otherwise: 0"), None),
        (("1 to 9: +1", "11 to 20: +2", "unknown: 0"), "11 to 20"),
        (("0 to 0.5: +1", "0.6 to 1: +2"), None),
        (("0 to 0.5: +1", "0.7 to 1: +2"), "0.7 to 1"),
        (("1 to 5: +1", "2 to 9: +2", "10: +3"), None),
    ],
)
def test_gaps_in_ranges(cases: tuple[str, ...], place: str | None) -> None:
    lines = "".join(f"    {case}\n" for case in cases)
    assert places(GROUP + "  by employees\n" + lines, "L109") == ([place] if place else [])


def test_averages_fall_between_whole_numbers() -> None:
    table = "    1 to 2: +1\n    3 to 4: +2\n"
    for subject, there in (
        ('average of x in "A"', True),
        ('total of x in "A"', False),
        ('count of "A"', False),
    ):
        found = places(GROUP + f"  by {subject}\n{table}", "L109")
        assert bool(found) == there, subject


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("more than 60 days ago", "more than 60 days ago"),
        ("more than 59 days ago", None),  # something is left in its first seconds
        ("more than 58 days ago", None),
        ("between 60 days and 90 days ago", "between 60 days and 90 days ago"),
        ("between 30 days and 90 days ago", None),
        ("in the last 90 days", None),
        ("more than 60 days ago decay 40% every 30 days", None),
        ("more than 60 days ago no decay", None),
        ("decay 100% every 30 days", None),
        ("decay 0% every 30 days", "decay 0% every 30 days"),
    ],
)
def test_windows_behind_all_decay(rule: str, place: str | None) -> None:
    text = HEAD + f'group "G" decay 50% every 30 days\n  +1 for each "Visit" {rule}\n'
    assert places(text, "L110") == ([place] if place else [])
