"""``leadscore rule``: pages in the terminal, as Markdown, as JSON, and the list of them."""

from __future__ import annotations

import json
import re

import pytest

from leadscore import rulebook
from leadscore.cli.main import main
from leadscore.cli.markdown import rendered


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")

    def call(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["rule", *args])
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return call


PAGE = """\
E113 unknown-color

A color is not one of the eight.

An error.

What

The word after `color` is not one of blue, gray, green,
magenta, orange, purple, red and yellow.

Why

These eight can be shown in every place that shows labels:
the terminal, workbooks, HubSpot.

Example

    score "Contacts"
    group "Company" as fit
      +20 if industry is "SaaS"
    labels
      "Hot"  from 20 color pink
      "Cold" below 20

Remedy

Choose one of the eight.

    score "Contacts"
    group "Company" as fit
      +20 if industry is "SaaS"
    labels
      "Hot"  from 20 color magenta
      "Cold" below 20
"""


def test_a_page_in_the_terminal(run):
    assert run("E113") == (0, PAGE, "")
    assert run("unknown-color") == (0, PAGE, "")


def test_a_page_as_markdown(run):
    code, out, _ = run("e113", "--format", "markdown")
    entry = rulebook.entry("E113")
    assert entry is not None
    assert (code, out) == (0, entry.page)
    assert out.startswith("# E113 unknown-color\n\nA color is not one of the eight.\n")


def test_pages_as_json(run):
    (found,) = json.loads(run("L001", "--format", "json")[1])
    assert found["page"].startswith("# L001 unused-allowance\n")
    assert (found["severity"], found["fix"]) == ("warning", "safe")
    everything = json.loads(run("--format", "json")[1])
    assert [each["code"] for each in everything] == [each.code for each in rulebook.entries()]


def test_without_a_code_all_are_listed(run):
    code, out, _ = run()
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == [each.code for each in rulebook.entries()]
    (line,) = (line for line in lines if line.startswith("L001"))
    assert re.fullmatch(r"L001  unused-allowance +warning  safe fix    Comment that .*", line)
    table = run("--format", "markdown")[1]
    assert "| `E113` | unknown-color | error |  | A color is not one of the eight |\n" in table


@pytest.mark.parametrize(
    ("text", "near"), [("E1O2", "E102"), ("unknown-colour", "E113"), ("L1O1", "L101")]
)
def test_an_unknown_code_names_a_near_one(run, text, near):
    code, out, err = run(text)
    assert (code, out) == (2, "")
    assert f"No code or name {text!r}: did you mean {near}?" in err
    assert "lists all codes" in run("what is this")[2]


def test_the_beginning_of_codes_is_all_of_them(run):
    """As `--select L2` takes it; a code that two arguments mean is shown once."""
    codes = [each["code"] for each in json.loads(run("l2", "L201", "--format", "json")[1])]
    assert codes == [each.code for each in rulebook.entries() if each.code.startswith("L2")]
    assert run("")[0] == 2


def test_rendering_of_lists_links_and_long_words():
    text = """\
# Title

- one two three four five
six
- [seven](x.md) eight

```
  code  # not a heading

- no item
```
next a-word-that-is-longer-than-the-line
"""
    assert (
        rendered(text, 20)
        == """\
Title

- one two three four
  five six
- seven eight

      code  # not a heading

    - no item
next
a-word-that-is-longer-than-the-line
"""
    )


def test_colors_only_add_to_the_text():
    for each in rulebook.entries():
        colored = rendered(each.page, 80, color=True)
        assert "\x1b[1m" in colored
        assert re.sub(r"\x1b\[\d+m", "", colored) == rendered(each.page, 80)
