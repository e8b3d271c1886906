"""``leadscore sql``: a model as SQL."""

from __future__ import annotations

from pathlib import Path

import click

from leadscore.cli.common import load_model, say
from leadscore.cli.main import FINE
from leadscore.data.arguments import parse_events_argument
from leadscore.data.problems import refuse_input
from leadscore.data.sinks import Beside
from leadscore.sql import DIALECTS, TABLES


@click.command("sql")
@click.argument("file", metavar="FILE")
@click.option("--dialect", type=click.Choice(DIALECTS), default=DIALECTS[0], show_default=True)
@click.option(
    "--leads",
    metavar="TABLE",
    help="The leads, or a sample of them: the SQL then reads each column as what it is. "
    "Left out: columns by their names in the model, cast to text.",
)
@click.option("--events", metavar="TABLE[:MAPPING]", help="The events, or a sample of them.")
@click.option("--lists", metavar="TABLE", help="The lists, or a sample of them.")
@click.option("--id", "id_column", metavar="COLUMN", help="The column of leads' ids.")
@click.option(
    "--relation",
    "relations",
    multiple=True,
    metavar="NAME=SQL",
    help="What stands behind FROM, as it is: leads=crm.contacts, "
    "events=\"{{ ref('stg_events') }}\". Left out: leads, events, lists.",
)
@click.option(
    "--as-of",
    metavar="TIME",
    help="The instant of the evaluation; left out: the moment at which the query runs.",
)
@click.option(
    "--time-zone",
    default="UTC",
    show_default=True,
    metavar="ZONE",
    help="For times without an offset, such as Europe/Berlin.",
)
@click.option(
    "--time-pattern",
    metavar="PATTERN",
    help="How times of events are written, where it is not ISO 8601.",
)
@click.option("--receipt", is_flag=True, help="Also the points of every rule and group.")
@click.option("-o", "--output", metavar="OUT.sql", help="Where it goes; else standard output.")
def command(
    file: str,
    dialect: str,
    leads: str | None,
    events: str | None,
    lists: str | None,
    id_column: str | None,
    relations: tuple[str, ...],
    as_of: str | None,
    time_zone: str,
    time_pattern: str | None,
    receipt: bool,
    output: str | None,
) -> int:
    """Print a model as SQL: named steps, a rule a line, its text beside it.

    The query gives one row a lead, and the same digits as `leadscore score`. It looks at tables
    called leads, events and lists, unless --relation names others.
    """
    model = load_model(file)
    text = model.to_sql(
        dialect,
        leads=leads,
        events=None if events is None else [parse_events_argument(events)],
        lists=lists,
        id=id_column,
        relations=dict(map(_relation, relations)),
        as_of=as_of,
        time_zone=time_zone,
        time_pattern=time_pattern,
        receipt=receipt,
    )
    if output is None:
        click.echo(text, nl=False)
    else:
        path = Path(output)
        refuse_input(path, [Path(file)], "the SQL")
        beside = Beside(path)
        try:
            beside.part.write_text(text, encoding="utf-8")
            beside.finish()
        except BaseException:
            beside.discard()
            raise
        say(f"written: {output}")
    return FINE


def _relation(text: str) -> tuple[str, str]:
    name, equals, relation = text.partition("=")
    if not equals or name not in TABLES or not relation.strip():
        raise click.UsageError(
            f"--relation {text!r}: write it as leads=SQL, events=SQL or lists=SQL."
        )
    return name, relation.strip()
