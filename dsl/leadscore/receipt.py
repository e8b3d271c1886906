"""The receipt of one lead: for each rule what it earned, lost to decay and lost to limits, and why.

Amounts are in units of 1/10,000,000 of a point. Lost points are positive; a floor that gives
points is a negative loss. Always: earned - decayed - limited = points for a rule; the points of
the rules less what the group's limit took are the group's; the groups less what the limits of
fit, engagement and score took are the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from leadscore.values.units import decimal_text

OUTPUTS = (
    "score",
    "label",
    "fit",
    "fit_label",
    "engagement",
    "engagement_label",
    "matrix",
    "fast_track",
)
"""All outputs that a model can define, but for `excluded`."""


@dataclass(frozen=True, slots=True)
class ValueSeen:
    """A value that a rule looked at.

    `kind`: property (a value of None is unknown), list (yes or no), measure (of events: a count, a
    total, …) or case (the one that held).
    """

    kind: str
    name: str
    value: str | None

    def to_dict(self) -> dict[str, Any]:
        """As in the receipt's JSON."""
        if self.kind == "case":
            return {"case": self.value}
        return {self.kind: self.name, "value": self.value}


@dataclass(frozen=True, slots=True)
class EventSeen:
    """An event: its type, its local time, and the attributes that the rule looks at.

    Where it gave points: what they were, and what decay left of them.
    """

    event: str
    time: str
    attributes: tuple[tuple[str, str | None], ...]
    points: int | None
    left: int | None

    def to_dict(self) -> dict[str, Any]:
        """As in the receipt's JSON; amounts are exact decimals, as strings."""
        out: dict[str, Any] = {"event": self.event, "time": self.time}
        if self.attributes:
            out["attributes"] = dict(self.attributes)
        if self.points is not None and self.left is not None:
            out["points"] = decimal_text(self.points)
            out["left"] = decimal_text(self.left)
        return out


Reason = ValueSeen | EventSeen


@dataclass(frozen=True, slots=True)
class RuleReceipt:
    """One rule. `because` is what fired it; `looked` what it looked at, fired or not."""

    rule: str
    name: str | None
    line: int
    earned: int
    decayed: int
    limited: int
    points: int
    because: tuple[Reason, ...]
    looked: tuple[Reason, ...]
    held: bool = True
    """Whether its `if` holds, and that of its group."""
    case: int | None = None
    """The place of the case that held; None where none did, or there are no cases."""


@dataclass(frozen=True, slots=True)
class GroupReceipt:
    """One group; `failed` is its line where its `if` does not hold, else None."""

    name: str
    category: Literal["fit", "engagement"] | None
    points: int
    limited: int
    rules: tuple[RuleReceipt, ...]
    failed: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of it. For an excluded lead there are no groups, and `excluded` says why."""

    id: str | None
    outputs: dict[str, str | None]
    """The outputs that the model defines, as exact decimals and texts."""
    excluded: str | None
    as_of: str
    groups: tuple[GroupReceipt, ...]
    limited: dict[str, int]
    """Points lost to the limits of `fit`, `engagement` and `score`."""

    def to_dict(self) -> dict[str, Any]:
        """The receipt as JSON has it: numbers are exact decimals, as strings.

        All outputs are there; those that the model does not define are None.
        """
        return {
            "id": self.id,
            **{name: self.outputs.get(name) for name in OUTPUTS},
            "excluded": self.excluded,
            "as_of": self.as_of,
            "groups": [
                {
                    "name": group.name,
                    "category": group.category,
                    "points": decimal_text(group.points),
                    "limited": decimal_text(group.limited),
                    "rules": [
                        {
                            "rule": rule.rule,
                            "name": rule.name,
                            "line": rule.line,
                            "earned": decimal_text(rule.earned),
                            "decayed": decimal_text(rule.decayed),
                            "limited": decimal_text(rule.limited),
                            "points": decimal_text(rule.points),
                            "because": [reason.to_dict() for reason in rule.because],
                        }
                        for rule in group.rules
                    ],
                }
                for group in self.groups
            ],
            "limited": {name: decimal_text(lost) for name, lost in self.limited.items()},
        }

    def __str__(self) -> str:
        from leadscore.receipt_page import receipt_page

        return receipt_page(self)
