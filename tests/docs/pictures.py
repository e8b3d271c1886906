"""The pictures of terminal output in the pages, made by running what they show in a terminal.

A page asks for a picture by an image of ``pictures/NAME.svg``; the first `console` block under the
image is what it shows, in words. `make pictures` writes all of them anew.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import textwrap
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from tests.docs.pages import ROOT, Block, Page, pages
from tests.docs.sessions import Session

FOLDER = ROOT / "docs" / "pictures"
WIDTH = 80
"""Columns of the terminal, as in the sessions of the pages."""

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(pictures/(?P<name>[\w-]+\.svg)\)")
_CELL = 20 * 0.61
"""Width of a character in Rich's pictures."""

# A dark card, which reads well on light and on dark pages: each color has a contrast of at least
# 4.5 to 1 against the background.
_THEME = TerminalTheme(
    (30, 34, 42),
    (220, 223, 228),
    [
        (30, 34, 42),
        (255, 123, 123),
        (138, 206, 120),
        (229, 192, 123),
        (110, 180, 255),
        (214, 146, 236),
        (94, 204, 214),
        (220, 223, 228),
    ],
)

# Rich's own template takes a font from the web.
_TEMPLATE = """\
<svg viewBox="0 0 {width} {height}" role="img" aria-label="LABEL" xmlns="http://www.w3.org/2000/svg">
<title>LABEL</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a page shows."""

    page: Page
    name: str
    """Its file in docs/pictures."""
    alt: str
    block: Block
    """The session that it is a picture of."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / self.name


def pictures() -> Iterator[Picture]:
    """The pictures of all pages. Raises ValueError for an image with no session under it."""
    for page in pages():
        for number, line in enumerate(page.path.read_text(encoding="utf-8").split("\n"), 1):
            for found in _IMAGE.finditer(line):
                below = (b for b in page.blocks if b.kind == "console" and b.line > number)
                block = next(below, None)
                if block is None:
                    raise ValueError(f"{page.name}:{number}: no session under this picture")
                yield Picture(page, found["name"], found["alt"], block)


def drawn(picture: Picture) -> str:
    """The SVG of a picture: the page up to there is run, and its session in a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder))
        for block in picture.page.blocks:
            if block == picture.block:
                break
            session.run(block)
        screen = ""
        for line in picture.block.text.split("\n"):
            if line.startswith("$ "):
                screen += "".join(f"\x1b[1m{part}\x1b[0m\n" for part in folded(line))
                screen += _in_terminal(line[2:], Path(folder))
    return _svg(screen, picture)


def folded(command: str) -> list[str]:
    """The lines of a command in a picture; what it prints keeps its lines, however long."""
    return textwrap.wrap(command, WIDTH, subsequent_indent="    ", break_on_hyphens=False)


def _in_terminal(command: str, folder: Path) -> str:
    """What a `leadscore` command writes to a terminal, both streams, with its ANSI sequences."""
    program, *arguments = shlex.split(command)
    if program != "leadscore":
        raise ValueError(f"a picture can show leadscore only, not: {command}")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    colorless = ("NO_COLOR", "FORCE_COLOR", "CI")
    environment = {key: value for key, value in os.environ.items() if key not in colorless}
    environment |= {"TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    process = subprocess.Popen(
        [sys.executable, "-m", "leadscore", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:  # how Linux says that the last writer has closed its end
        pass
    finally:
        os.close(ours)
        process.wait()
    return written.decode("utf-8").replace("\r\n", "\n")


def _svg(screen: str, picture: Picture) -> str:
    lines = Text.from_ansi(screen.rstrip("\n"))
    console = Console(
        record=True,
        width=max(WIDTH, *(cell_len(line) for line in lines.plain.split("\n"))),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        highlight=False,
    )
    console.print(lines)
    template = _TEMPLATE.replace("LABEL", escape(picture.alt).replace("{", "{{").replace("}", "}}"))
    made = console.export_svg(
        title="", theme=_THEME, code_format=template, unique_id=picture.path.stem
    )
    # A line a text, so that a change of one line is that in Git too.
    made = made.replace("</text><text", "</text>\n<text")
    return "\n".join(line.rstrip() for line in made.split("\n") if line.strip()) + "\n"


def words(svg: str) -> str:
    """The text of a picture, each character in its column."""
    rows: dict[float, str] = {}
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        height, column = float(element.attrib["y"]), round(float(element.attrib["x"]) / _CELL)
        so_far = rows.get(height, "").ljust(column)
        rows[height] = so_far + (element.text or "").replace("\xa0", " ")
    step = 20 * 1.22
    last = max((round((height - 20) / step) for height in rows), default=-1)
    by_line = {round((height - 20) / step): text.rstrip() for height, text in rows.items()}
    return "\n".join(by_line.get(number, "") for number in range(last + 1))


def main() -> None:
    """Write all pictures, and remove those that no page shows."""
    os.environ["COLUMNS"] = str(WIDTH)
    FOLDER.mkdir(exist_ok=True)
    wanted = {picture.path: drawn(picture) for picture in pictures()}
    for path in set(FOLDER.glob("*.svg")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
