"""The zone of the machine gives what the zone of its name gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from zoneinfo import ZoneInfo
from datetime import datetime, timedelta
from leadscore.targets.python.runtime import in_zone
from leadscore.values.dates import seconds_of
from leadscore_excel.clock import MACHINE
named = ZoneInfo(sys.argv[1])
wrong = []
moment = datetime(1971, 1, 1)
step = timedelta(days=3, hours=5, minutes=17)
moments = []
while moment.year < 2037:
    moments.append(moment)
    moment += step
for year in (2024, 2025, 2026):  # each half hour around the changes of the clock
    for month, day in ((3, 8), (3, 29), (10, 25), (11, 1), (4, 5)):
        start = datetime(year, month, day)
        moments += [start + timedelta(minutes=30 * half) for half in range(96 * 4)]
for moment in moments:
    second = seconds_of(moment, named)
    if seconds_of(moment, MACHINE) != second:
        wrong.append(str(moment))
    if in_zone(MACHINE)(second) != in_zone(named)(second):
        wrong.append(f"back: {moment}")
print(json.dumps([len(moments), wrong[:5]]))
"""


@pytest.mark.skipif(os.name == "nt", reason="TZ does not set the zone there")
@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
)
def test_zone(zone: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, zone],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    many, wrong = json.loads(done.stdout)
    assert many > 5000
    assert wrong == []
