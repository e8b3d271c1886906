"""What a text file is, found in one pass: its encoding, its line breaks, its quotes.

The pass streams, costs about a second a gigabyte, and finds what a reader would otherwise
stumble over in the middle: bytes that are not UTF-8, NUL characters, files that are no text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from leadscore.errors import DataError

LINE_LIMIT = 2_000_000
"""The longest line, and the longest row, in characters; a longer one is no row of a table."""

_CHUNK = 4 << 20
_BLANK_LINES = re.compile(rb"\n\n+")
_FAR_QUOTE = re.compile(rb'[,;|\t\r\n]  +"')
_NEAR = 64
_KEEP_QUOTES_AND_BREAKS = bytes(byte for byte in range(256) if byte not in b'"\n')
_MARK_ALL_ELSE = bytes(byte if byte in b'"\n' else 0x78 for byte in range(256))
_MAGIC = (
    (b"PK\x03\x04", "a workbook or another zip file", "give it its own ending, .xlsx"),
    (b"PAR1", "a Parquet file", "give it its own ending, .parquet"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save it as .xlsx"),
)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one pass over a text file found."""

    encoding: str
    """``utf-8-sig`` or ``utf-16``; without a mark, ``utf-8``."""
    quotes: bool
    sound: bool
    """Quotes come in pairs, none stands two blanks or more after a separator, which DuckDB takes
    for text, and no carriage return stands without a line feed."""
    backslashes: bool
    """A backslash stands before a quote somewhere, as MySQL writes a quote inside quotes."""
    rows: int
    """Line breaks outside quotes, blank lines not counted. Exact where each quote opens or
    closes a field; only for sound files in UTF-8."""


def scan(path: Path, label: str) -> TextFacts:
    """Read through `path`; raises DataError where it is not readable text, with line and remedy."""
    with opened(path, label) as file:
        start = file.read(4)
        for magic, what, remedy in _MAGIC:
            if start.startswith(magic):
                raise DataError(f"{label}: this is {what}, not text; {remedy}.")
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return TextFacts("utf-16", True, False, False, 0)
        mark = start.startswith(codecs.BOM_UTF8)
        file.seek(3 if mark else 0)
        return _scan_utf8(file, label, "utf-8-sig" if mark else "utf-8")


def _scan_utf8(file: IO[bytes], label: str, encoding: str) -> TextFacts:
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes = odd = inside = backslashes = False
    rows = lines = 0
    last = b"\n"  # as if a line had just ended: a file may begin with blank ones
    before = b"\n"
    while True:
        chunk = file.read(_CHUNK)
        if chunk.endswith(b"\r"):
            chunk += file.read(1)
        _check_text(decoder, chunk, label, lines)
        if not chunk:
            break
        lines += chunk.count(b"\n")
        if not odd and chunk.count(b"\r") != chunk.count(b"\r\n"):
            odd = True
        if b'"' in chunk:
            quotes = True
            backslashes = backslashes or b'\\"' in chunk
            odd = odd or _far_quote(before + chunk)
        if inside or b'"' in chunk:
            # Only quotes and line breaks matter, and of quotes only those around a line break.
            kept = chunk.translate(None, _KEEP_QUOTES_AND_BREAKS).replace(b'""', b"")
            parts = kept.split(b'"')
            rows += sum(part.count(b"\n") for part in parts[inside::2])
            blank = _blank_lines_outside(chunk, last, inside)
            inside ^= not len(parts) & 1
        else:
            rows += chunk.count(b"\n")
            blank = _blank_lines(last + chunk.replace(b"\r\n", b"\n"))
        rows -= blank
        last = b"\n" if chunk.endswith(b"\n") and not inside else b"x"
        before = chunk[-_NEAR:]
    if last != b"\n":
        rows += 1
    return TextFacts(encoding, quotes, not (odd or inside), backslashes, rows)


def _far_quote(text: bytes) -> bool:
    """Whether a quote stands two blanks or more after a separator, or may, after a cut."""
    if not text[:_NEAR].strip(b" "):
        return True
    return b'  "' in text and _FAR_QUOTE.search(text) is not None


def _blank_lines(text: bytes) -> int:
    if b"\n\n" not in text:
        return 0
    return sum(len(run) - 1 for run in _BLANK_LINES.findall(text))


def _blank_lines_outside(chunk: bytes, last: bytes, inside: bool) -> int:
    text = last + chunk.replace(b"\r\n", b"\n")
    if b"\n\n" not in text:
        return 0
    marked = text[1:].translate(_MARK_ALL_ELSE).split(b'"')
    if not inside:
        marked[0] = last + marked[0]
    return sum(_blank_lines(part) for part in marked[inside::2])


def _check_text(decoder: codecs.IncrementalDecoder, chunk: bytes, label: str, lines: int) -> None:
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        at = max(0, error.start - pending)
        line = lines + chunk.count(b"\n", 0, at) + 1
        wrong = error.object[error.start]
        raise DataError(
            f"{label}, line {line}: the byte 0x{wrong:02X} is not UTF-8. The file seems to be in "
            "another encoding, in Western Europe and America mostly Windows-1252. Save it again "
            'as UTF-8 (in Excel: "CSV UTF-8"), or convert it: '
            "iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
        ) from None
    nul = chunk.find(b"\0")
    if nul >= 0:
        line = lines + chunk.count(b"\n", 0, nul) + 1
        raise DataError(
            f"{label}, line {line}: there is a NUL character, so this is not plain text. It may "
            "be UTF-16 without its mark, or a damaged file: save it again as UTF-8 (in Excel: "
            '"CSV UTF-8").'
        )


def to_utf8(path: Path, target: Path, label: str) -> None:
    """Copy a UTF-16 file as UTF-8, character by character; raises DataError where it is not."""
    done = 0
    try:
        with (
            open(path, encoding="utf-16", newline="") as source,
            open(target, "w", encoding="utf-8", newline="") as copy,
        ):
            while text := source.read(_CHUNK):
                done += text.count("\n")
                copy.write(text)
    except UnicodeError as error:
        raise DataError(
            f"{label}: after line {done + 1} this is no longer the UTF-16 that it begins as; the "
            "file is damaged or cut off. Export it again, best as UTF-8."
        ) from error


@contextmanager
def opened(path: Path, label: str) -> Iterator[IO[bytes]]:
    """`path`, opened to read bytes; raises DataError where that fails."""
    try:
        file = open(path, "rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise DataError(f"{label}: cannot be opened: {error.strerror}.") from error
    with file:
        yield file
