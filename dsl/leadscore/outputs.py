"""The outputs of a plan: which there are, and their values for one lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from leadscore.plan import terms as t
from leadscore.values.units import decimal_of

Value = Decimal | str | None
_SUMS = {"fit": 0, "engagement": 1, "score": 2}
"""The places of the sums in what an evaluator returns."""
NUMBERS = frozenset(_SUMS)


def output_names(plan: t.Plan) -> tuple[str, ...]:
    """The outputs that a plan defines, in the order in which they are shown."""
    labels = dict(plan.labels)
    names = ["score"]
    if "score" in labels or plan.fast_tracks:
        names.append("label")
    for category in ("fit", "engagement"):
        if category in plan.categories:
            names.append(category)
        if category in labels:
            names.append(f"{category}_label")
    if plan.matrix is not None:
        names.append("matrix")
    if plan.fast_tracks:
        names.append("fast_track")
    if plan.scope:
        names.append("excluded")
    return tuple(names)


def label_colors(plan: t.Plan) -> dict[str, str]:
    """The color of each label that has one, of any block of labels."""
    return {
        label.title: label.color
        for _, labels in reversed(plan.labels)
        for label in labels
        if label.color is not None
    }


class Outputs:
    """From what an evaluator returns to the values of outputs."""

    def __init__(self, plan: t.Plan) -> None:
        self.names = output_names(plan)
        labels = dict(plan.labels)
        titles = {
            target: [label.title for label in labels.get(target, ())]
            for target in ("score", "fit", "engagement")
        }
        self._tracks = [track.title for track in plan.fast_tracks]
        self._titles = titles
        self._axes = (
            [[step.title for step in axis.steps] for axis in plan.matrix] if plan.matrix else []
        )
        self._scope = [scope.text for scope in plan.scope]
        makers: dict[str, Callable[[Sequence[int]], Value]] = {
            "fit": lambda o: decimal_of(o[0]),
            "engagement": lambda o: decimal_of(o[1]),
            "score": lambda o: decimal_of(o[2]),
            "label": self._label,
            "fit_label": lambda o: _pick(titles["fit"], o[4]),
            "engagement_label": lambda o: _pick(titles["engagement"], o[5]),
            "matrix": self._matrix,
            "fast_track": lambda o: _pick(self._tracks, o[8]),
            "excluded": lambda o: None,
        }
        self._makers = {name: makers[name] for name in self.names}

    def _label(self, outcome: Sequence[int]) -> Value:
        if outcome[8] >= 0:
            return self._tracks[outcome[8]]
        return _pick(self._titles["score"], outcome[3])

    def _matrix(self, outcome: Sequence[int]) -> Value:
        first, second = outcome[6], outcome[7]
        if first < 0 or second < 0:
            return None
        return self._axes[0][first] + self._axes[1][second]

    def value(self, raw: int | Sequence[int], name: str) -> Value:
        """One output; None where the lead is excluded or has none, or the model lacks it."""
        if isinstance(raw, int):
            return self._scope[raw] if name == "excluded" else None
        make = self._makers.get(name)
        return None if make is None else make(raw)

    def units_row(self, raw: int | Sequence[int]) -> tuple[int | str | None, ...]:
        """All outputs, in the order of `names`, with numbers in units."""
        row: list[int | str | None] = []
        for name in self.names:
            place = _SUMS.get(name)
            if place is not None:
                row.append(None if isinstance(raw, int) else raw[place])
            else:
                value = self.value(raw, name)
                row.append(value if isinstance(value, str) else None)
        return tuple(row)

    def row(self, raw: int | Sequence[int]) -> tuple[Value, ...]:
        """All outputs, in the order of `names`."""
        return tuple(self.value(raw, name) for name in self.names)


def _pick(titles: Sequence[str], place: int) -> str | None:
    return titles[place] if place >= 0 else None
