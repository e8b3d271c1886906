"""Strange characters and values: in models, in names, in data. Never code, never a crash."""

from __future__ import annotations

import ast
import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import leadscore
from leadscore.diagnostics import page
from leadscore.values.text import fold, trim

QUOTE = '"'
STRANGE = (
    "'; DROP TABLE leads; --",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x\",\"y\")",
    "__import__('os').system('exit 7')",
    '"""',
    "'''",
    "\\",
    "\\'",
    '\\"',
    "\\N{DIGIT ONE}",
    "{x}",
    "{{0}}",
    "{values!r}",
    "%s%(x)s",
    "${x}",
    "#",
    "# noqa",
    "]]",
    "[[",
    "run",
    "values",
    "report",
    "score",
    "None",
    "True",
    "lambda: 0",
    "p0",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\x07\x08",
    "\ud800",
    "\udfff\ud800",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0c",
    "\u202e",
    "\ufeff",
    "\U0010ffff",
    "e\u0301",
    "İI\u0307ı",
    "ßẞ",
    "ΑΣ",
    "a" * 5000,
)  # fmt: skip

STRANGE_TEXTS = st.one_of(
    st.sampled_from(STRANGE),
    st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=40),
    st.lists(st.sampled_from([*STRANGE, *"'\"\\{}():\t\r"]), max_size=6).map("".join).filter(bool),
).filter(lambda text: bool(fold(text)))  # fmt: skip


def quoted(text: str) -> str:
    return QUOTE + text.replace(QUOTE, QUOTE * 2) + QUOTE


def bracketed(text: str) -> str:
    return "[" + text.replace("]", "]]") + "]"


def model_of(name: str, text: str) -> str:
    """A model with a name and a text wherever one can stand."""
    n, t = bracketed(name), quoted(text)
    other = quoted(text + " 2")
    return f"""\
score {t} for {n}
description {t}
unknown values {other}
properties
  {n}: text from {t}
events
  {t} from {other}
exclude when in list {other}
define {bracketed(name + " d")} as {n} is {t}
group {t} as fit reset by {quoted(text + " r")}
  +1 if {n} is {t}
  +2 if {n} is any of {other}, {t}, "z"
  +4 if {n} contains {t} named {t}
  +8 if {n} starts with {t} and {n} ends with {t}
  +16 for each {t} where {n} = {t}
  +32 if {bracketed(name + " d")}
  by {n}
    {t}: +64
    otherwise: 0
  +128 if in list {t}
  by count of different {n} in {t}
    1: +256
  first of
    event {t} where {n} is {t}: +512
labels
  {t} from 1 if {n} is {t}
fast track {other} if {n} is none of {t}
test {t} as of 2026-01-31
  given {n} = {t}
  event {t} now with {n} = {t}
  in list {t}
  expect label {t}, group {t} > 0
"""


@given(STRANGE_TEXTS, STRANGE_TEXTS)
@example('x"); import os; os._exit(7) #', "'); import os; os._exit(7) #")
@example("{__import__('os')._exit(7)}", "{__import__('os')._exit(7)}")
@example("\\", "\\")
@example("a\rb", "a\rb")
@example("\x1fa\x1c", "\x1fa\x1c")  # white space to Python, not to Unicode
@settings(max_examples=300)
def test_names_and_texts_are_never_code(name: str, text: str) -> None:
    source = model_of(name, text)
    found = [d for d in leadscore.check(source) if d.severity == "error"]
    assert found == [], (found, source)
    model = leadscore.loads(source)
    result = model.score(
        {name: text},
        events=[{"event": text, "time": "2026-01-30", name: text}],
        lists=[text],
        as_of="2026-01-31",
    )
    assert result.score == 1023
    assert result.label == trim(text)
    receipt = result.receipt
    assert sum(rule.points for group in receipt.groups for rule in group.rules) == 1023 * 10**7
    str(receipt)
    json.dumps(receipt.to_dict())
    excluded = model.score({}, lists=[f"{text} 2"], as_of="2026-01-31")
    assert excluded.excluded is not None
    other = model.score({name: text + "!"}, as_of="2026-01-31")
    assert other.fast_track == trim(f"{text} 2")


@given(STRANGE_TEXTS, STRANGE_TEXTS)
@settings(max_examples=200)
def test_the_generated_source_has_texts_as_constants_only(name: str, text: str) -> None:
    """The same code for every name and text, but for the constants."""
    plain = leadscore.loads(model_of("plain name", "plain text")).evaluator.python_source
    source = leadscore.loads(model_of(name, text)).evaluator.python_source
    assert _shape(source) == _shape(plain)


def _shape(source: str) -> str:
    """The code without its constants."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_texts_in_every_place_of_a_broken_model(text: str) -> None:
    for form in FORMS:
        source = form.replace("{0}", text)
        shown = ""
        try:
            leadscore.loads(source)
        except leadscore.ScoreError as error:
            shown = str(error)
        shown.encode("utf-8")
        assert all(c.isprintable() or c == "\n" for c in shown), source


FORMS = (
    "{0}",
    "score {0}",
    'score "x" {0}',
    'score "x"\n{0}\n',
    'score "x"\ngroup "g"\n  +1 {0}\n',
    'score "x"\nonly when [{0}\n',
    'score "x"\nonly when "{0}\n',
    'score "x"\nonly when [{0}]\n',
    'score "x"\nlabels\n  "y" from 1 color [{0}]\n',
    'score "x"\nproperties\n  a: date "{0}"\n',
)


@pytest.mark.parametrize("char", ["\x00", "\ud800", "\x1b", "\x7f", "\u200b", "\u202e", "\x1c"])
def test_a_control_character_outside_of_texts_is_an_error_that_shows_its_number(char: str) -> None:
    text = f'score "x"\ngroup "g"\n  +1 if a {char} = 1\n'
    found = leadscore.check(text)
    if char.isspace():
        assert found == ()  # U+001C is white space to Unicode's cousins in Python, and harmless
        return
    assert [d.code for d in found] == ["S005"]
    assert f"U+{ord(char):04X}" in found[0].message
    source = leadscore.diagnostics.Source("<x>", text)
    assert char not in page(found[0], source)


# Values


class Text(str):
    """A str that lies about itself."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")

    def __hash__(self) -> int:
        raise RuntimeError("hash")


class Raises:
    def __str__(self) -> str:
        raise RuntimeError("str")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")

    __hash__ = None  # type: ignore[assignment]  # so that it is no key


class Odd:
    """Neither equal to itself nor of one text."""

    def __str__(self) -> str:
        return "odd'); import os; os._exit(7) #"

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # so that it is no key


VALUES: tuple[Any, ...] = (
    10**5000, -(10**5000), 10**309, float("nan"), float("inf"), -0.0, 5e-324, True, None, "", " ",
    b"x", b"\xff", [], [1], {}, {"a": 1}, object(), Odd(), 1j, "1e99999", "9" * 100_000, "\x00",
    "\ud800", "١٢", "1_000", "0x10", "NaN", "Infinity", "-inf", "1" * 5000 + "e-4999", "2026-99-99",
    "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+23:59", "a" * 1_000_000,
)  # fmt: skip

_USES = """\
score "x"
properties
  n: number
  d: date "D.M.YYYY"
  b: boolean
  t: text
  o: one of "a"
group "g"
  +1 if v = 1 or v > 5 or v is "x" or v contains "x" or v matches "*x?" or v > 2026-01-31
  +1 if v is yes or v is between 1 and 2 or v is within the last 3 days or v > w or v >= 5% of w
  +1 if n > 5 or d > 2026-01-31 or b is yes or t contains the word "x" or o is "a"
  +1 for each 5 of v
  +1 for each 5 days since v
  by v
    "a": +1
    unknown: +2
  +1 for each "e" where v = 1 or v is "x"
"""
_USES = _USES.replace('where v = 1 or v is "x"', 'where (v = 1 or v is "x")')


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_is_read_or_unknown(value: Any) -> None:
    model = leadscore.loads(_USES)
    lead = dict.fromkeys(("v", "w", "n", "d", "b", "t", "o"), value)
    events = [
        {"event": "e", "time": "2026-01-30", "v": value},
        {"event": "e", "time": "2026-01-30"},
    ]
    result = model.score(lead, events, as_of="2026-01-31")
    assert result.score is not None
    str(result.receipt)
    json.dumps(result.receipt.to_dict())
    str(result.report)


@pytest.mark.parametrize("value", [Raises(), Text("x")], ids=["no text", "no equality"])
def test_a_value_that_raises_is_unknown_or_an_error_of_ours(value: Any) -> None:
    model = leadscore.loads(_USES)
    with contextlib.suppress(leadscore.LeadscoreError):
        assert model.score({"v": value}, as_of="2026-01-31").score is not None


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_as_an_events_time_is_read_or_reported(value: Any) -> None:
    model = leadscore.loads('score "x"\ngroup "g"\n  +1 for each "e"\n')
    result = model.score({}, [{"event": "e", "time": value}], as_of="2026-01-31")
    assert result.score in (0, 1)
    assert result.report.untimed_events + result.report.future_events + result.score == 1


@given(
    st.dictionaries(
        st.sampled_from(["v", "w", "n", "d", "b", "t", "o"]),
        st.one_of(
            st.text(),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.none(),
            st.datetimes(),
            st.decimals(),
            st.binary(),
        ),
    )
)
@settings(max_examples=200)
def test_random_values_never_raise(lead: dict[str, Any]) -> None:
    # Points for each 5 of any number can be past 64 bits, which is an error that says so.
    model = leadscore.loads(_USES.replace("  +1 for each 5 of v\n", ""))
    result = model.score(lead, [{"event": "e", "time": "2026-01-30", **lead}], as_of="2026-01-31")
    assert result.score is not None
