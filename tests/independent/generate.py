"""Random models that use every construct of the language, and leads that try their edges.

All choices go through a `random.Random`, so that a plain seed makes long runs fast, and Hypothesis
can put its own in and shrink what it finds. A `ModelMaker` notes the literals that it writes;
`LeadMaker` builds leads out of them: values on and beside a bound, events on and beside the second
at which a window ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

AS_OF = datetime(2026, 3, 29, 12, 30, tzinfo=UTC)
"""On the day on which Berlin's clocks go forward."""
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")

PROPERTIES = (
    "employees",
    "industry",
    "job_title",
    "email",
    "country",
    "signup",
    "renewal",
    "opted_in",
    "revenue",
    "budget",
    "[Last seen]",
    "[Größe (m²)]",
)
ATTRIBUTES = ("campaign", "url", "amount", "outcome", "[Page views]", "due", "paid")
TYPES = ("Email open", "Email click", "Visit", "Call", "Trial", "Recycled", "Ünsubscribe")
RAW_TYPES = ("EMAIL_OPEN", "4-666440", "page  view", "tel.")
LISTS = ("Newsletter", "Competitors", "VIP kunden")
DEFINITIONS = ("senior", "free_mail", "[is active]", "großkunde")
WORDS = (
    "VP",
    "Chief",
    "Director",
    "IT",
    "director of IT",
    "Müller",
    "ΣΊΣΥΦΟΣ",
    "İzmir",
    "c++",
    "a_b",
)
TEXTS = (
    "SaaS",
    "Software",
    "N/A",
    "select",
    "yes",
    "0",
    "10",
    "2026-01-31",
    "pricing",
    "@x.com",
    "/pricing/a",
    "50%",
    '5"" pipe',
    "true",
    "Straße",
    "no",
    "ß",
    "2.5",
)
WILDCARDS = ("*", "?", "a*b", "*@x.com", "/pri*/?", "d*r*it", "??", "*ing*")
PATTERNS = ("D.M.YYYY", "MM/DD/YY h:mm AM/PM", "YYYYMMDD", "D MMM YYYY", "DD.MM.YYYY hh:mm:ss")
NUMBERS = ("0", "1", "2", "2.5", "10", "50", "200", "10k", "1.5M", "0.1", "99.99", "0.0001")
DURATIONS = (
    "1 hour",
    "30 minutes",
    "1 day",
    "7 days",
    "2 weeks",
    "30 days",
    "90 days",
    "3 months",
    "1 year",
    "36 hours",
    "100 minutes",
)
DATES = (
    "2026-01-31",
    "2026-03-28",
    "2026-03-29",
    "2025-10-26",
    "2026-03-29T09:30",
    "2025-12-31T23:59",
)
POINTS = ("1", "2", "5", "10", "25", "2.5", "0.001", "33.333", "7.777", "100", "0.5")
COLORS = ("blue", "gray", "green", "magenta", "orange", "purple", "red", "yellow")
LIMITS = ("5", "10", "25.5", "40", "100", "0.125")
KINDS = ("number", "text", "date", "boolean", "one of")

SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000}
SECONDS["year"] = 365 * 86400


@dataclass
class Written:
    """The literals of a model, for leads that try its edges."""

    text: str = ""
    texts: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    ages: set[int] = field(default_factory=set)
    columns: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)


def plain(name: str) -> str:
    """A name without brackets."""
    return name[1:-1] if name[0] == "[" else name


class ModelMaker:
    """One model."""

    def __init__(self, random: Random, size: int = 3) -> None:
        self.r = random
        self.size = size
        self.written = Written()
        self.declared: dict[str, str] = {}
        self.definitions: list[str] = []

    # Choosing

    def one(self, items: Sequence[T]) -> T:
        return items[self.r.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.r.randrange(100) < percent

    def maybe(self, percent: int, make: Callable[[], str]) -> str:
        return make() if self.chance(percent) else ""

    def some(self, items: Sequence[T], least: int = 1, most: int = 3) -> list[T]:
        return [self.one(items) for _ in range(self.r.randint(least, most))]

    def lines(self, least: int, most: int, make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(self.r.randint(least, most))]

    # Small parts

    def quoted(self, text: str) -> str:
        self.written.texts.add(text.replace('""', '"'))
        return f'"{text}"'

    def text(self) -> str:
        return self.quoted(self.one(TEXTS + WORDS))

    def texts(self) -> str:
        return ", ".join(self.text() for _ in range(self.r.randint(1, 3)))

    def number(self) -> str:
        number = self.one(NUMBERS)
        self.written.numbers.add(number)
        return number

    def signed(self) -> str:
        return ("-" if self.chance(15) else "") + self.number()

    def range(self, word: str) -> str:
        low, high = sorted((self.number(), self.number()), key=value_of)
        return f"{low} {word} {high}"

    def points(self) -> str:
        return self.one("+++-") + self.one(POINTS)

    def duration(self) -> str:
        duration = self.one(DURATIONS)
        self.written.ages.add(seconds_of(duration))
        return duration

    def durations(self) -> tuple[str, str]:
        near, far = self.duration(), self.duration()
        while seconds_of(near) == seconds_of(far):
            near, far = "1 hour", self.one(DURATIONS[2:])
            self.written.ages |= {seconds_of(near), seconds_of(far)}
        return (near, far) if seconds_of(near) < seconds_of(far) else (far, near)

    def date(self) -> str:
        date = self.one(DATES)
        self.written.dates.add(date)
        return date

    def dates(self) -> str:
        return " and ".join(sorted((self.date(), self.date())))

    def types(self) -> str:
        return ", ".join(f'"{self.one(TYPES)}"' for _ in range(self.r.choice((1, 1, 1, 2))))

    def limit(self) -> str:
        low, high = sorted((self.one(LIMITS), self.one(LIMITS)), key=float)
        return self.one(
            (
                f"limit {low}",
                f"limit -{low}",
                f"limit -{low} to {high}",
                f"limit {low} to {high}",
                f"limit at least {self.one(('0', '-' + low, low))}",
                f"limit at most {self.one(('0', '-' + low, low))}",
            )
        )

    # Conditions

    def comparison(self, names: Sequence[str]) -> str:
        name = self.one(names)
        sign = self.one(("=", "!=", "<", "<=", ">", ">="))
        shape = self.r.randrange(20)
        match shape:
            case 0:
                return f"{name} is {self.value()}"
            case 1:
                return f"{name} is not {self.value()}"
            case 2 | 3:
                how = "any" if shape == 2 else "none"
                values = ", ".join(self.value() for _ in range(self.r.randint(1, 3)))
                return f"{name} is {how} of {values}"
            case 4:
                return f"{name} is known"
            case 5:
                return f"{name} is unknown"
            case 6:
                low, high = sorted((self.signed(), self.signed()), key=value_of)
                return f"{name} is between {low} and {high}"
            case 7:
                return f"{name} is between {self.dates()}"
            case 8:
                low, high = sorted((self.one(TEXTS[:6]), self.one(TEXTS[:6])), key=str.lower)
                return f"{name} is between {self.quoted(low)} and {self.quoted(high)}"
            case 9:
                return f"{name} is within the {self.one(('last', 'next'))} {self.duration()}"
            case 10:
                return f"{name} is more than {self.duration()} ago"
            case 11:
                how = self.one(("", "any of ", "the word ", "any of the words "))
                texts = self.texts()
                if "word" in how:
                    texts = ", ".join(self.quoted(word) for word in self.some(WORDS))
                return f"{name} contains {how}{texts}"
            case 12:
                return f"{name} does not contain {self.one(('', 'any of '))}{self.texts()}"
            case 13 | 14:
                how = "starts" if shape == 13 else "ends"
                return f"{name} {how} with {self.one(('', 'any of '))}{self.texts()}"
            case 15:
                patterns = ", ".join(self.quoted(one) for one in self.some(WILDCARDS))
                return f"{name} matches {self.one(('', 'any of '))}{patterns}"
            case 16 | 17:
                value = self.one((self.signed, self.signed, self.date, self.text))()
                if self.chance(10):
                    sign, value = self.one(("=", "!=")), self.one(("yes", "no", "true", "false"))
                return f"{name} {sign} {value}"
            case 18:
                return f"{name} {sign} {self.one(names)}"
            case _:
                percent = self.one(("80%", "100%", "33.33%", "150%", "0.5%"))
                return f"{name} {sign} {percent} of {self.one(names)}"

    def value(self) -> str:
        return self.one(
            (self.text, self.text, self.signed, self.date, lambda: self.one(("yes", "no")))
        )()

    def property_test(self) -> str:
        return self.comparison(PROPERTIES)

    def where(self) -> str:
        if self.chance(50):
            return " where " + self.comparison(ATTRIBUTES)
        tests = self.joined(lambda: self.comparison(ATTRIBUTES), 2)
        return f" where ({tests})"

    def joined(self, test: Callable[[], str], depth: int) -> str:
        """`test`s with and, or, not and parentheses; `where` never ends one before and, or."""
        shape = self.r.randrange(6) if depth else 0
        if shape < 3:
            return test()
        if shape == 3:
            return f"not {self.inner(test, depth)}"
        word = " and " if shape == 4 else " or "
        return word.join(self.inner(test, depth) for _ in range(self.r.randint(2, 3)))

    def inner(self, test: Callable[[], str], depth: int) -> str:
        text = self.joined(test, depth - 1)
        return f"({text})" if " and " in text or " or " in text or " where " in text else text

    def window(self) -> str:
        near, far = self.durations()
        return (
            " "
            + self.one(
                (
                    lambda: f"in the last {self.duration()}",
                    lambda: f"in the last {self.duration()}",
                    lambda: f"more than {self.duration()} ago",
                    lambda: f"between {near} and {far} ago",
                    lambda: f"since {self.date()}",
                    lambda: f"between {self.dates()}",
                    lambda: f"since {self.types()}",
                )
            )()
        )

    def kinds(self) -> str:
        if self.chance(80):
            return self.types()
        return "any event" + self.maybe(50, lambda: f" except {self.types()}")

    def stream(self) -> str:
        return self.kinds() + self.maybe(35, self.where) + self.maybe(50, self.window)

    def event_test(self) -> str:
        if self.chance(20):
            types = self.maybe(80, lambda: f" {self.types()}")
            return f"no event{types}{self.maybe(30, self.where)}{self.maybe(50, self.window)}"
        head = self.one(("event", "event", "event " + self.types(), "any event"))
        if head == "any event":
            head += self.maybe(50, lambda: f" except {self.types()}")
        elif head == "event" and self.chance(80):
            head += " " + self.types()
        tail = [self.maybe(50, self.window), self.maybe(50, self.frequency)]
        if self.chance(50):
            tail.reverse()
        return head + self.maybe(30, self.where) + "".join(tail)

    def frequency(self) -> str:
        low, high = sorted((self.r.randint(0, 4), self.r.randint(0, 4)))
        return " " + self.one(
            (
                f"at least {low} times",
                "at least 1 time",
                f"at most {low} times",
                f"exactly {high} times",
                f"{low} to {high} times",
            )
        )

    def test(self) -> str:
        shape = self.r.randrange(10)
        if shape < 5:
            return self.property_test()
        if shape < 8:
            return self.event_test()
        if shape == 8 and self.definitions:
            return self.one(self.definitions)
        return f'in list "{self.one(LISTS)}"'

    def condition(self, depth: int = 2) -> str:
        return self.joined(self.test, depth)

    def guard(self) -> str:
        return " if " + self.condition(1)

    # Rules

    def modifiers(self, allowed: Sequence[str]) -> str:
        """Some of the modifiers, in any order."""
        makers: dict[str, Callable[[], str]] = {
            "limit": self.limit,
            "named": lambda: f'named "{self.one(WORDS)}"',
            "latest": lambda: f"latest {self.r.randint(1, 4)}",
            "up to": lambda: f"up to {self.r.randint(1, 3)} per {self.one(PERIODS)}",
            "reset by": lambda: f"reset by {self.types()}",
            "decay": lambda: self.one((self.decay, self.decay, lambda: "no decay"))(),
        }
        chosen = [makers[name]() for name in allowed if self.chance(25)]
        self.r.shuffle(chosen)
        return "".join(" " + modifier for modifier in chosen)

    def decay(self) -> str:
        percent = self.one(("50%", "10%", "100%", "33.33%", "12.5%", "150%", "0.01%"))
        every = self.duration()
        if self.chance(30):  # the hours of `gradually` need not divide the duration
            every = self.one(("45 minutes", "90 minutes", "7 hours"))
        return f"decay {percent} every {every}{self.maybe(40, lambda: ' gradually')}"

    def rule(self) -> list[str]:
        streams = ("limit", "decay", "latest", "up to", "reset by", "named")
        counting = ("limit", "latest", "up to", "reset by", "named")
        simple = ("limit", "named")
        guard = self.maybe(30, self.guard)
        match self.r.randrange(13):
            case 0 | 1:
                return [f"{self.points()} if {self.condition()}{self.modifiers(simple)}"]
            case 2:
                return [f"{self.points()} always{self.modifiers(simple)}"]
            case 3 | 4:
                head = f"{self.points()} for each {self.stream()}"
                return [head + self.modifiers(streams) + guard]
            case 5:
                points = ", ".join(self.points() for _ in range(self.r.randint(2, 4)))
                return [f"{points} for each {self.stream()}{self.modifiers(streams)}{guard}"]
            case 6:
                head = f"{self.points()} once for {self.stream()}"
                return [head + self.modifiers(streams) + guard]
            case 7:
                step = self.one(("1", "3", "10", "1000"))
                head = f"{self.points()} for each {step} of {self.one(PROPERTIES)}"
                return [head + self.modifiers(simple) + guard]
            case 8:
                head = f"{self.points()} for each {self.duration()} since {self.one(PROPERTIES)}"
                return [head + self.modifiers(simple) + guard]
            case 9:
                head = f"{self.points()} for each {self.duration()} without {self.stream()}"
                return [head + self.modifiers(counting) + guard]
            case 10:
                cases = self.lines(1, 3, lambda: f"  {self.condition(1)}: {self.points()}")
                cases += self.otherwise()
                return [f"first of{self.modifiers(simple)}{guard}", *cases]
            case 11:
                name = self.one(PROPERTIES)
                kind = self.kinds_of_table(name)
                cases = self.lines(1, 3, lambda: f"  {self.pattern(kind)}: {self.points()}")
                return [f"by {name}{self.modifiers(simple)}{guard}", *cases, *self.otherwise()]
            case _:
                subject = self.one(
                    (
                        "count of",
                        f"count of different {self.one(ATTRIBUTES)} in",
                        f"{self.one(('total', 'highest', 'lowest', 'average'))} of amount in",
                        f"{self.one(('total', 'highest', 'lowest', 'average'))} of [Page views] in",
                    )
                )
                head = f"by {subject} {self.stream()}{self.modifiers(counting)}{guard}"
                cases = self.lines(1, 3, lambda: f"  {self.pattern('number')}: {self.points()}")
                return [head, *cases, *self.otherwise()]

    def kinds_of_table(self, name: str) -> str:
        declared = self.declared.get(name)
        return declared if declared in ("number", "date") else self.one(("number", "text", "date"))

    def pattern(self, kind: str) -> str:
        sign = self.one(("=", "!=", "<", "<=", ">", ">="))
        if self.chance(10):
            return "unknown"
        match kind:
            case "number":
                return self.one(
                    (
                        self.number,
                        lambda: self.range("to"),
                        lambda: f"between {self.range('and')}",
                        lambda: f"{sign} {self.signed()}",
                    )
                )()
            case "date":
                return f"{sign} {self.date()}"
            case _:
                how = self.one(("", "", "contains ", "contains any of ", "contains the word "))
                if "word" in how:
                    return how + self.quoted(self.one(WORDS))
                return how + self.texts()

    def otherwise(self) -> list[str]:
        return [f"  otherwise: {self.one((self.points(), '0'))}"] if self.chance(40) else []

    def group(self, number: int, category: str) -> list[str]:
        head = f'group "Group {number}"{f" as {category}" if category else ""}'
        head += self.modifiers(("limit", "decay", "reset by"))
        head = head.replace(" no decay", "")
        lines = [head + self.maybe(15, self.guard)]
        if self.chance(20):
            lines.append(f'description "{self.one(TEXTS)}"')
        for _ in range(self.r.randint(1, self.size)):
            lines += self.rule()
        return lines

    # The whole

    def declarations(self) -> list[str]:
        lines: list[str] = []
        if self.chance(70):
            lines.append("properties")
            for name in PROPERTIES:
                if self.chance(60) or len(lines) == 1:
                    kind = self.one(KINDS)
                    self.declared[name] = kind
                    spelt = kind
                    if kind == "one of":
                        spelt += " " + self.texts()
                    elif kind == "date" and self.chance(60):
                        pattern = self.one(PATTERNS)
                        self.written.patterns.append(pattern)
                        spelt += f' "{pattern}"'
                    column = self.maybe(30, lambda: self.one(("Col A", "Spalte ß", "email ")))
                    if column:
                        self.written.columns.append(column)
                        spelt += f' from "{column}"'
                    lines.append(f"  {name}: {spelt}")
        if self.chance(50):
            raw = list(RAW_TYPES)
            self.r.shuffle(raw)
            lines += ["events", f'  "{self.one(TYPES[:2])}" from "{raw[0]}", "{raw[1]}"']
            lines.append(f'  "{self.one(TYPES[2:])}" from "{raw[2]}"')
        return lines

    def labels(self, target: str, has: Sequence[str]) -> list[str]:
        lines = [f"labels for {target}" if target else "labels"]
        floors = sorted(
            {self.r.randint(-10, 60) for _ in range(self.r.randint(1, 3))}, reverse=True
        )
        for number, floor in enumerate(floors):
            line = f'  "L{number}{target}" from {floor}{self.one(("", "", ".5", ".12345678"))}'
            others = [one for one in ("score", *has) if one != (target or "score")]
            if others and self.chance(30):
                bound = self.one(("from", "below"))
                line += f" and {self.one(others)} {bound} {self.r.randint(-5, 40)}"
            line += self.maybe(25, self.guard) + self.maybe(
                30, lambda: f" color {self.one(COLORS)}"
            )
            lines.append(line)
        if self.chance(60):
            lines.append(f'  "rest{target}"' + self.maybe(30, lambda: f" below {floors[-1]}"))
        return lines

    def axis(self, category: str) -> str:
        floors = sorted(
            {self.r.randint(-10, 60) for _ in range(self.r.randint(1, 3))}, reverse=True
        )
        steps = [f'"{category[0]}{place}" from {floor}' for place, floor in enumerate(floors)]
        if self.chance(70):
            steps.append(f'"{category[0]}x" below {floors[-1]}')
        return f"  {category} " + ", ".join(steps)

    def case(self) -> list[str]:
        """A test: it must not change what is scored."""
        name = self.one(PROPERTIES)
        return [
            'test "nothing much" as of 2026-02-01',
            f"  given {name} = {self.value()}",
            f'  event "{self.one(TYPES)}" 2 times 3 days ago with amount = {self.signed()}',
            f'  in list "{self.one(LISTS)}"',
            "  expect score > -900000",
        ]

    def model(self) -> Written:
        blocks: list[list[str]] = [
            [f'score "Model {self.one(WORDS)}"{self.one(("", " for contacts"))}']
        ]
        if self.chance(20):
            blocks[0].insert(0, "edition 1")
        if self.chance(20):
            blocks[0].append('description "of all"')
        if self.chance(40):
            blocks.append([self.limit()])
        if self.chance(50):
            self.written.texts |= {"Select", "N/A"}
            blocks.append(['unknown values "Select", "N/A"' + self.one(("", ', "0"', ', " ß "'))])
        blocks.append(self.declarations())
        for name in DEFINITIONS:
            if self.chance(40):
                blocks.append([f"define {name} as {self.condition()}"])
                self.definitions.append(name)
        if self.chance(25):
            blocks.append([f"only when {self.condition()}"])
        for _ in range(2):
            if self.chance(15):
                blocks.append([f"exclude when {self.condition(1)}"])
        has = []
        for number in range(self.r.randint(1, 3)):
            category = self.one(("", "fit", "engagement"))
            has += [category] if category else []
            blocks.append(self.group(number, category))
        for category in sorted(set(has)):
            if self.chance(40):
                blocks.append([f"{category} {self.limit()}"])
        for target in ("", "fit", "engagement"):
            if self.chance(40):
                blocks.append(self.labels(target, has))
        if self.chance(40):
            axes = [self.axis("fit"), self.axis("engagement")]
            self.r.shuffle(axes)
            blocks.append(["matrix", *axes])
        for number in range(2):
            if self.chance(25):
                blocks.append([f'fast track "MQL {number}" if {self.condition(1)}'])
        if self.chance(15):
            blocks.append(self.case())
        text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
        self.written.text = text.replace("\n", "\r\n") if self.chance(5) else text
        return self.written


PERIODS = ("hour", "day", "week", "month", "quarter", "year")


def value_of(number: str) -> float:
    factor = {"k": 1e3, "M": 1e6}.get(number[-1], 1.0)
    return float(number.rstrip("kM")) * factor


def seconds_of(duration: str) -> int:
    amount, unit = duration.split()
    return int(amount) * SECONDS[unit.rstrip("s")]


@dataclass
class Call:
    """One call of `Model.score`."""

    lead: dict[str, Any]
    events: list[dict[str, Any]]
    lists: list[str]
    as_of: datetime
    zone: str


class LeadMaker:
    """Leads for a model."""

    def __init__(self, random: Random, written: Written) -> None:
        self.r = random
        self.w = written
        self.zone_name = self.one(ZONES)
        self.zone: tzinfo = ZoneInfo(self.zone_name)
        self.as_of = AS_OF + timedelta(seconds=self.one((0, 0, 1, 86400 * 40, -86400 * 155, 41399)))
        self.texts = [*sorted(written.texts), "Select", "other", "İ", "VP, Sales & IT", "a_b-c"]
        self.numbers = [*sorted(written.numbers), "0", "7"]

    def one(self, items: Sequence[T]) -> T:
        return items[self.r.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.r.randrange(100) < percent

    def call(self) -> Call:
        lead: dict[str, Any] = {}
        for name in (*map(plain, PROPERTIES), *self.w.columns):
            if self.chance(75):
                spelt = self.one(
                    (name, name, name.upper() if name.isascii() else name, f" {name} ")
                )
                lead[spelt] = self.value()
        events = [self.event() for _ in range(self.r.choice((0, 1, 3, 8, 14)))]
        if events and self.chance(30):  # the same second twice, and the same event twice
            events.append(dict(self.one(events), amount=3, campaign="pricing"))
            events.append(dict(self.one(events)))
        lists = [self.one((name, name.lower(), f" {name}")) for name in LISTS if self.chance(30)]
        return Call(lead, events, lists, self.as_of, self.zone_name)

    def value(self) -> Any:
        match self.r.randrange(24):
            case 0 | 1 | 2 | 3 | 4:
                return self.odd(self.one(self.texts))
            case 5 | 6 | 7:
                return self.number()
            case 8 | 9 | 10:
                return self.moment(self.age())
            case 11 | 12:
                return self.one(("yes", "No", "TRUE", "f", "1", "on", "off", True, False, 1, 0))
            case 13:
                return self.one((None, "", "  ", "\u00a0", float("nan"), Decimal("NaN")))
            case 14:
                return self.one(
                    ("twelve", "1,5", "1 000", "31.02.2026", "2026-02-30", "٣", "1e400")
                )
            case 15:
                return self.one((float("inf"), -float("inf"), 1e16, -0.0, 0.1 + 0.2, 2**53 + 1))
            case 16 | 17:
                if not self.w.patterns:
                    return self.moment(self.age())
                return in_pattern(self.at(self.age()), self.one(self.w.patterns))
            case 18:
                return " ".join(self.one(self.texts) for _ in range(3))
            case 19:
                return self.one(self.w_dates())
            case _:
                return self.odd(self.number_text())

    def w_dates(self) -> list[str]:
        days = sorted(self.w.dates) or ["2026-01-31"]
        after = [(datetime.fromisoformat(day) + timedelta(days=1)).date() for day in days]
        ends = [day[:10] + "T23:59:59" for day in days]
        return [*days, *(day[:10] for day in days), *ends, *map(str, after)]

    def odd(self, text: str) -> str:
        return self.one(
            (text, text, text.upper(), text.lower(), f" {text}\u00a0", text.title(), text + "x")
        )

    def number_text(self) -> str:
        return repr(self.number()) if self.chance(50) else self.one(self.numbers).rstrip("kM")

    def number(self) -> Any:
        number = value_of(self.one(self.numbers))
        number = self.one(
            (
                number,
                number,
                number + 0.5,
                number - 1,
                -number,
                number * 1.0000000000000002,
                number - 0.00005,
            )
        )
        form = self.r.randrange(4)
        if form == 0:
            return Decimal(repr(number))
        return int(number) if form == 1 or number == int(number) else number

    def age(self) -> int:
        """Seconds before the as-of: on, just before or just after a bound of the model."""
        ages = sorted(self.w.ages) or [86400]
        base = self.one(ages) * self.one((0, 1, 1, 1, 2, 3))
        if self.chance(25):
            base = self.r.randrange(400 * 86400)
        if self.chance(10):  # near a date of the model
            day = datetime.fromisoformat(self.one(self.w_dates())).replace(tzinfo=self.zone)
            base = int((self.as_of - day).total_seconds())
        if self.chance(10):
            base = -base
        return base + self.one((0, 0, 0, -1, 1, 3600, -3600))

    def at(self, age: int) -> datetime:
        return self.as_of - timedelta(seconds=age)

    def moment(self, age: int) -> Any:
        """An instant in one of the forms in which data has it."""
        instant = self.at(age)
        local = instant.astimezone(self.zone).replace(tzinfo=None)
        match self.r.randrange(9):
            case 0:
                return instant
            case 1:
                return local
            case 2:
                return local.date()
            case 3:
                return local.date().isoformat()
            case 4:
                return instant.isoformat()
            case 5:
                return instant.astimezone(ZoneInfo("America/New_York")).isoformat(
                    timespec="milliseconds"
                )
            case 6:
                return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
            case 7:
                return " " + local.strftime("%Y-%m-%d %H:%M") + " "
            case _:
                return local.isoformat()

    def event(self) -> dict[str, Any]:
        types = TYPES + RAW_TYPES if self.chance(40) else TYPES
        type: Any = self.odd(self.one(types)) if self.chance(20) else self.one(types)
        time: Any = self.moment(self.age())
        if self.chance(4):
            time = self.one((None, "", "soon", "31.1.2026", 5, float("nan"), [1]))
        if self.chance(2):
            type = self.one((None, 4, "", True))
        event: dict[str, Any] = {"event": type, "time": time}
        for name in map(plain, ATTRIBUTES):
            if self.chance(50):
                event[name] = self.value()
        return event


def in_pattern(instant: datetime, pattern: str) -> str:
    """A date written in one of `PATTERNS`."""
    parts = {
        "D.M.YYYY": f"{instant.day}.{instant.month}.{instant.year:04d}",
        "MM/DD/YY h:mm AM/PM": instant.strftime("%m/%d/%y %I:%M %p").replace(" 0", " "),
        "YYYYMMDD": instant.strftime("%Y%m%d"),
        "D MMM YYYY": f"{instant.day} {instant.strftime('%b %Y')}",
        "DD.MM.YYYY hh:mm:ss": instant.strftime("%d.%m.%Y %H:%M:%S"),
    }
    return parts[pattern]
