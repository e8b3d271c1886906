"""Command lines, run in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from leadscore.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def runner(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *command: str
) -> Callable[..., Ran]:
    """Runs `command` with more arguments, and `stdin` for its standard input."""

    def run(*args: str, stdin: str | None = None) -> Ran:
        if stdin is not None:
            stream = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8")), encoding="utf-8")
            monkeypatch.setattr(sys, "stdin", stream)
        with pytest.raises(SystemExit) as stopped:
            main([*command, *args])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert isinstance(stopped.value.code, int)
        return Ran(stopped.value.code, out, err)

    return run
