"""The one Spark session of all tests, started when the first asks for it."""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "localhost",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    # Tables of tests are small: what Spark plans for each task costs more than the task.
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A small table stays a table: its rows are not put into the query and folded there.
    "spark.sql.execution.arrow.localRelationThreshold": "0",
    "spark.sql.catalogImplementation": "in-memory",
}


def spark_session(unavailable: Callable[[str], NoReturn]) -> SparkSession:
    """The session; `unavailable` is called with the reason where the machine cannot start one."""
    if importlib.util.find_spec("pyspark") is None:
        unavailable("pyspark is not installed")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:
        unavailable("there is no Java, which Spark runs on (17 or later)")
    return _start()


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Python's warnings are Spark's own affair, in here: about pandas, sockets, its settings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@functools.cache
def _start() -> SparkSession:
    with quietly():
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").appName("leadscore-tests")
        folder = tempfile.mkdtemp(prefix="leadscore-spark-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        builder = builder.config("spark.sql.warehouse.dir", folder).config(
            "spark.local.dir", folder
        )
        return builder.getOrCreate()
