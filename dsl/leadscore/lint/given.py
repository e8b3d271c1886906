"""What tests state, held against what the model reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadscore.lint.slips import Slips
from leadscore.lint.uses import Space, Use
from leadscore.lint.view import View
from leadscore.values.text import fold

_WHAT: dict[Space, str] = {
    "property": "property",
    "attribute": "attribute",
    "type": "event type",
    "list": "list",
}


@dataclass(frozen=True, slots=True)
class UnreadGiven:
    """One thing that a test states and nothing reads."""

    use: Use
    what: str
    near: str | None
    """The name that rules read and that is one slip away; None: there is none."""


def unread_givens(view: View) -> Iterator[UnreadGiven]:
    """All of them, in the order of the text."""
    read = {space: _read(view, space) for space in _WHAT}
    slips = {space: Slips(names) for space, names in read.items()}
    any_type = any(use.space == "type" and use.role == "except" for use in view.uses) or any(
        stream.term.types.exclude for stream in view.streams
    )
    declared: dict[Space, frozenset[str]] = {
        "property": frozenset(view.declared),
        "type": frozenset(view.symbols.event_types),
    }
    for use in view.uses:
        if use.role != "given" or use.key in read[use.space]:
            continue
        near = None
        if use.key not in declared.get(use.space, frozenset()):
            found = slips[use.space].to(use.key)
            near = read[use.space][found] if found is not None else None
        if near is None and use.space == "type" and any_type:
            continue  # any event is read
        yield UnreadGiven(use, _WHAT[use.space], near)


def _read(view: View, space: Space) -> Mapping[str, str]:
    """What rules read, by key, as they spell it; also other names for the same."""
    names = {key: uses[0].shown for key, uses in view.named(space).items()}
    if space == "property":
        for spec in view.plan.properties:
            for source in spec.sources:
                names.setdefault(fold(source), source)
    if space == "type":
        for raw, name in view.plan.renames:
            if name in names:
                names.setdefault(raw, names[name])
    return names
