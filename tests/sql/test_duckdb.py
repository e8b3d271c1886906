"""What DuckDB's dialect alone has to say."""

from __future__ import annotations

import pytest

from leadscore.targets.sql.dialect import Unsayable
from leadscore.targets.sql.dialects.duckdb import DuckDb


@pytest.mark.parametrize("pattern", ["a" * 10_001, "?" * 10_001, "*" + "a*" * 5_000])
def test_a_pattern_that_is_too_long_is_refused_in_a_sentence(pattern: str) -> None:
    with pytest.raises(Unsayable) as refused:
        DuckDb().matches("x", pattern)
    assert refused.value.args == (
        "A pattern of 10,001 characters is too long for DuckDB; it takes 10,000.",
    )


def test_the_longest_patterns_run() -> None:
    import duckdb

    dialect = DuckDb()
    patterns = {
        "?" * 10_000: True,
        "a" * 10_000: True,
        "a" * 9_999 + "?": True,
        "a*" * 5_000: True,
        "a?" * 5_000: True,
        "_" * 10_000: False,
    }
    tests = ", ".join(dialect.matches("x", pattern) for pattern in patterns)
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {tests} FROM (SELECT repeat('a', 10000) AS x)").fetchone()
    assert row == tuple(patterns.values())
