"""The relations for engines: rows and order as Arrow has them, read where they are."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.data.support import needs, rows_of, write

from leadscore.data import EventCounts, EventSource, Tables, open_tables
from leadscore.data.notes import belonging, told
from leadscore.data.resolve import Owner
from leadscore.data.source import Column
from leadscore.errors import DataError

MANY = 300_000
"""Enough for several row groups and threads: order is easily kept by a few rows."""
START = dt.datetime(2025, 1, 1)


def leads_table(many: int = 2_000) -> pa.Table:
    return pa.table(
        {
            "name": [f"n{at}" for at in range(many)],
            "id": pa.array([(at * 7919) % many for at in range(many)], pa.int64()),
        }
    )


def events_table(many: int = MANY, leads: int = 2_000) -> pa.Table:
    numbers = pa.array(range(many), pa.int64())
    ids = pa.array([(at * 104_729) % (leads + 1) for at in range(many)], pa.int32())
    times = pc.add(pa.scalar(START), pc.cast(numbers, pa.duration("s")))
    types = pa.array([("Call", "Visit", "Mail")[at % 3] for at in range(many)])
    return pa.table(
        {
            "lead_id": ids,
            "event": types.dictionary_encode(),
            "time": times.cast(pa.timestamp("us")),
            "place": numbers,
        }
    )


def as_parquet(table: pa.Table, folder: Path, name: str) -> object:
    pq.write_table(table, folder / f"{name}.parquet", row_group_size=20_000)
    return folder / f"{name}.parquet"


def as_csv(table: pa.Table, folder: Path, name: str) -> object:
    for at, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(at, table.column_names[at], column.cast(pa.string()))
    pyarrow.csv.write_csv(table, folder / f"{name}.csv")
    return folder / f"{name}.csv"


def as_database(table: pa.Table, folder: Path, name: str) -> object:
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE t AS FROM given")
    return folder / f"{name}.duckdb"


def as_view(table: pa.Table, folder: Path, name: str) -> object:
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE t AS FROM given; CREATE VIEW v AS FROM t")
    return f"{folder / name}.duckdb#v"


def as_gaps(table: pa.Table, folder: Path, name: str) -> object:
    """A database table from which rows were deleted: its row numbers have gaps."""
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE t AS SELECT 0 AS gone, * FROM given")
        connection.execute("INSERT INTO t SELECT 1, * FROM given LIMIT 1000")
        connection.execute("INSERT INTO t SELECT 2, * FROM given LIMIT 1")
        connection.execute("DELETE FROM t WHERE gone > 0")
        connection.execute("INSERT INTO t SELECT 3, * FROM given LIMIT 1")
        connection.execute("DELETE FROM t WHERE gone = 0 AND rowid % 5 = 3")
    return folder / f"{name}.duckdb"


def chunked(table: pa.Table) -> pa.Table:
    cuts = [0, 1, 70_000, 70_001, len(table)]
    return pa.concat_tables(
        table.slice(start, max(0, stop - start)) for start, stop in pairwise(cuts)
    )


SOURCES: dict[str, Callable[[pa.Table, Path, str], object]] = {
    "parquet": as_parquet,
    "csv": as_csv,
    "database": as_database,
    "view": as_view,
    "arrow": lambda table, folder, name: table,
    "chunks": lambda table, folder, name: chunked(table),
    "reader": lambda table, folder, name: table.to_reader(),
    "pandas": lambda table, folder, name: table.to_pandas(),
    "polars": lambda table, folder, name: pl.DataFrame(table),
    "relation": lambda table, folder, name: duckdb.from_arrow(table),
}


def column(tables: Tables, sql: str) -> list[Any]:
    return [row[0] for row in tables.connection.sql(sql).fetchall()]


@pytest.mark.parametrize("name", SOURCES)
def test_rows_and_order_are_those_of_arrow(tmp_path, name):
    leads, events = leads_table(), events_table()
    make = SOURCES[name]
    wanted = needs("name", attributes=["place"])
    with open_tables(wanted, make(leads, tmp_path, "l"), make(events, tmp_path, "e")) as tables:
        relations = tables.relations
        text = name == "csv"
        assert relations.id_kind == ("VARCHAR" if text else "BIGINT")
        found = tables.connection.sql("SELECT row, id, p0 FROM lead_input").fetchall()
        ids = leads["id"].to_pylist()
        assert found == [(at, str(i) if text else i, f"n{at}") for at, i in enumerate(ids)]
        # Whatever the query does with them, seq is the place of the event in the input.
        wrong = "SELECT count(*) FROM event_input WHERE seq <> CAST(a0 AS BIGINT)"
        assert column(tables, wrong) == [0]
        latest = (
            "SELECT lead, max(seq) AS s, max(CAST(a0 AS BIGINT)) AS a, count(*) AS n "
            "FROM event_input WHERE type = 'Call' GROUP BY lead"
        )
        assert column(tables, f"SELECT count(*) FROM ({latest}) WHERE s <> a") == [0]
        calls = events.filter(pc.equal(events["event"].cast(pa.string()), "Call"))
        assert column(tables, f"SELECT sum(n) FROM ({latest})") == [len(calls)]
        assert column(tables, f"SELECT sum(s) FROM ({latest})") == [
            pc.sum(calls.group_by("lead_id").aggregate([("place", "max")])["place_max"]).as_py()
        ]
        assert relations.sources == (EventSource(relations.sources[0].label, MANY, False),)
        strangers = pc.sum(pc.equal(events["lead_id"], 2_000)).as_py()
        assert tables.count_events() == (EventCounts(MANY, 0, strangers),)
        assert column(tables, "SELECT count(*) FROM list_input") == [0]


def test_deleted_rows_leave_no_gaps_among_the_leads(tmp_path):
    leads, events = as_gaps(leads_table(), tmp_path, "l"), as_gaps(events_table(), tmp_path, "e")
    with open_tables(needs("name", attributes=["place"]), leads, events) as tables:
        kept = [at for at in range(2_000) if at % 5 != 3]
        assert column(tables, "SELECT p0 FROM lead_input")[:-1] == [f"n{at}" for at in kept]
        assert column(tables, "SELECT row FROM lead_input") == list(range(len(kept) + 1))
        assert [row.values[0] for row in rows_of(tables)][-2:] == ["n1999", "n0"]
        places = column(tables, "SELECT a0 FROM event_input ORDER BY seq")
        assert places == [*(at for at in range(MANY) if at % 5 != 3), 0]
        assert tables.relations.sources[0].rows == len(places)


@pytest.mark.parametrize("name", ["file_row_number", "FILE_ROW_NUMBER", "rowid", "position"])
@pytest.mark.parametrize("make", [as_parquet, as_database, SOURCES["arrow"]])
def test_columns_named_as_the_number_of_the_row(tmp_path, name, make):
    table = leads_table().append_column(name, pa.array(range(7, 2_007)))
    events = events_table().append_column(name, pa.array(range(9, MANY + 9)))
    wanted = needs(name, attributes=[name])
    with open_tables(wanted, make(table, tmp_path, "l"), make(events, tmp_path, "e")) as tables:
        assert column(tables, "SELECT row FROM lead_input WHERE p0 - 7 <> row") == []
        assert column(tables, "SELECT count(*) FROM event_input WHERE a0 - 9 <> seq") == [0]
        assert len(column(tables, "SELECT seq FROM event_input")) == MANY


def test_what_can_be_scanned_again_is_not_copied(tmp_path):
    leads, events = leads_table(), events_table()
    wanted = needs("name", attributes=["place"])
    own = "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
    for make in (as_parquet, as_database, SOURCES["arrow"], SOURCES["polars"]):
        with open_tables(wanted, make(leads, tmp_path, "l"), make(events, tmp_path, "e")) as tables:
            tables.count_events()
            tables.find_lead("7")
            assert column(tables, own) == [0]
    with open_tables(wanted, leads.to_reader(), as_csv(events, tmp_path, "e")) as tables:
        assert column(tables, own) == [2], "once each"


def test_columns_and_filters_are_pushed_into_the_file(tmp_path):
    leads, events = leads_table(), as_parquet(events_table(), tmp_path, "e")
    with open_tables(needs("name", attributes=["place"]), leads, events) as tables:
        sql = "EXPLAIN SELECT max(time) FROM event_input WHERE type = 'Call'"
        plan = str(tables.connection.sql(sql).fetchall()[0][1])
    assert "READ_PARQUET" in plan
    for absent in ("place", "file_row_number", "lead_id"):
        assert absent not in plan
    assert "Filters" in plan
    assert "Call" in plan


def test_ids_are_whole_numbers_only_where_all_are():
    number = {"id": pa.array([1, 2, 12])}
    text = pa.table({"id": ["1 ", "02", " "], "event": ["x"] * 3, "time": ["2026"] * 3})
    whole = pa.table(
        {"id": pa.array([1, None, 2], pa.int8()), **dict.fromkeys(["event", "time"], ["x"] * 3)}
    )
    lists = pa.table({"id": [2.0], "list": ["L"]})
    wanted = needs(events=True, lists=True)
    for events, given, kind, expected in (
        ([whole], None, "BIGINT", [1, None, 2]),
        ([text], None, "VARCHAR", ["1", "02", None]),
        ([whole, text], None, "VARCHAR", ["1", None, "2", "1", "02", None]),
        ([whole], lists, "VARCHAR", ["1", None, "2"]),
    ):
        with open_tables(wanted, pa.table(number), events, given, allow_missing=True) as tables:
            assert tables.relations.id_kind == kind
            assert column(tables, "SELECT lead FROM event_input ORDER BY seq") == expected
            wide = [1, 2, 12] if kind == "BIGINT" else ["1", "2", "12"]
            assert column(tables, "SELECT id FROM lead_input") == wide
            types = tables.connection.sql("DESCRIBE event_input").fetchall()
            assert types[0][1] == kind
            assert [row.id for row in rows_of(tables)] == ["1", "2", "12"]
            assert tables.find_lead(" 12 ").id == "12"
            for no in ("012", "+12", "12.0", "9" * 30, "-0", "x"):
                with pytest.raises(DataError, match="no lead"):
                    tables.find_lead(no)


def test_the_types_of_the_columns_are_said():
    leads = pa.table({"id": ["a"], "n": [1], "x": [0.5], "d": [dt.date(2026, 1, 1)]})
    events = [
        pa.table({"id": ["a"], "event": [5], "time": [START], "v": [1]}),
        pa.table({"id": ["a"], "event": ["x"], "time": [START.date()], "w": [True]}),
    ]
    wanted = needs("n", "x", "d", "gone", attributes=["v", "w"])
    with open_tables(wanted, leads, events, allow_missing=True, keep_columns=True) as tables:
        relations = tables.relations
        described = dict(row[:2] for row in tables.connection.sql("DESCRIBE lead_input").fetchall())
        kinds = ("BIGINT", "DOUBLE", "DATE", "VARCHAR")
        assert relations.property_kinds == kinds
        assert tuple(described[f"p{at}"] for at in range(4)) == kinds
        assert relations.kept == ("id", "n", "x", "d")
        assert relations.kept_kinds == ("VARCHAR", "BIGINT", "DOUBLE", "DATE")
        assert tuple(described[f"c{at}"] for at in range(4)) == relations.kept_kinds
        assert (relations.time_kind, relations.attribute_kinds) == (
            "TIMESTAMP",
            ("BIGINT", "BOOLEAN"),
        )
        assert tables.connection.sql(
            "SELECT lead, source, seq, type, time, a0, a1 FROM event_input ORDER BY seq"
        ).fetchall() == [
            ("a", 0, 0, "5", START, 1, None),
            ("a", 1, 1, "x", START, None, True),
        ]
        assert (relations.lead_count, relations.same_ids) == (1, False)


def test_lists_are_a_relation():
    lists = [{"id": "2", "list": "News"}, {"id": "9"}, {"list": "L"}]
    with open_tables(needs(lists=True), [{"id": "2"}, {"id": "2"}], None, lists) as tables:
        sql = "SELECT lead, seq, list FROM list_input ORDER BY seq"
        assert tables.connection.sql(sql).fetchall() == [
            ("2", 0, "News"),
            ("9", 1, None),
            (None, 2, "L"),
        ]
        assert tables.relations.same_ids
        assert "1 of 3 list entries belongs to leads that are not" in str(tables.report)
        assert "1 of 3 list entries has no id" in str(tables.report)


@pytest.mark.parametrize("make", [as_parquet, as_database, SOURCES["arrow"], SOURCES["reader"]])
def test_dates_that_no_calendar_has(tmp_path, make):
    times = pa.array([2**59, 0, -(2**58), None], pa.int64()).cast(pa.timestamp("us"))
    events = pa.table({"id": [1, 1, 1, 1], "event": ["x"] * 4, "time": times})
    leads = pa.table({"id": [1], "day": pa.array([2**30], pa.int32()).cast(pa.date32())})
    wanted = needs("day", events=True)
    with open_tables(wanted, make(leads, tmp_path, "l"), make(events, tmp_path, "e")) as tables:
        epoch = dt.datetime(1970, 1, 1)
        found = column(tables, "SELECT time FROM event_input ORDER BY seq")
        assert found == [None, epoch, None, None]
        assert column(tables, "SELECT p0 FROM lead_input") == [None]
        assert tables.report.unreadable["time", "date"].count == 2
        assert tables.report.unreadable["day", "date"].count == 1


# --- notes -------------------------------------------------------------------------------------

EVENTS: list[dict[str, Any]] = [
    {"lead_id": "2", "event": "Call", "time": "2026-01-02"},
    {"lead_id": "77", "event": "Call", "time": "2026-01-02"},
    {"lead_id": None, "event": "Call", "time": "2026-01-02"},
]
STRANGERS = (
    "the events: 1 of 3 events belongs to leads that are not in the table of leads (such as '77'); "
    "not counted."
)
BLANK = "the events: 1 of 3 events has no id of a lead in 'lead_id'; not counted."


@pytest.mark.parametrize("examples", [None, ("77",)])
def test_an_engine_says_what_it_counted(examples):
    lists = [{"id": "8", "list": "L"}, {"id": "2", "list": "L"}]
    wanted = needs(events=True, lists=True)
    with open_tables(wanted, [{"id": "2"}], EVENTS, lists) as tables:
        before = list(tables.report.notes)
        assert len(before) == 1
        tables.note_events([EventCounts(3, 1, 1, examples)])
        assert tables.report.notes == [STRANGERS, BLANK, *before]
        tables.note_events([EventCounts(3, 1, 1, examples)])
        assert rows_of(tables)[0].lists == ("L",)
        assert tables.report.notes == [STRANGERS, BLANK, *before], "said once"


def test_the_rows_say_the_same():
    for ask in (rows_of, lambda tables: tables.find_lead("2")):
        with open_tables(needs(events=True), [{"id": "2"}], EVENTS) as tables:
            assert tables.report.notes == []
            ask(tables)
            assert tables.report.notes == [STRANGERS, BLANK]


def test_events_of_several_tables_are_counted_apart():
    tables_of_events: list[list[Any]] = [EVENTS[:1], EVENTS[1:2], [*EVENTS, EVENTS[2]], EVENTS[:0]]
    given = [pa.Table.from_pylist(rows, events_schema()) for rows in tables_of_events]
    with open_tables(needs(events=True), [{"id": "2"}], given) as tables:
        counts = tables.count_events()
        assert counts == (
            EventCounts(1, 0, 0),
            EventCounts(1, 0, 1),
            EventCounts(4, 2, 1),
            EventCounts(0, 0, 0),
        )
        tables.note_events(counts)
        assert [note.split(":")[0] for note in tables.report.notes] == [
            "the events, table 2",
            *["the events, table 3"] * 2,
        ]
        assert (
            "0 of 1 event matched a lead. The ids in 'lead_id' are '77'; those of the "
            in (tables.report.notes[0])
        )


def events_schema() -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in EVENTS[0]])


def test_sentences_are_functions_of_counts():
    column_of = Owner(Column("who", "who", "VARCHAR"))
    events = told("e.csv", "event", column_of, "id", ["who", "contact_id"])
    assert belonging(events, 5, 0, 0, "", "") == []
    assert belonging(events, 0, 0, 0, "", "") == []
    assert belonging(events, 2, 1, 1, "'x'", "'1'") == [
        "e.csv: 0 of 2 events matched a lead. The ids in 'who' are 'x'; those of the leads, in "
        "'id', are '1'. Is the lead's id in 'contact_id'? Then say lead=contact_id."
    ]


# --- one lead, and the rows --------------------------------------------------------------------


@pytest.mark.parametrize("name", SOURCES)
def test_one_lead_is_as_in_the_batches(tmp_path, name):
    leads, events, make = leads_table(50), events_table(1_000, 50), SOURCES[name]
    lists = pa.table({"id": [7, 7, 8], "list": ["B", "A", "C"]})
    wanted = needs("name", attributes=["place"], lists=True)
    given = [make(leads, tmp_path, "l"), make(events, tmp_path, "e"), make(lists, tmp_path, "i")]
    with open_tables(wanted, *given) as tables:
        one = tables.find_lead("7")
        rows = rows_of(tables, 7)
        assert one.lists == ("B", "A")
        assert one.events
        assert one == next(row for row in rows if row.id == "7")
        assert tables.find_lead("7") == one
        assert [row.values for row in rows] == [(f"n{at}",) for at in range(50)]


def test_kept_columns_come_in_order(tmp_path):
    leads = as_parquet(leads_table(MANY), tmp_path, "l")
    with open_tables(needs("name"), leads, keep_columns=True) as tables:
        rows = [row for batch in tables.passthrough(50_000) for row in batch]
        assert [name for name, _ in rows] == [f"n{at}" for at in range(MANY)]
        assert tables.passthrough_numbers == frozenset()


# --- nothing is reached ------------------------------------------------------------------------


def test_the_connection_stays_locked(tmp_path):
    other = write(tmp_path / "other.csv", "id,event,time\n1,secret,2026\n")
    pq.write_table(events_table(10), tmp_path / "near.parquet")
    leads = as_parquet(leads_table(10), tmp_path, "l")
    with open_tables(needs("name"), leads) as tables:
        for sql in (
            f"SELECT * FROM read_csv('{other}')",
            f"SELECT * FROM '{tmp_path / 'near.parquet'}'",
            f"SELECT * FROM '{tmp_path}/*.parquet'",
            f"COPY lead_input TO '{tmp_path / 'out.parquet'}'",
            "SET enable_external_access = true",
            "SET python_enable_replacements = true",
        ):
            with pytest.raises(duckdb.Error, match=r"Permission|locked|disabled"):
                tables.connection.execute(sql)
    assert "out.parquet" not in os.listdir(tmp_path)


@pytest.mark.parametrize("role", ["leads", "events"])
def test_a_view_in_a_database_reads_no_other_files(tmp_path, role):
    secret = write(tmp_path / "secret.csv", "id,event,time,name\n1,secret,2026,x\n")
    with duckdb.connect(str(tmp_path / "v.duckdb")) as connection:
        connection.execute(f"CREATE VIEW v AS SELECT * FROM read_csv('{secret}')")
    bad = tmp_path / "v.duckdb"
    given = (bad, EVENTS) if role == "leads" else (leads_table(3), bad)
    with pytest.raises(DataError, match=r"v\.duckdb: cannot be read"):
        open_tables(needs("name", events=True), *given)


def test_names_of_columns_are_escaped(tmp_path):
    odd = 'a"; DROP TABLE x; --'
    leads = pa.table({"id": ["1"], odd: ["v"]})
    path = as_parquet(leads, tmp_path, "l's [1] *")
    events = pa.table({"id": ["1"], "event": ["x"], "time": ["2026"], odd: ["w"]})
    constant = [(events, {"type": '"it\'s"'})]
    with open_tables(needs(odd, attributes=[odd]), path, constant) as tables:
        assert column(tables, "SELECT p0 FROM lead_input") == ["v"]
        assert tables.connection.sql("SELECT type, a0 FROM event_input").fetchall() == [
            ("it's", "w")
        ]


def test_a_file_damaged_within_is_an_error_with_a_sentence(tmp_path):
    path = Path(str(as_parquet(events_table(), tmp_path, "e")))
    data = bytearray(path.read_bytes())
    data[2_000 : len(data) // 2] = b"\xff" * (len(data) // 2 - 2_000)
    path.write_bytes(bytes(data))
    with open_tables(needs("name", attributes=["place"]), leads_table(), path) as tables:
        for scan in (
            lambda: tables.connection.sql("SELECT sum(a0), max(type) FROM event_input").fetchall(),
            tables.make_rows,
            tables.count_events,
            lambda: tables.find_lead("1"),
        ):
            with pytest.raises(DataError, match="The tables: cannot be read"), tables.reading():
                scan()
