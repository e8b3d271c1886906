"""The tests of a file: what they expect must exist, and their events must have happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Diagnostic, Edit, Fix, Note
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, Statement, TableBlock, TestBlock

Found = Iterator[Diagnostic]


def check_tests(document: Document, symbols: Symbols) -> Found:
    """Every test of the file."""
    for test in symbols.tests:
        yield from _future_events(test)
        if not document.broken:  # what is missed may be in a broken statement
            for line in test.expect:
                if isinstance(line.node, n.ExpectLine):
                    for expectation in line.node.expectations:
                        yield from _expectation(expectation, line, symbols)


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
                notes=(Note(head.as_of.span.shift(test.head.start), "the test is as of this time"),),
            )


def _expectation(expectation: n.Expectation, line: Statement, symbols: Symbols) -> Found:
    match expectation:
        case n.ExpectNumber(group=n.Text() as group) if group.key not in symbols.groups:
            titles = {key: node.title.value for key, (_, node) in symbols.groups.items()}
            yield _missing(group, line, "No group is called", titles)
        case n.ExpectNumber(target="fit" | "engagement" as target):
            if target not in symbols.categories():
                yield _no_category(expectation, line, target)
        case n.ExpectLabel(category=category, text=text):
            target = category or "score"
            titles = _titles([symbols.labels.get(target)])
            if target == "score":
                titles |= {node.title.key: node.title.value for _, node in symbols.fast_tracks}
            if not titles:
                what = f"`labels for {target}`" if category else "`labels`"
                yield Diagnostic(
                    "E206",
                    expectation.span.shift(line.start),
                    f"The file has no {what}",
                    "no label to expect",
                )
            elif text is not None and text.key not in titles:
                yield _missing(text, line, "No label is called", titles)
        case n.ExpectMatrix(text=text):
            cells = _cells(symbols)
            if text.key not in cells:
                yield _missing(text, line, "The matrix has no cell", cells)
        case n.ExpectFastTrack(text=n.Text() as text):
            titles = {node.title.key: node.title.value for _, node in symbols.fast_tracks}
            if text.key not in titles:
                yield _missing(text, line, "No fast track is called", titles)


def _titles(blocks: Iterable[TableBlock | None]) -> dict[str, str]:
    return {
        line.node.title.key: line.node.title.value
        for block in blocks
        if block is not None
        for line in block.lines
        if isinstance(line.node, n.LabelLine)
    }


def _cells(symbols: Symbols) -> dict[str, str]:
    if symbols.matrix is None:
        return {}
    axes = [
        line.node.steps for line in symbols.matrix.lines if isinstance(line.node, n.AxisLine)
    ]
    if len(axes) != 2:
        return {}
    names = [a.title.value + b.title.value for a in axes[0] for b in axes[1]]
    return {name.strip().lower(): name for name in names}


def _no_category(expectation: n.Expectation, line: Statement, target: str) -> Diagnostic:
    return Diagnostic(
        "E206",
        expectation.span.shift(line.start),
        f"No group is `as {target}`, so there is no {target} to expect",
        "",
        f'Mark the groups that make it up: `group "…" as {target}`.',
    )


def _missing(text: n.Text, line: Statement, what: str, known: dict[str, str]) -> Diagnostic:
    span = text.span.shift(line.start)
    close = get_close_matches(text.key, known, 1, 0.5)
    fixes: tuple[Fix, ...] = ()
    if close:
        right = '"' + known[close[0]].replace('"', '""') + '"'
        hint = f"Did you mean {right}?"
        fixes = (Fix(f"Write {right}", (Edit(span, right),)),)
    elif known:
        shown = ", ".join(f'"{name}"' for name in list(known.values())[:9])
        hint = f"There are: {shown}."
    else:
        hint = "The file has none."
    return Diagnostic("E206", span, f'{what} "{text.value}"', "", hint, fixes=fixes)
