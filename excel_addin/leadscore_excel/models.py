"""Which model a call means: the text itself, lines in a range, or the path of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leadscore.diagnostics import Diagnostic, Source
from leadscore.diagnostics.page import sentence
from leadscore.errors import ScoreError
from leadscore.files import MAX_BYTES
from leadscore.lint import check
from leadscore.model import Model, loads
from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.plan.walk import conditions, roots, streams
from leadscore.values.dates import Reader, pattern_reader
from leadscore.values.text import normal, text_of
from leadscore_excel.cache import Cache
from leadscore_excel.config import Config
from leadscore_excel.grid import CellError, Row, as_rows, clean
from leadscore_excel.host import Host
from leadscore_excel.paths import looks_like_path, read_model
from leadscore_excel.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Compiled:
    """A model, and what the sheet's cells mean to it."""

    model: Model
    dates: dict[t.Field, Reader | None]
    """The properties and attributes that are read as dates, in which a number is a day; with the
    reader of the declared pattern, which goes before."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A model that cannot be used, and why."""

    why: str


_BEGINNING = re.compile(r"[\ufeff\s]*(?:score|edition|#)", re.IGNORECASE).match
"""What the first line of a model begins with."""

_compiled: Cache[Compiled | Broken] = Cache(64, 16_000_000)


def compiled(argument: Any, host: Host, config: Config) -> Compiled:
    """The model that an argument means, compiled. Raises Trouble."""
    made = _compiled.get(model_text(argument, host, config), _compile)
    if isinstance(made, Broken):
        raise Trouble(made.why)
    return made


def model_text(argument: Any, host: Host, config: Config) -> str:
    """The text of the model that an argument means. Raises Trouble."""
    rows = as_rows(argument, 1)
    lines = [_line(number, row) for number, row in enumerate(rows, 1)]
    while lines and not lines[-1]:
        del lines[-1]
    text = "\n".join(lines)
    if not text.strip():
        raise Trouble(
            "there is no model. Give its text, the range that holds its lines, or a path such as "
            '"fit.score".'
        )
    if len(text) > MAX_BYTES:
        raise Trouble(f"the model is too long: it has at most {MAX_BYTES:,} characters.")
    if looks_like_path(text.strip()):
        return read_model(text.strip(), list(_folders(host, config)))
    if "\n" not in text and not _BEGINNING(text):
        raise Trouble(
            f"{text[:200]!r} is neither the text of a model, which begins with score, nor a path "
            "that ends in .score."
        )
    return text


def _folders(host: Host, config: Config) -> Iterator[str]:
    if config.workbook_folder:
        folder = host.workbook_folder()
        if folder:
            yield folder
    yield from config.folders


def _line(number: int, row: Row) -> str:
    """A line of the model; the cells beside each other are parts of one."""
    parts = []
    for cell in row:
        value = clean(cell, error_numbers=True)
        if isinstance(value, CellError):
            raise Trouble(
                f"line {number} of the model is an error, {value.text}. A line that starts with + "
                "or - is a formula to the spreadsheet: format the model's cells as Text before "
                "you write it, or start the line with an apostrophe (')."
            )
        part = value if isinstance(value, str) else text_of(normal(value)) or ""
        parts.append(part.replace("\r\n", "\n").replace("\r", "\n").rstrip())
    return "  ".join(parts).rstrip()


def _compile(text: str) -> Compiled | Broken:
    try:
        model = loads(text, "the model")
    except ScoreError as error:
        return Broken(_first(error.diagnostics, Source("the model", text)))
    return Compiled(model, _dates(model.plan))


def _first(found: tuple[Diagnostic, ...], source: Source) -> str:
    """The first error of a model, and how many more there are."""
    told = _told(found[0], source)
    more = len(found) - 1
    if not more:
        return told
    errors = "1 more error" if more == 1 else f"{more:,} more errors"
    return f"{told} (and {errors}: LEADSCORE_CHECK lists them)"


def findings(text: str) -> tuple[list[str], bool]:
    """All errors and findings of a model, a sentence each, in its order; and whether it is sound.

    A sound one can be used: there is no error among the findings.
    """
    source = Source("the model", text)
    found = check(text)
    told = [f"{one.severity} {one.code}, {_told(one, source)}" for one in found]
    return told, all(one.severity != "error" for one in found)


def _told(found: Diagnostic, source: Source) -> str:
    line, _ = source.place(found.span.start)
    message = sentence(found.message)
    hint = f" {sentence(found.hint)}" if found.hint else ""
    end = "" if message.endswith((".", "?", "!", ":")) else "."
    return f"line {line}: {message}{end}{hint}"


# Which cells are dates


def _dates(plan: t.Plan) -> dict[t.Field, Reader | None]:
    """The fields of which a number is a day.

    Those that the model declares as dates; and those that it declares as nothing and compares
    with dates, and not with numbers. Of two that it compares with each other, both or none.
    """
    asked = Asked(plan)
    kinds = {spec.key: spec.kind for spec in plan.properties}
    patterns = {spec.key: spec.pattern for spec in plan.properties}
    fields: list[t.Field] = [t.Property(spec.key) for spec in plan.properties]
    fields += [t.Attribute(spec.key) for spec in plan.attributes]

    def free(field: t.Field) -> bool:
        """Whether a field without a declared type is never asked for a number."""
        declared = kinds[field.key] if isinstance(field, t.Property) else None
        return declared is None and "n" not in asked.forms(field)

    found = {
        field
        for field in fields
        if (isinstance(field, t.Property) and kinds[field.key] == "date")
        or (free(field) and "d" in asked.forms(field))
    }
    pairs = [(one.left, one.right) for one in _compared(plan)]
    size = -1
    while size != len(found):
        size = len(found)
        for left, right in pairs:
            for one, other in ((left, right), (right, left)):
                if one in found and free(other):
                    found.add(other)
    return {
        field: pattern_reader(pattern)
        if isinstance(field, t.Property) and (pattern := patterns[field.key])
        else None
        for field in found
    }


def _compared(plan: t.Plan) -> Iterator[t.CompareFields]:
    """All comparisons of two fields without a type."""
    whole: Iterable[t.Condition] = (
        *roots(plan),
        *(stream.where for stream in streams(plan) if stream.where is not None),
    )
    for root in whole:
        for condition in conditions(root):
            if isinstance(condition, t.CompareFields) and condition.kind is None:
                yield condition
