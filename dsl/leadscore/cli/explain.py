"""``leadscore explain``: the receipt of one lead."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadscore.cli.common import (
    TableOptions,
    format_option,
    load_model,
    naming_broken_rows,
    say_report,
    table_options,
)
from leadscore.cli.main import FINE


@click.command("explain")
@click.argument("file", metavar="FILE")
@table_options
@click.option("--lead", "lead_id", required=True, metavar="ID", help="The lead's id.")
@format_option("text", "json", "html", help="For people, for programs, or as a page.")
def command(
    file: str,
    given: TableOptions,
    lead_id: str,
    shape: str,
) -> int:
    """Say why a lead has its score: what each rule earned, what decay and limits took.

    The amounts add up to the score exactly.
    """
    from leadscore.scores import explain

    model = load_model(file)
    with naming_broken_rows(), given.open(model.needs, Path(file).name) as tables:
        receipt, report = explain(
            model,
            tables,
            lead_id,
            as_of=given.moment,
            time_zone=given.zone,
            time_pattern=given.time_pattern,
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
