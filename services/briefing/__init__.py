"""Briefings: what the commander shows to others, from one frozen value."""

from services.briefing.errors import BriefingError
from services.briefing.make import LONGEST_COMMENT, make_briefing
from services.briefing.model import Briefing, SectionName
from services.briefing.request import EVERY_SECTION, BriefingRequest, Choice, Shared

__all__ = [
    "EVERY_SECTION",
    "LONGEST_COMMENT",
    "Briefing",
    "BriefingError",
    "BriefingRequest",
    "Choice",
    "SectionName",
    "Shared",
    "make_briefing",
]
