"""All checks of a document, in one call."""

from __future__ import annotations

from dataclasses import dataclass

from leadscore.analysis.blocks import check_limits, check_references, check_rules
from leadscore.analysis.outputs import check_labels, check_matrix
from leadscore.analysis.statements import facts_of
from leadscore.analysis.symbols import Symbols, gather
from leadscore.analysis.tests import check_tests
from leadscore.diagnostics import Diagnostic, shifted
from leadscore.syntax.document import Document


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document with what it declares and what is wrong with it.

    `diagnostics` holds those of syntax too, in the order of the text; spans are in the file.
    """

    document: Document
    symbols: Symbols
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that keep the model from being used."""
        return tuple(found for found in self.diagnostics if found.severity == "error")


def analyse(document: Document) -> Analysis:
    """Check a document. Never raises; statements that did not change cost nothing."""
    symbols, diagnostics = gather(document)
    diagnostics += document.diagnostics
    for statement in document.statements:
        diagnostics += [
            shifted(found, statement.start) for found in facts_of(statement.parsed).diagnostics
        ]
    diagnostics += check_rules(symbols)
    diagnostics += check_references(document, symbols)
    diagnostics += check_limits(document, symbols)
    diagnostics += check_labels(symbols)
    diagnostics += check_matrix(symbols)
    diagnostics += check_tests(document, symbols)
    diagnostics.sort(key=lambda found: (found.span, found.code))
    return Analysis(document, symbols, tuple(diagnostics))
