"""Ways in which a text is looked for, and which of them imply which.

An alternative is one of the texts of a comparison, with the way in which it is looked for:
``is``, ``starts``, ``ends``, ``contains``, ``word``, ``matches``, or ``any`` for every known text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from leadscore.plan import terms as t
from leadscore.plan.reach.effort import Effort
from leadscore.values.text import wildcard

Way = Literal["is", "starts", "ends", "contains", "word", "matches", "any"]


class Alternative(NamedTuple):
    """A way to look for a folded text."""

    way: Way
    text: str


def alternatives(condition: t.TextIs | t.TextFind) -> list[Alternative]:
    """What a comparison looks for; it holds where one of them does."""
    if isinstance(condition, t.TextIs):
        return [Alternative("is", text) for text in condition.texts]
    if condition.kind == "matches":
        return [_plain(text) for text in condition.texts]
    return [Alternative(condition.kind, text) for text in condition.texts]


def _plain(pattern: str) -> Alternative:
    """A pattern of `matches`, as a simpler way where it is one."""
    inner = pattern.strip("*")
    if "*" in inner or "?" in inner:
        return Alternative("matches", pattern)
    head, tail = pattern.startswith("*"), pattern.endswith("*")
    if not inner:
        return Alternative("any" if head else "is", "")
    if head and tail:
        return Alternative("contains", inner)
    return Alternative("ends" if head else "starts" if tail else "is", inner)


_wildcard = lru_cache(maxsize=1000)(wildcard)


def found(alternative: Alternative, text: str, text_words: str) -> bool:
    """Whether a known folded text, of these words, is as the alternative says."""
    way, part = alternative
    match way:
        case "is":
            return text == part
        case "starts":
            return text.startswith(part)
        case "ends":
            return text.endswith(part)
        case "contains":
            return part in text
        case "word":
            return part in text_words
        case "matches":
            return _wildcard(part)(text)
        case "any":
            return True


def implies(one: Alternative, other: Alternative) -> bool:
    """Whether each text that is as `one` says, and not given by ``is``, is as `other` says."""
    if one == other or other.way == "any":
        return True
    part, whole = other.text, one.text
    match other.way:
        case "starts":
            return one.way == "starts" and whole.startswith(part)
        case "ends":
            return one.way == "ends" and whole.endswith(part)
        case "contains":
            if one.way == "word":  # its words stand in the text, but not always side by side
                return any(part in word for word in whole.split())
            return one.way in ("starts", "ends", "contains") and part in whole
        case "word":
            return one.way == "word" and part in whole
        case _:
            return False


def cost(some: Iterable[Alternative]) -> int:
    """The steps of trying all of `some` on a short text."""
    return sum(1 + len(one.text) // 50 for one in some)


def merged(
    way: Literal["starts", "ends"], every: Sequence[Sequence[Alternative]], effort: Effort
) -> bool:
    """Whether some text begins, or ends, in one of the ways of each of `every`.

    Those of `every` that look for something else too are passed over.
    """
    parts: set[str] | None = None
    for some in every:
        if any(one.way != way for one in some):
            continue
        new = {one.text for one in some}
        if parts is None:
            parts = new
            continue
        effort.spend(len(parts) * len(new))
        both: set[str] = set()
        for a in parts:
            for b in new:
                longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
                fits = longer.startswith if way == "starts" else longer.endswith
                if fits(shorter):
                    both.add(longer)
        parts = both
    return parts is None or bool(parts)
