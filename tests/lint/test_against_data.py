"""Findings against data, beyond the examples on their pages."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.support import findings
from tests.lint.tables import AS_OF
from tests.syntax.texts import applied

from leadscore import loads
from leadscore.analysis import analyse
from leadscore.data import Tables, open_tables
from leadscore.diagnostics import Diagnostic
from leadscore.lint import Example, lint
from leadscore.lint_data import read_facts
from leadscore.needs import Needs
from leadscore.syntax.document import parse

LEADS = "id,industry,employees\n1,Software,120\n2,Retail,8\n3,Retail,9\n"
EVENTS = (
    "id,event,time,campaign,url\n"
    "1,CTA click,2026-01-20,pricing,\n"
    "1,Page view,2026-01-21,,/a\n"
    "2,Page view,2026-01-22,,/b\n"
)
LISTS = "id,list\n1,Partners\n"


def found(
    lines: str,
    *,
    leads: str = LEADS,
    events: str | None = EVENTS,
    lists: str | None = LISTS,
    head: str = "",
) -> list[Diagnostic]:
    """What the data say about a group of these lines."""
    tables = [("leads", leads)]
    tables += [("events", events)] if events is not None else []
    tables += [("lists", lists)] if lists is not None else []
    text = f'score "S"\n{head}group "g"\n{lines}'
    return [
        item
        for item in findings(Example(text, True, tuple(tables)))
        if item.code.startswith("L5") or item.severity == "error"
    ]


def codes(lines: str, **given: str | None) -> list[str]:
    return [item.code for item in found(lines, **given)]  # type: ignore[arg-type]


def test_without_tables_nothing_is_said() -> None:
    lines = '  +1 for each "Nothing"\n  +1 if in list "None"\n'
    assert codes(lines) == ["L509", "L505"]
    assert codes(lines, events=None) == ["L505"]
    assert codes(lines, lists=None) == ["L509"]


def test_a_missing_column_without_a_near_one() -> None:
    (item,) = found('  +1 if favourite_colour is "red"\n')
    assert item.code == "L501"
    assert item.hint == 'There are: "id", "industry", "employees".'
    assert not item.fixes
    assert item.severity == "warning"


def test_a_missing_column_is_told_once_and_at_its_declaration() -> None:
    head = "properties\n  staff: number\n"
    lines = "  +1 if staff > 5\n  +2 if staff > 9\n"
    (item,) = found(lines, head=head, leads="id,Staff count\n1,6\n")
    text = f'score "S"\n{head}group "g"\n{lines}'
    assert text[item.span.start : item.span.end] == "staff"
    assert item.span.start < text.index("group")
    assert '  staff: number from "Staff count"\n' in applied(text, item.fixes[0])


def test_columns_that_no_model_can_name_are_no_fix() -> None:
    (item,) = found("  +1 if staffs > 5\n", leads='id,"sta\nffs"\n1,6\n')
    assert item.code == "L501"
    assert not item.fixes


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('  +1 for each "Page views"\n', ["L502"]),
        ('  +1 for each "Page views"\n  +1 for each "Page view"\n', ["L509"]),
        ('  +1 for each "Visit" since "Recycled"\n', ["L509", "L509"]),
        ('  +1 for each "Page view" reset by "Recycled"\n', ["L509"]),
        ('  +1 for each "page VIEW "\n', []),
        ('  +1 if no event "Signed"\n', ["L509"]),
    ],
)
def test_types_that_never_occur(lines: str, expected: list[str]) -> None:
    assert codes(lines) == expected


def test_renamed_types_occur_under_any_of_their_names() -> None:
    lines = '  +1 for each "View"\n'
    assert codes(lines, head='events\n  "View" from "PV", "Page view"\n') == []
    assert codes(lines, head='events\n  "View" from "PV", "Page views"\n') == ["L502"]
    assert codes(lines, head='events\n  "View" from "PV"\n') == ["L509"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('  +1 if industry is "software "\n', []),
        ('  +1 if industry is any of "Softwre", "Retail"\n', ["L503"]),
        ('  +1 if industry is "Softwre"\n  +1 if industry is "Software"\n', ["L510"]),
        ('  +1 if industry is any of "Mining", "Retail"\n', ["L510"]),
        ('  -1 if industry is not "Mining"\n', []),
        ('  by industry\n    "Mining": +1\n    otherwise: +2\n', ["L510"]),
        ('  +1 if industry contains "Mining"\n', []),
        ('  +1 if employees is "8"\n', []),
    ],
)
def test_values_that_never_occur(lines: str, expected: list[str]) -> None:
    assert codes(lines) == expected


def test_many_values_that_never_occur_are_one_finding() -> None:
    countries = ", ".join(f'"Country {at}"' for at in range(200))
    (item,) = found(f"  +1 if industry is any of {countries}\n")
    assert item.message.endswith('"Country 3" and 196 more as industry')


def test_unreadable_values_of_attributes_and_times() -> None:
    events = "id,event,time,amount\n1,Order,2026-01-01,1 000\n1,Order,yesterday,20\n"
    (amount, time) = sorted(
        found('  by total of amount in "Order"\n    >= 10: +1\n', events=events),
        key=lambda item: "time" in item.message,
    )
    assert (amount.code, time.code) == ("L504", "L504")
    assert amount.message == "1 value of `amount` cannot be read as a number"
    assert amount.label == 'such as "1 000"'
    assert time.message == "1 event has no time that can be read"


def test_the_hint_knows_the_declared_pattern() -> None:
    (item,) = found(
        "  +1 if seen is within the last 3 days\n",
        head='properties\n  seen: date "D.M.YYYY"\n',
        leads="id,seen\n1,1/2/2026\n2,1.2.2026\n",
    )
    assert item.hint.startswith('Dates are declared as "D.M.YYYY"')


def test_own_mails_in_the_data() -> None:
    events = EVENTS + "1,Email delivered,2026-01-20,,\n2,EMAIL_SENT,2026-01-20,,\n"
    for lines in (
        "  -1 for each 30 days without any event limit -9\n",
        "  -1 if no event in the last 30 days\n",
        "  +1 if event in the last 30 days\n",
        "  +1 if any event in the last 30 days at least 2 times\n",
        '  +1 for each any event except "Page view"\n',
    ):
        text = f'score "S"\ngroup "g"\n{lines}'
        (item,) = found(lines, events=events)
        assert item.code == "L506"
        mended = applied(text, item.fixes[0])
        left = findings(Example(mended, True, (("leads", LEADS), ("events", events))))
        assert not [one for one in left if one.code in ("L506", "L303")], mended
    assert codes('  +1 for each "Page view"\n', events=events) == []


def test_an_attribute_that_other_types_have() -> None:
    (item,) = found('  +1 for each "Page view" where campaign is "pricing"\n')
    assert item.code == "L507"
    assert item.hint == 'Events that have it: "CTA click".'
    assert codes('  +1 for each "Page view", "CTA click" where campaign is "pricing"\n') == []
    assert codes('  +1 for each any event where campaign is "pricing"\n') == []


def test_a_property_of_the_lead_inside_of_where() -> None:
    (item,) = found('  +1 for each "Page view" where industry is "Retail"\n')
    assert item.code == "L507"
    assert item.hint == "It is a column of the leads: say it outside of `where`, after `if`."
    assert not item.fixes


def test_other_values_of_a_choice() -> None:
    (item,) = found(
        '  +1 if industry is "Retail"\n',
        head='properties\n  industry: one of "Retail", "Softwar"\n',
    )
    assert (item.code, item.severity, item.label) == ("L508", "info", '"Software"')
    assert item.hint == 'Did you mean "Software" by "softwar"?'


def test_too_many_texts_prove_nothing() -> None:
    leads = "id,industry\n" + "".join(f"{at},Industry {at}x\n" for at in range(10_001))
    assert codes('  +1 if industry is "Retail"\n', leads=leads) == []
    assert codes('  +1 if industry is "Retail"\n', leads=leads[: leads.rindex("10000,")]) == [
        "L510"
    ]


# Soundness: what is said never to occur gives no points to any lead of the data

TYPES = ("Visit", "Visits", "Open", "Order", "Call")
VALUES = ("Software", "Softwre", " software", "Retail", "Mining", "N/A", "")
rule_lines = st.one_of(
    st.sampled_from(VALUES[:5]).map('  +1 if industry is "{}"'.format),
    st.sampled_from(VALUES[:5]).map('  by industry\n    "{}": +1'.format),
    st.sampled_from(TYPES).map('  +1 for each "{}"'.format),
    st.sampled_from(TYPES).map('  +1 for each "{}" where c is known'.format),
    st.sampled_from(TYPES).map('  +1 if event "{}" where d is "x"'.format),
    st.sampled_from(("Gold", "Golds", "Fair")).map('  +1 if in list "{}"'.format),
)
rows = st.fixed_dictionaries(
    {"event": st.sampled_from(TYPES[:4]), "c": st.sampled_from(("x", " ", None))},
    optional={"d": st.sampled_from(("x", "\u3000"))},
)


@settings(max_examples=60)
@given(
    st.lists(rule_lines, min_size=1, max_size=6, unique=True),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
    st.lists(rows, min_size=1, max_size=5),
    st.lists(st.sampled_from(("gold ", "Silver")), min_size=1, max_size=2),
    st.booleans(),
)
def test_what_is_said_never_to_occur_gives_nothing(
    lines: list[str],
    industries: list[str],
    happened: list[dict[str, str | None]],
    lists: list[str],
    renamed: bool,
) -> None:
    head = 'score "S"\nunknown values "N/A"\n'
    if renamed:
        head += 'events\n  "Call" from "Open"\n'
    leads = [{"id": str(at), "industry": one} for at, one in enumerate(industries)]
    events = [{"id": "0", "time": "2026-01-01", "c": None, "d": None, **one} for one in happened]
    table = [{"id": "0", "list": name} for name in lists]
    text = head + 'group "g"\n' + "\n".join(lines) + "\n"
    analysis = analyse(parse(text))

    def open(needs: Needs) -> Tables:
        return open_tables(needs, leads, events, table, as_of=AS_OF, allow_missing=True)

    facts = read_facts(analysis, open, as_of=AS_OF, time_zone=UTC)
    said = {"L502", "L503", "L505", "L507", "L509", "L510"}
    places = [
        text.count("\n", 0, item.span.start) for item in lint(analysis, facts) if item.code in said
    ]
    first = head.count("\n") + 1
    silent: set[str] = set()
    for line in lines:
        height = line.count("\n") + 1
        told = any(first <= place < first + height for place in places)
        first += height
        model = loads(f'{head}group "g"\n{line}\n')
        scores = [
            model.score(
                lead,
                events if lead["id"] == "0" else (),
                lists if lead["id"] == "0" else (),
                as_of="2026-01-31",
            ).score
            for lead in leads
        ]
        assert not (told and any(scores)), line
        name = line.split('"')[1] if "where" not in line else None
        if not told and not any(scores) and name is not None and name not in silent:
            # Told at another line that names it, or it is there for none of the leads.
            assert any(f'"{name}"' in other for other in lines if other != line) or (
                renamed and name == "Open"
            ), line
        silent.add(name or "")


# Odd data


def test_messages_show_no_controls_of_the_data() -> None:
    odd = "\x1b[31mred" + "x" * 300
    leads = f'id,industry,employees\n1,Mining,"{odd}"\n2,"{odd[:20]}",8\n'
    lists = f'id,list\n1,"{odd}"\n2,"{odd[:20]}"\n'
    events = f'id,event,time,"a\x1bb"\n1,"{odd}",2026-01-01,\n1,"{odd[:20]}","{odd[:30]}",\n'
    items = found(
        '  +1 if employees > 5\n  +1 if industry is "a"\n  +1 if in list "b"\n'
        '  +1 for each "c"\n  +1 for each any event where d is "e"\n  +1 if nothing is "f"\n',
        leads=leads,
        lists=lists,
        events=events,
    )
    assert {item.code for item in items} == {"L501", "L504", "L505", "L509", "L510"}
    for item in items:
        told = f"{item.message}\n{item.label}\n{item.hint}"
        assert told.replace("\n", "").isprintable(), item
        assert len(told) < 600


@pytest.mark.parametrize("length", [199, 200, 201, 5000])
def test_long_texts_are_no_proof_of_others(length: int) -> None:
    long = "v" * length
    leads = f"id,industry\n1,{' ' * 300}{long}\n2,{'w' * 5000}\n"
    events = f"id,event,time,c\n1,{long},2026-01-01,x\n"
    assert codes(f'  +1 if industry is "{long}"\n', leads=leads) == []
    assert codes('  +1 if industry is "v"\n', leads=leads) == ["L510"]
    assert codes(f'  +1 for each "{long}"\n', events=events) == []
    lines = f'  +1 for each "{long}" where c is known\n  +1 for each any event where c is known\n'
    assert codes(lines, events=events) == []


def test_types_of_contacts_have_their_attributes() -> None:
    leads = [{"company": "1"}]
    contacts = [{"contact_id": "c", "company": "1", "seniority": "VP"}]
    events = [{"contact_id": "c", "event": "Visit", "time": "2026-01-01"}]
    text = (
        'score "S"\ngroup "g"\n  +1 for each "Contact" where seniority is "VP"\n'
        '  +1 for each "Visit" where seniority is "VP"\n'
    )
    analysis = analyse(parse(text))

    def open(needs: Needs) -> Tables:
        return open_tables(
            needs, leads, events, as_of=AS_OF, allow_missing=True, contacts=contacts, id="company"
        )

    facts = read_facts(analysis, open, as_of=AS_OF, time_zone=UTC)
    (item,) = lint(analysis, facts)
    assert (item.code, item.hint) == ("L507", 'Events that have it: "Contact".')


def test_a_broken_model_reads_nothing() -> None:
    def open(needs: Needs) -> Tables:
        raise AssertionError("nothing is to be opened")

    with pytest.raises(ValueError, match="errors"):
        read_facts(analyse(parse("score")), open, as_of=AS_OF, time_zone=UTC)
