"""Names that are one slip of the hand apart: `slip`, and looking for one among many."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 60
"""Longer names are not compared."""
_LOOKS, _COMPARISONS = 100_000, 10_000
"""Pairs of names that one `Slips` looks at, and that it compares letter by letter; past them, no
finding is better than a long wait."""
_LAST_LETTER = "\u0530"
"""From here on scripts begin of which a single letter says more than in ours."""
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = frozenset(("s", "es", "d", "ed", "ing"))
_SHORT, _MIDDLE, _LONG = 4, 6, 9
"""Letters of a word from which one missing, one other, and two of either are a slip."""


def slip(one: str, other: str) -> bool:
    """Whether two folded names are most likely meant to be the same one.

    They differ in what stands between their words (`job_title`, `job title`), or in one word of
    at least four letters: by a letter or two, more in longer words, by two letters in the wrong
    order, or by its ending (`open`, `opened`). Its first letter is the same, so that `subscribed`
    is not taken for `unsubscribed`; digits are, too.
    """
    if one == other or max(len(one), len(other)) > _LONGEST:
        return False
    ours, theirs = _WORD.findall(one), _WORD.findall(other)
    if "".join(ours) == "".join(theirs):
        return len("".join(ours)) >= _SHORT and any(map(str.isalpha, ours))
    if len(ours) != len(theirs):
        return False
    apart = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(apart) == 1 and _same_word(*apart[0])


def by_ending(one: str, other: str) -> bool:
    """Whether two names differ only in the ending of the last word (`form`, `forms`)."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS


def _same_word(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _SHORT or not (one + other).isalpha() or max(one + other) >= _LAST_LETTER:
        return False
    if shorter[0] != longer[0]:
        return False
    if sorted(one) == sorted(other):
        return _swapped(one, other)
    if by_ending(one, other):
        return True
    steps = _distance(shorter, longer)
    if steps == 1:
        return len(shorter) < len(longer) or len(shorter) >= _MIDDLE
    return steps == 2 and len(shorter) >= _LONG


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbouring letters have changed places."""
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(apart) == 2 and apart[1] == apart[0] + 1


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or changed; 3 stands for more than 2."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for at, theirs in enumerate(other, 1):
            kept = before + (letter != theirs)
            before = row[at]
            row[at] = min(kept, row[at] + 1, row[at - 1] + 1)
    return min(row[-1], 3)


class Slips:
    """Looks for names that are one slip away, among many; a bounded number of comparisons."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        self._alike: dict[tuple[str, str], list[tuple[str, int]]] = {}
        """By what a slip leaves as it is: names, each with the letters that it has."""
        self._looks, self._comparisons = _LOOKS, _COMPARISONS
        for name in dict.fromkeys(names):
            self._by_letter.setdefault(_first(name), []).append(name)

    def to(self, name: str) -> str | None:
        """The first name that is one slip from `name`; None where there is none."""
        letters = _letters(name)
        for one in self._by_letter.pop(_first(name), ()):  # looked at more closely only once
            self._alike.setdefault(_kept(one), []).append((one, _letters(one)))
        for other, theirs in self._alike.get(_kept(name), ()):
            if self._looks <= 0 or self._comparisons <= 0:
                return None
            self._looks -= 1
            # A slip changes few letters: this look is ten times as fast as the comparison.
            if (letters ^ theirs).bit_count() <= _CHANGED:
                self._comparisons -= 1
                if slip(name, other):
                    return other
        return None


_CHANGED = 4
"""Letters that only one of two names has, where they are one slip apart, at most."""
_SIGNS = re.compile(r"[\W_]+")
_NO_DIGITS = re.compile(r"\D+")


def _first(name: str) -> str:
    """The first letter or digit."""
    return name[0] if name[:1].isalpha() else _SIGNS.sub("", name)[:1]


def _kept(name: str) -> tuple[str, str]:
    """The first letter, and the digits."""
    return _first(name), _NO_DIGITS.sub("", name)


def _letters(name: str) -> int:
    """The letters of a name as bits; several letters share one."""
    bits = 0
    for letter in set(_SIGNS.sub("", name)):
        bits |= 1 << (ord(letter) & 63)
    return bits
