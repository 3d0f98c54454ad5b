"""Briefings: what the commander shows to others, from one frozen value."""

from services.briefing.errors import BriefingError
from services.briefing.history import BriefingHead
from services.briefing.inputs import count_unlocated
from services.briefing.make import LONGEST_COMMENT, make_briefing, source_line
from services.briefing.model import Briefing, SectionName
from services.briefing.plans import read_shown_plan
from services.briefing.replay import Replay, ReplayHour, replay
from services.briefing.request import EVERY_SECTION, BriefingRequest, CachedInputs, SectionChoice
from services.briefing.snapshots import freeze, list_briefings, read_briefing
from services.briefing.templates import BriefingTemplate, delete_template, find_template, list_templates, save_template

__all__ = [
    "EVERY_SECTION",
    "LONGEST_COMMENT",
    "Briefing",
    "BriefingError",
    "BriefingHead",
    "BriefingRequest",
    "BriefingTemplate",
    "CachedInputs",
    "Replay",
    "ReplayHour",
    "SectionChoice",
    "SectionName",
    "count_unlocated",
    "delete_template",
    "find_template",
    "freeze",
    "list_briefings",
    "list_templates",
    "make_briefing",
    "read_briefing",
    "read_shown_plan",
    "replay",
    "save_template",
    "source_line",
]
