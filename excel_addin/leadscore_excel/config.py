"""The configuration of the add-in: one small file of the user's own."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadscore_excel.trouble import Trouble

VARIABLE = "LEADSCORE_ADDIN_CONFIG"
"""The environment variable that names another file."""

_LARGEST = 100_000
_KEYS = ("folders", "workbook_folder", "time_zone", "time_pattern")


@dataclass(frozen=True, slots=True)
class Config:
    """What the user allows and prefers."""

    folders: tuple[str, ...]
    """Folders from which models may be read, besides the workbook's."""
    workbook_folder: bool = True
    """Whether models may be read from the folder of the workbook."""
    time_zone: str | None = None
    """An IANA name; None: that of the machine."""
    time_pattern: str | None = None
    """How times of events are written as text, where it is not ISO 8601."""


def config_path() -> Path | None:
    """Where the configuration is; None where there is no home to look in."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    home = _home()
    return None if home is None else home / ".leadscore" / "addin.toml"


def models_folder() -> Path | None:
    """The folder for models that is allowed unless the configuration says otherwise."""
    home = _home()
    return None if home is None else home / "leadscore"


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None


_seen: tuple[object, Config] | None = None


def load() -> Config:
    """The configuration as it is now; the defaults where there is no file. Raises Trouble."""
    global _seen
    path = config_path()
    if path is None:
        return Config(())
    try:
        facts = path.stat()
    except FileNotFoundError:
        folder = models_folder()
        return Config(() if folder is None else (str(folder),))
    except OSError as error:
        raise Trouble(_unreadable(path, error.strerror or str(error))) from None
    stamp = (str(path), facts.st_mtime_ns, facts.st_size)
    if _seen is not None and _seen[0] == stamp:
        return _seen[1]
    config = read(path)
    _seen = (stamp, config)
    return config


def read(path: Path) -> Config:
    """The configuration in a file. Raises Trouble."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise Trouble(_unreadable(path, "it is too large"))
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Trouble(_unreadable(path, "it is not UTF-8 text")) from None
    except tomllib.TOMLDecodeError as error:
        raise Trouble(_unreadable(path, str(error))) from None
    except OSError as error:
        raise Trouble(_unreadable(path, error.strerror or str(error))) from None
    return _checked(path, content)


def _checked(path: Path, content: dict[str, Any]) -> Config:
    for key in content:
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise Trouble(_unreadable(path, f"there is no setting {key!r}; there are {known}"))
    folders = content.get("folders")
    if folders is None:
        own = models_folder()
        folders = [] if own is None else [str(own)]
    if not isinstance(folders, list) or not all(isinstance(one, str) for one in folders):
        raise Trouble(_unreadable(path, 'write folders = ["…", "…"]'))
    for folder in folders:
        if not Path(folder).is_absolute():
            raise Trouble(_unreadable(path, f"give the whole path of the folder {folder!r}"))
    own_folder = content.get("workbook_folder", True)
    if not isinstance(own_folder, bool):
        raise Trouble(_unreadable(path, "workbook_folder is true or false"))
    for key in ("time_zone", "time_pattern"):
        if not isinstance(content.get(key, ""), str):
            raise Trouble(_unreadable(path, f"{key} is a text in quotes"))
    return Config(
        tuple(folders),
        own_folder,
        content.get("time_zone") or None,
        content.get("time_pattern") or None,
    )


def _unreadable(path: Path, why: str) -> str:
    return f"the configuration {path} cannot be used: {why}."


def written(config: Config) -> str:
    """The text of a configuration file that says `config`, with a word on each setting."""
    folders = "".join(f"  {_quoted(folder)},\n" for folder in config.folders)
    zone = _quoted(config.time_zone or "Europe/Berlin")
    pattern = _quoted(config.time_pattern or "M/D/YY h:mm")
    return (
        "# Settings of the leadscore spreadsheet functions. Changes hold at the next calculation.\n"
        "\n"
        '# The folders from which =LEADSCORE("fit.score", …) may read models. Only whole paths.\n'
        f"folders = [\n{folders}]\n"
        "\n"
        "# Whether it may also read them from the folder of the workbook.\n"
        f"workbook_folder = {'true' if config.workbook_folder else 'false'}\n"
        "\n"
        "# The time zone of times without an offset. Left out: the one of this computer.\n"
        f"{'' if config.time_zone else '# '}time_zone = {zone}\n"
        "\n"
        "# How times of events are written where they are text, and not as 2026-01-31T09:30.\n"
        f"{'' if config.time_pattern else '# '}time_pattern = {pattern}\n"
    )


def _quoted(text: str) -> str:
    """`text` as a TOML string."""
    special = {'"': '\\"', "\\": "\\\\"}
    body = "".join(special.get(c, c) if c.isprintable() else f"\\U{ord(c):08x}" for c in text)
    return f'"{body}"'
