"""Findings as records, for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leadscore.reporting.checked import Checked


def records(files: Iterable[Checked]) -> list[dict[str, Any]]:
    """A record a finding. Lines and columns count from 1; the end is after the last character."""
    found = []
    for file in files:
        for item in file.found:
            line, column = file.source.place(item.span.start)
            end_line, end_column = file.source.place(item.span.end)
            found.append(
                {
                    "file": file.source.name,
                    "line": line,
                    "column": column,
                    "end_line": end_line,
                    "end_column": end_column,
                    "code": item.code,
                    "severity": item.severity,
                    "message": item.message,
                    "label": item.label or None,
                    "hint": item.hint or None,
                    "fixable": bool(item.fixes),
                }
            )
    return found
