"""Pages of Markdown for the terminal.

Only what pages of rules are made of: headings, paragraphs, lists and blocks of code. Rich renders
all of Markdown, and takes longer to import than everything else that is done here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_ITEM = re.compile(r"- |[0-9]+\. ")


def rendered(page: str, width: int, *, color: bool = False) -> str:
    """A page with its paragraphs wrapped to a width and its blocks indented."""
    return "\n".join(_lines(page.strip().split("\n"), max(width, 20), color)) + "\n"


def _lines(lines: list[str], width: int, color: bool) -> Iterator[str]:
    def paint(text: str, style: str) -> str:
        return f"{style}{text}{_END}" if color and text else text

    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("```"):
            while at < len(lines) and not lines[at].startswith("```"):
                yield paint(f"    {lines[at]}".rstrip(), _DIM)
                at += 1
            at += 1
        elif line.startswith("#"):
            yield paint(line.lstrip("#").strip(), _BOLD)
        elif not line.strip():
            yield ""
        else:
            words = [line]
            while at < len(lines) and _goes_on(lines[at]):
                words.append(lines[at].strip())
                at += 1
            hang = _ITEM.match(line)
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(words))
            yield from textwrap.wrap(
                text,
                width,
                subsequent_indent=" " * len(hang[0]) if hang else "",
                break_long_words=False,
                break_on_hyphens=False,
            )


def _goes_on(line: str) -> bool:
    """Whether a line carries on the paragraph above it."""
    return bool(line.strip()) and not line.startswith(("#", "```")) and not _ITEM.match(line)
