"""The section Text of the language: statements, comments, quotes, brackets, numbers, dates."""

from __future__ import annotations

import pytest

import leadscore
from leadscore.analysis import analyse
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, parse


def pieces(text: str) -> list[str]:
    """The texts of the statements, with single blanks."""
    return [" ".join(s.parsed.text.split()) for s in parse(text).statements]


def codes(text: str) -> list[tuple[int, str]]:
    analysis = analyse(parse(text))
    source = analysis.document.source
    return [(source.place(d.span.start)[0], d.code) for d in analysis.diagnostics]


def rules(*lines: str) -> str:
    return "\n".join(('score "x"', 'group "g"', *lines)) + "\n"


# One statement a line


def test_a_statement_is_a_line_and_indentation_is_for_the_eye() -> None:
    flat = 'score "x"\ngroup "g"\n+1 always\nby a\n1: +2\notherwise: 0\n'
    deep = 'score "x"\n\t\tgroup "g"\n +1   always\n      by a\n1: +2\n   \totherwise: 0\n'
    assert pieces(flat) == pieces(deep)
    assert codes(flat) == codes(deep) == []


def test_lf_and_crlf_are_the_same() -> None:
    text = rules("  +1 if a = 1", "  and b = 2  # why", "  +2 if (c = 1", "  or d = 2)")
    windows = text.replace("\n", "\r\n")
    assert pieces(text) == pieces(windows)
    assert codes(windows) == []
    assert [s.line for s in parse(windows).statements] == [1, 2, 3, 5]
    assert parse(windows).statements[2].suffix is not None
    assert parse(windows).statements[2].suffix.text == "# why"  # type: ignore[union-attr]  # just seen


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    document = parse("\ufeff" + rules("  +1 iff a = 1"))
    assert document.source.text.startswith("score")
    assert document.source.place(document.diagnostics[0].span.start) == (3, 6)
    assert leadscore.loads("\ufeff" + rules("  +1 always")).score({}).score == 1


def test_the_last_line_needs_no_line_break() -> None:
    assert pieces('score "x"\ngroup "g"\n+1 always') == ['score "x"', 'group "g"', "+1 always"]


# Comments


def test_a_comment_runs_to_the_end_of_the_line() -> None:
    assert pieces('score "x" # y "z" (\n# group "g"\ngroup "g"#h') == ['score "x"', 'group "g"']


def test_a_number_sign_in_quotes_or_brackets_is_text() -> None:
    document = parse(rules('  +1 if [Deal # 1] is "# 2" # 3'))
    line = document.statements[2]
    assert isinstance(line.node, n.PointsLine)
    assert isinstance(line.node.trigger, n.When)
    condition = line.node.trigger.condition
    assert isinstance(condition, n.Is)
    assert condition.name.text == "Deal # 1"
    assert isinstance(condition.values[0], n.Text)
    assert condition.values[0].value == "# 2"
    assert line.suffix is not None
    assert line.suffix.text == "# 3"


# Where a statement goes on


@pytest.mark.parametrize(
    "lines",
    [
        ("+1 if (a = 1", "and b = 2)"),
        ("+1 if (", "a = 1", ")"),
        ("+1 if ((a = 1", "or b = 2)", "and c = 3)"),
        ("+1 if a = 1", "and b = 2"),
        ("+1 if a = 1", "or b = 2", "or c = 3"),
        ('+1 for each "x"', "where a = 1"),
        ("+1 if a = 1 and", "b = 2"),
        ("+1 if a = 1 or", "b = 2"),
        ('+1 if a is any of "x",', '"y",', '"z"'),
        ("+1 if a = 1", "", "# why", "and b = 2"),
        ("+1 if a = 1 and", "", "  # why", "b = 2"),
        ("+1 if a = 1 and # why", "b = 2"),
        ("+1 if (a = 1 # why )", "", "# (", ")"),
        ('+1 if event "x" in the last 3 days and', 'no event "y"'),
        ("+1 if a = 1 and", "not (b = 2", "or c = 3)"),
        ("+1 if a is any of 1,", "2"),
    ],
)
def test_a_statement_goes_on(lines: tuple[str, ...]) -> None:
    document = parse(rules(*lines, "+9 always"))
    assert document.diagnostics == ()
    assert len(document.statements) == 4


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (("+1 if a = 1", "android: +1"), 2),  # `and` is a word, not the beginning of one
        (('+1 if a is "x, "', "+2 always"), 2),
        (('+1 if a is "and"', "+2 always"), 2),
        (("+1 if [x,] is 1", "+2 always"), 2),
        (("+1 if a = 1 # ,", "+2 always"), 2),
    ],
)
def test_what_only_looks_like_going_on(lines: tuple[str, ...], count: int) -> None:
    assert len(parse(rules(*lines)).statements) == 2 + count


@pytest.mark.parametrize(
    "line",
    [
        "edition 1",
        'score "y"',
        'description "y"',
        "limit 5",
        "fit limit 5",
        "engagement limit 5",
        'unknown values "y"',
        "unknown: +1",
        "only when a = 1",
        "exclude when a = 1",
        "define x as a = 1",
        "properties",
        "events",
        'group "h"',
        "labels",
        "matrix",
        'fast track "y" if a = 1',
        'test "y"',
        "first of",
        "by a",
        "+5 always",
        "-2.5 always",
        "given a = 1",
        "expect score = 1",
        "otherwise: 0",
    ],
)
@pytest.mark.parametrize("before", ["+1 if (a = 1", "+1 if a = 1 and", '+1 if a is any of "x",'])
def test_a_keyword_or_signed_points_always_start_a_statement(before: str, line: str) -> None:
    assert pieces(rules(before, line)) == ['score "x"', 'group "g"', before, line]


def test_event_and_in_start_a_statement_only_inside_a_test() -> None:
    joined = rules("  +1 if a = 1 and", '  event "x"', "  +1 if (", '  in list "y"', "  )")
    assert codes(joined) == []
    assert len(parse(joined).statements) == 4
    test = rules(
        "  +1 always", 'test "t"', "  given a = 1,", '  event "x" now', "  expect score = 1"
    )
    assert pieces(test)[-3:] == ["given a = 1,", 'event "x" now', "expect score = 1"]
    assert codes(test) == [(5, "S001")]


def test_an_unclosed_parenthesis_spoils_one_statement_only() -> None:
    text = rules(
        '  +10 for each "X" where (a = 1',
        "  +5 if b = 1",
        "  by count of",
        "  first of",
        "    (c = 1: +1",
        '    event "x": +2',
        "    (d = 1): +3",
        "    otherwise: 0",
    )
    assert codes(text) == [(3, "S006"), (5, "S001"), (7, "S006")]


# Quotes


def test_a_quote_inside_a_text_is_doubled() -> None:
    document = parse('score "5"" pipe"\n')
    assert document.header is not None
    assert isinstance(document.header.node, n.ScoreLine)
    assert document.header.node.title.value == '5" pipe'


def test_a_bracket_inside_a_name_is_doubled() -> None:
    document = parse('score "x" for [a]]b]\n')
    assert document.header is not None
    assert isinstance(document.header.node, n.ScoreLine)
    assert document.header.node.subject is not None
    assert document.header.node.subject.text == "a]b"


def test_a_text_does_not_go_over_a_line_break() -> None:
    assert codes('score "x\ngroup "g"\n  +1 always\n') == [(1, "S002")]


@pytest.mark.parametrize("quotes", ["“”", "„“", "«»", "””", "‘’", "''", "``"])
def test_other_quotes_get_an_error_with_the_straight_ones_as_its_fix(quotes: str) -> None:
    inside = "SaaS (new) # 1" if quotes == "«»" else "SaaS"
    text = rules(f"  +1 if a is {quotes[0]}{inside}{quotes[1]}")
    (found,) = [d for d in parse(text).diagnostics if d.code == "S003"]
    assert found.fixes[0].safe
    for edit in reversed(found.fixes[0].edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert '"SaaS' in text
    assert "S003" not in [code for _, code in codes(text)]


def test_all_curly_quotes_of_a_statement_are_mended_at_once() -> None:
    text = rules('  +1 if a is any of “x”, “y” and b is "“as it is”" and c is „z“')
    (found,) = parse(text).diagnostics
    for edit in reversed(found.fixes[0].edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == rules('  +1 if a is any of "x", "y" and b is "“as it is”" and c is "z"')
    assert codes(text) == []


# Names


@pytest.mark.parametrize("name", ["a", "_", "a1", "größe", "件数", "имя", "N_1"])
def test_bare_names(name: str) -> None:
    assert codes(rules(f"  +1 if {name} = 1")) == []


@pytest.mark.parametrize("name", ["1a", "a-b", "a b", "a.b", "Number of Employees", "€"])
def test_any_other_name_goes_in_brackets(name: str) -> None:
    assert codes(rules(f"  +1 if {name} = 1")) != []
    assert codes(rules(f"  +1 if [{name}] = 1")) == []


def test_names_match_without_regard_to_case_and_outer_space() -> None:
    text = (
        'score "x"\nproperties\n  [ Größe ]: number\n  GRÖSSE: text\n'
        "define [Big ] as GRÖße > 1\nonly when bIG\n"
    )
    assert codes(text) == []
    assert codes('score "x"\ndefine a as b = 1\ndefine [ A ] as b = 2\n') == [(3, "E201")]


# Numbers, dates, durations


@pytest.mark.parametrize("number", ["10", "2.5", "10k", "1.5M", "+1", "-2.5", "007"])
def test_numbers(number: str) -> None:
    assert codes(rules(f"  +1 if a > {number}")) == []


@pytest.mark.parametrize(
    "number", ["1.", ".5", "1e5", "1,5", "1_000", "10K", "10 k", "0x1", "1.5.2"]
)
def test_what_is_no_number(number: str) -> None:
    assert len(codes(rules(f"  +1 if a > {number}"))) == 1


@pytest.mark.parametrize(
    ("points", "fine"),
    [("+15", True), ("-2.5", True), ("+0.001", True), ("+100000", True), ("+100k", True),
     ("+0.0001", False), ("+100000.001", False), ("15", False), ("0", False)],
)  # fmt: skip
def test_points(points: str, fine: bool) -> None:
    assert (codes(rules(f"  {points} always")) == []) is fine


def test_a_zero_of_a_case_needs_no_sign() -> None:
    assert codes(rules("  by a", "    1: 0", "    2: +0", "    3: 0.0", "    4: 1")) == [
        (7, "S001")
    ]


@pytest.mark.parametrize("percent", ["50%", "0.25%", "150%"])
def test_percentages(percent: str) -> None:
    assert codes(rules(f"  +1 if a >= {percent} of b")) == []
    assert codes(rules("  +1 if a >= 0.125% of b")) == [(3, "E101")]


@pytest.mark.parametrize("date", ["2026-01-31", "2026-01-31T09:30", "2026-01-31T09:30:15"])
def test_dates(date: str) -> None:
    assert codes(rules(f"  +1 if a > {date}")) == []


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "2026-13-01", "0000-01-01", "2026-01-31T24:00", "2026-01-31T09:60",
     "31.1.2026", "2026/01/31", "1/31/2026", "2026-1-31", "2026-01-31 09:30", "2026-01-31T9:30"],
)  # fmt: skip
def test_what_is_no_date(date: str) -> None:
    assert codes(rules(f"  +1 if a > {date}")) == [(3, "E112")]


@pytest.mark.parametrize("unit", ["minute", "hour", "day", "week", "month", "year"])
def test_durations_singular_and_plural_up_to_100_years(unit: str) -> None:
    for form in (f"1 {unit}", f"1 {unit}s", f"2 {unit}", f"36 {unit}s"):
        assert codes(rules(f'  +1 for each "x" in the last {form}')) == []
    assert codes(rules(f'  +1 for each "x" in the last 60000000 {unit}s')) == [(3, "E104")]


def test_a_hundred_years_and_no_more() -> None:
    assert codes(rules('  +1 for each "x" in the last 100 years')) == []
    assert codes(rules('  +1 for each "x" in the last 36500 days')) == []
    assert codes(rules('  +1 for each "x" in the last 36501 days')) == [(3, "E104")]


# Blocks


def test_unknown_values_may_stand_after_a_table() -> None:
    assert codes(rules("  by a", "    1: +1", 'unknown values "n/a"')) == []


def head(document: Document) -> tuple[bool, bool, bool]:
    return (
        document.edition is not None,
        document.header is not None,
        document.description is not None,
    )


def test_the_head_of_a_file() -> None:
    assert head(parse('edition 1\nscore "x"\ndescription "y"\n')) == (True, True, True)
    assert head(parse('score "x"\n')) == (False, True, False)
    assert codes("") == [(1, "S010")]
    assert codes("# nothing\n") == [(1, "S010")]
