"""What is read of tables for rules: the same from every format, also of odd and large ones."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lint.tables import AS_OF

from leadscore import loads
from leadscore.analysis import analyse
from leadscore.data import Tables, open_tables
from leadscore.errors import DataError, EvaluationError
from leadscore.lint.facts import EventFacts, Facts, Found, Texts, Unread
from leadscore.lint_data import MOST, read_facts
from leadscore.needs import Needs
from leadscore.syntax.document import parse
from leadscore.values.text import fold

MODEL = """\
score "Contacts"
unknown values "N/A"
properties
  employees: number from "Number of Employees"
  industry: one of "SaaS", "Retail"
  revenue: number
events
  "Email open" from "EMAIL_OPEN"
group "Fit" as fit
  +20 if employees >= 50 and industry is "SaaS"
  +5 if country is "DE"
  +5 if revenue > 100
group "Engagement" as engagement
  +2 for each "Email open"
  +6 for each "CTA click" where campaign contains "pricing"
  +1 if in list "Partners"
"""
LEADS = [
    {"id": "1", "Number of Employees": "120", "industry": " saas", "country": "DE"},
    {"id": "2", "Number of Employees": "1 200", "industry": "Mining", "country": "de "},
    {"id": "3", "Number of Employees": "N/A", "industry": "SaaS", "country": "n/a"},
]
EVENTS = [
    {"id": "1", "event": "EMAIL_OPEN", "time": "2026-01-20", "campaign": " "},
    {"id": "1", "event": "CTA click", "time": "2026-01-21", "campaign": "pricing"},
    {"id": "2", "event": "cta CLICK", "time": "soon", "campaign": ""},
    {"id": "9", "event": "Visit", "time": "2026-01-21", "campaign": ""},
]
LISTS = [{"id": "1", "list": "Partners"}, {"id": "2", "list": "partners "}]


def facts(model: str, leads: Any, events: Any = None, lists: Any = None, **options: Any) -> Facts:
    def open(needs: Needs) -> Tables:
        return open_tables(needs, leads, events, lists, as_of=AS_OF, allow_missing=True, **options)

    return read_facts(analyse(parse(model)), open, as_of=AS_OF, time_zone=dt.UTC)


def csv(rows: list[dict[str, str]], separator: str = ",") -> str:
    lines = [separator.join(rows[0])]
    lines += [separator.join(row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def in_format(name: str, what: str, rows: list[dict[str, str]], folder: Path) -> Any:
    """Rows as a table in one of the formats."""
    path = folder / f"{what}.{name}"
    match name:
        case "csv":
            path.write_text(csv(rows), encoding="utf-8")
        case "tsv":
            path.write_text(csv(rows, "\t"), encoding="utf-8")
        case "json":
            path.write_text(json.dumps(rows), encoding="utf-8")
        case "jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        case "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        case "xlsx":
            book = openpyxl.Workbook()
            assert book.active is not None
            book.active.append(list(rows[0]))
            for row in rows:
                book.active.append(list(row.values()))
            book.save(path)
        case "duckdb":
            with duckdb.connect(str(path)) as connection:
                connection.register("given", pa.Table.from_pylist(rows))
                connection.execute("CREATE TABLE t AS FROM given")
            return f"{path}#t"
        case "arrow":
            return pa.Table.from_pylist(rows)
        case "reader":
            return pa.Table.from_pylist(rows).to_reader()
        case "pandas":
            return pd.DataFrame(rows)
        case "polars":
            return pl.DataFrame(rows)
        case "records":
            return rows
    return path


FORMATS = (
    "csv", "tsv", "json", "jsonl", "parquet", "xlsx", "duckdb", "arrow", "reader", "pandas",
    "polars", "records",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_same(name: str, tmp_path: Path) -> None:
    tables = [
        in_format(name, what, rows, tmp_path)
        for what, rows in (("leads", LEADS), ("events", EVENTS), ("lists", LISTS))
    ]
    found = facts(MODEL, *tables)
    notes = found.notes
    assert any("belongs to leads that are not in" in note for note in notes)
    assert found == Facts(
        leads=3,
        columns=("id", "Number of Employees", "industry", "country"),
        missing=frozenset({"revenue"}),
        values={
            "industry": Texts({"saas": Found("saas", 2), "mining": Found("Mining", 1)}, True),
            "country": Texts({"de": Found("DE", 2)}, True),
        },
        unread=(
            Unread("employees", "number", 1, "1 200"),
            Unread("industry", "one of", 1, "Mining"),
        ),
        events=EventFacts(
            columns=("id", "event", "time", "campaign"),
            count=4,
            types=Texts(
                {
                    "cta click": Found("CTA click", 2),
                    "email_open": Found("EMAIL_OPEN", 1),
                    "visit": Found("Visit", 1),
                },
                True,
            ),
            attributes={"campaign": {"cta click": 1, "email_open": 0, "visit": 0}},
            untimed=1,
            untimed_example="soon",
        ),
        lists=Texts({"partners": Found("Partners", 2)}, True),
        notes=notes,
    )


def test_what_was_not_given_is_not_said() -> None:
    found = facts(MODEL, LEADS)
    assert found.events is None
    assert found.lists is None
    assert facts('score "S"\ngroup "g"\n  +1 always\n', LEADS, EVENTS).events is None
    contacts = [{"contact": "c1", "company": "1"}]
    found = facts(MODEL, LEADS, contacts=contacts, id="id")
    assert found.events is None


def test_typed_columns_have_the_texts_of_the_language() -> None:
    model = """\
score "S"
group "g"
  +1 if size is "10" and started is "2026-01-31" and flag is "true" and real is "0.5"
"""
    rows = pa.table(
        {
            "id": ["1", "2"],
            "size": [10.0, None],
            "started": [dt.date(2026, 1, 31), None],
            "flag": [True, None],
            "real": [0.5, float("nan")],
        }
    )
    values = facts(model, rows).values
    assert {key: set(texts.found) for key, texts in values.items()} == {
        "size": {"10"},
        "started": {"2026-01-31"},
        "flag": {"true"},
        "real": {"0.5"},
    }


def test_names_that_would_break_sql_are_names() -> None:
    odd = """a"b'; drop table leads; -- [x]"""
    lines = [
        'score "S"',
        'group "g"',
        f'  +1 if [{odd.replace("]", "]]")}] is "x\'y""z"',
        '  +1 for each "it\'s ""it""" where [o\'"clock] is known',
    ]
    leads = pa.table({"id": ["1"], odd: ["""x'y"z"""]})
    events = pa.table(
        {
            "id": ["1"],
            "event": ['it\'s "it"'],
            "time": ["2026-01-01"],
            "o'\"clock": ["\u3000noon"],
        }
    )
    found = facts("\n".join(lines) + "\n", leads, events)
    assert found.missing == frozenset()
    assert {key: dict(texts.found) for key, texts in found.values.items()} == {
        odd: {"x'y\"z": Found("x'y\"z", 1)}
    }
    assert found.events is not None
    assert found.events.attributes == {"o'\"clock": {'it\'s "it"': 1}}


def test_of_very_many_texts_the_most_frequent_are_kept() -> None:
    many = 100_000
    leads = pa.table({"id": list(range(many)), "email": [f"x{at}" for at in range(many)]})
    twice = pa.concat_tables([leads, leads.slice(many - 1).set_column(0, "id", [[many]])])
    types = pa.table({"id": leads["id"], "event": leads["email"], "time": ["2026-01-01"] * many})
    model = 'score "S"\ngroup "g"\n  +1 if email is "a@b.c"\n  +1 for each "Visit"\n'
    found = facts(model, twice, types)
    texts = found.values["email"]
    assert not texts.whole
    assert not texts.lack("a@b.c")
    assert len(texts.found) == MOST
    assert next(iter(texts.found)) == f"x{many - 1}"
    assert found.events is not None
    assert found.events.count == many
    assert not found.events.types.whole


def test_small_memory_is_enough(tmp_path: Path) -> None:
    many = 200_000
    leads = tmp_path / "leads.parquet"
    pq.write_table(
        pa.table({"id": list(range(many)), "note": [f"note {at} " * 9 for at in range(many)]}),
        leads,
    )
    model = 'score "S"\ngroup "g"\n  +1 if note is "x"\n'
    assert not facts(model, leads, memory_limit="100MB").values["note"].whole


def test_errors_of_tables_are_the_readers(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none"):
        facts(MODEL, tmp_path / "none.csv")
    with pytest.raises(EvaluationError, match="lead 1"):
        facts(
            'score "S"\ngroup "g"\n  +100000 for each 1 of size\n',
            [{"id": "1", "size": "999999999999"}],
        )


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
def test_texts_are_counted_as_the_language_compares_them(pairs: list[tuple[str, str]]) -> None:
    """A model that compares with a text of the data counts as many leads as the facts say."""
    leads = [{"id": str(at), "a": one} for at, (one, _) in enumerate(pairs)]
    events = [
        {"id": "0", "event": other, "time": "2026-01-01"} for _, other in pairs if other.strip()
    ]
    model = 'score "S"\nunknown values "?"\ngroup "g"\n  +1 if a is "x"\n  +1 for each "x"\n'
    found = facts(model, leads, events or None)
    texts = found.values["a"].found
    for key, text in texts.items():
        quoted = text.shown.replace('"', '""')
        if not text.shown.isprintable():
            continue
        scored = loads(f'score "S"\ngroup "g"\n  +1 if a is "{quoted}"\n')
        scores = [scored.score(lead).score for lead in leads]
        assert sum(map(int, filter(None, scores))) == text.count, key
    expected = {fold(lead["a"]) for lead in leads} - {"", "?"}
    assert set(texts) == expected
    if found.events is not None:
        assert sum(one.count for one in found.events.types.found.values()) <= len(events)
