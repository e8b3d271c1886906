"""A file that was checked, and the line that sums up several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadscore.diagnostics import LEVELS, Diagnostic, Source


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, and what was found in it."""

    source: Source
    found: tuple[Diagnostic, ...]


def summary(files: Sequence[Checked]) -> str:
    """How many files, and how many errors, warnings and hints."""
    checked = _many(len(files), "file")
    found = [item for file in files for item in file.found]
    counts = Counter(item.severity for item in found)
    parts = [_many(counts[severity], word) for severity, word in LEVELS.items() if counts[severity]]
    if not parts:
        return f"{checked}: fine"
    return f"{checked}: {listed(parts)}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def codes(files: Iterable[Checked]) -> tuple[str, ...]:
    """The codes that were found, in order, each once."""
    return tuple(sorted({item.code for file in files for item in file.found}))


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
