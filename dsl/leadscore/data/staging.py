"""Rows of Python values into a table of the store, where no type is known before the last row.

Every value is staged as its text, and which types were met is kept for each column: a column of
one type is then read back as that type, a column of several is text. The text of a number, a
boolean or a date is the language's own, so nothing changes by the way; a time that the language
reads to the second is kept with its fractions where all of the column are times.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from leadscore.data import kinds
from leadscore.data.store import Store, quoted
from leadscore.errors import DataError
from leadscore.values.text import trim

Progress = Callable[[int, int | None], None]
"""Called with the rows done, and all there are or None where that is not known."""

_BATCH = 20_000
_EXACT = 2**53
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_MOST_COLUMNS = 16_384
_FRACTION = re.compile(r"\.\d+")
_TEXTS = frozenset((str, type(None)))
_TIMES = frozenset((kinds.TIMESTAMP, kinds.INSTANT))
_HUGE = "HUGE"
"""Whole numbers that a double does not hold; a column of such and of fractions is text."""


class Stage:
    """A table of text columns that grows by rows, and by columns.

    Args:
        store: where the table is made.
        columns: the columns known beforehand.
        label: names the source in errors.
        fixed: every value is text already (None: unknown), so that types need no look.
    """

    def __init__(
        self, store: Store, columns: Sequence[str], label: str, *, fixed: bool = False
    ) -> None:
        self.name = store.name("stage")
        self.columns: list[str] = []
        self.rows = 0
        self._store = store
        self._label = label
        self._fixed = fixed
        self._kinds: list[set[str]] = []
        self._fractions: dict[int, str] = {}
        store.execute(f"CREATE TABLE {self.name} (nothing BOOLEAN)")
        self.widen(columns)

    def widen(self, names: Iterable[str]) -> None:
        """Add columns at the end; rows that are there have NULL in them."""
        for name in names:
            if len(self.columns) >= _MOST_COLUMNS:
                raise DataError(
                    f"{self._label}: there are more than {_MOST_COLUMNS:,} columns, so this is "
                    "no table of leads. Check that it is the right file."
                )
            self._store.execute(
                f"ALTER TABLE {self.name} ADD COLUMN c{len(self.columns)} {kinds.TEXT}"
            )
            self.columns.append(name)
            self._kinds.append(set())

    def fill(self, rows: Iterable[Sequence[object]], progress: Progress | None = None) -> None:
        """Append rows; each is as long as the columns, at the time of its batch, or shorter."""
        iterator = iter(rows)
        while batch := list(islice(iterator, _BATCH)):
            self.append(batch)
            if progress is not None:
                progress(self.rows, None)

    def append(self, batch: Sequence[Sequence[object]]) -> None:
        """Append one batch of rows, as `fill` does."""
        import pyarrow as pa

        width = len(self.columns)
        if any(len(row) != width for row in batch):
            batch = [(*row, *(None,) * (width - len(row))) for row in batch]
        arrays: dict[str, object] = {}
        for at, values in enumerate(zip(*batch, strict=True)):
            texts, cut = self._texts(at, values)
            arrays[f"c{at}"] = _text_array(texts)
            if cut is not None:
                arrays[self._fraction_column(at)] = _text_array(cut)
        names = list(arrays)
        table = pa.table(arrays or {"c": [None] * len(batch)})
        given = self._store.name("batch")
        connection = self._store.connection
        connection.register(given, table)
        try:
            listed = ", ".join(names) or "nothing"
            chosen = ", ".join(names) or "NULL"
            connection.execute(f"INSERT INTO {self.name} ({listed}) SELECT {chosen} FROM {given}")
        finally:
            connection.unregister(given)
        self.rows += len(batch)

    def _texts(
        self, column: int, values: Sequence[object]
    ) -> tuple[Sequence[str | None], Sequence[str | None] | None]:
        """The texts of values; and, if any is a time with fractions, those without them."""
        if self._fixed:
            return values, None  # type: ignore[return-value]  # that is what `fixed` promises
        met = self._kinds[column]
        if set(map(type, values)) <= _TEXTS:
            if any(values):
                met.add(kinds.TEXT)
            return values, None  # type: ignore[return-value]  # just looked
        pairs = [travelling(value) for value in values]
        met.update(kind for kind, _ in pairs if kind is not None)
        texts = [text for _, text in pairs]
        if met.isdisjoint(_TIMES):
            return texts, None
        cut = [to_the_second(*pair) for pair in pairs]
        return texts, None if cut == texts else cut

    def _fraction_column(self, at: int) -> str:
        """The column with the texts of column `at` for where it turns out to be of several types.

        NULL where they are the same.
        """
        if at not in self._fractions:
            self._fractions[at] = f"f{at}"
            self._store.execute(f"ALTER TABLE {self.name} ADD COLUMN f{at} {kinds.TEXT}")
        return self._fractions[at]

    def expressions(self) -> Iterator[tuple[str, str, kinds.OddDates | None]]:
        """For each column, the SQL for its values, their type, and how to find its odd dates."""
        for at, met in enumerate(self._kinds):
            kind = _kind_of(met)
            column = f"nullif({quoted(f'c{at}')}, '')"
            if kind == kinds.TEXT:
                if at in self._fractions:
                    column = f"coalesce({self._fractions[at]}, {column})"
                yield column, kind, None
            elif kind == kinds.BOOLEAN:
                yield f"({column} = 'true')", kind, None
            elif kind in (kinds.DATE, *_TIMES):
                typed = f"CAST({column} AS {kind})"
                yield kinds.plain(typed, kind)[0], kind, kinds.odd_dates(typed, kind)
            else:
                yield f"CAST({column} AS {kind})", kind, None


def travelling(value: object) -> tuple[str | None, str | None]:
    """The type that `value` travels in, and its text; (None, None) where it is unknown."""
    if value is None:
        return None, None
    if isinstance(value, str):
        return (kinds.TEXT, value) if trim(value) else (None, None)
    if isinstance(value, bool):
        return kinds.BOOLEAN, "true" if value else "false"
    if isinstance(value, int):
        if _SMALLEST <= value <= _LARGEST:
            return (kinds.INTEGER if abs(value) <= _EXACT else _HUGE), str(value)
        return kinds.TEXT, f"{value:d}"
    if isinstance(value, float):
        if not math.isfinite(value):
            return None, None
        if value.is_integer() and abs(value) <= _EXACT:
            return kinds.INTEGER, str(int(value))
        return kinds.DOUBLE, repr(value)
    return _text_of_rarer(value)


def to_the_second(kind: str | None, text: str | None) -> str | None:
    """The text of a value that `travelling` gave, for a column of several types.

    Times are ISO 8601 to the second, as the language writes them; those with a zone in UTC with
    ``+00:00``, which could not be told from local ones without it.
    """
    return _FRACTION.sub("", text, 1) if kind in _TIMES and text else text


def _text_of_rarer(value: object) -> tuple[str | None, str | None]:
    if isinstance(value, dt.datetime):
        if value != value:  # pandas' NaT
            return None, None
        # Nanoseconds, which pandas has, are cut off.
        digits = "microseconds" if value.microsecond else "seconds"
        if value.tzinfo is None:
            return kinds.TIMESTAMP, value.isoformat(timespec=digits)
        with contextlib.suppress(OverflowError):  # a day before year 1, or after 9999, in UTC
            value = value.astimezone(dt.UTC)
        return kinds.INSTANT, value.isoformat(timespec=digits)
    if isinstance(value, dt.date):
        return kinds.DATE, value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None, None
        if not value:
            return kinds.TEXT, "0"  # a zero has no sign, as a number and as its text
        text = format(value, "f") if abs(value.adjusted()) < 400 else str(value)
        return kinds.TEXT, text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict | list | tuple):
        return kinds.TEXT, json.dumps(value, ensure_ascii=False, default=str)
    item = getattr(value, "item", None)  # a scalar of numpy
    if callable(item) and type(value).__module__ == "numpy":
        return travelling(item())
    if value != value or type(value).__name__ == "NAType":
        return None, None
    return kinds.TEXT, str(value)


def _kind_of(met: set[str]) -> str:
    if not met:
        return kinds.TEXT
    if met <= {kinds.INTEGER, _HUGE}:
        return kinds.INTEGER
    if met <= {kinds.INTEGER, kinds.DOUBLE}:
        return kinds.DOUBLE
    if _HUGE in met:
        return kinds.TEXT
    return kinds.common(met)


def _text_array(values: Sequence[str | None]) -> object:
    import pyarrow as pa

    try:
        return pa.array(values, pa.large_string())
    except UnicodeEncodeError:  # half a surrogate pair, as "\ud83d" in JSON
        mended = [
            None if text is None else text.encode("utf-8", "replace").decode() for text in values
        ]
        return pa.array(mended, pa.large_string())
