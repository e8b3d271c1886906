"""All ways in which people fill a sheet, and what the functions say of what is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.excel.support import (
    AS_OF,
    EVENTS,
    EVENTS_MODEL,
    HEADERS,
    LEADS,
    LISTS,
    MODEL,
    ROWS,
    SCORES,
    Sheet,
    fits_cells,
    trouble,
)

import leadscore
import leadscore_excel as x

LINES = tuple((line,) for line in MODEL.split("\n"))


# Ways of filling


@pytest.mark.parametrize("model", [MODEL, LINES, [line for (line,) in LINES], [[MODEL]]], ids=type)
def test_the_model_is_one_cell_or_lines_in_a_range(model: Any) -> None:
    assert x.score(model, [HEADERS], ROWS) == SCORES


def test_lines_may_be_indented_by_columns_and_cells_may_be_empty() -> None:
    lines = [
        ['score "Fit"', None],
        [None, None],
        ['group "Company"', ""],
        ["", '+20 if industry is "SaaS"'],
        [None, None],
    ]
    assert x.score(lines, [HEADERS], ROWS) == [[20.0], [0.0], [0.0]]


@pytest.mark.parametrize("headers", [[list(HEADERS)], list(HEADERS), (HEADERS,), HEADERS])
@pytest.mark.parametrize("rows", [ROWS, list(map(list, ROWS))])
def test_several_rows_spill_as_one_column(headers: Any, rows: Any) -> None:
    assert x.score(MODEL, headers, rows) == SCORES


def test_the_header_row_may_stand_inside() -> None:
    assert x.score(MODEL, (HEADERS, *ROWS)) == SCORES
    assert x.score(MODEL, (HEADERS, *ROWS), None) == SCORES
    assert x.score(MODEL, (HEADERS, *ROWS), "") == SCORES


@pytest.mark.parametrize("shape", [lambda row: row, lambda row: [row], list])
def test_row_by_row(shape: Any) -> None:
    """As in an Excel Table or filled down; hosts hand a single row over flat, or nested."""
    assert [x.score(MODEL, shape(HEADERS), shape(row)) for row in ROWS] == [[s] for s in SCORES]


def test_one_column_of_one_row_or_several() -> None:
    model = 'score "S"\ngroup "G"\n  +1 if n >= 5\n'
    assert x.score(model, "n", 7.0) == [[1.0]]
    assert x.score(model, "n", [[7.0], [1.0]]) == [[1.0], [0.0]]
    assert x.score(model, "n", [7.0, 1.0]) == [[1.0], [0.0]]
    assert x.score(model, [["n"], [7.0]]) == [[1.0]]
    assert x.score(model, "n", None) == [[""]]  # the one cell of the row is empty


def test_empty_rows_have_no_score() -> None:
    rows = [ROWS[0], (None, "", " "), (None, None, 0.0)]
    assert x.score(MODEL, HEADERS, rows) == [[30.0], [""], [0.0]]
    assert x.table(MODEL, HEADERS, rows)[2] == ["", "", ""]


def test_events_and_lists_in_one_call_for_all_rows() -> None:
    call = (EVENTS_MODEL, LEADS, None, EVENTS, LISTS, AS_OF)
    assert x.score(*call) == [[19.0], [8.0], [""]]
    assert x.table(*call) == [
        ["score", "engagement", "excluded"],
        [19.0, 19.0, ""],
        [8.0, 8.0, ""],
        ["", "", 'exclude when in list "Competitors"'],
    ]


def test_events_and_lists_row_by_row_give_the_same() -> None:
    singly = [x.score(EVENTS_MODEL, LEADS[0], row, EVENTS, LISTS, AS_OF)[0] for row in LEADS[1:]]
    assert singly == x.score(EVENTS_MODEL, LEADS, None, EVENTS, LISTS, AS_OF)


def test_labels() -> None:
    assert x.label(MODEL, HEADERS, ROWS) == [["Call"], ["Wait"], ["Wait"]]
    text = trouble(x.label(EVENTS_MODEL, LEADS, None, EVENTS, LISTS, AS_OF))
    assert "has no labels" in text


def test_a_table_of_one_row_has_a_header_row_too() -> None:
    assert x.table(MODEL, HEADERS, ROWS[0]) == [["score", "label", "fit"], [30.0, "Call", 30.0]]


# The receipt


def test_the_receipt_adds_up_to_the_score() -> None:
    model = EVENTS_MODEL.replace("limit 40", "limit 20").replace("+15", "+14.5")
    grid = x.explain(model, LEADS[0], LEADS[1], EVENTS, LISTS, AS_OF)
    assert grid == [
        ["group", "rule", "earned", "decayed", "limited", "points"],
        ["Interest", '+14.5 for each "Demo"', 14.5, 0.0, 0.0, 14.5],
        [
            "Interest",
            '+8 for each "Visit" where url contains "/pricing" latest 3 decay 50% every 30 days',
            8.0,
            4.0,
            0.0,
            4.0,
        ],
        ["engagement", "", "", "", "", 18.5],
        ["score", "", "", "", "", 18.5],
        ["as of", "2026-01-31T00:00:00", "", "", "", ""],
    ]
    model = model.replace("limit 20", "limit 10") + "\nlimit at most 5\n"
    grid = x.explain(model, LEADS[0], LEADS[1], EVENTS, LISTS, AS_OF)
    assert ["Interest", "limit of the group", "", "", 8.5, -8.5] in grid
    assert ["", "limit of score", "", "", 5.0, -5.0] in grid
    points = [row[5] for row in grid[1:] if row[1] and isinstance(row[5], float)]
    assert sum(map(float, points)) == 5.0


def test_the_receipt_of_an_excluded_lead_says_which_statement() -> None:
    grid = x.explain(EVENTS_MODEL, LEADS[0], LEADS[3], EVENTS, LISTS, AS_OF)
    assert grid[1] == ["excluded", 'exclude when in list "Competitors"', "", "", "", ""]


def test_the_receipt_says_what_could_not_be_used() -> None:
    events = [*EVENTS, ("1", "Demo", "soon", None), ("1", "Visit", "2026-01-30", "#N/A")]
    grid = x.explain(EVENTS_MODEL, LEADS[0], LEADS[1], events, LISTS, AS_OF)
    notes = [row[1] for row in grid if row[0] == "note"]
    assert notes == [
        "the events: 1 cell of 'url' holds an error such as #N/A, and counts as unknown.",
        "1 event without a time that can be read (such as 'soon'), not counted; time_pattern in "
        "the add-in's configuration says how times are written",
    ]
    grid = x.explain(EVENTS_MODEL, LEADS[0], LEADS[1], EVENTS[:1], LISTS, AS_OF)
    assert grid[-1][1] == "the events hold nothing of the id of this row, '1'"
    row = ("a", "#DIV/0!", "many")
    notes = [each[1] for each in x.explain(MODEL, HEADERS, row) if each[0] == "note"]
    assert notes == [
        "industry is an error (#DIV/0!), taken as unknown",
        "employees: 1 value not read as a number, taken as unknown, such as 'many' (numbers are "
        "written as 1200.5)",
    ]


def test_the_receipt_says_which_of_two_columns_of_one_name_counts() -> None:
    grid = x.explain(MODEL, [*HEADERS, "Industry"], ["a", "SaaS", 120.0, "Retail"])
    note = "the headers: 2 columns are named 'industry'; the first one is used."
    assert grid[-1] == ["note", note, "", "", "", ""]
    assert ["score", "", "", "", "", 30.0] in grid


def test_the_receipt_is_of_one_row() -> None:
    assert "one row, and there are 3" in trouble(x.explain(MODEL, HEADERS, ROWS))
    assert "the row is empty" in trouble(x.explain(MODEL, HEADERS, (None, None, None)))


# What is wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((None, HEADERS, ROWS), "there is no model"),
        (([[None], [""]], HEADERS, ROWS), "there is no model"),
        ((MODEL, None, ROWS), "there are no headers"),
        ((MODEL, [[None, ""]], ROWS), "the row of headers is empty"),
        ((MODEL, HEADERS), "there are no rows"),
        ((MODEL, HEADERS[:2], ROWS), "the rows have 3 columns and the headers 2"),
        ((MODEL, (HEADERS, ROWS[0]), ROWS), "the headers have 2 rows"),
        (
            (MODEL, ("id", "Industry ", "Employes"), ROWS),
            "the headers lack what the model reads: employees (line 5 of the model; did you mean "
            "'Employes'?)",
        ),
        ((MODEL.replace('"SaaS"', "SaaS"), HEADERS, ROWS), "line 4: "),
        ((MODEL, HEADERS, ROWS, None, None, "tomorrow"), "the as-of time 'tomorrow' is not a date"),
        ((MODEL, HEADERS, ROWS, None, None, -5.0), "as_of is -5.0, which is no date"),
        ((MODEL, HEADERS, ROWS, None, None, [[1.0, 2.0]]), "as_of is one date"),
        ((MODEL, HEADERS, ROWS, None, None, "#REF!"), "as_of is an error, #REF!"),
        ((MODEL, HEADERS, ROWS, None, None, True), "the as-of time 'True' is not a date"),
        ((EVENTS_MODEL, LEADS, None), "the model looks at events. Give their range"),
        ((EVENTS_MODEL, LEADS, None, EVENTS), "the model asks for lists. Give their range"),
        (
            (EVENTS_MODEL, LEADS, None, [row[:3] for row in EVENTS], LISTS),
            "the events lack what the model reads: url (line 7 of the model)",
        ),
        (
            (EVENTS_MODEL, LEADS, None, EVENTS[1:], LISTS),
            "the events have no column with their type; it is named event, event_type, type",
        ),
        (
            (EVENTS_MODEL, LEADS, None, [["lead_id", "event", "url"]], LISTS),
            "the events have no column with their time",
        ),
        (
            (EVENTS_MODEL, LEADS, None, [["event", "time", "url"]], LISTS),
            "the events have no column with the id of the lead",
        ),
        (
            (EVENTS_MODEL, LEADS, None, EVENTS, [["lead_id", "name"]]),
            "the lists have no column that is named list",
        ),
        (
            (EVENTS_MODEL, LEADS, None, EVENTS, [["list"]]),
            "the lists have no column with the id of the lead, beside list",
        ),
    ],
)
def test_one_clear_text(arguments: Any, says: str) -> None:
    for function in (x.score, x.label, x.table, x.explain):
        if function is not x.explain or "rows" not in says:
            text = trouble(function(*arguments))
            assert says in text or "takes one row" in text, text
    assert says in trouble(x.score(*arguments))


def test_a_line_that_became_a_formula_is_explained() -> None:
    lines = [['score "S"'], ['group "G"'], ["#NAME?"]]
    text = trouble(x.score(lines, HEADERS, ROWS))
    assert text.startswith("LEADSCORE: line 3 of the model is an error, #NAME?. A line that starts")
    assert trouble(x.check(lines)) == text


def test_errors_are_counted_and_the_first_one_told() -> None:
    text = trouble(x.score('score "S"\n+1 if x\n', HEADERS, ROWS))
    assert text == (
        'LEADSCORE: line 2: A rule stands in a group. Write `group "Name"` above it. (and 1 more '
        "error: LEADSCORE_CHECK lists them)"
    )


# LEADSCORE_CHECK


def test_check() -> None:
    assert x.check(MODEL) == [["OK"]]
    assert x.check(LINES, [HEADERS]) == [["OK"]]
    assert x.check(MODEL, HEADERS, EVENTS) == [["OK"]]
    assert x.check(EVENTS_MODEL, LEADS[0], EVENTS) == [["OK"]]


def test_check_gives_a_finding_a_row() -> None:
    grid = x.check('score "S"\n+1 if x\n')
    assert [str(row[0]).split(",")[0] for row in grid] == ["error S008", "error E202"]
    found = leadscore.check(MODEL + '  "Never" below 5\n')
    assert found
    grid = x.check(MODEL + '  "Never" below 5\n')
    assert [str(row[0]).split()[1].strip(",") for row in grid] == [one.code for one in found]


def test_check_says_what_the_sheet_lacks() -> None:
    assert x.check(MODEL, [["id", "industri"]]) == [
        ["the headers lack industry (line 4 of the model; did you mean 'industri'?)."],
        ["the headers lack employees (line 5 of the model)."],
    ]
    assert x.check(EVENTS_MODEL, LEADS[0]) == [
        ["the model looks at events: give their range, with its header row, too."]
    ]
    assert x.check(EVENTS_MODEL, LEADS[0], [EVENTS[0][:3]]) == [
        ["the events lack url (line 7 of the model)."]
    ]
    ((text,),) = x.check(EVENTS_MODEL, LEADS[0], [["lead_id", "url"]])
    assert str(text).startswith("the events have no column with their type")


# Matching events and lists


def test_ids_match_as_text_with_their_case_and_without_blanks() -> None:
    leads = [["id"], [1.0], ["01"], [" 2 "], ["aB"], ["ab"], [None], [2.0]]
    events: list[list[Any]] = [["lead_id", "event", "time"]]
    events += [[id, "Demo", AS_OF] for id in ("1", 1, "01", 2, "ab", None, "3")]
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo"\n'
    rows = [*leads[:6], leads[7]]
    # 1 twice, 01 once, the two leads 2 have the same event each, ab differs from aB
    assert x.score(model, rows, None, events, None, AS_OF) == [
        [2.0], [1.0], [1.0], [0.0], [1.0], [1.0]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("leads", "events"),
    [
        (["name", "Record ID"], ["record id", "event", "time"]),
        (["name", "id"], ["contact_id", "event", "time"]),
        (["id", "email"], ["email", "event", "time"]),
        (["name", "account no"], ["account no", "event", "time"]),
    ],
)
def test_the_column_that_both_share(leads: list[str], events: list[str]) -> None:
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo"\n'
    sheet = [leads, ["x", "k7"], ["y", "k8"]]
    assert x.score(model, sheet, None, [events, ["k7", "Demo", AS_OF]], None, AS_OF) == [
        [1.0],
        [0.0],
    ]


def test_an_id_of_the_events_own_is_told_from_the_leads() -> None:
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo"\n'
    events = [["id", "lead_id", "event", "time"], ["e1", "7", "Demo", AS_OF]]
    text = trouble(x.score(model, [["id"], ["7"]], None, events, None, AS_OF))
    assert "the events have the ids of the leads in 'lead_id', and not in 'id'" in text


def test_a_row_whose_id_is_an_error_has_its_own_text() -> None:
    leads = [LEADS[0], LEADS[1], ("#N/A", "Tom")]
    first, second = x.score(EVENTS_MODEL, leads, None, EVENTS, LISTS, AS_OF)
    assert first == [19.0]
    assert str(second[0]).startswith("LEADSCORE: the id of this row, in 'id', is an error (#N/A)")


def test_rows_without_an_id_have_no_events_as_in_tables() -> None:
    grid = x.score(EVENTS_MODEL, [*LEADS[:2], (None, "Tom")], None, EVENTS, LISTS, AS_OF)
    assert grid == [[19.0], [0.0]]


# As of


def test_as_of_is_a_date_in_any_spelling() -> None:
    for as_of in (AS_OF, 46053.0, [[46053]], dt.date(2026, 1, 31), dt.datetime(2026, 1, 31)):
        grid = x.score(EVENTS_MODEL, LEADS, None, EVENTS, LISTS, as_of)
        assert grid == [[19.0], [8.0], [""]], as_of
    later = Sheet(system="1904")
    grid = x.score(EVENTS_MODEL, LEADS, None, EVENTS, LISTS, 46053.0 - 1462, host=later)
    assert grid == [[19.0], [8.0], [""]]


@pytest.mark.parametrize("as_of", [None, "", [[None]]])
def test_as_of_is_now_where_it_is_left_out(as_of: Any) -> None:
    now = dt.datetime.now(dt.UTC)
    model = 'score "S"\ngroup "G"\n  +1 if seen is within the last 1 hour\n'
    rows = [[(now - dt.timedelta(minutes=age)).replace(tzinfo=None)] for age in (1, 59, 65)]
    assert x.score(model, "seen", rows, None, None, as_of) == [[1.0], [1.0], [0.0]]


# Models in files


def test_a_file_in_the_workbook_s_folder(tmp_path: Path) -> None:
    (tmp_path / "fit.score").write_text(MODEL, encoding="utf-8")
    host = Sheet(folder=str(tmp_path))
    assert x.score("fit.score", HEADERS, ROWS, host=host) == SCORES
    assert x.score([["fit.score"]], HEADERS, ROWS, host=host) == SCORES
    # A changed file is seen by the next call.
    (tmp_path / "fit.score").write_text(MODEL.replace("+20", "+21"), encoding="utf-8")
    assert x.score("fit.score", HEADERS, ROWS, host=host) == [[31.0], [10.0], [21.0]]


def test_a_file_in_a_folder_of_the_configuration(tmp_path: Path, config_file: Path) -> None:
    folder = tmp_path / "models"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "fit.score").write_text(MODEL, encoding="utf-8")
    config_file.write_text(f"folders = ['{folder}']\n", encoding="utf-8")
    for path in ("deep/fit.score", "deep\\fit.score", "./deep/fit.score"):
        assert x.score(path, HEADERS, ROWS) == SCORES, path
    assert x.score(str(folder / "deep" / "fit.score"), HEADERS, ROWS) == SCORES
    assert "there is no model fit.score in the allowed folders" in trouble(
        x.score("fit.score", HEADERS, ROWS)
    )


def test_no_answer_is_anything_but_texts_and_numbers() -> None:
    assert fits_cells(x.score(MODEL, HEADERS, ROWS))
    model = (
        'score "S"\ngroup "G"\n  +1 if t is known\nlabels\n  "a\ud800\x00b" from 1\n  "c" below 1\n'
    )
    grid = x.label(model, ["t"], [["v"]])
    assert fits_cells(grid)
