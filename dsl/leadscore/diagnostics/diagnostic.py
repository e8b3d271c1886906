"""`Diagnostic` and the places that it points at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "hint"}
"""What people read for each severity, the gravest first."""
"""An error keeps a model from being used; a warning is a mistake that does not; an info can be
meant as it stands."""


class Span(NamedTuple):
    """A stretch of text: offsets in characters, the end not included.

    Spans of nodes count from the start of their statement, so that a statement that moves keeps
    its nodes; spans of finished diagnostics count from the start of the file.
    """

    start: int
    end: int

    def shift(self, by: int) -> Span:
        """The same stretch, counted from `by` characters earlier."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends the problem. A safe fix never changes what a model means."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that matters, with a few words on it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` says what is wrong, `label` (under the carets) what stands there, `hint` what to do.
    """

    code: str
    span: Span
    message: str
    label: str = ""
    hint: str = ""
    notes: tuple[Note, ...] = ()
    fixes: tuple[Fix, ...] = ()
    severity: Severity = "error"


def shifted(diagnostic: Diagnostic, by: int) -> Diagnostic:
    """`diagnostic` with all its spans moved by `by` characters."""
    if not by:
        return diagnostic
    return replace(
        diagnostic,
        span=diagnostic.span.shift(by),
        notes=tuple(Note(note.span.shift(by), note.text) for note in diagnostic.notes),
        fixes=tuple(
            Fix(
                fix.title,
                tuple(Edit(edit.span.shift(by), edit.text) for edit in fix.edits),
                fix.safe,
            )
            for fix in diagnostic.fixes
        ),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, with its lines found."""

    name: str
    text: str
    starts: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        object.__setattr__(self, "starts", tuple(starts))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line break."""
        start = self.starts[number - 1]
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r")
