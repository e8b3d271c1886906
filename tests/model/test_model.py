"""The Python API: what goes in, what comes out, and what is raised."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import leadscore

TEXT = """\
score "S"
group "G" as fit
  +10 if Industry is "saas"
  +0.001 for each 10 of [Pages seen]
group "E" as engagement
  +2 for each "Open" where campaign is "q1"
  +5 if in list "News"
labels for fit
  "good" from 10
matrix
  fit "A" from 10, "B" below 10
  engagement "1" from 2, "2" below 2
"""


@pytest.fixture(scope="module")
def model() -> leadscore.Model:
    return leadscore.loads(TEXT, "s.score")


def test_outputs_are_exact_and_typed(model):
    result = model.score(
        {"INDUSTRY ": " SaaS", "pages SEEN": "35"},
        [{"Event": "open", "Occurred_At": "2026-01-01T10:00Z", "Campaign": "Q1 "}],
        ["news"],
        "2026-01-31",
    )
    assert result.score == Decimal("17.003")
    assert (result.fit, result.engagement) == (Decimal("10.003"), Decimal(7))
    assert (result.fit_label, result.matrix) == ("good", "A1")
    assert (result.label, result.engagement_label, result.fast_track) == (None, None, None)
    assert result.excluded is None
    assert list(result.to_dict()) == ["score", "fit", "fit_label", "engagement", "matrix"]


@pytest.mark.parametrize(
    "as_of",
    ["2026-01-31", date(2026, 1, 31), datetime(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)],
)
def test_as_of_in_every_form(model, as_of):
    events = [
        {"event": "Open", "time": "2026-01-31", "campaign": "q1"},
        {"event": "Open", "time": "2026-01-31T00:00:01", "campaign": "q1"},
    ]
    result = model.score({}, events, as_of=as_of)
    assert result.engagement == 2
    assert result.report.future_events == 1


def test_now_is_the_default(model):
    events = [{"event": "Open", "time": datetime.now(UTC), "campaign": "q1"}]
    assert model.score({}, events).engagement == 2


def test_records_of_other_kinds(model):
    import pandas
    import polars

    frame = pandas.DataFrame({"industry": ["SaaS", None], "pages seen": [float("nan"), 20]})
    assert model.score(frame.iloc[0]).score == Decimal(10)
    assert model.score(frame.iloc[1]).score == Decimal("0.002")
    row = polars.DataFrame({"industry": ["SaaS"]}).row(0, named=True)
    assert model.score(row).score == 10
    assert model.score({"industry": pandas.NA, "pages seen": pandas.NaT}).score == 0
    assert model.score({}, lists="News").score == 5


def test_the_receipt_is_made_when_it_is_asked_for(model):
    lead: dict[str, Any] = {"industry": "SaaS"}
    result = model.score(lead)
    lead["industry"] = "Mining"  # what was scored is what the receipt explains
    assert result.receipt is result.receipt
    assert result.receipt.to_dict()["groups"][0]["points"] == "10"
    assert "+10 if Industry" in str(result.receipt)


def test_errors_are_all_there_and_say_where():
    with pytest.raises(leadscore.ScoreSyntaxError) as caught:
        leadscore.loads('score "S"\ngroup "G"\n  5 if x is 1\n  +5 if nobody\n', "x.score")
    assert [found.code for found in caught.value.diagnostics] == ["S001", "E202"]
    assert "x.score:3:3" in str(caught.value)
    with pytest.raises(leadscore.ScoreError) as meant:
        leadscore.loads('score "S"\ngroup "G"\n  +5 if nobody\n')
    assert not isinstance(meant.value, leadscore.ScoreSyntaxError)


def test_bad_arguments_have_clear_errors(model):
    with pytest.raises(leadscore.DataError, match="as-of"):
        model.score({}, as_of="tomorrow")
    with pytest.raises(leadscore.DataError, match="time zone"):
        model.score({}, time_zone="Nowhere/Land")
    with pytest.raises(leadscore.DataError, match="type"):
        model.score({}, [{"what": "Open"}])
    with pytest.raises(leadscore.DataError, match="engine"):
        model.score_table([{"id": "1"}], engine="abacus")


def test_what_a_run_has_to_say(model):
    result = model.score(
        {"pages seen": "many"},
        [{"event": "Open", "time": "yesterday", "campaign": "q1"}],
        as_of="2026-01-31",
    )
    assert str(result.report).splitlines() == [
        "Pages seen: 1 value not read as a number, taken as unknown, such as 'many' "
        "(numbers are written as 1200.5)",
        "1 event without a time that can be read (such as 'yesterday'), not counted "
        '(--time-pattern "M/D/YY h:mm" says how times are written; in Python: time_pattern=)',
    ]


def test_an_error_in_generated_code_names_the_line_and_the_lead():
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    model = leadscore.loads(
        'score "S"\ngroup "G"\n  +1 if a is 1\n\n  +1 if b is "x"\n', "odd.score"
    )
    with pytest.raises(leadscore.EvaluationError, match=r"odd\.score:5: lead 7 .*no text"):
        model.score({"id": 7, "b": Odd()})


def test_bounds(model):
    assert (model.bounds.fit.low, model.bounds.fit.high) == (0, None)
    assert model.bounds.groups[1].low == 0
    limited = leadscore.loads('score "S"\nlimit 0 to 5\ngroup "G"\n  +9 if x = 1\n  -3 if y = 1\n')
    assert limited.bounds.rules[0][0].high == 90_000_000
    assert (limited.bounds.groups[0].low, limited.bounds.groups[0].high) == (
        -30_000_000,
        90_000_000,
    )
    assert (limited.bounds.score.low, limited.bounds.score.high) == (0, 50_000_000)


def test_score_table_takes_and_gives_frames(model):
    import pandas
    import polars
    import pyarrow

    leads = {"id": ["b", "a"], "industry": ["SaaS", "x"], "pages seen": [20.0, None]}
    events = {"id": ["a"], "event": ["Open"], "time": ["2026-01-01"], "campaign": ["q1"]}
    lists = {"id": ["a"], "list": ["News"]}
    made = [
        model.score_table(make(leads), make(events), make(lists), "2026-01-31")
        for make in (pyarrow.table, pandas.DataFrame, polars.DataFrame)
    ]
    for scores in made:
        assert scores.to_arrow().to_pydict() == {
            "id": ["b", "a"],
            "score": [10.002, 7.0],
            "fit": [10.002, 0.0],
            "fit_label": ["good", None],
            "engagement": [0.0, 7.0],
            "matrix": ["A2", "B1"],
        }
    scores = made[0]
    assert list(scores.to_pandas()["score"]) == [10.002, 7.0]
    assert scores.to_polars()["matrix"].to_list() == ["A2", "B1"]
    assert polars.DataFrame(scores).height == pyarrow.table(scores).num_rows == len(scores) == 2


def test_times_in_another_pattern(model):
    events = [{"event": "Open", "time": "1/30/26 19:05", "campaign": "q1"}]
    assert model.score({}, events, as_of="2026-01-31").engagement == 0
    read = model.score({}, events, as_of="2026-01-31", time_pattern="M/D/YY h:mm")
    assert read.engagement == 2
    iso = [{"event": "Open", "time": "2026-01-30", "campaign": "q1"}]  # is still read
    assert model.score({}, iso, as_of="2026-01-31", time_pattern="M/D/YY h:mm").engagement == 2
    with pytest.raises(leadscore.DataError, match="no year"):
        model.score({}, events, time_pattern="h:mm")


def test_times_at_the_ends_of_the_calendar():
    text = (
        'score "S"\ngroup "G"\n  +1 for each "V" up to 1 per month\n  +2 if until >= 2026-01-01\n'
    )
    model = leadscore.loads(text)
    events: list[dict[str, Any]] = [
        {"event": "V", "time": "0001-01-01T00:00:00+01:00"},
        {"event": "V", "time": date.min},
    ]
    for zone in ("UTC", "Europe/Berlin", "Pacific/Auckland"):
        result = model.score(
            {"until": date.max}, events, as_of="9999-12-31T23:59:59-01:00", time_zone=zone
        )
        assert result.score == 3
        assert result.receipt.to_dict()["score"] == "3"


def test_a_model_can_be_pickled(model):
    import pickle

    assert pickle.loads(pickle.dumps(model)).score({"industry": "SaaS"}).score == 10


def test_what_is_no_record_is_refused(model):
    odd: list[Any] = ["x", 5, ["a"]]
    for lead in odd:
        with pytest.raises(leadscore.DataError, match="a lead is a record"):
            model.score(lead)
    with pytest.raises(leadscore.DataError, match="an event is a record"):
        model.score({}, ["Open"])


def test_an_if_that_fails_hides_a_total_past_64_bits():
    text = 'score "S"\ngroup "G" if a is yes\n  by total of amount in "O"\n    > 5: +1\n'
    model = leadscore.loads(text)
    events = [{"event": "O", "time": "2026-01-01", "amount": 1e15}]
    assert model.score({}, events, as_of="2026-01-31").score == 0
    with pytest.raises(leadscore.EvaluationError, match="64 bits"):
        model.score({"a": True}, events, as_of="2026-01-31")
