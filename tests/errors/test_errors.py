"""Every error: where it stands, what people read of it, and that its fixes mend it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.syntax.texts import applied

import leadscore
from leadscore.analysis import Analysis, analyse
from leadscore.diagnostics import CATALOG, Diagnostic, page
from leadscore.syntax.document import parse

HERE = Path(__file__).parent
UPDATE = os.environ.get("LEADSCORE_UPDATE_PAGES") == "1"
OUTSIDE = {"S011", "T401", "T402"}
"""Codes that no text can have by itself: the file cannot be read as one, or a target decides."""

_EXPECTED = re.compile(r'([SEW][0-9]{3}) "(.*)"')


@dataclass(frozen=True, slots=True)
class Program:
    """One text, and what is expected of it: line, code and the beginning of the message."""

    file: str
    number: int
    text: str
    expected: tuple[tuple[int, str, str], ...]

    def analysis(self) -> Analysis:
        return analyse(parse(self.text, f"{self.file}.score"))


def programs() -> Iterator[Program]:
    for path in sorted((HERE / "programs").glob("*.score")):
        chunks = re.split(r"^---\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number, chunk in enumerate(chunks, 1):
            lines: list[str] = []
            expected: list[tuple[int, str, str]] = []
            for place, line in enumerate(chunk.splitlines(), 1):
                text, *marks = re.split(r"\s*###\s*", line)
                lines.append(text)
                for mark in marks:
                    found = _EXPECTED.fullmatch(mark)
                    assert found is not None, f"{path.name}: {line}"
                    expected.append((place, *found.groups()))  # type: ignore[arg-type]  # two groups
            yield Program(path.stem, number, "\n".join(lines) + "\n", tuple(expected))


PROGRAMS = tuple(programs())
FILES = tuple(dict.fromkeys(program.file for program in PROGRAMS))


def placed(analysis: Analysis) -> list[tuple[int, Diagnostic]]:
    source = analysis.document.source
    return [(source.place(found.span.start)[0], found) for found in analysis.diagnostics]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.file}-{p.number}")
def test_errors_are_where_they_should_be(program: Program) -> None:
    found = [(line, d.code, d.message) for line, d in placed(program.analysis())]
    begun = [
        (line, code, message[: len(start)])
        for (line, code, message), (_, _, start) in zip(found, program.expected, strict=False)
    ]
    assert (len(found), begun) == (len(program.expected), list(program.expected)), found


def test_every_code_is_expected_somewhere() -> None:
    seen = {code for program in PROGRAMS for _, code, _ in program.expected}
    assert seen == set(CATALOG) - OUTSIDE


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.file}-{p.number}")
def test_every_fix_mends_its_error_and_makes_no_other(program: Program) -> None:
    before = program.analysis()
    counts = Counter(d.code for d in before.diagnostics)
    for line, found in placed(before):
        for fix in found.fixes:
            text = applied(program.text, fix)
            after = analyse(parse(text))
            left = [(at, d.code, d.message) for at, d in placed(after)]
            assert (line, found.code, found.message) not in left, (fix.title, text)
            # A statement that parses again may now show what its error hid; nothing else may.
            new = Counter(d.code for d in after.diagnostics) - counts
            same_line = Counter(d.code for at, d in placed(after) if at == line)
            assert not new - same_line, (fix.title, new, text)
            if fix.safe:
                assert sum(same_line.values()) <= sum(at == line for at, _ in placed(before)), text


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.file}-{p.number}")
def test_what_people_read_is_well_formed(program: Program) -> None:
    for _, found in placed(program.analysis()):
        assert found.message[0] in "`" or found.message[0].isupper() or found.message[0].isdigit()
        assert not found.message.endswith(".")
        assert "  " not in found.message
        assert not found.label.endswith(".")
        assert found.label, found
        assert not found.hint or found.hint.endswith((".", "?")), found.hint
        assert found.span.end > found.span.start
        assert all(fix.title and fix.edits for fix in found.fixes)
        assert not re.search(r"__|LPAR|lessthan|\$END|[A-Z]{4,}(?<!YYYY)", found.label), found.label


# Snapshots


def pages(file: str) -> str:
    parts = []
    for program in PROGRAMS:
        if program.file != file:
            continue
        analysis = program.analysis()
        for found in analysis.diagnostics:
            shown = page(found, analysis.document.source)
            fixes = "".join(
                f"\n  {'safe fix' if fix.safe else 'fix'}: {fix.title}" for fix in found.fixes
            )
            parts.append(shown + fixes)
    return "\n\n".join(parts) + "\n"


def compare(path: Path, text: str) -> None:
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("file", FILES)
def test_pages(file: str) -> None:
    compare(HERE / "pages" / f"{file}.txt", pages(file))


def test_no_page_is_left_over() -> None:
    assert {path.stem for path in (HERE / "pages").glob("*.txt")} == {*FILES, "files"}


def test_pages_of_files_that_are_no_text(tmp_path: Path) -> None:
    parts = []
    for name, data in {
        "latin.score": 'score "A"\ngroup "Größe"\n'.encode("latin-1"),
        "utf16.score": 'score "A"\n'.encode("utf-16"),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(leadscore.ScoreSyntaxError) as caught:
            leadscore.load(path)
        assert [d.code for d in caught.value.diagnostics] == ["S011"]
        parts.append(str(caught.value).replace(str(path), name))
    compare(HERE / "pages" / "files.txt", "\n\n".join(parts) + "\n")


def test_colors_only_where_they_are_asked_for() -> None:
    analysis = PROGRAMS[0].analysis()
    found, source = analysis.diagnostics[0], analysis.document.source
    plain, colored = page(found, source), page(found, source, color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_wide_and_combining_characters_keep_the_carets_in_place() -> None:
    analysis = analyse(parse('score "A"\ngroup "件数 é"\n  +1 if 件数 iss 1\n'))
    *_, text, carets = page(analysis.diagnostics[0], analysis.document.source).split("\n")
    assert text.index("iss") + 2 == carets.index("^")
