"""``leadscore test``: the tests in models, what they cover, and tests written from leads."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from leadscore.cli.common import (
    TableOptions,
    format_option,
    load_model,
    naming_broken_rows,
    say,
    say_report,
    table_options,
)
from leadscore.cli.main import FINE, PROBLEMS, UNUSABLE, code_of
from leadscore.cli.model_files import model_files, read, replace
from leadscore.errors import DataError, ScoreError
from leadscore.testing import Coverage, Suite, TestResult, run_tests
from leadscore.testing.junit import FileRun, junit_xml
from leadscore.testing.page import coverage_page, failure_page, percent_text, summary
from leadscore.testing.select import name_of, near_names, selected

_FILE_LINE = re.compile(r"(?s)(.+):([0-9]{1,9})").fullmatch
_TESTING = {
    "only": "-k",
    "coverage": "--coverage",
    "fail_under": "--fail-under",
    "watching": "--watch",
    "shape": "--format",
}
"""The options of running tests, by their parameters; all others are for --from-leads."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be run: files with the lines of tests (none: all), and parts of names."""

    files: dict[str, list[int]]
    only: tuple[str, ...]

    @property
    def filtered(self) -> bool:
        """Whether some tests only are meant."""
        return bool(self.only) or any(self.files.values())


@click.command("test")
@click.argument("files", nargs=-1, required=True, metavar="FILE[:LINE]...")
@click.option(
    "-k",
    "--only",
    multiple=True,
    metavar="TEXT",
    help="Only tests whose name holds this text, whatever its case; can be repeated.",
)
@click.option("--coverage", is_flag=True, help="Also say what of the models no test exercises.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 where less than this is covered, of all files together.",
)
@format_option("text", "json", "junit", help="For people, for programs, or for CI systems.")
@click.option(
    "--watch", "watching", is_flag=True, help="Run them again whenever a file changes; Ctrl-C ends."
)
@partial(table_options, leads="--from-leads", required=False)
@click.option("--lead", "lead_id", metavar="ID", help="With --from-leads: write this lead's test.")
@click.option("--name", metavar="TEXT", help="With --from-leads: the name of the test.")
@click.option(
    "--append", is_flag=True, help="With --from-leads: add the test to the file, not print it."
)
def command(
    files: tuple[str, ...],
    only: tuple[str, ...],
    coverage: bool,
    fail_under: float | None,
    shape: str,
    watching: bool,
    given: TableOptions,
    lead_id: str | None,
    name: str | None,
    append: bool,
) -> int:
    """Run the tests in models, or write one from a lead.

    A test that fails shows what was expected, what came out, and the receipt with the values that
    every rule looked at. FILE can be a folder, for all models below it, or - for standard input;
    FILE:LINE is the test on that line. Exits with 1 where one failed, or a model has errors, and
    with 2 where a file cannot be read; the others are run all the same.

    With --from-leads and --lead, print the test that says what this lead's score is today.
    """
    _check_usage(bool(given.leads))
    if given.leads:
        if lead_id is None:
            raise click.UsageError("--from-leads needs --lead ID: the lead that the test is of")
        if len(files) != 1:
            raise click.UsageError("--from-leads takes one FILE: the model that the test is for")
        if append and files[0] == "-":
            raise click.UsageError("--append adds to a file, and standard input is none")
        return _write(files[0], given, lead_id, name, append)
    asked = Asked(_places(files), only)
    covering = coverage or fail_under is not None

    def run() -> int:
        return _run(asked, shape, covering, fail_under)

    if not watching:
        return run()
    if shape != "text":
        raise click.UsageError(f"--watch shows text, and not --format {shape}")
    if "-" in asked.files:
        raise click.UsageError("--watch is for files, and standard input is none")
    for file in asked.files:
        read(file)  # a file that was never there is not waited for
    from leadscore.cli.watch import watch

    return watch(list(asked.files), run)


def _check_usage(writing: bool) -> None:
    """Raise UsageError where an option is given that has no meaning with, or without, others."""
    context = click.get_current_context()
    for parameter in context.command.params:
        assert parameter.name is not None
        source = context.get_parameter_source(parameter.name)
        if parameter.name in ("files", "leads") or source is not ParameterSource.COMMANDLINE:
            continue
        if writing and parameter.name in _TESTING:
            raise click.UsageError(
                f"{_TESTING[parameter.name]} is for running tests; --from-leads writes one"
            )
        if not writing and parameter.name not in _TESTING:
            raise click.UsageError(f"{parameter.opts[0]} needs --from-leads TABLE")


# Running


def _places(files: Sequence[str]) -> dict[str, list[int]]:
    """The files, each once, with the lines that are named; none where all of it is meant."""
    found: dict[str, list[int]] = {}
    whole: set[str] = set()
    for text in model_files(files):
        match = None if os.path.exists(text) else _FILE_LINE(text)
        if match is None:
            found[text] = []
            whole.add(text)
        elif match[1] not in whole:
            found.setdefault(match[1], []).append(int(match[2]))
    return found


def _run(asked: Asked, shape: str, covering: bool, fail_under: float | None) -> int:
    runs: list[FileRun] = []
    names: list[str] = []
    left_out = 0
    code = FINE
    for file, lines in asked.files.items():
        try:
            model = load_model(file, read(file))
        except OSError as error:
            message = f"error: {file}: {error.strerror or error}"
            say(message)
            runs.append(FileRun(file, None, message))
            code = UNUSABLE
            continue
        except ScoreError as error:
            say(f"{error}\n")
            runs.append(FileRun(file, None, str(error)))
            code = max(code, code_of(error))
            continue
        tests = model.analysis.symbols.tests
        for line in lines:
            if not selected(model, (), [line]):
                places = ", ".join(str(block.head.line) for block in tests[:20])
                raise DataError(
                    f"{file}:{line}: no test stands on this line; "
                    + (f"tests begin on: {places}" if places else "the file has none")
                )
        chosen = selected(model, asked.only, lines)
        names += map(name_of, tests)
        left_out += len(tests) - len(chosen)
        suite = Suite(model, tuple(run_tests(model, chosen)))
        runs.append(FileRun(file, suite))
        if shape == "text":
            for result in suite.failed:
                click.echo(failure_page(file, result))
    suites = [run.suite for run in runs if run.suite is not None]
    results = [result for suite in suites for result in suite.results]
    broken = len(suites) < len(runs)
    if code == UNUSABLE and not suites and shape == "text":
        return code
    if asked.filtered and not results and not broken:
        raise DataError(_nothing(asked.only, names))
    whole = Coverage(tuple(item for suite in suites for item in suite.coverage.items if covering))
    failed = sum(not result.passed for result in results)
    match shape:
        case "json":
            click.echo(json.dumps(_records(runs, covering, whole), indent=2, ensure_ascii=False))
        case "junit":
            click.echo(junit_xml(runs, coverage=covering), nl=False)
        case _:
            if covering:
                _print_coverage(runs, whole)
            click.echo(summary(len(results) - failed, failed, left_out))
    if fail_under is not None and whole.covered * 100 < fail_under * whole.total:
        say(f"coverage is {percent_text(whole)}, less than the {fail_under:g}% asked for")
        return code or PROBLEMS
    return max(code, PROBLEMS) if failed or broken else FINE


def _nothing(only: Sequence[str], names: Sequence[str]) -> str:
    shown = " or ".join(repr(text) for text in only)
    if not names:
        return f"no test has {shown} in its name; there are no tests"
    near = near_names(only, names)
    if near:
        return f"no test has {shown} in its name; near it: " + ", ".join(f'"{n}"' for n in near)
    some = ", ".join(f'"{name}"' for name in names[:5])
    return f"no test has {shown} in its name; there are: {some}{', …' if names[5:] else ''}"


def _print_coverage(runs: Sequence[FileRun], whole: Coverage) -> None:
    for run in runs:
        if run.suite is not None:
            click.echo(coverage_page(run.file, run.suite.coverage))
    if len(runs) > 1:
        total = f"{percent_text(whole)} ({whole.covered} of {whole.total})"
        click.echo(f"coverage of all files: {total}")
    click.echo()


def _records(runs: Sequence[FileRun], covering: bool, whole: Coverage) -> Any:
    """The results of all tests; with coverage, under `tests`, and beside it `coverage`."""
    tests = [
        _record(run.file, result)
        for run in runs
        if run.suite is not None
        for result in run.suite.results
    ]
    if not covering:
        return tests
    files = [
        {"file": run.file, **_shares(run.suite.coverage), "items": _items(run.suite.coverage)}
        for run in runs
        if run.suite is not None
    ]
    return {"tests": tests, "coverage": {**_shares(whole), "files": files}}


def _shares(coverage: Coverage) -> dict[str, Any]:
    return {"percent": coverage.percent, "covered": coverage.covered, "total": coverage.total}


def _items(coverage: Coverage) -> list[dict[str, Any]]:
    return [
        {
            "line": item.line,
            "kind": item.kind,
            "text": item.text,
            "covered": item.covered,
            "lacks": item.lacks or None,
        }
        for item in coverage.items
    ]


def _record(file: str, result: TestResult) -> dict[str, Any]:
    shown = not result.passed and result.error is None
    return {
        "file": file,
        "line": result.line,
        "test": result.name,
        "passed": result.passed,
        "failures": [
            {"line": failure.line, "expected": failure.expected, "got": failure.got}
            for failure in result.failures
        ],
        "receipt": result.result.receipt.to_dict() if shown else None,
    }


# Writing


def _write(file: str, given: TableOptions, lead_id: str, name: str | None, append: bool) -> int:
    from leadscore.testing.table import written_lead

    text = read(file)
    model = load_model(file, text)
    with naming_broken_rows(), given.open(model.needs, Path(file).name) as tables:
        written, report = written_lead(
            model,
            tables,
            lead_id,
            as_of=given.moment,
            time_zone=given.zone,
            time_pattern=given.time_pattern,
            name=name,
        )
    if append:
        replace(file, _with_test(text, written.text))
        say(f"added to {file}: {written.text.splitlines()[0]}")
    else:
        click.echo(written.text, nl=False)
    for note in written.notes:
        say(f"note: {note}")
    held = [", ".join(written.values)] if written.values else []
    if written.attributes:
        held.append(f"of its events {', '.join(written.attributes)}")
    if held:
        say(f"note: the test holds, of this lead, {', and '.join(held)}: see that the file may")
    say_report(report)
    return FINE


def _with_test(text: str, test: str) -> str:
    """A text with a test at its end, after a blank line, with the text's own line breaks."""
    newline = "\r\n" if "\r\n" in text else "\n"
    last_line = text.removesuffix("\n").rpartition("\n")[2]
    gap = newline if last_line.strip() else ""
    if text and not text.endswith("\n"):
        gap += newline
    return text + gap + test.replace("\n", newline)
