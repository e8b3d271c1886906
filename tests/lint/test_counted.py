"""L3: what is counted differently from how it reads."""

from __future__ import annotations

import pytest
from tests.lint.support import findings, places
from tests.syntax.texts import applied

from leadscore.lint import Example

GROUP = 'score "Contacts"\ngroup "G"\n'


def mended(text: str, code: str) -> str:
    """The text with the first fix of the first finding of a code."""
    found = next(item for item in findings(Example(text, True)) if item.code == code)
    return applied(text, found.fixes[0])


@pytest.mark.parametrize("modifier", ["decay 50% every 30 days", 'reset by "Recycled"'])
@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ('+5 if event "Visit"', 'event "Visit"'),
        ('+5 if a = 1 and event "Visit"', 'event "Visit"'),
        ('+5 if event "Visit" at least 3 times', 'event "Visit" at least 3 times'),
        ('+5 if event "Visit" at most 3 times', None),
        ('+5 if event "Visit" in the last 30 days', None),
        ('+5 if event "Visit" since "Recycled"', None),
        ('+5 if event "Visit" and no event "Lost"', None),
        ('+5 if no event "Visit"', None),
        ('-5 if event "Unsubscribe"', None),
        ('+5 once for "Visit"', None),
        ("+5 if a = 1", None),
        ('first of\n    event "Visit": +3\n    otherwise: 0', 'event "Visit"'),
        ('first of\n    event "Visit" in the last 3 days: +3', None),
        ('by count of "Visit" in the last 3 days\n    1: +3', None),
    ],
)
def test_events_in_conditions_stay(modifier: str, rule: str, place: str | None) -> None:
    text = f'score "C"\ngroup "G" {modifier}\n  {rule}\n'
    assert places(text, "L301") == ([place] if place else [])
    assert places(text.replace(" " + modifier, ""), "L301") == []


def test_tables_do_not_decay_but_are_reset() -> None:
    text = 'score "C"\ngroup "G" {}\n  by count of "Visit"\n    >= 3: +3\n'
    assert places(text.format("decay 50% every 30 days"), "L301") == ['"Visit"']
    assert places(text.format('reset by "Recycled"'), "L301") == []


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ('+5 if event "Visit"', '+5 once for "Visit"'),
        ('+5 if any event except "X" limit 3', '+5 once for any event except "X" limit 3'),
        ("+5 if any event", "+5 once for any event"),
        ("+5 if event where a = 1", "+5 once for any event where a = 1"),
        ('+5 if event "A", "B" where (a = 1)', '+5 once for "A", "B" where (a = 1)'),
    ],
)
def test_once_for(rule: str, right: str) -> None:
    text = 'score "C"\ngroup "G" decay 50% every 30 days\n  {}\n'
    assert mended(text.format(rule), "L301") == text.format(right)


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ('contains "CTO"', 'contains the word "CTO"'),
        ('contains any of "CEO", "CTO"', 'contains any of the words "CEO", "CTO"'),
        ('contains "CEO", "CTO"', 'contains the words "CEO", "CTO"'),
        ('does not contain "IT"', '(not title contains the word "IT")'),
        (
            'does not contain any of "IT", "HR"',
            '(not title contains the words "IT", "HR")',
        ),
        ('contains "VP"', None),  # inside of no common word
        ('contains "it"', None),  # the beginning of a word may be meant
        ('contains "/IT"', None),
        ('contains the word "IT"', None),
        ('ends with "IT"', None),
        ('is "IT"', None),
        ('contains "HEAD"', None),
    ],
)
def test_short_words(test: str, right: str | None) -> None:
    text = f"{GROUP}  -1 if title {test}\n"
    if right is None:
        assert places(text, "L302") == []
    elif right.startswith("("):
        assert mended(text, "L302") == f"{GROUP}  -1 if {right}\n"
    else:
        assert mended(text, "L302") == f"{GROUP}  -1 if title {right}\n"


@pytest.mark.parametrize("where", ["where {}", "where ({} and b = 1)", "where (b = 1 or ({}))"])
def test_short_words_in_where(where: str) -> None:
    text = GROUP + '  +1 for each "Form" ' + where.format('form does not contain "IT"') + "\n"
    assert places(mended(text, "L302"), "L302", "S001", "S004") == []
    assert 'not form contains the word "IT"' in mended(text, "L302")


def test_short_words_in_tables() -> None:
    text = f'{GROUP}  by title\n    contains any of "IT", "Data": +5\n'
    assert mended(text, "L302") == text.replace('"IT"', 'the words "IT"')


EVENTS = 'score "C"\nevents\n  "Newsletter" from "EMAIL_SENT"\n  "Visit" from "page"\n'


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ("+1 if event", '+1 if any event except "Newsletter"'),
        ("+1 for each any event", '+1 for each any event except "Newsletter"'),
        (
            '-1 for each 30 days without any event except "Bounce"',
            '-1 for each 30 days without any event except "Bounce", "Newsletter"',
        ),
        (
            "-1 if no event in the last 90 days",
            '-1 if not any event except "Newsletter" in the last 90 days',
        ),
        ('-1 for each 30 days without any event except "newsletter"', None),
        ('+1 for each "Newsletter"', None),
        ("+1 if event where page is known", None),
    ],
)
def test_own_mails(rule: str, right: str | None) -> None:
    text = EVENTS + f'group "G"\n  {rule}\n'
    if right is None:
        assert places(text, "L303") == []
    else:
        assert mended(text, "L303") == text.replace(rule, right)
        assert places(mended(text, "L303"), "L303") == []


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("Email sent", True),
        ("email_delivered", True),
        ("Hard bounce", True),
        ("Marketing mail: delivered", True),
        ("Email open", False),
        ("Contract sent", False),
        ("Message received", False),
        ("Mail representation", False),
    ],
)
def test_what_is_an_own_mail(named: str, ours: bool) -> None:
    text = (
        f'{GROUP}  +1 if event\ntest "t" as of 2026-01-31\n  event "{named}" now\n'
        "  expect score = 1\n"
    )
    assert len(places(text, "L303")) == ours


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ('a contains any of "VP", "VP Sales"', 'a contains any of "VP"'),
        ('a contains any of "VP Sales", "VP"', 'a contains any of "VP"'),
        ('a contains any of "x", "VP", "EVP", "y"', 'a contains any of "x", "VP", "y"'),
        ('a contains any of the words "VP", "EVP"', None),
        ('a contains any of the words "VP", "VP, Sales"', 'a contains any of the words "VP"'),
        ('a contains any of the words "a b", "A-B"', 'a contains any of the words "a b"'),
        ('a starts with any of "x", "xy"', 'a starts with any of "x"'),
        ('a ends with any of "x.com", "@x.com"', 'a ends with any of "x.com"'),
        ('a ends with any of "@x.com", ".x.com"', None),
        ('a is any of "x", "X "', 'a is any of "x"'),
        ('a is any of "x", "xy"', None),
        ("a is any of 1, 1.0, 2", "a is any of 1, 2"),
        ('a is any of 1, "1"', None),
        ('a matches any of "x*", "*"', None),
        ('event "A", "B", "a"', 'event "A", "B"'),
        ('event "A" since "B", "b"', 'event "A" since "B"'),
    ],
)
def test_superfluous_texts(test: str, right: str | None) -> None:
    text = f"{GROUP}  -1 if {test}\n"
    if right is None:
        assert places(text, "L304") == []
    else:
        assert mended(text, "L304") == f"{GROUP}  -1 if {right}\n"
        assert places(mended(text, "L304"), "L304") == []


def test_values_that_a_line_above_takes() -> None:
    text = f'{GROUP}  by a\n    "x", "y": +1\n    "Y", "z": +2\n    contains "x": +3\n    "z": +4\n'
    assert places(text, "L304") == ['"Y"']
    assert places(text, "L108") == ['"z"']


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ('+1 if a is not "x"', "a is known and "),
        ('+1 if a is none of "x", "y"', "a is known and "),
        ('+1 if a does not contain "x"', "a is known and "),
        ("+1 if a != 3", "a is known and "),
        ("+1 if not a > 3", "a is known and "),
        ('+1 if not [Job title] ends with "x"', "[Job title] is known and "),
        ('+1 if a is not "x" and b is not "y"', "a is known and b is known and "),
        ("+1 if not free", "email is known and "),
        ('-1 if a is not "x"', None),
        ('+1 if a is known and a is not "x"', None),
        ('+1 if b = 1 and a is not "x"', None),
        ("+1 if a is not yes", None),  # no, or not said
        ("+1 if a is unknown", None),
        ('+1 if not in list "L"', None),
        ('+1 if no event "V"', None),
        ('+1 for each "V" where a is not "x"', None),
    ],
)
def test_what_unknown_values_get(rule: str, known: str | None) -> None:
    head = 'score "C"\ndefine free as email ends with "@gmail.com"\nexclude when free\ngroup "G"\n'
    text = f"{head}  {rule}\n"
    if known is None:
        assert places(text, "L305") == []
    else:
        assert mended(text, "L305") == f"{head}  {rule.replace('if ', 'if ' + known)}\n"
        assert places(mended(text, "L305"), "L305") == []


@pytest.mark.parametrize(
    "around",
    [
        'only when a is known\ngroup "G"\n  {}',
        'only when a contains "x"\ngroup "G"\n  {}',
        'exclude when a is unknown or vip is yes\ngroup "G"\n  {}',
        'group "G" if a is known\n  {}',
        'group "G"\n  first of if a is known\n    {}',
        'group "G"\n  first of\n    a is unknown: -1\n    {}',
    ],
)
def test_values_that_are_known_already(around: str) -> None:
    line = 'a is not "x": +1' if "first" in around else '+1 if a is not "x"'
    text = 'score "C"\n' + around.format(line) + "\n"
    assert places(text, "L305") == []
    assert (
        places(text.replace("a is unknown", "b is unknown"), "L305") or "a is unknown" not in text
    )
    assert places(text.replace("a is known", "b is known"), "L305") or "a is known" not in text


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ('a > "5"', "a > 5"),
        ('a <= " -2.50 "', "a <= -2.50"),
        ('a >= "2026-01-31"', "a >= 2026-01-31"),
        ('a is between "1" and "10"', "a is between 1 and 10"),
        ('a > "5 people"', None),
        ('a = "5"', None),
        ('a is "5"', None),
        ('zip > "10000"', None),
        ('a is between "a" and "f"', None),
    ],
)
def test_numbers_in_quotes(test: str, right: str | None) -> None:
    head = 'score "C"\nproperties\n  zip: text\ngroup "G"\n'
    text = f"{head}  +1 if {test}\n"
    if right is None:
        assert places(text, "L306") == []
    else:
        assert mended(text, "L306") == f"{head}  +1 if {right}\n"


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ('a contains " it ""x"" "', 'a contains the word "it ""x"""'),
        ('a contains any of " VP ", "CEO "', 'a contains any of the words "VP", "CEO"'),
        ('a does not contain " it"', '(not a contains the word "it")'),
        ('a starts with any of "x", "y "', 'a starts with any of "x", "y"'),
        ('a is " x"', None),
        ('a contains the word " x "', None),
    ],
)
def test_outer_blanks(test: str, right: str | None) -> None:
    """Blanks around what is contained were to keep it apart: the fix does that."""
    text = f"{GROUP}  -1 if {test}\n"
    if right is None:
        assert places(text, "L307") == []
    else:
        assert mended(text, "L307") == f"{GROUP}  -1 if {right}\n"


@pytest.mark.parametrize(
    ("test", "right"),
    [
        ('a is "*director*"', 'a matches "*director*"'),
        ('a is any of "vp*", "head of x"', 'a matches any of "vp*", "head of x"'),
        ('a contains any of "*vp*", "x"', 'a contains any of "vp", "x"'),
        ('a does not contain "*vp"', 'a does not contain "vp"'),
        ('a is "4*" or a is "***" or a is "a*b" or a matches "*x*"', None),
        ('a contains the word "*x"', None),
    ],
)
def test_stars_that_stand_for_themselves(test: str, right: str | None) -> None:
    text = f"{GROUP}  -1 if {test}\n"
    if right is None:
        assert places(text, "L308") == []
    else:
        assert mended(text, "L308") == f"{GROUP}  -1 if {right}\n"


@pytest.mark.parametrize(
    "rule", ['-1 if a is not "*x*"', '-1 if a = "*x"', 'by a\n    "*x": +1\n    contains "y*": +2']
)
def test_stars_without_one_remedy_have_no_fix(rule: str) -> None:
    items = [item for item in findings(Example(f"{GROUP}  {rule}\n", True)) if item.code == "L308"]
    assert items
    assert not any(item.fixes for item in items)


@pytest.mark.parametrize("test", ['a contains any of " VP ", "CEO"', 'a contains " / "'])
def test_blanks_that_are_to_say_what_no_word_can_have_no_fix(test: str) -> None:
    (item,) = findings(Example(f"{GROUP}  -1 if {test}\n", True))
    assert (item.code, item.fixes) == ("L307", ())
