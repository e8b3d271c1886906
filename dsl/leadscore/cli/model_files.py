"""Files of models on the command line: which ones are meant, and writing them anew."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from errno import EISDIR
from pathlib import Path

from leadscore.files import MAX_BYTES, decode, read_text

SUFFIX = ".score"


def model_files(arguments: Iterable[str]) -> tuple[str, ...]:
    """The files that are meant, each once: of a folder, all models below it, in order of names.

    Folders whose names begin with a dot are left out, and links to folders are not followed. A
    folder without models stands for itself: `read` says what is wrong with it.
    """
    found: dict[str, None] = {}
    for argument in arguments:
        if argument == "-" or not os.path.isdir(argument):
            found[argument] = None
            continue
        found.update(dict.fromkeys(sorted(_below(argument)) or [argument]))
    return tuple(found)


def _below(folder: str) -> Iterable[str]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(SUFFIX):
                yield os.path.normpath(os.path.join(place, name))


def read(file: str) -> str:
    """The text of a file, or of standard input for `-`. Raises as `read_text` does."""
    if file == "-":
        return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "-")
    refuse_folder(file)
    return read_text(file)


def refuse_folder(file: str) -> None:
    """Raise IsADirectoryError for a folder: `model_files` gives one where it holds no models."""
    if os.path.isdir(file):
        raise IsADirectoryError(EISDIR, f"this folder holds no {SUFFIX} files", file)


def write_out(text: str) -> None:
    """Write to standard output with the line ends that `text` has, on Windows too."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a stream of text, in tests
        sys.stdout.write(text)
    else:
        # A difference names files, whose names need not be text.
        buffer.write(text.encode("utf-8", "backslashreplace"))
        buffer.flush()


def difference(old: str, new: str, name: str, after: str) -> str:
    """A change as a unified diff; empty where there is none. `after` says what was done."""
    from difflib import unified_diff

    if old == new:
        return ""
    parts: list[str] = []
    for line in unified_diff(_lines(old), _lines(new), f"{name} (as it is)", f"{name} ({after})"):
        parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """The lines with their ends, which are line feeds only."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def replace(file: str, text: str) -> None:
    """Give a file a new text, all at once: whoever reads it sees the old one or the new one.

    A link stays a link, and the file keeps its permissions.
    """
    path = Path(file).resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(path, name)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
