"""Findings as commands of GitHub's workflows, which shows them beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadscore import rulebook
from leadscore.diagnostics import Diagnostic, Source
from leadscore.reporting.checked import Checked
from leadscore.reporting.places import relative

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def commands(files: Iterable[Checked]) -> Iterator[str]:
    """A line a finding. Paths are seen from the working folder, as GitHub wants them."""
    for file in files:
        for item in file.found:
            yield _command(item, file.source)


def _command(found: Diagnostic, source: Source) -> str:
    line, column = source.place(found.span.start)
    end_line, end_column = source.place(found.span.end)
    if end_line > line and end_column == 1:  # up to and with a line break
        end_line, end_column = end_line - 1, len(source.line(end_line - 1)) + 1
    places: dict[str, object] = {"file": relative(source.name), "line": line, "endLine": end_line}
    if end_line == line:  # GitHub takes columns within one line only
        places |= {"col": column, "endColumn": end_column}
    places["title"] = f"{found.code} {rulebook.name_of(found.code)}"
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in places.items())
    return f"::{_COMMANDS[found.severity]} {properties}::{_data(text_of(found))}"


def text_of(found: Diagnostic) -> str:
    """All of a finding but its place, as running text."""
    label = f" ({found.label})" if found.label else ""
    hint = f" {found.hint}" if found.hint else ""
    return f"{found.message}{label}.{hint}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
