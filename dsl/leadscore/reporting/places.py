"""Paths and places in the forms that other programs want them in."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import quote

from leadscore.diagnostics import Source


def relative(name: str) -> str:
    """A path as it is seen from the working folder, with slashes.

    Its last part, where it cannot be seen from there.
    """
    path = name
    if os.path.isabs(name):
        try:
            path = os.path.relpath(name)
        except ValueError:  # another drive
            path = os.path.basename(name)
    return PurePath(path).as_posix()


def uri(name: str) -> str:
    """A path as a relative URI: no path of this machine, and everything unusual escaped."""
    text = quote(relative(name), safe="/-._~", errors="surrogateescape")
    return f"./{text}" if text.startswith("/") else text


def utf16(source: Source, offset: int) -> tuple[int, int]:
    """Line and column of a character, the column in the 16-bit units of UTF-16, both from 1."""
    line, column = source.place(offset)
    wide = _wide(source.text)
    return line, column + bisect_left(wide, offset) - bisect_left(wide, source.starts[line - 1])


@lru_cache(maxsize=1)
def _wide(text: str) -> tuple[int, ...]:
    """Where the characters stand that are two units of UTF-16."""
    return tuple(found.start() for found in re.finditer("[\U00010000-\U0010ffff]", text))
