"""Who has a duty, in words: a member by name, some people of a team or unit, or so many of whom nothing is known."""

from collections.abc import Mapping

from services.i18n import translate
from services.rostering.groups import DutyGroup
from services.rules.roster.duties import Duty


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
