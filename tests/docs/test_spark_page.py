"""docs/spark.md, run in a local Spark: its model, its Python, and its job on Parquet files."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from tests.docs.pages import page
from tests.docs.sessions import Session, check_model
from tests.sql.spark_session import quietly, spark_session

JOB = "score_leads.py"
TABLES = ("leads", "visits", "lists")


def test_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unavailable: Callable[[str], NoReturn]
) -> None:
    spark = spark_session(unavailable)
    session = Session(tmp_path)
    done = []
    with quietly():
        for block in page("docs/spark.md").blocks:
            match block.kind:
                case "sh":
                    continue
                case "score":
                    check_model(block)
                    session.run(block)
                case "python" if block.file is not None:
                    (tmp_path / block.file).write_text(block.text, encoding="utf-8")
                case "python" | "text":
                    session.run(block)
                case other:
                    pytest.fail(f"{block}: nothing runs a block of the kind {other}")
            done.append(block.file or block.kind)
        session.end()
        assert done == ["contact.score", "python", "text", "python", JOB]

        files = [(tmp_path / name).as_uri() for name in TABLES]
        for name, file in zip(TABLES, files, strict=True):
            session.value(name).write.parquet(file)
        output = (tmp_path / "scores").as_uri()
        model = str(tmp_path / "contact.score")
        monkeypatch.setattr(sys, "argv", [JOB, model, *files, "2026-01-31", output])
        runpy.run_path(str(tmp_path / JOB), run_name="__main__")
        rows = {row["id"]: row["score"] for row in spark.read.parquet(output).collect()}
    assert rows == {"a1": 35, "a2": 0, "a3": None}
