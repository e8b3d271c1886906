"""JUnit XML: held to the schema that CI systems read (Jenkins' junit-10.xsd), whatever is in it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from tests.testing.support import MODEL

import leadscore
from leadscore.errors import EvaluationError
from leadscore.testing import Failure, Suite, TestResult
from leadscore.testing.junit import FileRun, junit_xml

_INTEGER = re.compile(r"[0-9]+").fullmatch
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?").fullmatch

# Of each element of the schema: the attributes that must be there, those that can, its children.
SCHEMA = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "disabled", "errors"}),
    "testsuite": (
        {"name", "tests"},
        {
            *("failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id"),
            *("package", "file", "log", "url", "version"),
        },
    ),
    "properties": (set(), set()),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname"}, {"assertions", "time", "status", "group"}),
    "failure": (set(), {"type", "message"}),
    "error": (set(), {"type", "message"}),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error"},
}


def checked(xml: str) -> ET.Element:
    """The root of a document that keeps to the schema."""
    root = ET.fromstring(xml.encode("utf-8"))
    assert root.tag == "testsuites"
    for element in root.iter():
        must, can = SCHEMA[element.tag]
        assert must <= set(element.keys()) <= must | can, element.tag
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        for name in ("tests", "failures", "errors", "skipped"):
            assert _INTEGER(element.get(name, "0")), (element.tag, name)
        assert _SECONDS(element.get("time", "0"))
    for suite in root:
        tags = [child.tag for child in suite]
        assert tags.count("properties") <= 1
        assert "properties" not in tags[1:], "they come first"
        assert all(len(part) for part in suite.findall("properties"))
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        for tag, count in (("failure", "failures"), ("error", "errors")):
            assert int(suite.attrib[count]) == sum(case.find(tag) is not None for case in cases)
        assert all(len(case) <= 1 for case in cases)
    for name in ("tests", "failures", "errors"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)
    return root


MODEL_WITH_TESTS = (
    MODEL
    + """
test "fine & <well>" as of 2026-01-31
  expect score = 0
test "fails ""here"" &" as of 2026-01-31
  given industry = "SaaS"
  expect fit = 30, label "Call now"
"""
)


def test_a_suite_a_file_a_case_a_test():
    suite = leadscore.loads(MODEL_WITH_TESTS).test()
    runs = [FileRun("models/con&tact.score", suite), FileRun("bad.score", None, "error[S001] <x>")]
    root = checked(junit_xml(runs))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    contact, bad = root
    assert contact.get("name") == contact.get("file") == "models/con&tact.score"
    fine, fails = contact
    assert (fine.get("classname"), fine.get("name")) == ("con&tact", "fine & <well>")
    assert len(fine) == 0
    assert fails.get("name") == 'fails "here" &'
    (failure,) = fails
    assert failure.get("message") == (
        'expected fit = 30, got fit = 20; expected label "Call now", got label "Cold"'
    )
    assert "industry = SaaS" in (failure.text or "")
    assert "(models/con&tact.score:31)" in (failure.text or "")
    (error,) = bad[0]
    assert (error.tag, error.text) == ("error", "error[S001] <x>")


def test_coverage_is_in_the_properties():
    suite = leadscore.loads(MODEL_WITH_TESTS).test()
    run = [FileRun("contact.score", suite)]
    assert checked(junit_xml(run)).find("testsuite/properties") is None
    root = checked(junit_xml(run, coverage=True))
    found = [(one.get("name"), one.get("value")) for one in root.iter("property")]
    coverage = suite.coverage
    assert found[:3] == [
        ("coverage", f"{coverage.percent:g}"),
        ("coverage.covered", str(coverage.covered)),
        ("coverage.total", str(coverage.total)),
    ]
    assert len(found) == 3 + len(coverage.missing)
    assert ("coverage.missing", "line 10: case never held: 1 to 10: +2") in found


def test_a_file_without_tests():
    (suite,) = checked(junit_xml([FileRun("m.score", leadscore.loads('score "S"\n').test())]))
    assert suite.get("tests") == "0"


@given(st.text(), st.text(), st.text(), st.booleans())
def test_any_text_is_escaped(file: str, name: str, got: str, broken: bool) -> None:
    model = leadscore.loads(MODEL)
    outcome = EvaluationError(got) if broken else model.score({})
    result = TestResult(name, 1, (Failure(1, "score = 1", got),), outcome)
    root = checked(junit_xml([FileRun(file, Suite(model, (result,))), FileRun(file, None, got)]))
    case = root[0][0]
    shown = case.get("name") or ""
    if name.isprintable():
        assert shown == name
    if file.isprintable():
        assert root[0].get("name") == file
    assert case[0].tag == ("error" if broken else "failure")
