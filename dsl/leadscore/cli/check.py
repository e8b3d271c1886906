"""``leadscore check``: everything that is wrong with models, in one run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from leadscore import rulebook
from leadscore.analysis import Analysis, analyse
from leadscore.cli.common import (
    TableOptions,
    format_option,
    naming_broken_rows,
    print_pages,
    say,
    table_options,
)
from leadscore.cli.main import FINE, PROBLEMS, UNUSABLE
from leadscore.cli.model_files import difference, model_files, read, replace, write_out
from leadscore.diagnostics import Diagnostic, Source
from leadscore.errors import ScoreError
from leadscore.fixing import Fixed, fix
from leadscore.lint import Choice, lint
from leadscore.reporting import Checked, summary
from leadscore.settings import Reader, Settings, codes_of
from leadscore.syntax.document import parse

if TYPE_CHECKING:
    from leadscore.lint.facts import Facts

_BOM = "\ufeff"
_OWN = ("files", "shape", "fixing", "unsafe", "shows", "selected", "ignored", "config")
"""The parameters that have a meaning without tables."""


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option(
    "text", "json", "github", "sarif", help="For people, for programs, or for code scanners."
)
@click.option("--fix", "fixing", is_flag=True, help="Mend what can be mended safely.")
@click.option(
    "--unsafe-fixes",
    "unsafe",
    is_flag=True,
    help="With --fix or --diff: mend also what may change the meaning of a model.",
)
@click.option("--diff", "shows", is_flag=True, help="Change nothing; print what --fix changes.")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="CODES",
    help="The findings to report, such as L1,L203, instead of all of them.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODES",
    help="Findings to leave out, such as L2. Errors are always reported.",
)
@click.option(
    "--config",
    metavar="FILE",
    help="The settings, instead of leadscore.toml or pyproject.toml beside the models or above.",
)
@partial(table_options, required=False, allow_missing=True)
def command(
    files: tuple[str, ...],
    shape: str,
    fixing: bool,
    unsafe: bool,
    shows: bool,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    config: str | None,
    given: TableOptions,
) -> int:
    """Say what is wrong with models: every error and finding, with its place and the remedy.

    FILE can be a folder, for all models below it, or - for standard input. With --leads, --events
    or --lists, also say what the models ask of the tables and do not find there. Exits with 1 where
    errors or warnings were found, and with 2 where a file cannot be read.
    """
    has_tables = bool(given.leads or given.events or given.lists)
    _check_usage(files, shape, fixing, unsafe, shows, has_tables)
    names = model_files(files)
    choices = _choices(names, selected, ignored, config)
    tables = _Tables(given) if has_tables else None
    checked: list[Checked] = []
    code = FINE
    changed = 0
    for name, choice in zip(names, choices, strict=True):
        try:
            text = read(name)
        except OSError as error:
            say(f"error: {name}: {error.strerror or error}")
            code = UNUSABLE
            continue
        except ScoreError as error:
            checked.append(Checked(Source(name, ""), error.diagnostics))
            code = UNUSABLE
            continue
        bare = text.removeprefix(_BOM)
        find = _Find(name, choice, tables)
        if not fixing and not shows:
            checked.append(Checked(Source(name, bare), find(bare)))
            continue
        fixed = fix(bare, find, unsafe=unsafe)
        checked.append(Checked(Source(name, fixed.text), fixed.left))
        changed += fixed.text != bare
        try:
            _write(name, text, bare, fixed, shows)
        except OSError as error:
            say(f"error: {name}: {error.strerror or error}")
            code = UNUSABLE
    if not shows:
        _print(checked, shape, err=fixing and "-" in names, fixing=fixing, fine=not code)
    if tables is not None:
        tables.say_notes()
    found = any(item.severity != "info" for each in checked for item in each.found)
    return code or (PROBLEMS if found or (shows and changed) else FINE)


class _Find:
    """What is found in texts of one file."""

    def __init__(self, name: str, choice: Choice, tables: _Tables | None) -> None:
        self.name = name
        self.choice = choice
        self.tables = tables

    def __call__(self, text: str) -> tuple[Diagnostic, ...]:
        analysis = analyse(parse(text, self.name))
        facts = self.tables.facts(analysis) if self.tables and not analysis.errors else None
        return lint(analysis, facts, self.choice)


class _Tables:
    """The tables of the command line, beside each of the models."""

    def __init__(self, given: TableOptions) -> None:
        self._given = given
        self._last: tuple[str, Facts] | None = None
        self._notes: dict[str, None] = {}

    def facts(self, analysis: Analysis) -> Facts:
        """What they say about a sound model."""
        source = analysis.document.source
        if self._last is not None and self._last[0] == source.text:
            return self._last[1]
        from leadscore.lint.facts import without_leads
        from leadscore.lint_data import read_facts

        given = self._given
        leads = None if given.leads else _nobody()
        with naming_broken_rows():
            facts = read_facts(
                analysis,
                lambda needs: given.open(needs, Path(source.name).name, leads=leads),
                as_of=given.moment,
                time_zone=given.zone,
                time_pattern=given.time_pattern,
            )
        if leads is not None:
            facts = without_leads(facts)
        self._last = source.text, facts
        self._notes.update(dict.fromkeys(facts.notes))
        return facts

    def say_notes(self) -> None:
        """What the reader had to say, each once."""
        for note in self._notes:
            say(f"note: {note}")


def _nobody() -> object:
    """A table of leads without any, for events or lists that come alone."""
    import pyarrow as pa

    return pa.table({"id": pa.array([], pa.string())})


def _check_usage(
    files: Sequence[str], shape: str, fixing: bool, unsafe: bool, shows: bool, tables: bool
) -> None:
    """Raise UsageError where options do not go together."""
    if unsafe and not fixing and not shows:
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if fixing and shows:
        raise click.UsageError("--fix changes the files, --diff only shows how: choose one")
    if shape != "text" and (shows or (fixing and "-" in files)):
        raise click.UsageError(f"standard output has the text: --format {shape} has no place there")
    context = click.get_current_context()
    for parameter in context.command.params:
        assert parameter.name is not None
        source = context.get_parameter_source(parameter.name)
        if not tables and parameter.name not in _OWN and source is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{parameter.opts[0]} needs --leads TABLE or --events TABLE")


def _choices(
    names: Iterable[str], selected: Sequence[str], ignored: Sequence[str], config: str | None
) -> list[Choice]:
    """The rules for each file: what the command line says goes before the settings."""
    known = rulebook.optional()
    reader = Reader(known)
    select = _codes(selected, known, "--select")
    ignore = _codes(ignored, known, "--ignore")
    settings = None if config is None else reader.file(Path(config))
    choices = []
    for name in names:
        path = None if name == "-" else Path(name)
        here = settings or reader.of(Path() if path is None else path.parent)
        if select:  # over again, but for what the files themselves are exempt from
            here = Settings((), (), here.per_file, here.folder)
            choice = here.choice(path)
            choices.append(Choice(select, ignore, choice.never))
        else:
            choices.append(here.choice(path).without(ignore))
    return choices


def _codes(texts: Iterable[str], known: Mapping[str, str], option: str) -> tuple[str, ...]:
    try:
        return codes_of((code for text in texts for code in text.split(",") if code.strip()), known)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


def _write(name: str, text: str, bare: str, fixed: Fixed, shows: bool) -> None:
    """Show what was mended, or put it where it came from."""
    if shows:
        write_out(difference(bare, fixed.text, name, "mended"))
        after = summary([Checked(Source(name, fixed.text), fixed.left)])
        say(f"{name}: --fix would mend {fixed.made}; after it: {after.partition(': ')[2]}")
        return
    new = text[: len(text) - len(bare)] + fixed.text
    if name == "-":
        write_out(new)
    elif fixed.text != bare:
        replace(name, new)
    if fixed.text != bare:
        say(f"{name}: mended {fixed.made}")


def _print(checked: Sequence[Checked], shape: str, *, err: bool, fixing: bool, fine: bool) -> None:
    """What was found, in the form that was asked for; `err`: on standard error."""
    found = [item for each in checked for item in each.found]
    match shape:
        case "json":
            from leadscore.reporting import records

            click.echo(json.dumps(records(checked), indent=2, ensure_ascii=False))
        case "github":
            from leadscore.reporting import commands

            for line in commands(checked):
                click.echo(line)
            if found or fine:
                click.echo(summary(checked))
        case "sarif":
            from leadscore.reporting import sarif

            click.echo(json.dumps(sarif(checked), indent=2, ensure_ascii=False))
        case _:
            for each in checked:
                print_pages(each.found, each.source, err=err)
            if found or fine:
                click.echo(summary(checked), err=err)
            if found:
                click.echo(_more(found, fixing), err=err)


def _more(found: Sequence[Diagnostic], fixing: bool) -> str:
    """What can be done next."""
    safe = sum(any(each.safe for each in item.fixes) for item in found)
    unsafe = sum(bool(item.fixes) for item in found) - safe
    parts = []
    if safe and not fixing:
        parts.append(f"--fix mends {safe}")
    if unsafe:
        more = " more" if parts else ""
        parts.append(f"--fix --unsafe-fixes mends {unsafe}{more}, but look at what it changes")
    parts.append(f"`leadscore rule {found[0].code}` says more")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
