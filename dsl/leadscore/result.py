"""What comes out for one lead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from leadscore.outputs import Outputs
from leadscore.receipt import Receipt
from leadscore.report import Report
from leadscore.values.units import decimal_of

_PLACES = {"fit": 0, "engagement": 1, "score": 2}
"""Of the sums in what the evaluator returns."""
_decimal = lru_cache(maxsize=4096)(decimal_of)
"""The sums of many leads are the same few decimals."""


class Result:
    """The outputs of a model for one lead, exact. What the model does not define is None.

    The receipt is worked out when it is first asked for.
    """

    __slots__ = ("_inputs", "_make_receipt", "_outputs", "_raw", "_receipt", "report")

    report: Report
    """What could not be read, events after the as-of time, …"""

    def __init__(
        self,
        outputs: Outputs,
        raw: Any,
        report: Report,
        make_receipt: Callable[..., Receipt],
        inputs: tuple[Any, ...],
    ) -> None:
        """`make_receipt` gives the receipt of `raw` and the `inputs` that led to it."""
        self._outputs = outputs
        self._raw = raw
        self.report = report
        self._make_receipt = make_receipt
        self._inputs = inputs
        self._receipt: Receipt | None = None

    def _number(self, name: str) -> Decimal | None:
        raw = self._raw
        if raw.__class__ is int or name not in self._outputs.names:
            return None
        return _decimal(raw[_PLACES[name]])

    def _text(self, name: str) -> str | None:
        value = self._outputs.value(self._raw, name)
        return value if isinstance(value, str) else None

    @property
    def score(self) -> Decimal | None:
        """The score in points; None for a lead that is excluded."""
        return self._number("score")

    @property
    def fit(self) -> Decimal | None:
        """The sum of the fit groups, in points."""
        return self._number("fit")

    @property
    def engagement(self) -> Decimal | None:
        """The sum of the engagement groups, in points."""
        return self._number("engagement")

    @property
    def label(self) -> str | None:
        """The label of the fast track that holds, else of the first line of labels that does."""
        return self._text("label")

    @property
    def fit_label(self) -> str | None:
        """The label by `labels for fit`."""
        return self._text("fit_label")

    @property
    def engagement_label(self) -> str | None:
        """The label by `labels for engagement`."""
        return self._text("engagement_label")

    @property
    def matrix(self) -> str | None:
        """The two labels of the matrix, joined, such as ``A1``."""
        return self._text("matrix")

    @property
    def fast_track(self) -> str | None:
        """The label of the first fast track that holds."""
        return self._text("fast_track")

    @property
    def excluded(self) -> str | None:
        """The text of the statement that excluded the lead; None where none did."""
        return self._text("excluded")

    @property
    def receipt(self) -> Receipt:
        """For every rule the points earned, lost to decay and lost to limits, and why."""
        if self._receipt is None:
            self._receipt = self._make_receipt(self._raw, *self._inputs)
        return self._receipt

    @property
    def raw(self) -> int | tuple[int, ...]:
        """What the evaluator returned, for tools: see `targets.python.evaluator.Outcome`."""
        raw: int | tuple[int, ...] = self._raw
        return raw

    def to_dict(self) -> dict[str, Decimal | str | None]:
        """The outputs that the model defines, by name."""
        return dict(zip(self._outputs.names, self._outputs.row(self._raw), strict=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.to_dict().items())
        return f"Result({shown})"
