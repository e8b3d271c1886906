"""The committed pictures show what the commands print now, and need nothing from elsewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from tests.docs.pages import ROOT
from tests.docs.pictures import FOLDER, Picture, drawn, folded, pictures, words

ALL = list(pictures())
each = pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.name)


def test_every_picture_is_shown_once() -> None:
    names = [picture.name for picture in ALL]
    assert sorted(names) == sorted(path.name for path in FOLDER.iterdir())
    assert len(names) >= 3


@each
def test_words(picture: Picture) -> None:
    """A reader who does not see the picture has the same text under it, which is run."""
    shown: list[str] = []
    for line in picture.block.text.rstrip().split("\n"):
        shown += folded(line) if line.startswith("$ ") else [line.rstrip()]
    assert words(picture.path.read_text(encoding="utf-8")).split("\n") == shown


@each
def test_current(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    committed = picture.path.read_text(encoding="utf-8")
    assert drawn(picture) == committed, f"{picture.name} is out of date: run make pictures"


@each
def test_needs_nothing_from_elsewhere(picture: Picture) -> None:
    text = picture.path.read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\"\s]*", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@font-face|@import|<script|<image|href|url\((?!#)", text)


@each
def test_is_described(picture: Picture) -> None:
    root = ElementTree.parse(picture.path).getroot()
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == root.attrib["aria-label"] == picture.alt
    assert len(picture.alt.split()) >= 5


def test_errors_are_in_color() -> None:
    (shown,) = (picture for picture in ALL if "error[" in picture.block.text)
    text = shown.path.read_text(encoding="utf-8")
    red = re.search(r"\.([\w-]+) \{ fill: #ff7b7b;font-weight: bold", text)
    assert red is not None
    assert f'class="{red[1]}"' in text.split("</style>")[1]


def test_make_has_them() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").split("\n")
    target = next(after for line, after in pairwise(lines) if line.startswith("pictures:"))
    assert "tests.docs.pictures" in target
