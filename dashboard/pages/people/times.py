"""When somebody is on duty, can come and is away: day by day, those to come first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import show_facts, show_note
from services import rostering
from services.i18n import _
from services.rostering import PlacedDuty
from services.rostering.person_times import away_line, day_line, duty_line, free_line

_MOST_DAYS: Final = 31


def show_times(code: str) -> None:
    """Show the duties of a person by day, and when they can come and are away."""
    with show_refusal():
        times = rostering.read_person_times(cache.context(), code)
        days, today = times.by_day(), cache.context().clock().date()
        ahead = {day: duties for day, duties in days.items() if day >= today}
        past = {day: days[day] for day in sorted(days, reverse=True) if day < today}
        _show_days(_("To come"), ahead)
        _show_days(_("Past"), past)
        _show_lines(_("Can come"), [free_line(each) for each in times.free_times])
        _show_lines(_("Away"), [away_line(each) for each in times.absences])
        if not (days or times.free_times or times.absences):
            show_note(_("No roster names this person, and nothing is said of the time they have."))


def _show_days(title: str, days: Mapping[date, Sequence[PlacedDuty]]) -> None:
    if days:
        show_note(title)
        first = list(days.items())[:_MOST_DAYS]
        show_facts((day_line(day), "；".join(map(duty_line, duties))) for day, duties in first)


def _show_lines(title: str, lines: Sequence[str]) -> None:
    if lines:
        show_facts([(title, "；".join(lines))])
