"""The clock of the machine, as a time zone: what a sheet's times without an offset are in."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1)


class MachineZone(tzinfo):
    """The zone that the machine is set to, with its summer time.

    It asks the system for every instant, for it has no name that works everywhere. Where the
    system knows no answer (Windows before 1970), its standard time holds.
    """

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """How far local time is ahead of UTC at a local time."""
        if moment is None:
            return _standard()
        local = moment.replace(tzinfo=None)
        try:
            seconds = local.timestamp()
        except (OSError, OverflowError, ValueError):
            return _standard()
        # Whole seconds: a fraction is in both, and their difference would not be exact.
        return timedelta(seconds=round((local - _EPOCH).total_seconds() - seconds))

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Unknown, as the system does not tell."""
        return None

    def tzname(self, moment: datetime | None) -> str:
        """A name for messages."""
        return "the machine's time zone"

    def fromutc(self, moment: datetime) -> datetime:
        """The local time of an instant."""
        plain = moment.replace(tzinfo=UTC)
        try:
            local = plain.astimezone().replace(tzinfo=None)
        except (OSError, OverflowError, ValueError):
            local = plain.replace(tzinfo=None) + _standard()
        return local.replace(tzinfo=self)


def _standard() -> timedelta:
    return timedelta(seconds=-time.timezone)


MACHINE = MachineZone()
