"""Diagnostics are values: what is wrong, where, and what to do about it."""

from leadscore.diagnostics.catalog import CATALOG, Entry
from leadscore.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Note,
    Severity,
    Source,
    Span,
    shifted,
)
from leadscore.diagnostics.near import nearest
from leadscore.diagnostics.page import page

__all__ = [
    "CATALOG",
    "Diagnostic",
    "Edit",
    "Entry",
    "Fix",
    "Note",
    "Severity",
    "Source",
    "Span",
    "nearest",
    "page",
    "shifted",
]
