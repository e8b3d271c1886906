"""The engines that the vectors run in."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from tests.sql.runners import ENGINES, Runner


@pytest.fixture(scope="session", params=ENGINES)
def runner(
    request: pytest.FixtureRequest, unavailable: Callable[[str], NoReturn]
) -> Iterator[Runner]:
    """Each engine in turn, started once for all tests."""
    engine = importlib.import_module(f"tests.sql.{request.param}_runner")
    with engine.start(unavailable) as started:
        yield started


@pytest.fixture(scope="session")
def spark(unavailable: Callable[[str], NoReturn]) -> Iterator[Runner]:
    """Spark alone."""
    with importlib.import_module("tests.sql.spark_runner").start(unavailable) as started:
        yield started
