"""Which backups are kept. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How many backups are kept: the last ones, and the newest of each of the last days, weeks and months with one."""

    last: int = 4
    daily: int = 14
    weekly: int = 8
    monthly: int = 12


def kept_times(times: Iterable[datetime], keep: RetentionPolicy) -> set[datetime]:
    """Return the times of the backups that are kept; the newest always is.

    Examples
    --------
    >>> noon, evening = datetime(2026, 11, 23, 12), datetime(2026, 11, 23, 20)
    >>> kept_times([noon, evening], RetentionPolicy(last=0, daily=3)) == {evening}
    True
    """
    newest_first = sorted(set(times), reverse=True)
    kept = set(newest_first[: max(keep.last, 1)])
    kept |= _newest_of_each(newest_first, lambda at: at.date(), keep.daily)
    kept |= _newest_of_each(newest_first, lambda at: at.isocalendar()[:2], keep.weekly)
    return kept | _newest_of_each(newest_first, lambda at: (at.year, at.month), keep.monthly)


def _newest_of_each(newest_first: list[datetime], part: Callable[[datetime], object], most: int) -> set[datetime]:
    newest: dict[object, datetime] = {}
    for at in newest_first:
        newest.setdefault(part(at), at)
    return set(list(newest.values())[:most])
