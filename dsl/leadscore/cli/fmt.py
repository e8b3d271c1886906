"""``leadscore fmt``: the canonical layout of models."""

from __future__ import annotations

import click

from leadscore.cli.common import print_pages, say
from leadscore.cli.main import FINE, PROBLEMS, UNUSABLE
from leadscore.cli.model_files import difference, model_files, read, replace, write_out
from leadscore.errors import ScoreError
from leadscore.formatting import lay_out

_BOM = "\ufeff"


@click.command("fmt")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", "checks", is_flag=True, help="Change nothing; name what would change.")
@click.option("--diff", "shows", is_flag=True, help="Change nothing; print what would change.")
def command(files: tuple[str, ...], checks: bool, shows: bool) -> int:
    """Write models in the canonical layout: blank lines, indentation, columns, modifiers in order.

    What a model computes stays the same, and so does every comment. FILE can be a folder, for all
    models below it, or - for standard input, whose layout goes to standard output. Lines with
    errors stay as they are, and are reported. Exits with 1 where there are such, and, with --check
    or --diff, where something would change; with 2 where a file cannot be read or written.
    """
    code = FINE
    changed = 0
    for file in model_files(files):
        try:
            text = read(file)
            layout = lay_out(text, file)
            if shows:
                write_out(difference(layout.source.text, layout.text, file, "formatted"))
            if layout.edits:
                changed += 1
                if checks and not shows:
                    click.echo(f"{file} would change")
            if not checks and not shows:
                new = (_BOM if text.startswith(_BOM) else "") + layout.text
                if file == "-":
                    write_out(new)
                elif layout.edits:
                    replace(file, new)
                    say(f"formatted {file}")
                if layout.edits:
                    layout = lay_out(new, file)  # errors have their places in the new text
        except OSError as error:
            say(f"error: {file}: {error.strerror or error}")
            code = UNUSABLE
            continue
        except ScoreError as error:
            say(f"{error}\n")
            code = UNUSABLE
            continue
        if layout.errors:
            print_pages(layout.errors, layout.source, err=True)
            count = len(layout.errors)
            left = "1 statement with an error was"
            if count > 1:
                left = f"{count} statements with errors were"
            say(f"{file}: {left} left as written")
            code = code or PROBLEMS
    if changed and (checks or shows):
        code = code or PROBLEMS
    return code
