"""Making the fixes that diagnostics offer: text to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from leadscore.diagnostics import Diagnostic, Fix, Span

Find = Callable[[str], tuple[Diagnostic, ...]]
"""All errors, warnings and findings of a text; spans are offsets in it."""

_ROUNDS = 20
"""What a fix uncovers is mended in the next round; this is deeper than texts of people go."""
_LOOKS = 40
"""How often a round looks for fixes that make matters worse, before it leaves the rest alone."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text with fixes made: how many there were, and what is found in it now."""

    text: str
    made: int
    left: tuple[Diagnostic, ...]


def fix(text: str, find: Find, *, unsafe: bool = False) -> Fixed:
    """`text` with its safe fixes made; with `unsafe`, the first fix of everything.

    Fixes that overlap wait for the next round. The text that comes out never has more errors than
    the one that went in: a fix that would bring one is left out. Fixing the result again changes
    nothing, but where two fixes undo each other. Never raises, if `find` does not.
    """
    left = find(text)
    seen = {text}
    made = 0
    for _ in range(_ROUNDS):
        fixes = _chosen(left, unsafe)
        if not fixes:
            break
        taken, after, found = _best(text, left, fixes, find)
        if not taken or after in seen:
            break
        seen.add(after)
        made += len(taken)
        text, left = after, found
    return Fixed(text, made, left)


def applied(text: str, fixes: Sequence[Fix]) -> str:
    """`text` with fixes made. Their edits must not overlap."""
    edits = sorted(chain.from_iterable(each.edits for each in fixes), key=lambda edit: edit.span)
    parts = []
    at = 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join((*parts, text[at:]))


def _chosen(found: Sequence[Diagnostic], unsafe: bool) -> list[Fix]:
    """One fix of each diagnostic that has one, in the order of the text; none touches another."""
    taken: list[Span] = []
    fixes: list[Fix] = []
    offered: list[Fix] = []
    for item in found:
        safe = next((each for each in item.fixes if each.safe), None)
        first = safe or (item.fixes[0] if unsafe and item.fixes else None)
        if first is not None and first.edits:
            offered.append(first)
    offered.sort(key=lambda each: min(edit.span for edit in each.edits))
    end = -1
    for each in offered:
        spans = sorted(edit.span for edit in each.edits)
        # Offered in order of their first edits, most end before the next begins: only those that
        # reach over a later one have to be compared.
        touched = spans[0].start <= end and any(_touch(a, b) for a in spans for b in taken)
        if not touched:
            fixes.append(each)
            taken = [other for other in taken if other.end >= spans[0].start] + spans
            end = max(end, spans[-1].end)
    return fixes


def _touch(one: Span, two: Span) -> bool:
    """Whether two edits share a character, or begin at the same place."""
    return one.start == two.start or (one.start < two.end and two.start < one.end)


def _best(
    text: str, before: tuple[Diagnostic, ...], fixes: list[Fix], find: Find
) -> tuple[list[Fix], str, tuple[Diagnostic, ...]]:
    """The fixes that bring no error: all, or else halves and halves of halves.

    Gives those taken, the text with them, and what is found in it.
    """
    errors = _errors(before)
    taken: list[Fix] = []
    after, found = text, before
    parts = [fixes]
    for _ in range(_LOOKS):
        if not parts:
            break
        part = parts.pop()
        trial = applied(text, [*taken, *part])
        then = find(trial)
        if _errors(then) <= errors:
            taken, after, found = [*taken, *part], trial, then
            errors = _errors(then)
        elif len(part) > 1:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
    return taken, after, found


def _errors(found: Sequence[Diagnostic]) -> int:
    return sum(item.severity == "error" for item in found)
