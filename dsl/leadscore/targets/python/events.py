"""Events in generated code: sorted into classes once, then selected stream by stream.

An item is ``(second, place in the input, the event, class, readings of attributes …)``; sorting
items puts the oldest first, and those of one second in the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from leadscore.plan import terms as t
from leadscore.plan.walk import stream_attributes
from leadscore.targets.python.conditions import Conditions, python_operator, scaled
from leadscore.targets.python.readings import Readings
from leadscore.targets.python.source import Source, ZonePeriod

FIRST_READING = 4
MANY_CLASSES = 40
MANY_READINGS = 200
"""Past these, events are read by a table: branches nest, and every branch names every reading."""


class Events:
    """Writes the loop over the events, and the variables of streams and measures."""

    def __init__(
        self, plan: t.Plan, source: Source, readings: Readings, conditions: Conditions
    ) -> None:
        self._plan = plan
        self._source = source
        self._readings = readings
        self._conditions = conditions
        conditions.events = self
        self._streams: dict[t.Stream, str] = {}
        self._measures: dict[t.Measure, str] = {}
        self._latest: dict[frozenset[str], str] = {}
        self._moments: set[int] = set()
        self._looks = looks = list(stream_attributes(plan))
        self._oldest: str | None = None
        """The variable of the second before which events that nothing is read of do not count."""
        keys: set[str] = set()
        for stream, _ in looks:
            keys |= stream.types.keys | stream.resets
            if isinstance(stream.window, t.AfterLatest):
                keys |= stream.window.types
        self.keys = sorted(keys)
        """The types that the plan names; an event's class is its place here, or their number."""
        self._places = {key: place for place, key in enumerate(self.keys)}
        self._any = any(stream.types.exclude for stream, _ in looks)
        self._reads = self._attributes_by_class(looks)

    def _attributes_by_class(
        self, looks: list[tuple[t.Stream, frozenset[str]]]
    ) -> dict[frozenset[str], list[int]]:
        """The classes of events by the attributes that are read of them.

        An attribute that streams of any event (except some) look at is read of all classes but
        those that every such stream leaves out. Also decides whether there are too many for
        branches.
        """
        named: dict[str, set[str]] = {}
        left_out: dict[str, frozenset[str]] = {}
        for stream, attributes in looks:
            types = stream.types.keys
            if stream.types.exclude:
                for attribute in attributes:
                    left_out[attribute] = left_out.get(attribute, types) & types
            else:
                for key in types:
                    named.setdefault(key, set()).update(attributes)
        without: dict[str, set[str]] = {}
        for attribute, types in left_out.items():
            for key in types:
                without.setdefault(key, set()).add(attribute)
        self._usual = frozenset(left_out)
        self._named = named
        many = len(named) + len(without) > MANY_CLASSES
        self._by_table = many or len(self._readings.slots) > MANY_READINGS
        classes: dict[frozenset[str], list[int]] = {}
        if self._by_table:
            return classes
        for place, key in enumerate(self.keys):
            read = (self._usual - without.get(key, set())) | named.get(key, set())
            classes.setdefault(read, []).append(place)
        if self._any:  # events of other types; else they are passed over
            classes.setdefault(self._usual, []).append(len(self.keys))
        return classes

    def write_tables(self) -> None:
        """Write what the loop looks up, outside of the function.

        A model of very many attributes has tables instead of a branch for each class of events:
        what is read of every event, and what besides of those of a class.
        """
        if not self._by_table:
            return
        columns = {spec.key: column for column, spec in enumerate(self._plan.attributes)}

        def reads(attributes: Iterable[str]) -> str:
            parts: list[str] = []
            for key in sorted(attributes, key=columns.__getitem__):
                forms = self._readings.forms(t.Attribute(key))
                slot = self._readings.slots[key, forms[0]]
                parts.append(f"({slot}, {len(forms)}, {columns[key] + 2}, ra{columns[key]}), ")
            return f"({''.join(parts)})"

        rows = [reads(self._named.get(key, set()) - self._usual) for key in self.keys]
        self._source.add(f"usual = {reads(self._usual)}")
        self._source.add(f"own = [{', '.join([*rows, '()'])}]")

    def write_loop(self) -> None:
        """Write the loop that reads times, sorts events into classes and reads attributes."""
        add, block = self._source.add, self._source.block
        add(f"buckets = [()] * {len(self.keys) + 1}")
        if self._any:
            add("every = []")
        add("report.events += len(events)")
        horizon = self._horizon(self._reads.get(frozenset(), []))
        self._oldest = self._moment(horizon) if horizon is not None else None
        add("future = place = 0")
        with block("for event in events:"):
            add("time = event[1]")
            with block("try:"):
                parts = "hours[time[:13]] + minutes[time[13:]]"
                add(f"second = {parts} if time.__class__ is clocked else times[time]")
            with block("except KeyError:"):
                add("second = times[time]")
            with block("if second is None:"):
                add("report.untimed(time)")
                add("continue")
            with block("if second > as_of:"):
                add("future += 1")
                add("continue")
            add("kind = classes[event[0]]")
            if not self._any:
                with block(f"if kind == {len(self.keys)}:"):
                    add("continue")
            self._write_items()
            add("place += 1")
            if self._any:
                add("every.append(item)")
            with block("if buckets[kind]:"):
                add("buckets[kind].append(item)")
            with block("else:"):
                add("buckets[kind] = [item]")
        add(f"{''.join(f'u{place}, ' for place in range(len(self.keys)))}_ = buckets")
        with block("if future:"):
            add("report.future_events += future")

    def _horizon(self, places: list[int]) -> int | None:
        """The age past which no stream looks at events of some classes; None where there is none.

        Where nothing is read of them besides, nobody can tell such events from none.
        """
        oldest = 0
        for place in places:
            key = self.keys[place] if place < len(self.keys) else None
            for stream, _ in self._looks:
                window = stream.window
                if key in stream.resets or (
                    isinstance(window, t.AfterLatest) and key in window.types
                ):
                    return None
                if (key in stream.types.keys) != stream.types.exclude:
                    if not isinstance(window, t.AgeWindow) or window.high is None:
                        return None
                    oldest = max(oldest, window.high)
        return oldest if places else None

    def _write_items(self) -> None:
        """An event's item, with the readings of the attributes that are looked at in its class."""
        if self._by_table:
            size = len(self._readings.slots)
            head = "(second, place, event, kind)"
            self._source.add(f"item = read_item({head}, usual, own[kind], {size}, report)")
            return
        # The class of most types goes first, and needs one test.
        *others, last = sorted(self._reads, key=lambda attributes: -len(self._reads[attributes]))
        word = "if"
        for attributes in others:
            places = self._reads[attributes]
            test = f"in {{{', '.join(map(str, places))}}}" if len(places) > 1 else f"== {places[0]}"
            with self._source.block(f"{word} kind {test}:"):
                self._write_item(attributes)
            word = "elif"
        if not others:
            self._write_item(last)
            return
        with self._source.block("else:"):
            self._write_item(last)

    def _write_item(self, attributes: frozenset[str]) -> None:
        """An item; the attributes that are not looked at are left out, or None before others."""
        if not attributes and self._oldest:
            with self._source.block(f"if second < {self._oldest}:"):
                self._source.add("continue")
        parts: list[str] = []
        used = 0
        for column, spec in enumerate(self._plan.attributes):
            operand = t.Attribute(spec.key)
            forms = self._readings.forms(operand)
            if spec.key in attributes:
                taken = f"(v := event[{column + 2}])"
                reading = self._readings.reading(operand, taken, "v", f"a{column}")
                parts.append(f"{'' if len(forms) == 1 else '*'}({reading})")
                used = len(parts)
            else:
                parts += ["None"] * len(forms)
        self._source.add(f"item = ({', '.join(['second, place, event, kind', *parts[:used]])})")

    # Streams

    def stream(self, stream: t.Stream) -> str:
        """The variable that holds the items of a stream; the selection is written at once."""
        known = self._streams.get(stream)
        if known is not None:
            return known
        tests = self._tests(stream)
        base = self._base(stream.types)
        if tests:
            # A loop, not a comprehension: most leads have few events of a type, and Python's
            # compiler takes quadratic time over many comprehensions in one function.
            # And it is not gone into at all where there are none.
            if not base.isidentifier():
                several = self._source.name("y")
                self._source.add(f"{several} = {base}")
                base = several
            name = self._source.name("x")
            self._source.add(f"{name} = {base}")
            with self._source.block(f"if {name}:"):
                self._source.add(f"{name} = []")
                with self._source.block(f"for e in {base}:"):
                    self._source.add(f"if {' and '.join(tests)}: {name}.append(e)")
        elif base.isidentifier() and not stream.up_to and stream.latest is None:
            name = base
        else:
            name = self._source.name("x")
            self._source.add(f"{name} = {base}")
        if stream.up_to is not None:
            most, period = stream.up_to
            function = self._source.constant(ZonePeriod(period), "P")
            self._source.add(f"{name} = up_to({name}, {most}, {function})")
        if stream.latest == 1:
            self._source.add(f"if len({name}) > 1: {name} = [max({name})]")
        elif stream.latest is not None:
            self._source.add(
                f"if len({name}) > {stream.latest}: {name} = sorted({name})[-{stream.latest}:]"
            )
        self._streams[stream] = name
        return name

    def _base(self, types: t.Types) -> str:
        if types.exclude:
            return "every"
        buckets = [f"u{self._places[key]}" for key in sorted(types.keys)]
        if len(buckets) == 1:
            return buckets[0]
        return "[" + ", ".join(f"*{bucket}" for bucket in buckets) + "]"

    def _tests(self, stream: t.Stream) -> list[str]:
        tests: list[str] = []
        if stream.types.exclude and stream.types.keys:
            places = sorted(self._places[key] for key in stream.types.keys)
            tests.append(f"e[3] not in {{{', '.join(map(str, places))}}}")
        match stream.window:
            case t.AgeWindow(low=low, high=high):
                if high is not None:
                    tests.append(f"e[0] >= {self._moment(high)}")
                if low:
                    tests.append(f"e[0] <= {self._moment(low)}")
            case t.DateWindow(first=first, last=last):
                tests.append(self._conditions.date("e[0]", ">=", first))
                if last is not None:
                    tests.append(self._conditions.date("e[0]", "<=", last))
            case t.AfterLatest(types=types):
                tests.append(f"e[0] > {self._latest_of(types)}")
        if stream.resets:
            tests.append(f"e[0] > {self._latest_of(stream.resets)}")
        if stream.where is not None:
            tests.append(self._conditions.write(stream.where))
        return tests

    def _moment(self, age: int) -> str:
        """A variable for the instant `age` seconds before the as-of."""
        name = f"before{age}"
        if age not in self._moments:
            self._moments.add(age)
            self._source.add(f"{name} = as_of - {age}")
        return name

    def _latest_of(self, types: frozenset[str]) -> str:
        name = self._latest.get(types)
        if name is None:
            name = self._latest[types] = self._source.name("since")
            buckets = ", ".join(f"u{self._places[key]}" for key in sorted(types))
            self._source.add(f"{name} = latest_time({buckets})")
        return name

    # Measures

    def measure(self, measure: t.Measure) -> str:
        """The variable or expression of a measure; a pair (total, count) for an average."""
        known = self._measures.get(measure)
        if known is not None:
            return known
        items = self.stream(measure.stream)
        if measure.kind == "count":
            return f"len({items})"
        assert measure.attribute is not None
        name = self._source.name("q")
        add = self._source.add
        if measure.kind == "different":
            place = self._readings.slots[measure.attribute, "t"]
            add(f"{name} = different({items}, {place})")
        else:
            place = self._readings.slots[measure.attribute, "n"]
            if measure.kind in ("total", "average"):
                add(f"{name} = totals({items}, {place})")
            else:
                add(f"{name} = {measure.kind}({items}, {place})")
        self._measures[measure] = name
        return name

    def compare(self, measure: t.Measure, operator: t.Operator, value: Decimal) -> str:
        """A measure against a decimal of the model: exactly, but for highest and lowest."""
        name = self.measure(measure)
        sign = python_operator(operator)
        match measure.kind:
            case "count" | "different":
                factor, bound = scaled(value, 0)
                times = f" * {factor}" if factor > 1 else ""
                return f"({name}{times} {sign} {bound})"
            case "total":
                factor, bound = scaled(value, 4)
                times = f" * {factor}" if factor > 1 else ""
                return f"({name}[0]{times} {sign} {bound})"
            case "average":
                factor, bound = scaled(value, 4)
                times = f" * {factor}" if factor > 1 else ""
                return f"({name}[1] > 0 and {name}[0]{times} {sign} {bound} * {name}[1])"
            case "highest" | "lowest":
                return f"({name} is not None and {name} {sign} {float(value)!r})"

    def shown(self, measure: t.Measure) -> str:
        """The value of a measure for the receipt: a number, or None."""
        name = self.measure(measure)
        match measure.kind:
            case "total":
                return f"({name}[0] / 10000 if {name} else None)"
            case "average":
                return f"({name}[0] / {name}[1] / 10000 if {name} and {name}[1] else None)"
            case _:
                return name

    def known(self, measure: t.Measure) -> str:
        """Whether a measure is known: of nothing, the highest, lowest and average are not."""
        name = self.measure(measure)
        match measure.kind:
            case "average":
                return f"({name}[1] > 0)"
            case "highest" | "lowest":
                return f"({name} is not None)"
            case _:
                return "True"
