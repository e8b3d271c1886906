"""Every code that a model can be found fault with: its name, its level and its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from leadscore.diagnostics import CATALOG, Severity, nearest_code
from leadscore.lint.registry import RULES
from leadscore.lint.rule import Example, examples_of

_A = {
    "error": "an error",
    "warning": "a warning",
    "info": "a hint, which can be meant as it stands",
    "safe": "a safe",
    "unsafe": "an unsafe",
}


@dataclass(frozen=True)
class Entry:
    """A code. `title` is a sentence without its stop, `body` the rest of its page, in Markdown."""

    code: str
    name: str
    title: str
    level: Severity
    fix: Literal["safe", "unsafe"] | None
    """Of a finding's fixes: whether they never change what a model means. Errors have fixes from
    case to case, which this does not say."""
    body: str

    @property
    def page(self) -> str:
        """The whole page, in Markdown."""
        fix = f"; it has {_A[self.fix]} fix" if self.fix else ""
        kind = f"{_A[self.level]}{fix}"
        return (
            f"# {self.code} {self.name}\n\n{self.title}.\n\n"
            f"{kind[0].upper()}{kind[1:]}.\n\n{self.body}\n"
        )

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The models on the page, in order."""
        return tuple(examples_of(self.body))

    def section(self, title: str) -> str:
        """What stands under a heading; empty where there is none."""
        found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", self.body, re.M | re.S)
        return found[1].strip() if found else ""


@cache
def entries() -> tuple[Entry, ...]:
    """All codes: S, E, W and T, then the rules."""
    pages = files("leadscore.diagnostics") / "pages"
    found = [
        Entry(
            code,
            each.name,
            each.about.rstrip("."),
            "warning" if code.startswith("W") else "error",
            None,
            (pages / f"{code}.md").read_text(encoding="utf-8").strip(),
        )
        for code, each in CATALOG.items()
    ]
    for rule in RULES:
        title, _, body = (rule.page or "").strip().partition("\n")
        found.append(
            Entry(rule.code, rule.name, title.rstrip("."), rule.level, rule.fix, body.strip())
        )
    return tuple(found)


def entry(text: str) -> Entry | None:
    """The entry of a code or of a name, whatever its case; None where there is none."""
    wanted = text.strip()
    for each in entries():
        if wanted.upper() == each.code or wanted.lower() == each.name:
            return each
    return None


def near(text: str) -> str | None:
    """The code that was probably meant."""
    return nearest_code(text.strip(), {each.code: each.name for each in entries()})


def name_of(code: str) -> str:
    """The name of a code."""
    found = CATALOG.get(code)
    return found.name if found else next(rule.name for rule in RULES if rule.code == code)


def optional() -> dict[str, str]:
    """The codes of what can be left out, with their names: all but errors."""
    warnings = {code: each.name for code, each in CATALOG.items() if code.startswith("W")}
    return warnings | {rule.code: rule.name for rule in RULES}


def plain(markdown: str) -> str:
    """A page as plain text: headings and blocks without their marks."""
    text = re.sub(r"^```.*\n?", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"^#+ ", "", text, flags=re.MULTILINE)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).strip()
