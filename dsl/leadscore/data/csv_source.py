"""Delimited text (.csv, .tsv): fast where the file is sound, exact where it is not."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leadscore.data import kinds
from leadscore.data.arguments import Place
from leadscore.data.csv_rows import BrokenRow, Rows, sniff_delimiter
from leadscore.data.problems import Broken, RejectFile, Rejects
from leadscore.data.source import Column, Opening, Scan, copied
from leadscore.data.staging import Progress, Stage
from leadscore.data.store import Store, literal
from leadscore.data.text_file import LINE_LIMIT, TextFacts, scan, to_utf8
from leadscore.errors import DataError
from leadscore.values.text import trim

_EXCEL_HINT = re.compile(r'"?sep=(?P<delimiter>[,;\t|])"?\s*\Z', re.IGNORECASE)


@dataclass(slots=True)
class CsvTable:
    """A delimited text file whose header has been read."""

    store: Store
    label: str
    columns: tuple[Column, ...]
    path: Path
    facts: TextFacts
    delimiter: str
    before: int
    """Physical lines before the header."""
    hints: int
    """Rows before the header: 1 where the file begins with Excel's ``sep=;``, else 0."""
    width: int
    header: str
    """The header row, as text."""
    given: Path
    """The file as the caller knows it; ``path`` may be a copy in UTF-8."""
    rejects: Rejects | None
    progress: Progress | None
    notes: list[str] = field(default_factory=list)

    def scan(self, columns: Sequence[Column], *, dense: bool = False) -> Scan:
        """See :meth:`leadscore.data.source.Table.scan`.

        DuckDB reads the file, and is believed where it has no complaint and finds as many rows
        as there are line breaks outside quotes. Else the file is read again, row by row, which
        finds the exact lines.

        Raises:
            BrokenRowsError: rows cannot be read, and there is no place to set them aside.
        """
        return self._scan_fast(columns) or self._scan_exact()

    def _scan_fast(self, chosen: Sequence[Column]) -> Scan | None:
        import duckdb

        if not self.facts.sound or self.width == 1:
            return None  # of one column, DuckDB takes blank lines for rows
        columns = ", ".join(f"'c{at}': '{kinds.TEXT}'" for at in range(self.width))
        # A file without quotes can be cut at any line break and read in parallel; one with
        # quotes only if the cut is not inside them, which no reader can know for sure.
        reader = (
            f"read_csv({self.store.literal_path(self.path)}, columns = {{{columns}}}, "
            f"auto_detect = false, header = true, skip = {self.before}, "
            f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', "
            "strict_mode = true, null_padding = false, ignore_errors = false, "
            "compression = 'none', hive_partitioning = false, encoding = 'utf-8', "
            f"max_line_size = {LINE_LIMIT}, parallel = {str(not self.facts.quotes).lower()})"
        )
        try:
            found = copied(self.store, reader, chosen)
        except duckdb.OutOfMemoryException as error:
            raise DataError(
                f"{self.label}: not enough memory or space for temporary files: {error}"
            ) from error
        except duckdb.Error:
            return None
        if found.rows == self.facts.rows - 1 - self.hints:
            return found
        self.store.execute(f"DROP TABLE {found.relation}")
        return None

    def _scan_exact(self) -> Scan:
        backslash = (
            self.facts.backslashes and self._any_broken(False) and not self._any_broken(True)
        )
        stage = Stage(self.store, [""] * self.width, self.label, fixed=True)
        broken = Broken(self.label)
        rejected: RejectFile | None = None
        with contextlib.ExitStack() as stack:
            if self.rejects is not None:
                rejected = stack.enter_context(RejectFile(self.rejects, self.given, self.header))
            rows = stack.enter_context(self._rows(backslash))
            stage.fill(_sound(rows, broken, rejected), self.progress)
        if broken.lines:
            if rejected is None:
                raise broken.error()
            self.notes.append(broken.note(rejected.path))
        if backslash:
            self.notes.append(
                f'{self.label}: quotes inside of quotes are written with a backslash (\\"), and '
                "read so."
            )
        return Scan(stage.name, "rowid", stage.rows, stage.rows, False)

    @contextlib.contextmanager
    def _rows(self, backslash: bool) -> Iterator[Iterator[list[str] | BrokenRow]]:
        """The rows after the header, one by one."""
        with open(self.path, encoding=self.facts.encoding, newline="") as file:
            rows = Rows(file, self.delimiter, self.label, backslash=backslash)
            rows.skip(self.before)
            rows.first()
            yield rows.all(self.width)

    def _any_broken(self, backslash: bool) -> bool:
        with self._rows(backslash) as rows:
            return any(isinstance(row, BrokenRow) for row in rows)


def _sound(
    rows: Iterator[list[str] | BrokenRow], broken: Broken, rejected: RejectFile | None
) -> Iterator[list[str]]:
    for row in rows:
        if isinstance(row, BrokenRow):
            broken.add(row.line, row.reason)
            if rejected is not None:
                rejected.write(row.raw)
        elif rejected is not None or not broken.lines:
            # Past the first broken row nothing is kept, only the other ones are looked for.
            yield row


def open_csv(place: Place, opening: Opening) -> CsvTable:
    """Read the header of a delimited text file.

    The separator of a .tsv is the tab; of a .csv the most frequent of comma, semicolon, tab and
    pipe in the header, or what Excel's own first line (``sep=;``) says.

    Raises:
        DataError: the file is empty or no text in UTF-8 or UTF-16.
    """
    label = place.given
    facts = scan(place.path, label)
    path = place.path
    if facts.encoding == "utf-16":
        path = opening.store.folder / (opening.store.name("utf8") + ".csv")
        to_utf8(place.path, path, label)
        facts = scan(path, label)
    with open(path, encoding=facts.encoding, newline="") as file:
        start = Rows(file, ",", label)
        first = start.skip_blank()
        before = start.line - 1
        hint = _EXCEL_HINT.match(first)
        if hint:
            first = start.skip_blank()
            before = start.line - 1
    if not first:
        raise DataError(f"{label}: the file is empty; a row with the names of columns is needed.")
    if hint:
        delimiter = hint["delimiter"]
    else:
        delimiter = "\t" if place.path.suffix.lower() == ".tsv" else sniff_delimiter(first)
    with open(path, encoding=facts.encoding, newline="") as file:
        rows = Rows(file, delimiter, label)
        rows.skip(before)
        header = rows.first()
    columns = tuple(
        Column(trim(name), f"nullif(c{at}, '')", kinds.TEXT, raw=f"c{at}")
        for at, name in enumerate(header)
    )
    return CsvTable(
        opening.store,
        label,
        columns,
        path,
        facts,
        delimiter,
        before,
        int(hint is not None),
        len(header),
        rows.raw,
        place.path,
        opening.rejects,
        opening.progress,
    )
