"""``leadscore addin``: sets up the spreadsheet functions."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import click

from leadscore.cli.common import say
from leadscore.cli.main import FINE, PROBLEMS
from leadscore.data.sinks import Beside
from leadscore.errors import DataError
from leadscore_excel import config as configuration
from leadscore_excel import starter
from leadscore_excel.config import Config
from leadscore_excel.trouble import Trouble


@click.group("addin")
def command() -> None:
    """Set up =LEADSCORE() and its kin in spreadsheets."""


@command.command("install")
@click.option(
    "--folder",
    "folders",
    multiple=True,
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="A folder from which formulas may read models; can be repeated. Left out: `leadscore` in "
    "the home folder. What was allowed before stays so.",
)
@click.option(
    "--workbook",
    metavar="BOOK.xlsm",
    help="Where the ready workbook goes; left out: leadscore.xlsm in the first folder.",
)
@click.option("--no-workbook", is_flag=True, help="Write the settings alone.")
@click.option("--force", is_flag=True, help="Replace a workbook that is there.")
@click.option(
    "--time-zone",
    metavar="ZONE",
    help="For times without an offset, such as Europe/Berlin; left out: that of the computer.",
)
@click.option(
    "--time-pattern",
    metavar="PATTERN",
    help="How times of events are written where they are text, such as 'M/D/YY h:mm'.",
)
def install(
    folders: tuple[str, ...],
    workbook: str | None,
    no_workbook: bool,
    force: bool,
    time_zone: str | None,
    time_pattern: str | None,
) -> int:
    """Write the settings, and a workbook for Excel on Windows that is ready to use."""
    if no_workbook and workbook is not None:
        raise click.UsageError("--workbook and --no-workbook cannot both be meant.")
    path = _config_path()
    before = _present(path) if path.exists() or not folders else Config(())
    config = _changed(before, folders, time_zone, time_pattern)
    if not config.folders:
        raise DataError("No folder is allowed yet. Name one: --folder FOLDER.")
    book = Path(workbook) if workbook is not None else Path(config.folders[0]) / "leadscore.xlsm"
    if not no_workbook:
        _check_book(book, force)
    for folder in config.folders:
        Path(folder).mkdir(parents=True, exist_ok=True)
    _write(path, configuration.written(config))
    click.echo(f"Settings: {path}")
    for folder in config.folders:
        click.echo(f"Models are read from: {folder}")
    if not no_workbook:
        _make(book)
        click.echo(f"Workbook: {book}")
        click.echo(_NEXT, nl=False)
        if sys.platform != "win32":
            say("note: The functions of this workbook run in Excel on Windows only.")
    return FINE


_NEXT = """
Once on this computer, with Excel closed:
  xlwings addin install
and in Excel: File > Options > Trust Center > Trust Center Settings > Macro Settings,
where "Trust access to the VBA project object model" is ticked.

Then open the workbook, click Enable Content, on the tab xlwings click Import Functions,
and press Ctrl+Alt+F9.
"""


@command.command("show")
def show() -> int:
    """Say what is set up: the settings, the folders, xlwings."""
    path = _config_path()
    config = _present(path)
    there = path.exists()
    click.echo(f"Settings: {path}{'' if there else ' (not there; these are the defaults)'}")
    missing = [folder for folder in config.folders if not Path(folder).is_dir()]
    for folder in config.folders:
        click.echo(f"Models are read from: {folder}{' (not there)' if folder in missing else ''}")
    if config.workbook_folder:
        click.echo("Models are read from: the folder of the workbook")
    click.echo(f"Time zone: {config.time_zone or 'that of the computer'}")
    if config.time_pattern:
        click.echo(f"Times of events are written as: {config.time_pattern}")
    installed = find_spec("xlwings") is not None
    click.echo(f"xlwings, for Excel on Windows: {'installed' if installed else 'not installed'}")
    return PROBLEMS if missing else FINE


def _config_path() -> Path:
    path = configuration.config_path()
    if path is None:
        raise DataError(
            f"There is no home folder for the settings. Name a file for them in the environment "
            f"variable {configuration.VARIABLE}."
        )
    return path


def _present(path: Path) -> Config:
    """The settings as they are; the defaults where there are none. Raises DataError."""
    try:
        return configuration.read(path) if path.exists() else configuration.load()
    except Trouble as trouble:
        raise DataError(f"{trouble} Correct the file, or delete it.") from None


def _changed(
    config: Config, folders: tuple[str, ...], time_zone: str | None, time_pattern: str | None
) -> Config:
    """The settings with what the options say. Raises DataError where they are wrong."""
    from leadscore.model import check_time_pattern, zone_of

    if time_zone is not None:
        zone_of(time_zone)
    check_time_pattern(time_pattern)
    named = [str(Path(folder).absolute()) for folder in folders]
    return replace(
        config,
        folders=tuple(dict.fromkeys([*named, *config.folders])),
        time_zone=time_zone or config.time_zone,
        time_pattern=time_pattern or config.time_pattern,
    )


def _check_book(book: Path, force: bool) -> None:
    """Refuse what would fail or do harm before anything is written. Raises DataError."""
    if book.suffix.lower() != ".xlsm":
        raise DataError(f"{book}: the workbook holds functions, so its name ends in .xlsm.")
    starter.template()
    if book.exists() and not force:
        raise DataError(f"{book} is there already. Replace it with --force, or name another place.")


def _make(book: Path) -> None:
    book.parent.mkdir(parents=True, exist_ok=True)
    beside = Beside(book)
    try:
        starter.make(beside.part)
        beside.finish()
    except BaseException:
        beside.discard()
        raise


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Beside(path)
    try:
        beside.part.write_text(text, encoding="utf-8")
        beside.finish()
    except BaseException:
        beside.discard()
        raise
