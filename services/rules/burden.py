"""What the program does in which mode: one table, asked by use cases, so that pages, commands and files obey alike.

A feature that is not allowed in routine times may be had for stretches that were declared, and for 30 days after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text
from services.rules.windows import DAY, Mode, Window

AFTER: Final = 30 * DAY
"""So long after a declared stretch what it allows may still be looked at (assumed)."""


class Feature(StrEnum):
    """What can burden people, or set them against each other."""

    KEEP_HOURS = "keep_hours"
    OWN_RECORD = "own_record"
    LIST_POINTS = "list_points"
    LIST_SHORT = "list_short"
    COMPARE = "compare"
    FREQUENT_SHEET = "frequent_sheet"
    UNFOUNDED_SHEET = "unfounded_sheet"
    VOICE = "voice"
    REMIND = "remind"
    REMIND_OFTEN = "remind_often"
    MANY_WHISTLES = "many_whistles"
    TRACK = "track"
    AUTOMATIC_GRADE = "automatic_grade"


class Leave(Enum):
    """Whether a feature may be had."""

    YES = auto()
    NO = auto()
    IN_SPAN = auto()
    """Only what lies inside the stretch that was declared."""
    NEVER = auto()
    """The program does not have it."""


@dataclass(frozen=True, slots=True)
class FeatureRule:
    """Whether a feature may be had in routine times, while emergency or lockdown hold, and for 30 days after."""

    routine: Leave
    declared_mode: Leave
    after: Leave
    reason: Text


_YES, _NO, _SPAN, _NEVER = Leave.YES, Leave.NO, Leave.IN_SPAN, Leave.NEVER
RULES: Final[Mapping[Feature, FeatureRule]] = {
    Feature.KEEP_HOURS: FeatureRule(_YES, _YES, _YES, text("Hours of service are always recorded (Order 67).")),
    Feature.OWN_RECORD: FeatureRule(_YES, _YES, _YES, text("A person's own record is no ranking.")),
    Feature.LIST_POINTS: FeatureRule(
        _NO, _SPAN, _SPAN, text("No lists of people by hours or points, and no ranks, in routine times.")
    ),
    Feature.LIST_SHORT: FeatureRule(_NO, _YES, _YES, text("No lists of who did too little in routine times.")),
    Feature.COMPARE: FeatureRule(_NO, _SPAN, _SPAN, text("Places and units are not compared in routine times.")),
    Feature.FREQUENT_SHEET: FeatureRule(
        _NO, _YES, _NO, text("Sheets more often than weekly are for a declared emergency or lockdown only.")
    ),
    Feature.UNFOUNDED_SHEET: FeatureRule(
        _NO, _NO, _NO, text("A sheet says who issues it, on what basis, and until when; a year at most.")
    ),
    Feature.VOICE: FeatureRule(
        _NO, _YES, _NO, text("Reports of opinion leaders are for a declared emergency or lockdown only.")
    ),
    Feature.REMIND: FeatureRule(_YES, _YES, _YES, text("A matter may be reminded of once in 24 hours.")),
    Feature.REMIND_OFTEN: FeatureRule(_NO, _NO, _NO, text("Nobody is reminded more than once in 24 hours.")),
    Feature.MANY_WHISTLES: FeatureRule(
        _NO,
        _YES,
        _NO,
        text("In routine times a community has a few whistles under way at once, so that each of them is heard."),
    ),
    Feature.TRACK: FeatureRule(
        _NEVER, _NEVER, _NEVER, text("Checking in, tracks, photographs and time online are not in the program.")
    ),
    Feature.AUTOMATIC_GRADE: FeatureRule(
        _NEVER, _NEVER, _NEVER, text("Hours are never the basis of a grade; the community's word is.")
    ),
}
"""The complete matrix."""


class BurdenError(ServiceError, PermissionError):
    """Something that would burden people more than the rules allow now; the sentence names the rule."""

    def __init__(self, feature: Feature) -> None:
        super().__init__(RULES[feature].reason)
        self.feature = feature


@dataclass(frozen=True, slots=True)
class DeclaredTime:
    """A time in which a declaration held."""

    mode: Mode
    since: datetime
    until: datetime


def declared_spans(stretches: Iterable[DeclaredTime]) -> list[Window]:
    """Return the times in which no routine was declared, in order; those back to back are one.

    A declaration ends where the next begins.
    """
    ordered = sorted(stretches, key=lambda each: each.since)
    spans: list[Window] = []
    for position, each in enumerate(ordered):
        stop = min([each.until, *(follower.since for follower in ordered[position + 1 : position + 2])])
        if each.mode is Mode.ROUTINE or stop <= each.since:
            continue
        if spans and spans[-1].end >= each.since:
            spans[-1] = Window(spans[-1].start, stop)
        else:
            spans.append(Window(each.since, stop))
    return spans


def allowed_spans(stretches: Iterable[DeclaredTime], span: Window, now: datetime) -> list[Window]:
    """Return the parts of a time that lie in declared ones which hold, or ended less than 30 days ago."""
    recent = [each for each in declared_spans(stretches) if each.start <= now < each.end + AFTER]
    cut = [(max(each.start, span.start), min(each.end, span.end)) for each in recent]
    return [Window(start, end) for start, end in cut if start < end]


def leave_for(feature: Feature, stretches: Sequence[DeclaredTime], now: datetime) -> Leave:
    """Return whether a feature may be had now."""
    rule, spans = RULES[feature], declared_spans(stretches)
    if any(each.start <= now < each.end for each in spans):
        return rule.declared_mode
    return rule.after if any(each.end <= now < each.end + AFTER for each in spans) else rule.routine


def require(feature: Feature, stretches: Sequence[DeclaredTime], now: datetime, span: Window | None = None) -> None:
    """Do nothing if a feature may be had now; of what is limited to declared times only inside of one.

    Raises
    ------
    BurdenError
        If not.
    """
    leave = leave_for(feature, stretches, now)
    inside = span is not None and any(
        each.start <= span.start and span.end <= each.end for each in allowed_spans(stretches, span, now)
    )
    if leave not in {Leave.YES, Leave.IN_SPAN} or (leave is Leave.IN_SPAN and not inside):
        raise BurdenError(feature)
