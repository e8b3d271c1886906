"""Names and texts as a model writes them: for fixes."""

from __future__ import annotations

import re

from leadscore.syntax.grammar import keywords

_SHOWN = 60
"""Characters of a text of the data that messages have."""
_BARE = re.compile(r"[^\W\d]\w*")


def quoted(text: str) -> str:
    """A text in quotes."""
    return '"' + text.replace('"', '""') + '"'


def name(text: str) -> str:
    """A name, in brackets where it needs them."""
    if _BARE.fullmatch(text) and text not in keywords():
        return text
    return "[" + text.replace("]", "]]") + "]"


def shown(text: str) -> str:
    """A text of the data in quotes, for a message: its start, without signs that cannot be seen."""
    visible = "".join(char if char.isprintable() else "\ufffd" for char in text[: _SHOWN + 1])
    return quoted(visible if len(visible) <= _SHOWN else visible[:_SHOWN] + "…")


def writable(text: str) -> bool:
    """Whether a text can stand in quotes or brackets: on one line."""
    return text.isprintable()
