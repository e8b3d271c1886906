"""Models with their layout messed up, and what must be the same before and after formatting."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import pairwise
from random import Random
from typing import Any

from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, GroupBlock, Statement, TableBlock, parse
from leadscore.syntax.parser import tokens

BLANKS = ("", "", " ", "  ", "\t", "    ", "\u00a0 ", " \t  \t")
STARTERS = frozenset(
    ("edition", "score", "description", "limit", "fit", "engagement", "only", "exclude", "define",
     "properties", "events", "group", "labels", "matrix", "fast", "test", "first", "by", "given",
     "expect", "otherwise", "unknown", "event", "in")
)  # fmt: skip
_TIGHT = (",", ":", ")", "(", "=", "!=", "<", "<=", ">", ">=")


def messed(text: str, random: Random, *, comments: bool = True, shuffle: bool = True) -> str:
    """`text`, a sound model, in another layout: each statement's words stay, in their order but
    for modifiers, and all else is drawn anew.

    Cases of tables stay on one line: the splitter takes what follows a longer one for another
    table's.
    """
    count = 0

    def comment() -> str:
        nonlocal count
        count += 1
        return random.choice((f"# note {count}", f"#note {count}", f'#  {count} " [ ( and,'))

    lines: list[str] = []
    for statement in parse(text).statements:
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            lines.append(random.choice(BLANKS))
        while comments and random.random() < 0.15:
            lines.append(random.choice(BLANKS) + comment() + random.choice(BLANKS))
            lines += [""] * random.choice((0, 0, 1, 2))
        spelt = _shuffled(statement, random) if shuffle else statement.parsed.text
        words = [(t.type, str(t)) for t in tokens(spelt)]
        lines.append(random.choice(BLANKS) + words[0][1])
        depth = 0
        for (_, before), (kind, word) in pairwise(words):
            depth += (before == "(") - (before == ")")
            may_break = before in (",", "and", "or") or word in ("and", "or", "where")
            # A line that starts with these is a statement of its own, wherever it stands.
            starts = kind == "SIGNED" or word in STARTERS
            if (may_break or depth) and not starts and random.random() < 0.1:
                while True:
                    if comments and random.random() < 0.3:
                        lines[-1] += random.choice(BLANKS) + comment()
                    lines.append(random.choice(BLANKS))
                    if random.random() < 0.6:
                        break
            else:
                tight = before in _TIGHT or word in _TIGHT
                lines[-1] += random.choice(BLANKS if tight else BLANKS[2:])
            lines[-1] += "unknown \t values" if kind == "UNKNOWN_VALUES" else word
        if comments and random.random() < 0.15:
            lines[-1] += random.choice(BLANKS) + comment()
        lines[-1] += random.choice(BLANKS)
    return "\n".join(lines)


def _shuffled(statement: Statement, random: Random) -> str:
    """The text of a statement with its modifiers in any order."""
    text = statement.parsed.text
    modifiers: tuple[n.Modifier, ...] = getattr(statement.node, "modifiers", ())
    if len(modifiers) < 2:
        return text
    parts = [text[m.span.start : m.span.end] for m in modifiers]
    random.shuffle(parts)
    return text[: modifiers[0].span.start] + " ".join(parts) + text[modifiers[-1].span.end :]


# What must stay


def meaning(value: Any) -> Any:
    """A node without its places and without the order of its modifiers."""
    if isinstance(value, tuple):
        return tuple(meaning(item) for item in value)
    if not is_dataclass(value):
        return value
    kept: list[Any] = [type(value).__name__]
    for each in fields(value):
        if each.name.endswith("span"):
            continue
        item = meaning(getattr(value, each.name))
        kept.append(tuple(sorted(item, key=lambda m: m[0])) if each.name == "modifiers" else item)
    return tuple(kept)


def meanings(document: Document) -> list[Any]:
    """All statements: the meaning of those that are sound, the text of those that are not."""
    return [
        (s.parsed.symbol, s.parsed.text if s.node is None else meaning(s.node))
        for s in document.statements
    ]


def shape(document: Document) -> list[Any]:
    """How statements are put together as blocks, by their numbers."""
    number = {id(s): i for i, s in enumerate(document.statements)}
    found: list[Any] = []
    for item in document.items:
        match item:
            case Statement():
                found.append(number[id(item)])
            case GroupBlock():
                rules = [(number[id(r.head)], [number[id(c)] for c in r.cases]) for r in item.rules]
                found.append((item.head and number[id(item.head)], rules))
            case TableBlock():
                found.append((number[id(item.head)], [number[id(line)] for line in item.lines]))
            case _:
                lines = [*item.given, *item.expect]
                found.append((number[id(item.head)], [number[id(line)] for line in lines]))
    return found


def words(text: str) -> list[str]:
    """The words of a statement."""
    return [" ".join(t.split()) if t.type == "UNKNOWN_VALUES" else str(t) for t in tokens(text)]


def comments_of(document: Document) -> list[tuple[int, str, str]]:
    """All comments in order: the number of the statement, where they stand, what they say."""
    found: list[tuple[int, str, str]] = []
    for number, s in enumerate(document.statements):
        found += [(number, "before", c.text) for c in s.before]
        found += [(number, "inside", c.text) for c in s.inside]
        found += [(number, "beside", s.suffix.text)] if s.suffix is not None else []
    return found + [(-1, "before", c.text) for c in document.trailing]
