"""What was made once and is kept for the next call, up to a bound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Cache(Generic[Made]):
    """Things by the content that they were made of; what was not used for longest goes first.

    Hosts call from several threads. Two of them may make the same thing at once, and one is kept.
    """

    def __init__(self, entries: int, characters: int) -> None:
        """`characters` bounds the texts of all entries together; there is always room for one."""
        self._entries = entries
        self._characters = characters
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, content: str, make: Callable[[str], Made]) -> Made:
        """The thing made of `content`, now or earlier. What `make` raises passes through."""
        with self._lock:
            if content in self._kept:
                self._kept.move_to_end(content)
                return self._kept[content]
        made = make(content)
        with self._lock:
            if content not in self._kept:
                self._kept[content] = made
                self._size += len(content)
            while len(self._kept) > 1 and (
                len(self._kept) > self._entries or self._size > self._characters
            ):
                gone, _ = self._kept.popitem(last=False)
                self._size -= len(gone)
        return made

    def __len__(self) -> int:
        return len(self._kept)
