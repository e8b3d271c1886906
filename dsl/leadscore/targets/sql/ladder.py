"""A ladder of selects: each adds columns to those before it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from leadscore.targets.sql.query import Names, Select


class Ladder:
    """Selects of which each takes all columns of the one before and adds some.

    A column is made on the lowest rung that is above everything that it looks at. Rungs without a
    column or a test of their own are left out.
    """

    def __init__(self, base: Select, rungs: Sequence[str], names: Names) -> None:
        """`base` is the first select; `rungs` are the names of those above it."""
        self._names = names
        self.rungs = [base]
        for name in rungs:
            self.rung(name)
        self._levels: dict[str, int] = {}

    def rung(self, name: str, *notes: str) -> Select:
        """A new rung on top."""
        select = Select(name, self.rungs[-1].name, self._names, "*", list(notes))
        self.rungs.append(select)
        return select

    def add(self, expression: str, stem: str, looks_at: Sequence[str] = (), note: str = "") -> str:
        """The name of a column; `looks_at` are the ladder's own columns in its expression."""
        level = 1 + max((self._levels.get(name, 0) for name in looks_at), default=-1)
        name = self.rungs[level].add(expression, stem, note)
        self._levels[name] = level
        return name

    def selects(self) -> list[Select]:
        """The rungs that have columns, linked; the last is the name to select from."""
        used = [self.rungs[0], *(rung for rung in self.rungs[1:] if rung.columns or rung.where)]
        for below, above in itertools.pairwise(used):
            if not above.pinned:
                above.source = below.name
        return used
