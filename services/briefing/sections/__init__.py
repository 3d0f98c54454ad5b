"""The sections of a briefing, each made from the same inputs in the current language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.briefing.inputs import BriefingInputs
from services.briefing.model import Section, SectionName
from services.briefing.sections.communities import tell_communities
from services.briefing.sections.data import tell_data
from services.briefing.sections.hours import tell_hours
from services.briefing.sections.plan import tell_plan
from services.briefing.sections.roster import tell_roster
from services.briefing.sections.situation import tell_situation
from services.briefing.sections.weakest import tell_weakest

TELLERS: Final[Mapping[SectionName, Callable[[BriefingInputs], Section]]] = MappingProxyType(
    {
        SectionName.SITUATION: tell_situation,
        SectionName.WEAKEST: tell_weakest,
        SectionName.PLAN: tell_plan,
        SectionName.HOURS: tell_hours,
        SectionName.ROSTER: tell_roster,
        SectionName.COMMUNITIES: tell_communities,
        SectionName.DATA: tell_data,
    }
)
"""How each section is made."""

__all__ = ["TELLERS"]
