"""How a briefing says counts, names, days and windows in the current language."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import isnan
from typing import Final

from services.briefing.model import SectionName
from services.i18n import Text, current_language, text, translate, use_language
from services.rules.rounding import percent_met
from services.rules.small_counts import is_small
from services.rules.windows import Window
from services.wording import people_text, spoken_day, spoken_hour

LONGEST_NAME: Final = 16
"""Characters of a name in a sentence; tables allow more."""
LONGEST_CELL: Final = 22
_EVENING: Final = 18
SECTION_NAMES: Final = {
    SectionName.SITUATION: text("Situation"),
    SectionName.WEAKEST: text("Weakest mixed estates"),
    SectionName.PLAN: text("Plan"),
    SectionName.HOURS: text("Next 72 hours"),
    SectionName.ROSTER: text("Rosters"),
    SectionName.COMMUNITIES: text("By community"),
    SectionName.DATA: text("About the data"),
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


def total_people(parts: Sequence[int], *, are_all_listed: bool) -> str:
    """Return the sum of numbers of people; where they stand beside it, it must not give away a hidden one.

    Examples
    --------
    >>> total_people([12, 2], are_all_listed=True), total_people([12, 2], are_all_listed=False)
    ('≥13', '14')
    """
    if len(parts) > 1 and are_all_listed and is_small(parts).any():
        return f"≥{sum(1 if is_small(part) else part for part in parts):,}"
    return people_text(sum(parts))


def share_text(share: float | None) -> str:
    """Return a share of the need that is met, or a dash where nobody is needed."""
    return "—" if share is None or isnan(share) else translate("{percent}%", percent=percent_met(share))


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
        return translate("{hour} on {day}", hour=spoken_hour(moment), day=spoken_day(moment))
    return translate(said, hour=spoken_hour(moment))
