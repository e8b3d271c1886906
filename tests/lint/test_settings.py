"""Which findings are reported: `Choice`, and the files that it is read from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadscore import rulebook
from leadscore.errors import DataError
from leadscore.lint.choice import Choice
from leadscore.settings import Reader, Settings, codes_of, fits

CODES = rulebook.optional()
SOME = st.lists(st.sampled_from(["L", "W", "L1", "L2", "L10", "L101", "L201", "W301"]), max_size=4)
each_code = st.sampled_from(["L001", "L101", "L102", "L201", "W301"])


@pytest.fixture
def reader() -> Reader:
    return Reader(CODES)


@given(SOME.map(tuple), SOME.map(tuple), SOME.map(tuple), each_code)
def test_the_longest_beginning_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], never: tuple[str, ...], code: str
) -> None:
    def longest(beginnings: tuple[str, ...]) -> int:
        return max((len(each) for each in beginnings if code.startswith(each)), default=-1)

    choice = Choice(select, ignore)
    assert choice.takes(code) == (longest(select) > longest(ignore))
    assert choice.without(never).takes(code) == (choice.takes(code) and longest(never) < 0)


def test_by_default_all_are_reported() -> None:
    assert all(Choice().takes(code) for code in CODES)
    assert not Choice(ignore=("L1",)).takes("L101")
    assert Choice(("L", "L101"), ("L1",)).takes("L101")


def test_the_nearest_file_counts(reader: Reader, tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.leadscore.lint]\nignore = ["L1"]\n')
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")  # says nothing to us
    assert reader.of(deep).ignore == ("L1",)
    (tmp_path / "a" / "b" / "leadscore.toml").write_text('[lint]\nignore = ["l201"]\n')
    (tmp_path / "a" / "b" / "pyproject.toml").write_text("[tool.leadscore.lint]\n")
    assert reader.of(deep).ignore == ("L1",)  # it is read once
    again = Reader(CODES)
    assert again.of(deep).ignore == ("L201",)  # its own file goes before the shared one
    assert again.of(tmp_path / "a").ignore == ("L1",)
    assert again.of(deep).folder == (tmp_path / "a" / "b").resolve()


def test_without_a_file_the_defaults_hold(reader: Reader, tmp_path: Path) -> None:
    assert reader.of(tmp_path) == Settings()
    assert Settings().choice(None) == Choice()


def test_codes_of_files(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "leadscore.toml"
    path.write_text(
        '[lint]\nselect = ["L", "W"]\n[lint.per-file-ignores]\n'
        '"drafts/**" = ["L1"]\n"old_*.score" = ["L", "W"]\n'
    )
    settings = reader.file(path)
    assert settings.choice(tmp_path / "new.score").takes("L101")
    assert not settings.choice(tmp_path / "drafts" / "x" / "new.score").takes("L101")
    assert settings.choice(tmp_path / "drafts" / "new.score").takes("L201")
    assert not settings.choice(tmp_path / "drafts" / "old_a.score").takes("L201")
    assert settings.choice(None).takes("L101")


@pytest.mark.parametrize(
    ("path", "pattern", "fitting"),
    [
        ("a.score", "a.score", True),
        ("x/a.score", "a.score", True),
        ("x/a.score", "/a.score", False),
        ("x/a.score", "./a.score", False),
        ("x/a.score", "x/*.score", True),
        ("x/y/a.score", "x/*.score", False),
        ("x/y/a.score", "x/**/*.score", True),
        ("x/a.score", "x/**/*.score", True),
        ("x/y/z/a.score", "**/z/*", True),
        ("x/y/z/a.score", "**/y", False),
        ("x/a.score", "x", False),
        ("x/a.score", "x/**", True),
        ("a.score", "[ab].sc?re", True),
        ("../a.score", "**", False),
    ],
)
def test_patterns(tmp_path: Path, path: str, pattern: str, fitting: bool) -> None:
    folder = tmp_path.resolve()
    assert fits(folder / path, pattern, folder) == fitting


def test_patterns_take_no_exponential_time(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    assert not fits(folder / ("x/" * 100 + "a"), "**/x/" * 60 + "b", folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lint\n", "this is not TOML: "),
        ("[lint]\nselect = 5\n", 'lint.select is a list of codes, such as ["L1", "L203"]'),
        ("[lint]\nignore = [5]\n", "lint.ignore is a list of codes"),
        (
            '[lint]\nignore = ["L1O1"]\n',
            "lint.ignore: 'L1O1' is no code of a finding; did you mean",
        ),
        ('[lint]\nignore = [""]\n', "lint.ignore: '' is no code of a finding"),
        ('[lint]\nignore = ["E102"]\n', "lint.ignore: 'E102': errors are always reported"),
        ('[lint]\nselcet = ["L"]\n', "no setting lint.selcet; did you mean 'select'?"),
        ("lint = 5\n", "lint is a table: [lint]"),
        ("[lnt]\n", "there is no setting lnt; did you mean 'lint'?"),
        ("[lint]\nper-file-ignores = []\n", "lint.per-file-ignores is a table"),
        ('[lint.per-file-ignores]\n"a" = "L1"\n', 'lint.per-file-ignores."a" is a list of codes'),
    ],
)
def test_mistakes_are_named(reader: Reader, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "leadscore.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        reader.of(tmp_path)
    assert str(caught.value).startswith(f"{path.resolve()}: ")
    assert said in str(caught.value)


def test_mistakes_in_the_shared_file_are_named_by_their_whole_names(
    reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.leadscore.lint]\nignroe = ["L1"]\n')
    with pytest.raises(DataError, match=r"no setting tool\.leadscore\.lint\.ignroe"):
        reader.of(tmp_path)
    path.write_text("tool = 5\n")
    assert reader.of(tmp_path) == Settings()


def test_a_file_in_another_encoding_or_with_deep_nesting(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "leadscore.toml"
    depth = sys.getrecursionlimit() * 2
    for data in (b"\xff\xfe", b"lint = " + b"[" * depth + b"]" * depth):
        path.write_bytes(data)
        with pytest.raises(DataError, match="this is not TOML"):
            reader.of(tmp_path)


def test_codes_are_written_in_any_case() -> None:
    assert codes_of([" l1", "W301 "], CODES) == ("L1", "W301")
