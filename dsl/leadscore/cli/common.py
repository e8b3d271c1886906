"""What several commands share: loading models, the options of tables, saying things."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import tzinfo
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from leadscore.diagnostics import Diagnostic, Source, page
from leadscore.report import Report

if TYPE_CHECKING:
    # What scores is imported where it is used: checking and laying out do without it.
    from leadscore.data import Tables
    from leadscore.model import Model
    from leadscore.needs import Needs

Command = TypeVar("Command", bound=Callable[..., Any])

_SHOWN = 50
"""Pages of errors that one file prints; the rest is counted."""


def say(text: str) -> None:
    """A line on standard error."""
    click.echo(text, err=True)


def load_model(path: str, text: str | None = None) -> Model:
    """The model of a file, or of a `text` that was read from it.

    Its errors are for `main` to print, its warnings are printed here.
    """
    from leadscore.model import load, loads

    model = load(path) if text is None else loads(text, path)
    for found in model.diagnostics:
        say(page(found, model.source, color=sys.stderr.isatty()) + "\n")
    return model


@contextmanager
def naming_broken_rows() -> Iterator[None]:
    """For commands without --rejects: broken rows are an error that does not speak of it."""
    from leadscore.data import BrokenRowsError
    from leadscore.errors import DataError

    try:
        yield
    except BrokenRowsError as error:
        what = "\n".join(str(error).splitlines()[:2])
        raise DataError(f"{what}\nCorrect the file, and run the command again.") from None


def print_pages(found: tuple[Diagnostic, ...], source: Source, *, err: bool = False) -> None:
    """Diagnostics as pages, with a blank line after each."""
    stream = sys.stderr if err else sys.stdout
    for item in found[:_SHOWN]:
        click.echo(page(item, source, color=stream.isatty()) + "\n", err=err)
    if len(found) > _SHOWN:
        click.echo(f"and {len(found) - _SHOWN} more in {source.name}\n", err=err)


def prefixes(files: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before the columns of each model: nothing for one, else the file's stem."""
    if len(files) == 1:
        return ("",)
    stems = [Path(file).stem for file in files]
    for stem in stems:
        if stems.count(stem) > 1:
            raise click.UsageError(
                f"Two files are called {stem!r}, so their columns would have the same names; "
                "rename one of them."
            )
    return tuple(f"{stem}_" for stem in stems)


@dataclass(frozen=True)
class TableOptions:
    """What the options of :func:`table_options` were given as."""

    leads: str
    events: tuple[str, ...]
    lists: str | None
    event_columns: str | None
    id_column: str | None
    as_of: str | None
    time_zone: str
    time_pattern: str | None
    contacts: str | None
    allow_missing: bool
    memory_limit: str

    @property
    def zone(self) -> tzinfo:
        """The time zone; raises DataError where there is no such."""
        from leadscore.model import zone_of

        return zone_of(self.time_zone)

    @cached_property
    def moment(self) -> int:
        """The as-of instant in seconds; that of the first call where none is given."""
        from leadscore.model import as_of_seconds_of

        return as_of_seconds_of(self.as_of, self.zone)

    def open(self, needs: Needs, model: str, *, leads: object = None, **more: Any) -> Tables:
        """The tables, opened for what models need; `more` is for `open_tables`.

        `leads` stands in for a table of leads that is not given.
        """
        from leadscore.data import open_tables, parse_contacts_argument, parse_events_argument

        return open_tables(
            needs,
            self.leads or leads,
            [parse_events_argument(text) for text in self.events] or None,
            self.lists,
            id=self.id_column,
            event_columns=self.event_columns,
            time_zone=self.zone,
            contacts=None if self.contacts is None else parse_contacts_argument(self.contacts),
            as_of=self.moment,
            allow_missing=self.allow_missing,
            model=model,
            memory_limit=self.memory_limit,
            **more,
        )


def format_option(*shapes: str, help: str) -> Callable[[Command], Command]:
    """`--format`, whose default is the first of `shapes`."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(shapes),
        default=shapes[0],
        show_default=True,
        help=help,
    )


def table_options(
    command: Callable[..., Any],
    *,
    leads: str = "--leads",
    required: bool = True,
    allow_missing: bool | None = None,
) -> Callable[..., Any]:
    """The options that say where leads, events and lists come from; handed over as `given`.

    `leads` is what the one of the leads is called. Where it is not `required`, it can be empty.
    `allow_missing` is what --allow-missing always is; None: it is an option.
    """

    @wraps(command)
    def bundled(**options: Any) -> Any:
        if allow_missing is not None:
            options["allow_missing"] = allow_missing
        own = {field.name: options.pop(field.name) for field in fields(TableOptions)}
        return command(given=TableOptions(**own), **options)

    decorated: Callable[..., Any] = bundled
    if allow_missing is None:
        decorated = click.option(
            "--allow-missing",
            is_flag=True,
            help="Columns and tables that are not there are unknown, rather than an error.",
        )(decorated)
    for option in reversed(
        (
            click.option(
                leads,
                "leads",
                required=required,
                default=None if required else "",
                metavar="TABLE",
                help="The leads: .csv .tsv .parquet .json .jsonl, book.xlsx#Sheet, "
                "file.duckdb#table.",
            ),
            click.option(
                "--events",
                multiple=True,
                metavar="TABLE[:MAPPING]",
                help="Their events; can be repeated. A mapping names columns: "
                "touches.csv:lead=lead_id,type=touch_type,time=touched_at.",
            ),
            click.option("--lists", metavar="TABLE", help="The lists that leads are in."),
            click.option(
                "--event-columns",
                metavar="MAPPING",
                help="Columns of all event tables: lead=…,type=…,time=….",
            ),
            click.option("--id", "id_column", metavar="COLUMN", help="The column of leads' ids."),
            click.option(
                "--as-of",
                metavar="TIME",
                help="The instant of the evaluation, such as 2026-01-31 or 2026-01-31T09:30; "
                "now where it is left out.",
            ),
            click.option(
                "--time-zone",
                default="UTC",
                show_default=True,
                metavar="ZONE",
                help="For times without an offset, such as Europe/Berlin.",
            ),
            click.option(
                "--time-pattern",
                metavar="PATTERN",
                help="How times of events are written, where it is not ISO 8601, such as "
                "'M/D/YY h:mm'.",
            ),
            click.option(
                "--contacts",
                metavar="TABLE[:MAPPING]",
                help="Where the leads are companies: their contacts, with the ids of both "
                "(contacts.csv:contact=…,company=…). Their events count for the company.",
            ),
            click.option(
                "--memory-limit",
                default="1GB",
                show_default=True,
                metavar="SIZE",
                help="What the engine may hold in memory, such as 512MB; past it, it goes on on "
                "disk.",
            ),
        )
    ):
        decorated = option(decorated)
    return decorated


def say_report(report: Report) -> None:
    """The report of a run, a note a line."""
    for line in report.lines():
        say(f"note: {line}")


@contextmanager
def progress(
    title: str, *, quiet: bool = False
) -> Iterator[Callable[[int, int | None], None] | None]:
    """A progress bar on a terminal; nothing in a pipe, or with `quiet`.

    `quiet` is for results that go to the terminal too, between which a bar would stand.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # the results are there
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
