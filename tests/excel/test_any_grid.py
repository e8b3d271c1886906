"""Whatever a host hands over, a function gives a grid that hosts can take, and never raises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.excel.support import EVENTS, EVENTS_MODEL, HEADERS, LEADS, LISTS, MODEL, ROWS, fits_cells

import leadscore_excel as x
from leadscore_excel.grid import ERROR_TEXTS, CellError, is_blank
from leadscore_excel.host import Host

COM = Host(error_numbers=True)

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["id", "industry", "employees", "SaaS", "lead_id", "type", "time", "list", ""]),
    st.sampled_from(sorted(ERROR_TEXTS)),
    st.sampled_from(
        [-2146826246, 46053.5, 10**400, Decimal("1.5"), Decimal("NaN"), Decimal("inf")]
    ),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.just(CellError("#N/A")),
    st.just(dt.timedelta(1)),
    st.binary(max_size=3),
    st.just(object()),
    st.dictionaries(st.just("basicValue"), st.floats()),
)
GRIDS = st.one_of(
    CELLS,
    st.lists(CELLS, max_size=4),
    st.lists(CELLS, max_size=4).map(tuple),
    st.lists(st.lists(CELLS, max_size=4), max_size=5),
    st.lists(st.one_of(CELLS, st.lists(CELLS, max_size=3)), max_size=4),
    st.recursive(CELLS, lambda inner: st.lists(inner, max_size=3), max_leaves=12),
)
LINES = st.sampled_from([*MODEL.split("\n"), *EVENTS_MODEL.split("\n"), "test", "+1", "by x"])
MODELS = st.one_of(
    st.sampled_from([MODEL, EVENTS_MODEL]),
    st.lists(LINES, max_size=12).map("\n".join),
    st.lists(st.lists(st.one_of(LINES, CELLS), max_size=2), max_size=8),
    GRIDS,
)
FUNCTIONS = st.sampled_from([function.run for function in x.FUNCTIONS if "rows" in
                             {argument.name for argument in function.arguments}])  # fmt: skip
AS_OFS = st.one_of(st.none(), st.just("2026-01-31"), CELLS, GRIDS)
HOSTS = st.sampled_from([Host(), COM])


@given(FUNCTIONS, MODELS, st.tuples(GRIDS, GRIDS, GRIDS, GRIDS, AS_OFS), HOSTS)
def test_anything_at_all(run: Any, model: Any, rest: Any, host: Host) -> None:
    assert fits_cells(run(model, *rest, host=host))


@given(MODELS, GRIDS, GRIDS, HOSTS)
def test_check_of_anything(model: Any, headers: Any, events: Any, host: Host) -> None:
    grid = x.check(model, headers, events, host=host)
    assert fits_cells(grid)
    assert len(grid[0]) == 1
    assert all(type(cell) is str for (cell,) in grid)


WIDE = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6)


@given(WIDE, HOSTS, AS_OFS)
def test_a_sound_call_has_a_cell_for_each_row(rows: Any, host: Host, as_of: Any) -> None:
    score = x.score(MODEL, HEADERS, rows, None, None, as_of, host=host)
    label = x.label(MODEL, HEADERS, rows, None, None, as_of, host=host)
    table = x.table(MODEL, HEADERS, rows, None, None, as_of, host=host)
    for grid in (score, label, table):
        assert fits_cells(grid), grid
    if str(score[0][0]).startswith("LEADSCORE: "):
        assert "as_of" in str(score[0][0]) or "as-of" in str(score[0][0])
        return
    assert len(score) == len(label) == len(rows)
    assert table == [
        ["score", "label", "fit"],
        *([*one, *two, *one] for one, two in zip(score, label, strict=True)),
    ]
    for row, (cell,) in zip(rows, score, strict=True):
        assert (cell == "") == is_blank(row)
        assert cell == "" or cell in (0.0, 10.0, 20.0, 30.0)
    assert x.score(MODEL, [list(HEADERS), *rows], None, None, None, as_of, host=host) == score


FOUR = st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=6)
TWO = st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4)


@given(TWO, FOUR, TWO, HOSTS)
def test_whatever_stands_in_events_and_lists(
    leads: Any, events: Any, lists: Any, host: Host
) -> None:
    grid = x.score(
        EVENTS_MODEL,
        [*LEADS, *leads],
        None,
        [*EVENTS, *events],
        [*LISTS, *lists],
        "2026-01-31",
        host=host,
    )
    assert fits_cells(grid)
    assert len(grid) == len(LEADS) - 1 + len(leads)
    for (cell,) in grid:
        assert type(cell) is float or cell == "" or str(cell).startswith("LEADSCORE: the id of")


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=8))
def test_one_call_for_all_rows_gives_what_a_call_a_row_gives(rows: Any) -> None:
    singly = [x.score(MODEL, HEADERS, row)[0] for row in rows]
    assert x.score(MODEL, HEADERS, rows) == singly
