"""From a plan to the sheets of its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import assert_never

from leadscore.outputs import NUMBERS, output_names
from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.plan.walk import conditions, operands, roots, streams
from leadscore.targets.formulas.book import (
    CHECK,
    CHOSEN,
    EVENT_WORK,
    EVENTS,
    EVENTS_FINE,
    LEAD_WORK,
    LEADS,
    LIST_WORK,
    LISTS,
    LISTS_FINE,
    OWN_COLUMNS,
    Book,
    Check,
    Options,
    Part,
    Sizes,
)
from leadscore.targets.formulas.conditions import NOW, Conditions
from leadscore.targets.formulas.events import Events, Fixed
from leadscore.targets.formulas.grid import (
    FIRST_ROW,
    MOST,
    PREVIOUS,
    ROW,
    CannotSay,
    Grid,
    floored,
    letters,
    quoted,
    summed,
)
from leadscore.targets.formulas.readings import Field
from leadscore.targets.formulas.sheet import Line, ModelSheet
from leadscore.targets.formulas.zones import table_of
from leadscore.values.dates import pattern_reader
from leadscore.values.units import UNIT

_NONE = 9999
"""In place of the number of a line, where none holds."""
_FEW = 6
"""Cases that one formula holds by itself."""


def emit(plan: t.Plan, sizes: Sizes, options: Options) -> Book:
    """The workbook of a plan; raises CannotSay with the line that formulas cannot say."""
    return _Emitter(plan, sizes, options).run()


class _Emitter:
    def __init__(self, plan: t.Plan, sizes: Sizes, options: Options) -> None:
        self.plan = plan
        self.sizes = sizes
        self.options = options
        rules = sum(len(group.rules) for group in plan.groups)
        # Rules, groups, categories and the score: if each gives at most this, no sum is too large.
        self.capacity = (MOST - 1) // (rules + len(plan.groups) + 3)
        self.model = ModelSheet(self.capacity)
        self.leads = Grid(LEAD_WORK, sizes.leads)
        self.event_grid = Grid(EVENT_WORK, max(sizes.events, 1)) if plan.uses_events else None
        self.list_grid = Grid(LIST_WORK, max(sizes.lists, 1)) if plan.uses_lists else None
        self.asked = Asked(plan)
        self.line = 0
        self.parts: list[Part] = []
        self.last_places: dict[str, str] = {}
        self.place_checks: dict[str, tuple[str, ...]] = {}

    @contextmanager
    def at(self, line: int) -> Iterator[None]:
        """What cannot be said inside is of this line of the model."""
        try:
            yield
        except CannotSay as found:
            raise CannotSay(str(found), found.line or line) from None

    def run(self) -> Book:
        self._lead_fields()
        self._list_grid()
        self._event_grid()
        self._define()
        scope = self._scope()
        sums = self._groups()
        outputs = self._outputs(sums, scope)
        chosen = self.leads.own("shown in the receipt", f"IF(EXACT({LEADS}!$B{ROW},{CHOSEN}),1,0)")
        for grid in (self.leads, self.event_grid, self.list_grid):
            if grid is not None:
                grid.check()
        return Book(
            self.model,
            self.leads,
            self.event_grid,
            self.list_grid,
            self.properties,
            self.attributes,
            self.type,
            self.time,
            self.list_name,
            table_of(self.options.zone),
            self.last_places,
            chosen,
            outputs,
            tuple(self.parts),
            self._checks(),
        )

    # Data

    def _lead_fields(self) -> None:
        self.number = self.leads.own("no.", f"{LEADS}!$A{ROW}")
        fields = []
        counted = self._counted()
        for place, spec in enumerate(self.plan.properties):
            source = f"{LEADS}!{letters(len(OWN_COLUMNS[LEADS]) + place + 1)}{ROW}"
            pattern = pattern_reader(spec.pattern) if spec.pattern else None
            operand = t.Property(spec.key)
            field = Field(
                spec.name,
                self.asked.forms(operand),
                spec,
                self.plan.unknown_values,
                self.options.zone,
                pattern,
                source,
                operand in counted,
            )
            with self.at(spec.line):
                field.place(self.leads)
            fields.append(field)
        self.properties = tuple(fields)
        self.lead_conditions = Conditions(
            self.leads,
            self.asked,
            {t.Property(f.spec.key): f for f in fields if f.spec is not None},
            self.options.zone,
            self._measured,
            self._in_list,
        )

    def _counted(self) -> set[t.Operand]:
        """Of what single letters are looked at: by a pattern with `?`, or to put texts in order."""
        everything = list(roots(self.plan))
        everything += [s.where for s in streams(self.plan) if s.where is not None]
        return {
            operand
            for root in everything
            for condition in conditions(root)
            if _counts(condition)
            for operand in operands(condition)
        }

    def _plain_field(self, name: str, forms: str, source: str, pattern: str | None = None) -> Field:
        reader = pattern_reader(pattern) if pattern else None
        return Field(name, forms, None, frozenset(), self.options.zone, reader, source)

    def _last(self, data: str, grid: Grid, size: int, fine: str) -> str:
        """The place of the last row of a lead in a grid, or 0; #N/A where the order is lost.

        Places are constants, since looking for them takes some programs the time of a scan each.
        They are held against the numbers in the rows, so that none is believed that is not right.
        """
        leads = self.leads
        known = leads.constants(f"last of {data}, by lead no.")
        self.last_places[data] = known.removesuffix(ROW)
        numbers = grid.there("A" + ROW)
        own = f"INDEX({numbers},{known})={ROW}-1"
        after = f"IF({known}={size},1,IF(INDEX({numbers},{known}+1)={ROW}-1,0,1))"
        right = leads.own(f"place in {data} is right", f"IF({known}=0,1,IF({own},{after},0))")
        self.place_checks[data] = (
            f"MIN({leads.there(right)})=1",
            f'SUM({grid.there("B" + ROW)})={size}-COUNTIF({leads.there(known)},">0")',
        )
        there = leads.there(known)
        return leads.own(f"last of {data}", f"IF({CHECK}!{fine},INDEX({there},{self.number}),NA())")

    def _start(self, grid: Grid, data: str) -> str:
        """The columns that a grid in the order of leads begins with: number, whether as above."""
        number = grid.own("no.", f'IF({data}!$A{ROW}="","",{data}!$A{ROW})')
        above = number.removesuffix(ROW) + PREVIOUS
        return grid.own("same lead", f"IF({number}={above},1,0)", "0")

    def _list_grid(self) -> None:
        self.list_name = self._plain_field("list", "t", f"{LISTS}!$C{ROW}")
        grid = self.list_grid
        if grid is None:
            return
        same = self._start(grid, LISTS)
        self.list_same = same
        self.list_name.place(grid)
        grid.own("in order", f"IF(OR({same}=1,A{ROW}>A{PREVIOUS}),1,0)", "1")
        self.list_last = self._last(LISTS, grid, self.sizes.lists, LISTS_FINE)

    def _in_list(self, key: str) -> str:
        grid = self.list_grid
        assert grid is not None
        name = self.list_name.columns["t"] + ROW
        flag = f"IF(EXACT({name},{quoted(key)}),1,0)"
        count = grid.running(f"in {key}", flag, f"IF({self.list_same}=1,{{above}},0)+{flag}")
        last, there = self.list_last, grid.there(count)
        return self.leads.own(f"in {key}", f"IF({last}=0,FALSE,INDEX({there},{last})>0)")

    def _event_grid(self) -> None:
        plan = self.plan
        self.type = self._plain_field("event", "t", f"{EVENTS}!$C{ROW}")
        self.time = self._plain_field("time", "d", f"{EVENTS}!$D{ROW}", self.options.time_pattern)
        fields = []
        counted = self._counted()
        for place, spec in enumerate(plan.attributes):
            operand = t.Attribute(spec.key)
            source = f"{EVENTS}!{letters(len(OWN_COLUMNS[EVENTS]) + place + 1)}{ROW}"
            field = Field(
                spec.name,
                self.asked.forms(operand),
                None,
                plan.unknown_values,
                self.options.zone,
                None,
                source,
                operand in counted,
            )
            fields.append(field)
        self.attributes = tuple(fields)
        grid = self.event_grid
        if grid is None:
            return
        same = self._start(grid, EVENTS)
        self.time.place(grid)
        self.type.place(grid)
        for field in fields:
            field.place(grid)
        time = self.time.columns["d"] + ROW
        above = self.time.columns["d"] + PREVIOUS
        later = f'IF({above}="",TRUE,IF({time}="",FALSE,{time}>={above}))'
        grid.own("in order", f"IF(IF({same}=1,{later},A{ROW}>A{PREVIOUS}),1,0)", "1")
        seen = grid.own("seen", f'IF({time}="",0,IF({time}<={NOW},1,0))')
        last = self._last(EVENTS, grid, self.sizes.events, EVENTS_FINE)
        places = self.leads.there(self.last_places[EVENTS] + ROW)
        end = grid.own("end of the lead", f'IF(A{ROW}="",1,INDEX({places},A{ROW}))')
        fixed = Fixed("A" + ROW, time, same, seen, end)
        self.events = Events(
            grid, self.leads, last, fixed, self.type, plan.renames, table_of(self.options.zone)
        )
        for spec, field in zip(plan.attributes, fields, strict=True):
            self.events.attribute(spec.key, field)
        self.events.conditions = Conditions(
            grid,
            self.asked,
            {t.Attribute(s.key): f for s, f in zip(plan.attributes, fields, strict=True)},
            self.options.zone,
            None,
            None,
        )

    def _measured(self, condition: t.Condition) -> str:
        return self.events.compare(condition)

    # Conditions

    def _define(self) -> None:
        for key, condition in self.plan.definitions:
            try:
                test = self.lead_conditions.write(condition)
            except CannotSay as found:
                raise CannotSay(str(found), definition=key) from None
            self.lead_conditions.definitions[key] = self.leads.own(f"define {key}", test)

    def _test(self, condition: t.Condition, line: int) -> str:
        with self.at(line):
            return self.lead_conditions.write(condition)

    def _first(self, tests: Sequence[str]) -> str:
        """The number of the first test that holds, from 1; else `_NONE`."""
        found = [f"IF({test},{place},{_NONE})" for place, test in enumerate(tests, 1)]
        while len(found) > 1:
            short = [self.leads.short("line", one) for one in found]
            found = [
                f"MIN({','.join(short[start : start + 10])})" for start in range(0, len(short), 10)
            ]
        return self.leads.own("first line that holds", found[0] if found else str(_NONE))

    def _scope(self) -> str | None:
        tests = []
        rows = []
        for scope in self.plan.scope:
            test = self._test(scope.condition, scope.line)
            tests.append(test if scope.excludes else f"NOT({test})")
            rows.append(
                self.model.add(
                    Line(
                        "scope",
                        scope.text,
                        title=scope.text,
                        note="others have no score"
                        if not scope.excludes
                        else "these have no score",
                    )
                )
            )
        if not tests:
            return None
        place = self._first(tests)
        there = f"Model!$B${rows[0]}:$B${rows[-1]}"
        return self.leads.own("excluded", f'IF({place}={_NONE},"",INDEX({there},{place}))')

    # Points

    def _groups(self) -> dict[t.Target, str]:
        totals: dict[str | None, list[str]] = {"fit": [], "engagement": [], None: []}
        rows: dict[str | None, list[int]] = {"fit": [], "engagement": [], None: []}
        for group in self.plan.groups:
            with self.at(group.line):
                self._check_limit(group.limit)
                guard = None
                if group.guard is not None:
                    guard = self._test(group.guard, group.line)
                row = self.model.add(Line("group", group.text, limit=group.limit, limited=True))
                own = len(self.parts)
                found = [self._rule(rule, guard) for rule in group.rules]
                inside = self.model.clamped(row, summed(self.leads, found))
                total = self.leads.own(f"group {group.name}", _guarded(guard, inside))
                rules = tuple(part.row for part in self.parts[own:])
                self.parts.insert(own, Part(row, total, 1, rules))
                totals[group.category].append(total)
                rows[group.category].append(row)
        limits = dict(self.plan.limits)
        sums: dict[t.Target, str] = {}
        targets: tuple[t.Target, ...] = ("fit", "engagement", "score")
        for name in targets:
            if name == "score":
                parts, inner = [*sums.values(), *totals[None]], rows[None]
            else:
                parts, inner = totals[name], rows[name]
            limit = limits.get(name)
            self._check_limit(limit)
            if name != "score" and not parts and limit is None:
                sums[name] = "0"
                continue
            row = self.model.add(Line("sum", name, limit=limit, limited=True))
            inside = self.model.clamped(row, summed(self.leads, parts))
            sums[name] = self.leads.own(name, inside)
            self.parts.append(Part(row, sums[name], 0, tuple(inner)))
            rows[None].append(row)
        return sums

    def _check_limit(self, limit: t.Limit | None) -> None:
        """A limit that gives points must not give more than sums can take."""
        if limit is None:
            return
        for value, most in ((limit.low, self.capacity), (limit.high, MOST)):
            if value is not None and not -MOST <= value <= most:
                raise CannotSay("this limit has more digits than a spreadsheet keeps")
        if limit.high is not None and limit.high < -self.capacity:
            raise CannotSay("this limit has more digits than a spreadsheet keeps")

    def _rule(self, rule: t.Rule, group_guard: str | None) -> str:
        with self.at(rule.line):
            self._check_limit(rule.limit)
            guard = None
            if rule.guard is not None:
                guard = self.leads.short("if", self.lead_conditions.write(rule.guard))
            text = rule.text if rule.name is None else f"{rule.name}: {rule.text}"
            body = rule.body
            single = self._single_points(body)
            row = self._line(Line("rule", text, points=single, limit=rule.limit, limited=True))
            units = self._body(body, row)
            if isinstance(body, t.Choice):
                inside = units
            else:
                earned = self.leads.own("earned", units)
                inside = f"IF(ABS({earned})<={self.capacity},{earned},NA())"
            points = _guarded(group_guard, _guarded(guard, self.model.clamped(row, inside)))
            found = self.leads.own(f"line {rule.line}", points)
            self.parts.append(Part(row, found, 2))
            return found

    def _line(self, line: Line) -> int:
        if line.points is not None and abs(line.points) > self.capacity:
            raise CannotSay("so many rules of so many points together have too many digits")
        return self.model.add(line)

    @staticmethod
    def _single_points(body: t.Body) -> int | None:
        match body:
            case t.Choice(cases=(case,)):
                return case.points
            case t.EachEvent(points=(points,)):
                return points
            case t.EachAmount(points=points) | t.EachElapsed(points=points):
                return points
        return None

    def _body(self, body: t.Body, row: int) -> str:
        match body:
            case t.Choice(cases=cases):
                return self._choice(cases, row)
            case t.EachEvent(points=points):
                first = last = row
                if len(points) > 1:
                    first = row + 1
                    for place, value in enumerate(points, 1):
                        last = self._line(Line("case", f"event {place}", value))
                return self.events.points(body, first, last)
            case t.EachAmount(operand=operand, step=step):
                x = self.lead_conditions.reading(operand, "n")
                share = self.leads.own("share", f'IF({x}="","",{x}/{step})')
                whole = floored(share)
                return f'IF({x}="",0,IF(SIGN({x})<0,0,{whole}*{self.model.points(row)}))'
            case t.EachElapsed(since=t.Property() as operand, every=every):
                x = self.lead_conditions.reading(operand, "d")
                steps = f"INT(({NOW}-{x})/{every})"
                return f'IF({x}="",0,IF({x}>{NOW},0,{steps}*{self.model.points(row)}))'
            case t.EachElapsed(since=since, every=every):
                assert isinstance(since, t.Stream)
                x = self.events.latest_time(since)
                return f'IF({x}="",0,INT(({NOW}-{x})/{every})*{self.model.points(row)})'
            case _:
                assert_never(body)

    def _choice(self, cases: tuple[t.Case, ...], row: int) -> str:
        tests = [self._test(case.condition, case.line) for case in cases]
        if not cases:
            return "0"
        if len(cases) == 1:
            return f"IF({tests[0]},{self.model.points(row)},0)"
        rows = [self._line(Line("case", case.text, case.points)) for case in cases]
        if len(cases) <= _FEW:
            chain = "0"
            for place in reversed(range(len(cases))):
                test = self.leads.short("case", tests[place])
                test = test if len(test) < 60 else self.leads.own("case", test)
                chain = f"IF({test},{self.model.points(rows[place])},{chain})"
            return self.leads.own("points of the case", chain)
        place_ = self._first(tests)
        there = self.model.points(rows[0], rows[-1])
        return f"IF({place_}={_NONE},0,INDEX({there},{place_}))"

    # What comes out

    def _labels(self, labels: Sequence[t.Label], sums: dict[t.Target, str]) -> str:
        """The title of the first label that holds, or nothing."""
        tests, titles = [], []
        for label in labels:
            with self.at(label.line):
                parts = []
                quoted(label.title)  # a sheet has to be able to hold it
                first = label.bounds[0] if label.bounds else None
                for bound in label.bounds:
                    for value in (bound.low, bound.high):
                        if value is not None and abs(value) >= MOST:
                            raise CannotSay("this bound has more digits than a spreadsheet keeps")
                row = self.model.add(
                    Line(
                        "label",
                        label.title,
                        None,
                        _limit(first),
                        title=label.title,
                        note=_note(first),
                    )
                )
                titles.append(row)
                for place, bound in enumerate(label.bounds):
                    at = row
                    if place:
                        text = f"and {bound.target}"
                        at = self.model.add(
                            Line("bound", text, None, _limit(bound), note=_note(bound))
                        )
                    units = sums[bound.target]
                    parts.append(f"{units}>={self.model.low(at)}")
                    parts.append(f"{units}<{self.model.high(at)}")
                if label.condition is not None:
                    parts.append(self.lead_conditions.write(label.condition))
                test = f"AND({','.join(parts)})" if len(parts) > 1 else (parts or ["TRUE"])[0]
                tests.append(self.leads.short("label", test))
        return self._titles(tests, titles)

    def _titles(self, tests: Sequence[str], rows: Sequence[int]) -> str:
        place = self._first(tests)
        there = f"Model!$B${rows[0]}:$B${rows[-1]}"
        offset = f"CHOOSE({place},{','.join(str(row - rows[0] + 1) for row in rows)})"
        if len(rows) > 100:
            raise CannotSay("a formula chooses among at most 100 labels")
        return self.leads.own("label", f'IF({place}={_NONE},"",INDEX({there},{offset}))')

    def _outputs(self, sums: dict[t.Target, str], scope: str | None) -> tuple[tuple[str, str], ...]:
        plan = self.plan
        blocks = dict(plan.labels)
        found: dict[str, str] = {name: sums[name] for name in ("fit", "engagement", "score")}
        for target in ("score", "fit", "engagement"):
            labels = blocks.get(target, ())
            name = "label" if target == "score" else f"{target}_label"
            found[name] = self._labels(labels, sums) if labels else '""'
        if plan.fast_tracks:
            tests, rows = [], []
            for track in plan.fast_tracks:
                with self.at(track.line):
                    quoted(track.title)
                tests.append(self._test(track.condition, track.line))
                rows.append(self.model.add(Line("track", track.title, title=track.title)))
            fast = found["fast_track"] = self._titles(tests, rows)
            own = found["label"]
            found["label"] = self.leads.own("label or track", f'IF({fast}="",{own},{fast})')
        if plan.matrix is not None:
            first, second = (self._labels(axis.steps, sums) for axis in plan.matrix)
            joined = f'IF(OR({first}="",{second}=""),"",{first}&{second})'
            found["matrix"] = self.leads.own("matrix", joined)
        if scope is not None:
            found["excluded"] = scope
        return tuple((name, self._output(name, found[name], scope)) for name in output_names(plan))

    def _output(self, name: str, value: str, scope: str | None) -> str:
        """The formula of an output in the sheet of leads.

        It takes its row's place by ROW(): references to another sheet are not sure to follow when
        somebody sorts the leads.
        """
        own = f"ROW()-{FIRST_ROW - 1}"
        there = value if value == '""' else f"INDEX({self.leads.there(value)},{own})"
        if name in NUMBERS:
            there = f"{there}/{UNIT}"
        if scope is not None and name != "excluded":
            there = f'IF(INDEX({self.leads.there(scope)},{own})="",{there},"")'
        # A row that was added under the last has no helper columns.
        return f"IF({own}<={self.sizes.leads},{there},NA())"

    def _checks(self) -> tuple[Check, ...]:
        found = [Check("Every lead has formulas", self._complete(LEADS, self.sizes.leads, None))]
        for data, grid, size in (
            (EVENTS, self.event_grid, self.sizes.events),
            (LISTS, self.list_grid, self.sizes.lists),
        ):
            text = f"{data}: every row has formulas, and they are in the order they came in"
            formula = "TRUE" if grid is None else self._complete(data, size, grid)
            found.append(Check(text, formula))
        return tuple(found)

    def _complete(self, data: str, rows: int, grid: Grid | None) -> str:
        end = FIRST_ROW + max(rows, 1) - 1
        below = f"COUNTA({data}!$A${end + 1}:$B${end + 1000})=0"
        inside = f"COUNT({data}!$A${FIRST_ROW}:$A${end})={rows}"
        tests = [inside, below]
        if grid is not None:
            place = next(n for n, c in enumerate(grid.columns, 1) if c.title == "in order")
            tests.append(f"MIN({grid.there(letters(place) + ROW)})=1")
            tests += self.place_checks[data]
        return f"AND({','.join(tests)})"


def _counts(condition: t.Condition) -> bool:
    match condition:
        case t.TextFind(kind="matches", texts=texts):
            return any("?" in text for text in texts)
        case t.TextCompare():
            return True
        case t.CompareFields(operator=operator):
            return operator != "="
    return False


def _note(bound: t.Bound | None) -> str:
    return "" if bound is None else f"{bound.target} from …, below …"


def _limit(bound: t.Bound | None) -> t.Limit | None:
    return None if bound is None else t.Limit(bound.low, bound.high)


def _guarded(guard: str | None, units: str) -> str:
    return units if guard is None else f"IF({guard},{units},0)"
