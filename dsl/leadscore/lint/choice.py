"""Which rules are to run."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Choice:
    """Codes or their beginnings: `L`, `L1`, `L106`.

    The longest beginning that fits a code decides; `ignore` wins over `select` of the same length.
    What `never` fits is left out whatever the others say.
    """

    select: tuple[str, ...] = ("L", "W")
    ignore: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether findings of a code are reported."""
        if code.startswith(self.never):
            return False
        return _fit(self.select, code) > _fit(self.ignore, code)

    def without(self, codes: tuple[str, ...]) -> Choice:
        """This choice, less some codes."""
        return replace(self, never=self.never + codes) if codes else self


def _fit(beginnings: tuple[str, ...], code: str) -> int:
    return max((len(start) for start in beginnings if code.startswith(start)), default=-1)
