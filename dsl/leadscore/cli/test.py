"""``leadscore test``: the tests in models."""

from __future__ import annotations

import json
from typing import Any

import click

from leadscore.cli.common import format_option, load_model, say
from leadscore.cli.main import FINE, PROBLEMS
from leadscore.errors import ScoreError
from leadscore.receipt_page import receipt_page
from leadscore.testing import TestResult, run_tests


@click.command("test")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option("text", "json", help="For people, or for programs.")
def command(files: tuple[str, ...], shape: str) -> int:
    """Run the tests in models.

    A test that fails shows what was expected, what came out, and the receipt with the values that
    every rule looked at. Exits with 1 where one failed, or a model has errors.
    """
    records: list[dict[str, Any]] = []
    passed = failed = 0
    broken = False
    for file in files:
        try:
            model = load_model(file)
        except ScoreError as error:
            say(f"{error}\n")
            broken = True
            continue
        for result in run_tests(model):
            passed += result.passed
            failed += not result.passed
            if shape == "json":
                records.append(_record(file, result))
            elif not result.passed:
                _print_failure(file, result)
    if shape == "json":
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        click.echo(_summary(passed, failed))
    return PROBLEMS if failed or broken else FINE


def _print_failure(file: str, result: TestResult) -> None:
    click.echo(f'FAILED "{result.name}" ({file}:{result.line})')
    for failure in result.failures:
        click.echo(f"  line {failure.line}: expected {failure.expected}")
        click.echo(f"  {' ' * len(f'line {failure.line}')}  got      {failure.got}")
    click.echo()
    groups = {failure.group for failure in result.failures}
    only = groups if None not in groups else None
    page = receipt_page(result.result.receipt, every_rule=True, only=only)
    click.echo("\n".join(f"  {line}".rstrip() for line in page.splitlines()))
    click.echo()


def _record(file: str, result: TestResult) -> dict[str, Any]:
    return {
        "file": file,
        "line": result.line,
        "test": result.name,
        "passed": result.passed,
        "failures": [
            {"line": failure.line, "expected": failure.expected, "got": failure.got}
            for failure in result.failures
        ],
        "receipt": None if result.passed else result.result.receipt.to_dict(),
    }


def _summary(passed: int, failed: int) -> str:
    tests = passed + failed
    if not tests:
        return "no tests"
    if not failed:
        return f"{passed} {'test' if tests == 1 else 'tests'} passed"
    return f"{failed} of {tests} {'test' if tests == 1 else 'tests'} failed"
