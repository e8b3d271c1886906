"""Running what the pages show: models, commands and Python, in a folder of their own."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.docs.pages import Block

import leadscore
from leadscore.cli.main import main
from leadscore.testing import run_tests
from leadscore.values.text import fold
from leadscore.values.units import decimal_text, plain

AS_OF = "2026-01-31"
"""The as-of time of tables that have no column for it."""

REFERENCE = "docs/language.md"
"""It shows what every construct means, sensible or not: findings are no matter there."""

_MARK = re.compile(r"#.*?\b(?:error|warning|hint) (?P<codes>[SEWL][0-9]{3}(?:, [SEWL][0-9]{3})*)")
_RESULT = re.compile(r"#\s*→\s*(?P<value>.*\S)\s*\Z")


# Models


def completed(text: str) -> tuple[str, int]:
    """A model of a fragment, and the lines that were put above it: its head, and a group."""
    first = next((line for line in text.split("\n") if line.strip() and line[0] != "#"), "")
    word = first.split(None, 1)[0] if first else ""
    if word in ("score", "edition") or ("error" in text and "S010" in text):
        return text, 0
    head = 'score "Example"\n'
    if word[:1] in "+-" or word in ("by", "first"):
        head += 'group "Example"\n'
    return head + text, head.count("\n")


def check_model(block: Block) -> None:
    """The model has exactly the findings that its comments say, its tests pass, and each lead of
    the table under it gets what the table says."""
    text, above = completed(block.text)
    marked = {
        (number, code)
        for number, line in enumerate(text.split("\n"), 1)
        for found in _MARK.finditer(line)
        for code in found["codes"].split(", ")
    }
    source = leadscore.diagnostics.Source(str(block), text)
    found = {
        (source.place(d.span.start)[0], d.code)
        for d in leadscore.check(text)
        if d.code[0] != "L" or block.page != REFERENCE
    }
    shift = block.line - 1 - above
    assert {(line + shift, code) for line, code in found} == {
        (line + shift, code) for line, code in marked
    }, f"{block}: findings (by line of the page) that the comments do not say, or the reverse"
    if any(code[0] in "SE" for _, code in marked):
        assert block.table is None or not _outputs(block)
        return
    results = list(run_tests(leadscore.loads(text)))
    if block.kind == "score fails":
        assert not all(result.passed for result in results), f"{block}: its tests pass"
        return
    for result in results:
        assert result.passed, f"{block}: {result.name}: {result.failures}"
    if block.table is not None and _outputs(block):
        _check_table(block, text)


def _outputs(block: Block) -> list[str]:
    assert block.table is not None
    return [name for name in block.table.header if name.startswith("→")]


def _check_table(block: Block, text: str) -> None:
    """Each row is a test of the language, whose outputs are compared with its cells."""
    assert block.table is not None
    for number, row in enumerate(block.table.rows):
        where = f"{block.page}:{block.table.line + 2 + number}"
        cells = dict(zip(block.table.header, row, strict=True))
        lines = [f'test "row" as of {cells.pop("as of", AS_OF)}']
        expected: dict[str, str] = {}
        for name, cell in cells.items():
            plain_cell = cell.replace("`", "")
            if name.startswith("→"):
                expected[name.removeprefix("→").strip()] = plain_cell
            elif name == "events":
                lines += [f"event {each.strip()}" for each in plain_cell.split(";") if each.strip()]
            elif name == "lists":
                lines += [f"in list {each.strip()}" for each in plain_cell.split(";") if each]
            elif name != "why" and plain_cell:
                lines.append(f"given {name.replace('`', '')} = {plain_cell}")
        lines.append("expect not excluded")
        try:
            model = leadscore.loads(text + "\n" + "\n".join(lines) + "\n")
        except leadscore.ScoreError as error:
            raise AssertionError(f"{where}: {error}") from None
        result = list(run_tests(model))[-1].result
        got = {name: _output(result, name) for name in expected}
        assert got == expected, where


def _output(result: leadscore.Result, name: str) -> str:
    if name.startswith("group "):
        wanted = fold(name.removeprefix("group ").strip('"'))
        groups = {fold(group.name): group for group in result.receipt.groups}
        return decimal_text(groups[wanted].points)
    if name == "excluded":
        return "no" if result.excluded is None else "yes"
    return plain(getattr(result, name.replace(" ", "_")))


# Commands and Python


class Session:
    """The blocks of one page, in order: files, commands, Python."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, Any] = {"__name__": "__docs__"}
        self._printed: str | None = None
        self._code = 0

    def run(self, block: Block) -> None:
        """Save, run or compare a block; AssertionError where the page is wrong."""
        if block.kind != "text":
            assert not self._printed, f"{block}: what the Python above prints is not shown"
        match block.kind:
            case "console":
                self._console(block)
            case "python":
                self._python(block)
            case "text":
                assert self._printed is not None, f"{block}: nothing gives this text"
                _same(block, block.line, self._printed, block.text)
                self._printed = None
            case _ if block.file is not None:
                (self.folder / block.file).write_text(block.text, encoding="utf-8")

    def end(self) -> None:
        """After the last block."""
        assert not self._printed, "what the last block of Python prints is not shown"

    def value(self, name: str) -> Any:
        """What a name stands for in the Python of the page so far."""
        return self._names[name]

    def _console(self, block: Block) -> None:
        lines = block.text.split("\n")
        assert lines[0].startswith("$ "), f"{block}: a session starts with a command"
        at = 0
        while at < len(lines) and lines[at].startswith("$ "):
            start, command = at, lines[at][2:]
            at += 1
            while command.endswith("\\"):
                command = command[:-1] + lines[at]
                at += 1
            end = at
            while end < len(lines) and not lines[end].startswith("$ "):
                end += 1
            got = self._command(command)
            _same(block, block.line + start, got, "\n".join(lines[at:end]))
            at = end

    def _command(self, command: str) -> str:
        words = shlex.split(command)
        match words:
            case ["leadscore", *arguments]:
                return self._leadscore(arguments)
            case ["echo", "$?"]:
                return f"{self._code}\n"
            case ["cat", name]:
                return (self.folder / name).read_text(encoding="utf-8")
        raise AssertionError(f"a page can show leadscore, cat and echo $?, not: {command}")

    def _leadscore(self, arguments: list[str]) -> str:
        output = io.StringIO()
        with (
            _inside(self.folder),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
        ):
            try:
                main(arguments)
            except SystemExit as error:
                self._code = int(error.code or 0)
        return output.getvalue()

    def _python(self, block: Block) -> None:
        """Run statement by statement; `# → value` after an expression is its repr."""
        output = io.StringIO()
        lines = block.text.split("\n")
        tree = ast.parse(block.text, filename=str(block))
        with _inside(self.folder), contextlib.redirect_stdout(output):
            for node in tree.body:
                where = f"{block.page}:{block.line + node.lineno - 1}"
                assert node.end_lineno is not None
                wanted = _RESULT.search(lines[node.end_lineno - 1])
                if isinstance(node, ast.Expr):
                    code = compile(ast.Expression(node.value), where, "eval")
                    got = eval(code, self._names)  # our own pages
                    assert wanted is None or repr(got) == wanted["value"], (where, repr(got))
                    assert wanted is not None or got is None, f"{where}: its value is not shown"
                else:
                    assert wanted is None, f"{where}: only an expression has a value"
                    exec(compile(ast.Module([node], []), where, "exec"), self._names)  # as above
        self._printed = output.getvalue() or None


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _same(block: Block, line: int, got: str, shown: str) -> None:
    """Compare an output with what the page shows; a line `…` stands for any lines."""

    def tidy(text: str) -> str:
        return "\n".join(each.rstrip() for each in text.rstrip().split("\n"))

    parts = [re.escape(part) for part in re.split(r"(?m)^…\n", tidy(shown) + "\n")]
    if not re.fullmatch(r"(?:.*\n)*?".join(parts), tidy(got) + "\n"):
        raise AssertionError(
            f"{block.page}:{line}: what comes out is\n{tidy(got)}\nnot\n{tidy(shown)}"
        )
