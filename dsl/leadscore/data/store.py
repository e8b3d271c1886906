"""The temporary database that tables are read into, closed to everything but the given files."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leadscore.errors import DataError

if TYPE_CHECKING:
    import duckdb

_SIZE = re.compile(r"[0-9]+(?:\.[0-9]+)? ?[KMGT]i?B", re.IGNORECASE).fullmatch
_GLOB = frozenset("*?[]")


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


class Store:
    """An on-disk DuckDB database in a folder of its own, which goes when the store is closed.

    Rows and events so never have to fit into memory. What is in the tables is not trusted: the
    connection reaches ``files`` and the folder, nothing else, loads no extensions and takes no
    further settings; a view in a database that came by mail cannot read other files.

    Args:
        files: the files that will be read.
        memory_limit: what DuckDB may use for its buffers, such as ``1GB``; past it, it spills
            into the folder.
        temp_directory: where the folder is made; None: the system's place for such.
        threads: how many DuckDB uses; None: as many as the machine has cores.
    """

    def __init__(
        self,
        files: Sequence[Path],
        memory_limit: str,
        temp_directory: Path | None = None,
        threads: int | None = None,
    ) -> None:
        import duckdb

        if _SIZE(memory_limit) is None:
            raise DataError(
                f"the memory limit {memory_limit!r} is no size; write it as 512MB or 4GB."
            )
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="leadscore-", dir=temp_directory)).resolve()
        except OSError as error:
            raise DataError(
                f"No temporary folder can be made: {error.strerror}. Set the environment variable "
                "TMPDIR to a folder with free space."
            ) from error
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._names = 0
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        try:
            self.connection = duckdb.connect(str(self.folder / "tables.duckdb"))
            if threads is not None:
                self.connection.execute(f"SET threads = {threads:d}")
            self._lock(files, memory_limit)
        except duckdb.Error as error:
            self.close()
            raise DataError(f"The temporary database cannot be set up: {error}") from error
        except BaseException:
            self.close()
            raise

    def _lock(self, files: Sequence[Path], memory_limit: str) -> None:
        # A database file is opened together with the log beside it.
        allowed = [str(path) for file in files for path in (file, f"{file}.wal")]
        for setting, value in (
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("python_enable_replacements", "false"),
            ("GLOBAL TimeZone", "'UTC'"),  # of cursors too, which else have the machine's
            ("preserve_insertion_order", "true"),
            ("enable_progress_bar", "false"),
            ("memory_limit", literal(memory_limit)),
            ("temp_directory", literal(str(self.folder / "spill"))),
            ("allowed_directories", f"[{literal(str(self.folder))}]"),
            ("allowed_paths", f"[{', '.join(map(literal, allowed))}]"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        ):
            self.connection.execute(f"SET {setting} = {value}")

    def name(self, stem: str) -> str:
        """A name that nothing in the database has yet."""
        self._names += 1
        return f"{stem}_{self._names}"

    def literal_path(self, path: Path) -> str:
        """`path` as an SQL string that DuckDB takes literally.

        DuckDB reads ``*``, ``?`` and brackets in a path as a pattern over other files; such a
        file is reached through a link in our folder.
        """
        real = path.resolve()
        if _GLOB.intersection(str(real)):
            link = self.folder / (self.name("link") + real.suffix)
            try:
                os.symlink(real, link)
            except OSError:
                try:
                    os.link(real, link)
                except OSError:
                    shutil.copyfile(real, link)
            real = link
        return literal(str(real))

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A further connection to the same database; closed with the store."""
        cursor = self.connection.cursor()
        self._cursors.append(cursor)
        return cursor

    def execute(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run one statement and fetch what it gives."""
        found: list[tuple[object, ...]] = self.connection.execute(sql, parameters).fetchall()
        return found

    def number(self, sql: str, *parameters: object) -> int:
        """The one whole number that `sql` gives; 0 for NULL."""
        value = self.execute(sql, *parameters)[0][0]
        return int(str(value)) if value is not None else 0

    def columns(self, relation: str) -> list[tuple[str, str]]:
        """Names and DuckDB types of the columns of a relation, given as SQL."""
        described = self.execute(f"DESCRIBE SELECT * FROM {relation}")
        return [(str(row[0]), str(row[1])) for row in described]

    @contextlib.contextmanager
    def reading(self, label: str) -> Iterator[None]:
        """Turn DuckDB's and Arrow's errors into a DataError about the table `label`."""
        import duckdb
        import pyarrow as pa

        try:
            yield
        except (duckdb.Error, pa.ArrowException) as error:
            text = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            if isinstance(error, duckdb.OutOfMemoryException):
                raise DataError(
                    f"{label}: more is needed than memory and the place for temporary files have: "
                    f"{text}. Allow more with --memory-limit (in Python: memory_limit=), or set "
                    "the environment variable TMPDIR to a folder with more space."
                ) from error
            raise DataError(f"{label}: cannot be read: {text}") from error

    def close(self) -> None:
        """Close the database and remove its folder; may be called again."""
        for cursor in self._cursors:
            with contextlib.suppress(Exception):
                cursor.close()
        self._cursors.clear()
        connection = getattr(self, "connection", None)
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()
        self._remove()
