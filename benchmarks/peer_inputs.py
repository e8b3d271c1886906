"""What one_lead_peers.py gives to rule engines that know neither dates nor an as-of.

They get the same leads made ready, outside of the time that is measured: times as ages in whole
seconds, events newest first (so that the newest N are the first N, and none has to sort), and every
property there, null where it is unknown. What they give back are the points of fit and engagement;
clamping the score and finding the label is a line of Python for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.crm_data import AS_OF

UNIT = 10_000_000
DAY = 86_400
NOW = int(AS_OF.replace(tzinfo=UTC).timestamp())

Raw = tuple[dict[str, Any], list[dict[str, Any]]]


def age(text: str | None) -> int | None:
    """Whole seconds before the as-of, of ISO 8601 in UTC."""
    if text is None:
        return None
    return NOW - int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def ready(properties: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One flat document, as rule engines take it."""
    made = dict(properties)
    made["signup_age"] = age(made.pop("signup"))
    made["last_seen_age"] = age(made.pop("last_seen"))
    made["events"] = [
        {
            "event": event["event"],
            "age": age(event["time"]),
            "campaign": event["campaign"],
            "url": event["url"],
            "seconds": event["seconds"],
        }
        for event in events
    ]
    made["events"].sort(key=lambda event: event["age"])
    return made


def outcome(fit: int, engagement: int) -> tuple[int, str]:
    """Score in units, and label, from the points of the categories in units."""
    score = min(180 * UNIT, max(0, fit + engagement))
    if score >= 60 * UNIT and engagement >= 20 * UNIT:
        return score, "Hot"
    if score >= 40 * UNIT:
        return score, "Warm"
    return score, "Cool" if score >= 20 * UNIT else "Cold"
