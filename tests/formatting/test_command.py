"""`leadscore fmt`: files in place, what is said, exit codes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import Ran, runner

MESSY = 'score "S"\ngroup "G"\n+5   always # why\n'
TIDY = 'score "S"\n\ngroup "G"\n  +5 always  # why\n'
BROKEN = 'score "S"\n\ngroup "G"\n+5 always\n+10   iff a = 1\n'


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs `leadscore fmt` in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    return runner(capsys, monkeypatch, "fmt")


def test_files_are_formatted_in_place(run):
    Path("a.score").write_text(MESSY, encoding="utf-8")
    Path("b.score").write_text(TIDY, encoding="utf-8")
    before = Path("b.score").stat()
    assert run("a.score", "b.score") == Ran(0, "", "formatted a.score\n")
    assert Path("a.score").read_text(encoding="utf-8") == TIDY
    assert Path("b.score").stat().st_ino == before.st_ino, "a file that is fine is not written"
    assert run("a.score", "b.score") == Ran(0, "", "")
    assert sorted(os.listdir()) == ["a.score", "b.score"]


def test_check_names_files_and_changes_none(run):
    Path("a.score").write_text(MESSY, encoding="utf-8")
    Path("b.score").write_text(TIDY, encoding="utf-8")
    assert run("--check", "a.score", "b.score") == Ran(1, "a.score would change\n", "")
    assert Path("a.score").read_text(encoding="utf-8") == MESSY
    assert run("--check", "b.score") == Ran(0, "", "")


def test_diff_shows_the_change_and_makes_none(run):
    Path("a.score").write_text(MESSY.rstrip("\n"), encoding="utf-8")
    expected = (
        "--- a.score (as it is)\n+++ a.score (formatted)\n@@ -1,3 +1,4 @@\n"
        ' score "S"\n+\n group "G"\n-+5   always # why\n\\ No newline at end of file\n'
        "+  +5 always  # why\n"
    )
    assert run("--diff", "a.score") == Ran(1, expected, "")
    assert run("--diff", "--check", "a.score") == Ran(1, expected, "")
    assert Path("a.score").read_text(encoding="utf-8") == MESSY.rstrip("\n")
    Path("a.score").write_text(TIDY, encoding="utf-8")
    assert run("--diff", "a.score") == Ran(0, "", "")


def given_input(monkeypatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def test_standard_input_goes_to_standard_output(run, monkeypatch):
    given_input(monkeypatch, MESSY.encode())
    assert run("-") == Ran(0, TIDY, "")
    given_input(monkeypatch, TIDY.encode())
    assert run("-") == Ran(0, TIDY, ""), "also where nothing changes"
    given_input(monkeypatch, MESSY.encode())
    assert run("--check", "-") == Ran(1, "- would change\n", "")


def test_bytes_of_a_pipe_stay(tmp_path):
    data = "\ufeff" + MESSY.replace("\n", "\r\n").replace("G", "Größe")
    done = subprocess.run(
        [sys.executable, "-m", "leadscore", "fmt", "-"],
        input=data.encode(),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    expected = "\ufeff" + TIDY.replace("\n", "\r\n").replace("G", "Größe")
    assert done.stdout.decode() == expected


def test_errors_are_said_and_the_rest_is_formatted(run):
    Path("bad.score").write_text(BROKEN, encoding="utf-8")
    Path("a.score").write_text(MESSY, encoding="utf-8")
    ran = run("bad.score", "a.score")
    assert ran.code == 1
    assert ran.out == ""
    assert "bad.score:5:7" in ran.err
    assert "bad.score: 1 statement with an error was left as written" in ran.err
    expected = BROKEN.replace("+5", "  +5")
    assert Path("bad.score").read_text(encoding="utf-8") == expected
    assert Path("a.score").read_text(encoding="utf-8") == TIDY
    assert run("--check", "bad.score").code == 1, "an error stays one"


def test_errors_have_their_place_in_the_new_text(run, monkeypatch):
    compact = BROKEN.replace("\n\n", "\n")
    given_input(monkeypatch, compact.encode())
    ran = run("-")
    assert ran.out.split("\n")[4] == "+10   iff a = 1"
    assert "-:5:7" in ran.err
    Path("bad.score").write_text(compact, encoding="utf-8")
    assert "bad.score:4:7" in run("--diff", "bad.score").err, "nothing was written"
    assert "bad.score:5:7" in run("bad.score").err


def test_what_cannot_be_read_is_said_and_the_rest_is_done(run):
    Path("a.score").write_text(MESSY, encoding="utf-8")
    Path("utf16.score").write_bytes(MESSY.encode("utf-16"))
    Path("folder").mkdir()
    ran = run("missing.score", "utf16.score", "folder", "a.score")
    assert ran.code == 2
    assert "error: missing.score: No such file or directory" in ran.err
    assert "error: folder: this folder holds no .score files" in ran.err
    assert "UTF-16" in ran.err
    assert Path("a.score").read_text(encoding="utf-8") == TIDY
    assert Path("utf16.score").read_bytes() == MESSY.encode("utf-16")
    assert run().code == 2, "no file at all is wrong usage"


def test_a_folder_stands_for_the_models_below_it(run):
    for name in ("a.score", "b/c.score", "b/notes.txt"):
        path = Path("models", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MESSY, encoding="utf-8")
    names = [os.path.join("models", "a.score"), os.path.join("models", "b", "c.score")]
    assert run("--check", "models").out.splitlines() == [f"{name} would change" for name in names]
    assert run("models").err.splitlines() == [f"formatted {name}" for name in names]
    assert Path("models/b/notes.txt").read_text(encoding="utf-8") == MESSY
    assert run("--check", "models") == Ran(0, "", "")


def test_several_errors_are_counted(run):
    Path("bad.score").write_text(BROKEN + "+1 iff b = 2\n", encoding="utf-8")
    assert "bad.score: 2 statements with errors were left as written" in run("bad.score").err


def test_links_and_permissions_stay(run):
    Path("models").mkdir()
    target = Path("models/a.score")
    target.write_text(MESSY, encoding="utf-8")
    target.chmod(0o640)
    Path("link.score").symlink_to("models/a.score")
    assert run("link.score").code == 0
    assert Path("link.score").is_symlink()
    assert target.read_text(encoding="utf-8") == TIDY
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir("models") == ["a.score"]


def test_a_file_that_cannot_be_written_stays_whole(run, monkeypatch):
    def fails(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    Path("a.score").write_text(MESSY, encoding="utf-8")
    monkeypatch.setattr(os, "replace", fails)
    assert run("a.score") == Ran(2, "", "error: a.score: No space left on device\n")
    assert Path("a.score").read_text(encoding="utf-8") == MESSY
    assert os.listdir() == ["a.score"], "nothing half-written is left"
