"""Models that are a little wrong: a sound set of tests notices each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import leadscore
from leadscore.testing import run_tests

_POINTS = re.compile(r"(?:^ *|: *)[+-]\d+")
_DROPPED = re.compile(
    r" limit(?: at (?:least|most))? -?\d+(?: to \d+)?| latest \d+| up to \d+ per \w+"
    r"| decay \d+% every \d+ \w+| no decay| in the last \d+ \w+| (?:reset by|since) \"[^\"]*\""
    r"| (?:the words)(?= \")| except (?:\"[^\"]*\"(?:, )?)+| where \w+ (?:contains|is) \"[^\"]*\""
    r"| where \w+ >= \d+| where \(.*\)"
)
_GUARD = re.compile(r"(?<=\S) if [^:]*$")


def survivors(text: str) -> list[str]:
    """The changed lines of a model that its tests do not notice.

    Points are changed by one, and what narrows a rule down is left out. A model that cannot be
    read any more counts as noticed.
    """
    return [line for line, changed in _mutants(text) if _passes(changed)]


def _mutants(text: str) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    end = next(number for number, line in enumerate(lines) if line.startswith("test "))
    for number, line in enumerate(lines[:end]):
        changed = [
            line[: found.start()] + _one_more(found[0]) + line[found.end() :]
            for found in _POINTS.finditer(line)
        ]
        changed += [
            line[: found.start()] + line[found.end() :]
            for pattern in (_DROPPED, _GUARD)
            for found in pattern.finditer(line)
        ]
        if line.startswith(("exclude ", "limit ", "fit limit", "engagement limit", "fast track")):
            changed.append("")
        for each in changed:
            yield (
                each or f"without: {line}",
                "\n".join([*lines[:number], each, *lines[number + 1 :]]),
            )


def _one_more(points: str) -> str:
    sign = max(points.find("+"), points.find("-"))
    return f"{points[: sign + 1]}{int(points[sign + 1 :]) + 1}"


def _passes(text: str) -> bool:
    try:
        model = leadscore.loads(text)
    except leadscore.ScoreError:
        return False
    return all(result.passed for result in run_tests(model))
