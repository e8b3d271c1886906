"""Scores of companies: whose events a table holds, and how contacts count for their companies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.data.support import needs, rows_of, write

from leadscore.data import (
    ContactTable,
    EventCounts,
    EventTable,
    Tables,
    open_tables,
    parse_contacts_argument,
    parse_event_columns,
    parse_events_argument,
)
from leadscore.data.arguments import ColumnMapping
from leadscore.data.contacts import moment
from leadscore.errors import DataError

AS_OF = 1_769_817_600  # 2026-01-31T00:00:00 UTC
INSTANT = "2026-01-31T00:00:00+00:00"
COMPANIES: list[dict[str, Any]] = [{"company_id": "c1"}, {"company_id": "c2"}, {"company_id": "c3"}]
CONTACTS: list[dict[str, Any]] = [
    {"contact_id": "p1", "company_id": "c1", "seniority": "VP", "url": "own"},
    {"contact_id": "p2", "company_id": "c2", "seniority": "Staff", "url": None},
    {"contact_id": "p3", "company_id": "c1", "seniority": None, "url": None},
    {"contact_id": "p2", "company_id": "c1", "seniority": "Lead", "url": None},
]
EVENTS: list[dict[str, Any]] = [
    {"contact_id": "p3", "event": "Call", "time": "2026-01-03", "url": "a"},
    {"contact_id": "p2", "event": "Visit", "time": "2026-01-01", "url": "b"},
    {"contact_id": "p1", "event": "Mail", "time": "2026-01-02", "url": "c"},
]


def opened(wanted: Any, *given: Any, **options: Any) -> Tables:
    return open_tables(wanted, *given, **{"as_of": AS_OF, **options})


def events_of(tables: Tables) -> list[list[tuple[Any, ...]]]:
    return [row.events for row in rows_of(tables)]


def in_sql(tables: Tables) -> list[tuple[Any, ...]]:
    attributes = "".join(f", {one.name}" for one in tables.attribute_columns)
    return tables.connection.sql(
        f"SELECT lead, source, seq, type{attributes} FROM event_input ORDER BY seq, lead"
    ).fetchall()


# --- what counts -------------------------------------------------------------------------------


def as_parquet(rows: list[dict[str, Any]], folder: Path, name: str) -> object:
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder / f"{name}.parquet"


def as_csv(rows: list[dict[str, Any]], folder: Path, name: str) -> object:
    lines = [list(rows[0]), *([value or "" for value in row.values()] for row in rows)]
    return write(folder / f"{name}.csv", "".join(",".join(line) + "\n" for line in lines))


def as_database(rows: list[dict[str, Any]], folder: Path, name: str) -> object:
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.register("given", pa.Table.from_pylist(rows))
        connection.execute("CREATE TABLE t AS FROM given")
    return folder / f"{name}.duckdb"


SOURCES: dict[str, Callable[[list[dict[str, Any]], Path, str], object]] = {
    "records": lambda rows, folder, name: rows,
    "arrow": lambda rows, folder, name: pa.Table.from_pylist(rows),
    "pandas": lambda rows, folder, name: pa.Table.from_pylist(rows).to_pandas(),
    "reader": lambda rows, folder, name: pa.Table.from_pylist(rows).to_reader(),
    "parquet": as_parquet,
    "csv": as_csv,
    "database": as_database,
}


@pytest.mark.parametrize("name", SOURCES)
def test_contacts_and_their_events_count_for_the_company(tmp_path, name):
    make = SOURCES[name]
    companies, contacts, events = (
        make(rows, tmp_path, stem)
        for rows, stem in ((COMPANIES, "a"), (CONTACTS, "b"), (EVENTS, "c"))
    )
    wanted = needs(attributes=["url", "seniority"])
    with opened(wanted, companies, events, contacts=contacts) as tables:
        assert in_sql(tables) == [
            ("c1", 0, 0, "Call", "a", None),
            ("c1", 0, 1, "Visit", "b", None),
            ("c2", 0, 1, "Visit", "b", None),
            ("c1", 0, 2, "Mail", "c", None),
            ("c1", 1, 3, "Contact", "own", "VP"),
            ("c2", 1, 4, "Contact", None, "Staff"),
            ("c1", 1, 5, "Contact", None, None),
            ("c1", 1, 6, "Contact", None, "Lead"),
        ]
        c1, c2, c3 = rows_of(tables)
        assert c1.events == [
            ("Call", "2026-01-03", "a", None),
            ("Visit", "2026-01-01", "b", None),
            ("Mail", "2026-01-02", "c", None),
            ("Contact", INSTANT, "own", "VP"),
            ("Contact", INSTANT, None, None),
            ("Contact", INSTANT, None, "Lead"),
        ]
        assert c2.events == [
            ("Visit", "2026-01-01", "b", None),
            ("Contact", INSTANT, None, "Staff"),
        ]
        assert c3.events == []
        assert tables.find_lead("c1") == c1
        assert [source.of_contacts for source in tables.relations.sources] == [True, False]
        assert [source.rows for source in tables.relations.sources] == [3, 4]
        through, *others = tables.report.notes
        assert through.endswith(
            ": 3 events of contacts (by 'contact_id'), through the company of each."
        )
        assert others == []


def test_contacts_without_events_are_events():
    with opened(needs(attributes=["seniority"]), COMPANIES, contacts=CONTACTS[:2]) as tables:
        noon = dt.datetime.fromtimestamp(AS_OF, dt.UTC)
        assert tables.relations.time_kind == "TIMESTAMP WITH TIME ZONE"
        assert events_of(tables) == [
            [("Contact", noon, "VP")],
            [("Contact", noon, "Staff")],
            [],
        ]


def test_ids_that_are_whole_numbers_stay_so():
    companies = pa.table({"id": [7, 8]})
    contacts = pa.table({"id": [7, 9], "company_id": pa.array([8, 8], pa.int16())})
    events = pa.table({"contact_id": [9, 7, 1], "event": ["a", "b", "c"], "time": ["2026"] * 3})
    lists = pa.table({"contact_id": [7], "list": ["L"]})
    wanted = needs(events=True, lists=True)
    with opened(wanted, companies, events, lists, contacts=contacts) as tables:
        assert tables.relations.id_kind == "BIGINT"
        assert [row[:2] for row in in_sql(tables)] == [(8, 0), (8, 0), (None, 0), (8, 1), (8, 1)]
        assert [row.lists for row in rows_of(tables)] == [(), ("L",)]
    text = events.set_column(0, "contact_id", pa.array([" 9", "7", "1"]))
    with opened(wanted, companies, text, lists, contacts=contacts) as tables:
        assert tables.relations.id_kind == "BIGINT", "only the contacts' ids are compared as text"
        assert [row[0] for row in in_sql(tables)] == [8, 8, None, 8, 8]


def test_own_events_and_those_of_contacts_together():
    own = [{"company_id": "c2", "event": "Invoice", "time": "2026-01-05"}]
    with opened(needs(events=True), COMPANIES, [own, EVENTS], contacts=CONTACTS[1:2]) as tables:
        assert [[event[0] for event in events] for events in events_of(tables)] == [
            [],
            ["Invoice", "Visit", "Contact"],
            [],
        ]


def test_companies_of_one_id_each_get_the_contacts():
    companies = [{"id": "c1"}, {"id": "c1"}]
    with opened(needs(events=True), companies, EVENTS, contacts=CONTACTS[:1]) as tables:
        assert [len(events) for events in events_of(tables)] == [2, 2]


def test_a_contact_twice_in_one_company_counts_once():
    contacts = [
        *CONTACTS[:1],
        {"contact_id": "p1", "company_id": "c1", "seniority": "CEO"},
        {"contact_id": None, "company_id": "c1", "seniority": "none"},
        {"contact_id": " ", "company_id": "c1", "seniority": "blank"},
    ]
    with opened(needs(attributes=["seniority"]), COMPANIES, EVENTS, contacts=contacts) as tables:
        assert [(event[0], event[2]) for event in events_of(tables)[0]] == [
            ("Mail", None),
            ("Contact", "VP"),
            ("Contact", "none"),
            ("Contact", "blank"),
        ]
        assert (
            "the contacts: 1 row repeats a contact of the same company; the first row of each "
            "counts." in tables.report.notes
        )


def test_lists_of_contacts_are_those_of_the_company():
    lists = [
        {"contact_id": "p2", "list": "News"},
        {"contact_id": "p9", "list": "Lost"},
        {"contact_id": None, "list": "Lost"},
    ]
    with opened(needs(lists=True), COMPANIES, None, lists, contacts=CONTACTS) as tables:
        assert [row.lists for row in rows_of(tables)] == [("News",), ("News",), ()]
        assert tables.find_lead("c2").lists == ("News",)
        assert tables.report.notes == [
            "the lists: 3 list entries of contacts (by 'contact_id'), through the company of each.",
            "the lists: 1 of 3 list entries belongs to contacts that are not in the contacts "
            "(such as 'p9'); not counted.",
            "the lists: 1 of 3 list entries has no id of a contact in 'contact_id'; not counted.",
        ]
        assert tables.relations.sources == ()
    own = [{"company_id": "c3", "list": "News"}]
    with opened(needs(lists=True), COMPANIES, None, own, contacts=CONTACTS) as tables:
        assert [row.lists for row in rows_of(tables)] == [(), (), ("News",)]


# --- their time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "kind", "expected"),
    [
        ("2026-01-01", "VARCHAR", INSTANT),
        (dt.datetime(2026, 1, 1), "TIMESTAMP", dt.datetime(2026, 1, 31, 9)),
        (dt.date(2026, 1, 1), "TIMESTAMP", dt.datetime(2026, 1, 31, 9)),
        (
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            "TIMESTAMP WITH TIME ZONE",
            dt.datetime(2026, 1, 31, tzinfo=dt.UTC),
        ),
        (46053, "VARCHAR", INSTANT),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", ZoneInfo("Asia/Tokyo")])
def test_the_time_of_a_contact_is_the_as_of(time, kind, expected, zone):
    events = [{"contact_id": "p1", "event": "x", "time": time}]
    contacts = CONTACTS[:1]
    with opened(needs(events=True), COMPANIES, events, contacts=contacts, time_zone=zone) as tables:
        assert tables.relations.time_kind == kind
        assert events_of(tables)[0][1] == ("Contact", expected)


def test_a_local_time_that_comes_twice_stays_an_instant():
    berlin = ZoneInfo("Europe/Berlin")
    first = int(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC).timestamp())
    assert moment(first, berlin, "TIMESTAMP").kind == "TIMESTAMP"
    assert moment(first + 3600, berlin, "TIMESTAMP").kind == "TIMESTAMP WITH TIME ZONE"
    assert "2026-10-25T01:30:00+00:00" in moment(first + 3600, berlin, "TIMESTAMP").sql
    year_one = -62_135_596_800
    new_york = ZoneInfo("America/New_York")
    assert moment(year_one, new_york, "TIMESTAMP").kind == "TIMESTAMP WITH TIME ZONE"
    assert moment(year_one, dt.UTC, "DATE").kind == "TIMESTAMP"


# --- which column is what ----------------------------------------------------------------------

PEOPLE = {"seniority": "VP"}


@pytest.mark.parametrize(
    ("leads_id", "columns", "given", "contact", "company"),
    [
        ("company_id", ["contact_id", "company_id"], {}, "contact_id", "company_id"),
        ("id", ["id", "company_id"], {}, "id", "company_id"),
        ("Id", ["Id", "Name", "AccountId"], {}, "Id", "AccountId"),
        ("id", ["id", "contact_id", "company_id"], {}, "contact_id", "company_id"),
        ("id", ["contact_id", "id"], {}, "contact_id", "id"),
        (
            "Record ID",
            ["Record ID", "Associated Company", "Associated Company ID"],
            {},
            "Record ID",
            "Associated Company ID",
        ),
        (
            "Record ID",
            ["Record ID", "Primary Associated Company ID"],
            {},
            "Record ID",
            "Primary Associated Company ID",
        ),
        ("domain", ["email", "company", "Domain"], {}, "email", "Domain"),
        ("name", ["e-mail", "company"], {}, "e-mail", "company"),
        ("id", ["company_id", "name"], {}, "name", "company_id"),
        ("id", ["id", "email", "company_id"], {"contact": "EMAIL"}, "email", "company_id"),
        ("id", ["id", "firm", "company_id"], {"company": "firm"}, "id", "firm"),
        ("id", ["who", "id"], {"company": "id"}, "who", "id"),
    ],
)
def test_the_columns_of_the_contacts(leads_id, columns, given, contact, company):
    record = {name: f"<{name}>" for name in columns}
    events = [{"who": f"<{contact}>", "event": "x", "time": "2026"}]
    with opened(
        needs(events=True),
        [{leads_id: f"<{company}>"}],
        EventTable(events, ColumnMapping(contact="who")),
        id=leads_id,
        contacts=([record], given) if given else [record],
    ) as tables:
        assert [event[0] for event in rows_of(tables)[0].events] == ["x", "Contact"]


OWN, THEIRS = "own", "theirs"


@pytest.mark.parametrize(
    ("leads_id", "contacts", "columns", "whose", "note"),
    [
        ("company_id", ["contact_id", "company_id"], ["contact_id"], (THEIRS, "contact_id"), ""),
        (
            "company_id",
            ["contact_id", "company_id"],
            ["contact_id", "company_id"],
            (OWN, "company_id"),
            "there is also 'contact_id', of a contact. If it should count through the contact, "
            "say contact=contact_id",
        ),
        ("company_id", ["id", "company_id"], ["id"], (THEIRS, "id"), ""),
        ("company_id", ["id", "company_id"], ["id", "contact_id"], (THEIRS, "contact_id"), ""),
        ("company_id", ["email", "company_id"], ["contact_id", "email"], (THEIRS, "email"), ""),
        ("company_id", ["id", "company_id"], ["who"], (OWN, "who"), ""),
        ("name", ["id", "company_id"], ["who", "account_id"], (OWN, "account_id"), ""),
        ("id", ["id", "company_id"], ["id", "contact_id"], (THEIRS, "contact_id"), ""),
        ("id", ["id", "company_id"], ["id", "company_id"], (OWN, "company_id"), ""),
        ("id", ["id", "company_id"], ["lead_id"], (OWN, "lead_id"), ""),
        (
            "Record ID",
            ["Record ID", "Associated Company ID"],
            ["record id"],
            (THEIRS, "record id"),
            "the events: companies and contacts both have their ids in 'record id'; here it is "
            "taken as the contact's. If it is the company's, say lead=record id.",
        ),
        (
            "Record ID",
            ["Record ID", "Associated Company ID"],
            ["Associated Company ID", "Record ID"],
            (OWN, "Associated Company ID"),
            "",
        ),
    ],
)
def test_whose_events_a_table_holds(leads_id, contacts, columns, whose, note):
    company = contacts[1]
    people = [{contacts[0]: f"<{whose[1]}>", company: "c1"}]
    companies = [{leads_id: "c1" if whose[0] == THEIRS else f"<{whose[1]}>"}]
    event = {**{name: f"<{name}>" for name in columns}, "event": "x", "time": "2026"}
    with opened(needs(events=True), companies, [event], id=leads_id, contacts=people) as tables:
        assert [found[0] for found in rows_of(tables)[0].events][:1] == ["x"]
        assert tables.relations.sources[0].of_contacts == (whose[0] == THEIRS)
        said = [text for text in tables.report.notes if "ids" in text and "matched" not in text]
        assert len(said) == bool(note)
        assert all(note in text for text in said)


def test_the_caller_says_whose_events_they_are():
    events = [{"id": "1", "contact_id": "2", "event": "x", "time": "2026"}]
    companies, people = [{"id": "1"}], [{"id": "2", "company_id": "1"}]
    for mapping, of_contacts in (("lead=id", False), ("contact=contact_id", True)):
        for given, override in (
            (EventTable(events, parse_event_columns(mapping)), None),
            (EventTable(events, parse_event_columns("lead=event")), mapping),
            (EventTable(events, parse_event_columns("contact=event")), mapping),
        ):
            with opened(
                needs(events=True), companies, given, contacts=people, event_columns=override
            ) as tables:
                assert tables.relations.sources[0].of_contacts == of_contacts
                assert [len(events) for events in events_of(tables)] == [2]


def test_a_shared_name_in_lists():
    lists = [{"id": "1", "list": "L"}]
    companies, people = [{"id": "5"}], [{"id": "1", "company_id": "5"}]
    with opened(needs(lists=True), companies, None, lists, contacts=people) as tables:
        assert rows_of(tables)[0].lists == ("L",)
        assert "If it is the company's, call the column company_id." in str(tables.report)


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ([{"id": "1", "name": "x"}], r"company is found; it is named .*There are: name\. .*--cont"),
        (ContactTable([{"id": "1"}], company="firm"), "no column 'firm' for the company"),
        (ContactTable([{"id": "1"}], contact="who"), "no column 'who' for the id of a contact"),
        (ContactTable([{"id": "1"}], "id", "id"), "both the contact's own id and the id of its"),
        ([], "no columns"),
        (([{"id": "1"}], {"firm": "id"}), "knows contact and company"),
    ],
)
def test_columns_of_contacts_that_are_not_found(contacts, words):
    with pytest.raises(DataError, match=words):
        opened(needs(events=True), COMPANIES, EVENTS, contacts=contacts)


def test_contacts_that_are_not_given():
    given = EventTable(EVENTS, ColumnMapping(contact="contact_id"))
    with pytest.raises(DataError, match=r"no table of contacts is given. Give --contacts FILE"):
        open_tables(needs(events=True), COMPANIES, given)


def test_contacts_need_an_as_of():
    with pytest.raises(ValueError, match="as_of"):
        open_tables(needs(events=True), COMPANIES, contacts=CONTACTS)


# --- what is needed ----------------------------------------------------------------------------


def test_attributes_may_be_columns_of_the_contacts_alone():
    wanted = needs(attributes=["seniority", "url"])
    events = [{name: row[name] for name in ("contact_id", "event", "time")} for row in EVENTS]
    with opened(wanted, COMPANIES, events, contacts=CONTACTS) as tables:
        assert ("Contact", INSTANT, "VP", "own") in events_of(tables)[0]
    with pytest.raises(DataError, match=r"the events, the contacts: the events lack.*\n.*grade"):
        opened(needs(attributes=["grade"]), COMPANIES, events, contacts=CONTACTS)


def test_contacts_that_nothing_needs_are_not_read(tmp_path):
    broken = write(tmp_path / "contacts.csv", 'id,company_id\n1,"x\n')
    with opened(needs("company_id"), COMPANIES, contacts=broken) as tables:
        assert len(rows_of(tables)) == 3
        assert tables.inputs == ()
    for wanted in (needs(events=True), needs(lists=True)):
        with pytest.raises(DataError, match="line 2"):
            opened(wanted, COMPANIES, EVENTS, [{"id": "c1", "list": "L"}], contacts=broken)
    sound = write(tmp_path / "contacts.csv", "id,company_id\n1,c1\n")
    with opened(needs(events=True), COMPANIES, contacts=sound) as tables:
        assert tables.inputs == (sound.resolve(),)
        assert len(events_of(tables)[0]) == 1


# --- notes -------------------------------------------------------------------------------------


def test_what_reaches_no_company_is_said():
    contacts = [
        *CONTACTS[:2],
        {"contact_id": "p4", "company_id": None},
        {"contact_id": "p5", "company_id": "c9"},
        {"contact_id": "p5", "company_id": "c8"},
        {"contact_id": "p6", "company_id": "c9"},
        {"contact_id": "p6", "company_id": "c1"},
    ]
    events = [
        {"contact_id": who, "event": "x", "time": "2026"}
        for who in ("p1", "p9", "p4", "p4", "p5", "p6", None)
    ]
    expected = [
        "the events: 7 events of contacts (by 'contact_id'), through the company of each.",
        "the events: 1 of 7 events belongs to contacts that are not in the contacts (such as "
        "'p9'); not counted.",
        "the events: 2 of 7 events belong to contacts without a company (such as 'p4'); not "
        "counted.",
        "the events: 1 of 7 events belongs to contacts of companies that are not in the table of "
        "leads (such as 'p5'); not counted.",
        "the events: 1 of 7 events has no id of a contact in 'contact_id'; not counted.",
        "the contacts: 3 of 7 contacts belong to leads that are not in the table of leads (such "
        "as 'c8', 'c9'); not counted.",
        "the contacts: 1 of 7 contacts has no id of a lead in 'company_id'; not counted.",
    ]
    with opened(needs(events=True), COMPANIES, events, contacts=contacts) as tables:
        assert [len(found) for found in events_of(tables)] == [4, 1, 0]
        assert tables.report.notes == expected
    with opened(needs(events=True), COMPANIES, events, contacts=contacts) as tables:
        counts = tables.count_events()
        assert counts == (EventCounts(9, 4, 3), EventCounts(7, 1, 3))
        tables.note_events(counts)
        assert tables.report.notes == expected


def test_no_event_matches_a_contact():
    events = [{"contact_id": f"x{n}", "event": "x", "time": "2026"} for n in range(5)]
    with opened(needs(events=True), COMPANIES, events, contacts=CONTACTS) as tables:
        rows_of(tables)
        assert (
            "the events: 0 of 5 events matched a contact. The ids in 'contact_id' are 'x0', 'x1', "
            "'x2'; those of the contacts, in 'contact_id' of the contacts, are 'p1', 'p2', 'p3'."
            in tables.report.notes
        )


def test_no_contact_matches_a_company():
    with opened(needs(events=True), [{"company_id": "z"}], EVENTS, contacts=CONTACTS) as tables:
        rows_of(tables)
        assert tables.report.notes[1:] == [
            "the events: 3 of 3 events belong to contacts of companies that are not in the table "
            "of leads (such as 'p1', 'p2', 'p3'); not counted.",
            "the contacts: 0 of 4 contacts matched a lead. The ids in 'company_id' are 'c1', "
            "'c2'; those of the leads, in 'company_id', are 'z'.",
        ]


# --- how the command line spells it ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contacts.csv", ContactTable("contacts.csv")),
        ("c.csv:contact=e mail,company=Firm", ContactTable("c.csv", "e mail", "Firm")),
        (r"C:\b.xlsx#S:company=[a, b]", ContactTable(r"C:\b.xlsx#S", None, "a, b")),
        ("c.csv:company=", None),
        ("c.csv:contact=a,lead=b", None),
        ("c.csv:contact=a,contact=b", None),
    ],
)
def test_contacts_argument(text, expected):
    if expected is None:
        with pytest.raises(DataError, match="is not a mapping of the table of contacts"):
            parse_contacts_argument(text)
    else:
        assert parse_contacts_argument(text) == expected


def test_events_argument_with_contacts():
    found = parse_events_argument("e.csv:contact=who,type=kind")
    assert found == EventTable("e.csv", ColumnMapping(type="kind", contact="who"))
    for mapping in ("lead=a,contact=b", {"lead": "a", "contact": "b"}):
        with pytest.raises(DataError, match="not of both"):
            opened(needs(events=True), COMPANIES, EVENTS, contacts=CONTACTS, event_columns=mapping)
