"""Reading the conformance cases; see README.md beside this file for their format."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import leadscore

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One lead under one model, and what must come out."""

    id: str
    model: str
    as_of: str
    time_zone: str
    lead: dict[str, Any]
    events: list[dict[str, Any]]
    lists: list[str]
    expect: dict[str, Any]

    def run(self, model: leadscore.Model) -> leadscore.Result:
        """Score the lead as a single one."""
        return model.score(
            self.lead, self.events, self.lists, as_of=self.as_of, time_zone=self.time_zone
        )


def cases() -> Iterator[Case]:
    """All cases of all files, in order."""
    for path in sorted(HERE.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for number, model in enumerate(content["model"], 1):
            for case in model["case"]:
                yield Case(
                    f"{path.stem}-{number}-{case['name']}",
                    model["text"],
                    case["as_of"],
                    case.get("time_zone", "UTC"),
                    case.get("lead", {}),
                    case.get("events", []),
                    case.get("lists", []),
                    case["expect"],
                )
