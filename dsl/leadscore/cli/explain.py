"""``leadscore explain``: the receipt of one lead."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadscore.cli.common import load_model, say_report, table_options
from leadscore.cli.main import FINE


@click.command("explain")
@click.argument("file", metavar="FILE")
@table_options
@click.option("--lead", "lead_id", required=True, metavar="ID", help="The lead's id.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as a page.",
)
def command(
    file: str,
    leads: str,
    events: tuple[str, ...],
    lists: str | None,
    event_columns: str | None,
    id_column: str | None,
    as_of: str | None,
    time_zone: str,
    time_pattern: str | None,
    allow_missing: bool,
    lead_id: str,
    shape: str,
) -> int:
    """Say why a lead has its score: what each rule earned, what decay and limits took.

    The amounts add up to the score exactly.
    """
    from leadscore.data import open_tables, parse_events_argument
    from leadscore.scores import explain

    model = load_model(file)
    with open_tables(
        model.needs,
        leads,
        [parse_events_argument(text) for text in events] or None,
        lists,
        id=id_column,
        event_columns=event_columns,
        time_zone=time_zone,
        allow_missing=allow_missing,
        model=Path(file).name,
    ) as tables:
        receipt, report = explain(
            model,
            tables,
            lead_id,
            as_of=as_of,
            time_zone=time_zone,
            time_pattern=time_pattern,
        )
    match shape:
        case "json":
            click.echo(json.dumps(receipt.to_dict(), indent=2, ensure_ascii=False))
        case "html":
            from leadscore.receipt_html import receipt_html

            click.echo(receipt_html(receipt, model.name))
        case _:
            click.echo(str(receipt))
    say_report(report)
    return FINE
