"""Running something again whenever a file changes, until it is interrupted."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

import click

from leadscore.cli.common import say
from leadscore.errors import LeadscoreError

PAUSE = 0.25
"""Seconds between two looks at the files. Looking at some files costs next to nothing, and works
on shared folders too, where systems do not tell of changes."""

_State = tuple[int, int, int] | None


def watch(files: Sequence[str], run: Callable[[], object]) -> NoReturn:
    """Call `run`, and again whenever one of `files` changes. Ends by KeyboardInterrupt only.

    The first run may raise; later on, a file that is gone or broken for a while, as editors leave
    it, is said, and waited for.
    """
    states = _states(files)
    run()
    many = f"{len(files)} files" if len(files) > 1 else files[0]
    say(f"watching {many}; Ctrl-C ends")
    while True:
        sys.stdout.flush()
        time.sleep(PAUSE)
        now = _states(files)
        if now == states:
            continue
        while (later := _states(files)) != now:  # still being written
            now = later
            time.sleep(PAUSE)
        changed = [file for file, old, new in zip(files, states, now, strict=True) if old != new]
        states = now
        click.echo(f"\n{', '.join(changed)} changed at {time.strftime('%H:%M:%S')}")
        try:
            run()
        except OSError as error:
            say(f"error: {error.filename}: {error.strerror}")
        except LeadscoreError as error:
            say(f"error: {error}")


def _states(files: Sequence[str]) -> list[_State]:
    return [_state(file) for file in files]


def _state(file: str) -> _State:
    """What changes when the file does; None where there is none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
