"""The tests of .score files: running them, what they cover, and writing them from a lead."""

from leadscore.testing.coverage import Coverage, Item, coverage_of
from leadscore.testing.run import Failure, TestResult, run_tests
from leadscore.testing.suite import Suite, run_suite
from leadscore.testing.write import Unwritable, Written, written_row, written_test

__all__ = [
    "Coverage",
    "Failure",
    "Item",
    "Suite",
    "TestResult",
    "Unwritable",
    "Written",
    "coverage_of",
    "run_suite",
    "run_tests",
    "written_row",
    "written_test",
]
