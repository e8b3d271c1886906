"""What rules want to know of a lead's events, as columns of one row a lead.

Three relations are made of the events, each with a row for every lead that has any:
`latest_facts` (the latest resets, which tests of events look at), `event_facts` (counts, sums and
extremes of the events, in one pass) and `ranked_facts` (the same of streams in which the order
matters). A count needs no order even with `latest N`: it is the lesser of the two numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import tzinfo
from math import gcd

from leadscore.plan import terms as t
from leadscore.plan.readings import Asked, attributes_looked_at
from leadscore.targets.sql.coded import Coded
from leadscore.targets.sql.conditions import Conditions, Look
from leadscore.targets.sql.counting import MANY, Choice, Counting, Packed, Plain, Weight
from leadscore.targets.sql.decay import Gradual, Stepwise, decay_of
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.inputs import EventInput, InputColumn, LeadInput
from leadscore.targets.sql.ladder import Ladder
from leadscore.targets.sql.query import Column, Names, Select, all_of, case, slug, switch
from leadscore.targets.sql.ranked import Ranked, Taken
from leadscore.targets.sql.readings import Field, Reader, Unread

_LARGEST = float(2**63)
_FEW_STEPS = 3
_PLAIN_VALUE = 1e11
"""A whole number below this is itself times 10,000, within 64 bits and without rounding."""


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """The column that counts the values of an attribute that cannot be read."""

    unread: Unread
    column: str
    test: str
    """Over the events."""


@dataclass(frozen=True, slots=True)
class Reports:
    """What an engine has to say about events, over all events, read."""

    known: Select
    """Of the events of the leads that there are, in one row; once for each lead of an id."""
    by_lead: tuple[Select, ...]
    """Of all events, by the selects that lead to it: a row or two for each `lead` and table.

    Whether there is such a lead or not. They may look at the relation of `Events.facts_name`.
    """
    table: str
    """The column with the number of the table in `by_lead`; empty: there is only one."""
    leads: str
    """The ids of all leads, as `of_lead` of `leads`: what may stand behind `join`."""


@dataclass(frozen=True, slots=True)
class EventSelects:
    """The selects that lead to each relation of the events; empty where there is no such."""

    events: list[Select]
    """All events, read."""
    latest: list[Select]
    tables: list[list[Select]]
    """Small tables that `facts` look at."""
    facts: list[Select]
    ranked: list[Select]
    """Of the last two, the last select is the relation; they may look at `latest_facts`."""


class Events:
    """The relations of the events, for all models of a query.

    Columns that rules ask for are columns of the leads later on; see `joined`.
    """

    def __init__(
        self,
        dialect: Dialect,
        names: Names,
        given: EventInput,
        leads: LeadInput,
        zone: tzinfo,
        as_of: int | None,
        time_pattern: str | None,
        *,
        packed: bool,
        reported: bool,
    ) -> None:
        """`reported`: with the counts that a run reports; see `reports`."""
        self.dialect = dialect
        self.given = given
        self._leads = leads
        self._names = names
        base = Select("event_text", given.source, names)
        rungs = ("event_folded", "event_known", "event_read", "event_typed", "event_seen")
        self.ladder = Ladder(base, (*rungs, "event_aged", "event_tested", "event_done"), names)
        self.reader = Reader(dialect, self.ladder, zone)
        add = self.ladder.add
        self.lead = add(given.lead, "lead")
        self.order: list[str] = []
        self.as_of = str(as_of) if as_of is not None else add(dialect.now(), "as_of")
        self.time_raw, self.second = self.reader.second(given.time, time_pattern, "time")
        seen = f"case when {self.second} <= {self.as_of} then {self.second} end"
        own = [self.second] if as_of is not None else [self.second, self.as_of]
        self.at = add(seen, "seen_at", own)
        self.age = add(f"{self.as_of} - {self.at}", "age", [self.at])
        self.order.append(self.at)
        if given.seq is not None:
            self.order.append(add(given.seq, "seq"))
        self.reported = reported
        """Whether there are `reports`."""
        self.facts_name = "event_words" if packed else "event_facts"
        facts = Select(self.facts_name, "", names)
        facts.columns["lead"] = Column("lead", "lead")
        facts.group.append("lead")
        counting = Plain if not packed else Coded if dialect.looks_codes_up else Packed
        self.counting: Counting = counting(dialect, self.age, facts)
        self._latest = Select("latest_facts", "event", names)
        self._latest.columns["lead"] = Column("lead", "lead")
        self._latest.group.append("lead")
        self._latest_types: dict[str, set[str]] = {}
        self._resets: dict[str, None] = {}
        self._choices: dict[Choice, None] = {}
        self.ranked = Ranked(dialect, names, self._period, self.order)
        self._facts: dict[str, bool] = {}
        self._ranked_facts: dict[str, bool] = {}
        self._report = Select("", "", names)
        self.counts: dict[str, str] = {}
        """Columns of the report: all, untimed, future, and those of each table."""
        if reported:
            self._count_for_report()

    def _count_for_report(self) -> None:
        """One row on the events of the leads that there are, of all times."""
        add, count_if = self._report.add, self.dialect.count_if
        self.counts["all"] = add("count(*)", "all_events")
        self.counts["untimed"] = add(count_if(f"{self.second} is null"), "untimed")
        self.counts["future"] = add(count_if(f"{self.second} > {self.as_of}"), "future")
        for table in range(self.given.tables if self.given.table is not None else 0):
            test = f"{self.given_table()} = {table}"
            self.counts[f"table {table}"] = add(count_if(test), f"of_table_{table}")

    def report_if(self, test: str, stem: str) -> str:
        """The column of the report that counts the events for which a test holds."""
        return self._report.add(self.dialect.count_if(test), stem)

    def given_table(self) -> str:
        """The column with the number of an event's table."""
        assert self.given.table is not None
        return self.ladder.add(self.given.table, "of_table")

    def _period(self, period: t.Period) -> str:
        local = self.reader.local(self.at, "at")
        return self.ladder.add(self.dialect.period(local, period), period, [local])

    # Columns of one row a lead

    def fact(self, name: str, *, number: bool = True) -> str:
        """A column of `event_facts` that a lead is to have; a `number` is 0 without events."""
        self._facts[name] = number
        return name

    def ranked_fact(self, name: str, *, number: bool = True) -> str:
        """A column of `ranked_facts` that a lead is to have."""
        self._ranked_facts[name] = number
        return name

    def latest(self, type_column: str, types: frozenset[str], title: str) -> str:
        """The test that an event is later than the latest seen one of these types."""
        key = all_of(self.counting.type_tests(type_column, (t.Types(types, False),)))
        name = self._latest.add(self.dialect.max_if(self.at, key), f"latest_{slug(title)}")
        self._latest_types.setdefault(type_column, set()).update(types)
        self._resets[name] = None
        return f"({name} is null or {self.at} > {name})"

    # The relations

    def selects(self) -> EventSelects:
        """All relations, linked."""
        whole = self.ladder.selects()
        top = whole[-1].name
        base = replace(whole[0], where=self._recent())
        needed = Select("event", top, self._names, "*", where=self._needed())
        needed.notes.append("The events that rules look at.")
        events = [base, *whole[1:], needed]
        latest: list[Select] = []
        since: list[Select] = []
        if self._resets:
            self._latest.source = needed.name
            self._latest.where = self._of_types(self._latest_types)
            latest = [self._latest]
            listed = ", ".join(f"latest_facts.{name}" for name in self._resets)
            body = (
                f"select event.*, {listed}\nfrom event\n"
                "left join latest_facts on latest_facts.lead = event.lead"
            )
            since = [Select("event_since", "", self._names, body=body)]
            since[0].notes.append("Each event beside the latest one that resets its rules.")
        above = since[-1].name if since else needed.name
        facts = self.counting.selects(above) if self._facts else []
        ranked = self.ranked.selects(above) if self.ranked.taken else []
        return EventSelects(
            whole,
            [*events, *latest] if latest else [],
            self.counting.tables() if facts else [],
            [*events, *since, *facts] if facts else [],
            [*events, *since, *ranked] if ranked else [],
        )

    def reports(self) -> Reports:
        """The counts that a run reports."""
        top = self.ladder.selects()[-1].name
        leads = f"(select {self._leads.id} as of_lead from {self._leads.source}) leads"
        joined = f"{top}\njoin {leads} on leads.of_lead = {top}.lead"
        known = replace(self._report, source=joined)
        table = self.given_table() if self.given.table is not None else ""
        by_lead = replace(
            known, name="event_ids", source=top, columns=dict(known.columns), group=[]
        )
        for name in ("lead", table) if table else ("lead",):
            by_lead.group.append(by_lead.keep(name))
        rest = self._rest(by_lead)
        return Reports(known, rest or (*self.ladder.selects(), by_lead), table, leads)

    def _rest(self, by_lead: Select) -> tuple[Select, ...]:
        """`by_lead` without a second look at events that are counted already; empty: they are not.

        Those are the events of a time that rules look at, where these look at all types.
        """
        needed, oldest = self._needed(), self._oldest()
        counts = [self.counts[name] for name in ("all", "untimed", "future")]
        counted = MANY if isinstance(self.counting, Packed) and self._facts else ""
        if not counted or len(needed) > 1 or len(by_lead.columns) != 1 + len(counts):
            return ()
        base, *others = self.ladder.selects()
        time, since = self.given.time, self.dialect.since
        if self.as_of.isdigit():
            # A day more or less, since a time may be local.
            as_of = int(self.as_of)
            late = since(time.expression, time.kind, as_of - 86_400)
            tests = [late, f"{time.expression} is null"]
            if oldest is not None:
                recent = since(time.expression, time.kind, as_of - max(0, oldest - 86_400))
                tests.append(recent and f"not ({recent})")
            known = [test for test in tests if test]
            if len(known) == len(tests):
                base = replace(base, where=[f"({' or '.join(known)})"])
        left = replace(by_lead, name="event_rest", where=[f"not coalesce({needed[0]}, false)"])
        columns = ", ".join(("lead", *counts))
        seen = f"lead, {counted}, 0, 0"
        body = (
            f"select {columns}\nfrom {left.name}\nunion all\nselect {seen}\nfrom {self.facts_name}"
        )
        return (base, *others, left, Select(by_lead.name, "", self._names, body=body))

    def _oldest(self) -> int | None:
        """The greatest age that a rule looks at, in seconds; None: there is none."""
        highs = [choice.high for choice in self._choices]
        known = [high for high in highs if high is not None]
        return None if self._resets or len(known) < len(highs) else max(known, default=0)

    def _recent(self) -> list[str]:
        """A test of the time as it is in the data, which a database can push into a file."""
        oldest = self._oldest()
        if oldest is None or not self.as_of.isdigit():
            return []
        # A day more, since a time may be local.
        test = self.dialect.since(
            self.given.time.expression, self.given.time.kind, int(self.as_of) - oldest - 86_400
        )
        return [test] if test else []

    def _needed(self) -> list[str]:
        """Tests that leave out the events that no rule looks at."""
        oldest = self._oldest()
        tests = [f"{self.at} is not null" if oldest is None else f"{self.age} <= {oldest}"]
        types: dict[str, set[str]] = {}
        for choice in self._choices:
            if any(one.exclude for one in choice.types):
                return tests
            for one in choice.types:
                types.setdefault(choice.type, set()).update(one.keys)
        for column, keys in self._latest_types.items():
            types.setdefault(column, set()).update(keys)
        return [*tests, *self._of_types(types)]

    def _of_types(self, types: Mapping[str, set[str]]) -> list[str]:
        """The test that an event is of any of the types, by type column; none for no types."""
        parts = [
            test
            for column, keys in types.items()
            for test in self.counting.type_tests(column, (t.Types(frozenset(keys), False),))
        ]
        return parts if len(parts) <= 1 else [f"({' or '.join(parts)})"]

    def chosen(self, choice: Choice) -> Choice:
        """Note that a rule looks at such events."""
        self._choices[choice] = None
        return choice

    def joined(self) -> tuple[dict[str, bool], dict[str, bool]]:
        """The columns of `event_facts` and `ranked_facts` that leads are to have; numbers: True."""
        return self._facts, self._ranked_facts


class ModelEvents:
    """The events as one model sees them: its types, its attributes, its streams."""

    def __init__(
        self,
        events: Events,
        plan: t.Plan,
        asked: Asked,
        columns: Sequence[InputColumn],
        zone: tzinfo,
        line: Callable[[int], AbstractContextManager[None]],
    ) -> None:
        """`line` tells the line of the model that is being written."""
        self._events = events
        self._dialect = events.dialect
        self._plan = plan
        self._type = self._type_column()
        self._readings: dict[tuple[str, str], str] = {}
        self.unread: list[UnreadCount] = []
        looked_at: dict[str, dict[t.Types, None]] = {}
        for key, types in attributes_looked_at(plan):
            looked_at.setdefault(key, {})[types] = None
        for spec, column in zip(plan.attributes, columns, strict=True):
            forms = asked.forms(t.Attribute(spec.key))
            field = Field(spec.name, column, None, None, frozenset(), forms, plan.unknown_values)
            with line(spec.line):
                found, unread = events.reader.readings(field)
            for letter, name in found.items():
                self._readings[spec.key, letter] = name
            if events.reported:
                self._report(unread, tuple(looked_at.get(spec.key, {})))
        look = Look(
            reading=lambda operand, letter: self._readings[operand.key, letter],
            definition=_nothing,
            in_list=_nothing,
            measure=_no_measure,
            some=_no_stream,
            as_of=events.as_of,
        )
        self._conditions = Conditions(self._dialect, asked, zone, look)

    def _report(self, unread: Sequence[Unread], types: tuple[t.Types, ...]) -> None:
        events = self._events
        for one in unread:
            tests = events.counting.type_tests(self._type, types)
            test = all_of([*tests, f"{events.at} is not null", f"({one.condition})"])
            column = events.report_if(test, f"unread_{slug(one.name)}")
            self.unread.append(UnreadCount(one, column, test))

    def _type_column(self) -> str:
        """The folded type of an event, by its name in the model."""
        dialect, add = self._dialect, self._events.ladder.add
        given = self._events.given.type
        raw = add(dialect.trim(given.expression), "type_raw")
        folded = add(dialect.lower(raw), "type_folded", [raw])
        if not self._plan.renames:
            return folded
        pairs = [
            (dialect.string(raw_name), dialect.string(name))
            for raw_name, name in sorted(self._plan.renames)
        ]
        return add(switch(folded, pairs, folded), "type", [folded])

    # Streams

    def _choice(self, stream: t.Stream) -> Choice:
        """The events of a stream, before `up to` and `latest`."""
        high: int | None = None
        tests: list[str] = []
        match stream.window:
            case t.AgeWindow(low=low, high=most):
                high = most
                if low:
                    tests.append(f"{self._events.age} >= {low}")
            case t.DateWindow(first=first, last=last):
                tests.append(self._conditions.date(self._events.at, ">=", first))
                if last is not None:
                    tests.append(self._conditions.date(self._events.at, "<=", last))
            case t.AfterLatest(types=types):
                tests.append(self._after(types))
        if stream.resets:
            tests.append(self._after(stream.resets))
        if stream.where is not None:
            tests.append(self._conditions.inner(stream.where))
        # `since X reset by X` says one test twice.
        once = tuple(dict.fromkeys(tests))
        return self._events.chosen(Choice(self._type, (stream.types,), high, once))

    def _after(self, types: frozenset[str]) -> str:
        return self._events.latest(self._type, types, " ".join(sorted(types)))

    def _title(self, stream: t.Stream) -> str:
        names = dict(self._plan.type_names)
        keys = sorted(stream.types.keys)
        listed = " ".join(names.get(key, key) for key in keys)
        return f"any event except {listed}".rstrip() if stream.types.exclude else listed

    def _stem(self, stream: t.Stream, what: str) -> str:
        title = "any event" if stream.types.exclude else self._title(stream)
        return f"{slug(title)}_{what}"

    def _take(self, stream: t.Stream) -> Taken:
        test = self._events.counting.test(self._choice(stream))
        return self._events.ranked.take(test, stream.up_to, stream.latest, self._title(stream))

    def _ranked(
        self, make: Callable[[str], str], stream: t.Stream, stem: str, *, number: bool = True
    ) -> str:
        """The column of an aggregate over the events left of a stream; `make` gets their test."""
        taken = self._take(stream)
        expression = make(f"stream = {taken.number}")
        events = self._events
        return events.ranked_fact(events.ranked.aggregate(expression, stem), number=number)

    def _reading(self, attribute: str, letter: str) -> str:
        return self._readings[attribute, letter]

    # What rules ask for, as columns of a lead

    def count(self, stream: t.Stream) -> str:
        """How many events a stream has; may be of `coalesce` and `least`."""
        if stream.latest == 1 and stream.up_to is None:
            return f"least({self.some(stream)}, 1)"
        stem = self._stem(stream, "count")
        if stream.up_to is not None:
            column = self._ranked(self._dialect.count_if, replace(stream, latest=None), stem)
        else:
            column = self._events.fact(self._events.counting.count(self._choice(stream), stem))
        if stream.latest is not None:
            return f"least({column}, {stream.latest})"
        return column

    def some(self, stream: t.Stream) -> str:
        """A column that is 0 where a stream has no event, and else some number above it."""
        if stream.up_to is not None:
            return self.count(replace(stream, latest=None))
        choice = self._choice(stream)
        return self._events.fact(self._events.counting.some(choice, self._stem(stream, "some")))

    def latest(self, stream: t.Stream) -> str:
        """The second of the latest event of a stream; NULL for none."""
        stem = self._stem(stream, "latest")
        if stream.up_to is not None:
            at = self._events.at
            return self._ranked(
                lambda test: self._dialect.max_if(at, test),
                replace(stream, latest=None),
                stem,
                number=False,
            )
        test = self._events.counting.chosen(self._choice(stream))
        events = self._events
        latest = events.counting.aggregate(self._dialect.max_if(events.at, test), stem)
        return events.fact(latest, number=False)

    def measure(self, measure: t.Measure) -> tuple[str, str]:
        """The value of a measure, and of an average the count of values."""
        stream, kind, attribute = measure.stream, measure.kind, measure.attribute
        dialect = self._dialect
        if kind == "count":
            return self.count(stream), ""
        assert attribute is not None
        if kind == "different":
            text = self._reading(attribute, "t")
            return self._aggregate(
                stream, lambda test: dialect.distinct_if(text, test), "different", [text]
            ), ""
        number = self._reading(attribute, "n")
        if kind == "highest":
            return self._aggregate(
                stream, lambda test: dialect.max_if(number, test), "highest", [number], False
            ), ""
        if kind == "lowest":
            return self._aggregate(
                stream, lambda test: dialect.min_if(number, test), "lowest", [number], False
            ), ""
        total = self._aggregate(
            stream,
            lambda test: dialect.wide_sum_if(self._part(number), test),
            "total",
            [number],
        )
        if kind == "total":
            return total, ""
        count = self._aggregate(
            stream,
            lambda test: dialect.count_if(f"{number} is not null and {test}"),
            "values",
            [number],
        )
        return total, count

    def _part(self, number: str) -> str:
        """A value in ten-thousandths, half away from zero.

        One past 64 bits counts as far more than 64 bits hold, so that the total is past them too.
        """
        dialect = self._dialect
        size = f"abs({dialect.scale(10_000.0, number)})"
        half = f"{size} - floor({size}) >= {dialect.double(0.5)}"
        rounded = f"{dialect.wide(dialect.floor(size))} + case when {half} then 1 else 0 end"
        past = dialect.wide(str(2**63 - 1))
        sign = f"case when {number} < {dialect.double(0.0)} then -1 else 1 end"
        plain = f"abs({number}) < {dialect.double(_PLAIN_VALUE)} and {number} = floor({number})"
        return case(
            [
                (plain, f"{dialect.wide(dialect.floor(number))} * 10000"),
                (f"{size} >= {dialect.double(_LARGEST)}", f"{past} * 100000000"),
            ],
            f"{sign} * ({rounded})",
        )

    def _aggregate(
        self,
        stream: t.Stream,
        make: Callable[[str], str],
        what: str,
        looks_at: list[str],
        number: bool = True,
    ) -> str:
        stem = self._stem(stream, what)
        events = self._events
        if stream.up_to is not None or stream.latest is not None:
            events.ranked.columns.update(dict.fromkeys(looks_at))
            return self._ranked(make, stream, stem, number=number)
        test = events.counting.chosen(self._choice(stream))
        return events.fact(events.counting.aggregate(make(test), stem), number=number)

    # Decay

    def decayed(self, body: t.EachEvent, *, wide: bool) -> str:
        """What the events of a rule with decay give, in units; `wide`: of more than 64 bits."""
        assert body.decay is not None
        stream, dialect = body.stream, self._dialect
        sum_if = dialect.wide_sum_if if wide else dialect.sum_if
        if len(body.points) > 1:
            return self._decayed_series(body)
        decay = decay_of(body.points[0], body.decay)
        if decay is None:
            count = self.count(stream)
            return f"{dialect.wide(count) if wide else count} * {body.points[0]}"
        few_steps = isinstance(decay, Stepwise) and decay.most_steps <= _FEW_STEPS
        if stream.up_to is None and stream.latest is not None and few_steps:
            # The latest are the youngest: of them, as many are younger than a step as of all.
            assert isinstance(decay, Stepwise)
            most = f"least({{}}, {stream.latest})"
            return self._by_step(stream, self._choice(stream), decay, most.format)
        if stream.up_to is None and stream.latest == 1:
            age = f"({self._events.as_of} - {self.latest(stream)})"
            return case([(f"{age} < {decay.gone}", decay.left(dialect, age))], "0")
        if stream.up_to is None and stream.latest is None:
            return self._decayed_sum(stream, decay, wide)
        age = self._events.age
        self._events.ranked.columns[age] = None
        left = decay.left(dialect, age)
        return self._ranked(
            lambda test: sum_if(left, f"{test} and {age} < {decay.gone}"),
            stream,
            self._stem(stream, "left"),
        )

    def _decayed_sum(self, stream: t.Stream, decay: Stepwise | Gradual, wide: bool) -> str:
        events, dialect = self._events, self._dialect

        def as_wide(x: str) -> str:
            return dialect.wide(x) if wide else x

        choice = self._choice(stream)
        most = decay.gone - 1 if choice.high is None else min(choice.high, decay.gone - 1)
        choice = replace(choice, high=most)
        if isinstance(decay, Stepwise):
            return self._decayed_steps(stream, choice, decay, as_wide)
        sum_if = dialect.wide_sum_if if wide else dialect.sum_if
        sum_ = sum_if(decay.left(dialect, events.age), events.counting.chosen(choice))
        return events.fact(events.counting.aggregate(sum_, self._stem(stream, "left")))

    def _decayed_steps(
        self, stream: t.Stream, choice: Choice, decay: Stepwise, as_wide: Callable[[str], str]
    ) -> str:
        """The sum over events that have not lost all, counted in what divides size and step."""
        events, high = self._events, choice.high
        assert high is not None
        if high < decay.every:
            count = events.fact(events.counting.count(choice, self._stem(stream, "fresh")))
            return f"{as_wide(count)} * {decay.sign * decay.size}"
        part = gcd(decay.size, decay.step)
        size, step = decay.size // part, decay.step // part
        steps = decay.steps(self._dialect, events.age)
        left = f"({size} - {steps if step == 1 else f'{step} * {steps}'})"
        values = tuple(size - step * n for n in range(high // decay.every + 1))
        weight = Weight(left, values, decay.every)
        count = events.counting.count(choice, self._stem(stream, "left"), weight)
        return f"{as_wide(events.fact(count))} * {decay.sign * part}"

    def _by_step(
        self, stream: t.Stream, choice: Choice, decay: Stepwise, times: Callable[[str], str]
    ) -> str:
        """What is lost with each step, times the events that are younger than it."""
        events, counting, parts, left = self._events, self._events.counting, [], decay.size
        for nth in range(decay.most_steps + 1):
            lost = decay.step if nth < decay.most_steps else left
            left -= lost
            younger = (nth + 1) * decay.every - 1
            most = younger if choice.high is None else min(choice.high, younger)
            make = counting.some if stream.latest == 1 else counting.count
            count = make(replace(choice, high=most), self._stem(stream, "fresh"))
            parts.append(f"{times(events.fact(count))} * {decay.sign * lost}")
        return f"({' + '.join(parts)})"

    def _decayed_series(self, body: t.EachEvent) -> str:
        """The oldest event gives the first of the points, and so on, each with its own decay."""
        assert body.decay is not None
        events, dialect = self._events, self._dialect
        age = events.age
        events.ranked.columns[age] = None
        events.ranked.counted = True
        pairs: list[tuple[str, str]] = []
        for nth, points in enumerate(body.points, 1):
            decay = decay_of(points, body.decay)
            if decay is None:
                value = str(points)
            else:
                value = case([(f"{age} < {decay.gone}", decay.left(dialect, age))], "0")
            pairs.append((str(nth), value))
        left = switch("nth", pairs, "0")
        return self._ranked(
            lambda test: dialect.sum_if(left, f"{test} and nth <= {len(pairs)}"),
            body.stream,
            self._stem(body.stream, "left"),
        )


def _nothing(key: str) -> str:
    raise AssertionError(f"{key!r} is not of an event")


def _no_measure(measure: t.Measure) -> tuple[str, str]:
    raise AssertionError(f"{measure!r} is not of an event")


def _no_stream(stream: t.Stream) -> str:
    raise AssertionError(f"{stream!r} is not of an event")
