"""A PostgreSQL server that lives as long as the tests, and tables in it.

The server has its files in a temporary folder and listens on a socket there, on no network. It
refuses to run as root: there it runs as the user that Debian's package makes, or as `nobody`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString, NoReturn

import psycopg
import pyarrow as pa
from psycopg import sql

from leadscore.targets.sql.dialect import ColumnKind

TYPES: dict[ColumnKind, LiteralString] = {
    "text": "text",
    "integer": "bigint",
    "double": "double precision",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "instant": "timestamptz",
}

_USER = "leadscore"
_INITIALLY = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
_SETTINGS = {
    "listen_addresses": "",  # sockets only
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",  # compiling each expression takes longer than a thousand rows
    "timezone": "UTC",
    "max_connections": "10",
}
_PORT = "5432"
"""The name of the socket; nothing listens on the network."""
_SECONDS_TO_START = 60


@contextlib.contextmanager
def server(unavailable: Callable[[str], NoReturn]) -> Iterator[str]:
    """Starts a server of its own and gives what psycopg connects with; ends it afterwards.

    Where the machine has no server, `unavailable` is called with a sentence that says so.
    """
    initdb, postgres = _program("initdb"), _program("postgres")
    if initdb is None or postgres is None:
        unavailable(
            "PostgreSQL's server is not on this machine (no initdb on the PATH, nor in "
            "/usr/lib/postgresql/*/bin); on Debian: apt-get install postgresql"
        )
    account = _account()
    if account is None:
        unavailable("PostgreSQL's server refuses to run as root, and there is no user to run it as")
    # Not pytest's folder: the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="leadscore-pg-"))
    try:
        os.chown(folder, account.pw_uid, account.pw_gid)
        data, log = folder / "data", folder / "log"
        making = _start(
            account,
            log,
            [initdb, "-D", str(data), "-U", _USER, *_INITIALLY],
        )
        if making.wait() != 0:
            raise RuntimeError(f"initdb failed:\n{log.read_text()}")
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        running = _start(
            account, log, [postgres, "-D", str(data), "-k", str(folder), "-p", _PORT, *settings]
        )
        try:
            where = f"host={folder} port={_PORT} user={_USER} dbname=postgres"
            _wait(where, running, log)
            yield where
        finally:
            running.send_signal(signal.SIGINT)  # without waiting for connections to close
            running.wait()
    finally:
        shutil.rmtree(folder)


def load(
    connection: psycopg.Connection[Any],
    name: str,
    columns: Mapping[str, ColumnKind],
    rows: pa.Table | Iterable[Sequence[Any]],
) -> None:
    """Makes a table, in place of one of that name, and fills it.

    Args:
        connection: a connection to the server; nothing is committed.
        name: the table's.
        columns: the kind of each column, by name, in the order of the values of a row.
        rows: the rows, or an Arrow table, whose columns are taken by name.
    """
    table = sql.Identifier(name)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
    definitions = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(TYPES[kind]))
        for column, kind in columns.items()
    )
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, definitions))
    types = [TYPES[kind] for kind in columns.values()]
    copy_in = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        copy.set_types(types)
        for row in _rows(rows, columns):
            copy.write_row(row)
    connection.execute(sql.SQL("ANALYZE {}").format(table))


def _rows(
    rows: pa.Table | Iterable[Sequence[Any]], columns: Mapping[str, ColumnKind]
) -> Iterable[Sequence[Any]]:
    if not isinstance(rows, pa.Table):
        return rows
    return (
        row
        for batch in rows.select(list(columns)).to_batches()
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )


def _program(name: str) -> str | None:
    """Where a program of the server is: Debian keeps those off the PATH, one folder a version."""
    if found := shutil.which(name):
        return found
    debian = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(debian, key=lambda path: int(path.parts[-3]), default=None)
    return None if newest is None else str(newest)


def _account() -> pwd.struct_passwd | None:
    """The user that the server runs as."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _start(account: pwd.struct_passwd, log: Path, command: list[str]) -> subprocess.Popen[bytes]:
    """A program as that user, in the folder of its log, to which it writes."""
    other: dict[str, Any] = {}
    if account.pw_uid != os.geteuid():
        other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            env={**os.environ, "LC_ALL": "C"},
            **other,
        )


def _wait(where: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers."""
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            psycopg.connect(where).close()
            return
        except psycopg.OperationalError as error:
            if running.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.05)
