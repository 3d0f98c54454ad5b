"""When somebody is on duty, can come and is away, for the card of one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.catalog.actions import Action
from services.context import Context
from services.i18n import Text, text, translate
from services.rostering.ground import free_time_from_row
from services.rostering.model import window_of_row
from services.rostering.own_duties import PlacedDuty, read_member_duties
from services.rules.roster.duties import DUTY_STATE_NAMES
from services.rules.roster.free_times import ANSWER_NAMES, ANY_DAY, ANY_DAY_OFF, ANY_WORKDAY, FreeTime
from services.rules.windows import Window
from services.wording import DAY_NAMES, day_name, short_window

_DAYS: Final[Mapping[int, Text]] = {
    **dict(enumerate(DAY_NAMES)),
    ANY_DAY_OFF: text("Days off"),
    ANY_WORKDAY: text("Workdays"),
    ANY_DAY: text("Every day"),
}


@dataclass(frozen=True, slots=True)
class PersonTimes:
    """What rosters hold of a person."""

    duties: tuple[PlacedDuty, ...]
    """In the order of time, those taken out among them."""
    free_times: tuple[FreeTime, ...]
    absences: tuple[Window, ...]

    def by_day(self) -> dict[date, list[PlacedDuty]]:
        """Return the duties by the day on which they begin, in order."""
        days: dict[date, list[PlacedDuty]] = {}
        for each in self.duties:
            days.setdefault(each.duty.window.start.date(), []).append(each)
        return days


def read_person_times(context: Context, member_code: str) -> PersonTimes:
    """Return when a member is on duty, can come and is away; why they are away is nowhere.

    Raises
    ------
    UnknownMemberError
        If nobody of the actor's area has this code.
    """
    duties = read_member_duties(context, member_code)
    with context.look(Action.VIEW_PEOPLE) as tx:
        free = [free_time_from_row(row) for row in tx.rosters.read_free_times([member_code])]
        away = sorted(window_of_row(row) for row in tx.rosters.read_absences([member_code]))
    return PersonTimes(tuple(duties), tuple(free), tuple(away))


def duty_line(each: PlacedDuty) -> str:
    """Return a duty in a line: hours, where, and how far it is agreed."""
    window = each.duty.window
    where = each.post_name or translate("on duty elsewhere")
    state = translate(DUTY_STATE_NAMES[each.duty.state])
    return f"{window.start:%H:%M}–{window.end:%H:%M} {where} · {state}"


def day_line(day: date) -> str:
    """Return a day with its name: ``11-30 周一``."""
    return f"{day:%m-%d} {day_name(day)}"


def free_line(free: FreeTime) -> str:
    """Return when somebody can come, or cannot, week by week."""
    hours = f"{free.start:%H:%M}–{free.end:%H:%M}"
    words = f"{translate(_DAYS[free.weekday])} {hours} {translate(ANSWER_NAMES[free.answer])}"
    return translate("{times}, until {day}", times=words, day=f"{free.until}") if free.until else words


def away_line(absence: Window) -> str:
    """Return when somebody is away."""
    return short_window(absence)
