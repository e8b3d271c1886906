"""``leadscore workbook``: a model with its leads as native formulas."""

from __future__ import annotations

from pathlib import Path

import click

from leadscore.cli.common import (
    TableOptions,
    load_model,
    naming_broken_rows,
    progress,
    say,
    say_report,
    table_options,
)
from leadscore.cli.main import FINE


@click.command("workbook")
@click.argument("file", metavar="FILE")
@table_options
@click.option("-o", "--output", required=True, metavar="OUT.xlsx", help="Where it goes.")
def command(file: str, given: TableOptions, output: str) -> int:
    """Write a workbook that scores leads by formulas of its own, without leadscore.

    Points and limits stand in its sheet Model and can be changed: all scores follow. Excel and
    LibreOffice compute the same digits as `leadscore score`.
    """
    from leadscore.workbook import write_opened

    model = load_model(file)
    with (
        naming_broken_rows(),
        progress("reading") as reading,
        given.open(model.needs, Path(file).name, progress=reading) as tables,
    ):
        pattern = given.time_pattern
        say_report(write_opened(model, output, tables, given.moment, given.zone, pattern))
    say(f"written: {output}")
    return FINE
