"""README.md and docs/: every block is run, every link leads somewhere, every list is complete."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest
from lark import Lark
from tests.conformance.cases import cases
from tests.docs.pages import CHECKED_ELSEWHERE, ROOT, Block, Page, page, pages, read, run_blocks
from tests.docs.sessions import Session, check_model, completed

import leadscore
from leadscore.cli.main import COMMANDS, cli
from leadscore.diagnostics.catalog import CATALOG
from leadscore.syntax.grammar import grammar_text, keywords

FILES = ("csv", "json", "toml")
KINDS = ("score", "score fails", "console", "python", "text", "sh", "grammar", "yaml", *FILES)

REFERENCE = "docs/language.md"


@pytest.mark.parametrize("block", list(run_blocks()), ids=str)
def test_every_block_is_of_a_kind_that_is_run(block: Block) -> None:
    assert block.kind in KINDS
    if block.kind in FILES:
        assert block.file is not None, "a table has a file name in the line above it"


@pytest.mark.parametrize("block", list(run_blocks("score", "score fails")), ids=str)
def test_model(block: Block) -> None:
    check_model(block)


def test_every_table_of_leads_is_under_a_model() -> None:
    for each in pages():
        checked = {
            block.table.line for block in each.blocks if block.table and block.kind == "score"
        }
        for table in each.tables:
            if any(name.startswith("→") for name in table.header):
                assert table.line in checked, f"{each.name}:{table.line}"


@pytest.mark.parametrize(
    "page", [page for page in pages() if page.name not in CHECKED_ELSEWHERE], ids=lambda p: p.name
)
def test_sessions(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    session = Session(tmp_path)
    for block in page.blocks:
        session.run(block)
    session.end()


@pytest.mark.parametrize("block", list(run_blocks("sh")), ids=str)
def test_commands_of_the_shell_exist(block: Block) -> None:
    """They install things or take minutes, and are tested elsewhere: only names are checked."""
    targets = set(re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in block.text.splitlines():
        match line.split("#")[0].split():
            case ["make", target]:
                assert target in targets
            case ["pip", "install", "."]:
                pass
            case ["pip", "install", name]:
                assert name == project["name"]
            case other:
                pytest.fail(f"{block}: {' '.join(other)} is not checked")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links(page: Page) -> None:
    for line, target in page.links:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        assert path.exists(), f"{page.name}:{line}: {target}"
        if anchor:
            assert anchor in read(path).anchors, f"{page.name}:{line}: {target}"


# The reference is complete


def test_reserved_words() -> None:
    listed = re.findall(r"`([^`]+)`", page(REFERENCE).sections["Reserved words"])
    assert sorted(listed) == sorted(keywords())


def test_errors() -> None:
    tables = page(REFERENCE).tables
    rows = [row for table in tables if table.header[:2] == ("code", "name") for row in table.rows]
    listed = {row[0].strip("`"): (row[1], row[2]) for row in rows}
    assert list(listed) == list(CATALOG)
    for code, entry in CATALOG.items():
        assert listed[code] == (entry.name, entry.about), code


def test_every_error_of_the_language_has_an_example() -> None:
    # That of targets is shown where they are described.
    blocks = [*page(REFERENCE).blocks, *page("docs/cli.md").blocks]
    shown = set(re.findall(r"\b[SEWT][0-9]{3}\b", "".join(block.text for block in blocks)))
    # A file that is no text can't be shown in one.
    assert sorted(set(CATALOG) - shown) == ["S011"]


def _grammar() -> str:
    (block,) = run_blocks("grammar")
    return block.text


def test_grammar_has_the_words_of_the_language() -> None:
    quoted = set(re.findall(r'"(\w+)"', _grammar()))
    assert quoted <= keywords()
    assert {word.removesuffix("s") for word in keywords() - quoted} == {
        "minute", "hour", "day", "week", "month", "year",
    }  # fmt: skip  # the units: one terminal


def test_grammar_accepts_every_model() -> None:
    """The grammar of the reference, read by Lark with the terminals of ``score.lark``, accepts the
    models of the pages and of the conformance cases."""
    rules = re.sub(r"(?m)^(\w+)(\s*)=", r"\1\2:", _grammar())
    rules = rules.replace('"unknown values"', "UNKNOWN_VALUES")
    terminals = grammar_text().split("// Terminals.")[1].split("\n", 1)[1]
    parser = Lark(rules + terminals, parser="earley", lexer="basic", start="file")
    texts = [b.text for b in run_blocks("score") if not re.search(r"error [SE]", b.text)]
    for text in {completed(text)[0] for text in texts} | {case.model for case in cases()}:
        parser.parse(text)


def test_every_option_of_the_command_line_is_described() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert f"## leadscore {name}" in text
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert f"`{option}" in text, (name, option)


def test_every_public_name_of_python_is_described() -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    names = set(leadscore.__all__) - {"__version__"}
    names |= {name for name in vars(leadscore.Result) if not name.startswith("_")}
    names |= {"score_table", "to_arrow", "to_pandas", "to_polars", "to_spark", "to_sql"}
    names |= {"SparkScores", "diagnostics"}
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", text)) == []
