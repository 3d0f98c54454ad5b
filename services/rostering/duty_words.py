"""Duties in words: who has one, why somebody would fit, in which hours it is."""

from collections.abc import Mapping
from datetime import datetime

from services.i18n import translate
from services.rostering.candidates import RankedPerson
from services.rostering.groups import DutyGroup
from services.rules.roster.duties import Duty
from services.rules.roster.free_times import ANSWER_NAMES
from services.rules.windows import HOUR, Window


def duty_text(duty: Duty, names: Mapping[str, str], groups: Mapping[DutyGroup, str]) -> str:
    """Return who has a duty.

    Parameters
    ----------
    names
        Of members, masked, by code; a member without one is one person.
    groups
        Names of teams and units; one that is gone stands with its code.
    """
    if name := names.get(duty.member_code):
        return name
    people = translate("{n} people", n=duty.heads)
    if duty.group is None:
        return people
    return translate("{group}, {people}", group=groups.get(duty.group, duty.group[1]), people=people)


def hour_words(window: Window) -> str:
    """Return the hours of a shift: ``20–22``, with minutes where there are any."""
    form = "%H" if window.start.minute == window.end.minute == 0 else "%H:%M"
    end = window.end.strftime(form)
    return f"{window.start.strftime(form)}–{'24' if end == '00' else end}"


def fit_words(person: RankedPerson, start: datetime) -> str:
    """Return why somebody stands where they do in the list: what they say, load, rest, way, belonging."""
    candidate = person.candidate
    words = [translate(ANSWER_NAMES[candidate.answer]), translate("{n} duties so far", n=candidate.count)]
    if candidate.last_until is not None:
        hours = (start - candidate.last_until) / HOUR
        words.append(
            translate("last one {n} h ago", n=round(hours))
            if hours < 48
            else translate("last one {n} days ago", n=round(hours / 24))
        )
    if candidate.minutes is not None:
        words.append(translate("{n} min on foot", n=round(candidate.minutes)))
    if candidate.distance < 2:
        words.append(translate("own grid") if candidate.distance == 0 else translate("own community"))
    return " · ".join(words)
