"""All tests of a model, with what they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from leadscore.model import Model
from leadscore.testing.coverage import Coverage, coverage_of
from leadscore.testing.run import TestResult, run_tests
from leadscore.testing.select import selected


@dataclass(frozen=True)
class Suite:
    """The results of tests of a model, in the order of the file."""

    model: Model
    results: tuple[TestResult, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them passed."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[TestResult, ...]:
        """Those that did not pass."""
        return tuple(result for result in self.results if not result.passed)

    @cached_property
    def coverage(self) -> Coverage:
        """What of the model they exercise; see `leadscore.testing.coverage`."""
        return coverage_of(self.model, self.results)


def run_suite(model: Model, only: str | Sequence[str] = ()) -> Suite:
    """Run the tests of a model, or those whose names hold (one of) `only`."""
    names = (only,) if isinstance(only, str) else only
    return Suite(model, tuple(run_tests(model, selected(model, names))))
