"""Settings of a folder: `[lint]` in leadscore.toml, `[tool.leadscore.lint]` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from leadscore.diagnostics import nearest, nearest_code
from leadscore.errors import DataError
from leadscore.lint.choice import Choice

OWN, SHARED = "leadscore.toml", "pyproject.toml"

_KEYS = ("select", "ignore", "per-file-ignores")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the nearest file of settings says; nothing where there is none."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Patterns of paths, each with the codes that are left out in files that it fits."""
    folder: Path | None = None
    """Where the patterns start: the folder of the file that the settings are from."""

    def choice(self, path: Path | None) -> Choice:
        """The rules for a file; None: for a text without one."""
        choice = Choice(Choice().select if self.select is None else self.select, self.ignore)
        for pattern, codes in self.per_file:
            if path is not None and self.folder is not None and fits(path, pattern, self.folder):
                choice = choice.without(codes)
        return choice


class Reader:
    """Reads settings, each file once. `codes`, with names, are all findings that can be left out.

    Its methods raise DataError for a file that is not TOML, a key or code that there is not, and
    OSError for one that cannot be read.
    """

    def __init__(self, codes: Mapping[str, str]) -> None:
        self._codes = codes
        self._found: dict[Path, Settings] = {}

    def of(self, folder: Path) -> Settings:
        """The settings of a folder: its own, else those of the nearest folder above it."""
        folder = folder.resolve()
        passed = []
        settings = Settings()
        for each in (folder, *folder.parents):
            if each in self._found:
                settings = self._found[each]
                break
            passed.append(each)
            here = self._in(each)
            if here is not None:
                settings = here
                break
        self._found.update(dict.fromkeys(passed, settings))
        return settings

    def file(self, path: Path) -> Settings:
        """The settings in a file; the defaults where it has none."""
        return self._read(path) or Settings()

    def _in(self, folder: Path) -> Settings | None:
        for name in (OWN, SHARED):
            path = folder / name
            if path.is_file():
                settings = self._read(path)
                if settings is not None:
                    return settings
        return None

    def _read(self, path: Path) -> Settings | None:
        import tomllib  # most folders have no settings

        try:
            with path.open("rb") as stream:
                table: Any = tomllib.load(stream)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DataError(f"{path}: this is not TOML: {error}") from None
        if path.name == SHARED:
            tool = table.get("tool", {})
            table = tool.get("leadscore") if isinstance(tool, dict) else None
            if table is None:
                return None
            prefix = "tool.leadscore."
        else:
            prefix = ""
        return parse(table, self._codes, path, prefix)


def parse(table: object, codes: Mapping[str, str], path: Path, prefix: str = "") -> Settings:
    """Settings of the table of leadscore.toml, or of `tool.leadscore` in pyproject.toml.

    `codes` are those there are, with their names; `path` and `prefix` are for messages. Raises
    DataError.
    """
    top = _table(table, path, prefix.rstrip("."))
    _known(top, ("lint",), path, prefix)
    name = f"{prefix}lint"
    lint = _table(top.get("lint", {}), path, name)
    _known(lint, _KEYS, path, f"{name}.")
    select = lint.get("select")
    per_file = _table(lint.get("per-file-ignores", {}), path, f"{name}.per-file-ignores")
    return Settings(
        None if select is None else _codes(select, codes, path, f"{name}.select"),
        _codes(lint.get("ignore", []), codes, path, f"{name}.ignore"),
        tuple(
            (pattern, _codes(texts, codes, path, f'{name}.per-file-ignores."{pattern}"'))
            for pattern, texts in per_file.items()
        ),
        path.resolve().parent,
    )


def codes_of(texts: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Codes or their beginnings, in capitals. Raises ValueError for one that no finding has."""
    return tuple(_code(text.strip(), known) for text in texts)


def _code(text: str, known: Mapping[str, str]) -> str:
    code = text.upper()
    if code and any(each.startswith(code) for each in known):
        return code
    if code[:1] in ("S", "E", "T") and (code[1:].isdigit() or not code[1:]):
        raise ValueError(
            f"{text!r}: errors are always reported; only findings can be chosen (L… and W…)"
        )
    near = nearest_code(text, known)
    remedy = f"did you mean {near}?" if near else "`leadscore rule` lists all of them"
    raise ValueError(f"{text!r} is no code of a finding; {remedy}")


def _codes(value: object, known: Mapping[str, str], path: Path, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DataError(f'{path}: {key} is a list of codes, such as ["L1", "L203"]')
    try:
        return codes_of(value, known)
    except ValueError as error:
        raise DataError(f"{path}: {key}: {error}") from None


def _table(value: object, path: Path, key: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DataError(f"{path}: {key} is a table: [{key}]")
    return value


def _known(table: Mapping[str, object], keys: tuple[str, ...], path: Path, prefix: str) -> None:
    for key in table:
        if key not in keys:
            near = nearest(key, keys)
            there = ", ".join(keys)
            remedy = f"did you mean {near!r}?" if near else f"there is: {there}"
            raise DataError(f"{path}: there is no setting {prefix}{key}; {remedy}")


def fits(path: Path, pattern: str, folder: Path) -> bool:
    """Whether a pattern fits a path, seen from a folder.

    One without a slash is for names of files, in whatever folder: `old_*.score`. Otherwise `*` and
    `?` stay within a folder's name, and `**` is any number of folders: `drafts/**`.
    """
    try:
        parts = path.resolve().relative_to(folder).parts
    except ValueError:
        return False
    if "/" not in pattern:
        return bool(parts) and fnmatchcase(parts[-1], pattern)
    pieces = [piece for piece in pattern.split("/") if piece not in ("", ".")]

    @cache
    def match(at: int, piece: int) -> bool:
        if piece == len(pieces):
            return at == len(parts)
        if pieces[piece] == "**":
            return match(at, piece + 1) or (at < len(parts) and match(at + 1, piece))
        return (
            at < len(parts) and fnmatchcase(parts[at], pieces[piece]) and match(at + 1, piece + 1)
        )

    return match(0, 0)
