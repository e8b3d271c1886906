"""``leadscore score``: one row of outputs for each lead of a table."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import click

from leadscore.cli.common import (
    TableOptions,
    load_model,
    prefixes,
    progress,
    say,
    say_report,
    table_options,
)
from leadscore.cli.main import FINE
from leadscore.outputs import NUMBERS, label_colors


@click.command("score")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@table_options
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="Where the scores go: .csv .tsv .json .jsonl .parquet .xlsx. Left out: CSV on "
    "standard output. A workbook keeps the leads' columns and colors the labels.",
)
@click.option(
    "--engine",
    type=click.Choice(["python"]),
    default="python",
    show_default=True,
    help="What computes the scores.",
)
@click.option("--receipt", is_flag=True, help="Add a column with each lead's receipt, as JSON.")
@click.option(
    "--rejects",
    metavar="OUT",
    help="Set rows that cannot be read aside in this file, and go on without them.",
)
def command(
    files: tuple[str, ...],
    given: TableOptions,
    output: str | None,
    engine: str,
    receipt: bool,
    rejects: str | None,
) -> int:
    """Score a table of leads with one or several models.

    One row a lead, in the order of the leads. With several models the columns of each begin with
    the name of its file. What there is to say about the data goes to standard error.
    """
    from leadscore.data import open_writer
    from leadscore.scores import merged_needs, open_run

    before = prefixes(files)
    if output is not None and rejects is not None and _same(output, rejects):
        raise click.UsageError("The scores and the rows set aside cannot go to the same file.")
    quiet = output is None and sys.stdout.isatty()
    models = [load_model(file) for file in files]
    needs = merged_needs(models)
    workbook = output is not None and Path(output).suffix.lower() == ".xlsx"
    with (
        progress("reading", quiet=quiet) as reading,
        given.open(
            needs,
            " and ".join(Path(file).name for file in files),
            rejects=rejects,
            keep_columns=workbook,
            progress=reading,
        ) as tables,
        progress("scoring", quiet=quiet) as scoring,
    ):
        run = open_run(
            models,
            tables,
            needs,
            as_of=given.as_of,
            time_zone=given.time_zone,
            time_pattern=given.time_pattern,
            prefixes=before,
            receipt=receipt,
        )
        # The first batch comes before the output is begun: most that can go wrong, goes wrong
        # there, and a pipe then gets nothing rather than a header.
        batches = run.batches(scoring)
        first = next(batches, [])
        kept = tables.passthrough_columns if workbook else ()
        columns = [*kept, *run.columns[1:]] if workbook else run.columns
        writer = open_writer(
            output,
            columns,
            numbers=[
                prefix + name
                for prefix, model in zip(before, models, strict=True)
                for name in model.outputs.names
                if name in NUMBERS
            ],
            kept=len(kept),
            kept_numbers=tables.passthrough_numbers if workbook else (),
            colors={
                prefix + name: label_colors(model.plan)
                for prefix, model in zip(before, models, strict=True)
                for name in model.outputs.names
                if name.endswith("label")
            },
            rows=tables.lead_count,
            inputs=[*tables.inputs, *map(Path, files)],
        )
        with writer:
            inputs = tables.passthrough() if workbook else None
            for batch in chain([first], batches) if first else ():
                if inputs is None:
                    writer.write(batch)
                else:
                    own = next(inputs)
                    writer.write(
                        [(*left, *right[1:]) for left, right in zip(own, batch, strict=True)]
                    )
        report = run.report()
        say_report(report)
        for note in writer.notes:
            say(f"note: {note}")
        if output is not None or sys.stderr.isatty():
            excluded = [scorer.report.excluded for scorer in run.scorers]
            say(_summary(report.leads, excluded, before, run.as_of, output))
    return FINE


def _same(first: str, second: str) -> bool:
    return Path(first).absolute() == Path(second).absolute()


def _summary(
    leads: int, excluded: list[int], prefixes: tuple[str, ...], as_of: str, output: str | None
) -> str:
    text = f"scored {leads:,} {'lead' if leads == 1 else 'leads'}"
    for count, prefix in zip(excluded, prefixes, strict=True):
        if count:
            by = f" by {prefix.removesuffix('_')}" if prefix else ""
            text += f", {count:,} of them excluded{by}"
    text += f", as of {as_of}"
    return f"{text}: {output}" if output else text
