"""Dates in texts, in SQL: the declared pattern, then ISO 8601."""

from __future__ import annotations

from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.query import case, switch
from leadscore.values.dates import MONTHS, pattern_parts


def pattern_local(dialect: Dialect, folded: str, pattern: str) -> str:
    """The local second of a folded text in a declared pattern; NULL where it is not so written."""
    parts = pattern_parts(pattern)
    fields = [part.field for part in parts if part.field]

    def component(field: str) -> str:
        if field not in fields:
            return "0"
        regex = "".join(
            f"({part.regex})" if part.field == field else _plain(part.regex, part.literal)
            for part in parts
        )
        return dialect.found(folded, regex)

    def number(field: str) -> str:
        return dialect.integer(component(field)) if field in fields else "0"

    tokens = {part.token for part in parts}
    year = f"2000 + {number('year')}" if "YY" in tokens else number("year")
    month = number("month")
    if "MMM" in tokens:
        names = [(dialect.string(name), str(at)) for at, name in enumerate(MONTHS, 1)]
        month = switch(component("month"), names, "0")
    hour = number("hour")
    if "half" in fields:
        # 12 is the first hour of either half; 0 and 13 are no hours of a half.
        twelve = f"{hour} - 12 * {dialect.divide(hour, '12')}"
        afternoon = f"{component('half')} = 'pm'"
        hour = case([(f"{hour} < 1 or {hour} > 12", "24"), (afternoon, f"{twelve} + 12")], twelve)
    return dialect.civil(year, month, number("day"), hour, number("minute"), number("second"))


def _plain(regex: str, literal: str) -> str:
    if not literal:
        return f"(?:{regex})" if "|" in regex else regex
    return "".join(
        f"\\{letter}" if letter.isascii() and not letter.isalnum() and letter != " " else letter
        for letter in literal
    )


_WHOLE_ISO = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)
_OFFSET = "[^Zz+-]*([Zz]|[+-][0-9:]+)"


def iso_local(dialect: Dialect, text: str) -> str:
    """The local second of a trimmed text in ISO 8601, whatever its offset; NULL for others."""
    part, integer = dialect.part, dialect.integer

    def field(start: int) -> str:
        return integer(part(text, start, 2))

    second = case([(f"{part(text, 17, 1)} = ':'", field(18))], "0")
    whole = dialect.civil(
        integer(part(text, 1, 4)),
        field(6),
        field(9),
        f"coalesce({field(12)}, 0)",
        f"coalesce({field(15)}, 0)",
        second,
    )
    return case([(dialect.fits(text, _WHOLE_ISO), whole)], "null")


def iso_offset(dialect: Dialect, text: str) -> str:
    """The seconds east of UTC that a text in ISO 8601 states; NULL where it states none."""
    found = dialect.found(dialect.part(text, 11, 60), _OFFSET)
    part, integer = dialect.part, dialect.integer
    minutes = case(
        [(f"{part(found, 4, 1)} = ':'", integer(part(found, 5, 2)))], integer(part(found, 4, 2))
    )
    size = f"(3600 * {integer(part(found, 2, 2))} + 60 * coalesce({minutes}, 0))"
    sign = part(found, 1, 1)
    return case(
        [(f"{sign} = '+'", size), (f"{sign} = '-'", f"-{size}"), (f"{sign} in ('Z', 'z')", "0")],
        "null",
    )
