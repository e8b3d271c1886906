"""The configuration of the add-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.excel.support import AS_OF, HEADERS, MODEL, ROWS, SCORES, Sheet, trouble

import leadscore_excel as x
from leadscore_excel import config
from leadscore_excel.config import Config


def test_without_a_file_the_user_s_models_folder_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADSCORE_ADDIN_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert config.load() == Config((str(tmp_path / "leadscore"),))
    (tmp_path / "leadscore").mkdir()
    (tmp_path / "leadscore" / "fit.score").write_text(MODEL, encoding="utf-8")
    assert x.score("fit.score", HEADERS, ROWS) == SCORES
    monkeypatch.delenv("LEADSCORE_ADDIN_CONFIG")
    assert config.config_path() == tmp_path / ".leadscore" / "addin.toml"


def test_a_change_is_seen_by_the_next_call(tmp_path: Path, config_file: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "fit.score").write_text(MODEL, encoding="utf-8")
    assert "no folder is allowed" in trouble(x.score("fit.score", HEADERS, ROWS))
    config_file.write_text(config.written(Config((str(tmp_path / "m"),))), encoding="utf-8")
    assert x.score("fit.score", HEADERS, ROWS) == SCORES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("folders = [", "Invalid value"),
        ("folders = 'a'", 'write folders = ["…", "…"]'),
        ("folders = ['models']", "give the whole path of the folder 'models'"),
        ("colour = 1", "there is no setting 'colour'; there are folders, workbook_folder"),
        ("workbook_folder = 1", "workbook_folder is true or false"),
        ("time_zone = 1", "time_zone is a text in quotes"),
        ("time_zone = 'Mars'", "'Mars' is not a time zone"),
        ("time_pattern = 'Q'", "`Q` is no part of a date pattern"),
        ("x = '" + "y" * 100_000 + "'", "it is too large"),
    ],
)
def test_a_broken_one_is_said_in_the_cell(config_file: Path, text: str, says: str) -> None:
    config_file.write_text(text, encoding="utf-8")
    assert says in trouble(x.score(MODEL, HEADERS, ROWS))


def test_one_that_is_no_text(config_file: Path) -> None:
    config_file.write_bytes(b"\xff\xfe")
    assert "it is not UTF-8 text" in trouble(x.score(MODEL, HEADERS, ROWS))


def test_the_time_zone_is_that_of_times_without_an_offset(config_file: Path) -> None:
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo" in the last 1 hour\n'
    events = [["id", "event", "time"], ["1", "Demo", "2026-01-31T10:30Z"]]
    call = (model, [["id"], ["1"]], None, events, None, "2026-01-31T11:30")
    config_file.write_text("time_zone = 'Europe/Berlin'\n", encoding="utf-8")
    assert x.score(*call) == [[1.0]]  # an hour ahead: it is now
    config_file.write_text("time_zone = 'UTC'\n", encoding="utf-8")
    assert x.score(*call) == [[1.0]]
    config_file.write_text("time_zone = 'Asia/Tokyo'\n", encoding="utf-8")
    assert x.score(*call) == [[0.0]]  # nine hours ahead: it is not yet


def test_the_pattern_of_times(config_file: Path) -> None:
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo"\n'
    events = [["id", "event", "time"], ["1", "Demo", "1/30/26 9:05"]]
    assert x.score(model, [["id"], ["1"]], None, events, None, AS_OF) == [[0.0]]
    config_file.write_text("time_pattern = 'M/D/YY h:mm'\n", encoding="utf-8")
    assert x.score(model, [["id"], ["1"]], None, events, None, AS_OF) == [[1.0]]


@given(
    st.lists(st.text(max_size=20).map(lambda name: str(Path.cwd() / f"x{name}"))),
    st.booleans(),
    st.sampled_from([None, "Europe/Berlin", 'odd "zone"\\\n']),
    st.sampled_from([None, "D.M.YYYY"]),
)
def test_what_is_written_is_what_is_read(
    folders: list[str], own: bool, zone: str | None, pattern: str | None
) -> None:
    import tempfile

    given = Config(
        tuple(one for one in folders if one.isascii() or _encodable(one)), own, zone, pattern
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "addin.toml"
        path.write_text(config.written(given), encoding="utf-8")
        assert config.read(path) == given


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def test_a_host_is_asked_for_its_folder_only_where_a_path_is_given() -> None:
    class Costly(Sheet):
        __slots__ = ()

        def workbook_folder(self) -> str | None:
            raise AssertionError("asked")

    assert x.score(MODEL, HEADERS, ROWS, host=Costly()) == SCORES
    ((text,),) = x.score("fit.score", HEADERS, ROWS, host=Costly())
    assert str(text).startswith("LEADSCORE: this should not happen (AssertionError: asked)")
