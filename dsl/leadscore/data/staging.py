"""Rows of Python values into a table of the store, where no type is known before the last row.

Every value is staged as its text, and which types were met is kept for each column: a column of
one type is then read back as that type, a column of several is text. The text of a number, a
boolean or a date is the language's own, so nothing changes by the way.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from leadscore.data import kinds
from leadscore.data.store import Store, quoted
from leadscore.errors import DataError

Progress = Callable[[int, int | None], None]
"""Called with the rows done, and all there are or None where that is not known."""

_BATCH = 20_000
_EXACT = 2**53
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_MOST_COLUMNS = 16_384
_TEXTS = frozenset((str, type(None)))
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
        arrays = [
            _text_array(self._texts(at, values))
            for at, values in enumerate(zip(*batch, strict=True))
        ]
        names = [f"c{at}" for at in range(width)]
        table = pa.table(arrays, names=names) if arrays else pa.table({"c": [None] * len(batch)})
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

    def _texts(self, column: int, values: Sequence[object]) -> Sequence[str | None]:
        if self._fixed:
            return values  # type: ignore[return-value]  # that is what `fixed` promises
        met = self._kinds[column]
        if set(map(type, values)) <= _TEXTS:
            if any(values):
                met.add(kinds.TEXT)
            return values  # type: ignore[return-value]  # just looked
        pairs = [text_of(value) for value in values]
        met.update(kind for kind, _ in pairs if kind is not None)
        return [text for _, text in pairs]

    def expressions(self) -> Iterator[tuple[str, str]]:
        """For each column, the SQL for its values in their type, and the type."""
        for at, met in enumerate(self._kinds):
            kind = _kind_of(met)
            column = quoted(f"c{at}")
            if kind == kinds.TEXT:
                yield f"nullif({column}, '')", kind
            elif kind == kinds.BOOLEAN:
                yield f"({column} = 'true')", kind
            else:
                yield f"CAST(nullif({column}, '') AS {kind})", kind


def text_of(value: object) -> tuple[str | None, str | None]:
    """The type that `value` travels in, and its text; (None, None) where it is unknown."""
    if value is None:
        return None, None
    if isinstance(value, str):
        return (kinds.TEXT, value) if value and not value.isspace() else (None, None)
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


def _text_of_rarer(value: object) -> tuple[str | None, str | None]:
    if isinstance(value, dt.datetime):
        if value != value:  # pandas' NaT
            return None, None
        if value.tzinfo is not None:
            return kinds.INSTANT, value.astimezone(dt.UTC).isoformat()
        return kinds.TIMESTAMP, dt.datetime.isoformat(value)
    if isinstance(value, dt.date):
        return kinds.DATE, value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None, None
        text = format(value, "f") if abs(value.adjusted()) < 400 else str(value)
        return kinds.TEXT, text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict | list | tuple):
        return kinds.TEXT, json.dumps(value, ensure_ascii=False, default=str)
    item = getattr(value, "item", None)  # a scalar of numpy
    if callable(item) and type(value).__module__ == "numpy":
        return text_of(item())
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
