"""`leadscore test` as a user meets it: output, exit codes, filters, coverage, --from-leads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

import pytest
from tests.cli.running import runner

import leadscore

CONTACT = """\
score "Contact score"
exclude when in list "Competitors"
group "Company" as fit
  +20 if industry is "SaaS"
  by employees
    1 to 10:   +2
    11 to 200: +10
group "Interest" as engagement decay 50% every 30 days
  +5 for each "Visit"
labels
  "Warm" from 20
  "Cold" below 20

test "a SaaS company" as of 2026-01-31
  given industry = "SaaS", employees = 120
  expect score = 30, label "Warm"
test "a visit" as of 2026-01-31
  event "Visit" 3 days ago
  expect score = 5, label "Cold"
"""
OTHER = """\
score "Other"
group "G"
  +1 if x is 1
test "one" as of 2026-01-31
  given x = 1
  expect score = 1
"""
LEADS = '''\
Record ID,E-mail,industry,employees
7,eva@x.com,SaaS,8
8,tom@x.com,"SaaS ""and
more""",9
'''
EVENTS = "Record ID,event,time\n7,Visit,2026-01-30\n7,Visit,2026-02-03\n"
LISTS = "Record ID,list\n8,Newsletter\n"
FROM = ("--from-leads", "leads.csv", "--events", "events.csv", "--lists", "lists.csv")
AS_OF = ("--as-of", "2026-01-31")


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs `leadscore test` in a folder with models and tables."""
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("contact.score", CONTACT),
        ("other.score", OTHER),
        ("leads.csv", LEADS),
        ("events.csv", EVENTS),
        ("lists.csv", LISTS),
    ):
        Path(name).write_text(text, encoding="utf-8")

    return runner(capsys, monkeypatch, "test")


# Filters


def test_by_name(run):
    ran = run("contact.score", "other.score", "-k", "SAAS")
    assert (ran.code, ran.out) == (0, "1 test passed (2 not run)\n")
    ran = run("contact.score", "other.score", "--only", "visit", "-k", "one")
    assert (ran.code, ran.out) == (0, "2 tests passed (1 not run)\n")


def test_by_line(run):
    assert run("contact.score:18").out == "1 test passed (1 not run)\n"
    assert run("contact.score:14", "contact.score:18").out == "2 tests passed\n"
    assert run("contact.score:14", "contact.score").out == "2 tests passed\n"
    assert run("contact.score:14", "other.score").out == "2 tests passed (1 not run)\n"


def test_a_file_whose_name_ends_in_a_colon_and_a_number(run):
    Path("odd:12").write_text(OTHER)
    assert run("odd:12").out == "1 test passed\n"
    assert run("odd:12:4").out == "1 test passed\n"


def test_where_nothing_is_meant_near_names_are_said(run):
    ran = run("contact.score", "other.score", "-k", "a vizit")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: no test has 'a vizit' in its name; near it: \"a visit\"\n"
    ran = run("contact.score", "-k", "zzz")
    assert 'there are: "a SaaS company", "a visit"\n' in ran.err
    ran = run("contact.score:3")
    assert ran.code == 2
    assert "contact.score:3: no test stands on this line; tests begin on: 14, 17" in ran.err


def test_a_folder_is_all_models_below_it(run):
    Path("models/eu").mkdir(parents=True)
    Path("contact.score").rename("models/contact.score")
    Path("other.score").rename("models/eu/other.score")
    assert run("models").out == "3 tests passed\n"
    assert run("models", "models/eu/other.score:4").out == "3 tests passed\n"
    Path("empty").mkdir()
    ran = run("empty")
    assert (ran.code, ran.out) == (2, "")
    assert "error: empty: " in ran.err


# Coverage


def test_coverage_as_text(run):
    ran = run("contact.score", "--coverage")
    assert ran.code == 0
    assert ran.out == (
        "coverage of contact.score: 66.6% (6 of 9)\n"
        '  line 2: scope excluded no lead: exclude when in list "Competitors"\n'
        "  line 6: case never held: 1 to 10: +2\n"
        '  line 8: decay took nothing: group "Interest" as engagement decay 50% every 30 days\n'
        "\n"
        "2 tests passed\n"
    )


def test_coverage_of_several_files(run):
    ran = run("contact.score", "other.score", "--coverage")
    assert "coverage of other.score: 100% (1 of 1)\n" in ran.out
    assert "coverage of all files: 70% (7 of 10)\n\n3 tests passed\n" in ran.out


def test_a_bound_of_coverage(run):
    fine = run("contact.score", "other.score", "--fail-under", "70")
    assert (fine.code, fine.err) == (0, "")
    low = run("contact.score", "other.score", "--fail-under", "70.1")
    assert low.code == 1
    assert low.err == "coverage is 70%, less than the 70.1% asked for\n"
    assert run("contact.score", "--fail-under", "66.6").code == 0
    assert run("contact.score", "--fail-under", "66.7").code == 1  # 6 of 9 is 66.66…
    assert run("contact.score", "--fail-under", "101").code == 2


def test_coverage_of_the_tests_that_ran(run):
    assert "22.2% (2 of 9)" in run("contact.score", "--coverage", "-k", "visit").out


def test_coverage_as_json(run):
    record = json.loads(run("contact.score", "other.score", "--coverage", "--format", "json").out)
    assert [test["test"] for test in record["tests"]] == ["a SaaS company", "a visit", "one"]
    coverage = record["coverage"]
    assert {key: coverage[key] for key in ("percent", "covered", "total")} == {
        "percent": 70.0,
        "covered": 7,
        "total": 10,
    }
    contact, other = coverage["files"]
    assert (contact["file"], contact["percent"], contact["total"]) == ("contact.score", 66.6, 9)
    assert contact["items"][3] == {
        "line": 6,
        "kind": "case",
        "text": "1 to 10: +2",
        "covered": False,
        "lacks": "never held",
    }
    assert other["items"][0]["lacks"] is None
    assert isinstance(json.loads(run("contact.score", "--format", "json").out), list)


def test_junit(run):
    Path("bad.score").write_text("score\n")
    Path("contact.score").write_text(CONTACT.replace("score = 30", "score = 31"))
    ran = run("contact.score", "bad.score", "--format", "junit", "--coverage")
    assert ran.code == 1
    root = ET.fromstring(ran.out)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert root.find("testsuite/testcase/failure") is not None
    assert "bad.score:1" in ran.err
    assert root.findall("testsuite/properties/property")[0].attrib == {
        "name": "coverage",
        "value": "66.6",
    }


def test_a_sum_past_64_bits_is_a_failing_test(run):
    Path("big.score").write_text(
        'score "S"\ngroup "G"\n  +100000 for each 1 of x\ntest "big" as of 2026-01-31\n'
        "  given x = 1000000000000000\n  expect score = 1\n"
    )
    ran = run("big.score", "other.score")
    assert ran.code == 1
    assert "past 64 bits" in ran.out
    assert ran.out.endswith("1 of 2 tests failed\n")
    record = json.loads(run("big.score", "--format", "json").out)[0]
    assert record["receipt"] is None
    assert "past 64 bits" in record["failures"][0]["got"]


# Writing a test


def test_a_test_of_a_lead_is_printed(run):
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "7")
    assert ran.code == 0
    assert ran.out == (
        'test "Warm, 27 points" as of 2026-01-31\n'
        '  given industry = "SaaS", employees = 8\n'
        '  event "Visit" on 2026-01-30\n'
        "  expect score = 27, fit = 22, engagement = 5\n"
        '  expect label "Warm", not excluded\n'
    )
    assert "note: left out: 1 event after the as-of time\n" in ran.err
    assert (
        "note: the test holds, of this lead, industry, employees: see that the file may\n"
        in ran.err
    )
    assert Path("contact.score").read_text() == CONTACT


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_test_is_added_to_the_file(run, newline, end):
    text = (CONTACT.rstrip("\n") + end).replace("\n", newline)
    Path("contact.score").write_bytes(text.encode())
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "7", "--append", "--name", 'Eva "7"')
    assert (ran.code, ran.out) == (0, "")
    assert 'added to contact.score: test "Eva ""7""" as of 2026-01-31\n' in ran.err
    after = Path("contact.score").read_bytes().decode()
    added = after.removeprefix(text.rstrip("\r\n"))
    assert added.startswith(f'{newline * 2}test "Eva ""7""" as of 2026-01-31{newline}')
    assert after.count("\n") == after.count(newline)
    assert run("contact.score").out == "3 tests passed\n"


def test_a_text_with_a_line_break_is_said(run):
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "8")
    assert ran.code == 0
    assert '  given industry = "SaaS ""and more""", employees = 9\n' in ran.out
    assert "note: line breaks and control characters are replaced" in ran.err


def test_what_cannot_be_written_is_an_error(run):
    rule = '  +20 if industry is "SaaS ""and more"""\n'
    Path("contact.score").write_text(CONTACT.replace('  +20 if industry is "SaaS"\n', rule))
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "8", "--append")
    assert (ran.code, ran.out) == (2, "")
    assert "error: no test says what this lead is" in ran.err
    assert "in: industry" in ran.err
    assert "test" not in Path("contact.score").read_text().split("Cold")[-1].split("\n")[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["contact.score", *FROM], "--lead ID"),
        (["contact.score", "other.score", *FROM, "--lead", "7"], "one FILE"),
        (["contact.score", *FROM, "--lead", "7", "--coverage"], "--coverage is for running"),
        (["contact.score", *FROM, "--lead", "7", "-k", "x"], "-k is for running"),
        (["contact.score", *FROM, "--lead", "7", "--format", "text"], "--format is for running"),
        (["contact.score", "--lead", "7"], "--lead needs --from-leads"),
        (["contact.score", "--append"], "--append needs --from-leads"),
        (["contact.score", *FROM[2:]], "--events needs --from-leads"),
        (["contact.score", "--watch", "--format", "json"], "--watch shows text"),
        (["contact.score", *FROM, "--lead", "99"], "99"),
        (["missing.score"], "missing.score"),
        (["missing.score", "--watch"], "missing.score"),
        ([], "FILE"),
    ],
)
def test_wrong_usage(run, args, said):
    ran = run(*args)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_standard_input_is_a_file_too(run):
    ran = run("-", stdin=OTHER)
    assert (ran.code, ran.out) == (0, "1 test passed\n")
    [record] = json.loads(run("-", "--format", "json", stdin=OTHER).out)
    assert (record["file"], record["line"]) == ("-", 4)
    failing = run("-", "contact.score", stdin=OTHER.replace("score = 1", "score = 2"))
    assert failing.code == 1
    assert 'FAILED "one" (-:4)' in failing.out
    assert "1 of 3 tests failed" in failing.out
    assert run("-", *FROM, *AS_OF, "--lead", "7", "--append", stdin=OTHER).code == 2
    assert "standard input" in run("-", "--watch", stdin=OTHER).err
    model = OTHER.replace("x is 1", "employees is 8")
    printed = run("-", *FROM, *AS_OF, "--lead", "7", stdin=model)
    assert printed.code == 0
    assert printed.out.startswith('test "')


def test_a_file_that_cannot_be_read_does_not_stop_the_others(run, tmp_path):
    (tmp_path / "latin.score").write_bytes('score "Größe"\n'.encode("latin-1"))
    (tmp_path / "empty").mkdir()
    for bad, said in (
        ("missing.score", "error: missing.score: "),
        ("latin.score", "not UTF-8"),
        ("empty", "error: empty: this folder holds no .score files"),
    ):
        ran = run(bad, "other.score")
        assert (ran.code, ran.out) == (2, "1 test passed\n"), bad
        assert said in ran.err
    ran = run("missing.score", "other.score", "--format", "junit")
    assert ran.code == 2
    root = ET.fromstring(ran.out)
    assert [suite.get("errors") for suite in root.iter("testsuite")] == ["1", "0"]
    alone = run("latin.score")
    assert (alone.code, alone.out) == (2, "")


def test_a_test_is_added_at_once_or_not_at_all(run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "7", "--append")
    assert ran.code == 2
    assert "No space left" in ran.err
    assert Path("contact.score").read_text() == CONTACT
    assert not list(Path().glob(".contact*"))


def test_broken_rows_are_named_without_an_option_that_there_is_not(run):
    Path("leads.csv").write_text(LEADS + '9,"x\n')
    ran = run("contact.score", *FROM, *AS_OF, "--lead", "7")
    assert ran.code == 2
    assert "1 row cannot be read" in ran.err
    assert "--rejects" not in ran.err


# Watching


@contextmanager
def watching(*files: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A process that watches; ended for sure, should it hang."""
    command = [sys.executable, "-m", "leadscore", "test", *files, "--watch"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    guard = threading.Timer(100, process.kill)
    guard.start()
    try:
        yield process, process.stdout
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def until(stream: IO[str], text: str) -> str:
    """What comes out up to the line that has `text`; fails where it ends before."""
    seen = ""
    for line in stream:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"no {text!r} in:\n{seen}")


def test_watching_runs_again_when_a_file_changes_and_ends_by_ctrl_c(tmp_path):
    path = tmp_path / "contact.score"
    path.write_text(CONTACT)
    other = tmp_path / "other.score"
    other.write_text(OTHER)
    with watching(str(path), str(other)) as (process, out):
        assert "3 tests passed\n" in until(out, "watching 2 files; Ctrl-C ends")
        path.write_text(CONTACT.replace("score = 30", "score = 3100"))
        seen = until(out, "1 of 3 tests failed")
        assert f"{path} changed at " in seen
        assert 'FAILED "a SaaS company"' in seen
        other.write_text("score\n")  # broken
        until(out, "1 of 2 tests failed")
        other.unlink()
        assert f"error: {other}: " in until(out, "error: ")
        other.write_text(OTHER)
        new = tmp_path / "new"
        new.write_text(CONTACT)
        new.replace(path)  # as many editors save
        until(out, "3 tests passed")
        process.send_signal(signal.SIGINT)
        rest = out.read()
        assert process.wait() == 130
        assert "Traceback" not in rest
        assert "Interrupted" in rest


def test_the_model_reads_what_was_written(run):
    run("contact.score", *FROM, *AS_OF, "--lead", "7", "--append")
    suite = leadscore.load("contact.score").test()
    assert suite.passed
    assert suite.coverage.covered == 7
