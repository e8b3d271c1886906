"""Running the rules over a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadscore.analysis import Analysis, analyse
from leadscore.diagnostics import Diagnostic
from leadscore.diagnostics.catalog import CATALOG
from leadscore.lint.choice import Choice
from leadscore.lint.registry import RULES, by_code
from leadscore.lint.rule import Rule
from leadscore.lint.rules import allowance
from leadscore.lint.suppress import Allowances
from leadscore.lint.view import View
from leadscore.syntax.document import parse

if TYPE_CHECKING:
    from leadscore.lint.facts import Facts


_NAMES = {rule.code: rule.name for rule in RULES}


def check(text: str, name: str = "<text>") -> tuple[Diagnostic, ...]:
    """All errors, warnings and findings of a text, in its order; spans are offsets in it.

    `name` is for messages. Nothing is read but the text; `lint` also takes tables, and a choice
    of rules.
    """
    return lint(analyse(parse(text, name)))


def lint(
    analysis: Analysis, data: Facts | None = None, choice: Choice | None = None
) -> tuple[Diagnostic, ...]:
    """Errors, warnings and findings of a model, in the order of the text.

    With `data`, also what its tables say about the model. Of a model with errors, only rules that
    look at the tree alone run. Never raises.
    """
    choice = choice or Choice()
    allowances = Allowances(analysis.document)
    found: list[Diagnostic] = []
    for diagnostic in analysis.diagnostics:
        code = diagnostic.code
        if diagnostic.severity == "error" or (
            choice.takes(code) and not allowances.cover(code, diagnostic.span)
        ):
            found.append(diagnostic)
    view = View(analysis, data)
    ran = [rule for rule in RULES if choice.takes(rule.code) and _can_run(rule, view)]
    for rule in ran:
        for finding in rule.find(view):
            if not allowances.cover(rule.code, finding.span):
                found.append(rule.diagnostic(finding))
    if choice.takes(allowance.RULE.code):
        judged = {rule.code for rule in ran} | {code for code in CATALOG if choice.takes(code)}
        for item in allowances.unused():
            if item.code in judged or by_code(item.code) is None:
                finding = allowance.finding(item, analysis, _NAMES)
                found.append(allowance.RULE.diagnostic(finding))
    found.sort(key=lambda item: (item.span, item.code))
    return tuple(found)


def _can_run(rule: Rule, view: View) -> bool:
    match rule.needs:
        case "tree":
            return True
        case "plan":
            return view.sound
        case "data":
            return view.sound and view.data is not None
