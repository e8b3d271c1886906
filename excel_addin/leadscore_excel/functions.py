"""The five functions: a grid goes in, a grid comes out.

They never raise, and what they give holds texts and finite numbers only: an excluded lead and an
empty row give '', and what cannot be computed gives one text that starts with ``LEADSCORE:``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from leadscore.columns import count
from leadscore.errors import LeadscoreError
from leadscore.receipt import GroupReceipt, Receipt
from leadscore.report import Report
from leadscore.values.units import UNIT
from leadscore_excel import config as configuration
from leadscore_excel.grid import Cell, Grid, as_rows, out_text
from leadscore_excel.host import Host
from leadscore_excel.joined import event_places, given_table
from leadscore_excel.models import compiled, findings, model_text
from leadscore_excel.scoring import Arguments, Blank, Outcome, Scored, scored
from leadscore_excel.sheet import header, lacking, properties_of
from leadscore_excel.trouble import Trouble, told

EXCEL = Host()


def score(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
    *,
    host: Host = EXCEL,
) -> Grid:
    """The score of each row, in points: a column."""

    def answer(config: configuration.Config) -> Grid:
        call = scored(Arguments(model, headers, rows, events, lists, as_of), host, config)
        return [[_score(outcome)] for outcome in call.outcomes]

    return _answered(answer)


def label(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
    *,
    host: Host = EXCEL,
) -> Grid:
    """The label of each row, by threshold or fast track: a column."""

    def answer(config: configuration.Config) -> Grid:
        call = scored(Arguments(model, headers, rows, events, lists, as_of), host, config)
        if "label" not in call.model.outputs.names:
            raise Trouble("the model gives no label of the score: it has no labels.")
        return [[_label(call, outcome)] for outcome in call.outcomes]

    return _answered(answer)


def table(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
    *,
    host: Host = EXCEL,
) -> Grid:
    """All outputs that the model defines, a row a lead, under a header row."""

    def answer(config: configuration.Config) -> Grid:
        call = scored(Arguments(model, headers, rows, events, lists, as_of), host, config)
        outputs: list[Cell] = list(call.model.outputs.names)
        return [outputs, *(_outputs(call, outcome) for outcome in call.outcomes)]

    return _answered(answer)


def explain(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
    *,
    host: Host = EXCEL,
) -> Grid:
    """The receipt of one row: group, rule, earned, decayed, limited, points, under a header row.

    The points of rules and limits add up to the score. Then come the outputs, and notes on what
    could not be used.
    """

    def answer(config: configuration.Config) -> Grid:
        given = Arguments(model, headers, rows, events, lists, as_of)
        call = scored(given, host, config, "LEADSCORE_EXPLAIN")
        (outcome,) = call.outcomes
        if isinstance(outcome, Blank):
            raise Trouble("the row is empty.")
        if isinstance(outcome, Trouble):
            raise outcome
        receipt = call.explain.receipt(0, outcome)
        notes: list[list[Cell]] = [
            ["note", out_text(note), "", "", "", ""]
            for note in (*call.notes, *_report_notes(call.report))
        ]
        outputs = _output_rows(call, outcome)
        moment: list[Cell] = ["as of", receipt.as_of, "", "", "", ""]
        return [list(_RECEIPT), *_receipt_rows(receipt), *outputs, moment, *notes]

    return _answered(answer)


def check(model: Any, headers: Any = None, events: Any = None, *, host: Host = EXCEL) -> Grid:
    """``OK``, or what is wrong with the model, and what of it the sheet lacks: a column."""

    def answer(config: configuration.Config) -> Grid:
        found, sound = findings(model_text(model, host, config))
        above = as_rows(headers)
        if above and sound:
            found += _lacking(model, above, events, host, config)
        return [[out_text(one)] for one in found] or [["OK"]]

    return _answered(answer)


def _answered(answer: Callable[[configuration.Config], Grid]) -> Grid:
    """What a function gives; a text in one cell where it cannot."""
    try:
        return answer(configuration.load())
    except (Trouble, LeadscoreError) as trouble:
        return [[out_text(told(trouble))]]
    except Exception as error:  # nothing may get out: a host shows a crash, or tries again
        what = f"this should not happen ({type(error).__name__}: {_said(error)}). Please report it."
        return [[out_text(told(what))]]


def _said(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # of a value of the caller's own
        return "an error without a text"


# Rows


def _score(outcome: Outcome) -> Cell:
    if isinstance(outcome, tuple):
        return outcome[2] / UNIT
    return _in_its_cell(outcome)


def _label(call: Scored, outcome: Outcome) -> Cell:
    if isinstance(outcome, tuple):
        value = call.model.outputs.value(outcome, "label")
        return out_text(value) if isinstance(value, str) else ""
    return _in_its_cell(outcome)


def _outputs(call: Scored, outcome: Outcome) -> list[Cell]:
    if isinstance(outcome, (Blank, Trouble)):
        return [_in_its_cell(outcome), *[""] * (len(call.model.outputs.names) - 1)]
    return [_cell(value) for value in call.model.outputs.units_row(outcome)]


def _in_its_cell(outcome: int | Trouble | Blank) -> Cell:
    """What stands in place of a score: a lead that is excluded and an empty row have none."""
    return out_text(told(outcome)) if isinstance(outcome, Trouble) else ""


def _cell(value: int | str | None) -> Cell:
    if value is None:
        return ""
    return out_text(value) if isinstance(value, str) else value / UNIT


# The receipt

_SUMS = ("fit", "engagement", "score")
_RECEIPT: tuple[str, ...] = ("group", "rule", "earned", "decayed", "limited", "points")


def _receipt_rows(receipt: Receipt) -> list[list[Cell]]:
    out: list[list[Cell]] = []
    for group in receipt.groups:
        out += _group_rows(group)
    for target in _SUMS:
        lost = receipt.limited.get(target, 0)
        if lost:
            out.append(["", f"limit of {target}", "", "", lost / UNIT, -lost / UNIT])
    return out


def _group_rows(group: GroupReceipt) -> list[list[Cell]]:
    name = out_text(group.name)
    out: list[list[Cell]] = [
        [
            name,
            out_text(rule.name or rule.rule),
            rule.earned / UNIT,
            rule.decayed / UNIT,
            rule.limited / UNIT,
            rule.points / UNIT,
        ]
        for rule in group.rules
    ]
    if group.limited:
        lost = group.limited / UNIT
        out.append([name, "limit of the group", "", "", lost, -lost])
    if group.failed is not None:
        out.append([name, out_text(f"does not hold: {group.failed}"), "", "", "", ""])
    return out


def _output_rows(call: Scored, outcome: Any) -> list[list[Cell]]:
    """A row an output: its name, its text or its points; the score last of the numbers."""
    units = dict(zip(call.model.outputs.names, call.model.outputs.units_row(outcome), strict=True))
    out: list[list[Cell]] = []
    for name in (*_SUMS, *(name for name in units if name not in _SUMS)):
        value = units.get(name)
        if isinstance(value, int):
            out.append([name, "", "", "", "", value / UNIT])
        elif value is not None:
            out.append([name, out_text(value), "", "", "", ""])
    return out


def _report_notes(report: Report) -> list[str]:
    """What the evaluator has to say of values that it could not use, a sentence each."""
    rest = Report()
    rest.merge(report)
    rest.untimed_events = 0
    notes = rest.lines()
    if report.untimed_events:  # in other words than on the command line
        notes.append(
            f"{count(report.untimed_events, 'event')} without a time that can be read (such as "
            f"{report.untimed_example!r}), not counted; time_pattern in the add-in's configuration "
            "says how times are written"
        )
    return notes


# What the sheet lacks


def _lacking(
    model: Any, above: list[Any], events: Any, host: Host, config: configuration.Config
) -> list[str]:
    """What a sound model needs, and the headers and the events lack: a sentence each."""
    made = compiled(model, host, config)
    needs = made.model.needs
    found = header("the headers", above[0])
    out = [
        f"the headers lack {phrase}." for phrase in lacking(made, found, properties_of(made, found))
    ]
    if not needs.events:
        return out
    given = given_table(events, "the events")
    if given is None:
        out.append("the model looks at events: give their range, with its header row, too.")
        return out
    try:
        _, missing = event_places(found, given[0], needs.attributes)
    except Trouble as trouble:
        out.append(str(trouble))
        return out
    return out + [f"the events lack {phrase}." for phrase in missing]


# For adapters


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function, and what a host's dialog says of it; at most 255 characters."""

    name: str
    about: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the spreadsheet."""

    name: str
    run: Callable[..., Grid]
    about: str
    arguments: tuple[Argument, ...]


_MODEL = Argument(
    "model",
    "The model: its text, the range whose cells hold its lines, or the path of a .score file.",
    False,
)
_HEADERS = "The row with the names of the columns"
_EVENTS = Argument(
    "events",
    "The range of the events, with its header row: the lead's id, event, time, attributes.",
    True,
)
_SCORED = (
    _MODEL,
    Argument("headers", f"{_HEADERS}; without rows, the header row and all rows.", False),
    Argument("rows", "The rows of the leads: one, or several.", True),
    _EVENTS,
    Argument("lists", "The range of the lists, with its header row: the lead's id, list.", True),
    Argument("as_of", "The moment of the evaluation; now where it is left out.", True),
)

FUNCTIONS = (
    Function("LEADSCORE", score, "The score of each of the rows.", _SCORED),
    Function("LEADSCORE_LABEL", label, "The label of each of the rows.", _SCORED),
    Function("LEADSCORE_TABLE", table, "All outputs of the model, with a header row.", _SCORED),
    Function(
        "LEADSCORE_EXPLAIN",
        explain,
        "Why one row has its score: the points of each rule, and what decay and limits took.",
        _SCORED,
    ),
    Function(
        "LEADSCORE_CHECK",
        check,
        "OK, or what is wrong with the model, and what of it the sheet lacks.",
        (_MODEL, Argument("headers", f"{_HEADERS}.", True), _EVENTS),
    ),
)
"""All functions, under the names that they have in every spreadsheet."""
