"""The exceptions at the edge of the API. Inside, a mistake in a model is a value: `Diagnostic`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadscore.diagnostics import Diagnostic


class LeadscoreError(Exception):
    """Base of all errors that leadscore raises on purpose; its text is meant for people."""


class ScoreError(LeadscoreError):
    """A model has errors. ``diagnostics`` holds all of them; ``str()`` prints them as pages."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class ScoreSyntaxError(ScoreError):
    """At least one of the errors of a model is one of syntax."""


class DataError(LeadscoreError):
    """A table, a row or a value given cannot be used; says where and what to do."""


class EvaluationError(LeadscoreError):
    """A lead cannot be scored; names the lead and the line of the model.

    A sum is past 64 bits, or a value of the caller's own raised when it was looked at (then
    ``__cause__`` is what it raised).
    """
