"""Diagnostics are values: what is wrong, where, and what to do about it."""

from leadscore.diagnostics.catalog import CATALOG, Entry
from leadscore.diagnostics.diagnostic import (
    LEVELS,
    Diagnostic,
    Edit,
    Fix,
    Note,
    Severity,
    Source,
    Span,
    shifted,
)
from leadscore.diagnostics.near import nearest, nearest_code
from leadscore.diagnostics.page import page

__all__ = [
    "CATALOG",
    "LEVELS",
    "Diagnostic",
    "Edit",
    "Entry",
    "Fix",
    "Note",
    "Severity",
    "Source",
    "Span",
    "nearest",
    "nearest_code",
    "page",
    "shifted",
]
