"""What a rule is, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from leadscore.diagnostics import Diagnostic, Fix, Note, Span
from leadscore.diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from leadscore.lint.view import View


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic without the code and severity, which are the rule's. Spans are in the file."""

    span: Span
    message: str
    label: str = ""
    hint: str = ""
    notes: tuple[Note, ...] = ()
    fixes: tuple[Fix, ...] = ()


Needs = Literal["tree", "plan", "data"]
"""What a rule looks at: the tree, which broken models have too; the plan, which only models
without errors have; or the plan beside tables of leads and events."""


@dataclass(frozen=True)
class Rule:
    """One rule."""

    code: str
    name: str
    page: str | None
    """The docstring of its file, in Markdown: a title, what, why, example, remedy."""
    find: Callable[[View], Iterator[Finding]]
    needs: Needs = "plan"
    level: Severity = "warning"
    fix: Literal["safe", "unsafe"] | None = None
    """Of the fixes that its findings have: whether they never change what a model means."""

    @cached_property
    def title(self) -> str:
        """The first line of the page, without the final stop."""
        return (self.page or self.name).strip().splitlines()[0].rstrip(".")

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples on the page, in order."""
        return tuple(examples_of(self.page or ""))

    def diagnostic(self, found: Finding) -> Diagnostic:
        """A finding of this rule as a diagnostic."""
        return Diagnostic(
            self.code,
            found.span,
            found.message,
            found.label,
            found.hint,
            found.notes,
            found.fixes,
            self.level,
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A model on a page, which the rule finds fault with (`bad`) or not; tables by name."""

    text: str
    bad: bool
    tables: tuple[tuple[str, str], ...] = ()
    """(`leads`, `events` or `lists`, text of a CSV file): those that stand above it."""


_BLOCK = re.compile(r"^```(\w+) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples_of(page: str) -> Iterator[Example]:
    """The models in a page of Markdown, in order."""
    tables: dict[str, str] = {}
    for language, what, text in _BLOCK.findall(page):
        if language == "csv":
            tables[what] = text
        elif language == "score":
            yield Example(text, what == "bad", tuple(tables.items()))
