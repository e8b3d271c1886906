"""The stories of examples: each README shows commands and outputs, and is taken at its word.

A README's blocks of ``console`` hold lines ``$ command`` and, below each, its output. The
commands run in the story's folder, in this process: ``leadscore …``, with ``> FILE`` too, ``cat``,
``head`` and one ``sort``. A command goes on over a backslash at the end of a line, as in a shell.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadscore.cli.main import main
from leadscore.cli.score import command as score_command

EXAMPLES = Path(__file__).parents[2] / "examples"
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?P<text>(?:.*\\\n)*.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Story:
    """A folder with a README."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def readme(self) -> str:
        return (self.folder / "README.md").read_text(encoding="utf-8")

    @property
    def models(self) -> list[Path]:
        return sorted(self.folder.glob("*.score"))

    def commands(self) -> list[list[str]]:
        """The commands of the README, in words."""
        return [
            _words(found["text"])
            for block in _BLOCK.findall(self.readme)
            for found in _COMMAND.finditer(block)
        ]

    def score_commands(self) -> Iterator[Mapping[str, Any]]:
        """The options of every `leadscore score` in the README."""
        for words in self.commands():
            if words[:2] == ["leadscore", "score"]:
                yield score_command.make_context("score", words[2:]).params

    def run(self) -> tuple[str, dict[str, str]]:
        """The README as it would be if its commands ran now, and the files they write, by name.

        The current folder must be a copy of the story's: files are written there.
        """
        written: dict[str, str] = {}

        def block(found: re.Match[str]) -> str:
            commands = list(_COMMAND.finditer(found[0]))
            return "".join(
                f"$ {command['text']}\n{_run(_words(command['text']), written)}"
                for command in commands
            )

        return _BLOCK.sub(block, self.readme), written


def stories() -> list[Story]:
    """All of them, in the order of their names."""
    return [Story(path.parent) for path in sorted(EXAMPLES.glob("*/README.md"))]


def _words(text: str) -> list[str]:
    return shlex.split(text.replace("\\\n", " "))


def _run(words: list[str], written: dict[str, str]) -> str:
    """What a command shows on a terminal."""
    match words:
        case ["leadscore", *arguments, ">", file]:
            out, err = _leadscore(arguments)
            Path(file).write_text(out, encoding="utf-8", newline="")
            written[file] = out
            return err
        case ["leadscore", *arguments]:
            out, err = _leadscore(arguments)
            if "-o" in arguments:
                file = arguments[arguments.index("-o") + 1]
                written[file] = Path(file).read_bytes().decode()
            return out + err
        case ["head", "-n", count, file]:
            lines = Path(file).read_text(encoding="utf-8").splitlines(keepends=True)
            return "".join(lines[: int(count)])
        case ["sort", "-t,", "-k2", "-rn", file, "|", "head", "-n", count]:
            lines = Path(file).read_text(encoding="utf-8").splitlines(keepends=True)
            return "".join(sorted(lines, key=_by_second_column, reverse=True)[: int(count)])
        case ["cat", file]:
            return Path(file).read_text(encoding="utf-8")
    raise ValueError(f"a README shows a command that is not known here: {shlex.join(words)}")


def _by_second_column(line: str) -> tuple[float, str]:
    """As `sort -t, -k2 -n` compares in the C locale: what is no number is 0, then the line."""
    found = re.match(r"-?[0-9]*\.?[0-9]+", line.split(",")[1])
    return float(found[0]) if found else 0.0, line


def _leadscore(arguments: list[str]) -> tuple[str, str]:
    """Standard output and standard error of a command, which must end well."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as end:
            if end.code:
                raise AssertionError(
                    f"leadscore {shlex.join(arguments)} ended with {end.code}:\n"
                    f"{out.getvalue()}{err.getvalue()}"
                ) from end
    return out.getvalue(), err.getvalue()
