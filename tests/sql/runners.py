"""What a database has to do for the vectors: evaluate expressions over rows that it is given.

An engine is a module `tests/sql/NAME_runner.py` with one function::

    @contextlib.contextmanager
    def start(unavailable: Callable[[str], NoReturn]) -> Iterator[Runner]

which starts what it needs, hands out a runner and ends what it started; `unavailable(reason)` is
for a machine that lacks something (see tests/conftest.py). The fixture `runner` of
tests/sql/conftest.py is each engine of `ENGINES` in turn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from leadscore.targets.sql.dialect import ColumnKind, Dialect

ENGINES = ("duckdb", "postgres", "spark")

Columns = Mapping[str, tuple[ColumnKind, Sequence[Any]]]
"""For each column its kind and its values, one a row; all columns have as many.

Values are of `str`, `int`, `float` (also infinite ones and NaN, which are not NULL), `bool`,
`datetime.date`, `datetime.datetime` without an offset (`timestamp`) and with UTC (`instant`), or
None, NULL, in any of them. Dates are of the years 1 to 9999; times have microseconds. Texts may
have any character but lone surrogates, U+0000 only where `Runner.nul` says so.
"""


class Runner(ABC):
    """A database that is there, and the dialect that it speaks.

    Names of columns are lower-case ASCII letters and digits, and no word of SQL: expressions have
    them as they are, without quotes. The rows are those of a table, not of a list of literals, so
    that an engine evaluates expressions as it would over data, and folds no constants.
    """

    dialect: Dialect
    nul: ClassVar[bool] = False
    """Whether texts may hold U+0000."""
    unicode: ClassVar[tuple[int, int]]
    """The oldest version of Unicode, 13.0 or later, whose letters the engine has."""

    @abstractmethod
    def rows(self, expressions: Sequence[str], columns: Columns) -> list[tuple[Any, ...]]:
        """The values of all `expressions` for each row, in the order of the rows.

        Values are plain Python: `str`, `bool`, `float`, None for NULL, and `int` for integers of
        every width (wide ones too, whatever the driver makes of them).
        """

    @abstractmethod
    def aggregates(self, expressions: Sequence[str], columns: Columns) -> tuple[Any, ...]:
        """The one row that aggregating `expressions` over all rows give; values as in `rows`.

        There may be no rows at all.
        """

    def evaluate(self, expression: str, columns: Columns) -> list[Any]:
        """The value of one expression for each row."""
        return [row[0] for row in self.rows([expression], columns)]
