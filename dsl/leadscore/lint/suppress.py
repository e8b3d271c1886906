"""Comments that suppress findings.

`# allow L106` at the end of a statement's line, inside of it or on a line of its own above it
suppresses findings in this statement; `# allow-file L106` anywhere, those in the file. Several
codes stand with commas; what follows a colon is the reason. Errors cannot be allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadscore.diagnostics import Span
from leadscore.syntax.document import Document
from leadscore.syntax.splitter import Comment

_ALLOW = re.compile(
    r"#+\s*[Aa]llow(?P<file>-file)?\s+(?P<codes>[A-Za-z]\d{3}(?:\s*,\s*[A-Za-z]\d{3})*)\s*(?::.*)?$"
)
_CODE = re.compile(r"[A-Za-z]\d{3}")


@dataclass(frozen=True, slots=True)
class Allowance:
    """One code of one comment. `within` is the statement that it is for; None: the file."""

    code: str
    span: Span
    comment: Span
    within: Span | None


class Allowances:
    """The allowances of a document, and which of them were used."""

    def __init__(self, document: Document) -> None:
        self.all = tuple(_allowances(document))
        self._used: set[Allowance] = set()
        self._by_code: dict[str, list[Allowance]] = {}
        for item in self.all:
            self._by_code.setdefault(item.code, []).append(item)

    def cover(self, code: str, span: Span) -> bool:
        """Whether a finding is allowed; the allowance is then used."""
        found = False
        for item in self._by_code.get(code, ()):
            if item.within is None or item.within.start <= span.start < max(
                item.within.end, item.within.start + 1
            ):
                self._used.add(item)
                found = True
        return found

    def unused(self) -> Iterator[Allowance]:
        """The allowances that no finding needed, in order."""
        return (item for item in self.all if item not in self._used)


def _allowances(document: Document) -> Iterator[Allowance]:
    for statement in document.statements:
        comments = (*statement.before, *statement.inside)
        suffix = (statement.suffix,) if statement.suffix else ()
        yield from _of((*comments, *suffix), statement.span)
    yield from _of(document.trailing, None)


def _of(comments: Iterable[Comment], within: Span | None) -> Iterator[Allowance]:
    for comment in comments:
        found = _ALLOW.match(comment.text.rstrip())
        if found is None:
            continue
        whole = Span(comment.start, comment.start + len(comment.text.rstrip()))
        place = None if found["file"] else within
        if place is None and not found["file"]:
            place = Span(whole.start, whole.start)  # below the last statement: of nothing
        for code in _CODE.finditer(found["codes"]):
            at = comment.start + found.start("codes") + code.start()
            yield Allowance(code.group().upper(), Span(at, at + 4), whole, place)
