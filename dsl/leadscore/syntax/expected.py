"""What may stand at a place of a statement, from the parser's own tables.

An LALR parser reduces before it looks, so the set that comes with its error holds words that
could not follow here, and lacks words that could. The states are gone through again, up to the
word at fault, and each terminal is tried.
"""

from __future__ import annotations

from functools import cache

from lark import Token
from lark.exceptions import UnexpectedCharacters
from lark.parsers.lalr_analysis import Shift

from leadscore.syntax.parser import lark_parser

END = "$END"
_END_SHOWN = "the end of the line"

# In the order in which they are shown: what must be there, what the phrase takes the place of.
_GROUPS = (
    (
        {"NAME", "not", "event"},
        "NAME BRACKETED not event in any no (",
        'a condition, such as `industry is "SaaS"`',
    ),
    (
        {"NAME", "not", "("},
        "NAME BRACKETED not (",
        'what to ask of the event, such as `url contains "/pricing"`',
    ),
    (
        {"is", "contains"},
        "is contains does starts ends matches = != < <= > >=",
        "a comparison, such as `is`, `contains` or `>=`",
    ),
    ({"=", ">="}, "= != < <= > >=", "a sign, such as `=` or `>=`"),
    (
        {"TEXT", "INT", "yes"},
        "TEXT INT NUM SIGNED DATE yes no true false",
        'a value, such as "SaaS", 10 or 2026-01-31',
    ),
    ({"TEXT", "any"}, "TEXT any", "an event type in quotes, or `any event`"),
    (
        {"NAME", "count"},
        "NAME BRACKETED count total highest lowest average",
        "a property, or `count of` events",
    ),
    (
        {"number", "boolean"},
        "number text date boolean one",
        "`number`, `text`, `date`, `boolean` or `one of`",
    ),
    ({"since", "between"}, "in more between since", "a time window, such as `in the last 30 days`"),
    ({"at", "exactly"}, "at exactly INT", "how often, such as `at least 2 times`"),
    ({"limit", "named"}, "limit decay no latest up reset named", "a modifier, such as `limit 20`"),
    ({"limit", "reset"}, "limit decay reset", "a modifier, such as `limit 20`"),
    ({"from", "score"}, "from below score fit engagement", "`from` or `below` a number"),
    ({"INT", "at"}, "INT NUM SIGNED at", "a number, `at least` or `at most`"),
    ({"INT", "NUM"}, "INT NUM SIGNED", "a number"),
)

_PHRASES = {
    "TEXT": 'a text in double quotes, such as "SaaS"',
    "NAME": "a name",
    "BRACKETED": "",
    "INT": "a whole number",
    "SIGNED": "points with a sign, such as +10",
    "DATE": "a date, such as 2026-01-31",
    "PERCENT": "a percentage, such as 50%",
    "UNIT": "a unit of time, such as days",
    "UNKNOWN_VALUES": "`unknown values`",
}  # fmt: skip

_MOST = 6
_UNITS = frozenset(
    f"{unit}{ending}"
    for unit in ("minute", "hour", "day", "week", "month", "year")
    for ending in ("", "s")
)


@cache
def _spelt() -> dict[str, str]:
    """By terminal: the word or sign itself, or the terminal's name where it is no fixed word."""
    named = {
        terminal.name: terminal.pattern.value if terminal.pattern.type == "str" else terminal.name
        for terminal in lark_parser().terminals
    }
    return {**named, END: END}


@cache
def _terminals() -> dict[str, str]:
    """By word or sign: its terminal."""
    return {spelt: name for name, spelt in _spelt().items()}


class Place:
    """A place in a statement: before the first token that ends after `at`."""

    def __init__(self, text: str, symbol: str, at: int) -> None:
        interactive = lark_parser().parse_interactive(text, start=symbol)
        state = interactive.parser_state
        self._states = state.parse_conf.parse_table.states
        self._end = state.parse_conf.end_state
        self._stack = list(state.state_stack)
        self.before: list[Token] = []
        """The tokens up to the place."""
        tokens = interactive.lexer_thread.lex(state)  # type: ignore[no-untyped-call]  # Lark has no types here
        try:
            for token in tokens:
                stack = None
                if (token.start_pos or 0) < at:
                    stack = self._after(token.type, self._stack)
                if stack is None:
                    break
                self._stack = stack
                self.before.append(token)
        except UnexpectedCharacters:
            pass

    @property
    def last(self) -> Token | None:
        """The token before the place."""
        return self.before[-1] if self.before else None

    def accepted(self) -> frozenset[str]:
        """What may follow: words and signs as they are written, other terminals by name."""
        return self._accepted(self._stack)

    def can_follow(self, *words: str) -> bool:
        """Whether some words could stand here, one after the other."""
        return self._after_words(words) is not None

    def accepted_after(self, *words: str) -> frozenset[str]:
        """What may follow if some words stood here; empty where they cannot."""
        stack = self._after_words(words)
        return frozenset() if stack is None else self._accepted(stack)

    def _after_words(self, words: tuple[str, ...]) -> list[int] | None:
        stack: list[int] | None = self._stack
        terminals = _terminals()
        for word in words:
            terminal = "INT" if word.isdigit() else "UNIT" if word in _UNITS else word
            stack = self._after(terminals.get(terminal, terminal), stack)
        return stack

    def _accepted(self, stack: list[int]) -> frozenset[str]:
        spelt = _spelt()
        return frozenset(
            spelt[name]
            for name in self._states[stack[-1]]
            if name in spelt and self._after(name, stack) is not None
        )

    def _after(self, terminal: str, stack: list[int] | None) -> list[int] | None:
        """The parser's stack after a terminal; None where it cannot stand there."""
        if stack is None:
            return None
        stack = stack[:]
        while True:
            if terminal == END and stack[-1] == self._end:
                return stack
            found = self._states[stack[-1]].get(terminal)
            if found is None:
                return None
            action, argument = found
            if action is Shift:
                stack.append(argument)
                return stack
            size = len(argument.expansion)
            if size:
                del stack[-size:]
            stack.append(self._states[stack[-1]][argument.origin.name][1])


def phrase(accepted: frozenset[str]) -> str:
    """What may follow, in the words of a reader; what belongs together is one phrase."""
    left = set(accepted)
    phrases: list[str] = []
    for needed, replaced, shown in _GROUPS:
        if needed <= left:
            left -= set(replaced.split())
            phrases.append(shown)
    ends = END in left
    left.discard(END)
    for name in sorted(left, key=lambda name: (name not in _PHRASES, name.isalpha(), name)):
        shown = _PHRASES.get(name, f"`{name}`")
        if shown and shown not in phrases:
            phrases.append(shown)
    if len(phrases) > _MOST:
        return ", ".join([*phrases[:_MOST], "…"])
    if ends:
        phrases.append(_END_SHOWN)
    if not phrases:
        return "something else"
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " or " + phrases[-1]
