"""Findings of texts, with the tables that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadscore.analysis import analyse
from leadscore.diagnostics import Diagnostic
from leadscore.lint import Example, lint
from leadscore.syntax.document import parse

if TYPE_CHECKING:
    from leadscore.lint.facts import Facts


def data_of(example: Example) -> Facts | None:
    """What the tables of an example say; None where it has none."""
    if not example.tables:
        return None
    from tests.lint.tables import facts_of  # reads tables

    return facts_of(example)


def findings(example: Example) -> tuple[Diagnostic, ...]:
    """What is found in an example."""
    return lint(analyse(parse(example.text)), data_of(example))


def places(text: str, *codes: str) -> list[str]:
    """What stands where findings of some codes are, in the order of the text."""
    return [
        text[item.span.start : item.span.end]
        for item in findings(Example(text, True))
        if item.code in codes
    ]
