"""Commands that the packaging tests run, and the model that they score."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "dev.lock"

TIMEOUT_SECONDS = 600
"""Generous: it only ends what hangs, it measures nothing."""


@dataclass(frozen=True, slots=True)
class Distributions:
    """Both files that a release consists of, built from this checkout."""

    wheel: Path
    sdist: Path


class CommandFailed(Exception):
    """A command ended with an error; the text is all that it printed."""

    @property
    def last_line(self) -> str:
        """What tools say last is mostly what it comes down to."""
        return str(self).strip().rpartition("\n")[2]


TINY_MODEL = """\
score "Tiny"

group "Company"
  +10 if employees >= 50
  +2.5 if industry is "SaaS"
"""
TINY_LEAD = {"employees": 120, "industry": "SaaS"}
TINY_SCORE = "12.5"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command without input, and give its standard output."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        line = " ".join(str(part) for part in command)
        raise CommandFailed(f"{line}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def pip(*arguments: str | Path, python: str | Path = sys.executable) -> str:
    """Run pip in the environment of an interpreter, by default this one."""
    return run(python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)
