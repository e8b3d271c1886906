"""The values, odd ones included, that the primitives of dialects are held against.

Texts without white space stand as the words of one string.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from leadscore.targets.sql.dialect import ColumnKind
from leadscore.values import number, text, units


def seconds(moment: date) -> int:
    """Whole seconds since 1970 on the clock of `moment`, fractions cut off, down."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    age = moment.replace(tzinfo=None) - datetime(1970, 1, 1)
    return age // timedelta(seconds=1)


def _split(words: str) -> list[str]:
    """Long lists of short texts, on few lines."""
    return words.split()


# Texts

NO_SPACE = "\x00\x1b\x1c\x1d\x1e\x1f\u180e\u200b\u200c\u200d\u2060\ufeff"
"""Looks like white space, or is to some library, and is none to Unicode."""

ODD_TEXTS = [
    *_split("""
        a A ab it's per%cent_under 100% a_b __init__ C++ CTO/CIO e-mail user@example.com
        https://example.com/pricing?a=1&b=2#top ' '' [a-z]* * ? ** a*b a?b ^a$ (a|b) null NULL
        true 0 00 ß ẞ STRASSE straße İ İstanbul ISTANBUL ıstanbul Σ ΟΔΟΣ ΑΣ. ς σας É é Å Å Ǆ ǅ ǆ
        ﬀ ﬁn Ω K ᲀ Ა Ꭰ ꭰ Ⅷ ⅷ Ⓐ x² ① १२३ 〇 日本語 中文，标点。 한국어
        ไทย مرحبا שלום ÇĞŞÖÜ Ǉ 🚀 🇩🇪 👍🏽 𝐀𝐁 𐐀𐐨 𞤀𞤢
        · l·l a‿b naïve—dash “quoted” 𐀀 �
    """),
    *("\u212a", "\u212b", "\u2126", "\u017f", "\u1e9e", "\u03f4", "\u2160", "\u24b6", "\ua64a"),
    *("", "a b", "Chief Information Officer", "vp, Sales & Marketing (EMEA)", 'say "hi"'),
    *("back\\slash", "line\nbreak", "line\r\nbreak", "ends in a line break\n", "\na"),
    *("tab\tbed", "{x} $1 \\1 ${y} :z ? %s %(a)s", "-- no comment", "/* nor */ this; one"),
    *("\\", "\\'", "\\n", "  ", "a  b", "a ", " a", " a b ", "i\u0307stanbul", "ΟΔΟΣ ΟΔΟΣ"),
    *("E\u0301", "e\u0301", "A\u030a", "½ price", "٣ items", "株式会社 日本"),
    *("\u0928\u092e\u0938\u094d\u0924\u0947", "Привет, МИР", "go 🚀 go", "👨\u200d👩\u200d👧"),
    *("a\u0300b", "\u0301", "z\u0303", "a\xadb", "\ue000", "\uffff", "\U0010ffff"),
    "x" * 300,
    "Ä" * 300,
    "a" * 5000 + "b",
    *(f"a{c}b" for c in NO_SPACE),
    *(f"a{c}b" for c in text.WHITE_SPACE),
    *(f"a{c}b" for c in string.punctuation),
]
"""Texts as they stand in data; also all kinds that SQL, regular expressions and drivers mistake."""

BLANKS = [
    *text.WHITE_SPACE,
    *(f"{c}{c}" for c in text.WHITE_SPACE),
    text.WHITE_SPACE,
    " " * 1000,
]

SPACED = [
    *ODD_TEXTS,
    *BLANKS,
    *(
        form
        for c in text.WHITE_SPACE + NO_SPACE
        for form in (
            f"{c}a",
            f"a{c}",
            f"{c}a{c}",
            f" {c} a b {c} ",
            f"{c}é{c}",
            f"~{c}",
            f"{c}~~",
            f"~~{c}",
        )
    ),
    text.WHITE_SPACE + "日本 語" + text.WHITE_SPACE,
    *("~", "~~", "~~~", "!", "!a", "~~a", "a~", "\x7f", "\x7fa", "a\x7f", "\x00", "\x01", "é"),
    "aé",
]

TRIMMED = sorted({found for x in SPACED if (found := text.text_of(x)) is not None})
"""What `trim` gives: the texts that every other primitive may meet."""

FOLDED = sorted({text.lower(x) for x in TRIMMED})

PARTS = [
    "",
    *(x for x in FOLDED if len(x) <= 12),
    "a b",
    " ",
    "/pricing",
    "@example.com",
    "x" * 299,
    "本",
    "\u0301",
    "\ufe0f",
]

PATTERNS = [
    *_split("""
        * ** ? ?? ?* *? *?* a a* *a *a* a? ?a ?b a*b a?b a??b a*?b *a?* a**b *b*a* *o* *o*o*
        chief*officer chief* *officer *inform?tion* *a*b*c*d* c++ *+* *.* . *@*.com user@* *%*
        100% % _ a_b *_* __*__ [a-z]* ^*$ (a|b) *'* '' *$* *{* *}* ?x}* line?break 日* *本* 日?語 ?
        🚀 *🚀* 👨* i* istanbul ?stanbul ο?ο? *σ é e? 𐀀 *ab*b ab*ba ab*b a*a aa*aa *x*x*x 0 *0*
        a--b --* *;* #*
    """),
    *("", "*\\*", "\\", "\\n", "back\\*", '*"*', "*\n*", "*\n", "a\nb", "\uffff"),
    "a" * 5000 + "?",
    "*" * 200 + "b",
    "a*" * 100 + "b",
    "?" * 300,
    *(f"a{c}b" for c in string.punctuation if c not in "*?"),
]
"""For `matches`; all folded."""

EQUAL = [
    *_split("""
        a A b ab aB a-b á ä z Z _ ß ss i ı İ 0 00 10 9 𐀀 🚀 日 é
    """),
    *("a ", "a b", "a\u0301", "", "\uffff", "e\u0301"),
]

# Numbers

DOUBLES = [
    *(0.0, -0.0, 1.0, -1.0, 0.1, 0.5, -0.5, 1.5, 2.5, 0.3, 100.0, 1e-4, 1e-5, 9.9999e-5, 0.001),
    *(1234567.125, 123456789012345.0, 1e15, 1e15 + 0.5, 9007199254740991.0, 9007199254740992.0),
    *(9007199254740994.0, 9999999999999998.0, 1e16, 1.2e16, 12345678901234568.0, 1e17, 1e18),
    2.0**62,
    *(2.0**63, -(2.0**63), 2.0**64, 1e19, 1e20, 1e21, 1e22, 1e23, 1.5e300, 1.7976931348623157e308),
    *(5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1e-7, 1.5e-7, 1e-300, -1e-10),
    1e-100,
    *(0.1 + 0.2, 1 / 3, 2 / 3, 4.35, 2.675, 1.005, 1e2 / 3, math.pi, -math.e, 1e100, -1e16),
    -1.5e16,
    # Where shortest digits and the digits of some printers part.
    *(2e-3, 2.0e23, 9.5e-3, 1.0e23, 8.41e21, 2.0e-3, 9.007199254740993e15, 5.0e-324, 1.9e-323),
    *(4.9e-324, 2.2e-322, 3.5e-310, 8.5e-3, 1.1754943508222875e-38, 2.0**-1074, 2.0**-1022),
    2.0**53,
    *(2.0**e for e in range(-40, 80, 7)),
    *(3.0 * 10.0**e for e in range(-25, 25)),
]

NOT_FINITE = [math.inf, -math.inf, math.nan]

INTEGERS = [
    *(0, 1, -1, 2, 9, 10, 42, -42, 999, 1000, 10**6, 10**15, 10**16, 10**18, -(10**18)),
    *(2**31 - 1, 2**31, -(2**31), 2**53 - 1, 2**53, 2**53 + 1, 2**53 + 2, -(2**53) - 1, 2**62),
    *(2**63 - 1, -(2**63) + 1, -(2**63), 9007199254740993, 9223372036854775295),
    9223372036854775296,
]

NUMBER_TEXTS = [
    *_split("""
        0 1 -1 +1 007 -0 +0 0.0 1.0 1.50 3.14 -2.5 +2.5 00.5 1e3 1E3 1e+3 1e-3 1.5e3 -1.5E-3 0e0
        0e999 1e00003 1e400 -1e400 1e308 1.7976931348623157e308 1.7976931348623158e308
        1.7976931348623159e308 2e308 1e309 1e99999 1e-99999 1e-400 -1e-400 5e-324 2.4e-324
        2.5e-324 1e-323 2.2250738585072011e-308 2.2250738585072014e-308 4.9406564584124654e-324
        0.1 0.30000000000000004 0.1000000000000000055511151231257827 12345678901234567
        9007199254740993 9007199254740992.5 9007199254740993.0000000001 123456789012345678
        9223372036854775807 9223372036854775808 -9223372036854775809 18446744073709551616 1e23
        8.41e21 9.5e-3 2e-3 6.631236846766476e-316 1.1125369292536007e-308
        1e99999999999999999999 1e-99999999999999999999 0e99999999999999999999 1e+0 1. .5 -.5 + -
        . e e5 1e 1e+ 1e- 1.e3 .e3 1.5.2 1-2 --1 +-1 -+1 ++1 1,000 1,5 1_000 1_0.5 1e1_0 1'000
        inf -inf +inf infinity -Infinity INF nan NaN -nan nan(1) inff 0x10 0x1p3 0b1 0o7 1f 1d
        1D 1L 1F 10k 1.5M 50% $5 5€ €5 1e5.5 true abc 1a a1 ２ １０ ٣ १ ² ½ Ⅷ 一 −1 2026-01-31 12:30
        1/2 () 1e5e5 1E E1 0x 1..2 1+1 5- 5+ (5) 1e٣ null NULL none #N/A
    """),
    *("- 1", "1 2", "1e 5", "1 e5", "1\n", "1\n2", "\x001", "1\x00", "1\u200b", "\ufeff1"),
    "1\x1f",
    *("1" + "0" * 300, "1" + "0" * 308, "1" + "0" * 309, "9" * 400, "0" * 400, "1." + "3" * 800),
    *("0." + "0" * 400, "0." + "0" * 330 + "1", "0" * 400 + "1.5", "1" + "0" * 400 + "e-400"),
    "0." + "0" * 399 + "1e400",
]

BOOLEAN_TEXTS = [
    *sorted(number.TRUE_WORDS | number.FALSE_WORDS),
    *_split("""
        2 -1 00 01 1.0 0.0 +1 ja ok yess ye tr fa of o １ null ｙ truе
    """),
    *("", "yes no", "yes\n"),
]

UNITS = [
    *(0, 1, -1, 5, 10, -10, 9_999_999, 10_000_000, 10_000_001, -10_000_001, 125_000_000),
    660_000_000,
    *(-25_000_000, 10_000, 100_010_000, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**54 + 2),
    10**18,
    *(10**18 + 1, 123456789012345678, -123456789012345678, 2**62 + 1, units.MAX_UNITS),
    -units.MAX_UNITS,
    *(9007199254740993 * 7, 9223372036854775295, 9223372036854775296, 9223372036854774784),
    -(2**63),
    *(9_999_999_999_999_999, 99_999_999_999_999_999, 999_999_999_999_999_999, 2**60 + 2**7),
    2**59 + 33,
]

DIVIDENDS = [0, 1, 6, 7, 8, 99, 100, 3599, 3600, 86399, 86400, 2**53 + 1, 10**18 - 1, 2**63 - 1]

DIVISORS = [1, 2, 3, 7, 10, 3600, 86400, 10**7, 2**31, 10**18, 2**63 - 1]

FACTORS = [1.0, -1.0, 0.0, 0.1, 12.5, 80.0, 100.0, 1 / 3, 1e300, 1e-300, -2.5]

PACKED = [0, 1, 2**15 - 1, 2**31, 2**32 + 3, 2**45 - 7, 2**62, 2**62 + 12345678901, 2**63 - 1]

# Dates and times

DAYS = [
    date(*ymd)
    for ymd in (
        *((1, 1, 1), (1, 1, 2), (1, 12, 31), (4, 2, 29), (99, 12, 31), (100, 2, 28), (100, 3, 1)),
        *((999, 12, 31), (1000, 1, 1), (1582, 10, 4), (1582, 10, 15), (1600, 2, 29), (1752, 9, 3)),
        *((1899, 12, 30), (1900, 2, 28), (1900, 3, 1), (1901, 12, 13), (1969, 12, 31)),
        (1970, 1, 1),
        *((1970, 1, 2), (1999, 12, 31), (2000, 2, 29), (2001, 9, 9), (2024, 2, 29), (2026, 1, 31)),
        *((2026, 3, 29), (2038, 1, 19), (2100, 2, 28), (2100, 3, 1), (2262, 4, 12), (9999, 1, 1)),
        (9999, 12, 31),
    )
]

CLOCKS = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(microseconds=499_999),
    timedelta(microseconds=500_000),
    timedelta(seconds=1) - timedelta(microseconds=1),
    timedelta(seconds=1),
    timedelta(hours=9, minutes=30),
    timedelta(hours=2, minutes=30, milliseconds=120),
    timedelta(hours=12),
    timedelta(days=1) - timedelta(seconds=1),
    timedelta(days=1) - timedelta(microseconds=1),
]

STAMPS = [datetime(d.year, d.month, d.day) + clock for d in DAYS for clock in CLOCKS]

INSTANTS = [moment.replace(tzinfo=UTC) for moment in STAMPS]

KINDS: dict[ColumnKind, Sequence[Any]] = {
    "integer": INTEGERS,
    "double": [*DOUBLES, *(-x for x in DOUBLES), *NOT_FINITE],
    "boolean": [True, False],
    "date": DAYS,
    "timestamp": STAMPS,
    "instant": INSTANTS,
}
"""Values of every kind of column but text."""

FIELDS = [
    *((2026, 2, 28), (2026, 2, 29), (2026, 2, 30), (2024, 2, 29), (2024, 2, 30), (2000, 2, 29)),
    *((1900, 2, 28), (1900, 2, 29), (2100, 2, 29), (1600, 2, 29), (4, 2, 29), (1, 1, 1), (1, 1, 0)),
    *((0, 1, 1), (0, 2, 29), (9999, 12, 31), (9999, 12, 32), (9999, 13, 1), (2026, 0, 1)),
    (2026, 1, 0),
    *((2026, 13, 1), (2026, 1, 31), (2026, 1, 32), (2026, 4, 30), (2026, 4, 31), (2026, 6, 31)),
    *((2026, 9, 31), (2026, 11, 31), (2026, 12, 31), (1969, 12, 31), (1970, 1, 1), (2026, 99, 99)),
    *((9999, 9999, 9999), (0, 0, 0), (100, 2, 29), (400, 2, 29), (2025, 3, 31), (2025, 5, 31)),
    *((2025, 7, 31), (2025, 8, 31), (2025, 10, 31), (2025, 3, 1), (2024, 3, 1), (2024, 12, 31)),
]

TIMES = [
    *((0, 0, 0), (23, 59, 59), (24, 0, 0), (24, 0, 1), (12, 30, 15), (23, 60, 0), (23, 59, 60)),
    *((99, 0, 0), (0, 99, 0), (0, 0, 99), (1, 2, 3), (9999, 0, 0), (0, 9999, 9999)),
]

REGEXES = [
    r"([0-9]{4})-[0-9]{2}-[0-9]{2}",
    r"[0-9]{4}-([0-9]{2})-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:([0-9]{2})(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    r"([0-9]{4})-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:.,+Zz-]*)?",
    r"[0-9]{1,2}\.([0-9]{1,2})\.[0-9]{4}",
    r"[0-9]{1,2}\/[0-9]{1,2}\/([0-9]{2})\ [0-9]{1,2}:[0-9]{2}\ (?:am|pm)",
    r"[0-9]{1,2}\ (jan|feb|mar)\ [0-9]{4}",
    r"([0-9]{4})年[0-9]{1,2}月[0-9]{1,2}日",
    r"a→([0-9]+)·",
    r"(a|ab)(?:c|bcd)*",
    r"([0-9]*)",
    r"x?([a-z]{0,3})",
    r"([0-9]|a|)b",
    *(rf"a{re.escape(c) if c.isalnum() else chr(92) + c}([0-9])" for c in string.punctuation),
    "a\\\t([0-9])",
    "a\\\n([0-9])",
]

FITTING = [
    *_split("""
        a b ab abc abbcd abcd x xyz xabc abcde 7 123 0b 7b 2026-01-31 2026-02-30 0000-00-00
        2026-01-31T09:30 2026-1-31 2026-01-31T09:30:00.123 2026-01-31t09:30:00,5
        2026-01-31T09:30+01:00 2026-01-31T09:30Z 2026-01-31T09:30-0530 2026-01-31T09:30+02
        x2026-01-31 2026-01-31x ２０２６-01-31 ٢٠٢٦-01-31 2026–01–31 2026-01-31T 31.1.2026 1.01.2026
        31x1x2026 31.1.26 2026年1月31日 a→12· a→· 🚀 a5
    """),
    *("", "2026-01-31 09:30:00", "2026-01-31 9:30", "2026-01-31\n", "\n2026-01-31"),
    *("1/31/26 9:30 am", "01/31/26 12:00 pm", "1 jan 2026", "01 mar 1999", "1 dec 2026"),
    "1  jan 2026",
    *(f"a{c}5" for c in string.punctuation + "\t\n "),
    *(f"a{c}{c}5" for c in string.punctuation),
]

DATES = [
    *_split("""
        2026-01-31 2026-02-28 2026-02-29 2026-02-30 2024-02-29 1900-02-29 2000-02-29 0000-01-01
        0000-12-31 0001-01-01 0001-12-31 9999-12-31 1969-12-31 1970-01-01 2026-00-01 2026-01-00
        2026-13-01 2026-12-32 2026-04-31 1582-10-10 0004-02-29
    """),
]

ISO_TIMES = [
    *_split("""
        09:30 09:30:15 00:00 00:00:00 23:59 23:59:59 24:00 24:00:00 23:60 23:59:60 25:00
        99:99:99 09:30:15.1 09:30:15.999999 09:30:15.9999999999999 09:30:15,5 09:30:15. 09:30.5
        09:3 9:30 09 0930 09:30:1 09-30-15
    """),
]

OFFSETS = [
    *_split("""
        Z z +00 -00 +0000 -00:00 +01:00 -01:00 +0530 -0930 +05:30 +14 +14:00 -12 +23:59 -23:59
        +2359 +24:00 -24 +00:60 +0160 +99:99 +1 +1:00 +010 +01:0 +01:00:00 ZZ UTC + - Z+01:00
        −01:00
    """),
    *(" Z", " +01:00"),
]

DATE_TEXTS = [
    *_split("""
        2026-01-31Z 2026-01-31+01:00 2026-01-31T 20260131 20260131T093015 2026-W05-6 2026-031
        2026-1-31 2026-01-1 26-01-31 12026-01-31 +2026-01-31 -2026-01-31 2026/01/31 2026.01.31
        31.01.2026 01/31/2026 2026-01 2026 09:30 now today epoch infinity -infinity 44592
        2026-01-31T09:30:15+01:00[UTC] ２０２６-01-31 ٢٠٢٦-٠١-٣١ 2026‐01‐31 2026-01-3１ 1738315815
        2026-01-31T09:30:5Z 2026-01-31T9:30:15 2026-01-31T09:30:+5 20-01-31T09
    """),
    *("2026-01-31 ", "Jan 31, 2026", "2026-01-31 (BC)", "2026-01-31 00:00:00 UTC"),
    *("2026-01-31 00:00:00 Europe/Berlin", "2026-01-31\n09:30", "2026-01-31T09:30\n09"),
    *("2026-01-31\x00", "2026-01-31T09:30:15\x00", "2026- 1-31", "2026-01-31T09: 3:15"),
    "2026-01-31 09:30:15+01 ",
    *DATES,
    *(
        f"{day}{t}{clock}"
        for day in DATES
        for t in "T "
        for clock in ("00:00:00", "23:59", "24:00")
    ),
    *(f"2026-01-31{t}{clock}" for t in ("T", "t", " ", "  ", "_", "") for clock in ISO_TIMES),
    *(
        f"2026-01-31T{clock}{offset}"
        for clock in ("09:30", "09:30:15", "09:30:15.25", "24:00:00", "23:59:59,123456789")
        for offset in OFFSETS
    ),
    *(f"{day}T00:00:00{offset}" for day in DATES for offset in ("Z", "+01:00", "-0930", "+14")),
]

PATTERNED = {
    "D.M.YYYY": [
        "31.1.2026",
        "31.01.2026",
        "1.1.0001",
        "0.1.2026",
        "29.2.2024",
        "29.2.2026",
        "1.1.0000",
    ],
    "MM/DD/YY h:mm AM/PM": [
        *("01/31/26 9:30 am", "01/31/26 12:00 am", "01/31/26 12:59 pm", "01/31/26 0:00 am"),
        *("01/31/26 13:00 pm", "01/31/26 11:59 pm", "1/31/26 9:30 am", "01/31/26 9:60 pm"),
    ],
    "DD MMM YYYY": ["31 jan 2026", "31 foo 2026", "28 feb 2026", "30 feb 2026", "31 dec 9999"],
    "YYYYMMDD": ["20260131", "2026131", "20260230", "00010101", "00000101", "99991231"],
    "YYYY→M·D🚀": ["2026→1·31🚀", "2026→01·31🚀", "2026→1·31", "2026-1·31🚀"],
    "YYYY-MM-DDThh:mm:ss": ["2026-01-31t09:30:15", "2026-01-31 09:30:15", "2026-01-31t24:00:00"],
    "[D] (M) {YYYY} hh$ss^mm|": ["[1] (1) {2026} 09$15^30|", "[1] (1) {2026} 09$60^30|"],
    "YY.MMM.D hh": ["26.mar.1 23", "26.mar.1 24", "00.may.31 00"],
}
"""By the declared pattern, texts; all of them are read with all of the patterns."""

STARTS = [
    datetime(*ymd)
    for ymd in (
        *((1, 1, 1), (1, 1, 8), (1, 2, 1), (4, 3, 1), (1583, 1, 1), (1900, 3, 1), (1969, 12, 29)),
        *((1969, 12, 31), (1970, 1, 1), (1970, 1, 5), (1970, 4, 1), (1999, 12, 27), (2000, 1, 1)),
        *((2000, 2, 29), (2000, 3, 1), (2020, 12, 28), (2021, 1, 1), (2021, 1, 4), (2024, 12, 30)),
        *((2025, 12, 29), (2026, 1, 1), (2026, 2, 1), (2026, 7, 1), (2026, 10, 1), (9999, 12, 27)),
    )
]

LOCALS = sorted(
    {
        moment
        for start in STARTS
        for step in (-86400, -3600, -1, 0, 1, 3599, 3600, 86399, 86400)
        if (moment := seconds(start) + step) >= seconds(date.min)
    }
    | {seconds(date.max) + 86399}
)
