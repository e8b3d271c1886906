"""Findings: what is allowed in a model and yet is most likely not meant.

A rule is a file in `rules`; its docstring is its page. `registry` lists them, `View` is what they
look at, `run` runs them and heeds the comments (`# allow L106`) that suppress them. A finding is
reported only when it is proven: `plan.bounds` and `plan.reach` prove, and say nothing where they
cannot.
"""

from leadscore.lint.choice import Choice
from leadscore.lint.rule import Example, Finding, Rule
from leadscore.lint.run import check, lint

__all__ = ["Choice", "Example", "Finding", "Rule", "check", "lint"]
