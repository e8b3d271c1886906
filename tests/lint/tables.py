"""What the tables of an example say: written to files, and read as those of anybody."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from leadscore.analysis import analyse
from leadscore.data import Tables, open_tables
from leadscore.lint import Example
from leadscore.lint.facts import Facts
from leadscore.lint_data import read_facts
from leadscore.needs import Needs
from leadscore.syntax.document import parse
from leadscore.values.dates import as_of_seconds

AS_OF = as_of_seconds("2026-01-31", UTC)


def facts_of(example: Example) -> Facts:
    """The facts of an example; raises where its tables cannot be read."""
    with TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        for name, text in example.tables:
            paths[name] = Path(folder) / f"{name}.csv"
            paths[name].write_text(text, encoding="utf-8")

        def open(needs: Needs) -> Tables:
            return open_tables(
                needs,
                paths["leads"],
                paths.get("events"),
                paths.get("lists"),
                as_of=AS_OF,
                allow_missing=True,
            )

        return read_facts(analyse(parse(example.text)), open, as_of=AS_OF, time_zone=UTC)
