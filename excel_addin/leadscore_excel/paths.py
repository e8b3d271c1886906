"""Model files, only inside the folders that are allowed.

A workbook can come from a stranger, and its formulas run when it is opened. So a path in a cell is
taken apart before any file is touched: no network share, no address, no way up, no device, and
nothing but `.score` files; and what a link leads to must still be inside.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from leadscore.errors import ScoreError
from leadscore.files import MAX_BYTES, decode
from leadscore_excel.trouble import Trouble

_LONGEST = 1024
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:/")
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)", re.IGNORECASE
)
"""Names that Windows takes for devices, in any folder and with any ending."""


def looks_like_path(text: str) -> bool:
    """Whether a text is meant as the path of a model, rather than as one."""
    return "\n" not in text and text.lower().endswith(".score")


def read_model(text: str, folders: Sequence[str]) -> str:
    """The text of the model file that a path names, in the first folder that has it.

    Raises Trouble where it is not allowed, not there or not readable; the sentence is the same
    for files outside of the folders that exist and that do not.
    """
    given = _checked(text)
    where: list[str] = []
    for folder in folders:
        try:
            base = Path(folder).resolve()
            path = (base / given).resolve()
        except (OSError, RuntimeError, ValueError):
            continue
        where.append(folder)
        # Both are resolved, so a link that leads out of the folder is out of it.
        if not path.is_relative_to(base) or path.suffix.lower() != ".score":
            continue
        data = _bytes(path, text)
        if data is not None:
            try:
                return decode(data, text)
            except ScoreError as error:
                raise Trouble(f"{text}: {error.diagnostics[0].message}.") from None
    if not where:
        raise Trouble(
            f"{text} cannot be read: no folder is allowed yet. Save the workbook in the model's "
            "folder, or name the folder in the configuration (leadscore addin install --folder)."
        )
    raise Trouble(
        f"there is no model {text} in the allowed folders ({', '.join(where)}). Put it there, or "
        "name its folder in the configuration (leadscore addin install --folder)."
    )


def _checked(text: str) -> str:
    """The path with slashes only; raises Trouble where it is one that is never allowed."""
    path = text.replace("\\", "/")
    if len(path) > _LONGEST or not path.isprintable():
        raise _refused(text, "it is no path")
    if path.startswith("//"):
        raise _refused(text, "models are not read from network shares")
    drive = _DRIVE.match(path)
    if not drive and _ADDRESS.match(path):
        raise _refused(text, "models are not read from addresses on the network")
    rest = path[drive.end() :] if drive else path
    if ":" in rest or (drive and os.name != "nt"):
        raise _refused(text, "it is no path of this computer")
    for part in rest.split("/"):
        if part == "..":
            raise _refused(text, "a path must not lead up with ..")
        if (part != "." and part.endswith((".", " "))) or _DEVICE.match(part):
            raise _refused(text, "it is no path of a file")
    return path


def _refused(text: str, why: str) -> Trouble:
    return Trouble(
        f"{text[:200]} is not read: {why}. Give a path such as fit.score, inside the workbook's "
        "folder or one that the configuration names."
    )


def _bytes(path: Path, shown: str) -> bytes | None:
    """The content of a file, cut off past what a model may have; None where there is none."""
    # O_NONBLOCK: a pipe that is called so must not hang the sheet. O_NOFOLLOW: the last part was
    # no link when it was resolved.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        return None
    except OSError as error:
        raise Trouble(f"{shown} cannot be read: {error.strerror or error}.") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Trouble(f"{shown} cannot be read: {error.strerror or error}.") from None
    finally:
        os.close(descriptor)
