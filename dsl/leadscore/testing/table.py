"""Writing a test from a lead of a table."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from leadscore.model import Model
from leadscore.report import Report
from leadscore.testing.write import Written, written_row

if TYPE_CHECKING:
    from leadscore.data import Tables


def written_lead(
    model: Model,
    tables: Tables,
    id: str,
    *,
    as_of: int,
    time_zone: tzinfo,
    time_pattern: str | None = None,
    name: str | None = None,
) -> tuple[Written, Report]:
    """The test of one lead of tables that were opened for `model`, and what there is to say.

    `as_of` is in seconds. Raises DataError where there is no lead with that id, Unwritable where
    no test says what it is.
    """
    from leadscore.engines.python import Scorer

    bound = model.bound(time_zone, time_pattern)
    sizes = len(model.needs.properties), len(model.needs.attributes)
    places = list(range(sizes[0])), list(range(sizes[1]))
    scorer = Scorer(model, places, sizes, bound, as_of)
    values, events, lists = scorer.inputs(tables.find_lead(id))
    written = written_row(model, values, events, lists, as_of, time_zone, time_pattern, name)
    report = Report()
    report.merge(tables.report)
    return written, report
