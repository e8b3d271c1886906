"""``leadscore score``: one row of outputs for each lead of a table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
from leadscore.model import Model
from leadscore.outputs import label_colors
from leadscore.scores import ENGINES


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
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="What computes the scores; all give the same.",
)
@click.option(
    "--receipt",
    is_flag=True,
    help="Add columns: the points of every rule and group, and what decay and limits took.",
)
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
    from leadscore.engines.run import merged_needs
    from leadscore.scores import open_run

    before = prefixes(files)
    if output is not None and rejects is not None and _same(output, rejects):
        raise click.UsageError("The scores and the rows set aside cannot go to the same file.")
    quiet = output is None and sys.stdout.isatty()
    models = [load_model(file) for file in files]
    _tell_apart(files, before, models)
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
            as_of=given.moment,
            time_zone=given.zone,
            time_pattern=given.time_pattern,
            prefixes=before,
            receipt=receipt,
            keep=workbook,
            engine=engine,
        )
        kept = tables.passthrough_columns if workbook else ()
        kept_numbers = tables.passthrough_numbers if workbook else ()
        # The first batch comes before the output is begun: most that can go wrong, goes wrong
        # there, and a pipe then gets nothing rather than a header.
        batches = run.batches(scoring)
        first = next(batches, None)
        writer = open_writer(
            output,
            run.request.columns,
            numbers=run.request.numbers,
            kept=len(kept),
            kept_numbers=kept_numbers,
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
            for batch in chain([first], batches) if first is not None else ():
                writer.write_table(batch)
        say_report(run.report())
        for note in writer.notes:
            say(f"note: {note}")
        if output is not None or sys.stderr.isatty():
            as_of = run.request.as_of_text
            say(_summary(tables.lead_count, run.excluded, before, as_of, output))
    return FINE


def _tell_apart(files: tuple[str, ...], before: tuple[str, ...], models: Sequence[Model]) -> None:
    """Raise where two models have a column of one name: `a` has `a_fit_label`, `a_fit` too."""
    of: dict[str, str] = {}
    for file, prefix, model in zip(files, before, models, strict=True):
        for name in model.outputs.names:
            first = of.setdefault(prefix + name, file)
            if first != file:
                raise click.UsageError(
                    f"{first} and {file} would both give a column {prefix + name!r}; rename one "
                    "of them."
                )


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
