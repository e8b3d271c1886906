"""A path in a cell reaches model files in allowed folders, and nothing else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.excel.support import HEADERS, MODEL, ROWS, SCORES, Sheet, trouble

import leadscore_excel as x
from leadscore_excel.paths import read_model
from leadscore_excel.trouble import Trouble

SECRET = 'score "A secret"\ngroup "G"\n  +1 if secret is "hunter2"\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that is allowed, with a model; a secret is beside it."""
    allowed = tmp_path / "allowed"
    (allowed / "inner").mkdir(parents=True)
    (allowed / "fit.score").write_text(MODEL, encoding="utf-8")
    (allowed / "notes.txt").write_text(SECRET, encoding="utf-8")
    (allowed / "folder.score").mkdir()
    (tmp_path / "secret.score").write_text(SECRET, encoding="utf-8")
    (tmp_path / "allowed-too").mkdir()
    (tmp_path / "allowed-too" / "secret.score").write_text(SECRET, encoding="utf-8")
    return allowed


def asked(place: Path, path: str) -> str:
    return trouble(x.score(path, HEADERS, ROWS, host=Sheet(folder=str(place))))


def test_inside(place: Path) -> None:
    for path in ("fit.score", " fit.score ", "./fit.score", str(place / "fit.score")):
        assert x.score(path, HEADERS, ROWS, host=Sheet(folder=str(place))) == SCORES


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../secret.score", "a path must not lead up with .."),
        ("inner/../../secret.score", "a path must not lead up with .."),
        ("..\\secret.score", "a path must not lead up with .."),
        ("inner/../fit.score", "a path must not lead up with .."),
        ("//server/share/a.score", "models are not read from network shares"),
        ("\\\\server\\share\\a.score", "models are not read from network shares"),
        ("\\\\?\\C:\\a.score", "models are not read from network shares"),
        ("\\/server/a.score", "models are not read from network shares"),
        ("https://example.org/a.score", "models are not read from addresses on the network"),
        ("file:///etc/a.score", "models are not read from addresses on the network"),
        ("smb:a.score", "models are not read from addresses on the network"),
        ("inner/fit.score:stream.score", "it is no path of this computer"),
        ("fit.score:stream.score", "models are not read from addresses on the network"),
        ("nul.score", "it is no path of a file"),
        ("inner/CON.score", "it is no path of a file"),
        ("com1.fit.score", "it is no path of a file"),
        ("inner./fit.score", "it is no path of a file"),
        ("inner /fit.score", "it is no path of a file"),
        ("a\x00b.score", "it is no path"),
        ("a" * 2000 + ".score", "it is no path"),
    ],
)
def test_never(place: Path, path: str, why: str) -> None:
    text = asked(place, path)
    assert why in text
    assert "hunter2" not in text


@pytest.mark.skipif(os.name == "nt", reason="there, it is a path of this computer")
def test_a_drive_is_none_elsewhere(place: Path) -> None:
    assert "it is no path of this computer" in asked(place, "C:\\models\\fit.score")


def test_outside_says_the_same_of_what_is_there_and_what_is_not(place: Path) -> None:
    there = place.parent / "secret.score"
    nowhere = place.parent / "nothing.score"
    beside = place.parent / "allowed-too" / "secret.score"  # the same beginning, another folder
    texts = {
        asked(place, str(path)).replace(str(path), "PATH") for path in (there, nowhere, beside)
    }
    assert len(texts) == 1
    (text,) = texts
    assert text.startswith("LEADSCORE: there is no model PATH in the allowed folders")


def test_only_models(place: Path) -> None:
    assert "neither the text of a model" in asked(place, "notes.txt")
    assert "there is no model" in asked(place, "folder.score")
    assert "there is no model" in asked(place, "inner/fit.score")


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_links_that_lead_out(place: Path) -> None:
    (place / "link.score").symlink_to(place.parent / "secret.score")
    (place / "up").symlink_to(place.parent)
    (place / "disguised.score").symlink_to(place / "notes.txt")
    (place / "loop.score").symlink_to(place / "loop.score")
    for path in ("link.score", "up/secret.score", "disguised.score", "loop.score"):
        text = asked(place, path)
        assert "there is no model" in text or "cannot be read" in text
        assert "hunter2" not in text
    (place / "alias.score").symlink_to(place / "fit.score")
    assert x.score("alias.score", HEADERS, ROWS, host=Sheet(folder=str(place))) == SCORES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files there")
def test_a_pipe_does_not_hang_the_sheet(place: Path) -> None:
    os.mkfifo(place / "pipe.score")
    assert "there is no model" in asked(place, "pipe.score")


def test_files_that_are_no_models(place: Path) -> None:
    (place / "wide.score").write_bytes("score".encode("utf-16"))
    assert "The file is UTF-16; save it as UTF-8" in asked(place, "wide.score")
    (place / "large.score").write_bytes(b"#" * (32 * 2**20 + 1))
    assert "The file is too large" in asked(place, "large.score")


def test_no_folder_is_allowed() -> None:
    text = trouble(x.score("fit.score", HEADERS, ROWS))
    assert "no folder is allowed yet" in text


def test_the_workbook_s_folder_can_be_forbidden(place: Path, config_file: Path) -> None:
    config_file.write_text("folders = []\nworkbook_folder = false\n", encoding="utf-8")
    assert "no folder is allowed yet" in asked(place, "fit.score")


@given(
    st.lists(
        st.sampled_from(["..", ".", "", "/", "\\", "C:", "fit.score", "secret.score", "inner", "~",
                         "allowed", "%2e%2e", "\u2215", " ", "file:", "notes.txt", "\x00"]),
        max_size=6,
    ).map("".join)
)  # fmt: skip
def test_no_path_reaches_the_secret(path: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "allowed"
        (folder / "inner").mkdir(parents=True)
        (folder / "fit.score").write_text("fine", encoding="utf-8")
        (Path(name) / "secret.score").write_text("secret", encoding="utf-8")
        try:
            got = read_model(path, [str(folder)])
        except Trouble as trouble_:
            got = str(trouble_).replace(path, "")
    assert got == "fine" or "secret" not in got
