"""The words that people write instead of the language's, and how statements are called."""

from __future__ import annotations

SUBJECTS = {
    "line": "a statement",
    "property": "a property, such as `employees: number`",
    "event_type": 'an event type, such as `"Email open" from "EMAIL_OPEN"`',
    "case": "a case, such as `1 to 10: +2` or `otherwise: 0`",
    "first_case": 'a case, such as `event "Visit" in the last 30 days: +3`',
    "label": 'a label, such as `"Warm" from 40`',
    "axis": 'an axis, such as `fit "A" from 30, "B" below 30`',
    "test_line": "a line of a test: `given …`, `event …`, `in list …` or `expect …`",
}
"""What a statement is to be, by its start symbol."""

MODIFIERS = frozenset(("limit", "decay", "latest", "up", "reset", "named"))

WORDINGS = {
    "empty": "unknown",
    "blank": "unknown",
    "missing": "unknown",
    "null": "unknown",
    "none": "unknown",
    "present": "known",
    "set": "known",
    "filled": "known",
}
"""What follows `is`, and what the language says for it."""
NEGATED_WORDINGS = {
    **{word: "known" if right == "unknown" else "unknown" for word, right in WORDINGS.items()},
    "known": "unknown",
    "unknown": "known",
}
"""The same after `is not`."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    # between the points and what they are for
    "when": ("if", "where"),
    "where": ("if", "when"),
    "if": ("when", "where"),
    "with": ("where", "with"),
    "per": ("for each",),
    "every": ("each", "for each"),
    "each": ("every", "for each"),
    "a": ("per",),
    "an": ("per",),
    # comparisons
    "equals": ("is", "="),
    "equal": ("is", "="),
    "are": ("is",),
    "was": ("is",),
    "has": ("contains",),
    "have": ("contains",),
    "includes": ("contains",),
    "include": ("contains",),
    "containing": ("contains",),
    "contain": ("contains",),
    "contains": ("contain",),
    "begins": ("starts",),
    "begin": ("starts",),
    "start": ("starts",),
    "end": ("ends",),
    "like": ("matches",),
    "match": ("matches",),
    "isnt": ("is not",),
    "not": ("is not", "does not contain"),
    "in": ("is any of", "any of"),
    "over": (">",),
    "above": (">", "from"),
    "more": (">", "from"),
    "greater": (">",),
    "under": ("<", "below"),
    "less": ("<", "below"),
    "until": ("to", "below"),
    "at": ("from",),
    # events and their windows
    "within": ("in",),
    "during": ("in",),
    "excluding": ("except",),
    "without": ("except",),
    "but": ("except",),
    "distinct": ("different",),
    "unique": ("different",),
    "past": ("last", "the last"),
    "previous": ("last", "the last"),
    "last": ("the last", "latest"),
    "sum": ("total of",),
    "maximum": ("highest", "limit"),
    "max": ("highest", "limit"),
    "minimum": ("lowest", "limit at least"),
    "min": ("lowest", "limit at least"),
    "mean": ("average",),
    "number": ("count",),
    "capped": ("limit",),
    "cap": ("limit",),
    "called": ("named",),
    # tables, labels and tests
    "else": ("otherwise",),
    "default": ("otherwise",),
    "other": ("otherwise",),
    "others": ("otherwise",),
    "colour": ("color",),
    "colored": ("color",),
    "is": ("=",),
    ">=": ("from",),
    ">": ("from",),
    "<=": ("below",),
    "<": ("below",),
    "today": ("now",),
    "yesterday": ("1 day ago",),
    # types
    "integer": ("number",),
    "int": ("number",),
    "float": ("number",),
    "decimal": ("number",),
    "numeric": ("number",),
    "currency": ("number",),
    "string": ("text",),
    "str": ("text",),
    "datetime": ("date",),
    "timestamp": ("date",),
    "bool": ("boolean",),
    "checkbox": ("boolean",),
    "flag": ("boolean",),
    "enum": ("one of",),
    "picklist": ("one of",),
    "dropdown": ("one of",),
}
"""By everyday word: words of the language that may be meant, the likeliest first. One is taken
where it can stand in the word's place."""
