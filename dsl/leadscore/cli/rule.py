"""``leadscore rule``: the page of a code."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence

import click

from leadscore import rulebook
from leadscore.cli.common import format_option
from leadscore.cli.main import FINE
from leadscore.cli.markdown import rendered
from leadscore.diagnostics import LEVELS
from leadscore.rulebook import Entry

_WIDEST = 100
"""Characters of a line that read well; wider terminals are not filled."""


@click.command("rule")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@format_option("text", "markdown", "json", help="For the terminal, for a page, or for programs.")
def command(codes: tuple[str, ...], shape: str) -> int:
    """Say what a code means: what it finds, why that matters, an example, and the remedy.

    CODE is a code, its beginning or a name, such as L101, L1 or label-out-of-reach. Without one,
    list all of them.
    """
    chosen = list(dict.fromkeys(each for code in codes for each in _entries(code)))
    match shape:
        case "json":
            records = [_record(each) for each in chosen or rulebook.entries()]
            click.echo(json.dumps(records, indent=2, ensure_ascii=False))
        case "markdown":
            pages = [each.page for each in chosen] or [table(rulebook.entries())]
            click.echo("\n".join(pages), nl=False)
        case _:
            width = min(shutil.get_terminal_size().columns, _WIDEST)
            color = sys.stdout.isatty()
            pages = [rendered(each.page, width, color=color) for each in chosen]
            click.echo("\n".join(pages or _listed(rulebook.entries())), nl=False)
    return FINE


def _entries(text: str) -> Sequence[Entry]:
    found = rulebook.entry(text)
    if found is not None:
        return (found,)
    begun = [each for each in rulebook.entries() if text and each.code.startswith(text.upper())]
    if begun:
        return begun
    near = rulebook.near(text)
    remedy = f"did you mean {near}?" if near else "`leadscore rule` lists all codes."
    raise click.UsageError(f"No code or name {text!r}: {remedy}")


def _record(entry: Entry) -> dict[str, str | None]:
    return {
        "code": entry.code,
        "name": entry.name,
        "title": entry.title,
        "severity": entry.level,
        "fix": entry.fix,
        "page": entry.page,
    }


def _listed(entries: Sequence[Entry]) -> Iterable[str]:
    wide = max(len(each.name) for each in entries)
    for each in entries:
        start = f"{each.code}  {each.name:<{wide}}  {LEVELS[each.level]:<7}  {fix_text(each):<10}"
        yield f"{start}  {each.title}"
    yield ""


def fix_text(entry: Entry) -> str:
    """Whether what is found can be mended, for lists; nothing where that differs."""
    return f"{entry.fix} fix" if entry.fix else ""


def table(entries: Sequence[Entry], *, link: str = "") -> str:
    """All codes as a table of Markdown. `link` makes links: `{code}` in it is the code."""
    lines = ["| code | name | level | fix | about |", "|---|---|---|---|---|"]
    for each in entries:
        code = f"`{each.code}`"
        if link:
            code = f"[{code}]({link.format(code=each.code)})"
        lines.append(
            f"| {code} | {each.name} | {LEVELS[each.level]} | {each.fix or ''} | {each.title} |"
        )
    return "\n".join(lines) + "\n"
