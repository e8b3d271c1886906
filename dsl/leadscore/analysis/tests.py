"""The tests of a file: what they expect must exist, and their events must have happened."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, nearest
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, Statement, TableBlock, TestBlock
from leadscore.values.text import WHITE_SPACE, fold, lower

Found = Iterator[Diagnostic]


def check_tests(document: Document, symbols: Symbols) -> Found:
    """Every test of the file."""
    known = _Known(symbols)
    sound = not document.broken  # else what is missed may be in a broken statement
    for test in symbols.tests:
        yield from _future_events(test)
        if sound:
            for line in test.expect:
                if isinstance(line.node, n.ExpectLine):
                    for expectation in line.node.expectations:
                        yield from _expectation(expectation, line, known)


class _Known:
    """What a test can expect, gathered once: titles by their keys."""

    def __init__(self, symbols: Symbols) -> None:
        self.groups = {key: node.title.value for key, (_, node) in symbols.groups.items()}
        self.categories = symbols.categories()
        self.labels = {target: _titles(block) for target, block in symbols.labels.items()}
        self.fast_tracks = {node.title.key: node.title.value for _, node in symbols.fast_tracks}
        self.cells = _Cells(symbols)
        self.near_misses = 50
        """How often a near one is still looked for: each look takes all names."""


class _Cells:
    """The cells of the matrix. Their number is the product of the axes': they are not listed."""

    def __init__(self, symbols: Symbols) -> None:
        lines = symbols.matrix.lines if symbols.matrix is not None else ()
        axes = [line.node.steps for line in lines if isinstance(line.node, n.AxisLine)]
        if len(axes) != 2:
            axes = [(), ()]
        self._titles = [[step.title.value for step in steps] for steps in axes]
        first, second = self._titles
        self._first = {lower(title.lstrip(WHITE_SPACE)) for title in first}
        self._second = {lower(title.rstrip(WHITE_SPACE)) for title in second}
        self._sizes = {len(title) for title in self._first}

    def __contains__(self, key: str) -> bool:
        return any(key[:size] in self._first and key[size:] in self._second for size in self._sizes)

    def some(self) -> dict[str, str]:
        """The first cells, by their keys."""
        names = (a + b for a in self._titles[0] for b in self._titles[1])
        return {fold(name): name for name in islice(names, 200)}


def _future_events(test: TestBlock) -> Found:
    head = test.head.node
    if not isinstance(head, n.TestLine) or head.as_of is None or head.as_of.value is None:
        return
    for line in test.given:
        node = line.node
        if (
            isinstance(node, n.GivenEvent)
            and node.on is not None
            and node.on.value is not None
            and node.on.value > head.as_of.value
        ):
            yield Diagnostic(
                "E207",
                node.on.span.shift(line.start),
                "This event is after the test's as-of time, and would not be seen",
                "later than the test",
                "A date without a time means 00:00.",
                notes=(
                    Note(head.as_of.span.shift(test.head.start), "the test is as of this time"),
                ),
            )


def _expectation(expectation: n.Expectation, line: Statement, known: _Known) -> Found:
    match expectation:
        case n.ExpectNumber(group=n.Text() as group):
            if group.key not in known.groups:
                yield _missing(group, line, "No group is called", known.groups, known)
        case n.ExpectNumber(target="fit" | "engagement" as target):
            if target not in known.categories:
                yield _no_category(expectation, line, target)
        case n.ExpectLabel(category=category, text=text):
            titles = known.labels.get(category or "score", {})
            tracks = {} if category else known.fast_tracks
            if not titles and not tracks:
                what = f"`labels for {category}`" if category else "`labels`"
                yield Diagnostic(
                    "E206",
                    expectation.span.shift(line.start),
                    f"The file has no {what}",
                    "no label to expect",
                )
            elif text is not None and text.key not in titles and text.key not in tracks:
                yield _missing(text, line, "No label is called", {**titles, **tracks}, known)
        case n.ExpectMatrix(text=text):
            if text.key not in known.cells:
                yield _missing(text, line, "The matrix has no cell", known.cells.some(), known)
        case n.ExpectFastTrack(text=n.Text() as text):
            if text.key not in known.fast_tracks:
                yield _missing(text, line, "No fast track is called", known.fast_tracks, known)


def _titles(block: TableBlock) -> dict[str, str]:
    return {
        line.node.title.key: line.node.title.value
        for line in block.lines
        if isinstance(line.node, n.LabelLine)
    }


def _no_category(expectation: n.Expectation, line: Statement, target: str) -> Diagnostic:
    return Diagnostic(
        "E206",
        expectation.span.shift(line.start),
        f"No group is `as {target}`, so there is no {target} to expect",
        "nothing makes it up",
        f'Mark the groups that make it up: `group "…" as {target}`.',
    )


def _missing(
    text: n.Text, line: Statement, what: str, titles: dict[str, str], known: _Known
) -> Diagnostic:
    span = text.span.shift(line.start)
    close = None
    if known.near_misses:
        known.near_misses -= 1
        close = nearest(text.key, titles, 0.5)
    fixes: tuple[Fix, ...] = ()
    if close is not None:
        right = '"' + titles[close].replace('"', '""') + '"'
        hint = f"Did you mean {right}?"
        fixes = (Fix(f"Write {right}", (Edit(span, right),)),)
    elif titles:
        shown = ", ".join(f'"{name}"' for name in islice(titles.values(), 9))
        hint = f"There are: {shown}."
    else:
        hint = "The file has none."
    return Diagnostic("E206", span, f'{what} "{text.value}"', "not in this file", hint, fixes=fixes)
