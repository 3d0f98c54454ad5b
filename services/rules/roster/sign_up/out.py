"""Shifts as texts to paste into a chat: those that are open, and a roster by day (ROSTER §7.5)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from services.i18n import Text, text, translate
from services.rules.people import mask_name
from services.rules.roster.sign_up.clock import OpenShift, write_hours
from services.rules.roster.sign_up.lines import fold

_HEADER: Final = "#接龙"
_CODE: Final = re.compile(r"(?<![A-Za-z\d])([A-Z]\d{1,2}) ([^|]{1,60}? \d\d(?::\d\d)?–\d\d(?::\d\d)?)")
_DATE: Final = re.compile(r"(\d{1,2})月(\d{1,2})日")
_MOST_IN_A_LINE: Final = 6
_PRESSURE: Final = ("必须", "务必", "不接龙", "限时", "通报")
_WEEKDAYS: Final = (text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"))


@dataclass(frozen=True, slots=True)
class ShiftPeople:
    """A shift with the names of who stands there and of who is in reserve."""

    shift: OpenShift
    names: tuple[str, ...] = ()
    reserve: tuple[str, ...] = ()
    heads: int | None = None
    """How many people they are, where a name stands for several people; None for one each."""

    @property
    def vacancies(self) -> int:
        """Seats nobody has taken."""
        return max(self.shift.seats - (len(self.names) if self.heads is None else self.heads), 0)


def write_open_shifts(shifts: Iterable[OpenShift], area: str) -> str:
    """Return the shifts with vacancies as a chain to go on with, in the language in use."""
    vacant = sorted((shift for shift in shifts if shift.vacancies), key=_order)
    days = {day: _write_lines(list(of_day)) for day, of_day in groupby(vacant, key=_write_day)}
    title = translate(
        "{area} {days} on duty; sign up if you like, it is all right not to", area=_one_line(area), days="、".join(days)
    )
    lines = [line if len(days) == 1 else f"{day} {line}" for day, of_day in days.items() for line in of_day]
    codes = " ".join(shift.code for shift in vacant[:2])
    hint = translate("How to write: name, blank, code of the shift, like: 1. Zhang San {codes}", codes=codes)
    return "\n".join((_HEADER, title, *lines, hint, "1. "))


def write_roster(roster: Iterable[ShiftPeople], area: str, *, write_name: Callable[[str], str] = mask_name) -> str:
    """Return a roster by day, in the language in use.

    Parameters
    ----------
    write_name
        Masks names; ``str`` writes them in clear, for who may see that.
    """
    lines = [translate("{area}: who is on duty", area=_one_line(area))]
    shifts = sorted(roster, key=lambda each: _order(each.shift))
    for day, of_day in groupby(shifts, key=lambda each: _write_day(each.shift)):
        lines += [day, *(line for each in of_day for line in _write_people(each, write_name))]
    return "\n".join(lines)


def find_outdated_codes(title: str, shifts: Iterable[OpenShift]) -> frozenset[str]:
    """Return the codes that a chain's folded title gives to other shifts than those that have them by now.

    As after shifts were generated anew, or where the chain was made of another roster.
    """
    days = {(int(month), int(day)) for month, day in _DATE.findall(title)}
    written = dict(_CODE.findall(title))
    return frozenset(
        shift.code
        for shift in shifts
        if shift.code in written
        and (
            fold(_write_shift(shift)) != f"{shift.code} {written[shift.code]}"
            or (days and (shift.window.start.month, shift.window.start.day) not in days)
        )
    )


def find_pressure(words: str) -> Text | None:
    """Return a hint where a text presses people to sign up (ROSTER §8, rule 1), else null.

    Examples
    --------
    >>> str(find_pressure("务必接龙，不接龙者通报"))
    'Signing up is voluntary. Better without: 务必、不接龙、通报'
    """
    pressure = "、".join(word for word in _PRESSURE if word in words)
    return text("Signing up is voluntary. Better without: {words}", words=pressure) if pressure else None


def _write_lines(shifts: list[OpenShift]) -> list[str]:
    """Return the open shifts of a day: in one line, or where they are many in a line for each beginning."""
    if len(shifts) <= _MOST_IN_A_LINE:
        return ["｜".join(map(_write_open, shifts))]
    by_start = groupby(shifts, key=lambda each: each.window.start)
    return ["｜".join(map(_write_open, together)) for _start, together in by_start]


def _write_open(shift: OpenShift) -> str:
    line = translate("{shift} open {vacancies}", shift=_write_shift(shift), vacancies=shift.vacancies)
    return translate("{line} ({reserve} in reserve)", line=line, reserve=shift.reserve) if shift.reserve else line


def _write_people(people: ShiftPeople, write_name: Callable[[str], str]) -> list[str]:
    shift, vacancies = _write_shift(people.shift), people.vacancies
    head = translate("{shift} (open {vacancies})", shift=shift, vacancies=vacancies) if vacancies else shift
    heads = {head: people.names, translate("{shift} reserve", shift=shift): people.reserve}
    return [f"{name}：{'、'.join(map(write_name, names))}" for name, names in heads.items() if names or name == head]


def _write_shift(shift: OpenShift) -> str:
    return f"{shift.code} {_one_line(shift.post)} {write_hours(shift)}"


def _write_day(shift: OpenShift) -> str:
    day = shift.window.start
    weekday = _WEEKDAYS[day.weekday()]
    return translate("{month}/{day} ({weekday})", month=day.month, day=day.day, weekday=weekday)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _order(shift: OpenShift) -> tuple[datetime, str, int, str]:
    return shift.window.start, shift.code[:1], len(shift.code), shift.code
