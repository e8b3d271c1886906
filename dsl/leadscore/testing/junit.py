"""The results of tests as JUnit XML, in the form that CI systems read.

A file is a suite, a test a case; a test that fails has a `failure`, one whose lead cannot be
scored an `error`, and a file that does not load is a suite with one case that has an `error`.
Attributes and their order are those of the schema that Jenkins publishes, which is the strictest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from xml.etree import ElementTree as ET

from leadscore.testing.page import failure_page, item_text
from leadscore.testing.suite import Suite

_FORBIDDEN = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0, escaped or not."""


@dataclass(frozen=True, slots=True)
class FileRun:
    """What came of one file: its suite, or why there is none."""

    file: str
    suite: Suite | None
    error: str = ""


def junit_xml(runs: Sequence[FileRun], *, coverage: bool = False) -> str:
    """The XML document of some files, with a final line break.

    With `coverage`, each suite has properties: `coverage` (percent), `coverage.covered`,
    `coverage.total`, and a `coverage.missing` for each item that no test exercises.
    """
    root = ET.Element("testsuites")
    suites = [_suite(run, coverage) for run in runs]
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"


def _suite(run: FileRun, coverage: bool) -> ET.Element:
    results = run.suite.results if run.suite is not None else ()
    errors = sum(result.error is not None for result in results) + (run.suite is None)
    counts = {
        "name": run.file,
        "tests": str(len(results) + (run.suite is None)),
        "failures": str(sum(not result.passed and result.error is None for result in results)),
        "errors": str(errors),
        "skipped": "0",
        "time": _seconds(sum(result.seconds for result in results)),
        "file": run.file,
    }
    suite = ET.Element("testsuite", {name: _clean(text) for name, text in counts.items()})
    if coverage and run.suite is not None:
        _properties(suite, run.suite)
    kind = _clean(PurePath(run.file).stem)
    if run.suite is None:
        case = ET.SubElement(suite, "testcase", name="loads", classname=kind, time=_seconds(0))
        _say(case, "error", "the model has errors", run.error)
    for result in results:
        case = ET.SubElement(
            suite,
            "testcase",
            name=_clean(result.name),
            classname=kind,
            time=_seconds(result.seconds),
        )
        if result.error is not None:
            _say(case, "error", str(result.error), failure_page(run.file, result))
        elif result.failures:
            first = "; ".join(f"expected {one.expected}, got {one.got}" for one in result.failures)
            _say(case, "failure", first, failure_page(run.file, result))
    return suite


def _properties(suite: ET.Element, run: Suite) -> None:
    found = run.coverage
    properties = ET.SubElement(suite, "properties")
    pairs = [
        ("coverage", f"{found.percent:g}"),
        ("coverage.covered", str(found.covered)),
        ("coverage.total", str(found.total)),
        *(("coverage.missing", f"line {one.line}: {item_text(one)}") for one in found.missing),
    ]
    for name, value in pairs:
        ET.SubElement(properties, "property", name=name, value=_clean(value))


def _say(case: ET.Element, kind: str, message: str, text: str) -> None:
    element = ET.SubElement(case, kind, message=_clean(message), type=kind)
    element.text = _clean(text)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _clean(text: str) -> str:
    """`text` without the characters that XML 1.0 has no way to say; made visible."""
    return _FORBIDDEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)
