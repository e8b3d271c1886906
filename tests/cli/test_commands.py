"""The command line as a user meets it: output, exit codes, and no traceback ever."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.running import runner

MODEL = """\
score "Contact score"
unknown values "Select"
only when stage is not "customer"
group "Company" as fit
  +20 if industry is "SaaS"
  +12.5 if employees >= 50
group "Interest" as engagement limit 40
  +6 for each "Click" decay 50% every 30 days
  +5 if in list "Webinar"
labels
  "Hot" from 30 color red
  "Cold" below 30 color blue
test "a big one" as of 2026-01-31
  given industry = "SaaS", employees = 120
  event "Click" now
  expect score = 38.5, label "Hot"
"""

LEADS = """\
id,industry,employees,stage
007,SaaS,120,lead
=1+1,Select,many,lead
b,SaaS,10,customer
"""

EVENTS = """\
lead_id,event,time
007,Click,2026-01-31
007,click,2026-01-01
007,Click,2026-02-01
nobody,Click,2026-01-01
"""

LISTS = "id,list\n=1+1,webinar\n"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs a command line in a folder with a model and its tables."""
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("contact.score", MODEL),
        ("leads.csv", LEADS),
        ("events.csv", EVENTS),
        ("lists.csv", LISTS),
    ):
        Path(name).write_text(text, encoding="utf-8")

    return runner(capsys, monkeypatch)


TABLES = ("--leads", "leads.csv", "--events", "events.csv", "--lists", "lists.csv")
AS_OF = ("--as-of", "2026-01-31")


def test_score_writes_one_row_a_lead_in_order(run):
    ran = run("score", "contact.score", *TABLES, *AS_OF)
    assert ran.code == 0
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows == [
        ["id", "score", "label", "fit", "engagement", "excluded"],
        ["007", "41.5", "Hot", "32.5", "9", ""],
        ["=1+1", "5", "Cold", "0", "5", ""],
        ["b", "", "", "", "", 'only when stage is not "customer"'],
    ]
    assert "1 event after the as-of time, not counted" in ran.err
    assert "employees: 1 value not read as a number" in ran.err
    assert "'many'" in ran.err
    assert "1 of 4 events belongs to leads that are not in the table of leads" in ran.err
    assert "'nobody'" in ran.err


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"])
def test_every_kind_of_output(run, ending):
    ran = run("score", "contact.score", *TABLES, *AS_OF, "-o", f"out.{ending}")
    assert ran.code == 0
    assert ran.out == ""
    assert "scored 3 leads, 1 of them excluded" in ran.err
    path = Path(f"out.{ending}")
    if ending in ("csv", "tsv"):
        text = path.read_text()
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if ending == "tsv" else ","))
        assert rows[1][:2] == ["007", "41.5"]
    elif ending == "json":
        text = path.read_text()
        assert '"score": 41.5' in text or '"score":41.5' in text
        assert [record["id"] for record in json.loads(text)] == ["007", "=1+1", "b"]
    elif ending == "jsonl":
        records = [json.loads(line) for line in path.read_text().splitlines()]
        assert [record["score"] for record in records] == [41.5, 5, None]
    elif ending == "parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        assert table.column("score").to_pylist() == [41.5, 5.0, None]
        assert str(table.schema.field("score").type) == "double"
    else:
        import openpyxl

        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert cells[0] == [
            *("id", "industry", "employees", "stage"),
            *("score", "label", "fit", "engagement", "excluded"),
        ]
        assert cells[1][4:6] == [41.5, "Hot"]
        assert sheet["A3"].value == "=1+1"
        assert sheet["A3"].data_type == "s"  # a text, never a formula


def test_several_models_prefix_their_columns(run):
    Path("other.score").write_text('score "Other"\ngroup "G"\n  +1 if industry is known\n')
    ran = run("score", "contact.score", "other.score", *TABLES, *AS_OF)
    assert ran.code == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["other_score"] for row in rows] == ["1", "1", "1"]
    assert [row["contact_score"] for row in rows] == ["41.5", "5", ""]


def test_two_models_of_one_name_are_refused(run):
    Path("sub").mkdir()
    Path("sub/contact.score").write_text(MODEL)
    ran = run("score", "contact.score", "sub/contact.score", *TABLES)
    assert ran.code == 2
    assert "rename one of them" in ran.err


def test_the_receipt_comes_as_columns(run):
    ran = run("score", "contact.score", *TABLES, *AS_OF, "--receipt")
    assert ran.code == 0
    header, *rows = csv.reader(io.StringIO(ran.out))
    assert header == [
        *("id", "score", "label", "fit", "engagement", "excluded"),
        'Company: +20 if industry is "SaaS"',
        "Company: +12.5 if employees >= 50",
        "Company",
        'Interest: +6 for each "Click" decay 50% every 30 days',
        'Interest: +6 for each "Click" decay 50% every 30 days (decayed)',
        'Interest: +5 if in list "Webinar"',
        "Interest",
        "Interest (limited)",
    ]
    assert [row[6:] for row in rows] == [
        ["20", "12.5", "32.5", "9", "3", "0", "9", "0"],
        ["0", "0", "0", "0", "0", "5", "5", "0"],
        [""] * 8,
    ]


def test_columns_of_receipts_are_numbers_in_every_output(run):
    Path("other.score").write_text('score "Other"\ngroup "Fit"\n  +1 if industry is known\n')
    models = ("contact.score", "other.score")
    name = "other_Fit (group)"
    assert run("score", *models, *TABLES, *AS_OF, "--receipt", "-o", "out.jsonl").code == 0
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [record[name] for record in records] == [1, 1, 1]
    assert [record["contact_Company"] for record in records] == [32.5, 0, None]
    assert run("score", *models, *TABLES, *AS_OF, "--receipt", "-o", "out.parquet").code == 0
    import pyarrow.parquet

    table = pyarrow.parquet.read_table("out.parquet")
    assert table.column_names == list(records[0])
    assert table.column(name).to_pylist() == [1.0, 1.0, 1.0]
    assert table.column("contact_Company").to_pylist() == [32.5, 0.0, None]


def test_in_a_workbook_columns_of_receipts_differ_from_those_of_the_input(run):
    Path("leads.csv").write_text("id,Company,industry,employees,stage\n1,ACME,SaaS,5,lead\n")
    assert run("score", "contact.score", *TABLES, *AS_OF, "--receipt", "-o", "out.xlsx").code == 0
    import openpyxl

    sheet = openpyxl.load_workbook("out.xlsx").active
    assert sheet is not None
    header, cells = sheet.iter_rows(values_only=True)
    assert len(set(header)) == len(header)
    row = dict(zip(header, cells, strict=True))
    assert (row["Company"], row["Company (group)"]) == ("ACME", 20)


def test_missing_columns_name_near_misses(run):
    Path("leads.csv").write_text("id,industri,employees,stage\n1,SaaS,5,lead\n")
    ran = run("score", "contact.score", *TABLES)
    assert ran.code == 2
    assert "industry" in ran.err
    assert "industri" in ran.err
    assert "--allow-missing" in ran.err
    assert run("score", "contact.score", *TABLES, "--allow-missing").code == 0


def test_events_that_a_model_needs_must_be_given(run):
    ran = run("score", "contact.score", "--leads", "leads.csv")
    assert ran.code == 2
    assert "--events" in ran.err
    assert ran.out == ""


def test_broken_rows_are_named_and_nothing_is_written(run):
    Path("leads.csv").write_text(LEADS + "c,SaaS\n")
    ran = run("score", "contact.score", *TABLES, "-o", "out.csv")
    assert ran.code == 2
    assert "line 5" in ran.err
    assert not Path("out.csv").exists()
    aside = run("score", "contact.score", *TABLES, *AS_OF, "--rejects", "bad.csv", "-o", "out.csv")
    assert aside.code == 0
    assert "c,SaaS" in Path("bad.csv").read_text()
    assert len(Path("out.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    "args",
    [
        ("score", "missing.score", *TABLES),
        ("score", "contact.score", "--leads", "missing.csv"),
        ("score", "contact.score"),
        ("score", "contact.score", *TABLES, "--as-of", "soon"),
        ("score", "contact.score", *TABLES, "--time-zone", "Mars/Olympus"),
        ("score", "contact.score", *TABLES, "-o", "out.docx"),
        ("score", "contact.score", *TABLES, "-o", "leads.csv"),
        ("score", "contact.score", *TABLES, "--engine", "abacus"),
        ("explain", "contact.score", *TABLES, "--lead", "nobody"),
        ("check", "missing.score"),
        ("chek", "contact.score"),
    ],
)
def test_wrong_usage_and_unreadable_input_exit_with_2(run, args):
    ran = run(*args)
    assert ran.code == 2
    assert ran.err.strip()
    assert Path("leads.csv").read_text() == LEADS


def test_a_broken_model_exits_with_1_and_shows_the_page(run):
    Path("contact.score").write_text(MODEL.replace("+20 if", "20 if"))
    ran = run("score", "contact.score", *TABLES)
    assert ran.code == 1
    assert "contact.score:5:3" in ran.err
    assert "Points carry a sign" in ran.err


def test_overflow_names_the_lead_and_the_line(run):
    Path("contact.score").write_text('score "S"\ngroup "G"\n  +100000 for each 1 of employees\n')
    Path("leads.csv").write_text("id,employees\nbig,1e15\n")
    ran = run("score", "contact.score", "--leads", "leads.csv")
    assert ran.code == 1
    assert "contact.score:3" in ran.err
    assert "lead big" in ran.err


def test_check_says_fine_or_what_is_wrong(run):
    fine = run("check", "contact.score")
    assert (fine.code, fine.out) == (0, "1 file: fine\n")
    Path("bad.score").write_text('score "S"\ngroup "G" as fitt\n  +5 if x is 1 limit 0\n')
    ran = run("check", "contact.score", "bad.score")
    assert ran.code == 1
    assert "bad.score:2" in ran.out
    assert "bad.score:3" in ran.out


def test_check_as_json(run):
    Path("bad.score").write_text('score "S"\nlimit 0\n')
    ran = run("check", "bad.score", "--format", "json")
    assert ran.code == 1
    (found,) = json.loads(ran.out)
    assert (
        found.items()
        >= {
            "file": "bad.score",
            "line": 2,
            "column": 7,
            "end_line": 2,
            "end_column": 8,
            "code": "E102",
            "severity": "error",
            "fixable": True,
        }.items()
    )
    assert found["message"]
    assert found["hint"]
    assert json.loads(run("check", "contact.score", "--format", "json").out) == []


def test_check_of_a_file_that_is_no_text(run):
    Path("bad.score").write_bytes(b'score "S"\n\xff\xfe\x00')
    ran = run("check", "bad.score", "contact.score")
    assert ran.code == 2
    assert "UTF-8" in ran.out
    assert "Line 2" in ran.out
    for command in (["fmt"], ["test"], ["score", *TABLES], ["sql", "--dialect", "duckdb"]):
        assert run(*command, "bad.score").code == 2, command


def test_tests_pass_or_show_the_receipt(run):
    fine = run("test", "contact.score")
    assert (fine.code, fine.out) == (0, "1 test passed\n")
    Path("contact.score").write_text(MODEL.replace("score = 38.5", "score = 39"))
    ran = run("test", "contact.score")
    assert ran.code == 1
    assert ran.out == EXPECTED_FAILURE
    (record,) = json.loads(run("test", "contact.score", "--format", "json").out)
    assert record["passed"] is False
    assert record["failures"] == [{"line": 16, "expected": "score = 39", "got": "score = 38.5"}]


EXPECTED_FAILURE = """\
FAILED "a big one" (contact.score:13)
  line 16: expected score = 39
           got      score = 38.5

  Lead, as of 2026-01-31T00:00:00

  Company (fit) .......................................................       32.5
    +20 if industry is "SaaS"                                                   20
        industry = SaaS
    +12.5 if employees >= 50                                                  12.5
        employees = 120

  Interest (engagement) ...............................................          6
    +6 for each "Click" decay 50% every 30 days                                  6
        Click at 2026-01-31
    +5 if in list "Webinar"                                                      0
        in list "webinar": no

  fit .................................................................       32.5
  engagement ..........................................................          6
  score ...............................................................       38.5
  label                                                                        Hot

1 of 1 test failed
"""


def test_explain_in_three_forms(run):
    ran = run("explain", "contact.score", *TABLES, *AS_OF, "--lead", "007")
    assert ran.code == 0
    assert ran.out == EXPECTED_RECEIPT
    page = run("explain", "contact.score", *TABLES, *AS_OF, "--lead", "007", "--format", "html").out
    assert "<title>Contact score: Lead 007</title>" in page
    record = json.loads(
        run("explain", "contact.score", *TABLES, *AS_OF, "--lead", "007", "--format", "json").out
    )
    assert list(record) == [
        *("id", "score", "label", "fit", "fit_label", "engagement", "engagement_label", "matrix"),
        *("fast_track", "excluded", "as_of", "groups", "limited"),
    ]
    click = record["groups"][1]["rules"][0]
    assert click == {
        "rule": '+6 for each "Click" decay 50% every 30 days',
        "name": None,
        "line": 8,
        "earned": "12",
        "decayed": "3",
        "limited": "0",
        "points": "9",
        "because": [
            {"event": "click", "time": "2026-01-01T00:00:00", "points": "6", "left": "3"},
            {"event": "Click", "time": "2026-01-31T00:00:00", "points": "6", "left": "6"},
        ],
    }


EXPECTED_RECEIPT = """\
Lead 007, as of 2026-01-31T00:00:00

Company (fit) .......................................................       32.5
  +20 if industry is "SaaS"                                                   20
      industry = SaaS
  +12.5 if employees >= 50                                                  12.5
      employees = 120

Interest (engagement) ...............................................          9
  +6 for each "Click" decay 50% every 30 days                                 12
      click at 2026-01-01: 6, now 3
      Click at 2026-01-31
      lost to decay                                                           -3
  1 other rule gave nothing

fit .................................................................       32.5
engagement ..........................................................          9
score ...............................................................       41.5
label                                                                        Hot
"""


def test_explain_of_an_excluded_lead(run):
    ran = run("explain", "contact.score", *TABLES, *AS_OF, "--lead", "b")
    assert ran.code == 0
    assert 'excluded: only when stage is not "customer"' in ran.out


def test_hostile_ids_and_names_come_out_escaped(run):
    nasty = '<script>alert("x")</script>'
    Path("leads.csv").write_text(
        "id,industry,employees,stage\n" + '"' + nasty.replace('"', '""') + '",SaaS,5,lead\n'
    )
    page = run("explain", "contact.score", *TABLES, *AS_OF, "--lead", nasty, "--format", "html").out
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("command", ["", "check", "score", "explain", "test"])
def test_every_command_has_help(run, command):
    ran = run(*([command] if command else []), "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: leadscore")


def test_a_file_with_warnings_says_so_and_goes_on(run):
    Path("w.score").write_text(
        'score "S"\nevents\n  "Open" from "OPENED"\ngroup "G"\n  +1 for each "OPENED"\n'
    )
    ran = run("check", "w.score")
    assert ran.code == 1
    assert "W301" in ran.out
    scored = run("score", "w.score", *TABLES, *AS_OF)
    assert scored.code == 0
    assert "W301" in scored.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupt_leaves_nothing_half_written(run, monkeypatch, error):
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("leadscore.engines.python.Scorer.row", fail)
    ran = run("score", "contact.score", *TABLES, "--engine", "python", "-o", "out.csv")
    assert ran.code == 130
    assert "nothing half-written is left" in ran.err
    assert [path.name for path in Path().iterdir() if "out" in path.name] == []


def test_a_request_to_stop_ends_in_order(run, monkeypatch):
    def stop(*args: object, **options: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    monkeypatch.setattr("leadscore.engines.python.Scorer.row", stop)
    ran = run("score", "contact.score", *TABLES, "--engine", "python", "-o", "out.csv")
    assert ran.code == 128 + signal.SIGTERM
    assert [path.name for path in Path().iterdir() if "out" in path.name] == []


def test_the_results_on_a_terminal_go_where_they_are_sent(run):
    """A progress bar on standard error must not take in what goes to a file."""
    pty = pytest.importorskip("pty", reason="only Unix has pseudo-terminals")
    main_end, other_end = pty.openpty()
    command = [sys.executable, "-m", "leadscore", "score", "contact.score", *TABLES, *AS_OF]
    with open("out.csv", "wb") as out:
        subprocess.run(command, stdout=out, stderr=other_end, stdin=other_end, check=True)
    os.close(other_end)
    os.close(main_end)
    assert Path("out.csv").read_text().splitlines()[1] == "007,41.5,Hot,32.5,9,"


def test_the_model_and_the_rejects_are_not_overwritten(run):
    ran = run("score", "contact.score", *TABLES, "-o", "x.csv", "--rejects", "./x.csv")
    assert ran.code == 2
    assert "same file" in ran.err
    Path("model.csv").write_text(MODEL)
    assert run("score", "model.csv", *TABLES, *AS_OF, "-o", "model.csv").code == 2
    assert Path("model.csv").read_text() == MODEL


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [(MODEL.encode(), 0, "1 file: fine"), (b'score "\xe9"\n', 2, "not UTF-8")],
)
def test_check_reads_standard_input_as_utf_8(run, monkeypatch, data, code, said):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), "latin-1"))
    ran = run("check", "-")
    assert ran.code == code
    assert said in ran.out


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-8"])
@pytest.mark.parametrize("shape", ["text", "json", "github", "sarif"])
def test_pipes_get_utf_8_whatever_the_system_writes(run, encoding, shape):
    """Windows gives pipes and files another encoding, which lacks what pages are drawn with."""
    Path("größe.score").write_text(
        'score "東京"\ngroup "G"\n  5 if größe is "日本"\n', encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "leadscore", "check", "größe.score", "--format", shape],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr == b""
    out = done.stdout.decode("utf-8")
    assert ("größe" in out) or ("gr%C3%B6%C3%9Fe" in out)
    if shape == "text":
        assert "┌─ größe.score:3:3" in out


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
@pytest.mark.parametrize("args", [("fmt", "--diff"), ("check", "--diff"), ("fmt", "--check")])
def test_a_name_that_is_not_text_is_shown_all_the_same(run, args):
    name = os.fsdecode(b"bad\xff.score")
    Path(name).write_text('score "S"\ngroup "G"\n +1 if x == 1\n')
    ran = run(*args, ".")
    assert ran.code == 1
    assert "this should not happen" not in ran.err


@pytest.mark.parametrize("command", ["check", "fmt", "test"])
def test_a_folder_without_models_is_named_as_such(run, command):
    Path("empty").mkdir()
    ran = run(command, "empty")
    assert ran.code == 2
    assert ran.err == "error: empty: this folder holds no .score files\n"


def test_tests_of_sound_models_run_beside_a_broken_one(run):
    Path("bad.score").write_text('score "S"\ngroup "G"\n  5 if x is 1\n')
    ran = run("test", "bad.score", "contact.score")
    assert ran.code == 1
    assert "1 test passed" in ran.out
    assert "Points carry a sign" in ran.err


def test_two_models_count_what_they_both_saw_once(run):
    Path("other.score").write_text('score "O"\ngroup "G"\n  +1 for each "Click"\n')
    ran = run("score", "contact.score", "other.score", *TABLES, *AS_OF, "-o", "out.csv")
    assert "1 event after the as-of time" in ran.err
    assert "1 of them excluded by contact" in ran.err


def test_files_whose_columns_would_have_one_name_are_told(run):
    both = 'score "S"\ngroup "G" as fit\n  +1 always\n'
    Path("a.score").write_text(both + 'labels for fit\n  "X" from 0\n', encoding="utf-8")
    Path("a_fit.score").write_text(both + 'labels\n  "X" from 0\n', encoding="utf-8")
    ran = run("score", "a.score", "a_fit.score", "--leads", "leads.csv")
    assert ran.code == 2
    assert ran.out == ""
    assert "a.score and a_fit.score would both give a column 'a_fit_label'; rename one" in ran.err


@pytest.mark.parametrize("command", [("explain", "--lead", "1"), ("workbook", "-o", "x.xlsx")])
def test_commands_without_rejects_do_not_recommend_it(run, command):
    Path("broken.csv").write_text('id,industry\n1,"Sa"aS\n', encoding="utf-8")
    name, *more = command
    ran = run(name, "contact.score", "--leads", "broken.csv", "--allow-missing", *more)
    assert ran.code == 2
    assert "1 row cannot be read, line 2" in ran.err
    assert "--rejects" not in ran.err
