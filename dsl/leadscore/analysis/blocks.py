"""What can be wrong between statements: tables, definitions, limits, renamed types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadscore.analysis.statements import facts_of
from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Diagnostic, Edit, Fix, Note, nearest
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Document, RuleBlock, Statement

Found = Iterator[Diagnostic]


def check_rules(symbols: Symbols) -> Found:
    """The tables of all rules."""
    for group in symbols.group_blocks:
        for rule in group.rules:
            if rule.cases:
                yield from _otherwise(rule)
                yield from _table_kinds(rule, symbols)


def _is_otherwise(case: Statement) -> bool:
    match case.node:
        case n.CaseLine(pattern=n.OtherwisePattern()) | n.FirstCaseLine(condition=None):
            return True
    return False


def _otherwise(rule: RuleBlock) -> Found:
    seen: Statement | None = None
    for case in rule.cases:
        if case.node is None:
            continue
        if seen is not None:
            yield Diagnostic(
                "E105",
                case.span,
                "No lead gets to a case after `otherwise`",
                "move this up",
                "`otherwise` takes all that is left, so it stands last.",
                notes=(Note(seen.span, "takes all that is left"),),
            )
        elif _is_otherwise(case):
            seen = case


def _table_kinds(rule: RuleBlock, symbols: Symbols) -> Found:
    """One table is of numbers, of dates or of texts; counts and totals are numbers."""
    head = rule.head.node
    if not isinstance(head, n.ByLine):
        return
    wanted, why = "", ""
    if not isinstance(head.subject, n.Name):
        wanted, why = "number", "this table is of numbers"
    else:
        declared = symbols.kind_of(head.subject)
        if declared in ("number", "date"):
            wanted = declared
            why = f"`{head.subject.text}` is declared as a {declared}"
    first: Statement | None = None
    for case in rule.cases:
        if not isinstance(case.node, n.CaseLine):
            continue
        kind = _pattern_kind(case.node.pattern)
        if not kind:
            continue
        if not wanted:
            wanted, first = kind, case
            why = f"this table is of {kind}s"
        elif kind != wanted:
            notes = (Note(first.span, f"a {wanted}"),) if first is not None else ()
            yield Diagnostic(
                "E111",
                case.node.pattern.span.shift(case.start),
                f"A {kind} stands in a table of {wanted}s",
                f"a {kind}; {why}",
                _remedy(kind, wanted),
                notes=notes,
            )


def _pattern_kind(pattern: n.Pattern) -> str:
    match pattern:
        case n.TextPattern():
            return "text"
        case n.RangePattern():
            return "number"
        case n.ComparePattern(value=n.DateLiteral()):
            return "date"
        case n.ComparePattern():
            return "number"
        case n.UnknownPattern() | n.OtherwisePattern():
            return ""


def _remedy(kind: str, wanted: str) -> str:
    if wanted == "number" and kind == "text":
        return "Write numbers without quotes: `5`, `1 to 10`, `> 200`."
    if wanted == "text":
        return 'Write texts in quotes: `"5"`.'
    return "Make two tables, one of each kind."


def check_references(document: Document, symbols: Symbols) -> Found:
    """Definitions that do not exist, or that use themselves; event types that were renamed."""
    renamed = {key: name for key, name in symbols.event_types.items() if key != name.key}
    unknown = 0
    for statement in document.statements:
        facts = facts_of(statement.parsed)
        for name in facts.references:
            if symbols.nameless_definition or name.key in symbols.broken_names:
                continue
            if name.key not in symbols.definitions:
                yield _unknown(name, statement, symbols, near=unknown < _NEAR_MISSES)
                unknown += 1
        for text in facts.types:
            new = renamed.get(text.key)
            if new is not None:
                right = '"' + new.value.replace('"', '""') + '"'
                yield Diagnostic(
                    "W301",
                    text.span.shift(statement.start),
                    f'Events of type "{text.value}" are called "{new.value}" in this file',
                    "no event has this type any more",
                    f"Write {right}.",
                    fixes=(
                        Fix(f"Write {right}", (Edit(text.span.shift(statement.start), right),)),
                    ),
                    severity="warning",
                )
    yield from _circles(symbols)


_NEAR_MISSES = 50
"""Unknown definitions for which a near one is looked for: each look takes all names."""
_ASKS = re.compile(r"(?:is|has|was|can|did|does|wants|needs)[_ ]")
"""Names that begin like this are questions, whose answer is yes or no."""
_OTHERWISE = frozenset(("else", "default", "other", "others"))


def _unknown(name: n.Name, statement: Statement, symbols: Symbols, *, near: bool) -> Diagnostic:
    span = name.span.shift(statement.start)
    close = nearest(name.key, symbols.definitions) if near else None
    shown = f"[{name.text}]" if name.bracketed else name.text
    fixes: tuple[Fix, ...] = ()
    if isinstance(statement.node, n.FirstCaseLine) and name.key in _OTHERWISE:
        hint = "Did you mean `otherwise`?"
        fixes = (Fix("Write `otherwise`", (Edit(span, "otherwise"),)),)
    elif name.key in symbols.properties or close is None:
        kind = symbols.kind_of(name)
        asks = kind == "boolean" or (kind is None and _ASKS.match(name.key) is not None)
        ways = (f"{shown} is yes", f"{shown} is known") if asks else (f"{shown} is known",)
        if kind == "number":
            ways = (f"{shown} > 0",)
        example = " or ".join(f"`{way}`" for way in ways)
        hint = (
            f"`{shown}` is a property: say what it must be, such as {example}."
            if name.key in symbols.properties
            else f"Define it (`define {shown} as …`), or compare a property ({example})."
        )
        if asks:
            fixes = tuple(Fix(f"Write `{way}`", (Edit(span, way),)) for way in ways)
    else:
        right = symbols.definitions[close][1].name
        meant = f"[{right.text.replace(']', ']]')}]" if right.bracketed else right.text
        hint = f"Did you mean `{meant}`?"
        fixes = (Fix(f"Write `{meant}`", (Edit(span, meant),)),)
    return Diagnostic(
        "E202",
        span,
        f"No definition is called `{name.text}`",
        "not defined",
        hint,
        fixes=fixes,
    )


def _circles(symbols: Symbols) -> Found:
    """Definitions that come back to themselves: one finding for all that are tied up together."""
    uses = {
        key: tuple(
            dict.fromkeys(
                name.key
                for name in facts_of(statement.parsed).references
                if name.key in symbols.definitions
            )
        )
        for key, (statement, _) in symbols.definitions.items()
    }
    for tied in _components(uses):
        if len(tied) > 1 or tied[0] in uses[tied[0]]:
            yield _circle(_way_back(tied[0], uses, set(tied)), symbols)


def _components(uses: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The strongly connected components (Tarjan 1972), without recursion: chains are long."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_keys: list[str] = []
    is_open: set[str] = set()
    for root in uses:
        if root in order:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(uses[root]))]
        order[root] = low[root] = len(order)
        open_keys.append(root)
        is_open.add(root)
        while work:
            key, rest = work[-1]
            for used in rest:
                if used not in order:
                    order[used] = low[used] = len(order)
                    open_keys.append(used)
                    is_open.add(used)
                    work.append((used, iter(uses[used])))
                    break
                if used in is_open:
                    low[key] = min(low[key], order[used])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[key])
                if low[key] == order[key]:
                    at = len(open_keys) - 1
                    while open_keys[at] != key:
                        at -= 1
                    tied = open_keys[at:]
                    del open_keys[at:]
                    is_open.difference_update(tied)
                    yield tied


def _way_back(start: str, uses: dict[str, tuple[str, ...]], tied: set[str]) -> list[str]:
    """A shortest way from a definition back to itself, without its end."""
    came: dict[str, str] = {}
    row = [start]
    while row:
        following: list[str] = []
        for key in row:
            for used in uses[key]:
                if used == start:
                    way = [key]
                    while way[-1] != start:
                        way.append(came[way[-1]])
                    return way[::-1]
                if used in tied and used not in came:
                    came[used] = key
                    following.append(used)
        row = following
    return [start]


def _circle(keys: list[str], symbols: Symbols) -> Diagnostic:
    statement, node = symbols.definitions[keys[0]]
    shown = [*keys, keys[0]] if len(keys) < 6 else [*keys[:5], "", keys[0]]
    names = [symbols.definitions[key][1].name.text if key else "…" for key in shown]
    return Diagnostic(
        "E203",
        node.name.span.shift(statement.start),
        f"The definition `{node.name.text}` uses itself",
        " → ".join(names),
        "A definition can use others, in any order, but not come back to itself.",
    )


def check_limits(document: Document, symbols: Symbols) -> Found:
    """Limits of categories that no group has."""
    if document.broken:
        return  # the group that is missed may be the broken statement
    categories = symbols.categories()
    for target, (statement, _) in symbols.limits.items():
        if target != "score" and target not in categories:
            yield Diagnostic(
                "E204",
                statement.span,
                f"No group is `as {target}`, so there is nothing to limit",
                "limits nothing",
                f'Mark the groups that it is for: `group "…" as {target}`.',
            )
