"""Reading model files: size, encoding, and the exception that carries what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

from leadscore.diagnostics import Diagnostic, Source, Span, page
from leadscore.errors import ScoreError, ScoreSyntaxError

MAX_BYTES = 32 * 2**20
"""Larger files are refused: the longest model by hand has some thousand lines."""

_PAGES = 50
"""Errors that an exception prints; all of them are in its `diagnostics`."""


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a model file.

    Raises ScoreSyntaxError where it is too large or not UTF-8, and OSError where there is none.
    """
    name = os.fspath(path)
    with Path(name).open("rb") as file:
        return decode(file.read(MAX_BYTES + 1), name)


def decode(data: bytes, name: str) -> str:
    """The text of a model's bytes; raises ScoreSyntaxError as :func:`read_text` does."""
    problem = ""
    text = ""
    if len(data) > MAX_BYTES:
        problem = f"The file is too large: a model has at most {MAX_BYTES:,} bytes"
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problem = "The file is UTF-16; save it as UTF-8"
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            problem = f"Line {line} is not UTF-8 text; save the file as UTF-8"
    if problem:
        raise score_error((Diagnostic("S011", Span(0, 0), problem),), Source(name, ""))
    return text


def score_error(errors: tuple[Diagnostic, ...], source: Source) -> ScoreError:
    """The exception with all of `errors`, of syntax if one of them is."""
    pages = [page(found, source) for found in errors[:_PAGES]]
    if len(errors) > _PAGES:
        pages.append(f"and {len(errors) - _PAGES} more errors")
    kind = ScoreSyntaxError if any(f.code.startswith("S") for f in errors) else ScoreError
    return kind("\n\n".join(pages), errors)
