"""Findings as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadscore import __version__, rulebook
from leadscore.diagnostics import Diagnostic, Edit, Fix, Severity, Source, Span
from leadscore.reporting.checked import Checked, codes
from leadscore.reporting.github import text_of
from leadscore.reporting.places import uri, utf16

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE = "SRCROOT"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def sarif(files: Sequence[Checked]) -> dict[str, Any]:
    """A log of one run. Paths are relative to the working folder, columns in units of UTF-16."""
    found = codes(files)
    index = {code: number for number, code in enumerate(found)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "leadscore",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(code) for code in found],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {
                    _BASE: {"description": {"text": "The folder that leadscore was run in."}}
                },
                "artifacts": [
                    {"location": _artifact(file.source), "sourceLanguage": "leadscore"}
                    for file in files
                ],
                "results": [
                    _result(item, file.source, index) for file in files for item in file.found
                ],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    entry = rulebook.entry(code)
    assert entry is not None
    return {
        "id": code,
        "name": entry.name,
        "shortDescription": {"text": f"{entry.title}."},
        "fullDescription": {"text": rulebook.plain(entry.section("What"))},
        "help": {"text": rulebook.plain(entry.body), "markdown": entry.body},
        "defaultConfiguration": {"level": _LEVELS[entry.level]},
    }


def _result(found: Diagnostic, source: Source, index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index[found.code],
        "level": _LEVELS[found.severity],
        "message": {"text": text_of(found)},
        "locations": [{"physicalLocation": _place(found.span, source)}],
    }
    if found.notes:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": note.text},
                "physicalLocation": _place(note.span, source),
            }
            for number, note in enumerate(found.notes, 1)
        ]
    fixes = [_fix(fix, source) for fix in found.fixes if fix.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _fix(fix: Fix, source: Source) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(source),
                "replacements": [_replacement(edit, source) for edit in fix.edits],
            }
        ],
    }


def _replacement(edit: Edit, source: Source) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(edit.span, source)}
    if edit.text:
        replacement["insertedContent"] = {"text": edit.text}
    return replacement


def _place(span: Span, source: Source) -> dict[str, Any]:
    return {"artifactLocation": _artifact(source), "region": _region(span, source)}


def _artifact(source: Source) -> dict[str, Any]:
    return {"uri": uri(source.name), "uriBaseId": _BASE}


def _region(span: Span, source: Source) -> dict[str, Any]:
    line, column = utf16(source, span.start)
    end_line, end_column = utf16(source, span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
