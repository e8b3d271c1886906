"""How much work a proof may cost, so that no model can make the prover slow."""

from __future__ import annotations


class TooMuch(Exception):
    """A proof is given up: nothing is proven."""


class Effort:
    """Steps, each of about a microsecond, for one proof and for all proofs of a plan."""

    ONE = 5_000
    ALL = 300_000
    DEEPEST = 60
    """Choices inside choices."""

    def __init__(self) -> None:
        self._one = 0
        self._all = self.ALL

    def begin(self) -> int:
        """Start a proof, which may be inside another; gives what :meth:`end` wants back."""
        before, self._one = self._one, min(self.ONE, self._all)
        return before

    def end(self, before: int) -> None:
        """Go on with the proof around."""
        self._one = min(before, self._all)

    def spend(self, steps: int = 1) -> None:
        """Raise TooMuch where a proof has no steps left."""
        taken = min(steps, self._one)
        self._one -= taken
        self._all -= taken
        if taken < steps:
            raise TooMuch

    @property
    def spent(self) -> int:
        """The steps of all proofs so far."""
        return self.ALL - self._all
