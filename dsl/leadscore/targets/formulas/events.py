"""Streams of events as running counters in a grid, and what leads read from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, gcd

from leadscore.plan import terms as t
from leadscore.targets.formulas.conditions import NOW, Conditions
from leadscore.targets.formulas.grid import (
    MOST,
    PREVIOUS,
    ROW,
    CannotSay,
    Grid,
    compared,
    floored,
    joined,
    literal,
    minus,
    quoted,
)
from leadscore.targets.formulas.readings import DAY, EPOCH, Field
from leadscore.targets.formulas.sheet import MOST_POINTS, ModelSheet
from leadscore.targets.formulas.zones import ZoneTable
from leadscore.values.units import UNIT

HOUR = 3600
SAFE_QUOTIENT = 10**14
"""Below it, a whole number divided by another is farther from whole than spreadsheets round."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The columns that every grid of events has."""

    lead: str
    time: str
    same: str
    """1 where the row above is of the same lead."""
    seen: str
    """1 for an event that has a time, not after the as-of."""
    end: str
    """The place of the last row of the lead, from 1."""


class Events:
    """Writes what leads ask of their events.

    Events of one lead stand together, in the order of time; those without one stand first.
    """

    def __init__(
        self,
        grid: Grid,
        leads: Grid,
        last: str,
        fixed: Fixed,
        type_: Field,
        renames: Iterable[tuple[str, str]],
        zone: ZoneTable | None,
    ) -> None:
        """`last` is, in the grid of leads, the place of a lead's last event, or 0."""
        self._grid = grid
        self._leads = leads
        self._last = last
        self._fixed = fixed
        self._type = type_
        self._renames = dict(renames)
        self._zone = zone
        self.conditions: Conditions
        self.leads_conditions: Conditions
        self._attributes: dict[str, Field] = {}

    def attribute(self, key: str, field: Field) -> None:
        """Make the readings of an attribute known."""
        self._attributes[key] = field

    # Reading from the grid

    def at_end(self, title: str, column: str, nothing: str = "0") -> str:
        """In the grid of leads: what a column of events says in the lead's last row."""
        there = self._grid.there(column)
        last = self._last
        return self._leads.own(title, f"IF({last}=0,{nothing},INDEX({there},{last}))")

    def _final(self, title: str, column: str) -> str:
        """In the grid of events: what a column says in the last row of the event's lead."""
        return self._grid.own(title, f"INDEX({self._grid.there(column)},{self._fixed.end})")

    def _count(self, flag: str) -> str:
        """The running number of events of the lead for which a flag is 1."""
        same = self._fixed.same
        return self._grid.running("running count", flag, f"IF({same}=1,{{above}},0)+{flag}")

    # Which events

    def _type_is(self, keys: Iterable[str]) -> str:
        """That an event counts as one of these types."""
        found = {raw for raw, key in self._renames.items() if key in keys}
        found |= {key for key in keys if key not in self._renames}
        x = self._type.columns["t"] + ROW
        tests = [f"EXACT({x},{quoted(raw)})" for raw in sorted(found)]
        return joined(self._grid, "OR", tests) if tests else "FALSE"

    def _flag(self, stream: t.Stream) -> str:
        """1 for events of the stream, before `up to` and `latest`."""
        fixed = self._fixed
        tests = [f"{fixed.seen}=1"]
        if stream.types.exclude:
            if stream.types.keys:
                tests.append(f"NOT({self._type_is(stream.types.keys)})")
        else:
            tests.append(self._type_is(stream.types.keys))
        time = fixed.time
        # A time that is unknown is a text, with which nothing may be computed.
        match stream.window:
            case t.AgeWindow(low=low, high=high):
                age = f"{NOW}-N({time})"
                if high is not None:
                    tests.append(f"{age}<={high}")
                if low:
                    tests.append(f"{age}>={low}")
            case t.DateWindow(first=first, last=last):
                tests.append(self.conditions.date(time, ">=", first))
                if last is not None:
                    tests.append(self.conditions.date(time, "<=", last))
            case t.AfterLatest(types=types):
                tests.append(self._after(types))
        if stream.resets:
            tests.append(self._after(stream.resets))
        if stream.where is not None:
            tests.append(self.conditions.write(stream.where))
        return self._grid.own("event counts", f"IF({joined(self._grid, 'AND', tests)},1,0)")

    def _after(self, types: frozenset[str]) -> str:
        """That an event is after the latest of these types; always, where there is none."""
        fixed = self._fixed
        it = self._grid.own("is the type", f"IF(AND({fixed.seen}=1,{self._type_is(types)}),1,0)")
        latest = self._grid.running(
            "latest until here",
            f'IF({it}=1,{fixed.time},"")',
            f'IF({it}=1,{fixed.time},IF({fixed.same}=1,{{above}},""))',
        )
        final = self._final("latest of the lead", latest)
        return f'IF({final}="",TRUE,{fixed.time}>{final})'

    def _earliest(self, stream: t.Stream) -> str:
        """The flag after `up to N per P`."""
        flag = self._flag(stream)
        if stream.up_to is None:
            return flag
        most, period = stream.up_to
        of = self._period(period)
        above = of.removesuffix(ROW) + PREVIOUS
        counted = self._grid.running(
            f"count in the {period}",
            flag,
            f"IF(AND({self._fixed.same}=1,{of}={above}),{{above}},0)+{flag}",
        )
        return self._grid.own("among the first", f"IF(AND({flag}=1,{counted}<={most}),1,0)")

    def _period(self, period: t.Period) -> str:
        time = self._fixed.time
        if self._zone is not None:
            local = self._zone.to_local(time)
            time = self._grid.own("local time", f'IF({time}="","",{local})')
        day = f"INT({time}/{DAY})"
        match period:
            case "hour":
                number = f"INT({time}/{HOUR})"
            case "day":
                number = day
            case "week":
                number = f"INT(({day}+3)/7)"  # 1970-01-01 was a Thursday
            case _:
                date = f"{day}+{EPOCH // DAY}"
                month = f"YEAR({date})*12+MONTH({date})-1"
                size = {"month": 1, "quarter": 3, "year": 12}[period]
                number = f"IF({date}<61,NA(),INT(({month})/{size}))"
        return self._grid.own(period, f'IF({time}="","",{number})')

    def _kept(self, stream: t.Stream) -> str:
        """The flag after `up to` and `latest`."""
        flag = self._earliest(stream)
        if stream.latest is None:
            return flag
        counted = self._count(flag)
        final = self._final("events of the lead", counted)
        inside = f"IF(AND({flag}=1,{final}-{counted}<{stream.latest}),1,0)"
        return self._grid.own("among the latest", inside)

    # What leads ask

    def count(self, stream: t.Stream) -> str:
        """In the grid of leads: how many events are left."""
        counted = self.at_end("events", self._count(self._earliest(stream)))
        if stream.latest is None:
            return counted
        return f"MIN({counted},{stream.latest})"

    def latest_time(self, stream: t.Stream) -> str:
        """In the grid of leads: the time of the latest event that is left; else nothing."""
        flag = self._earliest(stream)
        latest = self._grid.running(
            "latest until here",
            f'IF({flag}=1,{self._fixed.time},"")',
            f'IF({flag}=1,{self._fixed.time},IF({self._fixed.same}=1,{{above}},""))',
        )
        return self.at_end("latest event", latest, '""')

    def points(self, body: t.EachEvent, first: int, last: int) -> str:
        """In the grid of leads: the units of a rule; its points are in these rows of the model."""
        if body.decay is None:
            count = self.count(body.stream)
            if first == last:
                return f"{count}*{ModelSheet.points(first)}"
            counted = self._leads.own("events that give", f"MIN({count},{last - first + 1})")
            sums = ModelSheet.running(first, last)
            return f"IF({counted}=0,0,INDEX({sums},{counted}))"
        kept = self._kept(body.stream)
        units = ModelSheet.points(first)
        test = f"{kept}=1"
        if first != last:
            order = self._count(kept)
            size = last - first + 1
            units = self._grid.own(
                "points of the event",
                f"IF(AND({kept}=1,{order}<={size}),"
                f"INDEX({ModelSheet.points(first, last)},{order}),0)",
            )
        left = f"IF({test},{_decayed(units, body, f'({NOW}-N({self._fixed.time}))')},0)"
        same = self._fixed.same
        total = self._grid.running("running points", left, f"IF({same}=1,{{above}},0)+{left}")
        return self.at_end("points", total)

    # Measures

    def compare(self, condition: t.Condition) -> str:
        """A measure against a number of the model, or whether it is known."""
        match condition:
            case t.Known(operand=t.Measure() as measure):
                match measure.kind:
                    case "average":
                        return f"{self._known(measure)}>0"
                    case "highest" | "lowest":
                        return f'NOT({self._extreme(measure)}="")'
                return "TRUE"
            case t.NumberCompare(operand=t.Measure() as measure, operator=operator, value=value):
                return self._compare(measure, operator, value)
        raise AssertionError(condition)

    def _compare(self, measure: t.Measure, operator: t.Operator, value: Decimal) -> str:
        match measure.kind:
            case "count":
                return _whole(self.count(measure.stream), operator, value)
            case "different":
                return _whole(self._different(measure), operator, value)
            case "total":
                return _whole(self._total(measure), operator, value.scaleb(4))
            case "average":
                bound = value.scaleb(4)
                if bound != int(bound):
                    raise CannotSay("an average is compared to four decimals in a spreadsheet")
                if abs(bound) * self._grid.rows >= MOST:
                    raise CannotSay("the average times the number of events has over 15 digits")
                known = self._known(measure)
                test = compared(self._total(measure), operator, f"{minus(int(bound))}*{known}")
                return f"AND({known}>0,{test})"
            case _:
                found = self._extreme(measure)
                return f"AND(ISNUMBER({found}),{compared(found, operator, minus(value))})"

    def _reading(self, measure: t.Measure, letter: str) -> str:
        assert measure.attribute is not None
        return self._attributes[measure.attribute].columns[letter] + ROW

    def _rounded(self, measure: t.Measure) -> str:
        """In the grid of events: the attribute in ten-thousandths, half away from zero."""
        x, own = self._reading(measure, "n"), self._grid.own
        scaled = own("ten-thousandths", f'IF(ISNUMBER({x}),ABS({x}*10000),"")')
        cut = own("cut off", f'IF({scaled}="","",{floored(scaled)})')
        up = f"IF({compared(f'{scaled},-{cut}', '>=', '-0.5')},1,0)"
        whole = f"SIGN({x})*({cut}+{up})"
        return own("rounded", f'IF({scaled}="","",IF({scaled}<{MOST},{whole},NA()))')

    def _total(self, measure: t.Measure) -> str:
        kept, whole = self._kept(measure.stream), self._rounded(measure)
        part = f"IF({kept}=1,N({whole}),0)"
        same = self._fixed.same
        total = self._grid.running("running total", part, f"IF({same}=1,{{above}},0)+{part}")
        checked = self._grid.own("total", f"IF(ABS({total})<{MOST},{total},NA())")
        # A sum that was past the bound somewhere may not be exact any more.
        worst = self._grid.running(
            "total is exact", f"{checked}*0", f"IF({same}=1,{{above}},0)+{checked}*0"
        )
        end = self.at_end("total", checked)
        exact = self.at_end("total is exact", worst)
        return self._leads.own("total", f"{end}+{exact}")

    def _known(self, measure: t.Measure) -> str:
        kept, x = self._kept(measure.stream), self._reading(measure, "n")
        flag = self._grid.own("known", f"IF(AND({kept}=1,ISNUMBER({x})),1,0)")
        return self.at_end("known values", self._count(flag))

    def _extreme(self, measure: t.Measure) -> str:
        kept, x = self._kept(measure.stream), self._reading(measure, "n")
        known = f"AND({kept}=1,ISNUMBER({x}))"
        function = "MAX" if measure.kind == "highest" else "MIN"
        same = self._fixed.same
        found = self._grid.running(
            measure.kind,
            f'IF({known},{x},"")',
            # Of references, MAX and MIN leave texts out: here, that nothing was found above.
            f'IF({known},IF({same}=1,{function}({{above}},{x}),{x}),IF({same}=1,{{above}},""))',
        )
        return self.at_end(measure.kind, found, '""')

    def _different(self, measure: t.Measure) -> str:
        kept, x = self._kept(measure.stream), self._reading(measure, "t")
        same = self._fixed.same
        # The texts of the lead until here stand in one cell, each between two line breaks; a line
        # break in a text is written so that there are never two.
        between = "CHAR(10)&CHAR(10)"
        text = f'SUBSTITUTE({x},CHAR(10),CHAR(10)&"x")'
        new = f"{text}&{between}"
        met = f"ISNUMBER(FIND({between}&{text}&{between},{{above}}))"
        seen = self._grid.running(
            "texts until here",
            f'{between}&IF(AND({kept}=1,NOT({x}="")),{new},"")',
            f"IF({same}=1,{{above}},{between})"
            f'&IF(AND({kept}=1,NOT({x}="")),IF({same}=1,IF({met},"",{new}),{new}),"")',
        )
        above = seen.removesuffix(ROW) + PREVIOUS
        longer = f"IF({same}=1,LEN({seen})>LEN({above}),LEN({seen})>2)"
        flag = self._grid.own("first of its text", f"IF({longer},1,0)")
        return self.at_end("different", self._count(flag))


def _whole(x: str, operator: t.Operator, bound: Decimal) -> str:
    """A whole number against a decimal."""
    match operator:
        case "=":
            if bound != int(bound):
                return "FALSE"
            limit = int(bound)
        case ">=" | "<":
            limit = ceil(bound)
        case _:
            limit = floor(bound)
    return f"{x}{operator}{literal(limit)}"


def _decayed(units: str, body: t.EachEvent, age: str) -> str:
    """What is left of units at an age."""
    decay = body.decay
    assert decay is not None
    if not decay.gradual:
        steps = f"INT({age}/{decay.every})"
        step = f"ABS({units})/10000*{decay.rate}*{steps}"
        return f"SIGN({units})*MAX(0,ABS({units})-{step})"
    # Units are ten thousand times thousandths, so what is lost is a whole number of hours times
    # a fraction of thousandths; rounded up, since what is left is cut off.
    common = gcd(decay.rate * HOUR, decay.every)
    up, down = decay.rate * HOUR // common, decay.every // common
    thousandths = max(abs(value) for value in body.points) // 10_000
    if thousandths * 10_000 * down >= SAFE_QUOTIENT:
        raise CannotSay("this gradual decay has steps too fine for the 15 digits of a spreadsheet")
    lost = f"-ABS({units})/10000*{up}*INT({age}/{HOUR})"
    lost = f"{lost}/{down}" if down > 1 else lost
    left = f"SIGN({units})*MAX(0,ABS({units})+INT({lost}))"
    if MOST_POINTS * UNIT * down < SAFE_QUOTIENT:
        return left
    return f"IF(ABS({units})*{down}<{SAFE_QUOTIENT},{left},NA())"  # points that somebody raised
