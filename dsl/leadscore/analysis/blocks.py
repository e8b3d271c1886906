"""What can be wrong between statements: tables, definitions, limits, renamed types."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from leadscore.analysis.statements import facts_of
from leadscore.analysis.symbols import Symbols
from leadscore.diagnostics import Diagnostic, Edit, Fix, Note
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
    renamed = {
        key: name
        for key, name in symbols.event_types.items()
        if key != name.key
    }
    for statement in document.statements:
        facts = facts_of(statement.parsed)
        for name in facts.references:
            if name.key not in symbols.definitions and name.key not in symbols.broken_names:
                yield _unknown(name, statement, symbols)
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


def _unknown(name: n.Name, statement: Statement, symbols: Symbols) -> Diagnostic:
    span = name.span.shift(statement.start)
    close = get_close_matches(name.key, symbols.definitions, 1, 0.6)
    fixes: tuple[Fix, ...] = ()
    if name.key in symbols.properties or not close:
        kind = symbols.kind_of(name)
        example = {
            "number": f"{name.text} > 0",
            "boolean": f"{name.text} is yes",
        }.get(kind or "", f"{name.text} is known")
        hint = (
            f"`{name.text}` is a property: say what it must be, such as `{example}`."
            if name.key in symbols.properties
            else f"Define it (`define {name.text} as …`), or compare a property (`{example}`)."
        )
    else:
        right = symbols.definitions[close[0]][1].name
        shown = f"[{right.text}]" if right.bracketed else right.text
        hint = f"Did you mean `{shown}`?"
        fixes = (Fix(f"Write `{shown}`", (Edit(span, shown),)),)
    return Diagnostic(
        "E202",
        span,
        f"No definition is called `{name.text}`",
        "not defined",
        hint,
        fixes=fixes,
    )


def _circles(symbols: Symbols) -> Found:
    """Definitions that come back to themselves, each circle once. No recursion: chains are long."""
    uses = {
        key: [
            name.key
            for name in facts_of(statement.parsed).references
            if name.key in symbols.definitions
        ]
        for key, (statement, _) in symbols.definitions.items()
    }
    done: set[str] = set()
    for root in uses:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            key, leave = stack.pop()
            if leave:
                path.pop()
                on_path.discard(key)
                done.add(key)
                continue
            if key in done:
                continue
            if key in on_path:
                yield _circle(path[path.index(key) :], symbols)
                continue
            path.append(key)
            on_path.add(key)
            stack.append((key, True))
            stack += [(used, False) for used in uses[key]]


def _circle(keys: list[str], symbols: Symbols) -> Diagnostic:
    statement, node = symbols.definitions[keys[0]]
    names = [symbols.definitions[key][1].name.text for key in [*keys, keys[0]]]
    shown = names if len(names) <= 6 else [*names[:5], "…", names[-1]]
    return Diagnostic(
        "E203",
        node.name.span.shift(statement.start),
        f"The definition `{node.name.text}` uses itself",
        " → ".join(shown),
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
                "",
                f'Mark the groups that it is for: `group "…" as {target}`.',
            )
