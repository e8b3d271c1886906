"""What a model names and the data do not have: event types, and values of properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadscore.diagnostics import Span
from leadscore.lint import spelling
from leadscore.lint.facts import Found, Texts
from leadscore.lint.slips import Slips
from leadscore.lint.view import View
from leadscore.syntax import nodes as n


@dataclass(frozen=True, slots=True)
class AbsentType:
    """An event type of the model that no event has, under any of its names."""

    key: str
    shown: str
    span: Span
    """Its first use, or the raw name under `events` that is nearly one of the data."""
    near: Found | None
    """The type of the data that is one slip away, and that the model does not name."""
    raw: bool
    """Whether `span` is that of a raw name."""
    line_end: int | None
    """The end of the line that declares it; None: it is not declared with raw names."""


def absent_types(view: View) -> Iterator[AbsentType]:
    """The types that are named and never occur, each once; none where the data are too many."""
    if view.data is None or view.data.events is None or not view.data.events.types.whole:
        return
    texts = view.data.events.types
    types = texts.found
    used = view.named("type")
    known = {*used, *view.symbols.event_types}
    slips = Slips(
        key for key, one in types.items() if key not in known and spelling.writable(one.shown)
    )
    for key, uses in used.items():
        lines = view.event_lines.get(key, ())
        raws = [(text, statement) for statement, line in lines for text in line.raw]
        if not all(map(texts.lack, (key, *(text.key for text, _ in raws)))):
            continue
        name, span, raw = uses[0].shown, uses[0].span, False
        near = slips.to(key)
        for text, statement in raws:
            if near is None and (near := slips.to(text.key)) is not None:
                name, span, raw = text.value, text.span.shift(statement.start), True
        end = None
        if lines:
            statement, line = lines[0]
            end = statement.start + line.span.end
        yield AbsentType(key, name, span, None if near is None else types[near], raw, end)


@dataclass(frozen=True, slots=True)
class Compared:
    """Texts that a comparison, or a case of a table, takes for whole values of a property."""

    property: str
    texts: tuple[tuple[n.Text, Span], ...]
    span: Span
    negated: bool


def compared(view: View) -> Iterator[Compared]:
    """All comparisons of properties with whole texts, in the order of the text."""
    for use in view.uses:
        if use.space != "property":
            continue
        start = use.statement.start
        match use.within:
            case n.Is(values=values, negated=negated) as test:
                texts = [value for value in values if isinstance(value, n.Text)]
            case n.Compare(operator="=" | "!=" as operator, value=n.Text() as text) as test:
                texts, negated = [text], operator == "!="
            case _:
                continue
        if texts:
            yield Compared(use.key, _placed(texts, start), test.span.shift(start), negated)
    for rule in view.rules:
        node = rule.node
        if isinstance(node, n.ByLine) and isinstance(node.subject, n.Name):
            for case in rule.cases:
                line = case.statement.node
                match line:
                    case n.CaseLine(pattern=n.TextPattern(kind="is", texts=found)):
                        placed = _placed(found, case.statement.start)
                        yield Compared(node.subject.key, placed, case.span, False)


def _placed(
    texts: list[n.Text] | tuple[n.Text, ...], start: int
) -> tuple[tuple[n.Text, Span], ...]:
    return tuple((text, text.span.shift(start)) for text in texts)


@dataclass(frozen=True, slots=True)
class AbsentValues:
    """The texts of one comparison that the property never has."""

    of: Compared
    values: Texts
    """Those that it has."""
    absent: tuple[tuple[n.Text, Span, Found | None], ...]
    """Each with the value of the data that is one slip away and that is compared nowhere."""


def absent_values(view: View) -> tuple[AbsentValues, ...]:
    """Comparisons with texts that never occur; none of columns with too many different texts."""
    found = view.memo.get("absent values")
    if not isinstance(found, tuple):
        found = view.memo["absent values"] = tuple(_absent_values(view))
    return found


def _absent_values(view: View) -> Iterator[AbsentValues]:
    if view.data is None:
        return
    every = list(compared(view))
    known: dict[str, set[str]] = {}
    for one in every:
        known.setdefault(one.property, set()).update(text.key for text, _ in one.texts)
    slips: dict[str, Slips] = {}
    for one in every:
        values = view.data.values.get(one.property)
        if values is None:
            continue
        absent = []
        for text, span in one.texts:
            if values.lack(text.key) and text.key not in view.plan.unknown_values:
                if one.property not in slips:  # of ten thousand values that takes a while
                    slips[one.property] = Slips(
                        key
                        for key, found in values.found.items()
                        if key not in known[one.property] and spelling.writable(found.shown)
                    )
                near = slips[one.property].to(text.key)
                absent.append((text, span, None if near is None else values.found[near]))
        if absent:
            yield AbsentValues(one, values, tuple(absent))
