"""What the functions need: Lark, and no engine, since a browser has none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.excel.support import AS_OF, EVENTS, EVENTS_MODEL, HEADERS, LEADS, LISTS, MODEL, ROWS

import leadscore
import leadscore_excel as x
from leadscore_excel import models
from leadscore_excel.cache import Cache

PROGRAM = """
import json, sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("duckdb", "pyarrow", "openpyxl", "python_calamine", "numpy",
                                  "pandas", "click", "rich", "xlwings"):
            raise ImportError(name)
sys.meta_path.insert(0, Without())
import leadscore_excel as x
call = json.loads(sys.argv[1])
grids = [x.score(*call), x.label(*call), x.table(*call), x.check(call[0], call[1][:1], call[3]),
         x.explain(call[0], call[1][0], call[1][1], *call[3:])]
print(json.dumps(grids))
"""


def test_without_an_engine() -> None:
    call: list[Any] = [EVENTS_MODEL + 'labels\n  "A" from 10\n  "B" below 10\n', LEADS, None,
                       EVENTS, LISTS, AS_OF]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(call)],
        capture_output=True,
        text=True,
        check=True,
    )
    score, label, table, check, explain = json.loads(done.stdout)
    assert score == [[19.0], [8.0], [""]]
    assert label == [["A"], ["B"], [""]]
    assert len(table) == 4
    assert check == [["OK"]]
    assert explain == x.explain(call[0], LEADS[0], LEADS[1], EVENTS, LISTS, AS_OF)


def test_importing_the_package_loads_nothing() -> None:
    program = (
        "import sys; before = set(sys.modules); import leadscore_excel\n"
        "print(sorted(m for m in set(sys.modules) - before if m.startswith('lea')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['leadscore_excel']"


def test_a_model_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def loads(text: str, name: str) -> leadscore.Model:
        made.append(text)
        return leadscore.loads(text, name)

    monkeypatch.setattr(models, "loads", loads)
    model = MODEL + "# compiled once"
    for given in (model, model.split("\n"), [[line] for line in model.split("\n")], [[model]]):
        assert x.score(given, HEADERS, ROWS) == [[30.0], [10.0], [20.0]]
    broken = model + "\n+1 if"
    assert x.score(broken, HEADERS, ROWS) == x.score(broken, HEADERS, ROWS)
    assert made == [model, broken]


def test_what_is_kept_is_bounded() -> None:
    cache: Cache[int] = Cache(3, 100)
    for number in range(10):
        assert cache.get(str(number), int) == number
        assert cache.get("0", int) == 0  # used each time, so it stays
    assert len(cache) == 3
    cache.get("0", lambda text: 1 // 0)
    assert cache.get("1" * 90, len) == 90
    assert cache.get("2" * 200, len) == 200
    assert len(cache) == 1
