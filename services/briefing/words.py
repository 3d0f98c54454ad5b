"""How a briefing says counts, names, days and windows in the current language."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_date

from services.i18n import Text, current_language, text, translate, use_language
from services.rules.small_counts import FEWEST_TOLD, is_small
from services.rules.windows import Mode, Window

LONGEST_NAME: Final = 16
"""Characters of a name in a sentence; tables allow more."""
LONGEST_CELL: Final = 22
_EVENING: Final = 18

MARK: Final = text("Internal, do not pass on")
MODE_NAMES: Final = {
    Mode.ROUTINE: text("Routine"),
    Mode.EMERGENCY: text("Emergency"),
    Mode.LOCKDOWN: text("Lockdown"),
}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while."""
    before = current_language()
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def is_hidden(count: int) -> bool:
    """Return whether a number of people is too small to be told."""
    return bool(is_small(count))


def people(count: int) -> str:
    """Return a number of people as it may be told.

    Examples
    --------
    >>> [people(n) for n in (0, 1, 2, 3, 1432)]
    ['0', '<3', '<3', '3', '1,432']
    """
    return f"<{FEWEST_TOLD}" if is_hidden(count) else f"{count:,}"


def total_people(parts: Sequence[int], *, are_all_listed: bool) -> str:
    """Return the sum of numbers of people; where they stand beside it, it must not give away a hidden one.

    Examples
    --------
    >>> total_people([12, 2], are_all_listed=True), total_people([12, 2], are_all_listed=False)
    ('≥13', '14')
    """
    if len(parts) > 1 and are_all_listed and any(map(is_hidden, parts)):
        return f"≥{sum(1 if is_hidden(part) else part for part in parts):,}"
    return people(sum(parts))


def count_noun(count: int, one: Text, many: Text) -> str:
    """Return a count with its noun, singular or plural."""
    return translate(one if count == 1 else many, count=f"{count:,}")


def grids_text(count: int) -> str:
    """Return so many grids."""
    return count_noun(count, text("1 grid"), text("{count} grids"))


def teams_text(count: int) -> str:
    """Return so many teams."""
    return count_noun(count, text("1 team"), text("{count} teams"))


def estates_text(count: int) -> str:
    """Return so many mixed estates."""
    return count_noun(count, text("1 mixed estate"), text("{count} mixed estates"))


def shorten(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name of at most that many characters, without line breaks; its end stays, which tells neighbours apart.

    Examples
    --------
    >>> shorten("东部新城综合配套改革示范区第一社区", 12)
    '东部新城综合配…第一社区'
    """
    plain, tail = " ".join(name.split()), most // 3
    return plain if len(plain) <= most else f"{plain[: most - 1 - tail]}…{plain[len(plain) - tail :]}"


def join_names(names: Sequence[str]) -> str:
    """Return names as one list: ``雅瑶、合和``; ``A, B and C`` in English."""
    said = names[0]
    for name in names[1:-1]:
        said = translate("{list}, {name}", list=said, name=name)
    return said if len(names) == 1 else translate("{list} and {name}", list=said, name=names[-1])


def day_text(moment: datetime) -> str:
    """Return a day: ``11 月 27 日（周五）``, ``Nov 27 (Fri)``."""
    return format_date(moment, translate("MMM d (EEE)"), locale=current_language())


def hour_text(moment: datetime) -> str:
    """Return a time of day: ``20 时``, ``20 时 30 分``."""
    if moment.minute:
        return translate("{hour}:{minute}", hour=moment.hour, minute=f"{moment:%M}")
    return translate("{hour}:00", hour=moment.hour)


def time_text(moment: datetime) -> str:
    """Return day and time to the minute, for footers and tables."""
    return f"{moment:%Y-%m-%d %H:%M}"


def window_text(window: Window) -> str:
    """Return a window: ``11 月 27 日（周五）20:00–24:00``; midnight at its end is 24:00 of the day before."""
    last, end = window.end, f"{window.end:%H:%M}"
    if end == "00:00":
        last, end = window.end - timedelta(days=1), "24:00"
    start = translate("{day} {time}", day=day_text(window.start), time=f"{window.start:%H:%M}")
    if last.date() == window.start.date():
        return f"{start}–{end}"
    return f"{start} – {translate('{day} {time}', day=day_text(last), time=end)}"


def since_text(window: Window, now: datetime) -> str:
    """Return from when a sentence speaks: ``目前``, ``今晚 20 时起``, ``11 月 27 日（周五）20 时起``."""
    return translate("Right now") if window.start <= now < window.end else from_text(window.start, now)


def from_text(start: datetime, now: datetime) -> str:
    """Return the beginning of something: ``今晚 20 时起``."""
    return translate("From {when}", when=moment_text(start, now))


def moment_text(moment: datetime, now: datetime) -> str:
    """Return an hour as one says it now: ``今晚 20 时``, ``明天 8 时``, ``11 月 27 日（周五）20 时``."""
    days, is_evening = (moment.date() - now.date()).days, moment.hour >= _EVENING
    said = {
        (0, False): text("{hour} today"),
        (0, True): text("{hour} tonight"),
        (1, False): text("{hour} tomorrow"),
        (1, True): text("{hour} tomorrow night"),
    }.get((days, is_evening))
    if said is None:
        return translate("{hour} on {day}", hour=hour_text(moment), day=day_text(moment))
    return translate(said, hour=hour_text(moment))
