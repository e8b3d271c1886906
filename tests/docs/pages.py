"""Reading the pages of the documentation: blocks, tables under them, headings, links.

What each kind of block means is said in README.md beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CHECKED_ELSEWHERE = {
    "docs/architecture.md": "a drawing of the packages",
    "docs/performance.md": "measurements, which differ from run to run",
    "docs/spark.md": "it needs Spark: test_spark_page.py runs it where that is",
}
"""Pages whose blocks are not run; their links are checked all the same."""

_FENCE = re.compile(r"(?P<indent> *)```(?P<info>.*)")
_FILE_NAME = re.compile(r"`(?P<name>[\w.-]+\.\w+)`[^`]*:\s*\Z")
_HEADING = re.compile(r"(#+) +(?P<title>.+?) *#*\Z")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of Markdown: the cells of its header, and of its rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    page: str
    line: int
    """The line of its first line of text, counted from 1."""
    kind: str
    text: str
    file: str | None
    """The file that the line above names, as in ``In `contact.score`:``."""
    table: Table | None
    """The table right under it."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    name: str
    path: Path
    blocks: tuple[Block, ...]
    headings: tuple[str, ...]
    tables: tuple[Table, ...]
    links: tuple[tuple[int, str], ...]
    sections: dict[str, str] = field(hash=False)
    """The text under each heading, up to the next one; without blocks."""

    @property
    def anchors(self) -> set[str]:
        """The anchors of its headings, as GitHub makes them."""
        seen: dict[str, int] = {}
        anchors: set[str] = set()
        for title in self.headings:
            slug = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-")
            again = seen.get(slug, 0)
            seen[slug] = again + 1
            anchors.add(f"{slug}-{again}" if again else slug)
        return anchors


@cache
def pages() -> tuple[Page, ...]:
    """README.md and all pages of docs/."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return tuple(read(path) for path in paths)


def page(name: str) -> Page:
    """The page with a name such as ``docs/cli.md``."""
    return next(page for page in pages() if page.name == name)


def run_blocks(*kinds: str) -> Iterator[Block]:
    """The blocks of these kinds (none named: all), of all pages whose blocks are run."""
    for page in pages():
        if page.name not in CHECKED_ELSEWHERE:
            for block in page.blocks:
                if not kinds or block.kind in kinds:
                    yield block


def read(path: Path) -> Page:
    """Read a page. Raises ValueError where a block is not closed."""
    name = path.relative_to(ROOT).as_posix()
    lines = path.read_text(encoding="utf-8").split("\n")
    blocks: list[Block] = []
    headings: list[str] = []
    tables: list[Table] = []
    links: list[tuple[int, str]] = []
    sections: dict[str, list[str]] = {"": []}
    section = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = _FENCE.fullmatch(line)
        if fence:
            indent = len(fence["indent"])
            end = at + 1
            while end < len(lines) and lines[end].strip() != "```":
                end += 1
            if end == len(lines):
                raise ValueError(f"{name}:{at + 1}: this block is not closed")
            text = "".join(each[indent:] + "\n" for each in lines[at + 1 : end])
            above = next((each for each in reversed(lines[:at]) if each.strip()), "")
            named = _FILE_NAME.search(above)
            blocks.append(
                Block(
                    name,
                    at + 2,
                    fence["info"].strip(),
                    text,
                    named["name"] if named else None,
                    _table_under(lines, end + 1),
                )
            )
            at = end + 1
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            section = heading["title"]
            headings.append(section)
            sections.setdefault(section, [])
        if line.startswith("|") and (at == 0 or not lines[at - 1].startswith("|")):
            tables.append(_table(lines, at))
        sections[section].append(line)
        prose = re.sub(r"`[^`]*`", "", line)
        links += [(at + 1, found["target"]) for found in _LINK.finditer(prose)]
        at += 1
    return Page(
        name,
        path,
        tuple(blocks),
        tuple(headings),
        tuple(tables),
        tuple(links),
        {title: "\n".join(text) for title, text in sections.items()},
    )


def _table_under(lines: list[str], at: int) -> Table | None:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return _table(lines, at) if at < len(lines) and lines[at].startswith("|") else None


def _table(lines: list[str], at: int) -> Table:
    rows: list[tuple[str, ...]] = []
    line = at + 1
    while at < len(lines) and lines[at].startswith("|"):
        cells = re.split(r"(?<!\\)\|", lines[at].strip().strip("|"))
        rows.append(tuple(cell.strip().replace("\\|", "|") for cell in cells))
        at += 1
    return Table(rows[0], tuple(rows[2:]), line)
