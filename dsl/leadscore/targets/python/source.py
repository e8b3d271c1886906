"""Writing Python source, line by line, with the line of the model that each line is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from leadscore.plan import terms as t


class Source:
    """Lines of Python, and a namespace of constants that they use.

    Text of the model never goes into the source as code: constants are written with ``repr`` or
    put into the namespace.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.model_lines: list[int] = []
        """For each line, the line of the model."""
        self.line = 0
        """The line of the model that is being written for."""
        self.constants: dict[str, Any] = {}
        self._indent = 0
        self._count = 0

    def add(self, text: str) -> None:
        """Write one line."""
        self.lines.append("    " * self._indent + text)
        self.model_lines.append(self.line)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write `head`, and what follows inside it."""
        self.add(head)
        self._indent += 1
        yield
        self._indent -= 1

    def name(self, prefix: str) -> str:
        """A name that is not in use."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any, prefix: str = "K") -> str:
        """A name for a value that has no literal."""
        name = self.name(prefix)
        self.constants[name] = value
        return name

    def text(self) -> str:
        """The whole source."""
        return "\n".join(self.lines) + "\n"


class ZonePoint:
    """A constant that depends on the time zone: the first second of a date, or the one after it."""

    __slots__ = ("after", "point")

    def __init__(self, point: t.DatePoint, after: bool) -> None:
        self.point = point
        self.after = after


class ZonePeriod:
    """A constant that depends on the time zone: the function from an instant to its period."""

    __slots__ = ("period",)

    def __init__(self, period: t.Period) -> None:
        self.period = period
