"""Labels and the matrix: lines that no score reaches because one above always holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Diagnostic, Note, Span
from leadscore.syntax import nodes as n

Found = Iterator[Diagnostic]
Region = dict[str, tuple[Decimal | None, Decimal | None]]
"""By what is bound: from (included) and below (not included); None: no such bound."""


_LOOKED_AT = 200
"""Lines above a label that are compared with it. Nobody has more labels; if someone has, no
finding is better than an hour's wait."""


def check_labels(symbols: Symbols) -> Found:
    """Every block of labels."""
    for target, block in symbols.labels.items():
        above: list[tuple[Span, Region]] = []
        for line in block.lines:
            if not isinstance(line.node, n.LabelLine):
                continue
            region: Region = {}
            for bound in line.node.bounds:
                _narrow(region, bound.target or target, bound.kind, bound.value.value)
            span = Span(line.start, line.start + line.node.title.span.end)
            yield from _shadowed(span, region, above)
            if line.node.condition is None:
                above.append((span, region))


def check_matrix(symbols: Symbols) -> Found:
    """The axes of the matrix."""
    if symbols.matrix is None:
        return
    seen: dict[str, Span] = {}
    for line in symbols.matrix.lines:
        if not isinstance(line.node, n.AxisLine):
            continue
        axis = line.node
        if axis.category in seen:
            yield Diagnostic(
                "E201",
                line.span,
                f"Both axes are {axis.category}",
                "the second one",
                "One axis is fit, the other engagement.",
                notes=(Note(seen[axis.category], "the first one"),),
            )
        seen.setdefault(axis.category, line.span)
        above: list[tuple[Span, Region]] = []
        for step in axis.steps:
            region: Region = {}
            _narrow(region, axis.category, step.kind, step.value.value)
            span = step.span.shift(line.start)
            yield from _shadowed(span, region, above)
            above.append((span, region))


def _narrow(region: Region, what: str, kind: str, value: Decimal) -> None:
    low, high = region.get(what, (None, None))
    if kind == "from":
        low = value if low is None else max(low, value)
    else:
        high = value if high is None else min(high, value)
    region[what] = (low, high)


def _shadowed(span: Span, region: Region, above: list[tuple[Span, Region]]) -> Found:
    if any(low is not None and high is not None and low >= high for low, high in region.values()):
        yield Diagnostic(
            "E205",
            span,
            "No score is within the bounds of this label",
            "`below` is not above `from`",
        )
        return
    for other, wider in above[-_LOOKED_AT:]:
        if all(_inside(region.get(what), bounds) for what, bounds in wider.items()):
            yield Diagnostic(
                "E205",
                span,
                "No lead gets this label",
                "never reached",
                "The first line that holds gives the label. Put the narrower one first, "
                "such as `from 70` above `from 40`.",
                notes=(Note(other, "holds whenever the other does"),),
            )
            return


def _inside(
    inner: tuple[Decimal | None, Decimal | None] | None,
    outer: tuple[Decimal | None, Decimal | None],
) -> bool:
    low, high = inner or (None, None)
    return (outer[0] is None or (low is not None and low >= outer[0])) and (
        outer[1] is None or (high is not None and high <= outer[1])
    )
