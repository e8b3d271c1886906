"""Which tests are meant: by their names, or by a line of their file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadscore.diagnostics import nearest
from leadscore.model import Model
from leadscore.syntax import nodes as n
from leadscore.syntax.document import TestBlock
from leadscore.values.text import fold


def selected(
    model: Model, only: Sequence[str] = (), lines: Iterable[int] = ()
) -> tuple[TestBlock, ...]:
    """The tests whose names hold one of `only` and on which one of `lines` is, in order.

    Names are compared without regard to case. Nothing given: no such condition.
    """
    wanted = [fold(text) for text in only]
    places = list(lines)
    return tuple(
        block
        for block in model.analysis.symbols.tests
        if (not wanted or any(text in fold(name_of(block)) for text in wanted))
        and (not places or any(_holds(block, line) for line in places))
    )


def name_of(block: TestBlock) -> str:
    """The name of a test."""
    node = block.head.node
    return node.title.value if isinstance(node, n.TestLine) else ""


def near_names(only: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names of tests that may have been meant: those that are near, or share a long word."""
    by_key = {fold(name): name for name in names}
    found: dict[str, None] = {}
    for text in map(fold, only):
        close = nearest(text, by_key)
        if close is not None:
            found[by_key[close]] = None
        words: dict[str, str] = {}
        for key in by_key:
            for word in key.split():
                words.setdefault(word, key)
        for word in text.split():
            near = nearest(word, words, 0.75) if len(word) > 3 else None
            if near is not None:
                found[by_key[words[near]]] = None
    return list(found)[:5]


def _holds(block: TestBlock, line: int) -> bool:
    """Whether a line is one of the test's."""
    last = [block.head, *block.given, *block.expect][-1]
    return block.head.line <= line <= last.line + last.parsed.text.count("\n")
