"""The entry point: the commands there are, and what becomes of errors."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from threading import current_thread, main_thread
from typing import Any, NoReturn

import click

from leadscore import __version__
from leadscore.errors import DataError, LeadscoreError, ScoreError

COMMANDS = ("addin", "check", "explain", "fmt", "rule", "score", "sql", "test", "workbook")

FINE, PROBLEMS, UNUSABLE = 0, 1, 2


class _Lazy(click.Group):
    """A group whose commands are modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"leadscore.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], COMMANDS, 1) if args else []
            if close:
                raise click.UsageError(
                    f"No such command {args[0]!r}. Did you mean {close[0]!r}?", ctx
                ) from None
            raise error


# The backspace is how Click is told to leave the lines of a paragraph as they are.
_HELP = """Lead scoring as a file: check it, test it, and run it over your leads.

\b
leadscore check contact.score
leadscore test contact.score
leadscore fmt contact.score
leadscore score contact.score --leads leads.csv --events events.csv -o scored.csv
leadscore explain contact.score --leads leads.csv --lead 0042
"""


@click.group(cls=_Lazy, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="leadscore")
def cli() -> None:
    """Take the options before a command; there is nothing else to do here."""


def _stop(number: int, frame: object) -> None:
    """A request to stop ends a command as an error does: what is half-written is taken away."""
    sys.exit(128 + number)


def main(args: list[str] | None = None) -> Any:
    """Run a command line and exit; no traceback reaches the user."""
    _write_all_characters()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and current_thread() is main_thread():
            signal.signal(getattr(signal, name), _stop)
    try:
        code = cli.main(args=args, prog_name="leadscore", standalone_mode=False)
        _flush()
        sys.exit(code if isinstance(code, int) else FINE)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(UNUSABLE)
    except (KeyboardInterrupt, click.Abort):
        _interrupted()
    except BrokenPipeError:
        # The reader of a pipe has gone, as `head` does: no error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FINE)
    except DataError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(UNUSABLE)
    except LeadscoreError as error:
        click.echo(str(error), err=True)
        sys.exit(code_of(error))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {place}{error.strerror or error}", err=True)
        sys.exit(UNUSABLE)
    except MemoryError:
        click.echo("error: not enough memory for this input", err=True)
        sys.exit(UNUSABLE)
    except Exception as error:
        # DuckDB has its own word for Ctrl-C, and Arrow's reader another for DuckDB's.
        if type(error).__name__ == "InterruptException" or "Query interrupted" in str(error):
            _interrupted()
        if os.environ.get("LEADSCORE_DEBUG"):
            raise
        click.echo(
            f"error: this should not happen ({type(error).__name__}: {error}). Please report it, "
            "with what LEADSCORE_DEBUG=1 in the environment makes it print.",
            err=True,
        )
        sys.exit(UNUSABLE)


def code_of(error: LeadscoreError) -> int:
    """The exit code for an error: a model that is no text is unreadable input, and no problem."""
    if isinstance(error, DataError):
        return UNUSABLE
    unread = isinstance(error, ScoreError) and any(d.code == "S011" for d in error.diagnostics)
    return UNUSABLE if unread else PROBLEMS


def _write_all_characters() -> None:
    """Have files and pipes get UTF-8, whatever the system's encoding is, as JSON and JUnit say.

    On Windows it lacks the lines that pages are drawn with, for one. A terminal shows what it can.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _interrupted() -> NoReturn:
    click.echo("\nInterrupted; nothing half-written is left.", err=True)
    sys.exit(130)


def _flush() -> None:
    sys.stdout.flush()


if __name__ == "__main__":
    main()
