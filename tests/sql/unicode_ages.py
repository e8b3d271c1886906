"""When a letter or digit came into Unicode: those that not every engine has yet.

Engines carry the tables of different versions of Unicode, and so do versions of Python. What two of
them have may not differ; what one of them lacks has no case and is no letter there.
"""

from __future__ import annotations

Version = tuple[int, int]

_NEW: dict[Version, str] = {
    (14, 0): """
        870-887 889-88E 8B5 8C8-8C9 C5D CDD 170D 171F 1B4C 2C2F 2C5F 9FFD-9FFF A7C0-A7C1 A7D0-A7D1
        A7D3 A7D5-A7D9 A7F2-A7F4 10570-1057A 1057C-1058A 1058C-10592 10594-10595 10597-105A1
        105A3-105B1 105B3-105B9 105BB-105BC 10780-10785 10787-107B0 107B2-107BA 10F70-10F81
        11071-11072 11075 11740-11746 11AB0-11ABF 12F90-12FF0 16A70-16ABE 16AC0-16AC9 1AFF0-1AFF3
        1AFF5-1AFFB 1AFFD-1AFFE 1B11F-1B122 1DF00-1DF1E 1E290-1E2AD 1E7E0-1E7E6 1E7E8-1E7EB
        1E7ED-1E7EE 1E7F0-1E7FE 2A6DE-2A6DF 2B735-2B738""",
    (15, 0): """
        1123F-11240 11F02 11F04-11F10 11F12-11F33 11F50-11F59 1342F 13441-13446 1B132 1B155
        1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E4D0-1E4EB 1E4F0-1E4F9 2B739 31350-323AF""",
    (15, 1): """
        2EBF0-2EE5D""",
    (16, 0): """
        1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 10D6F-10D85 10EC2-10EC4 11380-11389
        1138B 1138E 11390-113B5 113B7 113D1 113D3 116D0-116E3 11BC0-11BE0 11BF0-11BF9 13460-143FA
        16100-1611D 16130-16139 16D40-16D6C 16D70-16D79 18CFF 1CCF0-1CCF9
        1E5D0-1E5ED 1E5F0-1E5FA""",
    (17, 0): """
        88F C5C CDC A7CE-A7CF A7D2 A7D4 A7F1 10940-10959 10EC5-10EC7 11DB0-11DDB 11DE0-11DE9
        16EA0-16EB8 16EBB-16ED3 16FF2-16FF6 187F8-187FF 18D09-18D1E 18D80-18DF2 1E6C0-1E6DE
        1E6E0-1E6E2 1E6E4-1E6E5 1E6E7-1E6ED 1E6F0-1E6F4 1E6FE-1E6FF 2B73A-2B73F 2CEA2-2CEAD
        323B0-33479""",
}


def _points(ranges: str) -> frozenset[int]:
    found: set[int] = set()
    for one in ranges.split():
        first, _, last = one.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


NEW: dict[Version, frozenset[int]] = {version: _points(text) for version, text in _NEW.items()}
"""The code points of letters and digits by the version of Unicode that brought them."""


def newer_than(version: Version) -> frozenset[int]:
    """The letters and digits that came after this version of Unicode, 13.0 or later."""
    return frozenset().union(*(points for came, points in NEW.items() if came > version))
