"""Lead scoring as a file: read it aloud, test it, diff it, run it anywhere.

    import leadscore

    model = leadscore.load("contact.score")
    result = model.score({"industry": "SaaS", "employees": 120})
    print(result.score, result.label)
    print(result.receipt)

Importing this module costs next to nothing: what it names is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadscore.diagnostics import Diagnostic
    from leadscore.errors import (
        DataError,
        EvaluationError,
        LeadscoreError,
        ScoreError,
        ScoreSyntaxError,
    )
    from leadscore.formatting import format
    from leadscore.lint import check
    from leadscore.model import Model, load, loads
    from leadscore.receipt import Receipt
    from leadscore.report import Report
    from leadscore.result import Result
    from leadscore.scores import Scores

__version__ = "0.1.0"

_HOMES = {
    "DataError": "errors",
    "Diagnostic": "diagnostics",
    "EvaluationError": "errors",
    "LeadscoreError": "errors",
    "Model": "model",
    "Receipt": "receipt",
    "Report": "report",
    "Result": "result",
    "ScoreError": "errors",
    "ScoreSyntaxError": "errors",
    "Scores": "scores",
    "check": "lint",
    "format": "formatting",
    "load": "model",
    "loads": "model",
}

__all__ = [
    "DataError",
    "Diagnostic",
    "EvaluationError",
    "LeadscoreError",
    "Model",
    "Receipt",
    "Report",
    "Result",
    "ScoreError",
    "ScoreSyntaxError",
    "Scores",
    "__version__",
    "check",
    "format",
    "load",
    "loads",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'leadscore' has no attribute {name!r}")
    value = getattr(import_module(f"leadscore.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
