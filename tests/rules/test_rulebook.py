"""The pages of codes: complete, with examples that are found fault with as they say."""

from __future__ import annotations

import re

import pytest
from tests.docs.rules import FOLDER, pages
from tests.lint.support import findings

import leadscore
from leadscore import rulebook
from leadscore.diagnostics import CATALOG
from leadscore.lint.registry import RULES
from leadscore.lint.rule import Example

ENTRIES = rulebook.entries()
OUTSIDE = {"S011", "T401", "T402"}
"""What no text alone can show: their examples are what is printed."""

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)


def test_every_code_has_an_entry() -> None:
    assert [each.code for each in ENTRIES] == [*CATALOG, *(rule.code for rule in RULES)]
    assert len({each.name for each in ENTRIES}) == len(ENTRIES)


@each_entry
def test_the_page_is_whole(entry: rulebook.Entry) -> None:
    assert re.findall(r"^## (.*)$", entry.body, re.MULTILINE) == [
        "What",
        "Why",
        "Example",
        "Remedy",
    ]
    for title in ("What", "Why", "Example", "Remedy"):
        assert entry.section(title), title
    assert not entry.title.endswith(".")
    assert max(map(len, entry.page.splitlines())) <= 110
    assert entry.page.count("```") % 2 == 0
    assert rulebook.name_of(entry.code) == entry.name


@each_entry
def test_it_has_examples_of_both_kinds(entry: rulebook.Entry) -> None:
    kinds = {example.bad for example in entry.examples}
    assert kinds == (set() if entry.code in OUTSIDE else {True, False})


@pytest.mark.parametrize(
    ("code", "example"),
    [
        pytest.param(entry.code, example, id=f"{entry.code}-{number}")
        for entry in ENTRIES
        if entry.code in CATALOG
        for number, example in enumerate(entry.examples, 1)
    ],
)
def test_examples(code: str, example: Example) -> None:
    """A bad example has this code and no other; a good one has no finding at all."""
    found = {item.code for item in findings(example)}
    assert found == ({code} if example.bad else set())


def test_the_example_of_what_a_dialect_cannot_say() -> None:
    import pyarrow

    entry = rulebook.entry("T401")
    assert entry is not None
    model = leadscore.loads('score "S"\ngroup "G" as fit\n  +5 if revenue is "1.5"\n')
    leads = pyarrow.table({"id": ["1"], "revenue": [1.5]})
    with pytest.raises(leadscore.ScoreError) as caught:
        model.to_sql("snowflake", leads=leads)
    shown = re.search(r"error\[T401\]: (.*?); …", entry.body.replace("\n", " "))
    assert shown is not None
    assert f"error[T401]: {shown[1]};" in str(caught.value)
    remedy = leadscore.loads('score "S"\ngroup "G" as fit\n  +5 if revenue = 1.5\n')
    assert remedy.to_sql("snowflake", leads=leads)


def test_the_example_of_a_bad_encoding(tmp_path) -> None:
    path = tmp_path / "contact.score"
    path.write_bytes('score "A"\n'.encode("utf-16"))
    with pytest.raises(leadscore.ScoreSyntaxError) as caught:
        leadscore.load(path)
    entry = rulebook.entry("S011")
    assert entry is not None
    shown = str(caught.value).replace(str(path), "contact.score")
    assert "\n".join(shown.splitlines()[:2]) in entry.body


def test_codes_and_names_are_found() -> None:
    entry = rulebook.entry("L101")
    assert entry is not None
    assert rulebook.entry(" l101 ") is entry
    assert rulebook.entry("Label-Out-Of-Reach") is not None
    assert rulebook.entry("L1") is None
    assert rulebook.near("limit-zeroo") == "E102"
    assert rulebook.near("e1o2") == "E102"
    assert rulebook.near("E1022") == "E102"
    assert rulebook.near("nothing like it") is None


def test_plain_text_has_no_marks() -> None:
    for each in ENTRIES:
        text = rulebook.plain(each.body)
        assert not re.search(r"^#|```", text, re.MULTILINE)
        assert text.startswith("What\n")


def test_docs_are_up_to_date() -> None:
    """After a change of a page: ``make rules``."""
    texts = dict(pages())
    assert set(FOLDER.iterdir()) == set(texts)
    for path, text in texts.items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_links_between_pages() -> None:
    for path, text in pages():
        prose = re.sub(r"```.*?```|`[^`]*`(?!\])", "", text, flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if not re.match(r"[a-z]+:", target):
                assert (path.parent / target.partition("#")[0]).exists(), (path.name, target)
