"""Tables of leads and events as a CRM exports them, made up, the same on every machine.

Leads have an id and 20 properties; some are missing. Events lie in time order over 365 days before
the as-of, and for half a day after it; just under half of them are in the longest window of
`models/many_leads.score` (180 days). Their 20 types are of unequal frequency; few leads have many
events, one in ten has none. Texts that people pick from a list are spelt one way; job titles and
mail addresses are not. Whole tables never lie in memory: they are written in pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.timing import library

if TYPE_CHECKING:
    import numpy
    import pyarrow

AS_OF = datetime(2026, 1, 31, 9, 0)
"""In UTC, as all times in the tables."""
DAYS = 365
HOURS_AFTER = 12
"""Events go on after the as-of: an evaluator must not see them."""

SIZES = {"small": (50_000, 1_000_000), "full": (1_000_000, 20_000_000)}
"""Leads and events."""

Ids = Literal["integer", "text"]

PIECE = 1_000_000
"""Rows in memory at a time."""
GROUP = 122_880
"""Rows in a row group of the files: what DuckDB writes, so that readers on several threads share
the work of a small table too."""
VERSION = 1
"""Of what is made: a folder of another version is made anew."""

FREQUENCY = {
    "Email sent": 210,
    "Email delivered": 170,
    "Email open": 140,
    "Page view": 130,
    "Visit": 90,
    "Email click": 60,
    "Ad impression": 50,
    "Video": 25,
    "Call": 22,
    "Chat": 18,
    "Form submission": 16,
    "List added": 14,
    "Webinar registered": 12,
    "Webinar attended": 10,
    "Meeting completed": 9,
    "Whitepaper download": 8,
    "Unsubscribe": 6,
    "Trial": 5,
    "Demo": 4,
    "Contact us": 1,
}
"""The types of events, in thousandths of all."""

INDUSTRIES = (
    "Software",
    "SaaS",
    "Manufacturing",
    "Retail",
    "Education",
    "Government",
    "Health",
    "Finance",
    "Other",
)
COUNTRIES = (
    "Germany",
    "United States",
    "France",
    "Austria",
    "Switzerland",
    "India",
    "Brazil",
    "United Kingdom",
)
TITLES = (
    "VP Sales",
    "Head of IT",
    "Marketing Manager",
    "Student",
    "CEO",
    "Chief of Staff",
    "Director, Operations",
    "sales director",
    "Software Engineer",
    "Buyer",
    "Marketing Intern",
    "head of marketing",
    "Analyst",
    "Product Manager",
)
SOURCES = ("Referral", "Partner", "Webinar", "Paid search", "Event", "Organic")
CAMPAIGNS = ("newsletter", "pricing-q1", "spring", "brand", "pricing-q2", "webinar", "retarget")
PAGES = ("home", "blog", "pricing", "docs", "product", "careers", "about", "login")


@dataclass(frozen=True, slots=True)
class Tables:
    """Two Parquet files; `leads.id` is `events.lead_id`."""

    leads: Path
    events: Path
    lead_count: int
    event_count: int


def tables(folder: Path, leads: int, events: int, ids: Ids = "integer") -> Tables:
    """The tables of this size, made where the folder does not have them.

    Raises SystemExit where a library is missing or the folder cannot be written to.
    """
    place = folder / f"{leads}-leads-{events}-events-{ids}-ids"
    library("numpy")
    library("pyarrow")
    made = Tables(place / "leads.parquet", place / "events.parquet", leads, events)
    stamp = place / "made.json"
    wanted = json.dumps({"version": VERSION, "leads": leads, "events": events, "ids": ids})
    if stamp.exists() and stamp.read_text() == wanted:
        return made
    try:
        place.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        _write(made.leads, _lead_pieces(leads, ids))
        _write(made.events, _event_pieces(leads, events, ids))
        stamp.write_text(wanted)  # last: its absence marks tables that are not whole
    except OSError as problem:
        raise SystemExit(f"--data {folder}: the tables cannot be written: {problem}") from problem
    return made


def _write(path: Path, pieces: Iterator[pyarrow.Table]) -> None:
    from pyarrow import parquet

    first = next(pieces)
    # Without Arrow's own schema: columns are plain text to readers, whatever they were made of.
    with parquet.ParquetWriter(path, first.schema, store_schema=False) as writer:
        writer.write_table(first, row_group_size=GROUP)
        for piece in pieces:
            writer.write_table(piece, row_group_size=GROUP)


def _starts(rows: int) -> Iterator[tuple[int, int]]:
    """The first row of each piece, and how many rows it has; one piece where there are none."""
    for start in range(0, max(rows, 1), PIECE):
        yield start, min(PIECE, rows - start)


def _keys(numbers: numpy.ndarray[Any, Any], ids: Ids) -> pyarrow.Array:
    """Ids of leads: numbers with gaps, or texts of 18 characters as Salesforce has them."""
    import numpy
    import pyarrow

    if ids == "integer":
        return pyarrow.array(100_000 + 7 * numbers)
    alphabet = numpy.frombuffer(
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "S1"
    )
    letters = numpy.empty((len(numbers), 18), "S1")
    letters[:, :8] = numpy.frombuffer(b"00Q5g000", "S1")
    rest = numbers * 7 + 100_000
    for place in range(14, 7, -1):
        letters[:, place] = alphabet[rest % 62]
        rest = rest // 62
    letters[:, 15:] = numpy.frombuffer(b"QAW", "S1")
    return pyarrow.array(letters.view("S18").ravel().astype(str))


class _Columns:
    """Columns of random values, some of them missing."""

    def __init__(self, seed: tuple[int, int], rows: int) -> None:
        import numpy

        self.random = numpy.random.default_rng(seed)
        self.rows = rows

    def missing(self, percent: int) -> numpy.ndarray[Any, Any]:
        found: numpy.ndarray[Any, Any] = self.random.integers(0, 100, self.rows) < percent
        return found

    def choice(
        self, texts: tuple[str, ...], missing: int, weights: tuple[int, ...] = ()
    ) -> pyarrow.Array:
        import numpy
        import pyarrow

        if weights:
            edges = numpy.cumsum(weights)
            codes = numpy.searchsorted(
                edges, self.random.integers(0, edges[-1], self.rows), side="right"
            )
        else:
            codes = self.random.integers(0, len(texts), self.rows)
        places = pyarrow.array(codes.astype("int32"), mask=self.missing(missing))
        return pyarrow.DictionaryArray.from_arrays(places, list(texts)).cast(pyarrow.string())

    def numbers(self, low: int, high: int, missing: int, kind: str) -> pyarrow.Array:
        """Whole numbers, small ones more often than large ones."""
        import pyarrow

        values = low + (high - low) * self.random.random(self.rows) ** 3
        return pyarrow.array(values.astype("int64").astype(kind), mask=self.missing(missing))

    def booleans(self, percent: int, missing: int) -> pyarrow.Array:
        import pyarrow

        return pyarrow.array(
            self.random.integers(0, 100, self.rows) < percent, mask=self.missing(missing)
        )

    def times(self, days: int, missing: int, unit: str) -> pyarrow.Array:
        """In the given days before the as-of; one in fifty lies after it."""
        import numpy
        import pyarrow

        before = self.random.integers(-days * 86_400 // 50, days * 86_400, self.rows)
        values = (numpy.datetime64(AS_OF, "s") - before).astype(f"datetime64[{unit}]")
        return pyarrow.array(values, mask=self.missing(missing))


def _lead_pieces(leads: int, ids: Ids) -> Iterator[pyarrow.Table]:
    import numpy
    import pyarrow
    from pyarrow import compute

    for start, rows in _starts(leads):
        of = _Columns((1, start), rows)
        numbers = numpy.arange(start, start + rows)
        hosts = of.choice(
            ("gmail.com", "Yahoo.com", "web.de", "acme.example", "big.example", "shop.example"), 0
        )
        names = pyarrow.array(numpy.char.add("contact.", numbers.astype(str)))
        mail = compute.binary_join_element_wise(names, hosts, "@")
        phone = pyarrow.array(numpy.char.add("+49 30 ", (5_000_000 + numbers).astype(str)))
        nothing = pyarrow.scalar(None, pyarrow.string())
        yield pyarrow.table(
            {
                "id": _keys(numbers, ids),
                "email": compute.if_else(pyarrow.array(of.missing(8)), nothing, mail),
                "industry": of.choice(INDUSTRIES, 12),
                "employees": of.numbers(1, 5_000, 15, "int32"),
                "country": of.choice(COUNTRIES, 10),
                "job_title": of.choice(TITLES, 20),
                "phone": compute.if_else(pyarrow.array(of.missing(40)), nothing, phone),
                "source": of.choice(SOURCES, 10),
                "lifecycle": of.choice(
                    ("subscriber", "lead", "opportunity", "customer"), 5, (40, 35, 10, 15)
                ),
                "owner": of.choice(tuple(f"Rep {n}" for n in range(40)), 50),
                "plan": of.choice(("Free", "Team", "Enterprise"), 30, (70, 22, 8)),
                "language": of.choice(("English", "German", "French", "Portuguese"), 25),
                "revenue": of.numbers(5_000, 9_000_000, 30, "float64"),
                "budget": of.numbers(0, 60_000, 40, "float64"),
                "deal_size": of.numbers(500, 60_000, 40, "float64"),
                "page_views": of.numbers(0, 120, 20, "int32"),
                "nps": of.numbers(0, 11, 60, "int32"),
                "newsletter": of.booleans(45, 10),
                "opted_out": of.booleans(6, 50),
                "signup": of.times(400, 10, "D"),
                "last_seen": of.times(500, 20, "us"),
            }
        )


def _event_pieces(leads: int, events: int, ids: Ids) -> Iterator[pyarrow.Table]:
    import numpy
    import pyarrow

    active = max(1, leads * 9 // 10)
    first = numpy.datetime64(AS_OF - timedelta(days=DAYS), "s")
    seconds = DAYS * 86_400 + HOURS_AFTER * 3_600
    urls = tuple(f"/{page}/{number}" for page in PAGES for number in range(40))
    for start, rows in _starts(events):
        of = _Columns((2, start), rows)
        rank = (of.random.random(rows) ** 1.6 * active).astype("int64")
        # Spread over the table: the busy leads are not its first ones.
        number = rank * 2_654_435_761 % leads
        unknown = of.random.integers(0, 1_000, rows) < 2  # events of leads that were deleted
        number[unknown] += leads
        since = numpy.arange(start, start + rows) * seconds // max(events, 1)
        yield pyarrow.table(
            {
                "lead_id": _keys(number, ids),
                "event": of.choice(tuple(FREQUENCY), 0, tuple(FREQUENCY.values())),
                "time": pyarrow.array((first + since).astype("datetime64[us]")),
                "campaign": of.choice(CAMPAIGNS, 30),
                "url": of.choice(urls, 25),
                "seconds": of.numbers(0, 600, 20, "int32"),
            }
        )
