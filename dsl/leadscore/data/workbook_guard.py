"""A look into a workbook before it is opened: is it safe, and what will its reader pass over?

An .xlsx is a zip of XML. A small one can unpack to gigabytes, say a false size in its directory,
declare entities that multiply, or hold two cells far apart that a reader lays out as a grid of
billions. All of it is found here by unpacking once, piece by piece, with nothing kept. The same
pass counts what the reader leaves blank: cells with an error, formulas that were never computed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from leadscore.columns import count
from leadscore.errors import DataError

UNPACKED_LIMIT = 2 << 30
"""Bytes that all parts of a workbook may have, unpacked; a million rows of 20 columns have 1 GB."""
PART_RATIO = 250
"""How much smaller than unpacked a large part may be. Real sheets are 5 to 40 times smaller."""
RATIO_FROM = 64 << 20
"""Parts that unpack to less are not asked for their ratio."""
CELL_LIMIT = 50_000_000
"""Cells from the first to the last row and column of a sheet, empty ones too."""
TEXT_LIMIT = 1 << 30
"""Bytes of text that the cells of a sheet may hold. One long text that a million cells name is
small in the file, and in memory a million times as large."""
SMALL_PART_LIMIT = 64 << 20
"""Bytes of a part of XML that holds no cells and no texts, unpacked."""
PARTS_LIMIT = 10_000

_CHUNK = 1 << 20
_OVERLAP = 4096
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")(?:[^>]*\br="([A-Z]{1,3})\d+")?')
_BLANK_FORMULA = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_STRING_END = re.compile(rb"</(?:\w+:)?si>")
_SHARED_TEXT = re.compile(rb'\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


@dataclass(slots=True)
class SheetFacts:
    """What one sheet's part has: how far it reaches, and cells that read as nothing."""

    last_row: int = 0
    last_column: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    """Cells with an error such as #N/A, by the letters of the column."""
    blank_formulas: int = 0
    """Formulas without a computed value; written by a program that does not compute."""
    shared_texts: int = 0
    """Cells whose text stands in the part of shared texts."""


def inspect(path: Path, label: str) -> dict[str, SheetFacts]:
    """The facts of each sheet, by the name of its part (``xl/worksheets/sheet1.xml``).

    Raises:
        DataError: the file is no workbook, or not a safe one.
    """
    try:
        with zipfile.ZipFile(path) as archive, open(path, "rb") as file:
            entries = archive.infolist()
            _check_directory(entries, path.stat().st_size, label)
            return _inspect(file, entries, label)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DataError(
            f"{label}: this is not an Excel workbook (.xlsx), or a damaged one: {error}."
        ) from error


def _inspect(
    file: IO[bytes], entries: Sequence[zipfile.ZipInfo], label: str
) -> dict[str, SheetFacts]:
    sheets: dict[str, SheetFacts] = {}
    texts: _StringsLooker | None = None
    left = UNPACKED_LIMIT
    for entry in entries:
        looker: _Looker
        limit = left
        name = entry.filename.lower()
        if _SHEET.fullmatch(name):
            looker = _SheetLooker(label, sheets.setdefault(entry.filename, SheetFacts()))
        elif name == "xl/sharedstrings.xml":
            looker = texts = _StringsLooker(label)
        else:
            xml = name.endswith((".xml", ".rels"))
            looker = _Looker(label, xml=xml)
            limit = min(left, SMALL_PART_LIMIT) if xml else left
        left -= _unpack(file, entry, looker, limit, label)
    longest = max(texts.sizes, default=0) if texts is not None else 0
    for entry in entries:
        facts = sheets.get(entry.filename)
        if texts is not None and facts and facts.shared_texts * longest > TEXT_LIMIT:
            _unpack(file, entry, _TextLooker(label, texts.sizes), UNPACKED_LIMIT, label)
    return sheets


def _check_directory(entries: list[zipfile.ZipInfo], size: int, label: str) -> None:
    if not any(entry.filename.lower() == "xl/workbook.xml" for entry in entries):
        raise DataError(
            f"{label}: this is a zip file, but not an Excel workbook. Save it as .xlsx."
        )
    names = {entry.filename for entry in entries}
    if len(entries) > PARTS_LIMIT or len(names) != len(entries):
        raise _unsafe(label, "has thousands of parts, or two of one name")
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise _too_large(label)
    if sum(entry.compress_size for entry in entries) > size:
        raise _unsafe(label, "has parts that overlap")
    for entry in entries:
        if entry.flag_bits & 1:
            raise DataError(f"{label}: the workbook is protected by a password; save it without.")
        if entry.file_size > RATIO_FROM and entry.file_size > PART_RATIO * entry.compress_size:
            raise _too_large(label)


def _unpack(
    file: IO[bytes], entry: zipfile.ZipInfo, looker: _Looker, limit: int, label: str
) -> int:
    """Unpack one part piece by piece for `looker`; returns its true size, at most `limit`.

    Not with ``zipfile``, which stops where the directory says that the part ends: the reader of
    the workbook may not.
    """
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("a part is not where the directory says")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _unsafe(label, "is packed in a way that Excel does not use")
    unpack = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    packed, size, check = entry.compress_size, 0, 0
    pending = b""
    while True:
        if not pending:
            pending = file.read(min(_CHUNK, packed))
            packed -= len(pending)
            if not pending:
                break
        if unpack is None:
            piece, pending = pending, b""
        else:
            piece = unpack.decompress(pending, _CHUNK)
            pending = unpack.unconsumed_tail
            if unpack.eof:
                pending, packed = b"", 0
        size += len(piece)
        check = zlib.crc32(piece, check)
        if size > entry.file_size:
            raise _unsafe(label, "has a part that is larger than it says")
        if size > limit:
            raise _too_large(label)
        looker.look(piece)
    looker.look(b"", last=True)
    if size != entry.file_size or check != entry.CRC:
        raise zipfile.BadZipFile(f"the part {entry.filename} is not as it was written")
    return size


class _Looker:
    """Looks at a part that comes in pieces; what is cut at the end of one is seen with the next.

    This one is for parts that are no cells: it only refuses what no workbook needs.
    """

    def __init__(self, label: str, *, xml: bool) -> None:
        self._label = label
        self._xml = xml
        self._kept = b""
        self._started = False

    def look(self, piece: bytes, *, last: bool = False) -> None:
        """Take the next piece; the last one is empty."""
        text = self._kept + piece
        if self._xml:
            if not self._started and b"\0" in text[:8]:
                raise _unsafe(self._label, "has a part in UTF-16")
            if _DOCTYPE.search(text):
                raise _unsafe(self._label, "declares entities, which no workbook needs")
        self._started = True
        self._kept = self._take(text, last)

    def _take(self, text: bytes, last: bool) -> bytes:
        """Deal with `text`; returns its end, to be seen again before the next piece."""
        return text[-16:]


class _StringsLooker(_Looker):
    """Measures the shared texts, of which a cell holds only the number."""

    def __init__(self, label: str) -> None:
        super().__init__(label, xml=True)
        self.sizes = array("I")
        self._open = 0

    def _take(self, text: bytes, last: bool) -> bytes:
        *whole, rest = _STRING_END.split(text)
        for one in whole:
            self.sizes.append(min(self._open + len(one), 0xFFFF_FFFF))
            self._open = 0
        kept = rest[-16:]
        self._open += len(rest) - len(kept)
        return kept


class _SheetLooker(_Looker):
    """Measures a sheet: how far it reaches, cells that read as nothing, cells of shared text."""

    def __init__(self, label: str, facts: SheetFacts) -> None:
        super().__init__(label, xml=True)
        self._facts = facts
        self._columns: set[bytes] = set()

    def _take(self, text: bytes, last: bool) -> bytes:
        # Cut between two cells, so that each is looked at once. A cell longer than the overlap
        # is text, of which only the start matters.
        cut = len(text)
        if not last:
            cut = max(text.rfind(b"<c "), text.rfind(b":c "), text.rfind(b"<row"))
            if cut <= 0:
                cut = max(0, len(text) - _OVERLAP)
        self._measure(text[:cut], self._facts)
        return text[cut:]

    def _measure(self, text: bytes, facts: SheetFacts) -> None:
        cells = _CELL.findall(text)
        if cells:
            new = {letters for letters, _ in cells} - self._columns
            self._columns |= new
            facts.last_column = max([facts.last_column, *map(_column_number, new)])
            facts.last_row = max(facts.last_row, max(int(row) for _, row in cells))
            if facts.last_row * facts.last_column > CELL_LIMIT:
                raise DataError(
                    f"{self._label}: a sheet reaches to row {facts.last_row:,} and column "
                    f"{facts.last_column:,}, empty cells included, which is more than "
                    f"{count(CELL_LIMIT, 'cell')}. Delete what stands far outside of the table, "
                    "or save the table as .csv."
                )
        facts.shared_texts += text.count(b't="s"')
        if b't="e"' in text:
            facts.errors.update(letters.decode() for letters in _ERROR.findall(text))
        if b"f>" in text or b"<f" in text:
            facts.blank_formulas += len(_BLANK_FORMULA.findall(text))


class _TextLooker(_Looker):
    """Adds up the shared texts that the cells of a sheet name, each as often as it is named."""

    def __init__(self, label: str, sizes: Sequence[int]) -> None:
        super().__init__(label, xml=False)
        self._sizes = sizes
        self.total = 0

    def _take(self, text: bytes, last: bool) -> bytes:
        cut = len(text) if last else max(text.rfind(b"<c "), text.rfind(b":c "), 0)
        known = len(self._sizes)
        for number in map(int, _SHARED_TEXT.findall(text[:cut])):
            self.total += self._sizes[number] if number < known else 0
        if self.total > TEXT_LIMIT:
            raise _too_large(self._label)
        return text[cut:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column, counted from 1: ``A``, ``Z``, ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _too_large(label: str) -> DataError:
    return DataError(
        f"{label}: unpacked, the workbook is larger than {UNPACKED_LIMIT >> 30} GB, or packed "
        "more tightly than real tables are. Save the sheet as .csv."
    )


def _unsafe(label: str, why: str) -> DataError:
    return DataError(
        f"{label}: the workbook {why}; it is damaged or made to do harm. Open it in Excel and "
        "save it anew, if you trust its source."
    )
