"""The rules of "Tables": which column is what, ids, events, lists, and what is said."""

from __future__ import annotations

import csv
import json
import os
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pytest
from tests.data.support import needs, read, read_and_report, rows_of, write

from leadscore.columns import Near
from leadscore.data import EventTable, open_tables, parse_event_columns, parse_events_argument
from leadscore.data.arguments import ColumnMapping, parse_place
from leadscore.errors import DataError
from leadscore.values.text import WHITE_SPACE

LEADS = [{"id": "1", "a": "x"}, {"id": "2", "a": "y"}]
EVENTS = [
    {"lead_id": "2", "event": "Call", "time": "2026-01-02"},
    {"lead_id": "1", "event": "Visit", "time": "2026-01-01"},
    {"lead_id": "2", "event": "Visit", "time": "2026-01-01"},
]


# --- which column is what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        (["email", "contact_id", "ID "], "ID"),
        (["name", "Lead ID", "email"], "Lead ID"),
        (["a", "record id"], "record id"),
        (["Prospect ID", "Email"], "Prospect ID"),
        (["a", " E-Mail", "Email"], "Email"),
        (["Organization", "a"], "Organization"),
    ],
)
def test_the_id_column(columns, chosen):
    record = {name: f"v{at}" for at, name in enumerate(columns)}
    with open_tables(needs(), [record]) as tables:
        assert tables.id_column == chosen
        assert rows_of(tables)[0].id == f"v{[c.strip() for c in columns].index(chosen)}"


def test_the_id_column_named_by_the_caller():
    assert read(needs(), [{"id": 1, "Mail": "x@y"}], id=" mail ")[0].id == "x@y"
    with pytest.raises(DataError, match=r"no column 'mial'.*'Mail'.*--id"):
        read(needs(), [{"id": 1, "Mail": "x@y"}], id="mial")


@pytest.mark.parametrize(
    "names",
    [
        ("lead_id", "event", "time"),
        ("Contact ID", "Event Type", "Occurred At"),
        ("id", "TYPE", "timestamp"),
        ("whatever", "type", "touched_at"),
        ("lead_id", "event", "session_timestamp"),
        ("lead_id", "event", "Date"),
    ],
)
def test_event_columns_are_found(names):
    event = dict(zip(("z", *names, "y"), ("0", "1", "Call", "2026", "0"), strict=True))
    if names[0] == "whatever":
        del event["z"]
    assert read(needs(events=True), LEADS, [event])[0].events == [("Call", "2026")]


def test_the_leads_own_id_column_goes_first_in_events():
    events = [{"lead_id": "2", "email": "a@b", "event": "Call", "time": "2026"}]
    rows = read(needs(events=True), [{"email": "a@b"}, {"email": "2"}], events)
    assert [len(row.events) for row in rows] == [1, 0]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"lead_id": 1, "touch_type": "x", "time": 1}, "type of the events.*type=touch_type"),
        (
            {"lead_id": 1, "event": "x", "Activity Date": 1},
            "time of the events.*time=Activity Date",
        ),
        ({"event": "x", "time": 1}, "the lead's id is found.*lead=COLUMN"),
    ],
)
def test_event_columns_that_are_not_found(event, words):
    with pytest.raises(DataError, match=words):
        read(needs(events=True), LEADS, [event])


def test_properties_come_from_the_first_source_there_is():
    lead = {"id": 1, "employees": 5, " number OF employees ": 7}
    both = ("employees", "Number of Employees", "employees")
    assert read(needs(both), [lead])[0].values == (7,)
    assert read(needs(both), [{"id": 1, "Employees": 5}])[0].values == (5,)


def test_all_missing_columns_are_named_at_once():
    wanted = needs(
        ("employees", "No. of Employees"), "a", ("Industry",), attributes=["url", "campaign"]
    )
    leads = [{"id": 1, "a": 2, "No of Employees": 3, "industrie": "x"}]
    events = [{"lead_id": 1, "event": "x", "time": 1, "campagne": "q"}]
    with pytest.raises(DataError) as caught:
        read(wanted, leads, events, model="contact.score")
    message = str(caught.value)
    assert (
        "employees (column No. of Employees), line 1 of contact.score; did you mean 'No of"
        in message
    )
    assert "Industry, line 3 of contact.score; did you mean 'industrie'?" in message
    assert "url, line 40" in message
    assert "campaign, line 41 of contact.score; did you mean 'campagne'?" in message
    assert "--allow-missing" in message


def test_missing_columns_can_be_allowed():
    wanted = needs("a", "b", attributes=["url"])
    rows, report = read_and_report(wanted, LEADS, EVENTS, allow_missing=True)
    assert rows[0] == ("1", ("x", None), [("Visit", "2026-01-01", None)], ())
    assert "there is no column b; b is unknown for all leads" in report
    assert "No table of events has a column url" in report


def test_hundreds_of_missing_columns_cost_few_looks(monkeypatch):
    looks = []

    def look(word, names, *rest):
        looks.append((word, len(names)))
        return get_close_matches(word, names, *rest)

    monkeypatch.setattr("leadscore.columns.difflib.get_close_matches", look)
    wanted = needs(*((f"n{at}", f"property_number_{at}", f"Other {at}") for at in range(400)))
    long = "property_number_" * 1_000
    lead = {"id": 1, **{f"propertie_numbre_x{at}": 1 for at in range(800)}, long: 2}
    table = pa.table({name: [1] for name in lead})
    with pytest.raises(DataError) as caught:
        read(wanted, table)
    assert 0 < len(looks) <= 20
    assert all(len(word) <= 60 and names <= 20 for word, names in looks)
    lines = str(caught.value).splitlines()
    assert sum(line.startswith("  n") for line in lines) == 400
    assert "did you mean 'propertie_numbre_x" in lines[1]
    assert sum("did you mean" in line for line in lines) == 10, "of two names each"


def test_near_misses():
    columns = [
        "Mail",
        "  E-Mail ",
        "e_mail",
        "Industry",
        "",
        "\u00a0",
        *(f"x{n}" for n in range(99)),
    ]
    near = Near(columns)
    assert near.to("mial")[0] == "Mail"
    assert near.to("Email")[0] in ("E-Mail", "e_mail")
    assert near.to("industrie") == ["Industry"]
    assert near.to("zzz") == near.to("") == near.to("_") == []
    assert Near(["n" * 5_000]).to("n" * 70) == ["n" * 5_000]
    assert Near([]).to("a") == []


def test_events_and_lists_that_are_not_given():
    wanted = needs("a", events=True, lists=True)
    with pytest.raises(
        DataError, match=r"events and lists, and none.*--events.*--lists.*--allow-missing"
    ):
        read(wanted, LEADS)
    rows, report = read_and_report(wanted, LEADS, allow_missing=True)
    assert rows[0] == ("1", ("x",), [], ())
    assert "No events are given" in report
    assert "No lists are given" in report


def test_events_that_are_not_needed_do_not_matter():
    assert read(needs("a"), LEADS, EVENTS, LEADS)[1] == ("2", ("y",), [], ())


# --- ids ---------------------------------------------------------------------------------------


def test_ids_are_text_trimmed_with_case():
    leads = [{"id": " 0031 "}, {"id": "0031"}, {"id": "aB"}, {"id": "ab"}, {"id": "\u00a0c\u2003"}]
    events = [{"id": i, "event": "x", "time": 1} for i in ("0031", "aB ", "c")]
    rows = read(needs(events=True), leads, events)
    assert [(row.id, len(row.events)) for row in rows] == [
        ("0031", 1),
        ("0031", 1),
        ("aB", 1),
        ("ab", 0),
        ("c", 1),
    ]


def test_only_what_unicode_calls_white_space_is_trimmed(tmp_path):
    odd = "\x1c\x1d\x1e\x1f"
    ids = [*(f"{sign}a{sign}" for sign in WHITE_SPACE), *(f"{sign}a{sign}" for sign in odd), *odd]
    expected = ["a"] * len(WHITE_SPACE) + ids[len(WHITE_SPACE) :]
    name = f"\u3000\x1f id\x1c{WHITE_SPACE}"
    records = [{"n": 1.5, name: text} for text in ids]
    columns = pa.table({"n": [1.5] * len(ids), name: ids})
    with open(tmp_path / "l.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["n", name], *(["1.5", text] for text in ids)])
    (tmp_path / "l.jsonl").write_text("\n\u2003\n".join(map(json.dumps, records)), encoding="utf-8")
    for source in (records, columns, tmp_path / "l.csv", tmp_path / "l.jsonl"):
        with open_tables(needs("n"), source, id="\x1f ID\x1c") as tables:
            assert tables.id_column == "\x1f id\x1c"
            assert [row.id for row in rows_of(tables)] == expected
            assert tables.find_lead("\u00a0\x1f\t").id == "\x1f"
    assert parse_event_columns("lead=\u2003a\x1f, type=\x1cb\u00a0") == ColumnMapping(
        "a\x1f", "\x1cb"
    )


def test_numbers_as_ids_have_no_point():
    import pyarrow as pa

    leads = pa.table({"id": pa.array([12.0, 2.5, None, 1e14])})
    big = 2**63 - 1
    assert [row.id for row in read(needs(), leads)] == ["12", "2.5", None, "100000000000000"]
    assert read(needs(), pa.table({"id": [big]}))[0].id == str(big)
    events = pa.table({"id": ["12"], "event": ["x"], "time": [1]})
    assert len(read(needs(events=True), leads, events)[0].events) == 1


def test_leads_without_an_id_are_kept_and_said():
    leads = [{"id": " ", "a": "x"}, {"id": "1", "a": "y"}, {"a": "z"}]
    rows, report = read_and_report(needs("a"), leads)
    assert [(row.id, row.values) for row in rows] == [(None, ("x",)), ("1", ("y",)), (None, ("z",))]
    assert "2 leads of 3 have no id in 'id'" in report


def test_leads_of_one_id_each_get_its_events():
    leads = [{"id": "1"}, {"id": "2"}, {"id": "1"}]
    lists = [{"id": "1", "list": "L1"}, {"id": "1", "list": "L2"}]
    rows, report = read_and_report(needs(events=True, lists=True), leads, EVENTS, lists)
    assert [row.events for row in rows] == [
        [("Visit", "2026-01-01")],
        [("Call", "2026-01-02"), ("Visit", "2026-01-01")],
        [("Visit", "2026-01-01")],
    ]
    assert [row.lists for row in rows] == [("L1", "L2"), (), ("L1", "L2")]
    assert "2 leads share 1 id (such as '1')" in report


def test_too_many_copies_of_events_are_refused(monkeypatch):
    monkeypatch.setattr("leadscore.data.rows.COPIES_LIMIT", 10)
    leads = [{"id": "same"}] * 10
    events = [{"id": "same", "event": "x", "time": 1}] * 10
    with pytest.raises(DataError, match=r"same id \(such as 'same'\).*90 copies.*--id"):
        read(needs(events=True), leads, events)


def test_events_of_unknown_leads_are_counted():
    events = [*EVENTS, {"lead_id": "77"}, {"lead_id": None}, {"lead_id": "77"}]
    rows, report = read_and_report(needs(events=True), LEADS, events)
    assert sum(len(row.events) for row in rows) == 3
    assert (
        "2 of 6 events belong to leads that are not in the table of leads (such as '77')" in report
    )
    assert "1 of 6 events has no id of a lead" in report


def test_no_event_matches():
    events = [{"id": f"e{n}", "contact_id": "1", "event": "x", "time": 1} for n in range(5)]
    _, report = read_and_report(needs(events=True), LEADS, events)
    assert "0 of 5 events matched a lead. The ids in 'id' are 'e0', 'e1', 'e2'" in report
    assert "those of the leads, in 'id', are '1', '2'" in report
    assert "say lead=contact_id" in report


# --- several tables ----------------------------------------------------------------------------


def test_several_tables_of_events_keep_the_order_given():
    first = [
        {"lead_id": "1", "event": "b", "time": "2"},
        {"lead_id": "1", "event": "a", "time": "1"},
    ]
    second = [{"id": "x", "who": "1", "kind": "c", "at": "0", "url": "u"}]
    tables = [first, (second, {"lead": "who", "type": "kind", "time": "at"})]
    rows = read(needs(attributes=["URL"]), LEADS, tables)
    assert rows[0].events == [("b", "2", None), ("a", "1", None), ("c", "0", "u")]


def test_types_of_several_tables_meet_without_loss():
    import datetime as dt

    first = [{"lead_id": "1", "event": "a", "time": dt.datetime(2026, 1, 31, 9, 30), "v": 2.0}]
    second = [{"lead_id": "1", "event": "b", "time": "31.1.2026", "v": "x"}]
    third = [{"lead_id": "1", "event": "c", "time": dt.date(2026, 1, 31), "v": True}]
    rows = read(needs(attributes=["v"]), LEADS, [first, second, third])
    assert rows[0].events == [
        ("a", "2026-01-31T09:30:00", "2"),
        ("b", "31.1.2026", "x"),
        ("c", "2026-01-31", "true"),
    ]
    rows = read(needs(events=True), LEADS, [first, third])
    assert [event[1] for event in rows[0].events] == [
        dt.datetime(2026, 1, 31, 9, 30),
        dt.datetime(2026, 1, 31),
    ]


def test_a_table_of_events_of_one_type(tmp_path):
    path = write(tmp_path / "s.csv", "lead_id,session_timestamp\n1,2026\n")
    table = parse_events_argument(f'{path}:type="Web session"')
    assert read(needs(events=True), LEADS, table)[0].events == [("Web session", "2026")]


def test_event_columns_go_before_a_tables_own_mapping():
    events = [
        ([{"k": "1", "t": "x", "t2": "y", "w": "2026"}], {"lead": "k", "type": "t", "time": "w"})
    ]
    rows = read(needs(events=True), LEADS, events, event_columns="type=t2")
    assert rows[0].events == [("y", "2026")]


# --- how the command line spells it ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source", "mapping"),
    [
        ("touches.csv", "touches.csv", ColumnMapping()),
        (
            "touches.csv:lead=lead_id,type=touch_type,time=touch_timestamp",
            "touches.csv",
            ColumnMapping("lead_id", "touch_type", "touch_timestamp"),
        ),
        (r"C:\data\t.csv:time=Last, at", None, None),
        (r"C:\data\t.csv:time=[Last, at]", r"C:\data\t.csv", ColumnMapping(time="Last, at")),
        (r"C:\data\t.csv", r"C:\data\t.csv", ColumnMapping()),
        ("b.xlsx#My: Sheet:type=A b", "b.xlsx#My: Sheet", ColumnMapping(type="A b")),
        ('s.csv:type="a ""b"", c",lead=x', "s.csv", ColumnMapping("x", None, None, 'a "b", c')),
        ("x.csv:lead=", None, None),
        ("x.csv:lead=a,lead=b", None, None),
        ("x.csv:lead=a,who=b", None, None),
        ('x.csv:lead="a"', None, None),
    ],
)
def test_events_argument(text, source, mapping):
    if source is None:
        with pytest.raises(DataError, match="is not a mapping"):
            parse_events_argument(text)
    else:
        assert parse_events_argument(text) == EventTable(source, mapping)


def test_event_columns_alone():
    assert parse_event_columns("lead=a, time=b") == ColumnMapping("a", None, "b")
    with pytest.raises(DataError):
        parse_event_columns("")


def test_a_mapping_with_an_unknown_key():
    with pytest.raises(DataError, match="not when"):
        read(needs(events=True), LEADS, (EVENTS, {"when": "x"}))


@pytest.mark.parametrize(
    ("given", "path", "part"),
    [
        ("a.xlsx#Sheet 1", "a.xlsx", "Sheet 1"),
        ("a.xlsx#A#B", "a.xlsx", "A#B"),
        ("dir.xlsx/a.DUCKDB#main.t", "dir.xlsx/a.DUCKDB", "main.t"),
        ("a#b.csv", "a#b.csv", None),
    ],
)
def test_places(given, path, part):
    place = parse_place(given)
    assert (str(place.path), place.part) == (str(Path(path)), part)


# --- streaming, and what engines see -----------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_batches_of_any_size(size):
    leads = [{"id": str(n), "a": n} for n in range(50)]
    events = [{"id": str(n % 40), "event": f"e{n}", "time": n} for n in range(300)]
    rows = read(needs("a", events=True), leads, events, size=size)
    assert [row.values[0] for row in rows] == list(range(50))
    for number, row in enumerate(rows):
        expected = [(f"e{n}", n) for n in range(300) if n % 40 == number]
        assert row.events == expected


def test_two_iterations_at_once():
    with open_tables(needs("a", events=True), LEADS, EVENTS) as tables:
        first, second = tables.batches(1), tables.batches(1)
        assert next(first) == next(second)
        assert [row for batch in second for row in batch] == [
            row for batch in first for row in batch
        ]


def test_progress_is_told():
    told = []
    with open_tables(needs("a"), LEADS) as tables:
        for _ in tables.batches(1, progress=lambda done, total: told.append((done, total))):
            pass
    assert told == [(1, 2), (2, 2)]


def test_the_relations_for_engines():
    wanted = needs("a", attributes=["v"], lists=True)
    events = [{**event, "v": n} for n, event in enumerate(EVENTS)]
    lists = [{"id": "2", "list": "News"}]
    with open_tables(wanted, LEADS, events, lists) as tables:
        sql = tables.connection.sql
        tables.make_rows()
        tables.make_rows()  # made once
        assert sql("SELECT row, id, p0 FROM leads").fetchall() == [(0, "1", "x"), (1, "2", "y")]
        assert sql("SELECT row, type, time, a0 FROM events ORDER BY row, seq").fetchall() == [
            (0, "Visit", "2026-01-01", 1),
            (1, "Call", "2026-01-02", 0),
            (1, "Visit", "2026-01-01", 2),
        ]
        assert sql("SELECT row, list FROM lists").fetchall() == [(1, "News")]
        assert [(c.name, c.kind) for c in tables.attribute_columns] == [("a0", "BIGINT")]
        assert (tables.lead_count, tables.time_type) == (2, "VARCHAR")


def test_the_inputs_own_columns():
    leads = [{"id": "1", "City": "Rome", "n": 5}, {"id": "2", "City": None, "n": 6}]
    with open_tables(needs("n"), leads, keep_columns=True) as tables:
        assert tables.passthrough_columns == ("id", "City", "n")
        assert list(tables.passthrough(1)) == [[("1", "Rome", 5)], [("2", None, 6)]]
    with open_tables(needs("n"), leads) as tables, pytest.raises(ValueError, match="keep_columns"):
        next(tables.passthrough())


def test_one_lead_by_its_id():
    leads = [{"id": f"L{n}"} for n in range(1000)]
    events = [{"id": f"L{n % 7}", "event": str(n), "time": n} for n in range(20)]
    with open_tables(needs(events=True), leads, events) as tables:
        assert tables.find_lead(" L6 ") == ("L6", (), [("6", 6), ("13", 13)], ())
        with pytest.raises(DataError, match=r"no lead with the id 'l999' .*nearest ids are: L999"):
            tables.find_lead("l999")
        with pytest.raises(DataError, match="no lead"):
            tables.find_lead("' OR 1=1 --")


# --- nothing is left, nothing is reached -------------------------------------------------------


def test_the_temporary_database_goes_with_the_tables(tmp_path):
    with open_tables(needs("a"), LEADS, temp_directory=tmp_path):
        assert len(os.listdir(tmp_path)) == 1
    assert os.listdir(tmp_path) == []


def test_it_goes_after_an_error_too(tmp_path):
    with pytest.raises(DataError):
        open_tables(needs("none"), LEADS, temp_directory=tmp_path)
    with (
        pytest.raises(ZeroDivisionError),
        open_tables(needs("a"), LEADS, temp_directory=tmp_path) as tables,
    ):
        assert 1 / (len(next(tables.batches(1))) - 1)
    assert os.listdir(tmp_path) == []


def test_the_connection_reaches_no_other_file(tmp_path):
    import duckdb

    other = write(tmp_path / "other.csv", "id,a\n1,x\n")
    with open_tables(needs("a"), LEADS) as tables:
        for sql in (
            f"SELECT * FROM read_csv('{other}')",
            f"COPY lead_input TO '{tmp_path / 'out.csv'}'",
            f"CREATE VIEW v AS FROM '{other}'",
            f"ATTACH '{other}' AS other",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                tables.connection.execute(sql)
    assert os.listdir(tmp_path) == ["other.csv"]


@pytest.mark.parametrize("zone", ["Berlin/Europe", "", "/etc", "Mars", "\0"])
def test_an_unknown_time_zone(zone):
    with pytest.raises(DataError, match=r"is not a time zone; use a name such as .* or UTC\.\Z"):
        read(needs("a"), LEADS, time_zone=zone)


@pytest.mark.parametrize("zone", ["utc", "Z", "z", "Etc/UTC", "Europe/Berlin"])
def test_time_zones_are_those_of_the_language(zone):
    assert len(read(needs("a"), LEADS, time_zone=zone)) == 2


def test_what_is_no_table():
    with pytest.raises(DataError, match="a int is not a table"):
        read(needs("a"), 5)


def test_a_table_without_columns(tmp_path):
    with pytest.raises(DataError, match="no columns"):
        read(needs("a"), write(tmp_path / "x.json", "[]"))


def test_an_own_id_beside_the_leads_is_worth_a_word(tmp_path):
    leads = write(tmp_path / "leads.csv", "id,name\n1,a\n2,b\n")
    events = write(tmp_path / "events.csv", "id,lead_id,type,time\n1,2,Demo,2026-01-12\n")
    with open_tables(needs("name", events=True), leads, events) as tables:
        assert any("there is also 'lead_id'" in note for note in tables.report.notes)
    with open_tables(
        needs("name", events=True), leads, events, event_columns={"lead": "lead_id"}
    ) as tables:
        assert not any("there is also" in note for note in tables.report.notes)
        assert [len(row.events) for batch in tables.batches() for row in batch] == [0, 1]
