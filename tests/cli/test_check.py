"""``leadscore check``: forms of output, fixes, settings, folders, tables, exit codes."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.running import Ran, runner
from tests.hostile.growth import assert_linear

from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, Source, Span
from leadscore.reporting import Checked, commands, sarif, summary

HERE = Path(__file__).parent

FINE = 'score "Fine"\ngroup "Company" as fit\n  +20 if industry is "SaaS"\n'
SLIPS = """\
score "Slips"
group "Company" as fit
  +20 if industry is “SaaS”
  +10 if employees == 50
  +5 for each "Visit" limit 0
"""
"""Two safe fixes, and an unsafe one."""
MENDED = SLIPS.replace("==", "=").replace("“SaaS”", '"SaaS"')
UNUSED = FINE.replace('"SaaS"\n', '"SaaS"  # allow L999\n')
"""A warning, with a safe fix."""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs ``leadscore check`` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    Path("fine.score").write_text(FINE, encoding="utf-8")
    Path("slips.score").write_text(SLIPS, encoding="utf-8")
    Path("unused.score").write_text(UNUSED, encoding="utf-8")

    return runner(capsys, monkeypatch, "check")


def codes(ran: Ran) -> list[str]:
    return [record["code"] for record in json.loads(ran.out)]


# Exit codes and the summary


def test_exit_codes(run):
    assert run("fine.score").code == 0
    assert run("slips.score").code == 1
    assert run("unused.score").code == 1  # a warning counts
    assert run("fine.score", "gone.score").code == 2
    assert run("slips.score", "gone.score").code == 2
    assert run("fine.score", "--format", "xml").code == 2


def diagnostic(severity: Any, code: str = "L101", **more: Any) -> Diagnostic:
    return Diagnostic(code, more.pop("span", Span(0, 5)), "Message", severity=severity, **more)


def test_hints_alone_are_fine(run, monkeypatch):
    monkeypatch.setattr("leadscore.cli.check.lint", lambda *_: (diagnostic("info"),))
    ran = run("fine.score")
    assert ran.code == 0
    assert ran.out.startswith("hint[L101]: Message\n")
    assert ran.out.endswith("1 file: 1 hint\n`leadscore rule L101` says more.\n")


@pytest.mark.parametrize(
    ("severities", "text"),
    [
        ("", "2 files: fine"),
        ("e", "2 files: 1 error"),
        ("ew", "2 files: 1 error and 1 warning"),
        ("eewwi", "2 files: 2 errors, 2 warnings and 1 hint"),
        ("ii", "2 files: 2 hints"),
    ],
)
def test_summary(severities, text):
    names = {"e": "error", "w": "warning", "i": "info"}
    found = tuple(diagnostic(names[each]) for each in severities)
    files = [Checked(Source("a", FINE), found), Checked(Source("b", FINE), ())]
    assert summary(files) == text


def test_the_last_line_says_what_can_be_done(run):
    assert run("slips.score").out.splitlines()[-2:] == [
        "1 file: 3 errors",
        "--fix mends 2; --fix --unsafe-fixes mends 1 more, but look at what it changes; "
        "`leadscore rule S003` says more.",
    ]


# Files and folders


def test_a_folder_is_all_models_below_it(run):
    for name in ("models/a.score", "models/deep/er/b.score", "models/.hidden/c.score"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(UNUSED)
    Path("models/notes.txt").write_text("no model")
    ran = run("models", "models/a.score", "--format", "json")
    assert [Path(each["file"]).as_posix() for each in json.loads(ran.out)] == [
        "models/a.score",
        "models/deep/er/b.score",
    ]
    Path("empty").mkdir()
    nothing = run("empty")
    assert nothing.code == 2
    assert "empty: this folder holds no .score files" in nothing.err


def test_standard_input(run):
    ran = run("-", "--format", "json", stdin=SLIPS)
    assert ran.code == 1
    assert codes(ran) == ["S003", "S001", "E102"]


# JSON


def test_json_has_the_documented_keys(run):
    (found,) = json.loads(run("unused.score", "--format", "json").out)
    assert found == {
        "file": "unused.score",
        "line": 3,
        "column": 38,
        "end_line": 3,
        "end_column": 42,
        "code": "L001",
        "severity": "warning",
        "message": "There is no code L999",
        "label": "allows nothing",
        "hint": "Take it out of the comment.",
        "fixable": True,
    }


# GitHub


def test_github_shows_a_command_a_finding(run):
    ran = run("slips.score", "--format", "github")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "::error file=slips.score,line=3,endLine=3,col=22,endColumn=28,title=S003 curly-quotes::"
        'Text goes in straight double quotes (write "SaaS"). Curly quotes come from word '
        "processors; the language has straight ones only.",
        "::error file=slips.score,line=4,endLine=4,col=20,endColumn=22,title=S001 syntax::"
        "`==` is written `=` (write `=`).",
        "::error file=slips.score,line=5,endLine=5,col=29,endColumn=30,title=E102 limit-zero::"
        "`limit 0` can be read in two ways (`at least 0` or `at most 0`?). `limit at least 0` "
        "keeps it from going below zero, `limit at most 0` from going above.",
        "1 file: 3 errors",
    ]


def test_github_calls_nothing_fine_that_was_not_read(run):
    ran = run("nowhere.score", "--format", "github")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: nowhere.score: ")


def test_github_escapes_what_would_end_a_command():
    found = diagnostic("warning", hint="a\nb :: 100%,\r", label="x")
    (line,) = commands([Checked(Source("50%,a:b\n.score", FINE), (found,))])
    assert line == (
        "::warning file=50%25%2Ca%3Ab%0A.score,line=1,endLine=1,col=1,endColumn=6,"
        "title=L101 label-out-of-reach::Message (x). a%0Ab :: 100%25,%0D"
    )


def test_github_has_columns_only_within_a_line():
    text = 'score "A"\ngroup "B"\n'
    source = Source("a.score", text)
    spans = (Span(0, 15), Span(0, 10))
    found = tuple(diagnostic("info", span=span) for span in spans)
    over, whole = commands([Checked(source, found)])
    assert over.startswith("::notice file=a.score,line=1,endLine=2,title=")
    # A span that ends with the line break ends on its line.
    assert whole.startswith("::notice file=a.score,line=1,endLine=1,col=1,endColumn=10,title=")


# SARIF


@pytest.fixture(scope="module")
def schema() -> Any:
    text = (HERE / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


def test_sarif_is_valid(run, schema):
    ran = run("slips.score", "unused.score", "fine.score", "--format", "sarif")
    assert ran.code == 1
    log = json.loads(ran.out)
    schema.validate(log)
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["E102", "L001", "S001", "S003"]
    assert rules[1]["name"] == "unused-allowance"
    assert rules[1]["defaultConfiguration"] == {"level": "warning"}
    assert "## Remedy" in rules[1]["help"]["markdown"]
    assert "#" not in rules[0]["help"]["text"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in only["results"])
    assert only["columnKind"] == "utf16CodeUnits"
    assert str(Path.cwd()) not in ran.out
    empty = json.loads(run("fine.score", "--format", "sarif").out)
    schema.validate(empty)
    assert empty["runs"][0]["results"] == []


def test_the_schema_finds_mistakes(schema):
    log = sarif([Checked(Source("a", FINE), (diagnostic("info"),))])
    schema.validate(log)
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        schema.validate(log)


def test_every_code_makes_valid_sarif(schema):
    from leadscore import rulebook

    found = tuple(
        diagnostic(
            entry.level,
            entry.code,
            notes=(Note(Span(6, 8), "here"),),
            fixes=(Fix("Do it", (Edit(Span(3, 3), ""), Edit(Span(4, 5), "x"))), Fix("Not", ())),
        )
        for entry in rulebook.entries()
    )
    log = sarif([Checked(Source("a", FINE), found)])
    schema.validate(log)
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["fullDescription"]["text"], rule["id"]
        assert len(rule["fullDescription"]["text"]) <= 1024  # more is not shown by GitHub
        assert "```" not in rule["help"]["text"]


def test_columns_of_sarif_are_units_of_utf16():
    text = '# 😀 é\n"😀x" y\n'
    found = diagnostic("error", "E102", span=Span(text.index("x"), text.index("y")))
    log = sarif([Checked(Source("a", text), (found,))])
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["region"] == {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 7}


def test_fixes_of_sarif_give_what_fix_gives(run):
    log = json.loads(run("slips.score", "--format", "sarif").out)
    lines = SLIPS.split("\n")
    fixes = [each["fixes"][0] for each in log["runs"][0]["results"][:2]]
    changes = [change for fix in fixes for change in fix["artifactChanges"]]
    assert {change["artifactLocation"]["uri"] for change in changes} == {"slips.score"}
    replacements = [each for change in changes for each in change["replacements"]]
    for each in reversed(replacements):
        region = each["deletedRegion"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        lines[region["startLine"] - 1] = (
            line[: region["startColumn"] - 1]
            + each.get("insertedContent", {}).get("text", "")
            + line[region["endColumn"] - 1 :]
        )
    assert "\n".join(lines) == MENDED


def test_many_findings_on_a_long_line_take_time_in_step_with_them():
    def work(size: int) -> list[Any]:
        text = "😀" * size
        found = tuple(diagnostic("error", span=Span(at, at + 1)) for at in range(size))
        return sarif([Checked(Source("a", text), found)])["runs"][0]["results"]

    results = assert_linear(work, 2_000)
    assert isinstance(results, list)
    region = results[-1]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (15_999, 16_001)


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("my model.score", "my%20model.score"),
        ("50%#?.score", "50%25%23%3F.score"),
        ("größe/a:b.score", "gr%C3%B6%C3%9Fe/a%3Ab.score"),
        ("-", "-"),
    ],
)
def test_paths_of_sarif_are_relative_uris(tmp_path, monkeypatch, name, uri):
    monkeypatch.chdir(tmp_path)
    for each in (name, str(tmp_path / name)):
        log = sarif([Checked(Source(each, FINE), (diagnostic("error"),))])
        (result,) = log["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place == {"uri": uri, "uriBaseId": "SRCROOT"}


# Fixes


def test_fix_makes_safe_fixes_and_says_so(run):
    os.chmod("slips.score", 0o640)
    ran = run("slips.score", "fine.score", "--fix")
    assert Path("slips.score").read_text(encoding="utf-8") == MENDED
    assert stat.S_IMODE(os.stat("slips.score").st_mode) == 0o640
    assert ran.err == "slips.score: mended 2\n"
    assert ran.code == 1
    assert "limit 0" in ran.out
    assert "S001" not in ran.out
    assert sorted(os.listdir()) == ["fine.score", "slips.score", "unused.score"]
    again = run("slips.score", "--fix", "--unsafe-fixes")
    assert (again.code, again.out) == (0, "1 file: fine\n")
    assert "limit at least 0" in Path("slips.score").read_text(encoding="utf-8")


def test_fix_keeps_byte_order_mark_line_ends_and_links(run):
    data = b"\xef\xbb\xbf" + SLIPS.replace("\n", "\r\n").encode()
    Path("real.score").write_bytes(data)
    Path("link.score").symlink_to("real.score")
    run("link.score", "--fix")
    assert Path("link.score").is_symlink()
    assert (
        Path("real.score").read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    )


def test_a_file_without_fixes_is_not_touched(run):
    before = os.stat("fine.score")
    assert run("fine.score", "--fix").err == ""
    after = os.stat("fine.score")
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_fix_of_standard_input_prints_the_text(run):
    ran = run("-", "--fix", stdin=SLIPS)
    assert ran.out == MENDED
    assert "limit 0" in ran.err
    assert ran.code == 1
    fine = run("-", "--fix", stdin=FINE)
    assert (fine.code, fine.out, fine.err) == (0, FINE, "1 file: fine\n")


def test_a_warning_that_is_mended_leaves_a_fine_file(run):
    ran = run("unused.score", "--fix")
    assert (ran.code, ran.out, ran.err) == (0, "1 file: fine\n", "unused.score: mended 1\n")
    assert Path("unused.score").read_text() == FINE


def test_diff_shows_and_changes_nothing(run):
    ran = run("unused.score", "fine.score", "--diff")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "--- unused.score (as it is)",
        "+++ unused.score (mended)",
        "@@ -1,3 +1,3 @@",
        ' score "Fine"',
        ' group "Company" as fit',
        '-  +20 if industry is "SaaS"  # allow L999',
        '+  +20 if industry is "SaaS"',
    ]
    assert "unused.score: --fix would mend 1; after it: fine" in ran.err
    assert Path("unused.score").read_text() == UNUSED
    assert run("fine.score", "--diff").code == 0


def test_a_file_that_cannot_be_written_is_named(run, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("leadscore.cli.check.replace", refuse)
    ran = run("slips.score", "--fix")
    assert ran.code == 2
    assert "error: slips.score: Permission denied" in ran.err
    assert Path("slips.score").read_text(encoding="utf-8") == SLIPS


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes goes with --fix or --diff"),
        (("--fix", "--diff"), "choose one"),
        (("--diff", "--format", "json"), "--format json"),
        (("-", "--fix", "--format", "sarif"), "--format sarif"),
        (("--contacts", "contacts.csv"), "--contacts needs --leads"),
        (("--as-of", "2026-01-31"), "--as-of needs --leads"),
        (("--select", "L9999"), "'L9999' is no code of a finding"),
        (("--select", "E101"), "errors are always reported"),
        (("--ignore", "L1O1"), "did you mean L101?"),
        (("--ignore", "label-out-of-reach"), "did you mean L101?"),
        (("--config", "gone.toml"), "gone.toml"),
    ],
)
def test_wrong_usage(run, args, said):
    ran = run("fine.score", *args)
    assert ran.code == 2
    assert said in ran.err


# Settings


def test_settings_choose_findings(run):
    Path("leadscore.toml").write_text('[lint]\nignore = ["L0"]\n')
    assert run("unused.score").code == 0
    assert run("-", stdin=UNUSED).code == 0  # the working folder's
    assert run("unused.score", "--select", "L001").code == 1
    assert run("unused.score", "--config", "other.toml").code == 2
    Path("other.toml").write_text("[lint]\n")
    assert run("unused.score", "--config", "other.toml").code == 1
    assert run("slips.score").code == 1  # errors cannot be left out


def test_what_is_chosen_on_the_command_line(run):
    assert run("unused.score", "--ignore", "L001").code == 0
    assert run("unused.score", "--ignore", "l0, W").code == 0
    assert run("unused.score", "--select", "L1", "--select", "W").code == 0
    assert run("unused.score", "--select", "L", "--ignore", "L0").code == 0
    assert run("unused.score", "--select", "L001", "--ignore", "L0").code == 1
    Path("leadscore.toml").write_text('[lint]\nselect = ["L001"]\n')
    assert run("unused.score", "--ignore", "L0").code == 0
    # What is ignored for a file stays so.
    Path("leadscore.toml").write_text('[lint.per-file-ignores]\n"un*.score" = ["L"]\n')
    assert run("unused.score", "--select", "L001").code == 0
    Path("other.score").write_text(UNUSED)
    assert run("other.score", "--select", "L001").code == 1


def test_each_file_has_the_settings_of_its_folder(run):
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "m.score").write_text(UNUSED)
    Path("a/leadscore.toml").write_text('lint.ignore = ["L001"]\n')
    ran = run("a", "b", "--format", "json")
    assert [Path(each["file"]).as_posix() for each in json.loads(ran.out)] == ["b/m.score"]


def test_a_mistake_in_the_settings(run):
    Path("leadscore.toml").write_text('[lint]\nignroe = ["L1"]\n')
    ran = run("fine.score")
    assert ran.code == 2
    assert re.search(
        r"leadscore\.toml: there is no setting lint\.ignroe; did you mean 'ignore'\?", ran.err
    )


# Tables


LEADS = "id,industry\n1,Retail\n2,SaaS\n"


def test_with_tables_the_data_is_looked_at(run):
    Path("leads.csv").write_text(LEADS)
    assert run("fine.score", "--leads", "leads.csv").code == 0
    Path("leads.csv").write_text(LEADS.replace("industry", "branch"))
    ran = run("fine.score", "--leads", "leads.csv", "--format", "json")
    assert ran.code == 1
    assert codes(ran) == ["L501"]
    assert run("fine.score", "--leads", "gone.csv").code == 2


def test_broken_rows_are_named_without_an_option_that_there_is_not(run):
    Path("broken.csv").write_text('id,industry\n1,"SaaS\n')
    ran = run("fine.score", "--leads", "broken.csv")
    assert ran.code == 2
    assert "broken.csv: 1 row cannot be read, line 2." in ran.err
    assert "Correct the file" in ran.err
    assert "--rejects" not in ran.err


def test_tables_of_broken_models_are_not_read(run):
    ran = run("slips.score", "--leads", "gone.csv", "--format", "json")
    assert ran.code == 1
    assert codes(ran) == ["S003", "S001", "E102"]


def test_without_tables_no_engine_is_imported(tmp_path):
    path = tmp_path / "fine.score"
    path.write_text(FINE)
    code = (
        "import sys\nfrom leadscore.cli.main import main\n"
        "try:\n    main(['check', sys.argv[1]])\nexcept SystemExit: pass\n"
        "heavy = ('duckdb', 'pyarrow', 'pandas', 'rich', 'openpyxl', 'pyspark', 'numpy')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["1 file: fine", "[]"]


def test_events_and_lists_alone_are_looked_at(run):
    text = FINE + '  +1 for each "Demo"\n  +1 if in list "VIP"\n'
    Path("m.score").write_text(text, encoding="utf-8")
    Path("events.csv").write_text("lead_id,event,time\n1,Demoo,2026-01-01\n", encoding="utf-8")
    Path("lists.csv").write_text("lead_id,list\n1,VIPs\n", encoding="utf-8")
    assert codes(run("m.score", "--format", "json")) == []
    assert codes(run("m.score", "--events", "events.csv", "--format", "json")) == ["L502"]
    ran = run("m.score", "--lists", "lists.csv", "--format", "json")
    assert codes(ran) == ["L505"]
    assert ran.err == ""
