"""What people read of tests: failures with their receipts, and what is not covered."""

from __future__ import annotations

from leadscore.diagnostics.page import printable
from leadscore.receipt_page import receipt_page
from leadscore.testing.coverage import Coverage, Item
from leadscore.testing.run import Group, TestResult

_WIDEST = 90
"""Characters of a statement that are shown."""


def failure_page(file: str, result: TestResult) -> str:
    """What was expected and found, and the receipt: of the groups that it is about, if of some."""
    out = [f'FAILED "{printable(result.name)}" ({printable(file)}:{result.line})']
    for failure in result.failures:
        head = f"  line {failure.line}:"
        out.append(f"{head} expected {printable(failure.expected)}")
        out.append(f"{' ' * len(head)} got      {printable(failure.got)}")
    if result.error is None:
        page = receipt_page(result.result.receipt, every_rule=True, only=_groups(result))
        out += ["", *(f"  {line}".rstrip() for line in page.splitlines())]
    return "\n".join([*out, ""])


def _groups(result: TestResult) -> set[str | None] | None:
    """The groups that the failures are about; None: all."""
    names: set[str | None] = set()
    for failure in result.failures:
        match failure.about:
            case Group(name=name):
                names.add(name)
            case "fit" | "fit_label" | "engagement" | "engagement_label" as output:
                category = output.removesuffix("_label")
                groups = result.result.receipt.groups
                names |= {group.name for group in groups if group.category == category}
            case _:
                return None
    return names


def coverage_page(what: str, coverage: Coverage) -> str:
    """The share that is covered, and each item that is not, a line each."""
    return "\n".join(
        [
            f"coverage of {printable(what)}: {percent_text(coverage)} "
            f"({coverage.covered} of {coverage.total})",
            *(f"  line {item.line}: {item_text(item)}" for item in coverage.missing),
        ]
    )


def item_text(item: Item) -> str:
    """What an item lacks, and its statement: `case never held: 1 to 10: +2`."""
    text = printable(item.text)
    return f"{item.kind} {item.lacks}: {text if len(text) <= _WIDEST else text[:_WIDEST] + '…'}"


def percent_text(coverage: Coverage) -> str:
    """The share that is covered: `71.4%`, `100%`."""
    return f"{coverage.percent:g}%"


def summary(passed: int, failed: int, left_out: int = 0) -> str:
    """How many tests passed and failed; `left_out` ones were not run."""
    tests = passed + failed
    more = f" ({left_out} not run)" if left_out else ""
    if not tests:
        return "no tests"
    if not failed:
        return f"{passed} {'test' if tests == 1 else 'tests'} passed{more}"
    return f"{failed} of {tests} {'test' if tests == 1 else 'tests'} failed{more}"
