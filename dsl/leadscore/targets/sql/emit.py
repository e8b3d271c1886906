"""From plans to a query.

One way for every dialect, and for one model or several over the same tables:

    event_text … event      each event read once: its type, second, age, attributes
    latest_facts            a row a lead: the latest resets, where rules have such
    event_facts             a row a lead: counts and sums of its events, in one pass; packed, it is
                            `event_words`, which `lead_counts` takes apart
    ranked_facts            the same of streams in which the order matters (`up to`, some `latest`)
    list_facts              a row a lead: the lists that it is in
    lead_text … lead        each lead read once: its properties as text, number, date, yes or no
    lead_facts              the lead beside its facts
    definitions, scope, group_…, group_points, category_points, score_points
    the last select         labels, matrix, fast track, and what else was asked for

Everything down from `lead_facts` is arithmetic on one row, so a new construct of the language is a
column somewhere in it. `stages` are the parts that make sense as tables of their own: an engine
may run them one after the other, and a person gets them as one statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from leadscore.outputs import NUMBERS, output_names
from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.receipt_columns import receipt_columns
from leadscore.targets.sql.counting import MANY
from leadscore.targets.sql.dialect import Dialect, Unsayable
from leadscore.targets.sql.events import Events, ModelEvents, Reports, UnreadCount
from leadscore.targets.sql.inputs import Inputs
from leadscore.targets.sql.ladder import Ladder
from leadscore.targets.sql.leads import LeadLook, ModelLeads
from leadscore.targets.sql.query import Column, Names, Select, case, slug, with_selects
from leadscore.targets.sql.readings import Field, Reader, Unread

MOST_UNREAD = 60
"""Kinds of unreadable values in one column of bits."""

Form = Literal["units", "points", "text"]
"""How scores come out: as integers of units, as doubles, or as exact decimal texts."""


class CannotSay(Exception):
    """A dialect cannot say a line of a model; `line` is 0 where it has none."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Options:
    """How a query is to be written.

    `as_of` is in seconds; None: the moment at which the query runs. `packed`: see `counting`;
    `reported`: with what an engine needs to say about the data; `checked`: sums past 64 bits are
    told by lead and line, rather than being left to the database.
    """

    zone: tzinfo
    as_of: int | None
    time_pattern: str | None = None
    form: Form = "points"
    packed: bool = False
    reported: bool = False
    checked: bool = False
    receipt: bool = False
    counted: bool = False
    """With `packed`: the number of events of each lead comes out, to be looked at afterwards."""
    ordered: bool = True
    """Whether rows come in the order of the leads, where that is known."""
    prefixes: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Stage:
    """Selects that lead to one relation; `name` is that of the last."""

    name: str
    selects: tuple[Select, ...]

    def sql(self, dialect: Dialect) -> str:
        """The stage as one statement; earlier stages are tables, by their names."""
        *before, last = self.selects
        return with_selects(before, last, materialized=dialect.materialized)


@dataclass(frozen=True, slots=True)
class Output:
    """A column that comes out."""

    name: str
    what: Literal["row", "kept", "id", "number", "text", "receipt", "problem", "unread", "many"]
    model: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A query with all that there is to know about it."""

    dialect: Dialect
    stages: tuple[Stage, ...]
    """The last gives a row a lead; the others are named tables that it looks at."""
    outputs: tuple[Output, ...]
    lead_unread: tuple[tuple[int, Unread], ...]
    """(model, what cannot be read): bit by bit of the columns `unread`."""
    event_unread: tuple[tuple[int, UnreadCount], ...]
    event_counts: dict[str, str]
    """Columns of `reports`: all, untimed, future, `table 0`, …"""
    reports: Reports | None
    """What there is to say about the events, over `event_selects`."""
    event_selects: tuple[Select, ...]
    """The events, read: for a look at single ones."""
    second: str
    """The column of the events with their second, NULL where it cannot be read."""
    time_raw: str
    """The column of the events with their time as it is in the data."""

    @property
    def facts(self) -> tuple[Stage, ...]:
        """The stages that the last one looks at, in order."""
        return self.stages[:-1]

    def makes(self, relation: str) -> bool:
        """Whether there is a stage of that name."""
        return any(stage.name == relation for stage in self.stages)

    def places(self, *what: str) -> list[int]:
        """The places of the columns that are one of these; see `Output`."""
        return [at for at, output in enumerate(self.outputs) if output.what in what]

    def scores(self, prefixes: Sequence[str]) -> list[int]:
        """The place of each model's score, which is NULL exactly for leads that are excluded."""
        return [
            next(
                at
                for at in self.places("number")
                if self.outputs[at].model == model and self.outputs[at].name == f"{prefix}score"
            )
            for model, prefix in enumerate(prefixes)
        ]

    @property
    def scored(self) -> list[int]:
        """The places of what is computed, in the order of ``Request.scored``."""
        return self.places("number", "text", "receipt")

    def sql(self) -> str:
        """All of it as one statement, without the report."""
        selects: dict[str, Select] = {}
        last = self.stages[-1]
        for stage in self.facts:
            selects.update((select.name, select) for select in stage.selects)
        *inner, final = last.selects
        selects.update((select.name, select) for select in inner)
        return with_selects(list(selects.values()), final, materialized=self.dialect.materialized)


def emit(dialect: Dialect, plans: Sequence[t.Plan], inputs: Inputs, options: Options) -> Query:
    """The query of plans over tables.

    Raises CannotSay where the dialect cannot say a line exactly.
    """
    return _Emitter(dialect, plans, inputs, options).query()


@dataclass(frozen=True, slots=True)
class _Model:
    plan: t.Plan
    leads: ModelLeads
    events: ModelEvents | None


class _Emitter:
    def __init__(
        self, dialect: Dialect, plans: Sequence[t.Plan], inputs: Inputs, options: Options
    ) -> None:
        self.dialect = dialect
        self.plans = plans
        self.inputs = inputs
        self.options = options
        self.names = Names()
        self.line = 0
        self.unread: list[tuple[int, Unread]] = []
        self.all_events: tuple[Select, ...] = ()
        self.lists: dict[str, str] = {}
        """The column of each list that a model asks for, by its key."""
        self.events = self._open_events()
        base = Select("lead_text", inputs.leads.source, self.names)
        rungs = ("lead_folded", "lead_known", "lead_read", "lead_typed", "lead_dated", "lead")
        self.ladder = Ladder(base, rungs, self.names)
        self.row = self.ladder.add(inputs.leads.row, "row_number") if inputs.leads.row else ""
        self.id = self.ladder.add(inputs.leads.id, "lead_id")
        self.kept = [self.ladder.add(kept, "kept") for kept in inputs.leads.kept]
        self.as_of = str(options.as_of)
        if options.as_of is None:
            self.as_of = self.ladder.add(dialect.now(), "lead_as_of")
        self.reader = Reader(dialect, self.ladder, options.zone)

    def _open_events(self) -> Events | None:
        given, options = self.inputs.events, self.options
        if given is None or not any(plan.uses_events for plan in self.plans):
            return None
        return Events(
            self.dialect,
            self.names,
            given,
            self.inputs.leads,
            options.zone,
            options.as_of,
            options.time_pattern,
            packed=options.packed,
            reported=options.reported,
        )

    def query(self) -> Query:
        try:
            return self._query()
        except Unsayable as found:
            raise CannotSay(self.line, str(found)) from None

    @contextmanager
    def _at(self, line: int) -> Iterator[None]:
        # Left as it is where the block is left by an exception, which wants to know it.
        before, self.line = self.line, line
        yield
        self.line = before

    def _query(self) -> Query:
        asked = [Asked(plan) for plan in self.plans]
        readings = [
            self._readings(place, plan, asked[place]) for place, plan in enumerate(self.plans)
        ]
        facts = self.ladder.rung("lead_facts", "Each lead beside what is known of its events.")
        counts = self.ladder.rung("lead_counts", "What the events count for, out of their words.")
        models = [
            self._model(place, plan, asked[place], found)
            for place, (plan, found) in enumerate(zip(self.plans, readings, strict=True))
        ]
        for model in models:
            model.leads.write()
        last, outputs = self._last(models)
        stages = [*self._event_stages(), *self._list_stages()]
        self._join(facts, counts, [stage.name for stage in stages])
        chain = self.ladder.selects()
        if facts in chain:
            below = chain[chain.index(facts) - 1].name
            facts.everything = f"{below}.*"
            facts.source = f"{below}{facts.source}"
        last.source = chain[-1].name
        events = self.events
        return Query(
            self.dialect,
            (*stages, Stage("scores", (*chain, last))),
            tuple(outputs),
            tuple(self.unread),
            tuple(
                (number, count)
                for number, model in enumerate(models)
                if model.events is not None
                for count in model.events.unread
            ),
            dict(events.counts) if events is not None else {},
            events.reports() if events is not None and events.reported else None,
            self.all_events,
            events.second if events is not None else "",
            events.time_raw if events is not None else "",
        )

    # Leads and models

    def _readings(self, place: int, plan: t.Plan, asked: Asked) -> dict[tuple[str, str], str]:
        """The column of each reading of each property."""
        found: dict[tuple[str, str], str] = {}
        columns = self.inputs.models[place].properties
        for spec, column in zip(plan.properties, columns, strict=True):
            with self._at(spec.line):
                forms = asked.forms(t.Property(spec.key))
                names, unread = self.reader.readings(
                    Field(
                        spec.name,
                        column,
                        spec.kind,
                        spec.pattern,
                        spec.options,
                        forms,
                        plan.unknown_values,
                    )
                )
            found.update({(spec.key, letter): name for letter, name in names.items()})
            self.unread += [(place, one) for one in unread]
        return found

    def _model(
        self, place: int, plan: t.Plan, asked: Asked, readings: dict[tuple[str, str], str]
    ) -> _Model:
        options = self.options
        events = None
        if self.events is not None and plan.uses_events:
            columns = self.inputs.models[place].attributes
            events = ModelEvents(self.events, plan, asked, columns, options.zone, self._at)
        prefix = options.prefixes[place]
        leads = ModelLeads(
            self.dialect,
            self.ladder,
            plan,
            asked,
            LeadLook(readings, self._in_list, self.as_of),
            events,
            options.zone,
            f"{slug(prefix)}_" if prefix else "",
            self._at,
            options.checked,
            options.packed,
            receipt_columns(plan, prefix) if options.receipt else (),
        )
        return _Model(plan, leads, events)

    def _in_list(self, key: str) -> str:
        """The column that says whether a lead is in a list; of two values."""
        if self.inputs.lists is None:
            return "false"
        if key not in self.lists:
            self.lists[key] = self.names.new(f"in_{slug(key)}")
        return self.lists[key]

    # Facts

    def _event_stages(self) -> list[Stage]:
        if self.events is None:
            return []
        found = self.events.selects()
        self.all_events = tuple(found.events)
        stages: list[Stage] = []
        if found.latest:
            stages.append(Stage(found.latest[-1].name, tuple(found.latest)))
        stages += [Stage(table[-1].name, tuple(table)) for table in found.tables]
        if found.facts:
            stages.append(Stage(found.facts[-1].name, tuple(found.facts)))
        if found.ranked:
            stages.append(Stage(found.ranked[-1].name, tuple(found.ranked)))
        return stages

    def _list_stages(self) -> list[Stage]:
        given = self.inputs.lists
        if not self.lists or given is None:
            return []
        dialect = self.dialect
        text = Select("list_text", given.source, self.names)
        lead = text.add(given.lead, "of_lead")
        name = text.add(dialect.trim(given.list), "list_text")
        folded = Select("list_entry", text.name, self.names)
        folded.keep(lead)
        key = folded.add(dialect.lower(name), "list_key")
        facts = Select("list_facts", folded.name, self.names)
        facts.columns[lead] = Column(lead, "lead")
        facts.group.append(lead)
        for list_, column in self.lists.items():
            count = dialect.count_if(f"{key} = {dialect.string(list_)}")
            facts.columns[count] = Column(count, column, f"in list {list_}")
        return [Stage(facts.name, (text, folded, facts))]

    def _join(self, facts: Select, counts: Select, stages: Sequence[str]) -> None:
        """Join what there is to the leads; the source is what follows their own relation."""
        joins: list[str] = []

        def join(relation: str, columns: Mapping[str, bool]) -> None:
            joins.append(relation)
            for name, number in columns.items():
                value = f"{relation}.{name}"
                value = f"coalesce({value}, 0)" if number else value
                facts.columns[value] = Column(value, name)

        events = self.events
        if events is not None:
            own, ranked = events.joined()
            if own and events.facts_name in stages:
                unpacked = events.counting.unpacked
                join(
                    events.facts_name,
                    {unpacked[name][0] if name in unpacked else name: own[name] for name in own},
                )
                for name in own:
                    if name in unpacked:
                        expression = unpacked[name][1]
                        counts.columns[f"{expression} as {name}"] = Column(expression, name)
            if ranked and "ranked_facts" in stages:
                join("ranked_facts", ranked)
        if self.lists and "list_facts" in stages:
            joins.append("list_facts")
            for name in self.lists.values():
                value = f"coalesce(list_facts.{name}, 0) > 0"
                facts.columns[value] = Column(value, name)
        facts.source = "".join(f"\nleft join {name} on {name}.lead = {self.id}" for name in joins)
        facts.pinned = True

    # What comes out

    def _last(self, models: Sequence[_Model]) -> tuple[Select, list[Output]]:
        dialect, options = self.dialect, self.options
        last = Select("scores", "", self.names)
        outputs: list[Output] = []

        def add(name: str, expression: str, output: Output, note: str = "") -> None:
            # Two outputs may be the same expression: a matrix of one axis, a label for fit.
            last.columns[f"{len(outputs)} {expression}"] = Column(expression, name, note)
            outputs.append(output)

        if self.row and options.reported:
            add("row", self.row, Output("row", "row"))
        for place, name in enumerate(self.kept):
            add(f"kept_{place}", name, Output("", "kept"))
        identity = dialect.as_text(self.id) if options.form != "points" else self.id
        add("id", identity, Output("id", "id"))
        for place, model in enumerate(models):
            prefix = options.prefixes[place]
            for name in output_names(model.plan):
                header = prefix + name
                if name in NUMBERS:
                    value = self._number(model.leads.units(name))
                    add(self._header(header), value, Output(header, "number", place))
                else:
                    value = model.leads.texts(name)
                    add(self._header(header), value, Output(header, "text", place))
            for column, amount in model.leads.receipts():
                value = self._number(amount)
                add(self._header(column.name), value, Output(column.name, "receipt", place))
        if options.checked:
            for place, model in enumerate(models):
                problem = model.leads.problem()
                if problem:
                    add(f"problem_{place}", problem, Output("", "problem", place))
        if options.counted and self.events is not None:
            many = self.events.fact(MANY)
            add("many_events", many, Output("", "many"))
        if options.reported:
            for start in range(0, len(self.unread), MOST_UNREAD):
                bits = [
                    case([(one.condition, str(1 << bit))], "0")
                    for bit, (_, one) in enumerate(self.unread[start : start + MOST_UNREAD])
                ]
                add(f"unread_{start}", " + ".join(bits), Output("", "unread"))
        if self.row and options.ordered:
            last.order = self.row
        return last, outputs

    def _header(self, name: str) -> str:
        plain = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
        return name if plain and not name[0].isdigit() else self.dialect.identifier(name)

    def _number(self, units: str) -> str:
        match self.options.form:
            case "units":
                return units
            case "points":
                return self.dialect.points(units)
            case "text":
                return self.dialect.decimal_text(units)
