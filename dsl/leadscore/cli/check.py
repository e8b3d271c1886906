"""``leadscore check``: everything that is wrong with models, in one run."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from leadscore.cli.common import format_option, print_pages
from leadscore.cli.main import FINE, PROBLEMS, UNUSABLE
from leadscore.diagnostics import Diagnostic, Source
from leadscore.errors import ScoreError
from leadscore.files import MAX_BYTES, decode, read_text
from leadscore.model import check


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option("text", "json", help="Pages for people, or one list for programs.")
def command(files: tuple[str, ...], shape: str) -> int:
    """Say what is wrong with models: every error, with its place and the remedy.

    FILE can be - for standard input. Exits with 1 where something was found, and with 2 where a
    file cannot be read.
    """
    records: list[dict[str, Any]] = []
    errors = warnings = 0
    code = FINE
    for file in files:
        try:
            text = _standard_input() if file == "-" else read_text(file)
        except OSError as error:
            click.echo(f"error: {file}: {error.strerror or error}", err=True)
            code = UNUSABLE
            continue
        except ScoreError as error:
            found, source = error.diagnostics, Source(file, "")
        else:
            source = Source(file, text.removeprefix("\ufeff"))
            found = check(text, file)
        errors += sum(item.severity == "error" for item in found)
        warnings += sum(item.severity == "warning" for item in found)
        if shape == "json":
            records += [_record(item, source) for item in found]
        else:
            print_pages(found, source)
    if shape == "json":
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    elif errors or warnings or code == FINE:
        click.echo(_summary(errors, warnings, len(files)))
    return code or (PROBLEMS if errors or warnings else FINE)


def _standard_input() -> str:
    return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "-")


def _record(found: Diagnostic, source: Source) -> dict[str, Any]:
    line, column = source.place(found.span.start)
    end_line, end_column = source.place(found.span.end)
    return {
        "file": source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "label": found.label or None,
        "hint": found.hint or None,
        "fixable": bool(found.fixes),
    }


def _summary(errors: int, warnings: int, files: int) -> str:
    checked = "1 file" if files == 1 else f"{files} files"
    if not errors and not warnings:
        return f"{checked}: fine"
    parts = []
    if errors:
        parts.append("1 error" if errors == 1 else f"{errors} errors")
    if warnings:
        parts.append("1 warning" if warnings == 1 else f"{warnings} warnings")
    return f"{checked}: {' and '.join(parts)}"
