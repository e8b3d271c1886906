"""Names that are nearly others: what is a slip, and what is said of it beyond the pages."""

from __future__ import annotations

from itertools import islice, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.hostile.growth import assert_linear
from tests.lint.support import findings
from tests.syntax.texts import applied

from leadscore.analysis import analyse
from leadscore.diagnostics import Diagnostic
from leadscore.lint import Example
from leadscore.lint.registry import RULES
from leadscore.lint.slips import Slips, slip
from leadscore.lint.view import View
from leadscore.syntax.document import parse

WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäéж"), min_size=6, max_size=14)
NAMES = st.text(st.sampled_from("abcdeés 12_-"), max_size=12)


def found(text: str, *codes: str) -> list[Diagnostic]:
    """The findings of these codes in a model of these groups and tests."""
    return [item for item in findings(Example(text, True)) if item.code in codes]


# A slip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("email open", "email opened"),
        ("page view", "page views"),
        ("employees", "employes"),
        ("industry", "industyr"),
        ("job_title", "job title"),
        ("jobtitle", "job_title"),
        ("demo request", "demo reqeust"),
        ("manufacturing", "manufactring"),
        ("straße 12", "strase 12"),
    ],
)
def test_slips(one: str, other: str) -> None:
    assert slip(one, other)
    assert slip(other, one)
    assert Slips([other]).to(one) == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("subscribed", "unsubscribed"),
        ("active", "inactive"),
        ("qualified", "disqualified"),
        ("state", "stage"),
        ("tier 1", "tier 2"),
        ("q1_revenue", "q2_revenue"),
        ("form a", "form b"),
        ("logged in", "logged on"),
        ("login", "logout"),
        ("trial started", "trial ended"),
        ("first_name", "last_name"),
        ("last_name", "list_name"),
        ("city", "country"),
        ("email", "email_domain"),
        ("deal won", "deal lost"),
        ("c++", "c#"),
        ("us", "uk"),
        ("revenue eur", "revenue usd"),
        ("北京朝阳区店", "北京海淀区店"),
        ("", ""),
    ],
)
def test_different_names(one: str, other: str) -> None:
    assert not slip(one, other)
    assert not slip(other, one)


@given(WORDS, st.integers(1, 13), st.sampled_from("abcxyz"))
def test_a_letter_too_few_or_another_is_a_slip(word: str, at: int, letter: str) -> None:
    assume(at < len(word))
    for other in (word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]):
        assert slip(word, other) == (word != other)


@given(WORDS, st.integers(1, 12))
def test_two_letters_in_the_wrong_order_are_a_slip(word: str, at: int) -> None:
    assume(at + 1 < len(word) and word[at] != word[at + 1])
    assert slip(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :])


@given(st.lists(NAMES | WORDS, max_size=6), NAMES | WORDS)
def test_looking_among_many_finds_what_comparing_finds(many: list[str], name: str) -> None:
    near = [other for other in dict.fromkeys(many) if slip(name, other)]
    assert Slips(many).to(name) == (near[0] if near else None)
    for other in (f"{name}s", name[:3] + name[4:], name.replace(" ", "_")):
        assert (Slips([*many, other]).to(name) is not None) == (bool(near) or slip(name, other))


@given(NAMES, NAMES)
def test_a_slip_has_no_direction_and_keeps_digits(one: str, other: str) -> None:
    assert slip(one, other) == slip(other, one)
    if slip(one, other):
        digits = [[char for char in name if char.isdigit()] for name in (one, other)]
        assert digits[0] == digits[1]
        assert one != other


def test_comparisons_are_counted() -> None:
    """Of very many names, those that come late are no longer looked at."""
    many = ["a" + "".join(rest) for rest in islice(product("euirbt", repeat=7), 30_000)]
    slips = Slips([*many, "attribute"])
    assert slips.to("atribute") is None
    assert Slips([*many[:1000], "attribute"]).to("atribute") == "attribute"


# Properties


DECLARED = """\
score "S"
properties
  employees: number from "Number of Employees"
  industry: text
group "g"
"""


def test_every_use_is_mended() -> None:
    text = DECLARED + (
        "  +1 if employes > 5\n"
        'test "t" as of 2026-01-31\n  given employes = 6\n  expect score = 1\n'
    )
    (item,) = found(text, "L401")
    mended = applied(text, item.fixes[0])
    assert mended.count("employes ") == 0
    assert not found(mended, "L401", "L703", "L704")


def test_a_name_that_is_read_often_beside_the_other_is_meant() -> None:
    twice = "  +1 if industry_s is known\n  +2 if industrys is known\n  +2 if industrys is known\n"
    other = '  +1 if industry is "a"\n'
    assert found(DECLARED + "  +1 if industrys is known\n" * 2, "L401")
    assert not [
        item for item in found(DECLARED + other + twice, "L401") if "`industrys`" in item.message
    ]


@pytest.mark.parametrize(
    "line",
    [
        '+1 if city is "a"',
        "+1 if [Number of employees] > 5 and employees > 5",
        '+1 for each "Visit" where employes > 5',
    ],
)
def test_names_that_are_no_slips(line: str) -> None:
    expected = ["L401"] if line.startswith("+1 if [") else []
    assert [item.code for item in found(f"{DECLARED}  {line}\n", "L401")] == expected


def test_without_declarations_nothing_is_undeclared() -> None:
    text = 'score "S"\ngroup "g"\n  +1 if employees > 5\n  +2 if employees > 9\n'
    assert not found(text, "L401", "L403")
    (item,) = found(text + "  +1 if employes > 50\n", "L401", "L403")
    assert (item.code, item.severity) == ("L403", "info")


# Event types, attributes, lists


EVENTS = """\
score "S"
events
  "Email open" from "EMAIL_OPEN"
  "Unsubscribed" from "UNSUB"
group "g"
"""


def test_types_that_stand_side_by_side_are_both_meant() -> None:
    assert not found(EVENTS + '  +1 for each "Email open", "Email opened"\n', "L402")
    assert found(EVENTS + '  +1 for each "Email opened"\n', "L402")
    assert not found(EVENTS + '  +1 for each "Subscribed"\n', "L402", "L403")


@pytest.mark.parametrize(
    "place",
    [
        '  +1 for each "Visit" reset by "Email opened"\n',
        '  +1 for each "Visit" since "Email opened"\n',
        '  +1 if any event except "Email opened"\n',
        '  +1 if no event "Email opened"\n',
        '  by count of "Email opened"\n    1: +1\n',
    ],
)
def test_types_are_found_wherever_they_stand(place: str) -> None:
    (item,) = found(EVENTS + place, "L402")
    mended = applied(EVENTS + place, item.fixes[0])
    assert place.replace("Email opened", "Email open") in mended


def test_two_undeclared_types_lists_and_attributes() -> None:
    text = 'score "S"\ngroup "g"\n'
    types = '  +1 for each "Page view"\n  +2 for each "Page veiw"\n'
    assert [item.code for item in found(text + types, "L403")] == ["L403"]
    assert not found(text + '  +1 for each "Page view", "Page views"\n', "L403")
    lists = '  +1 if in list "Partners"\n  +2 if in list "Parnters"\n'
    (item,) = found(text + lists, "L403")
    assert item.fixes[0].edits[0].text == '"Partners"'
    plural = '  +1 for each "F" where form is "x"\n  by total of forms in "G"\n    >= 1: +1\n'
    assert not found(text + plural, "L403")


# Definitions


def test_a_definition_that_reads_its_own_name_is_meant() -> None:
    text = 'score "S"\ndefine customer as customer is yes\ngroup "g"\n  +1 if customer\n'
    assert not found(text, "L405")
    assert not found(text + "  +1 if customer is unknown\n", "L405")
    assert found(text.replace("customer is yes", "paid is yes") + "  by customer\n    1: +1\n",
                 "L405")  # fmt: skip


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ("senior is yes", "senior"),
        ("senior is true", "senior"),
        ("senior is no", "not senior"),
        ("senior is not yes", "not senior"),
        ("senior = no", "not senior"),
        ("senior != no", "senior"),
    ],
)
def test_comparisons_with_a_definition_are_mended(test: str, right: str) -> None:
    text = f'score "S"\ndefine senior as a is "b"\ngroup "g"\n  +1 if {test} and c is "d"\n'
    (item,) = found(text, "L405")
    assert f'+1 if {right} and c is "d"\n' in applied(text, item.fixes[0])


def test_a_definition_that_is_compared_is_not_called_unused() -> None:
    """The fix of L203 would take away what L405 says how to use."""
    text = 'score "S"\ndefine senior as a is "b"\ngroup "g"\n  +1 if senior is yes\n'
    assert [item.code for item in findings(Example(text, True))] == ["L405"]
    own = text.replace('a is "b"', "senior is yes")
    assert [item.code for item in findings(Example(own, True))] == ["L203"]


# Declared values

STAGES = """score "S"
unknown values "N/A"
properties
  stage: one of "Lead", "Customer"
  free: text
group "g"
"""


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ('+1 if stage is "Custommer"', ['"Custommer"']),
        ('+1 if stage is none of "lead", " CUSTOMER ", "Won"', ['"Won"']),
        ('+1 if stage = "Won" or stage != "Lost"', ['"Won"', '"Lost"']),
        ('by stage\n    "Lead", "Won": +1\n    contains "x": +2', ['"Won"']),
        ('+1 if stage is any of "Lead", "Customer"', []),
        ('+1 if stage contains "Cost" or stage starts with "W" or stage > "Won"', []),
        ('+1 if free is "Won" or other is "Won"', []),
        ('+1 for each "E" where stage is "Won"', []),
        ('+1 if stage is any of "Lead", "N/A"', []),
    ],
)
def test_values_outside_the_declared_ones(rule: str, values: list[str]) -> None:
    text = f"{STAGES}  {rule}\n"
    items = found(text, "L404")
    assert [text[item.span.start : item.span.end] for item in items] == values


def test_a_misspelt_value_is_mended_and_another_one_is_to_be_declared() -> None:
    text = f'{STAGES}  +1 if stage is any of "Custommer", "Won"\n'
    slip_, other = found(text, "L404")
    assert applied(text, slip_.fixes[0]) == text.replace("Custommer", "Customer")
    assert other.fixes == ()
    assert other.hint == 'Declare it too, after `"Customer"`.'


# Large models


def large(size: int) -> list[int]:
    """How often each rule on names, points and tests finds something in a model of `size` rules."""
    letters = ["".join(rest) for rest in islice(product("abcdef", repeat=6), 4, size + 4)]
    lines = ['score "S"', "properties"]
    lines += [f"  p{one}x: text" for one in letters[: size // 2]]
    lines += ["events", *(f'  "Type {one}" from "RAW{one}"' for one in letters[: size // 2])]
    lines += ['group "g"']
    lines += [f'  +1 if p{one} is "x" and q{one} > 5' for one in letters]
    lines += [f'  +1 for each "Typo {one}" where a{one} is "x"' for one in letters]
    lines += ['test "t"']
    lines += [f'  given p{one}y = 3\n  event "Type {one}s" now' for one in letters]
    lines += ["  expect score >= 0"]
    analysis = analyse(parse("\n".join(lines) + "\n"))
    assert not analysis.errors
    view = View(analysis)
    return [sum(1 for _ in rule.find(view)) for rule in RULES if rule.code[:2] in NAMES_TO_TESTS]


NAMES_TO_TESTS = ("L4", "L6", "L7")


def test_time_grows_with_the_size() -> None:
    found = assert_linear(large, 300)
    assert isinstance(found, list)
    assert sum(found) > 100
