"""The exception for what a call cannot do; it never leaves the package."""

from __future__ import annotations

MARK = "LEADSCORE: "
"""What every text begins with that stands in place of an answer."""

_LONGEST = 1000
"""Characters of such a text; a cell holds 32,767, and nobody reads that many."""


class Trouble(Exception):
    """A call, or one row of it, cannot be answered; `str()` is one sentence or two, for people."""


def told(trouble: object) -> str:
    """The text of a cell for what went wrong, on one line."""
    text = " ".join(str(trouble).split())
    return MARK + (text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
