"""`leadscore addin`: the settings, and the workbook that is ready to use."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

import leadscore
import leadscore_excel
from leadscore.cli.main import main
from leadscore_excel import starter
from leadscore_excel.config import Config, read


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without settings."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.delenv("LEADSCORE_ADDIN_CONFIG")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["addin", *arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return int(ended.value.code or 0), out, err


def test_install(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "install")
    assert code == 0
    models = home / "leadscore"
    assert read(home / ".leadscore" / "addin.toml") == Config((str(models),))
    assert (models / "leadscore.xlsm").is_file()
    assert f"Workbook: {models / 'leadscore.xlsm'}\n" in out
    assert "xlwings addin install" in out
    assert ("Excel on Windows only" in err) == (sys.platform != "win32")
    assert [path.name for path in models.iterdir()] == ["leadscore.xlsm"]


def test_install_again_adds_folders_and_keeps_the_workbook(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = home / "one", home / "two"
    assert run(capsys, "install", "--folder", str(first), "--time-zone", "Europe/Berlin")[0] == 0
    code, _, err = run(capsys, "install", "--folder", str(first))
    assert code == 2
    assert "is there already. Replace it with --force" in err
    before = (first / "leadscore.xlsm").stat().st_mtime_ns
    arguments = ("install", "--folder", str(second), "--time-pattern", "M/D/YY", "--no-workbook")
    assert run(capsys, *arguments)[0] == 0
    config = read(home / ".leadscore" / "addin.toml")
    assert config == Config((str(second), str(first)), True, "Europe/Berlin", "M/D/YY")
    assert (first / "leadscore.xlsm").stat().st_mtime_ns == before
    book = second / "mine.xlsm"
    assert run(capsys, "install", "--workbook", str(book))[0] == 0
    assert run(capsys, "install", "--workbook", str(book), "--force")[0] == 0
    assert book.is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--time-zone", "Mars"), "'Mars' is not a time zone"),
        (("--time-pattern", "D.M"), "the pattern has no year"),
        (("--workbook", "a.xlsx"), "its name ends in .xlsm"),
        (("--workbook", "a.xlsm", "--no-workbook"), "cannot both be meant"),
        (("--folder", "FILE"), "is a file"),
    ],
)
def test_wrong_usage_writes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: Any, says: str
) -> None:
    (home / "file").write_text("")
    given = [str(home / "file") if word == "FILE" else word for word in arguments]
    code, _, err = run(capsys, "install", *given)
    assert code == 2
    assert says in err
    assert [path.name for path in home.iterdir()] == ["file"]


def test_without_xlwings(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "find_spec", lambda name: None)
    code, _, err = run(capsys, "install")
    assert code == 2
    assert "xlwings is not installed" in err
    assert "pip install 'leadscore[excel]'" in err
    assert list(home.iterdir()) == []
    assert run(capsys, "install", "--no-workbook")[0] == 0


def test_broken_settings_are_not_overwritten(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / ".leadscore" / "addin.toml"
    path.parent.mkdir()
    path.write_text("folders = [", encoding="utf-8")
    for command in ("install", "show"):
        code, _, err = run(capsys, command)
        assert code == 2
        assert "cannot be used" in err
        assert "Correct the file, or delete it" in err
    assert path.read_text(encoding="utf-8") == "folders = ["


def test_show(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show")
    assert code == 1
    assert "(not there; these are the defaults)" in out
    assert f"Models are read from: {home / 'leadscore'} (not there)" in out
    assert run(capsys, "install", "--no-workbook", "--time-pattern", "D.M.YYYY")[0] == 0
    code, out, _ = run(capsys, "show")
    assert code == 0
    assert out == (
        f"Settings: {home / '.leadscore' / 'addin.toml'}\n"
        f"Models are read from: {home / 'leadscore'}\n"
        "Models are read from: the folder of the workbook\n"
        "Time zone: that of the computer\n"
        "Times of events are written as: D.M.YYYY\n"
        "xlwings, for Excel on Windows: installed\n"
    )


# The workbook


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "leadscore.xlsm"
    starter.make(path, "C:\\Python\\python.exe")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(starter.template()) as original:
        # Its macros, with the reference to xlwings' add-in, are those of xlwings.
        part = "xl/vbaProject.bin"
        assert archive.read(part) == original.read(part)
        assert "macroEnabled" in archive.read("[Content_Types].xml").decode()
    return load_workbook(path, keep_vba=True)


def test_the_settings_of_xlwings(book: Any) -> None:
    rows = {row[0]: row[1] for row in book["xlwings.conf"].iter_rows(values_only=True)}
    assert rows == {
        "Interpreter_Win": "C:\\Python\\python.exe",
        "UDF Modules": "leadscore_excel.xlwings_udfs",
        "Add_Workbook_to_Pythonpath": "false",
    }
    # The macros refer to both sheets of the template by these names.
    assert book["xlwings.conf"].sheet_properties.codeName == "Sheet2"
    assert book["Start"].sheet_properties.codeName == "Sheet1"


CALL = re.compile(r"=(LEADSCORE\w*)\((.*)\)")


def computed(book: Any, formula: str) -> Any:
    """What a formula of the workbook gives: its ranges are read, and its function is called."""
    found = CALL.fullmatch(formula)
    assert found is not None, formula
    arguments = [value_of(book, text) for text in parts(found[2])]
    run = next(one.run for one in leadscore_excel.FUNCTIONS if one.name == found[1])
    return run(*arguments)


def parts(arguments: str) -> list[str]:
    """The arguments of a call, at the commas outside of parentheses."""
    found, depth = [""], 0
    for character in arguments:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


def value_of(book: Any, text: str) -> Any:
    if not text:
        return None
    if text.startswith("INDEX("):  # the row of the lead that is chosen
        chosen = book["Why"]["B1"].value
        return next(row for row in starter.LEADS if row[0] == chosen)
    sheet, place = text.split("!")
    cells = book[sheet][place.replace("$", "")]
    if not isinstance(cells, tuple):
        return cells.value
    return tuple(tuple(cell.value for cell in row) for row in cells)


def formulas(book: Any) -> dict[str, tuple[str, str]]:
    """The formulas of the workbook by their place, with the range that they fill."""
    found = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                place = f"{sheet.title}!{cell.coordinate}"
                if isinstance(cell.value, ArrayFormula):
                    found[place] = (str(cell.value.text), str(cell.value.ref))
                elif isinstance(cell.value, str) and cell.value.startswith("="):
                    found[place] = (cell.value, cell.coordinate)
    return found


def test_its_formulas_give_what_the_model_gives(book: Any) -> None:
    found = formulas(book)
    assert set(found) == {"Model!C2", "Leads!F1", "Why!A3"}
    assert computed(book, found["Model!C2"][0]) == [["OK"]]

    formula, place = found["Leads!F1"]
    grid = computed(book, formula)
    assert place == f"F1:I{len(grid)}"
    assert grid[0] == ["score", "label", "fit", "engagement"]
    model = leadscore.loads(starter.MODEL)
    names = [str(name) for name in starter.EVENTS[0]]
    for row, got in zip(starter.LEADS[1:], grid[1:], strict=True):
        lead = dict(zip(map(str, starter.LEADS[0]), row, strict=True))
        events = [dict(zip(names, e, strict=True)) for e in starter.EVENTS[1:] if e[0] == row[0]]
        result = model.score(lead, events, as_of=starter.AS_OF)
        assert got == [float(result.score or 0), result.label, result.fit, result.engagement]
    assert grid[1] == [57.0, "Call now", 30.0, 27.0]
    assert len({row[1] for row in grid[1:]}) == 2, "an example shows both labels"

    formula, place = found["Why!A3"]
    receipt = computed(book, formula)
    assert ["score", "", "", "", "", 57.0] in receipt
    first, last = re.findall(r"\d+", place)
    assert len(receipt) <= int(last) - int(first) + 1


def test_lines_of_the_model_are_texts(book: Any) -> None:
    cells = [cell for (cell,) in book["Model"]["A1:A40"]]
    assert {cell.number_format for cell in cells} == {"@"}
    assert all(cell.data_type == "s" for cell in cells if cell.value)
    assert "\n".join(cell.value or "" for cell in cells).rstrip() == starter.MODEL.rstrip()
